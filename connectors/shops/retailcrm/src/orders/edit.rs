//! A shop's change of an order. Modules send whole orders for whatever changed, so what the shop changed
//! is found by what it said before: the rest may be older than what the desk has made of the order since.

use serde_json::Value;
use takt_catalog::OfferId;
use takt_connections::merge::{DeliveryNames, Merge as Parts};
use takt_customers::default_region;
use takt_kernel::money::{Currency, Money};
use takt_orders::{
    EditOrders, Line, LineId, NewLine, Order, OrderId, Patch, PatchLine, by_external_id, edit as edit_order,
    is_closed, lines as lines_of, load,
};
use takt_store::{Query, Tx};

use super::{
    create, nobody, payments,
    read::{self, EXTERNAL_IDS},
    sent::{self, Sent},
    status, write,
};
use crate::{
    corporate, differences,
    model::order::{ItemIn, OrderIn},
    wire::{
        endpoint::{Answer, By, Call, Done},
        lenient::{Number, filled},
        refusal::Refusal,
    },
    words,
};

/// POST orders/{id}/edit.
pub(crate) fn edit(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let order: OrderIn = call.fields.json("order")?;
    call.expect_asked_site()?;
    call.expect_site(order.site.as_ref())?;
    let Some(id) = find(tx, call, call.segment(1))? else {
        return match call.by()? {
            By::ExternalId => create::heal(tx, call, &order)?.ok_or_else(Refusal::not_found),
            By::Id => Err(Refusal::not_found()),
        };
    };
    let mut notes = Vec::new();
    change(tx, call, id, &order, &mut notes)?;
    let about = create::about(&OrderIn { external_id: order.external_id.clone(), ..OrderIn::default() });
    Ok(Done::from(answer(tx, call, id)?).about(about).notes(notes))
}

pub(crate) fn answer(db: &mut dyn Query, call: &Call, id: OrderId) -> Result<Answer, Refusal> {
    let body = write::orders(db, call, &[id])?.pop().unwrap_or(Value::Null);
    Ok(Answer::ok().with("id", id.get()).with("order", body))
}

/// The order of this shop that a path names.
pub(crate) fn find(db: &mut dyn Query, call: &Call, named: &str) -> Result<Option<OrderId>, Refusal> {
    let id = match call.by()? {
        By::ExternalId => by_external_id(db, call.company(), call.shop(), named)?,
        By::Id => named.parse().ok(),
    };
    let Some(id) = id else { return Ok(None) };
    match load(db, call.company(), id) {
        Ok(order) if order.shop == call.shop() => Ok(Some(id)),
        Ok(_) => Ok(None),
        Err(fault) if fault.kind() == takt_kernel::Kind::Missing => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    said: &OrderIn,
    notes: &mut Vec<String>,
) -> Result<(), Refusal> {
    let company = call.company();
    let before = load(tx, company, id)?;
    let old_lines = lines_of(tx, company, id)?;
    let known = sent::of(tx, company, &[id])?.pop().map(|(_, sent)| sent).unwrap_or_default();
    let mut times = known.times.clone();
    let said = nobody::said_of(tx, &before, said, notes)?;
    let Some(said) = times.take(call, &words::ORDER, &said, notes)? else { return Ok(()) };
    let said = &said;
    // What the shop knew when a message that waited was written is not known any more.
    let fresh = !call.waited && known.seen_version >= before.version;
    let merge = Merge { call, before: &before, old_lines: &old_lines, known: &known, fresh };
    let patch = merge.patch(tx, said, notes)?;
    let mut after = before.clone();
    if !patch.is_empty() {
        let permit = call.permit::<EditOrders>()?;
        let edited = create::part(tx, |tx| Ok(edit_order(tx, &permit, id, before.version, patch)?));
        match edited {
            Ok(edited) => after = edited,
            // What left cannot be changed any more: the shop is told by the order as it stands.
            Err(refusal) if refusal.fault.as_ref().is_some_and(is_closed) => {
                notes.push(format!("order ({})", refusal.into_fault().code()));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if said.payments.is_some() {
        let known = payments::of_orders(tx, call, &[id])?.remove(&id).unwrap_or_default();
        payments::keep_all(tx, call, id, said, &known, notes)?;
    }
    corporate::ordered::keep(tx, call, id, after.customer, said, notes)?;
    if let Some(wanted) = filled(said.status.as_ref())
        && (fresh || filled(known.order.status.as_ref()) != Some(wanted))
    {
        after = status::follow(tx, call, after, wanted, notes)?;
    }
    let seen = if fresh { after.version } else { known.seen_version };
    let whole = sent::over(&known.order, said);
    let last = Sent { order: whole, times, seen_version: seen };
    sent::keep(tx, call, id, &last)?;
    let words = (&known.order, &last.order);
    differences::edited(tx, call, &after, said, words, !notes.is_empty())?;
    Ok(())
}

/// What the shop says now, what it said before, and how the order stands.
struct Merge<'a> {
    call: &'a Call,
    before: &'a Order,
    old_lines: &'a [Line],
    known: &'a Sent,
    /// The shop knows the order as it stands: whatever it says differently, it means.
    fresh: bool,
}

const CONTRAGENT: &str = "contragent";
const DELIVERY: DeliveryNames =
    DeliveryNames { method: "delivery.code", address: "delivery.address", price: "delivery.cost" };

impl Merge<'_> {
    fn patch(&self, tx: &mut Tx<'_>, said: &OrderIn, notes: &mut Vec<String>) -> Result<Patch, Refusal> {
        let currency = self.before.currency;
        let whole = sent::over(&self.known.order, said);
        let region = default_region(tx, self.call.company())?;
        let mut patch = Patch::default();

        let says_contact = [&said.first_name, &said.last_name, &said.patronymic, &said.phone, &said.email]
            .iter()
            .any(|field| field.is_some());
        if says_contact {
            let now = read::contact(&whole, &region, notes);
            let was = read::contact(&self.known.order, &region, &mut Vec::new());
            patch.contact = self.parts(notes).contact(&self.before.contact, &now, &was)?;
        }
        if said.delivery.is_some() {
            let now = read::delivery(whole.delivery.as_ref(), currency)?;
            let was = read::delivery(self.known.order.delivery.as_ref(), currency)?;
            patch.delivery = self.parts(notes).delivery(&DELIVERY, &self.before.delivery, &now, &was);
        }
        if said.customer_comment.is_some() {
            let comment = |order: &OrderIn| filled(order.customer_comment.as_ref()).map(str::to_owned);
            let (now, was) = (comment(said), comment(&self.known.order));
            if self.parts(notes).means("customerComment", &now, &was, &self.before.comment) {
                patch.comment = Some(now);
            }
        }
        let old: Vec<NewLine> = self.old_lines.iter().map(Line::as_new).collect();
        let mut lines = old.clone();
        if said.items.is_some() {
            let wanted = self.lines(tx, said, notes)?;
            if differ(&wanted, self.old_lines) {
                lines = wanted.iter().map(|wanted| wanted.line.clone()).collect();
                patch.lines = Some(wanted);
            }
        }
        patch.discount = self.discount(said, &whole, (&lines, &old), notes)?;
        let mut said_extra = corporate::ordered::extra(tx, self.call, said, read::extra(said))?;
        if !self.before.extra.contains_key(CONTRAGENT) {
            // We answer so of everybody.
            said_extra.retain(|name, said| name != CONTRAGENT || *said != write::individual());
        }
        let extra: serde_json::Map<String, Value> =
            self.before.extra.clone().into_iter().chain(said_extra).collect();
        if extra != self.before.extra {
            patch.extra = Some(extra);
        }
        Ok(patch)
    }

    /// The discount of the whole order. A percentage that the shop only repeats, or says nothing of, is another amount
    /// once the goods are others; it is followed as long as the desk has given no other discount.
    fn discount(
        &self,
        said: &OrderIn,
        whole: &OrderIn,
        (lines, old): (&[NewLine], &[NewLine]),
        notes: &mut Vec<String>,
    ) -> Result<Option<Money>, Refusal> {
        let words = |order: &OrderIn| {
            let number = |number: Option<Number>| number.unwrap_or_default();
            (number(order.discount_manual_amount), number(order.discount_manual_percent))
        };
        let is_said = said.discount_manual_amount.is_some() || said.discount_manual_percent.is_some();
        let is_share = !words(whole).1.0.is_zero();
        if !is_said && !is_share {
            return Ok(None);
        }
        let now = read::discount(whole, lines, self.before.currency)?;
        let was = read::discount(&self.known.order, old, self.before.currency)?;
        let is_taken = if is_said && (self.fresh || words(whole) != words(&self.known.order)) {
            self.parts(notes).means("discountManualAmount", &now, &was, &self.before.discount)
        } else {
            self.before.discount == was && now != was
        };
        Ok(is_taken.then_some(now))
    }

    fn parts<'n>(&self, notes: &'n mut Vec<String>) -> Parts<'n> {
        Parts { fresh: self.fresh, notes }
    }

    /// The lines there are to be: the shop's, and those of the desk that the shop has not seen yet.
    fn lines(
        &self,
        tx: &mut Tx<'_>,
        said: &OrderIn,
        notes: &mut Vec<String>,
    ) -> Result<Vec<PatchLine>, Refusal> {
        let currency: Currency = self.before.currency;
        let items = said.items.as_ref().map_or(&[][..], |items| &items.0);
        let then = self.known.order.items.as_ref().map_or(&[][..], |items| &items.0);
        if !self.fresh && items == then {
            return Ok(self.old_lines.iter().map(kept).collect());
        }
        let offers = read::offers(tx, self.call, items)?;
        let mut left: Vec<&Line> = self.old_lines.iter().collect();
        let mut wanted = Vec::new();
        for item in items {
            let found = position(&left, item).map(|index| left.remove(index));
            let unchanged = !self.fresh && then.contains(item);
            match found {
                Some(line) if unchanged => wanted.push(kept(line)),
                Some(line) => {
                    let before = line.as_new();
                    let line_now = read::line(item, Some(&before), &offers, currency)?;
                    wanted.push(PatchLine { id: Some(line.id), line: line_now });
                }
                // The desk took it out, and the shop only repeats it.
                None if unchanged => notes.push("items (taken out by the desk)".to_owned()),
                None => {
                    wanted.push(PatchLine { id: None, line: read::line(item, None, &offers, currency)? });
                }
            }
        }
        if !self.fresh {
            wanted.extend(
                left.iter().filter(|line| !then.iter().any(|item| fits(line, item))).map(|line| kept(line)),
            );
        }
        Ok(wanted)
    }
}

fn differ(wanted: &[PatchLine], old: &[Line]) -> bool {
    wanted.len() != old.len()
        || wanted.iter().zip(old).any(|(wanted, old)| {
            let before = old.as_new();
            let now = &wanted.line;
            wanted.id != Some(old.id)
                || (&now.sku, &now.name, now.quantity, now.price, now.discount, now.vat, &now.extra)
                    != (
                        &before.sku,
                        &before.name,
                        before.quantity,
                        before.price,
                        before.discount,
                        before.vat,
                        &before.extra,
                    )
        })
}

fn kept(line: &Line) -> PatchLine {
    PatchLine { id: Some(line.id), line: line.as_new() }
}

/// The line that an item means: by our id, by the shop's, by what is ordered.
pub(crate) fn position(lines: &[&Line], item: &ItemIn) -> Option<usize> {
    if let Some(id) = item.id.as_ref().and_then(|id| id.as_str().parse::<LineId>().ok()) {
        return lines.iter().position(|line| line.id == id);
    }
    if !item.external_ids.is_empty()
        && let Some(index) =
            lines.iter().position(|line| external_ids(line) == serde_json::to_value(&item.external_ids).ok())
    {
        return Some(index);
    }
    lines.iter().position(|line| fits(line, item))
}

fn external_ids(line: &Line) -> Option<Value> {
    line.extra.get(EXTERNAL_IDS).cloned()
}

fn fits(line: &Line, item: &ItemIn) -> bool {
    let sku = item
        .offer
        .as_ref()
        .and_then(|offer| filled(offer.external_id.as_ref()).or_else(|| filled(offer.xml_id.as_ref())));
    let ours = item.offer.as_ref().and_then(|offer| filled(offer.id.as_ref())?.parse::<OfferId>().ok());
    match (sku, ours) {
        (Some(sku), _) => line.sku.as_deref() == Some(sku),
        (None, Some(ours)) => line.offer == Some(ours),
        (None, None) => line.sku.is_none() && filled(item.product_name.as_ref()) == Some(line.name.as_str()),
    }
}
