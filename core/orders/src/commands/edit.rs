use serde_json::{Map, Value};
use takt_customers::Contact;
use takt_kernel::{Fault, Result, money::Money};
use takt_staff::Permit;
use takt_store::{Change, Tx};

use super::{
    place::{new_line, offers_of},
    settle::{enter, moves, save, say, say_if_total_settled_it},
};
use crate::{
    facts::Edited,
    new_order::{self, Delivery, FieldFaults, NewLine},
    order::{Line, LineId, Order, OrderContact, OrderId},
    permissions::EditOrders,
    rows,
    stage::{Reserved, Stage},
    steps,
    totals::{self, Priced},
};

/// What is to be different; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    pub contact: Option<Contact>,
    pub delivery: Option<Delivery>,
    /// All lines there are to be. One that names an id of the order keeps it.
    pub lines: Option<Vec<PatchLine>>,
    pub discount: Option<Money>,
    pub comment: Option<Option<String>>,
    pub extra: Option<Map<String, Value>>,
}

impl Patch {
    /// Nothing is to be different.
    pub fn is_empty(&self) -> bool {
        let Self { contact, delivery, lines, discount, comment, extra } = self;
        contact.is_none()
            && delivery.is_none()
            && lines.is_none()
            && discount.is_none()
            && comment.is_none()
            && extra.is_none()
    }
}

/// Whether [`edit`] refused for what the order is: it left, or is over, and will never be edited again.
pub fn is_closed(fault: &Fault) -> bool {
    ["orders.already_shipped", "orders.already_complete", "orders.already_cancelled"]
        .iter()
        .any(|code| fault.is(code))
}

#[derive(Clone, Debug)]
pub struct PatchLine {
    pub id: Option<LineId>,
    pub line: NewLine,
}

/// Changes an order that has not left yet. Money that came stays with it.
///
/// # Errors
/// `orders.changed_meanwhile`, `orders.already_shipped` and the like, `input.fields`.
pub fn edit(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    expected_version: i64,
    patch: Patch,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(Some(expected_version))?;
    before.may_be_edited()?;
    let old_lines = rows::lines(tx, before.company, id)?;
    let mut after = before.clone();
    let wanted = wanted_lines(&old_lines, &patch)?;
    apply(&mut after, patch, &wanted)?;
    let lines = recompute(tx, &mut after, &old_lines, wanted)?;
    let mut changes = changes_of_order(&before, &after);
    let line_changes = changes_of_lines(&old_lines, &lines);
    let lines_changed = !line_changes.is_empty();
    changes.extend(line_changes);
    if changes.is_empty() {
        return Ok(before);
    }
    if reached_differently(&before, &after) {
        let contact = after.contact.as_given()?;
        after.customer = Some(takt_customers::recognise(tx, after.company, &contact, permit.actor())?);
    }
    if lines_changed {
        after.reserved = Reserved::None;
        rows::replace_lines(tx, &after, &lines)?;
    }
    write(tx, permit, &before, after, &lines, lines_changed, changes)
}

fn write(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    before: &Order,
    mut after: Order,
    lines: &[Line],
    lines_changed: bool,
    mut changes: Vec<Change>,
) -> Result<Order> {
    // As by money: what owes nothing more waits for its confirmation.
    if before.stage == Stage::New && !before.is_paid_in_full() && after.is_paid_in_full() {
        enter(tx, &mut after, Stage::Approval)?;
    }
    changes.extend(moves(before, &after));
    save(tx, before, &mut after)?;
    let fact = Edited {
        total: after.total.to_decimal_string(),
        paid: after.paid.to_decimal_string(),
        in_full: after.is_paid_in_full(),
        pickup: after.delivery.is_pickup(),
        lines_changed,
    };
    say(tx, &after, permit.actor(), &fact, changes)?;
    say_if_total_settled_it(tx, before.is_paid_in_full(), &after, permit.actor())?;
    let buyer = |order: &Order| (order.customer, order.contact.name.clone());
    if buyer(before) != buyer(&after) {
        steps::run(tx, &steps::BUYER_CHANGED, &after, lines, permit.actor())?;
    }
    if lines_changed {
        steps::run(tx, &steps::LINES_CHANGED, &after, lines, permit.actor())?;
    }
    if after.total != before.total {
        steps::run(tx, &steps::TOTAL_CHANGED, &after, lines, permit.actor())?;
    }
    rows::load(tx, after.company, after.id)
}

/// The lines there are to be, each with the id it keeps.
fn wanted_lines(old: &[Line], patch: &Patch) -> Result<Vec<PatchLine>> {
    let Some(lines) = &patch.lines else { return Ok(old.iter().map(as_wanted).collect()) };
    let mut faults = FieldFaults::default();
    let mut seen = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(id) = line.id {
            if !old.iter().any(|old| old.id == id) || seen.contains(&id) {
                faults.push(format!("lines[{index}].id"), "orders.line_unknown");
            }
            seen.push(id);
        }
    }
    let new_lines: Vec<NewLine> = lines.iter().map(|line| line.line.clone()).collect();
    new_order::check_lines(&new_lines, &mut faults);
    faults.into_result(Some(lines.clone()))
}

fn as_wanted(line: &Line) -> PatchLine {
    PatchLine { id: Some(line.id), line: line.as_new() }
}

fn apply(order: &mut Order, patch: Patch, wanted: &[PatchLine]) -> Result<()> {
    let mut faults = FieldFaults::default();
    if let Some(contact) = &patch.contact {
        new_order::check_contact(contact, &mut faults);
        order.contact = OrderContact::from(contact);
    }
    if let Some(delivery) = patch.delivery {
        new_order::check_delivery(&delivery, &mut faults);
        order.delivery = delivery;
    }
    if let Some(comment) = patch.comment {
        new_order::check_comment(comment.as_deref().unwrap_or_default(), &mut faults);
        order.comment = comment;
    }
    if let Some(extra) = patch.extra {
        new_order::check_extra("extra", &extra, &mut faults);
        order.extra = extra;
    }
    order.discount = patch.discount.unwrap_or(order.discount);
    let priced: Vec<Priced> = wanted.iter().map(|wanted| wanted.line.priced()).collect();
    let summed = totals::add_up(order.currency, &priced, order.discount, order.delivery.price);
    faults.merge(summed)?;
    faults.into_result(Some(()))
}

fn recompute(tx: &mut Tx, order: &mut Order, old: &[Line], wanted: Vec<PatchLine>) -> Result<Vec<Line>> {
    let new_lines: Vec<NewLine> = wanted.iter().map(|wanted| wanted.line.clone()).collect();
    let priced: Vec<Priced> = new_lines.iter().map(NewLine::priced).collect();
    let totals = totals::add_up(order.currency, &priced, order.discount, order.delivery.price)?;
    let offers = offers_of(tx, order.company, &new_lines)?;
    (order.goods, order.vat, order.total) = (totals.goods, totals.vat, totals.total);
    let lines = (1..)
        .zip(wanted.iter().zip(&totals.lines))
        .map(|(place, (wanted, total))| {
            let kept = old.iter().find(|old| Some(old.id) == wanted.id);
            let id = kept.map_or_else(|| tx.new_id(), |old| old.id);
            let mut line = new_line(id, place, &wanted.line, total, &offers);
            if let Some(kept) = kept {
                line.reserved = kept.reserved;
            }
            line
        })
        .collect();
    Ok(lines)
}

fn reached_differently(before: &Order, after: &Order) -> bool {
    let reach = |order: &Order| (order.contact.phone.clone(), order.contact.email.clone());
    reach(before) != reach(after) && (after.contact.phone.is_some() || after.contact.email.is_some())
}

fn changes_of_order(before: &Order, after: &Order) -> Vec<Change> {
    let text = |value: &Option<String>| value.clone();
    let amount = |value: Money| Some(value.to_decimal_string());
    let extra = |order: &Order| Some(Value::Object(order.extra.clone()).to_string());
    let name = |order: &Order| Some(order.contact.name.clone());
    let fields = [
        ("customer.name", name(before), name(after), true),
        ("customer.phone", text(&before.contact.phone_given), text(&after.contact.phone_given), true),
        ("customer.email", text(&before.contact.email), text(&after.contact.email), true),
        ("delivery.method", text(&before.delivery.method), text(&after.delivery.method), false),
        ("delivery.address", text(&before.delivery.address), text(&after.delivery.address), true),
        ("delivery.price", amount(before.delivery.price), amount(after.delivery.price), false),
        ("discount", amount(before.discount), amount(after.discount), false),
        ("comment", text(&before.comment), text(&after.comment), true),
        ("extra", extra(before), extra(after), true),
        ("total", amount(before.total), amount(after.total), false),
    ];
    fields
        .into_iter()
        .filter(|(_, old, new, _)| old != new)
        .map(|(path, old, new, personal)| {
            let change = Change::of(path, old, new);
            if personal { change.personal() } else { change }
        })
        .collect()
}

fn changes_of_lines(before: &[Line], after: &[Line]) -> Vec<Change> {
    let mut changes = Vec::new();
    for line in after {
        let old = before.iter().find(|old| old.id == line.id);
        for (path, new) in fields_of(line) {
            let was = old.and_then(|old| fields_of(old).into_iter().find(|(name, _)| *name == path)?.1);
            if was != new {
                changes.push(Change::of(path, was, new).item(line.id.get()));
            }
        }
    }
    for gone in before.iter().filter(|old| after.iter().all(|line| line.id != old.id)) {
        let known = fields_of(gone).into_iter().filter(|(_, old)| old.is_some());
        changes.extend(known.map(|(path, old)| Change::of(path, old, None).item(gone.id.get())));
    }
    changes
}

fn fields_of(line: &Line) -> [(&'static str, Option<String>); 8] {
    [
        ("lines.sku", line.sku.clone()),
        ("lines.name", Some(line.name.clone())),
        ("lines.quantity", Some(line.quantity.to_string())),
        ("lines.unit", Some(line.unit.clone())),
        ("lines.price", Some(line.price.to_string())),
        ("lines.discount", Some(line.discount.to_decimal_string())),
        ("lines.vat", Some(line.vat.to_string())),
        ("lines.total", Some(line.total.to_decimal_string())),
    ]
}
