use takt_kernel::money::{Currency, Money};
use takt_payments::import::LineState;
use takt_testing::on_both_engines;

use crate::desk::{Desk, states};

const ONE_DAY: &[u8] =
    include_bytes!("../../../../connectors/banks/files/tests/fixtures/1c-one-day-cp1251.txt");
const TWO_ACCOUNTS: &[u8] =
    include_bytes!("../../../../connectors/banks/files/tests/fixtures/1c-two-accounts.txt");
const GPB: &[u8] = include_bytes!("../../../../connectors/banks/files/tests/fixtures/1c-gpb.txt");
const CAMT053: &[u8] = include_bytes!("../../../../connectors/banks/files/tests/fixtures/camt053-v8.xml");
const CAMT054: &[u8] = include_bytes!("../../../../connectors/banks/files/tests/fixtures/camt054-v4.xml");

on_both_engines! {
    /// The account of this sample is the desk's own; its head says that 40,000.00 came in.
    async fn a_real_day_of_a_bank_is_taken_in_whole(place: Place) {
        let desk = Desk::open(place).await;
        let lines = desk.upload(ONE_DAY.to_vec()).await.lines;
        let credits = lines.iter().filter(|line| line.incoming == Some(true)).map(|line| line.amount);
        let came = Money::sum(Currency::RUB, credits).expect("a sum");
        assert_eq!(came.to_decimal_string(), "40000.00");
        assert!(states(&lines).contains(&LineState::Suggested), "{:?}", states(&lines));
    }

    async fn what_a_file_says_beside_its_documents_is_kept(place: Place) {
        let desk = Desk::open(place).await;
        let report = takt_bank_files::read(GPB).expect("the sample is read");
        let kept = desk.upload(GPB.to_vec()).await.summary.around;
        let of = |account: Option<&str>| {
            let around = kept.iter().find(|around| around.account.as_deref() == account);
            around.map(|around| around.fields.clone()).unwrap_or_default()
        };
        assert_eq!((of(None), of(None).is_empty()), (report.extra.clone(), false));
        for statement in &report.statements {
            assert_eq!(of(Some(&statement.account)), statement.extra, "{}", statement.account);
        }
    }

    async fn every_line_of_every_sample_says_what_became_of_it(place: Place) {
        let desk = Desk::open(place).await;
        for sample in [ONE_DAY, TWO_ACCOUNTS, GPB, CAMT053, CAMT054] {
            let imported = desk.upload(sample.to_vec()).await;
            assert!(!imported.lines.is_empty());
            assert!(imported.lines.iter().all(|line| line.outcome.state != LineState::Waiting));
            let again = desk.upload(sample.to_vec()).await;
            assert!(states(&again.lines).iter().all(|state| *state == LineState::Duplicate), "{:?}", states(&again.lines));
        }
        desk.books_agree().await;
    }
}
