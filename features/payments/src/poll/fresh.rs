//! What of an answer says something new. A bank that is asked every minute says the same day over and over; what
//! a statement has told already is not written down once more.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Result};
use takt_payments_port::{BankDocument, BankReport, Direction};
use takt_store::{Query, params, sql};

use crate::{
    accounts::normal,
    import::{lines::json, movement::payer_account},
};

/// Lines that some banks give one id.
const MOST_OF_ONE_ID: i64 = 50;

/// The documents that no statement has told yet: those without an id of the bank too, and those that only a
/// push has told, for a statement has to confirm it. With one of several alike all of them: which of them it is is
/// known by their number within the whole report.
pub(super) fn fresh(
    db: &mut dyn Query,
    company: CompanyId,
    report: &BankReport,
) -> Result<Vec<BankDocument>> {
    let mut news = HashSet::new();
    for document in &report.documents {
        if !is_told(db, company, document)? {
            news.insert(alike(document));
        }
    }
    Ok(report.documents.iter().filter(|document| news.contains(&alike(document))).cloned().collect())
}

/// By which lines of one report are told apart by their number alone (`import/movement.rs`).
fn alike(document: &BankDocument) -> (Option<String>, Option<&str>, &str, String, String) {
    (
        document.account.as_deref().map(normal),
        document.day(),
        document.number.trim(),
        document.amount.to_string(),
        payer_account(document),
    )
}

/// Whether a line under this id says just this, whatever became of it: counted, held for a person, not booked yet.
fn is_told(db: &mut dyn Query, company: CompanyId, document: &BankDocument) -> Result<bool> {
    let (Some(account), Some(id)) = (&document.account, &document.bank_id) else { return Ok(false) };
    let account = normal(account);
    let rows = db.all(
        sql!(
            "select bank_line.document, bank_import.format, bank_confirmation.confirmed_at
             from bank_movement
             join bank_line on bank_line.company_id = bank_movement.company_id
               and bank_line.id = bank_movement.line_id
             join bank_import on bank_import.company_id = bank_line.company_id
               and bank_import.id = bank_line.import_id
             left join bank_confirmation on bank_confirmation.company_id = bank_movement.company_id
               and bank_confirmation.line_id = bank_movement.line_id
             where bank_movement.company_id = :company_id and bank_movement.bank_id = :bank_id
             order by bank_movement.line_id desc
             limit :limit"
        ),
        params![company_id: company, bank_id: id, limit: MOST_OF_ONE_ID],
    )?;
    for row in rows {
        let told: BankDocument = row.json("document")?;
        let pushed = row.get::<String>("format")? == "push";
        let confirmed = row.get::<Option<takt_kernel::Timestamp>>("confirmed_at")?.is_some();
        let same = told.account.as_deref().map(normal).as_deref() == Some(account.as_str())
            && told.amount == document.amount
            && !is_opposed(told.direction, document.direction)
            && (told.state, told.reversal) == (document.state, document.reversal)
            && told.day() == document.day();
        if same && (!pushed || confirmed) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_opposed(one: Direction, other: Direction) -> bool {
    matches!(
        (one, other),
        (Direction::Incoming, Direction::Outgoing) | (Direction::Outgoing, Direction::Incoming)
    )
}

/// By which the same news is known when it comes again, whatever ids and times the bank wraps it in.
pub(super) fn fingerprint(report: &BankReport, fresh: &[BankDocument]) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(json(&report.statements)?);
    hash.update(json(&fresh)?);
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::{Currency, Money};
    use takt_payments_port::{BookingState, Format, Party};
    use takt_staff::{
        Role,
        command_line::{self, CreatedUser, NewUser},
        companies::{NewCompany, OrganisationKind},
    };
    use takt_testing::{Place, TestApp};
    use takt_ui::Lang;

    use super::*;
    use crate::{
        accounts::{self, NewBankAccount},
        import::{self, Answer, Source},
    };

    const ACCOUNT: &str = "40702810200000000001";

    fn document(id: &str, minor: i64, number: &str) -> BankDocument {
        BankDocument {
            place: id.to_owned(),
            account: Some(ACCOUNT.to_owned()),
            bank_id: Some(id.to_owned()),
            number: number.to_owned(),
            date: None,
            booked_on: Some("2026-11-02".to_owned()),
            booked_at: None,
            valued_on: None,
            other_side_on: None,
            batch: None,
            amount: Money::new(minor, Currency::RUB),
            direction: Direction::Incoming,
            state: BookingState::Booked,
            reversal: false,
            payer: Party::default(),
            payee: Party::default(),
            purpose: String::new(),
            references: Vec::new(),
            kinds: Vec::new(),
            extra: Vec::new(),
        }
    }

    fn report(documents: Vec<BankDocument>) -> BankReport {
        BankReport {
            format: Format::Camt053,
            accounts: vec![ACCOUNT.to_owned()],
            statements: Vec::new(),
            documents,
            warnings: Vec::new(),
            extra: Vec::new(),
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_told_is_not_told_again_whatever_became_of_it() {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_orders::feature(),
            takt_tasks::feature(),
            crate::feature(),
        ];
        let app = TestApp::open(Place::sqlite(), features).await;
        let new = NewCompany {
            name: "Светосила".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.unwrap();
        let new = NewUser {
            company: company.to_string(),
            email: "buh@example.org".to_owned(),
            name: None,
            roles: Role::Accountant.into(),
            password: Some("correct horse battery".to_owned()),
        };
        let CreatedUser::Person(person) = command_line::create_user(&app.db, new).await.unwrap() else {
            unreachable!("they have a password")
        };
        let account = NewBankAccount {
            account: ACCOUNT.to_owned(),
            bic: "044525225".to_owned(),
            bank_name: None,
            holder_name: None,
            inn: None,
            currency: Currency::RUB,
        };
        let permit = app
            .write(move |tx| {
                accounts::open(tx, &takt_staff::Permit::system(company, "test"), &account)?;
                takt_staff::permit_of(tx, person, company)
            })
            .await;
        let doubtful = document("restated", 999, "3");
        let told = vec![
            document("counted", 100, "1"),
            BankDocument { direction: Direction::Outgoing, ..document("left", 200, "2") },
            BankDocument { state: BookingState::Pending, ..document("pending", 300, "4") },
            BankDocument { reversal: true, ..document("reversal", 400, "5") },
            document("restated", 500, "6"),
            doubtful,
            document("twin-1", 700, "7"),
        ];
        let source = Source { name: "a".to_owned(), hash: "b".to_owned(), came_by: "test" };
        let answer = Answer::Person(permit);
        let taken = import::accept_report(&app.db, answer, source, report(told.clone())).await.unwrap();
        import::process(&app.db, company, taken.import, &mut |_| ()).await.unwrap();
        let ask = async |documents: Vec<BankDocument>| {
            app.read(move |reader| fresh(reader, company, &report(documents))).await
        };
        assert_eq!(ask(told.clone()).await, []);
        // Booked now, it is another thing than it was.
        let booked = document("pending", 300, "4");
        assert_eq!(ask(vec![told[0].clone(), booked.clone()]).await, [booked]);
        // One of two alike is new: which of them it is is known by their number, so both go on.
        let twins = vec![told[6].clone(), document("twin-2", 700, "7")];
        assert_eq!(ask([told, twins[1..].to_vec()].concat()).await, twins);
    }
}
