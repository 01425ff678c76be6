//! Orders that have to do with each other: parts, copies, what was merged, and those that may be the same twice.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Question, RecordedFact, Subject, Tx, params, sql};

use crate::{
    coded::coded,
    facts::{self, TwinDismissed, TwinFound},
    order::{Line, Order, OrderId},
    permissions::EditOrders,
    rows,
    rows::ids_as_json,
    stage::{Shipped, Stage},
};

/// The same buyer may want the same again; within this time it is looked at.
const TWIN_SECONDS: i64 = 48 * 3_600;
const MOST_LOOKED_AT: i64 = 20;

coded! {
    /// What an order is to another.
    pub enum Kin {
        SplitTo = "split_to",
        SplitFrom = "split_from",
        CopiedTo = "copied_to",
        CopyOf = "copy_of",
        MergedInto = "merged_into",
        MergedFrom = "merged_from",
        /// Perhaps the same order twice.
        Twin = "twin",
    }
}

impl Kin {
    /// What the other is to it.
    const fn other_way(self) -> Self {
        match self {
            Self::SplitTo => Self::SplitFrom,
            Self::SplitFrom => Self::SplitTo,
            Self::CopiedTo => Self::CopyOf,
            Self::CopyOf => Self::CopiedTo,
            Self::MergedInto => Self::MergedFrom,
            Self::MergedFrom => Self::MergedInto,
            Self::Twin => Self::Twin,
        }
    }
}

/// An order that another has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    pub kin: Kin,
    pub id: OrderId,
    pub number: String,
}

/// Writes down what two orders are to each other: `order` is to `other` what `kin` says.
pub(crate) fn link(tx: &mut Tx, order: &Order, other: &Order, kin: Kin) -> Result<()> {
    link_once(tx, order, other, kin, None)
}

/// As [`link`], of a request that may come again; see [`made_by`].
pub(crate) fn link_once(
    tx: &mut Tx,
    order: &Order,
    other: &Order,
    kin: Kin,
    request: Option<&str>,
) -> Result<()> {
    put(tx, order.company, (order.id, other.id), kin, request)?;
    put(tx, order.company, (other.id, order.id), kin.other_way(), None)
}

fn put(
    tx: &mut Tx,
    company: CompanyId,
    (order, other): (OrderId, OrderId),
    kin: Kin,
    request: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into order_kin (company_id, order_id, other_id, kin, dismissed, at, request_key)
             values (:company_id, :order_id, :other_id, :kin, :dismissed, :now, :request_key)
             on conflict (company_id, order_id, kin, other_id) do nothing"
        ),
        params![
            company_id: company, order_id: order, other_id: other, kin: kin.code(), dismissed: false, now: now,
            request_key: request,
        ],
    )
}

/// The order that this request has made of another before.
pub(crate) fn made_by(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
    request: &str,
) -> Result<Option<OrderId>> {
    db.opt(
        sql!(
            "select other_id
             from order_kin
             where company_id = :company_id and order_id = :order_id and request_key = :request_key"
        ),
        params![company_id: company, order_id: order, request_key: request],
    )?
    .map(|row| row.get("other_id"))
    .transpose()
}

/// Whom each of these orders has to do with. A twin that was told apart, was cancelled or has left is none any more.
///
/// # Errors
/// Faults of the store.
pub fn relatives(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, Vec<Relative>>> {
    let rows = db.all(
        sql!(
            "select order_kin.order_id, order_kin.kin, other.id, other.number, other.stage, other.shipped
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join order_kin
             cross join orders as other
             where order_kin.company_id = :company_id
               and order_kin.order_id = cast(asked.value as bigint)
               and order_kin.dismissed = :dismissed
               and other.company_id = :company_id
               and other.id = order_kin.other_id
             order by order_kin.order_id, order_kin.kin, order_kin.other_id
             limit 2000"
        ),
        params![company_id: company, ids: ids_as_json(orders), dismissed: false],
    )?;
    let mut found: BTreeMap<OrderId, Vec<Relative>> = BTreeMap::new();
    for row in &rows {
        let kin = Kin::from_code(&row.get::<String>("kin")?)?;
        let stage = Stage::from_code(&row.get::<String>("stage")?)?;
        let here = stage.is_in_work() && Shipped::from_code(&row.get::<String>("shipped")?)? == Shipped::None;
        if kin != Kin::Twin || here {
            let relative = Relative { kin, id: row.get("id")?, number: row.get("number")? };
            found.entry(row.get("order_id")?).or_default().push(relative);
        }
    }
    Ok(found)
}

/// Which of these orders, perhaps of several companies, may be another order once more: with one look for all of them.
///
/// # Errors
/// Faults of the store.
pub fn with_twins(db: &mut dyn Query, orders: &[Order]) -> Result<BTreeSet<OrderId>> {
    let mut by_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for order in orders.iter().filter(|order| may_be_twice(order)) {
        by_company.entry(order.company).or_default().push(order.id);
    }
    let asked: Vec<Question> = by_company
        .iter()
        .map(|(company, ids)| {
            Question::new(
                sql!(
                    "select order_kin.order_id
                     from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
                     cross join order_kin
                     cross join orders as other
                     where order_kin.company_id = :company_id
                       and order_kin.order_id = cast(asked.value as bigint)
                       and order_kin.kin = 'twin'
                       and order_kin.dismissed = :dismissed
                       and other.company_id = :company_id
                       and other.id = order_kin.other_id
                       and other.in_work and other.shipped = 'none'
                     order by order_kin.order_id
                     limit 10000"
                ),
                params![company_id: *company, ids: ids_as_json(ids), dismissed: false],
            )
        })
        .collect();
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    db.all_at_once(&asked)?.iter().flatten().map(|row| row.get("order_id")).collect()
}

/// A person says that both orders are meant; the pair is not shown again.
///
/// # Errors
/// `orders.no_twin`.
pub fn dismiss_twin(tx: &mut Tx, permit: &Permit<EditOrders>, id: OrderId, other: OrderId) -> Result<()> {
    let company = permit.company();
    let order = rows::load(tx, company, id)?;
    permit.reaches_shop(order.shop)?;
    let told = tx.execute(
        sql!(
            "update order_kin
             set dismissed = :dismissed
             where company_id = :company_id and kin = 'twin' and dismissed <> :dismissed
               and ((order_id = :id and other_id = :other_id) or (order_id = :other_id and other_id = :id))"
        ),
        params![dismissed: true, company_id: company, id: id, other_id: other],
    )?;
    if told == 0 {
        return Err(Fault::conflict("orders.no_twin").arg("number", &order.number));
    }
    let number = rows::load(tx, company, other)?.number;
    let about = About::new(company, Subject::new(facts::SUBJECT, id.get()), permit.actor());
    tx.say(about, &TwinDismissed { other, number })
}

/// Looks whether a new order is one that the same buyer has placed a moment ago.
pub(crate) fn look_for_twins(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let id = OrderId::new(fact.subject_id);
    let order = rows::load(tx, fact.company, id)?;
    let Some(customer) = order.customer.filter(|_| may_be_twice(&order)) else { return Ok(()) };
    let near = tx.all(
        sql!(
            "select id
             from orders
             where company_id = :company_id and customer_id = :customer_id
               and placed_at >= :earliest and placed_at <= :latest and id <> :id
               and in_work and shipped = 'none'
               and not exists (select 1 from order_kin
                 where order_kin.company_id = :company_id and order_kin.order_id = :id
                   and order_kin.other_id = orders.id)
             order by placed_at desc, id desc
             limit :limit"
        ),
        params![
            company_id: order.company, customer_id: customer, id: id,
            earliest: order.placed_at.plus_seconds(-TWIN_SECONDS),
            latest: order.placed_at.plus_seconds(TWIN_SECONDS), limit: MOST_LOOKED_AT,
        ],
    )?;
    if near.is_empty() {
        return Ok(());
    }
    let ids = near.iter().map(|row| row.get("id")).collect::<Result<Vec<OrderId>>>()?;
    let own = rows::lines(tx, order.company, id)?;
    let theirs = rows::lines_of(tx, order.company, &ids)?;
    for other in ids.into_iter().filter(|other| theirs.get(other).is_some_and(|lines| overlap(&own, lines))) {
        let other = rows::load(tx, order.company, other)?;
        link(tx, &order, &other, Kin::Twin)?;
        let actor = takt_kernel::Actor::system("orders.twins");
        let about = About::new(order.company, Subject::new(facts::SUBJECT, id.get()), &actor);
        tx.say(about, &TwinFound { other: other.id, number: other.number })?;
    }
    Ok(())
}

fn may_be_twice(order: &Order) -> bool {
    order.stage.is_in_work() && order.shipped == Shipped::None
}

/// Some of the same: by article where both have one, else by name.
fn overlap(own: &[Line], theirs: &[Line]) -> bool {
    let same = |one: &Line, other: &Line| match (&one.sku, &other.sku) {
        (Some(sku), Some(other)) => sku == other,
        _ => takt_kernel::fold(&one.name) == takt_kernel::fold(&other.name),
    };
    own.iter().any(|one| theirs.iter().any(|other| same(one, other)))
}
