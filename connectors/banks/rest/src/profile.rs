//! How the interfaces of banks differ: where pages are, how they end, what fields are called. Every path is
//! a JSON pointer; of several the first that holds something counts.

pub struct Profile {
    pub code: &'static str,
    /// Below the channel's address: operations, and balances where they are asked for apart.
    pub operations: &'static str,
    pub summary: Option<&'static str>,
    pub paging: Paging,
    pub dates: Dates,
    /// Names of the parameters for the account and the days.
    pub account: &'static str,
    pub first_day: &'static str,
    pub last_day: Option<&'static str>,
    pub fields: Fields,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    Iso,
    /// `31.12.2026`
    Dotted,
}

/// How an answer says that there is more. A page that is merely short proves nothing: banks cap the size
/// that they are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Numbered from `first`, until a page without operations. The size is always asked for by number:
    /// `0` does not mean all.
    Numbered { page: &'static str, size: &'static str, first: u32 },
    /// Numbered, until no link says `rel: next`.
    Links { page: &'static str },
    /// By place in the list, until a page without operations.
    Offset { offset: &'static str, limit: &'static str },
}

pub const PAGE_SIZE: usize = 100;

pub struct Fields {
    /// The list of operations in an answer.
    pub list: &'static [&'static str],
    pub errors: &'static [&'static str],
    pub links: &'static [&'static str],
    pub id: &'static [&'static str],
    pub number: &'static [&'static str],
    pub date: &'static [&'static str],
    pub booked: &'static [&'static str],
    pub amount: &'static [&'static str],
    pub currency: &'static [&'static str],
    pub flag: &'static [&'static str],
    pub purpose: &'static [&'static str],
    pub status: &'static [&'static str],
    pub payer: PartyFields,
    pub payee: PartyFields,
    pub kinds: &'static [&'static str],
    /// Of the summary, or of every page.
    pub opening: &'static [&'static str],
    pub closing: &'static [&'static str],
    pub incoming: &'static [&'static str],
    pub outgoing: &'static [&'static str],
    pub incoming_count: &'static [&'static str],
    pub outgoing_count: &'static [&'static str],
}

pub struct PartyFields {
    pub name: &'static [&'static str],
    pub inn: &'static [&'static str],
    pub account: &'static [&'static str],
    pub bic: &'static [&'static str],
    pub bank: &'static [&'static str],
}

pub static ALL: [&Profile; 3] = [&SBER, &ALFA, &ALFA_BY];

/// One day per question, pages by link, balances apart.
pub static SBER: Profile = Profile {
    code: "sber",
    operations: "/fintech/api/v2/statement/transactions",
    summary: Some("/fintech/api/v2/statement/summary"),
    paging: Paging::Links { page: "page" },
    dates: Dates::Iso,
    account: "accountNumber",
    first_day: "statementDate",
    last_day: None,
    fields: RUR_TRANSFER,
};

/// As Sber's in its fields, pages by limit and offset.
pub static ALFA: Profile = Profile {
    code: "alfa",
    operations: "/api/statement/transactions",
    summary: Some("/api/statement/summary"),
    paging: Paging::Offset { offset: "offset", limit: "limit" },
    dates: Dates::Iso,
    account: "accountNumber",
    first_day: "statementDate",
    last_day: None,
    fields: RUR_TRANSFER,
};

/// An interval per question, numbered pages; what is wrong stands beside an empty page, with status 200.
pub static ALFA_BY: Profile = Profile {
    code: "alfa_by",
    operations: "/partner/1.2.0/accounts/statement",
    summary: None,
    paging: Paging::Numbered { page: "pageNo", size: "pageRowCount", first: 1 },
    dates: Dates::Dotted,
    account: "number",
    first_day: "dateFrom",
    last_day: Some("dateTo"),
    fields: Fields {
        list: &["/page"],
        errors: &["/errors"],
        links: &[],
        id: &["/docId", "/id", "/operId"],
        number: &["/docNum", "/number"],
        date: &["/docDate", "/operDate"],
        booked: &["/acceptDate", "/operDate"],
        amount: &["/amount", "/amountEq"],
        currency: &["/currCodeIso", "/currIso", "/currCode"],
        flag: &["/operType"],
        purpose: &["/purpose"],
        status: &["/status"],
        payer: PartyFields {
            name: &["/payerName"],
            inn: &["/payerUnp"],
            account: &["/payerAccount"],
            bic: &["/payerBic"],
            bank: &["/payerBank"],
        },
        payee: PartyFields {
            name: &["/payeeName"],
            inn: &["/payeeUnp"],
            account: &["/payeeAccount"],
            bic: &["/payeeBic"],
            bank: &["/payeeBank"],
        },
        kinds: &["/operCode", "/operCodeName"],
        opening: &["/statistics/0/balanceIn", "/statistics/0/restIn"],
        closing: &["/statistics/0/balanceOut", "/statistics/0/restOut"],
        incoming: &["/statistics/0/turnoverCredit", "/statistics/0/credit"],
        outgoing: &["/statistics/0/turnoverDebit", "/statistics/0/debit"],
        incoming_count: &["/statistics/0/countCredit"],
        outgoing_count: &["/statistics/0/countDebit"],
    },
};

const RUR_TRANSFER: Fields = Fields {
    list: &["/transactions"],
    errors: &["/errors", "/error", "/cause"],
    links: &["/_links", "/links"],
    id: &["/uuid", "/operationId", "/transactionId"],
    number: &["/number"],
    date: &["/documentDate"],
    booked: &["/operationDate"],
    amount: &["/amount/amount", "/amountRub/amount", "/amount"],
    currency: &["/amount/currencyName", "/amountRub/currencyName", "/currency"],
    flag: &["/direction"],
    purpose: &["/paymentPurpose"],
    status: &["/status"],
    payer: PartyFields {
        name: &["/rurTransfer/payerName", "/curTransfer/orderingCustomerName"],
        inn: &["/rurTransfer/payerInn"],
        account: &["/rurTransfer/payerAccount", "/curTransfer/orderingCustomerAccount"],
        bic: &["/rurTransfer/payerBankBic"],
        bank: &["/rurTransfer/payerBankName"],
    },
    payee: PartyFields {
        name: &["/rurTransfer/payeeName", "/curTransfer/beneficiaryCustomerName"],
        inn: &["/rurTransfer/payeeInn"],
        account: &["/rurTransfer/payeeAccount", "/curTransfer/beneficiaryCustomerAccount"],
        bic: &["/rurTransfer/payeeBankBic"],
        bank: &["/rurTransfer/payeeBankName"],
    },
    kinds: &["/operationCode", "/rurTransfer/deliveryKind"],
    opening: &["/openingBalance/amount", "/openingBalance"],
    closing: &["/closingBalance/amount", "/closingBalance"],
    incoming: &["/creditTurnover/amount", "/creditTurnover"],
    outgoing: &["/debitTurnover/amount", "/debitTurnover"],
    incoming_count: &["/creditTransactionsNumber"],
    outgoing_count: &["/debitTransactionsNumber"],
};
