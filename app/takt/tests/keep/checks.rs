//! Every check of every feature has its texts and can fail.

use std::collections::BTreeSet;

use takt::wiring::{assemble, features, without_mail};
use takt_store::{CHECKS, Tx, Wrong, checks};
use takt_testing::{TestApp, on_both_engines};
use takt_ui::Lang;

#[test]
fn every_check_says_in_both_languages_what_must_hold_and_what_to_do() {
    let wiring = assemble(without_mail().expect("an address"));
    let mut seen = BTreeSet::new();
    for check in wiring.slots.of(&CHECKS).flat_map(|checks| checks.iter()) {
        assert!(seen.insert(check.code), "{} stands twice", check.code);
        for lang in Lang::ALL {
            for key in [check.key(), format!("{}-do", check.key())] {
                assert!(wiring.texts.find(lang, &key, &[]).is_some(), "{key} in {lang}");
            }
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}

/// Rows as nobody may write them, and the check that finds each.
const BROKEN: &[(&str, &[&str])] = &[
    (
        "log.chains_are_unbroken",
        &["insert into subject_head (company_id, subject_kind, subject_id, n, at) values (1, 'order', 900, 2, 0)"],
    ),
    (
        "log.facts_have_a_head",
        &["insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
           values (9, 1, 'order', 901, 1, 'x', 1, 0, '{}', '{}')"],
    ),
    (
        "log.every_fact_has_one_place",
        &["insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
           values (10, 1, 'order', 902, 1, 'x', 1, 0, '{}', '{}')"],
    ),
    (
        "log.every_fact_is_heard_in_its_turn",
        &["insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
           values (900, 11, 1, 'order', 903, 5, 'x', 0)"],
    ),
    (
        "log.places_are_those_of_facts",
        &["insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
           values (901, 12, 1, 'order', 904, 1, 'x', 0)"],
    ),
    (
        "log.time_does_not_run_back",
        &[
            "insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
             values (13, 1, 'order', 905, 1, 'x', 1, 5, '{}', '{}')",
            "insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
             values (14, 1, 'order', 905, 2, 'x', 1, 4, '{}', '{}')",
        ],
    ),
    (
        "log.ids_are_below_their_block",
        &["insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
           values (9000000000000, 1, 'order', 906, 1, 'x', 1, 0, '{}', '{}')"],
    ),
    (
        "work.cursors_are_within_the_log",
        &["insert into reaction_cursor (listener, lane, position) values ('test', 0, 900000000)"],
    ),
    (
        "work.parked_facts_are_there",
        &["insert into parked_subject (listener, company_id, subject_kind, subject_id, lane, n, fact_id, fact_kind,
             parked_at, attempts, retry_at, last_error)
           values ('test', 1, 'order', 907, 0, 1, 15, 'x', 0, 1, 9000000000000000, '')"],
    ),
    (
        "work.jobs_wait_or_are_dead",
        &["insert into job (company_id, id, kind, payload, enqueued_at, attempts) values (1, 16, 'x', '{}', 0, 0)"],
    ),
    (
        "webhooks.only_the_first_of_a_line_is_due",
        &["insert into webhook_message (company_id, id, endpoint_id, kind, subject_kind, subject_id, n, lane, body,
             state, attempts, followers, created_at, queued_at)
           values (1, 9101, 1, 'x', 'order', 908, 1, 0, '{}', 'waiting', 0, 0, 1, 1)"],
    ),
    (
        "webhooks.settled_have_their_moment",
        &["insert into webhook_message (company_id, id, endpoint_id, kind, subject_kind, subject_id, n, lane, body,
             state, attempts, followers, created_at, queued_at)
           values (1, 9102, 1, 'x', 'order', 909, 1, 0, '{}', 'delivered', 1, 0, 1, 1)"],
    ),
    (
        "webhooks.attempts_are_of_messages",
        &["insert into webhook_attempt (company_id, id, message_id, endpoint_id, at, status, micros, reply)
           values (1, 9103, 9104, 1, 1, 200, 1, '')"],
    ),
    (
        "payments.books_balance",
        &[
            "insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at)
             values (1, 17, 'test', '1', '2026-11-22', 0)",
            "insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
             values (1, 17, 1, 'bank:1', 'debit', 100, 'RUB')",
        ],
    ),
    (
        "payments.orders_are_paid_by_allocations",
        &["insert into allocation (company_id, id, line_id, invoice_id, order_id, amount_minor, currency, actor, at)
           values (1, 18, 1, 1, 1, 5, 'RUB', '{}', 0)"],
    ),
    (
        "payments.movements_are_those_of_lines",
        &["insert into bank_movement (company_id, key, line_id) values (1, 'x', 19)"],
    ),
    (
        "payments.journal_is_chained",
        &["insert into journal_head (company_id, number, hash, called) values (1, 3, 'x', {no})"],
    ),
    (
        "payments.journal_is_sealed_or_waits",
        &["insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at)
           values (1, 40, 'test', '40', '2026-11-22', 0)"],
    ),
    (
        "payments.balances_are_those_of_the_journal",
        &["insert into journal_balance (company_id, entity_id, account, currency, debit_minor, credit_minor, entries)
           values (1, 1, 'bank:1', 'RUB', 5, 0, 1)"],
    ),
    (
        "payments.accounts_run_on",
        &["insert into account_entry (company_id, entity_id, account, currency, number, transaction_id, n, balance_minor)
           values (1, 1, 'bank:1', 'RUB', 1, 999, 1, 5)"],
    ),
    (
        "payments.guarded_accounts_are_not_overdrawn",
        &["insert into guarded_balance (company_id, entity_id, account, currency, balance_minor)
           values (1, 1, 'customer_credit:1', 'RUB', 5)"],
    ),
    (
        "payments.refunds_are_confirmed_by_lines",
        &["insert into refund (company_id, id, entity_id, cause, state, amount_minor, confirmed_minor, currency, created_at, version)
           values (1, 41, 1, 'credit', 'sent', 5, 3, 'RUB', 0, 1)"],
    ),
    (
        "payments.carriers_owe_what_they_took_in",
        &["insert into cash_with_carrier (company_id, order_id, amount_minor) values (1, 43, 5)"],
    ),
    (
        "payments.buyers_owe_what_their_orders_do",
        &["insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
           values (1, 44, 1, 'receivable:1', 'debit', 100, 'RUB')"],
    ),
    (
        "payments.reversals_make_up",
        &[
            "insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at, reverses)
             values (1, 42, 'test', '42', '2026-11-22', 0, 999)",
            "insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
             values (1, 42, 1, 'bank:1', 'debit', 100, 'RUB')",
        ],
    ),
    (
        "payments.allocations_are_undone_within_themselves",
        &["insert into allocation (company_id, id, line_id, invoice_id, order_id, amount_minor, currency, actor, at, reverses)
           values (1, 20, 1, 1, 1, -5, 'RUB', '{}', 0, 999)"],
    ),
    (
        "payments.files_have_all_their_lines",
        &["insert into bank_import (company_id, id, file_name, file_hash, format, state, documents, warnings, accounts,
             voucher_id, came_by, created_at)
           values (1, 21, 'x', 'x', 'x', 'accepted', 3, '[]', '[]', 1, 'test', 0)"],
    ),
    (
        "payments.invoices_ask_for_what_is_owed",
        &["insert into invoice (company_id, id, reference, order_id, order_number, payer_name, currency, total_minor,
             residual_minor, state, issued_on, issued_at)
           values (1, 22, 'x', 999, '999', 'x', 'RUB', 100, 100, 'open', '2026-11-22', 0)"],
    ),
    (
        "orders.counts_are_those_of_rows",
        &["insert into order_count (company_id, shop_id, stage, status, orders) values (1, 1, 'new', 'new', 3)"],
    ),
    (
        "orders.what_was_taken_in_is_there",
        &["insert into order_intake (company_id, shop_id, external_id, order_id, digest, content)
           values (1, 1, 'x', 999, 'x', 'x')"],
    ),
    (
        "stock.levels_are_the_sums_of_movements",
        &[
            "insert into warehouse (company_id, id, name, place, archived, created_at)
             values (1, 23, 'x', 1, {no}, 0)",
            "insert into stock_level (company_id, offer_id, warehouse_id, on_hand, held, updated_at)
             values (1, 1, 23, 5, 0, 0)",
        ],
    ),
    (
        "stock.held_is_the_sum_of_reservations",
        &[
            "insert into warehouse (company_id, id, name, place, archived, created_at)
             values (1, 24, 'y', 1, {no}, 0)",
            "insert into stock_level (company_id, offer_id, warehouse_id, on_hand, held, updated_at)
             values (1, 1, 24, 5, 2, 0)",
        ],
    ),
    (
        "stock.orders_know_what_is_held_for_them",
        &[
            "insert into warehouse (company_id, id, name, place, archived, created_at)
             values (1, 25, 'z', 1, {no}, 0)",
            "insert into stock_level (company_id, offer_id, warehouse_id, on_hand, held, updated_at)
             values (1, 1, 25, 5, 2, 0)",
            "insert into stock_reservation (company_id, order_id, line_id, warehouse_id, offer_id, quantity)
             values (1, 999, 1, 25, 1, 2)",
        ],
    ),
    (
        "notifications.sent_have_their_moment",
        &["insert into notice (company_id, id, order_id, fact_id, channel, event, language, recipient, subject, body,
             message_id, state, round, attempts, created_at, queued_at, updated_at)
           values (1, 26, 1, 1, 'email', 'x', 'ru', 'x', 'x', 'x', 'one', 'sent', 1, 1, 0, 0, 0)"],
    ),
    (
        "notifications.tell_one_thing_each",
        &[
            "insert into notice (company_id, id, order_id, fact_id, channel, event, language, recipient, subject, body,
               message_id, state, round, attempts, created_at, queued_at, updated_at)
             values (1, 27, 1, 1, 'email', 'x', 'ru', 'x', 'x', 'x', 'two', 'queued', 1, 1, 0, 0, 0)",
            "insert into notice (company_id, id, order_id, fact_id, channel, event, language, recipient, subject, body,
               message_id, state, round, attempts, created_at, queued_at, updated_at)
             values (1, 28, 1, 2, 'email', 'x', 'ru', 'x', 'x', 'x', 'two', 'queued', 1, 1, 0, 0, 0)",
        ],
    ),
    (
        "shipments.belong_to_orders",
        &["insert into shipment (company_id, id, shop_id, order_id, order_number, state, places, search, packed_at)
           values (1, 29, 1, 999, 'x', 'packed', 1, '', 0)"],
    ),
    (
        "gateway.requests_made_orders",
        &["insert into gateway_request (company_id, shop_id, request_key, digest, order_id, at)
           values (1, 1, 'x', 'x', 999, 0)"],
    ),
    (
        "staff.memberships_join_what_is_there",
        &["insert into membership (organisation_id, person_id, role, since) values (998, 999, 'owner', 0)"],
    ),
    (
        "staff.engagements_join_what_is_there",
        &["insert into engagement (company_id, id, desk_id, from_at, roles, created_at) values (998, 30, 999, 0, '', 0)"],
    ),
    (
        "customers.merges_lead_somewhere",
        &[
            "insert into customer (company_id, id, name, note, search, merged_into, version, created_at, updated_at)
             values (1, 31, 'x', '', '', 31, 1, 0, 0)",
        ],
    ),
];

on_both_engines! {
    async fn checks_hold_on_fresh_data_and_each_finds_what_it_is_for(place: Place) {
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        app.drain().await;
        let all = app.read(|reader| Ok(checks(reader).iter().map(|check| check.code).collect::<Vec<_>>())).await;
        for code in &all {
            assert_eq!(found(&app, code).await, [], "{code} on fresh data");
        }
        let no = match app.db.engine() {
            takt_store::Engine::Sqlite => "0",
            takt_store::Engine::Postgres => "false",
        };
        for (code, broken) in BROKEN {
            let statements: Vec<String> = broken.iter().map(|text| text.replace("{no}", no)).collect();
            // Undone again, so that each is found by itself.
            let (code, run) = (*code, statements.clone());
            let found = app
                .try_write(move |tx| {
                    let mut found = Vec::new();
                    let undone: takt_kernel::Result<()> = tx.savepoint(|tx| {
                        found = find(tx, code, &run)?;
                        Err(takt_kernel::Fault::conflict("test.undone"))
                    });
                    undone.or_else(|fault| if fault.is("test.undone") { Ok(()) } else { Err(fault) })?;
                    Ok(found)
                })
                .await
                .unwrap_or_else(|fault| panic!("{code}: {fault:?}"));
            assert!(!found.is_empty(), "{code} found nothing in {statements:?}");
        }
    }
}

fn find(tx: &mut Tx<'_>, code: &str, statements: &[String]) -> takt_kernel::Result<Vec<Wrong>> {
    for statement in statements {
        tx.execute_of(&takt_store::Statement::new("").push(statement))?;
    }
    let check = checks(tx).into_iter().find(|check| check.code == code).expect("a check");
    (check.look)(tx)
}

async fn found(app: &TestApp, code: &'static str) -> Vec<Wrong> {
    app.read(move |reader| {
        let check = checks(reader).into_iter().find(|check| check.code == code).expect("a check");
        (check.look)(reader)
    })
    .await
}
