//! How the embedded engine goes about every statement of the program: what it asks of a table that grows
//! with every order must not cost more with every order. PostgreSQL counts its tables and plans as it finds
//! them; here the plans are the same on every machine, and so is the shape of the indexes they show.

use takt::wiring::{features, without_mail};
use takt_testing::{Place, TestApp};

/// Every order adds to these.
const GROWING: &[&str] = &[
    "account_entry",
    "allocation",
    "bank_line",
    "bank_movement",
    "cabinet_deed",
    "cabinet_instruction",
    "cabinet_question",
    "cabinet_standing",
    "cash_with_carrier",
    "connection_message",
    "customer",
    "credit_part",
    "customer_identity",
    "fact",
    "fact_position",
    "gateway_draft",
    "gateway_request",
    "invoice",
    "invoice_number",
    "job",
    "journal_balance",
    "journal_entry",
    "journal_seal",
    "journal_transaction",
    "journal_unsealed",
    "notice",
    "order_comment",
    "order_intake",
    "order_line",
    "order_payment",
    "order_receipt",
    "orders",
    "payment_claim",
    "personal_value",
    "playbook_tick",
    "refund",
    "refund_part",
    "refund_payment",
    "search_text",
    "shipment",
    "shipment_line",
    "shop_customer",
    "shop_delivery",
    "shop_order",
    "shop_product",
    "slice_work",
    "slice_line",
    "slice_order",
    "slice_pending",
    "slice_sum",
    "stock_movement",
    "stock_reservation",
    "subject_head",
    "task",
    "webhook_attempt",
    "webhook_message",
];

/// Who looks at everything because that is what they are for: proofs, figures of a running node, and deeds
/// that happen once in the life of a company.
const MAY: &[(&str, &str)] = &[
    ("/checks.rs", "proves that the data hold together"),
    ("/samples.rs", "counts in an order that an index has, and stops early"),
    ("/verbs/doctor/", "looks once, when asked"),
    ("store/src/check.rs", "proves that the log holds together"),
    ("work/src/waiting.rs", "says what waits, when asked"),
    ("work/src/set_back.rs", "the clock was set back"),
    ("work/src/again.rs", "those that failed, when a person asks"),
    ("work/src/jobs/lease.rs", "the program has just started, alone"),
    ("orders/src/reactions.rs", "the company changes its desk; orders in work"),
    ("payments/src/import/process.rs", "the company names another account of its own; lines held for one"),
    ("payments/src/journal/balances.rs", "the books as a whole, and all of them made anew"),
    ("payments/src/journal/chain.rs", "what is posted and not sealed yet, some dozen rows"),
    ("payments/src/journal/proof.rs", "the check that hashes all anew"),
    ("customers/src/queries.rs", "the few that were merged, by their index"),
    ("slices/src/fill.rs", "forgets all that was added up of a company, when asked"),
    ("slices/src/fold.rs", "the orders that wait, some dozen"),
];

fn reads_too_much(step: &str) -> bool {
    let mut words = step.split(' ');
    let (verb, table) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let whole_company = verb == "SEARCH" && step.ends_with("(company_id=?)");
    GROWING.contains(&table) && (verb == "SCAN" || whole_company)
}

#[tokio::test]
async fn no_statement_reads_all_of_what_grows_with_every_order() {
    let app = TestApp::open(Place::sqlite(), features(without_mail().expect("an address"))).await;
    let plans = app.db.plans().await.expect("plans");
    assert!(plans.len() > 300, "only {} statements were found", plans.len());
    let wrong: Vec<String> = plans
        .iter()
        .filter(|(place, _)| !place.contains("/tests/") && !MAY.iter().any(|(who, _)| place.contains(who)))
        .flat_map(|(place, steps)| steps.iter().map(move |step| (place, step)))
        .filter(|(_, step)| reads_too_much(step))
        .map(|(place, step)| format!("{place}: {step}"))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}
