//! What a company decides about matching, and what the page of a line says of the rules.

use http::StatusCode;
use takt_payments::{import::LineState, invoices, policy::RuleChoices, rights::SetRules};
use takt_payments_matching::Tier;
use takt_staff::{Permit, Role};
use takt_testing::{Client, on_both_engines};

use crate::desk::{Desk, PASSWORD, codes, pay, person, rub, states};

async fn signed_in(desk: &Desk, email: &str) -> Client {
    let client = desk.app.client();
    let answer = client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    client
}

async fn decide(desk: &Desk, change: impl Fn(&mut RuleChoices) + Send + Sync + 'static) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let mut choices = RuleChoices::of(tx, company)?;
            change(&mut choices);
            choices.save(tx, &Permit::<SetRules>::system(company, "test"))
        })
        .await;
}

async fn invoice_of(desk: &Desk, order: takt_orders::OrderId) -> String {
    let company = desk.company;
    let invoice = desk.app.read(move |r| invoices::current_of_order(r, company, order)).await;
    invoice.expect("an invoice").id.to_string()
}

on_both_engines! {
    async fn a_copied_text_settles_only_where_the_company_wants_it(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1001", "Анна", "500").await;
        desk.bank_reports(&[pay("1", "500", &first.reference)]).await;
        desk.order("1002", "Анна", "800").await;
        let copied = format!("оплата по счету {}", first.reference);
        let lines = desk.bank_reports(&[pay("2", "800", &copied)]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);

        decide(&desk, |choices| choices.accept_stale = true).await;
        let third = desk.order("1003", "Анна", "900").await;
        let lines = desk.bank_reports(&[pay("3", "900", &copied)]).await;
        assert_eq!((states(&lines), lines[0].tier.as_deref()), (vec![LineState::Posted], Some("G")));
        assert!(desk.read(third.order).await.is_paid_in_full());
        desk.books_agree().await;
    }

    async fn a_cap_and_the_watch_list_leave_the_line_to_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1001", "Анна", "500").await;
        decide(&desk, |choices| choices.caps = vec![(Tier::A, rub("499.99"))]).await;
        let lines = desk.bank_reports(&[pay("1", "500", &first.reference)]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);
        assert!(lines[0].reasons.iter().any(|reason| reason.code == "matching.amount_over_cap"));

        let second = desk.order("1002", "Анна", "300").await;
        decide(&desk, |choices| {
            choices.caps.clear();
            choices.watched = vec!["500100732259".to_owned()];
        }).await;
        let lines = desk.bank_reports(&[pay("2", "300", &second.reference)]).await;
        assert!(lines[0].reasons.iter().any(|reason| reason.code == "matching.payer_watched"));
        assert_eq!(desk.paid(second.order).await, "0.00");
    }

    async fn the_rules_are_set_on_a_page_by_the_accountants_manager(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.app, desk.company, "boss@example.org", Role::Manager).await;
        let (boss, accountant) = (signed_in(&desk, "boss@example.org").await, signed_in(&desk, "buh@example.org").await);
        let page = accountant.get("/settings/matching").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(takt_ui::Texts::missing_in(&page.text()).is_empty(), "{:?}", takt_ui::Texts::missing_in(&page.text()));
        assert!(page.text().contains("disabled"), "who may not save may look");
        let wanted = [
            ("stale", "on"), ("overpayment", "120"), ("cap.a", "1000.50"), ("cap.e", ""),
            ("watched", "7701234567\n40702810000000000123"), ("banks", "7701234568"),
        ];
        let refused = accountant.post_form("/settings/matching", &wanted).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let saved = boss.post_form("/settings/matching", &wanted).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        let company = desk.company;
        let stored = desk.app.read(move |r| RuleChoices::of(r, company)).await;
        let expected = RuleChoices {
            accept_stale: true,
            accept_names: false,
            overpayment_percent: 120,
            caps: vec![(Tier::A, rub("1000.50"))],
            watched: vec!["40702810000000000123".to_owned(), "7701234567".to_owned()],
            bank_inns: vec!["7701234568".to_owned()],
        };
        assert_eq!(stored, expected);
        for (name, value) in [("overpayment", "99"), ("overpayment", "x"), ("cap.b", "-5"), ("cap.b", "x"), ("watched", "Иванов"), ("banks", "12")] {
            let wrong = boss.post_form("/settings/matching", &[("overpayment", "120"), (name, value)]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        }
        assert_eq!(desk.app.read(move |r| RuleChoices::of(r, company)).await, expected, "a refusal changes nothing");
    }

    async fn the_page_of_a_line_says_what_each_rule_lacked(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let mut stranger = pay("1", "450", &expected.reference);
        stranger.inn = None;
        let lines = desk.bank_reports(&[stranger, pay("2", "500", &expected.reference)]).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let waits = accountant.get(&format!("/money/lines/{}", lines[0].id)).await.text();
        for said in ["сумма не равна остатку названных счетов", "ни плательщик, ни дата не подтверждают номер", "правило не включено компанией"] {
            assert!(waits.contains(said), "{said}");
        }
        let posted = accountant.get(&format!("/money/lines/{}", lines[1].id)).await.text();
        assert!(posted.contains("подошло") && !posted.contains("правило не включено"));
        for page in [&waits, &posted] {
            assert!(takt_ui::Texts::missing_in(page).is_empty(), "{:?}", takt_ui::Texts::missing_in(page));
        }
    }

    async fn one_receipt_is_split_over_several_invoices_on_the_page(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (desk.order("1001", "Анна", "500").await, desk.order("1002", "Борис", "300").await);
        let purpose = format!("счета {} и {}", one.reference, other.reference);
        let lines = desk.bank_reports(&[pay("1", "800", &purpose)]).await;
        assert_eq!(states(&lines), [LineState::Suggested], "two customers");
        let accountant = signed_in(&desk, "buh@example.org").await;
        let path = format!("/money/lines/{}", lines[0].id);
        assert!(accountant.get(&path).await.text().contains("name=\"amount.split."));
        let (first, second) = (invoice_of(&desk, one.order).await, invoice_of(&desk, other.order).await);
        let shares = |one: &'static str, other: &'static str| {
            [("invoice", first.clone()), ("amount", one.to_owned()), ("invoice", second.clone()), ("amount", other.to_owned())]
        };
        let sent = |shares: [(&'static str, String); 4]| {
            let (accountant, path) = (&accountant, &path);
            async move {
                let fields: Vec<(&str, &str)> = shares.iter().map(|(name, value)| (*name, value.as_str())).collect();
                accountant.post_form(&format!("{path}/accept"), &fields).await
            }
        };
        let too_much = sent(shares("500", "300.01")).await;
        assert_eq!(too_much.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nothing = sent(shares("", "0")).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let taken = sent(shares("500", "300")).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        assert_eq!((desk.paid(one.order).await, desk.paid(other.order).await), ("500.00".into(), "300.00".into()));
        let undone = accountant.post_form(&format!("{path}/undo"), &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER);
        assert_eq!((desk.paid(one.order).await, desk.paid(other.order).await), ("0.00".into(), "0.00".into()));
        desk.books_agree().await;
    }

    async fn a_third_party_is_remembered_only_when_asked(place: Place) {
        let desk = Desk::open(place).await;
        for (number, remember, expected) in [("1", false, LineState::Suggested), ("3", true, LineState::Posted)] {
            let first = desk.order(number, "Анна", "500").await;
            let lines = desk.bank_reports(&[pay(number, "450", &format!("за {}", first.reference))]).await;
            assert_eq!(states(&lines), [LineState::Suggested]);
            let accountant = signed_in(&desk, "buh@example.org").await;
            let invoice = invoice_of(&desk, first.order).await;
            let mut fields = vec![("invoice", invoice.as_str()), ("amount", "450")];
            if !remember {
                fields.push(("once", "on"));
            }
            let path = format!("/money/lines/{}/accept", lines[0].id);
            assert_eq!(accountant.post_form(&path, &fields).await.status, StatusCode::SEE_OTHER);
            // Nothing is named: only a known payer settles by the amount.
            let next = desk.order(&format!("{number}0"), "Анна", "777").await;
            let lines = desk.bank_reports(&[pay(&format!("{number}0"), "777", "за товар")]).await;
            assert_eq!(states(&lines), [expected], "{:?}", codes(&lines));
            if remember {
                assert!(desk.read(next.order).await.is_paid_in_full());
            } else {
                let path = format!("/money/lines/{}/set-aside", lines[0].id);
                accountant.post_form(&path, &[]).await;
                let company = desk.company;
                let order = next.order;
                desk.app.write(move |tx| {
                    let permit = Permit::<takt_orders::CancelOrders>::system(company, "test");
                    takt_orders::cancel(tx, &permit, order, None, "передумали").map(|_| ())
                }).await;
            }
        }
        desk.books_agree().await;
    }
}
