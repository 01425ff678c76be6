//! Where an order that a shop lists, or says once more, is not the same as ours: a module's upload of what is
//! known, and a change that could not be taken.

use takt_connections::{
    Connection,
    differences::{Field, Owner, Reconciler, Subject, Theirs, Thing, compared, open_fields},
    keys_of,
};
use takt_customers::default_region;
use takt_kernel::{Fault, Kind, Result as Kept};
use takt_orders::{
    EditOrders, Line, NewLine, Order, OrderId, PatchLine, SetStatus, edit, lines as lines_of, load,
    set_status,
};
use takt_staff::{ApiCaller, SettingsCaller};
use takt_store::{Query, Tx, params, sql};

use crate::{
    KIND,
    model::order::{ItemIn, OrderIn},
    orders::{edit::position, nobody, read, status},
    stock::Offers,
    wire::{door::site_of, endpoint::Call, fields::Fields, lenient::filled, refusal::Refusal},
};

pub(crate) const RECONCILER: Reconciler = Reconciler { kind: KIND, look, take, keep };

/// The order here with what both words of a shop about it are read by.
struct Ours {
    order: Order,
    lines: Vec<Line>,
    offers: Offers,
    region: String,
}

impl Ours {
    fn of(db: &mut dyn Query, call: &Call, id: OrderId, words: &[&OrderIn]) -> Kept<Self> {
        let items = words.iter().filter_map(|said| said.items.as_ref()).flat_map(|items| &items.0);
        let offers = read::offers(db, call, items)?;
        Ok(Self {
            order: load(db, call.company(), id)?,
            lines: lines_of(db, call.company(), id)?,
            offers,
            region: default_region(db, call.company())?,
        })
    }

    fn thing(&self) -> Thing {
        let external_id = self.order.external_id.as_ref().unwrap_or(&self.order.number);
        Thing { subject: Subject::Order, external_id: external_id.clone(), own: Some(self.order.id.get()) }
    }

    fn understood(&self, said: &OrderIn) -> Kept<Theirs> {
        let lines = match &said.items {
            Some(items) => Some(self.lines_of(&items.0)?),
            None => None,
        };
        let discount = if says_discount(said) {
            let own: Vec<NewLine> = match &lines {
                Some(lines) => lines.iter().map(|line| line.line.clone()).collect(),
                None => self.lines.iter().map(Line::as_new).collect(),
            };
            Some(read::discount(said, &own, self.order.currency)?)
        } else {
            None
        };
        let delivery = match &said.delivery {
            Some(delivery) => Some(read::delivery(Some(delivery), self.order.currency)?),
            None => None,
        };
        Ok(Theirs {
            contact: says_contact(said).then(|| read::contact(said, &self.region, &mut Vec::new())),
            delivery,
            lines,
            discount,
            comment: said.customer_comment.as_ref().map(|comment| filled(Some(comment)).map(str::to_owned)),
        })
    }

    fn lines_of(&self, items: &[ItemIn]) -> Kept<Vec<PatchLine>> {
        let mut left: Vec<&Line> = self.lines.iter().collect();
        items
            .iter()
            .map(|item| {
                let found = position(&left, item).map(|index| left.remove(index));
                let before = found.map(Line::as_new);
                let line = read::line(item, before.as_ref(), &self.offers, self.order.currency)?;
                Ok(PatchLine { id: found.map(|line| line.id), line })
            })
            .collect()
    }

    fn fields(&self, db: &mut dyn Query, call: &Call, said: &OrderIn) -> Kept<Vec<Field>> {
        let mut fields = self.understood(said)?.fields(&self.order, &self.lines);
        if let Some(code) = filled(said.status.as_ref()) {
            let meant = status::meant(db, call, code)?;
            let differs = meant.is_none_or(|status| status.stage != self.order.stage);
            fields.push(Field::new(STATUS, Owner::Takt, code, self.order.status.as_str()).differs(differs));
        }
        Ok(fields)
    }

    /// Which of them the shop has not said before.
    fn since(
        &self,
        db: &mut dyn Query,
        call: &Call,
        said: &OrderIn,
        before: Option<&OrderIn>,
    ) -> Kept<Vec<Field>> {
        let was = match before {
            Some(before) => self.fields(db, call, before)?,
            None => Vec::new(),
        };
        Ok(self.fields(db, call, said)?.into_iter().map(|field| field.since(&was)).collect())
    }
}

const STATUS: &str = "status";

fn says_contact(said: &OrderIn) -> bool {
    [&said.first_name, &said.last_name, &said.patronymic, &said.phone, &said.email]
        .iter()
        .any(|field| field.is_some())
}

fn says_discount(said: &OrderIn) -> bool {
    said.discount_manual_amount.is_some() || said.discount_manual_percent.is_some()
}

/// The fields of which a message says at least a part.
fn said_in(said: &OrderIn) -> Vec<&'static str> {
    let delivery = said.delivery.as_ref();
    [
        ("contact", says_contact(said)),
        ("delivery", delivery.is_some_and(|delivery| delivery.code.is_some() || delivery.cost.is_some())),
        ("address", delivery.is_some_and(|delivery| delivery.address.is_some())),
        ("lines", said.items.is_some()),
        ("discount", says_discount(said)),
        ("comment", said.customer_comment.is_some()),
        (STATUS, filled(said.status.as_ref()).is_some()),
    ]
    .into_iter()
    .filter_map(|(name, is_said)| is_said.then_some(name))
    .collect()
}

/// A shop lists an order that is known: nothing is changed, and what differs stands on the screen. Answers with
/// the note for the message.
pub(crate) fn listed(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    said: &OrderIn,
) -> Result<Vec<String>, Refusal> {
    let mut notes = Vec::new();
    let order = load(tx, call.company(), id)?;
    let said = &*nobody::said_of(tx, &order, said, &mut notes)?;
    let before = last_said(tx, call, id)?;
    let text =
        serde_json::to_string(said).map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into retailcrm_order (company_id, order_id, shop_id, sent, seen_version, listed)
             values (:company_id, :order_id, :shop_id, '{}', 0, :listed)
             on conflict (company_id, order_id) do update
             set listed = excluded.listed"
        ),
        params![company_id: call.company(), order_id: id, shop_id: call.shop(), listed: text],
    )?;
    let words: Vec<&OrderIn> = before.iter().chain([said]).collect();
    let ours = Ours::of(tx, call, id, &words)?;
    let fields = ours.since(tx, call, said, before.as_ref())?;
    let thing = ours.thing();
    compared(tx, &call.connection, &thing, &fields)?;
    let mut differ: Vec<&str> =
        fields.iter().filter(|field| field.differs).map(|field| in_protocol(field.name)).collect();
    differ.dedup();
    if !differ.is_empty() {
        notes.push(format!("order {} differs: {}", thing.external_id, differ.join(", ")));
    }
    Ok(notes)
}

fn in_protocol(name: &'static str) -> &'static str {
    match name {
        "address" => "delivery",
        "lines" => "items",
        "discount" => "discountManualAmount",
        "comment" => "customerComment",
        same => same,
    }
}

/// A shop's change was applied, perhaps not all of it. What the desk changed and the shop has not asked for yet is
/// no difference: its module will hear of it by the history. So only what the message said, and said otherwise than the
/// shop did before, opens a difference; what stands open is looked at in whatever the shop has said by now.
pub(crate) fn edited(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    message: &OrderIn,
    (before, whole): (&OrderIn, &OrderIn),
    left_something: bool,
) -> Result<(), Refusal> {
    let external_id = order.external_id.as_ref().unwrap_or(&order.number).clone();
    let thing = Thing { subject: Subject::Order, external_id, own: Some(order.id.get()) };
    let open = open_fields(tx, &call.connection, &thing)?;
    if !left_something && open.is_empty() {
        return Ok(());
    }
    let ours = Ours::of(tx, call, order.id, &[before, whole])?;
    let said = said_in(message);
    let is_open = |name: &str| open.iter().any(|open| open == name);
    let mut fields = ours.since(tx, call, whole, Some(before))?;
    // The shop's list was an older word: what it says no more differs no more.
    for name in Theirs::FIELDS.into_iter().chain([STATUS]) {
        if is_open(name) && !fields.iter().any(|field| field.name == name) {
            fields.push(Field::new(name, Owner::Shop, "", ""));
        }
    }
    fields.retain(|field| !field.differs || is_open(field.name) || field.anew && said.contains(&field.name));
    compared(tx, &call.connection, &thing, &fields)?;
    Ok(())
}

/// What the shop's list said, or its last message where that came later.
fn last_said(db: &mut dyn Query, call: &Call, id: OrderId) -> Kept<Option<OrderIn>> {
    let row = db.opt(
        sql!(
            "select coalesce(listed, sent) as said
             from retailcrm_order
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: call.company(), order_id: id],
    )?;
    row.map(|row| row.json("said")).transpose()
}

/// A call of the shop as its key would make it, for reading what it said; nothing without a key.
fn call_of(db: &mut dyn Query, connection: &Connection) -> Kept<Option<Call>> {
    let Some(key) = keys_of(db, connection.company, connection.id)?.into_iter().next() else {
        return Ok(None);
    };
    let caller = match ApiCaller::of_token(db, connection.company, key.token) {
        Ok(caller) => caller,
        Err(fault) if matches!(fault.kind(), Kind::Missing | Kind::Denied) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    Ok(Some(Call {
        caller,
        connection: connection.clone(),
        site: site_of(db, connection)?,
        fields: Fields::read("", "", &[]),
        came_at: db.now(),
        waited: false,
        path: Vec::new(),
    }))
}

fn said(
    db: &mut dyn Query,
    connection: &Connection,
    thing: &Thing,
) -> Kept<Option<(Call, OrderId, OrderIn)>> {
    let Some(id) = thing.own.map(OrderId::new).filter(|_| thing.subject == Subject::Order) else {
        return Ok(None);
    };
    let Some(call) = call_of(db, connection)? else { return Ok(None) };
    Ok(last_said(db, &call, id)?.map(|said| (call, id, said)))
}

fn look(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Kept<Vec<Field>> {
    match said(db, connection, thing)? {
        Some((call, id, said)) => Ours::of(db, &call, id, &[&said])?.fields(db, &call, &said),
        None => Ok(Vec::new()),
    }
}

fn not_taken() -> Fault {
    Fault::conflict("connections.difference_not_taken")
}

fn take(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    connection: &Connection,
    thing: &Thing,
    field: &str,
) -> Kept<()> {
    let (call, id, said) = said(tx, connection, thing)?.ok_or_else(not_taken)?;
    if field == STATUS {
        let code = filled(said.status.as_ref()).ok_or_else(not_taken)?;
        let status = status::meant(tx, &call, code)?.ok_or_else(not_taken)?;
        return set_status(tx, &by.permit::<SetStatus>()?, id, None, &status.code).map(|_| ());
    }
    let permit = by.permit::<EditOrders>()?;
    let ours = Ours::of(tx, &call, id, &[&said])?;
    let patch = ours.understood(&said)?.patch(field, &ours.order).ok_or_else(not_taken)?;
    edit(tx, &permit, id, ours.order.version, patch).map(|_| ())
}

/// Ours stays: the module hears of it by the history, as of every order.
fn keep(_: &mut Tx<'_>, _: &Connection, _: &Thing, _: &str) -> Kept<()> {
    Ok(())
}
