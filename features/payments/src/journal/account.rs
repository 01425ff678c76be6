use takt_customers::CustomerId;
use takt_kernel::{Fault, Result, money::VatRate};

use crate::accounts::BankAccountId;

/// Where money stands. Written as text: `bank:17`, `receivable:4`, `vat_payable:22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Bank(BankAccountId),
    /// Came, belongs to nothing yet.
    Unmatched,
    Receivable(Option<CustomerId>),
    /// A customer's money that waits for orders.
    CustomerCredit(Option<CustomerId>),
    /// What a customer gets back.
    RefundPayable(Option<CustomerId>),
    /// What a carrier took in for us and owes us.
    CashOnDelivery,
    DeferredRevenue,
    Revenue,
    /// VAT, each rate for itself: rates are data, and a new one is a new account.
    VatPayable(VatRate),
}

impl Account {
    /// Holds money of others: it is never spent beyond what is there.
    pub(super) const fn is_guarded(self) -> bool {
        matches!(self, Self::CustomerCredit(_) | Self::RefundPayable(_))
    }

    /// What an account that was written as text is called: `receivable` of `receivable:4`.
    pub fn kind_of(written: &str) -> &str {
        written.split_once(':').map_or(written, |(kind, _)| kind)
    }

    /// # Errors
    /// `payments.no_such_account`.
    pub fn parse(written: &str) -> Result<Self> {
        let unknown = || Fault::missing("payments.no_such_account").arg("account", written);
        let (kind, of) = written.split_once(':').unwrap_or((written, ""));
        let id = || of.parse::<i64>().map_err(|_| unknown());
        let customer = || id().map(|id| (id != 0).then(|| CustomerId::new(id)));
        let account = match kind {
            "bank" => Self::Bank(BankAccountId::new(id()?)),
            "unmatched" => Self::Unmatched,
            "receivable" => Self::Receivable(customer()?),
            "customer_credit" => Self::CustomerCredit(customer()?),
            "refund_payable" => Self::RefundPayable(customer()?),
            "cash_on_delivery" => Self::CashOnDelivery,
            "deferred_revenue" => Self::DeferredRevenue,
            "revenue" => Self::Revenue,
            "vat_payable" => Self::VatPayable(VatRate::parse(of).map_err(|_| unknown())?),
            _ => return Err(unknown()),
        };
        if account.to_string() == written { Ok(account) } else { Err(unknown()) }
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |customer: &Option<CustomerId>| customer.map_or(0, CustomerId::get);
        match self {
            Self::Bank(account) => write!(f, "bank:{account}"),
            Self::Unmatched => f.write_str("unmatched"),
            Self::Receivable(customer) => write!(f, "receivable:{}", of(customer)),
            Self::CustomerCredit(customer) => write!(f, "customer_credit:{}", of(customer)),
            Self::RefundPayable(customer) => write!(f, "refund_payable:{}", of(customer)),
            Self::CashOnDelivery => f.write_str("cash_on_delivery"),
            Self::DeferredRevenue => f.write_str("deferred_revenue"),
            Self::Revenue => f.write_str("revenue"),
            Self::VatPayable(rate) => write!(f, "vat_payable:{rate}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Debit,
    Credit,
}

impl Side {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let rate = |text| VatRate::parse(text).expect("a rate");
        for account in [
            Account::Bank(BankAccountId::new(17)),
            Account::Unmatched,
            Account::Receivable(None),
            Account::CustomerCredit(Some(CustomerId::new(4))),
            Account::RefundPayable(Some(CustomerId::new(4))),
            Account::CashOnDelivery,
            Account::DeferredRevenue,
            Account::Revenue,
            Account::VatPayable(rate("22")),
            Account::VatPayable(rate("8.5")),
        ] {
            assert_eq!(Account::parse(&account.to_string()).expect("an account"), account);
        }
        for wrong in ["", "bank", "bank:x", "unmatched:1", "vat_payable:100", "receivable:04", "cash"] {
            assert!(Account::parse(wrong).is_err(), "{wrong}");
        }
    }
}
