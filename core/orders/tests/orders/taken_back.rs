//! The way back of a deed leads to where the order was, or is not offered.

use std::sync::{Mutex, PoisonError};

use takt_orders::{Order, OrderId, Stage, record_ready, steps};
use takt_testing::{Client, TestApp, TestResponse, on_both_engines};

use crate::desk::{Desk, order, permit};

async fn behind(client: &Client, answer: TestResponse) -> String {
    let answer = answer.expect_status(303);
    let to = answer.header("location").expect("a way on").to_owned();
    client.get(&to).await.expect_status(200).text()
}

fn undo_of(page: &str) -> Option<String> {
    let at = page.find("action=\"/orders/undo/")? + "action=\"".len();
    page[at..].split('"').next().map(str::to_owned)
}

/// Where it stands, in whose hands, since when it is promised and by when.
fn standing(order: &Order) -> String {
    format!(
        "{:?} {} {} {:?} {:?} {:?} {:?} {:?}",
        order.stage,
        order.status,
        order.taken,
        order.taken_by,
        order.started_at,
        order.due_at,
        order.deferred_until,
        order.pause.as_ref().map(|pause| &pause.reason),
    )
}

async fn on_delivery(desk: &Desk, external_id: &str) -> OrderId {
    let mut body = order(external_id, 1);
    body["terms"] = "on_delivery".into();
    desk.place(body).await
}

static BROKEN: Mutex<Option<OrderId>> = Mutex::new(None);

on_both_engines! {
    async fn what_is_taken_back_is_as_if_it_had_never_been(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in("operator").await;
        let other = desk.person("manager").await.to_string();
        let new = on_delivery(&desk, "new").await;
        let late = on_delivery(&desk, "late").await;
        let company = desk.company;
        desk.app.clock.advance_seconds(3_000);
        let held_up = on_delivery(&desk, "held-up").await;
        let until = desk.app.now().plus_seconds(86_400);
        desk.app.write(move |tx| {
            takt_orders::pause(tx, &permit(company), held_up, None, "supplier", Some(until)).map(|_| ())
        }).await;
        let soon = (desk.app.now().plus_seconds(172_800).to_string())[..16].to_owned();
        for (id, deed) in [
            (new, vec![("deed", "take")]),
            (new, vec![("deed", "give"), ("person", other.as_str())]),
            (late, vec![("deed", "defer"), ("until", soon.as_str())]),
            (held_up, vec![("deed", "defer"), ("until", soon.as_str())]),
            (late, vec![("deed", "status"), ("status", "no_answer")]),
        ] {
            let before = standing(&desk.order(id).await);
            let number = id.to_string();
            let mut fields = vec![("order", number.as_str()), ("back", "/orders?view=all")];
            fields.extend(deed.clone());
            let page = behind(&operator, operator.post_form("/orders/many", &fields).await).await;
            assert_ne!(standing(&desk.order(id).await), before, "{deed:?}");
            let undo = undo_of(&page).expect("a way back");
            desk.app.clock.advance_seconds(30);
            operator.post_form(&undo, &[]).await.expect_status(303);
            assert_eq!(standing(&desk.order(id).await), before, "{deed:?}");
            crate::stages::assert_row_agrees_with_facts(&desk, id).await;
        }
    }

    async fn what_was_told_the_buyer_or_ended_the_order_is_not_taken_back(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in("operator").await;
        let company = desk.company;
        let id = on_delivery(&desk, "told").await;
        let moved = async |status: &str| {
            let answer = operator.post_form(&format!("/orders/{id}/status"), &[("status", status)]).await;
            behind(&operator, answer).await
        };
        assert!(undo_of(&moved("to_confirm").await).is_some());
        assert!(undo_of(&moved("to_pack").await).is_none(), "it was confirmed");
        desk.app.write(move |tx| {
            record_ready(tx, company, id, &takt_kernel::Actor::system("test")).map(|_| ())
        }).await;
        assert!(undo_of(&moved("to_confirm").await).is_none(), "it was packed");
        assert_eq!(desk.order(id).await.stage, Stage::Approval);
        assert!(undo_of(&moved("cancelled").await).is_none(), "it is over");
        assert_eq!(desk.order(id).await.stage, Stage::Cancel);
    }

    async fn what_was_done_is_told_though_the_next_one_broke(place: Place) {
        let guard: steps::Guard = |_, order, _| {
            let broken = *BROKEN.lock().unwrap_or_else(PoisonError::into_inner);
            if broken == Some(order.id) { Err(takt_kernel::Fault::broken("test.broken")) } else { Ok(()) }
        };
        let breaking = takt_feature::Feature::new("test", takt_feature::Tier::Feature)
            .fill(&steps::BEFORE, "breaks", guard);
        let features = vec![
            takt_staff::feature(), takt_customers::feature(), takt_catalog::feature(), takt_orders::feature(), breaking,
        ];
        let app = TestApp::open(place, features).await;
        let company = crate::desk::company(&app, "Чай").await;
        let shop = crate::desk::shop(&app, company, "Чай").await;
        let desk = Desk { app, company, shop };
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(on_delivery(&desk, &number.to_string()).await);
        }
        ids.sort_unstable();
        *BROKEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(ids[1]);
        let operator = desk.signed_in("operator").await;
        let chosen: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let mut fields: Vec<(&str, &str)> = chosen.iter().map(|id| ("order", id.as_str())).collect();
        fields.extend([("deed", "cancel"), ("words", "ошибка"), ("back", "/orders?view=all")]);
        let page = behind(&operator, operator.post_form("/orders/many", &fields).await).await;
        assert!(page.contains("Сделано с 1 заказом. Отказано: 2."), "{page}");
        assert_eq!(desk.order(ids[0]).await.stage, Stage::Cancel);
        assert_eq!(desk.order(ids[2]).await.stage, Stage::New);
    }
}
