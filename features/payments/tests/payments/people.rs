use http::StatusCode;
use takt_kernel::CompanyId;
use takt_orders::VouchForMoney;
use takt_staff::{Permit, Role};
use takt_testing::on_both_engines;

use crate::desk::{Desk, PASSWORD, company, pay, person};

pub async fn signed_in(desk: &Desk, email: &str) -> takt_testing::Client {
    let client = desk.app.client();
    let answer = client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    client
}

async fn vouches(desk: &Desk, company: CompanyId, person: takt_kernel::PersonId) -> bool {
    desk.app
        .db
        .read("test", move |r| takt_staff::permit_of::<VouchForMoney>(r, person, company))
        .await
        .is_ok()
}

on_both_engines! {
    async fn only_a_person_with_the_accountants_right_vouches(place: Place) {
        let desk = Desk::open(place).await;
        for (role, may) in [
            (Role::Owner, true),
            (Role::Accountant, true),
            (Role::Manager, false),
            (Role::Operator, false),
            (Role::Warehouse, false),
            (Role::Auditor, false),
        ] {
            let person = person(&desk.app, desk.company, &format!("{role}@example.org"), role).await;
            assert_eq!(vouches(&desk, desk.company, person).await, may, "{role}");
        }
        let program = Permit::<VouchForMoney>::system(desk.company, "test");
        let bytes = desk.statement(&[pay("1", "5", "x")]);
        let refused = takt_payments::import::accept(&desk.app.db, program, "a".into(), bytes, "upload").await;
        assert!(refused.is_err_and(|fault| fault.is("orders.voucher_not_a_person")));
    }

    async fn a_foreign_companys_money_is_missing(place: Place) {
        let desk = Desk::open(place).await;
        let lines = desk.bank_reports(&[pay("1", "500", "непонятно")]).await;
        let other = company(&desk.app, "Чужая").await;
        person(&desk.app, other, "foreign@example.org", Role::Owner).await;
        let foreign = signed_in(&desk, "foreign@example.org").await;
        let own = signed_in(&desk, "buh@example.org").await;
        let path = format!("/money/lines/{}", lines[0].id);
        assert_eq!(own.get(&path).await.status, StatusCode::OK);
        assert_eq!(foreign.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(foreign.get(&format!("/money/files/{}", lines[0].import)).await.status, StatusCode::NOT_FOUND);
        let undo = foreign.post_form(&format!("{path}/set-aside"), &[]).await;
        assert_eq!(undo.status, StatusCode::NOT_FOUND);
        assert!(!foreign.get("/money?state=suggested").await.text().contains("непонятно"));
    }

    async fn the_accountant_sees_what_waits_chooses_and_takes_back(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let lines = desk.bank_reports(&[pay("1", "450", &format!("за {}", expected.reference))]).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let list = accountant.get("/money").await.text();
        assert!(list.contains(&expected.reference), "the purpose is shown");
        let path = format!("/money/lines/{}", lines[0].id);
        let page = accountant.get(&path).await.text();
        assert!(takt_ui::Texts::missing_in(&page).is_empty(), "{:?}", takt_ui::Texts::missing_in(&page));
        let invoice = lines[0].candidates[0].invoice.to_string();
        let refused = accountant.post_form(&format!("{path}/accept"), &[("invoice", &invoice), ("amount", "9000")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let taken = accountant.post_form(&format!("{path}/accept"), &[("invoice", &invoice), ("amount", "450")]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        assert_eq!(desk.paid(expected.order).await, "450.00");
        let back = accountant.post_form(&format!("{path}/undo"), &[]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert_eq!(desk.paid(expected.order).await, "0.00");
        let files = accountant.get("/money/files").await.text();
        assert!(files.contains("kl_to_1c.txt"));
        let file = accountant.get(&format!("/money/files/{}", lines[0].import)).await.text();
        assert!(takt_ui::Texts::missing_in(&file).is_empty());
        let settings = accountant.get("/settings/bank-accounts").await.text();
        assert!(settings.contains("40702810200000000001"));
        assert!(takt_ui::Texts::missing_in(&settings).is_empty());
        desk.books_agree().await;
    }
}
