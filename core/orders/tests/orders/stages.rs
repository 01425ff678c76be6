use std::sync::{Mutex, PoisonError};

use serde_json::json;
use takt_kernel::{
    Actor, Timestamp,
    money::{Currency, Quantity},
};
use takt_orders::{
    Holder, ListFilter, Milestone, Reserved, ReturnedPart, Shipped, Sort, Stage, cancel,
    clock::{self, Promises},
    comment, defer, record_delivered, record_ready, record_reserved, record_returned, record_shipped,
    record_taken, set_status,
    standing::Standing,
    statuses, steps, wake,
};
use takt_staff::{
    Scope,
    companies::{NewCompany, OrganisationKind},
    engagements,
};
use takt_testing::{TestApp, on_both_engines};

use crate::desk::{Desk, order, permit};

on_both_engines! {
    async fn a_delivered_order_whose_rest_is_paid_is_complete_with_the_return(place: Place) {
        let desk = Desk::open(place).await;
        let (company, by) = (desk.company, || Actor::system("test"));
        let mut body = order("r", 2);
        body["terms"] = json!("on_delivery");
        let id = desk.place(body).await;
        desk.confirm(id).await.expect("confirmed");
        desk.ship_all(id).await.expect("shipped");
        desk.pay(1, id, "100").await.expect("half of it");
        let order = desk.app.write(move |tx| record_delivered(tx, company, id, &by())).await;
        assert_eq!((order.stage, order.is_paid_in_full()), (Stage::Delivery, false));
        let line = desk.lines(id).await[0].id;
        let back = [ReturnedPart::fit(line, Quantity::whole(1))];
        let order = desk.app.write(move |tx| record_returned(tx, company, id, &back, &by())).await;
        assert_eq!((order.stage, order.holder, order.total.to_decimal_string()), (Stage::Complete, None, "100.00".to_owned()));
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("orders.completed").await, 1);
        // What comes back of a complete order completes nothing again.
        let back = [ReturnedPart::fit(line, Quantity::whole(1))];
        desk.app.write(move |tx| record_returned(tx, company, id, &back, &by())).await;
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("orders.completed").await, 1);
    }

    async fn an_order_runs_all_the_way(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(2).await;
        desk.reserve_all(id).await;
        let by = || Actor::system("test");
        let company = desk.company;
        assert!(desk.confirm(id).await.expect_err("no money").is("orders.not_paid"));
        desk.pay(1, id, "200").await.expect("paid");
        desk.app.clock.advance_seconds(60);
        let order = desk.app.write(move |tx| record_taken(tx, company, id, &by())).await;
        assert_eq!(order.holder, Some(Holder::Operator));
        assert!(desk.ship_all(id).await.expect_err("unconfirmed").is("orders.not_confirmed"));
        let order = desk.confirm(id).await.expect("confirmed");
        assert_eq!((order.stage, order.holder, order.milestone), (Stage::Assembling, Some(Holder::Warehouse), Some(Milestone::READY)));
        assert_eq!(order.status, "to_pack");
        let due: Timestamp = "2026-11-02T07:00:00Z".parse().expect("a moment");
        assert_eq!(order.due_at, Some(due), "an hour after the money");
        let again = desk.confirm(id).await.expect("twice is harmless");
        assert_eq!(again.version, order.version);
        desk.app.clock.advance_seconds(600);
        let order = desk.app.write(move |tx| record_ready(tx, company, id, &by())).await;
        assert_eq!((order.holder, order.milestone), (Some(Holder::Carrier), Some(Milestone::DELIVERED)));
        let order = desk.ship_all(id).await.expect("shipped");
        assert_eq!((order.stage, order.shipped, order.status.as_str()), (Stage::Delivery, Shipped::All, "on_the_way"));
        assert!(desk.ship_all(id).await.expect_err("all gone").is("orders.more_than_ordered"));
        let cancelled = desk.app.try_write(move |tx| cancel(tx, &permit(company), id, None, "")).await;
        assert!(cancelled.expect_err("gone").is("orders.already_shipped"));
        desk.app.clock.advance_seconds(3600);
        let order = desk.app.write(move |tx| record_delivered(tx, company, id, &by())).await;
        assert_eq!((order.stage, order.holder, order.due_at), (Stage::Complete, None, None));
        assert_eq!(desk.app.facts_named("orders.completed").await, 1);
        desk.app.drain().await;
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn who_pays_on_delivery_is_complete_with_the_money(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("cod", 1);
        body["terms"] = json!("on_delivery");
        let id = desk.place(body).await;
        let company = desk.company;
        desk.reserve_all(id).await;
        desk.confirm(id).await.expect("confirmed without money");
        desk.ship_all(id).await.expect("shipped");
        let order = desk.app.write(move |tx| record_delivered(tx, company, id, &Actor::system("test"))).await;
        assert_eq!((order.stage, order.holder, order.milestone), (Stage::Delivery, Some(Holder::Carrier), Some(Milestone::PAID)));
        let order = desk.pay(1, id, "100").await.expect("the carrier pays");
        assert_eq!(order.stage, Stage::Complete);
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn goods_leave_in_parts_and_never_more_than_ordered(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("parts", 3);
        body["terms"] = json!("credit");
        body["credit_days"] = json!(14);
        let id = desk.place(body).await;
        desk.confirm(id).await.expect("confirmed");
        let (company, line) = (desk.company, desk.lines(id).await[0].id);
        let ship = async |units: i64| {
            desk.app
                .try_write(move |tx| {
                    record_shipped(tx, company, id, &[(line, Quantity::whole(units))], &Actor::system("test"))
                })
                .await
        };
        assert!(ship(0).await.is_err() && ship(4).await.is_err() && ship(-1).await.is_err());
        assert_eq!(ship(1).await.expect("a part").shipped, Shipped::Part);
        assert_eq!(desk.order(id).await.stage, Stage::Assembling);
        assert!(ship(3).await.expect_err("too much").is("orders.more_than_ordered"));
        assert_eq!(ship(2).await.expect("the rest").stage, Stage::Delivery);
    }

    async fn what_is_short_waits_for_the_supplier(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("short", 2);
        body["terms"] = json!("on_delivery");
        body["lines"].as_array_mut().expect("lines").push(json!({ "sku": "NEW-1", "quantity": "1", "price": "10" }));
        let id = desk.place(body).await;
        let company = desk.company;
        let (known, unknown) = { let lines = desk.lines(id).await; (lines[0].id, lines[1].id) };
        let hold = async |held: Vec<(takt_orders::LineId, Quantity)>| {
            desk.app.write(move |tx| record_reserved(tx, company, id, &held, &Actor::system("test"))).await
        };
        assert_eq!(hold(vec![(known, Quantity::ZERO)]).await.reserved, Reserved::None);
        let order = hold(vec![(known, Quantity::whole(5)), (unknown, Quantity::whole(1))]).await;
        assert_eq!(order.reserved, Reserved::Part, "an unknown SKU is never reserved");
        assert_eq!(desk.lines(id).await[0].reserved, Quantity::whole(2), "no more is held than was ordered");
        let again = hold(vec![(known, Quantity::whole(2))]).await;
        assert_eq!(again.version, order.version, "the same again changes nothing");
        let order = desk.confirm(id).await.expect("confirmed");
        assert_eq!(order.holder, Some(Holder::Supplier));
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn statuses_move_as_the_table_allows(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let company = desk.company;
        let to = async |status: &'static str, expected: Option<i64>| {
            desk.app.try_write(move |tx| set_status(tx, &permit(company), id, expected, status)).await
        };
        assert!(to("nowhere", None).await.expect_err("unknown").is("orders.status_unknown"));
        assert!(to("on_the_way", None).await.expect_err("a jump").is("orders.move_not_allowed"));
        assert!(to("to_confirm", Some(99)).await.expect_err("stale").is("orders.changed_meanwhile"));
        assert_eq!(to("to_confirm", Some(1)).await.expect("moved").stage, Stage::Approval);
        assert!(to("to_pack", None).await.expect_err("unpaid").is("orders.not_paid"));
        desk.pay(1, id, "100").await.expect("paid");
        let order = to("to_pack", None).await.expect("moved");
        assert!(order.confirmed_at.is_some());
        assert_eq!(desk.app.facts_named("orders.confirmed").await, 1);
        let order = to("checking_stock", None).await.expect("back");
        assert!(order.confirmed_at.is_none(), "it has to be confirmed again");
        assert_eq!(to("refused", None).await.expect("cancelled").stage, Stage::Cancel);
        assert!(to("new", None).await.is_err());
        assert_row_agrees_with_facts(&desk, id).await;
        let moves = desk.app.read(move |reader| {
            let warehouse = "warehouse".parse().expect("a role");
            statuses::moves_from(reader, company, "to_pack", warehouse)
        }).await;
        let codes: Vec<&str> = moves.iter().map(|status| status.code.as_str()).collect();
        assert_eq!(codes, ["waiting_for_goods", "packed"]);
    }

    async fn a_deferred_order_wakes_up_to_the_second(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("later", 1);
        body["terms"] = json!("on_delivery");
        let id = desk.place(body).await;
        let company = desk.company;
        let until = desk.app.now().plus_seconds(3600);
        let order = desk.app.write(move |tx| defer(tx, &permit(company), id, Some(1), until)).await;
        assert_eq!((order.holder, order.due_at), (Some(Holder::Buyer), Some(until)));
        assert!(desk.confirm(id).await.expect_err("asleep").is("orders.deferred"));
        desk.app.advance(3599).await;
        assert_eq!(desk.order(id).await.deferred_until, Some(until));
        desk.app.advance(1).await;
        let order = desk.order(id).await;
        assert_eq!((order.deferred_until, order.holder, order.due_at), (None, Some(Holder::Queue), Some(until.plus_seconds(900))));
        let later = desk.app.now().plus_seconds(60);
        desk.app.write(move |tx| defer(tx, &permit(company), id, None, later)).await;
        desk.app.write(move |tx| wake(tx, &permit(company), id)).await;
        desk.app.advance(120).await;
        assert_eq!(desk.app.facts_named("orders.woken").await, 2);
        let past = desk.app.now();
        assert!(desk.app.try_write(move |tx| defer(tx, &permit(company), id, None, past)).await.is_err());
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn the_words_of_a_comment_are_not_in_the_log(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let company = desk.company;
        desk.app.write(move |tx| comment(tx, &permit(company), id, "  звонить Вере после шести ")).await;
        desk.app.write(move |tx| cancel(tx, &permit(company), id, None, "Вера передумала")).await;
        assert_eq!(desk.order(id).await.last_comment.as_deref(), Some("звонить Вере после шести"));
        let personal = ["Вер", "Иванов", "912", "example", "Баумана"];
        let bodies = desk.app.read(|reader| {
            let facts = takt_store::facts::after(reader, 0, 1000)?;
            let told = facts.iter().filter(|fact| fact.kind.starts_with("orders."));
            Ok(told.map(|fact| format!("{} {:?}", fact.body, fact.changes)).collect::<Vec<_>>().join("\n"))
        }).await;
        for word in personal {
            assert!(!bodies.contains(word), "{word} in {bodies}");
        }
        assert!(desk.app.try_write(move |tx| comment(tx, &permit(company), id, "  ")).await.is_err());
    }
}

/// The desk sorts by the row and splits by the facts; both must tell the same.
pub async fn assert_row_agrees_with_facts(desk: &Desk, id: takt_orders::OrderId) {
    let (company, until) = (desk.company, desk.app.now().plus_seconds(60));
    let (order, folded, split, course) = desk
        .app
        .read(move |reader| {
            let order = takt_orders::load(reader, company, id)?;
            let facts = takt_store::facts::of_subject(reader, company, "order", id.get(), 0, 1000)?;
            let mut standing = Standing::default();
            for fact in &facts {
                standing.apply(&fact.kind, &fact.actor, &fact.body);
            }
            let promises = Promises::of(reader, company)?;
            let calendars = clock::Calendars::of(reader, company, &promises)?;
            let course = clock::course(&facts, &promises, &statuses::all(reader, company)?, &calendars);
            Ok((order, standing, clock::split(&facts, &calendars.usual, until), course.expect("a course")))
        })
        .await;
    assert_eq!(folded.holder(), order.holder);
    let ahead = course.passages.last().filter(|passage| passage.reached.is_none());
    assert_eq!(ahead.map(|passage| &passage.milestone), order.milestone.as_ref());
    // Facts of one moment are a microsecond apart, so that they have an order.
    let second = |moment: Option<Timestamp>| moment.map(|moment| moment.micros() / 1_000_000);
    assert_eq!(second(course.started_at), second(order.started_at));
    let lets_wait = order.pause.as_ref().is_some_and(|pause| pause.owner == Holder::Buyer);
    if order.milestone != Some(Milestone::PAID) && order.deferred_until.is_none() && !lets_wait {
        assert_eq!(second(ahead.and_then(|passage| passage.due)), second(order.due_at));
    }
    assert_eq!(split.totals().values().sum::<i64>(), split.whole_micros());
}

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn heard(step: &str, id: takt_orders::OrderId) {
    SAID.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{step} {id}"));
}

on_both_engines! {
    async fn features_take_part_in_the_verbs(place: Place) {
        let taking_part = takt_feature::Feature::new("test", takt_feature::Tier::Feature)
            .fill(&steps::PLACED, "test", (|_, order, lines, _| { assert_eq!(lines.len(), 1); heard("placed", order.id); Ok(()) }) as steps::Step)
            .fill(&steps::LINES_CHANGED, "test", (|_, order, _, _| { heard("lines", order.id); Ok(()) }) as steps::Step)
            .fill(&steps::SHIPPED, "test", (|_, order, parts, _| { assert_eq!(parts.len(), 1); heard("shipped", order.id); Ok(()) }) as steps::ShippedStep)
            .fill(&steps::CANCELLED, "test", (|_, _, _, _| Err(takt_kernel::Fault::conflict("test.no"))) as steps::Step);
        let features = vec![
            takt_staff::feature(), takt_customers::feature(), takt_catalog::feature(), takt_orders::feature(), taking_part,
        ];
        let app = TestApp::open(place, features).await;
        let company = crate::desk::company(&app, "А").await;
        let shop = crate::desk::shop(&app, company, "Б").await;
        let mut body = order("1", 1);
        body["terms"] = json!("on_delivery");
        let id = app.write(move |tx| crate::desk::place_body(tx, company, shop, &body)).await.id;
        let refused = app.try_write(move |tx| cancel(tx, &permit(company), id, None, "")).await;
        assert!(refused.expect_err("the step says no").is("test.no"));
        let still = app.read(move |reader| takt_orders::load(reader, company, id)).await;
        assert_eq!(still.stage, Stage::New, "a step that refuses undoes the verb");
        app.write(move |tx| {
            takt_orders::confirm(tx, &permit(company), id)?;
            let line = takt_orders::lines(tx, company, id)?[0].id;
            record_shipped(tx, company, id, &[(line, Quantity::whole(1))], &Actor::system("test"))
        }).await;
        let said = SAID.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for step in ["placed", "shipped"] {
            assert!(said.contains(&format!("{step} {id}")), "{step} in {said:?}");
        }
    }
}

on_both_engines! {
    async fn a_desk_sees_the_nearest_promises_of_the_companies_it_works_for(place: Place) {
        let desk = Desk::open(place).await;
        let mut ids = Vec::new();
        for external_id in ["1", "2", "3"] {
            let mut body = order(external_id, 1);
            body["terms"] = json!("on_delivery");
            ids.push(desk.place(body).await);
            desk.app.clock.advance_seconds(60);
        }
        let (company, from) = (desk.company, desk.app.now());
        let new = NewCompany {
            name: "Обработка".to_owned(),
            kind: OrganisationKind::Desk,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: takt_ui::Lang::Ru,
        };
        let firm = takt_staff::command_line::create_company(&desk.app.db, new).await.expect("a desk");
        let nearest = async || {
            let scope = Scope::Desk { desk: firm, companies: vec![company] };
            let filter = ListFilter { in_work: true, sort: Sort::Promise, limit: 2, ..ListFilter::default() };
            let page = desk.app.read(move |reader| takt_orders::list(reader, &scope, &filter)).await;
            page.items.iter().map(|order| order.id).collect::<Vec<_>>()
        };
        assert_eq!(nearest().await, []);
        let roles = "operator".parse().expect("roles");
        desk.app
            .write(move |tx| {
                let new = engagements::NewEngagement { desk: firm, from, until: None, roles };
                engagements::start(tx, &permit(company), &new)
            })
            .await;
        desk.app.drain().await;
        assert_eq!(nearest().await, ids[..2]);
        let last = ids[2];
        desk.app.write(move |tx| defer(tx, &permit(company), last, None, from.plus_seconds(10)).map(|_| ())).await;
        assert_eq!(nearest().await, [last, ids[0]]);
    }
}
