use std::collections::BTreeMap;

use takt_catalog::Offer;
use takt_kernel::{
    Actor, CompanyId, Fault, OrganisationId, Result, Timestamp, money::Money, money::Quantity,
};
use takt_staff::{Permit, shops};
use takt_store::{Query, Question, Sql, Tx, params, sql};

use super::{
    record_reserved::hold_new,
    settle::{about, enter, say_if_total_settled_it, settle},
};
use crate::{
    content::Content,
    facts,
    holder::Holder,
    new_order::{NewLine, NewOrder},
    order::{Line, LineId, Order, OrderContact, OrderId},
    permissions::PlaceOrders,
    rows,
    stage::{Reserved, Shipped, Stage},
    statuses, steps,
    totals::{LineTotal, Totals},
};

#[derive(Clone, Debug)]
pub struct Placed {
    pub id: OrderId,
    pub outcome: Outcome,
    /// What was just created, so that nobody has to ask for it again.
    pub created: Option<Box<Created>>,
}

/// A new order with its lines, as they were written.
#[derive(Clone, Debug)]
pub struct Created {
    pub order: Order,
    pub lines: Vec<Line>,
}

impl Placed {
    /// It was placed before.
    pub fn same(id: OrderId) -> Self {
        Self { id, outcome: Outcome::Same, created: None }
    }

    pub(super) fn created(order: Order, lines: Vec<Line>) -> Self {
        let id = order.id;
        Self { id, outcome: Outcome::Created, created: Some(Box::new(Created { order, lines })) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Created,
    /// The shop had sent the same before.
    Same,
}

/// Takes an order in. A shop's own id makes it idempotent: the same content again answers with the
/// order that is there, whatever has become of it since.
///
/// # Errors
/// `input.fields` with everything wrong with the order; `orders.differs` naming the fields when the
/// shop sent other content under the same id before; what a step refuses.
pub fn place(tx: &mut Tx, permit: &Permit<PlaceOrders>, wanted: NewOrder) -> Result<Placed> {
    permit.reaches_shop(wanted.shop)?;
    let company = permit.company();
    let totals = wanted.check()?;
    let content = Content::of(&wanted);
    if let Some(id) = same_as_before(tx, company, &wanted, &content)? {
        return Ok(Placed::same(id));
    }
    let shop = shops::get(tx, company, wanted.shop)?;
    if shop.currency != wanted.currency {
        return Err(Fault::field("currency", "orders.not_the_shops_currency"));
    }
    let created = write_new(tx, company, permit.actor(), wanted, &totals, None)?;
    remember(tx, &created.order, &content)?;
    let Created { order, lines } = created;
    steps::run(tx, &steps::PLACED, &order, &lines, permit.actor())?;
    Ok(Placed::created(order, lines))
}

/// Writes an order that was checked and is new, up to its steps. `born` is when its buyer asked for it, if that was
/// not now.
pub(super) fn write_new(
    tx: &mut Tx,
    company: CompanyId,
    actor: &Actor,
    wanted: NewOrder,
    totals: &Totals,
    born: Option<Timestamp>,
) -> Result<Created> {
    let desk = takt_staff::desk_of(tx, company)?;
    let status = statuses::first_of(tx, company, Stage::New)?;
    let offers = offers_of(tx, company, &wanted.lines)?;
    let number = number_of(tx, company, &wanted)?;
    let id = tx.new_id();
    let now = tx.now();
    let mut lines = new_lines(tx, &wanted, totals, &offers);
    let mut order = whole(id, Written { company, desk, number, status, now }, wanted, totals);
    if let Some(born) = born {
        order.placed_at = born;
        order.started_at = order.started_at.map(|_| born);
    }
    if order.is_paid_in_full() {
        enter(tx, &mut order, Stage::Approval)?;
    }
    tx.say(about(&order, actor).from_source(order.source.clone()), &placed(&order, &lines, born)?)?;
    if order.terms.is_prepaid() {
        say_if_total_settled_it(tx, false, &order, actor)?;
    }
    hold(tx, &mut order, &mut lines, actor)?;
    settle(tx, None, &mut order)?;
    rows::insert(tx, &order)?;
    rows::insert_lines(tx, &order, &lines)?;
    Ok(Created { order, lines })
}

pub(super) fn number_of(tx: &mut Tx, company: CompanyId, wanted: &NewOrder) -> Result<String> {
    match &wanted.number {
        Some(number) => Ok(number.clone()),
        None => Ok(tx.next_number(company, "orders")?.to_string()),
    }
}

pub(super) fn new_lines(
    tx: &mut Tx,
    wanted: &NewOrder,
    totals: &Totals,
    offers: &BTreeMap<String, Offer>,
) -> Vec<Line> {
    (1..)
        .zip(wanted.lines.iter().zip(&totals.lines))
        .map(|(place, (line, total))| new_line(tx.new_id(), place, line, total, offers))
        .collect()
}

/// What is held is known before the rows are written, so each is written once.
fn hold(tx: &mut Tx, order: &mut Order, lines: &mut [Line], actor: &Actor) -> Result<()> {
    for step in tx.slots().of(&steps::HELD) {
        let held = step(tx, order, lines, actor)?;
        hold_new(tx, order, lines, &held, actor)?;
    }
    Ok(())
}

/// What placing asks of this order, so that it can be asked together.
pub fn place_asked(company: CompanyId, wanted: &NewOrder) -> Vec<Question> {
    let skus: Vec<&str> = wanted.lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let before = wanted.external_id.as_ref().map(|external_id| {
        Question::new(before(), params![company_id: company, shop_id: wanted.shop, external_id: external_id])
    });
    takt_catalog::offers_asked(company, &skus).into_iter().chain(before).collect()
}

fn before() -> &'static Sql {
    sql!(
        "select order_id, digest, content
         from order_intake
         where company_id = :company_id and shop_id = :shop_id and external_id = :external_id"
    )
}

pub(super) fn same_as_before(
    tx: &mut Tx,
    company: CompanyId,
    wanted: &NewOrder,
    content: &Content,
) -> Result<Option<OrderId>> {
    let Some(external_id) = &wanted.external_id else { return Ok(None) };
    let row =
        tx.opt(before(), params![company_id: company, shop_id: wanted.shop, external_id: external_id])?;
    let Some(row) = row else { return Ok(None) };
    let id: OrderId = row.get("order_id")?;
    if row.get::<String>("digest")? == content.digest()? {
        return Ok(Some(id));
    }
    let known = Content::from_json(&row.get::<String>("content")?)?;
    let fields = known.differences(content);
    Err(Fault::conflict("orders.differs").arg("external_id", external_id).arg("id", id).with_fields(fields))
}

/// When two nodes place the same at once, neither sees the other's row: the second insert meets it,
/// the engine refuses to serialize, and the whole command runs again and finds it.
pub(super) fn remember(tx: &mut Tx, order: &Order, content: &Content) -> Result<()> {
    let Some(external_id) = &order.external_id else { return Ok(()) };
    tx.put(
        sql!(
            "insert into order_intake (company_id, shop_id, external_id, order_id, digest, content)
             values (:company_id, :shop_id, :external_id, :order_id, :digest, :content)
             on conflict (company_id, shop_id, external_id) do nothing"
        ),
        params![
            company_id: order.company, shop_id: order.shop, external_id: external_id, order_id: order.id,
            digest: content.digest()?, content: content.to_json()?,
        ],
    )
}

pub(super) fn offers_of(
    tx: &mut Tx,
    company: CompanyId,
    lines: &[NewLine],
) -> Result<BTreeMap<String, Offer>> {
    let skus: Vec<&str> = lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    if skus.is_empty() { Ok(BTreeMap::new()) } else { takt_catalog::offers_by_sku(tx, company, &skus) }
}

pub(super) fn new_line(
    id: LineId,
    place: i64,
    line: &NewLine,
    total: &LineTotal,
    offers: &BTreeMap<String, Offer>,
) -> Line {
    Line {
        id,
        place,
        sku: line.sku.clone(),
        offer: line.sku.as_ref().and_then(|sku| offers.get(sku)).map(|offer| offer.id),
        name: line.name.clone(),
        unit: line.unit.clone(),
        quantity: line.quantity,
        price: line.price,
        discount: total.discount,
        order_discount: total.order_discount,
        total: total.total,
        vat: line.vat,
        vat_amount: total.vat,
        reserved: Quantity::ZERO,
        shipped: Quantity::ZERO,
        cancelled: Quantity::ZERO,
        returned: Quantity::ZERO,
        extra: line.extra.clone(),
    }
}

/// What an order has that nobody asked for.
pub(super) struct Written {
    pub company: CompanyId,
    pub desk: OrganisationId,
    pub number: String,
    pub status: String,
    pub now: Timestamp,
}

/// The one place where a row comes into being.
pub(super) fn whole(id: OrderId, written: Written, wanted: NewOrder, totals: &Totals) -> Order {
    let Written { company, desk, number, status, now } = written;
    Order {
        company,
        id,
        shop: wanted.shop,
        desk,
        number,
        external_id: wanted.external_id,
        source: wanted.source,
        stage: Stage::New,
        status,
        terms: wanted.terms,
        currency: wanted.currency,
        lang: wanted.lang,
        customer: wanted.customer,
        contact: OrderContact::from(&wanted.contact),
        delivery: wanted.delivery,
        comment: wanted.comment,
        goods: totals.goods,
        discount: totals.discount,
        vat: totals.vat,
        total: totals.total,
        paid: Money::zero(wanted.currency),
        reserved: Reserved::None,
        short: false,
        shipped: Shipped::None,
        taken: false,
        taken_by: None,
        holder: Some(Holder::Buyer),
        holder_since: now,
        milestone: None,
        milestone_since: now,
        due_at: None,
        started_at: (!wanted.terms.is_prepaid()).then_some(now),
        confirmed_at: None,
        ready_at: None,
        delivered_at: None,
        deferred_until: None,
        urgent: wanted.urgent,
        pause: None,
        waits: Vec::new(),
        last_comment: None,
        cancel_reason: None,
        extra: wanted.extra,
        version: 1,
        placed_at: now,
        updated_at: now,
    }
}

fn placed(order: &Order, lines: &[Line], happened_at: Option<Timestamp>) -> Result<facts::Placed> {
    let units = lines.iter().try_fold(Quantity::ZERO, |sum, line| sum.add(line.quantity))?;
    Ok(facts::Placed {
        number: order.number.clone(),
        shop: order.shop,
        external_id: order.external_id.clone(),
        source: order.source.clone(),
        status: order.status.clone(),
        stage: Some(order.stage.code().to_owned()),
        terms: order.terms.code().to_owned(),
        credit_days: order.terms.credit_days(),
        currency: order.currency.code().to_owned(),
        goods: order.goods.to_decimal_string(),
        discount: order.discount.to_decimal_string(),
        delivery: order.delivery.price.to_decimal_string(),
        total: order.total.to_decimal_string(),
        in_full: order.is_paid_in_full(),
        pickup: order.delivery.is_pickup(),
        urgent: order.urgent,
        units,
        lines: lines.iter().map(placed_line).collect(),
        customer: order.customer,
        happened_at,
    })
}

pub(super) fn placed_line(line: &Line) -> facts::PlacedLine {
    facts::PlacedLine {
        line: line.id,
        sku: line.sku.clone(),
        known: line.offer.is_some(),
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        price: line.price,
        total: line.total.to_decimal_string(),
    }
}
