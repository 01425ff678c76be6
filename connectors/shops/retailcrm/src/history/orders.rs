//! The history of orders.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use takt_orders::{Line, Order, OrderId, SeeOrders, facts as said};
use takt_store::{Change, Query, RecordedFact, Statement, facts::of_subject};

use super::{Row, Wanted, answer, coded, look, text};
use crate::{
    orders::{
        payments::Payment,
        write::{self, Name, number},
    },
    wire::{
        endpoint::{Answer, Call},
        lenient::filled,
        refusal::Refusal,
        time,
    },
};

/// Facts of one order that are looked through for a line that is gone.
const MOST_PAST: i64 = 1_000;

/// Said by shipments, of which no more than this is known here.
const DISPATCHED: &str = "shipments.dispatched";

/// The most frequent facts that change nothing of what a history tells of.
const SILENT: [&str; 7] = [
    said::RESERVED,
    "stock.reserved",
    "stock.released",
    "stock.issued",
    "payments.expected",
    "shipments.packed",
    "shipments.delivered",
];

/// GET orders/history.
pub(crate) fn history(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeOrders>()?;
    let wanted = Wanted::read(call)?;
    let only = only(db, call, &wanted)?;
    let mut known = Known::default();
    let found = look(
        db,
        call,
        &wanted,
        (said::SUBJECT, only.map(OrderId::get)),
        |statement| narrowed(statement, call),
        |db, facts| {
            known.look_up(db, call, &facts)?;
            let gone = gone(db, call, &facts, &known.lines)?;
            let told = facts
                .into_iter()
                .filter(|fact| known.orders.contains_key(&order_of(fact)))
                .map(|fact| {
                    let id = order_of(&fact);
                    let beside = Beside {
                        call,
                        order: known.orders.get(&id),
                        lines: known.lines.get(&id).map_or(&[][..], Vec::as_slice),
                        gone: &gone,
                        payments: known.payments.get(&id).map_or(&[][..], Vec::as_slice),
                    };
                    let rows = beside.rows(&fact);
                    (fact, rows)
                })
                .filter(|(_, rows)| !rows.is_empty())
                .collect();
            Ok(told)
        },
    )?;
    let told: BTreeSet<OrderId> = found.facts.iter().map(|(fact, _)| order_of(fact)).collect();
    let shown: Vec<(OrderId, i64)> =
        told.iter().filter_map(|id| known.orders.get(id)).map(|order| (order.id, order.version)).collect();
    let created: BTreeSet<OrderId> = found
        .facts
        .iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.created))
        .map(|(fact, _)| order_of(fact))
        .collect();
    let stubs: BTreeMap<OrderId, Value> =
        known.orders.values().map(|order| (order.id, stub(call, order))).collect();
    let mut whole = write::of_known(db, call, known.only(&created))?;
    let (answer, more) = answer(db, call, &wanted, found, |fact, row| {
        let id = order_of(fact);
        let whole = if row.created { whole.remove(&id) } else { None };
        let body = match whole {
            Some(told) => told.body,
            None => stubs.get(&id).cloned().unwrap_or(Value::Null),
        };
        Some(("order", body))
    })?;
    // Who has read to the end knows these orders as they stand.
    Ok(if more { answer } else { answer.shown(shown) })
}

/// Of orders of the shop, without most of what makes no rows.
fn narrowed(statement: Statement, call: &Call) -> Statement {
    const NAMES: [&str; 7] = ["kind_1", "kind_2", "kind_3", "kind_4", "kind_5", "kind_6", "kind_7"];
    statement
        .push("\nand fact_position.kind not in (")
        .push_list(&NAMES, SILENT)
        .push(
            ")
             and (select orders.shop_id
               from orders
               where orders.company_id = :company_id and orders.id = fact_position.subject_id) = :shop_id",
        )
        .bind("shop_id", call.shop())
}

/// The orders that the facts are about, with what rows and whole orders are made of.
#[derive(Default)]
struct Known {
    orders: BTreeMap<OrderId, Order>,
    lines: BTreeMap<OrderId, Vec<Line>>,
    payments: BTreeMap<OrderId, Vec<Payment>>,
}

impl Known {
    fn look_up(
        &mut self,
        db: &mut dyn Query,
        call: &Call,
        facts: &[RecordedFact],
    ) -> takt_kernel::Result<()> {
        let ids: BTreeSet<OrderId> = facts.iter().map(order_of).collect();
        let ids: Vec<OrderId> = ids.into_iter().filter(|id| !self.orders.contains_key(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let known = write::Known::of(db, call, &ids)?;
        let orders = known.orders.into_iter().filter(|order| order.shop == call.shop());
        self.orders.extend(orders.map(|order| (order.id, order)));
        self.lines.extend(known.lines);
        self.payments.extend(known.payments);
        Ok(())
    }

    /// What is known of these alone.
    fn only(mut self, ids: &BTreeSet<OrderId>) -> write::Known {
        self.lines.retain(|id, _| ids.contains(id));
        self.payments.retain(|id, _| ids.contains(id));
        let orders = self.orders.into_values().filter(|order| ids.contains(&order.id)).collect();
        write::Known { orders, lines: self.lines, payments: self.payments }
    }
}

fn order_of(fact: &RecordedFact) -> OrderId {
    OrderId::new(fact.subject_id)
}

/// The one order that is asked about.
fn only(db: &mut dyn Query, call: &Call, wanted: &Wanted) -> Result<Option<OrderId>, Refusal> {
    if let Some(id) = filled(wanted.filter.order_id.as_ref()) {
        let id = id.parse().map_err(|_| Refusal::parameter("filter.orderId", "This value is not valid."))?;
        return Ok(Some(id));
    }
    let Some(external_id) = filled(wanted.filter.order_external_id.as_ref()) else { return Ok(None) };
    let found = takt_orders::by_external_id(db, call.company(), call.shop(), external_id)?;
    Ok(Some(found.unwrap_or(OrderId::new(0))))
}

/// An order in rows after its first.
fn stub(call: &Call, order: &Order) -> Value {
    let mut body = json!({ "id": order.id.get(), "site": call.site.code, "status": order.status });
    if let Some(external_id) = &order.external_id {
        body["externalId"] = json!(external_id);
    }
    body
}

/// What was ordered by lines that changed and are no longer there: the facts before know it.
fn gone(
    db: &mut dyn Query,
    call: &Call,
    facts: &[RecordedFact],
    lines: &BTreeMap<OrderId, Vec<Line>>,
) -> takt_kernel::Result<BTreeMap<i64, String>> {
    let mut skus = BTreeMap::new();
    let mut asked = BTreeSet::new();
    for fact in facts {
        let id = order_of(fact);
        let there =
            |item: i64| lines.get(&id).is_none_or(|lines| lines.iter().any(|line| line.id.get() == item));
        let missing = fact.changes.iter().filter_map(|change| change.item).any(|item| !there(item));
        if !missing || !asked.insert(id) {
            continue;
        }
        for past in of_subject(db, call.company(), said::SUBJECT, id.get(), 0, MOST_PAST)? {
            if past.kind == said::PLACED
                && let Ok(placed) = past.read::<said::Placed>()
            {
                skus.extend(placed.lines.into_iter().filter_map(|line| Some((line.line.get(), line.sku?))));
            }
            for change in past.changes.iter().filter(|change| change.path == "lines.sku") {
                if let (Some(item), Some(sku)) = (change.item, change.new.clone()) {
                    skus.insert(item, sku);
                }
            }
        }
    }
    Ok(skus)
}

struct Beside<'a> {
    call: &'a Call,
    order: Option<&'a Order>,
    lines: &'a [Line],
    gone: &'a BTreeMap<i64, String>,
    payments: &'a [Payment],
}

impl Beside<'_> {
    fn rows(&self, fact: &RecordedFact) -> Vec<Row> {
        let mut rows = Vec::new();
        match fact.kind.as_str() {
            said::PLACED | said::RECORDED => {
                let status = self.body(fact, "status");
                rows.push(Row { created: true, ..Row::of("status", Value::Null, coded(status.as_deref())) });
                return rows;
            }
            said::PAID if self.is_true(fact, "in_full") => rows.extend(self.paid(fact)),
            said::COMMENTED => {
                let comment = self.order.and_then(|order| order.last_comment.as_deref());
                rows.push(Row::of("manager_comment", Value::Null, text(comment)));
            }
            said::SHIPPED if self.is_true(fact, "all") => {
                rows.push(Row::of("shipped", json!(false), json!(true)));
            }
            DISPATCHED => {
                if let Some(number) = self.body(fact, "tracking") {
                    let field = "integration_delivery_data.track_number";
                    rows.push(Row::of(field, Value::Null, json!(number)));
                }
            }
            _ => {}
        }
        rows.extend(self.changed(fact));
        rows
    }

    fn body(&self, fact: &RecordedFact, name: &str) -> Option<String> {
        let body = fact.read::<Value>().ok()?;
        body.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn is_true(&self, fact: &RecordedFact, name: &str) -> bool {
        fact.read::<Value>().ok().is_some_and(|body| body.get(name) == Some(&Value::Bool(true)))
    }

    fn paid(&self, fact: &RecordedFact) -> Vec<Row> {
        let at = time::written(fact.at, &self.call.site.zone);
        let mut rows = vec![Row::of("full_paid_at", Value::Null, json!(at))];
        for payment in self.payments {
            let mut beside =
                json!({ "id": payment.id.get(), "type": payment.kind, "status": "paid", "paidAt": at });
            if let Some(external_id) = &payment.external_id {
                beside["externalId"] = json!(external_id);
            }
            let before = coded(Some(payment.status.as_deref().unwrap_or("not-paid")));
            rows.push(Row::of("payments.status", before, coded(Some("paid"))).beside("payment", beside));
        }
        rows
    }

    fn changed(&self, fact: &RecordedFact) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut items: Vec<i64> = Vec::new();
        for change in &fact.changes {
            match change.item {
                Some(item) if !items.contains(&item) => {
                    items.push(item);
                    rows.extend(self.item(fact, item));
                }
                Some(_) => {}
                None => rows.extend(of_order(change)),
            }
        }
        rows
    }

    /// What became of one line.
    fn item(&self, fact: &RecordedFact, id: i64) -> Vec<Row> {
        let changes: Vec<&Change> = fact.changes.iter().filter(|change| change.item == Some(id)).collect();
        let of = |path: &str| changes.iter().find(|change| change.path == path);
        let line = self.lines.iter().find(|line| line.id.get() == id);
        let sku = line
            .and_then(|line| line.sku.clone())
            .or_else(|| self.gone.get(&id).cloned())
            .or_else(|| of("lines.sku").and_then(|change| change.old.clone().or_else(|| change.new.clone())));
        let mut item = json!({ "id": id });
        if let Some(sku) = sku {
            item["offer"] = json!({ "externalId": sku });
        }
        if let Some(line) = line {
            if let Some(offer) = line.offer {
                item["offer"]["id"] = json!(offer.get());
            }
            if let Some(ids) = line.extra.get(crate::orders::read::EXTERNAL_IDS) {
                item["externalIds"] = ids.clone();
            }
        }
        let name = of("lines.name");
        if name.is_some_and(|change| change.old.is_none()) {
            if let Some(line) = line {
                item["quantity"] = write::pieces(line.quantity);
                item["initialPrice"] = write::price(line.price);
            }
            return vec![Row::of("order_product", Value::Null, json!({ "id": id })).beside("item", item)];
        }
        if name.is_some_and(|change| change.new.is_none()) {
            return vec![Row::of("order_product", json!({ "id": id }), Value::Null).beside("item", item)];
        }
        const FIELDS: [(&str, &str); 5] = [
            ("lines.quantity", "order_product.quantity"),
            ("lines.price", "order_product.initial_price"),
            ("lines.discount", "order_product.discount_total"),
            ("lines.vat", "order_product.vat_rate"),
            ("lines.total", "order_product.summ"),
        ];
        FIELDS
            .into_iter()
            .filter_map(|(ours, theirs)| {
                let change = of(ours)?;
                let value = |text: &Option<String>| match text.as_deref() {
                    Some("none") | None => Value::Null,
                    Some(text) => number(text),
                };
                let row = Row::of(theirs, value(&change.old), value(&change.new));
                Some(row.beside("item", item.clone()))
            })
            .collect()
    }
}

/// A changed field of the order itself.
fn of_order(change: &Change) -> Vec<Row> {
    let (old, new) = (change.old.as_deref(), change.new.as_deref());
    let amount = |text: Option<&str>| text.map_or(Value::Null, number);
    match change.path.as_str() {
        "status" => vec![Row::of("status", coded(old), coded(new))],
        "customer.name" => {
            let (old, new) = (Name::of(old.unwrap_or_default()), Name::of(new.unwrap_or_default()));
            let parts = [
                ("first_name", old.first, new.first),
                ("last_name", old.last, new.last),
                ("patronymic", old.middle, new.middle),
            ];
            parts
                .into_iter()
                .filter(|(_, old, new)| old != new)
                .map(|(field, old, new)| Row::of(field, text(Some(&old)), text(Some(&new))))
                .collect()
        }
        "customer.phone" => vec![Row::of("phone", text(old), text(new))],
        "customer.email" => vec![Row::of("email", text(old), text(new))],
        "delivery.method" => vec![Row::of("delivery_type", coded(old), coded(new))],
        "delivery.address" => vec![Row::of("delivery_address.text", text(old), text(new))],
        "delivery.price" => vec![Row::of("delivery_cost", amount(old), amount(new))],
        "discount" => vec![Row::of("discount_manual_amount", amount(old), amount(new))],
        "comment" => vec![Row::of("customer_comment", text(old), text(new))],
        "cancel_reason" => vec![Row::of("status_comment", text(old), text(new))],
        "external_id" => vec![Row::of("external_id", text(old), text(new))],
        "tracking" => vec![Row::of("integration_delivery_data.track_number", text(old), text(new))],
        _ => Vec::new(),
    }
}
