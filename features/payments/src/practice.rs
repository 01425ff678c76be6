//! What a practice company needs of the money: an account of its own, and a payment that waits for a person. No bank
//! is asked and none can be connected there.

use futures::{FutureExt as _, future::BoxFuture};
use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, PersonId, Result, money::Currency};
use takt_orders::VouchForMoney;
use takt_payments_port::{BankDocument, BankReport, BookingState, Direction, Format, Party};
use takt_staff::{Permit, permit_of, practice::PracticeMoney};
use takt_store::{Db, Tx};

use crate::{
    accounts::{self, NewBankAccount},
    days::day_in_zone_of,
    import::{self, Answer, Source},
    rights::ManageBankAccounts,
};

const ACCOUNT: &str = "40702810200000000001";
const BIC: &str = "044525225";
const NAME: &str = "practice";

pub(crate) fn prepare(tx: &mut Tx<'_>, company: CompanyId) -> Result<()> {
    let account = NewBankAccount {
        account: ACCOUNT.to_owned(),
        bic: BIC.to_owned(),
        bank_name: None,
        holder_name: None,
        inn: None,
        currency: Currency::RUB,
    };
    accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, NAME), &account).map(|_| ())
}

pub(crate) fn let_pay(
    db: Db,
    company: CompanyId,
    person: PersonId,
    money: PracticeMoney,
) -> BoxFuture<'static, Result<()>> {
    async move {
        let (permit, day) = db
            .read("payments.practice", move |reader| {
                Ok((permit_of::<VouchForMoney>(reader, person, company)?, day_in_zone_of(reader, company)?))
            })
            .await?;
        let report = report(money, day);
        let hash =
            Sha256::digest(format!("{NAME} {company}")).iter().map(|byte| format!("{byte:02x}")).collect();
        let source = Source { name: NAME.to_owned(), hash, came_by: NAME };
        import::accept_report(&db, Answer::Person(permit), source, report).await.map(|_| ())
    }
    .boxed()
}

fn report(money: PracticeMoney, day: String) -> BankReport {
    let document = BankDocument {
        place: "1".to_owned(),
        account: Some(ACCOUNT.to_owned()),
        bank_id: None,
        number: "17".to_owned(),
        date: Some(day.clone()),
        booked_on: Some(day),
        booked_at: None,
        valued_on: None,
        other_side_on: None,
        batch: None,
        amount: money.amount,
        direction: Direction::Incoming,
        state: BookingState::Booked,
        reversal: false,
        payer: Party { name: money.payer, ..Party::default() },
        payee: Party { accounts: vec![ACCOUNT.to_owned()], ..Party::default() },
        purpose: money.purpose,
        references: Vec::new(),
        kinds: Vec::new(),
        extra: Vec::new(),
    };
    BankReport {
        format: Format::OneCClientBank,
        accounts: vec![ACCOUNT.to_owned()],
        statements: Vec::new(),
        documents: vec![document],
        warnings: Vec::new(),
        extra: Vec::new(),
    }
}
