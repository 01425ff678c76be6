//! Hears every fact of an order and keeps what the cabinet shows of it: how it stands now, and what happened on which
//! day. It looks at the order as it is now, so a fact that is heard late or twice changes nothing.

use takt_kernel::{
    CompanyId, Result, Timestamp,
    money::{Money, Quantity},
};
use takt_orders::{
    Holder, Line, Order, OrderId,
    facts::{self as orders, Placed, ShippedOut},
};
use takt_staff::companies;
use takt_store::{Query, Question, RecordedFact, Sql, Tx, params, sql};
use takt_work::Listener;

use crate::{folded, sums::Deed, zones};

/// As in the rows of orders: nothing is promised.
pub(crate) const NEVER: i64 = 9_007_199_254_740_991;
/// An order that more has happened to is told by its first facts.
const MOST_FACTS: i64 = 5_000;

pub(crate) const LISTENER: Listener = Listener {
    name: "cabinet.keep",
    // Of whatever saves an order: who holds it and what is promised may be another after each of them.
    hears: orders::ALL,
    does: "keeps how each order in work stands, and counts what happened on each day",
    react: keep,
};

/// What is kept of an order in work.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    stage: String,
    holder: String,
    currency: String,
    minor: i64,
    due_at: i64,
    moved_at: Timestamp,
    waits: bool,
}

impl Standing {
    fn of(order: &Order) -> Self {
        let others = matches!(order.holder, Some(Holder::Buyer | Holder::Carrier | Holder::Owner));
        Self {
            stage: order.stage.code().to_owned(),
            holder: order.holder.map_or("", Holder::code).to_owned(),
            currency: order.currency.code().to_owned(),
            minor: order.total.minor(),
            due_at: order.due_at.map_or(NEVER, Timestamp::micros),
            moved_at: order.updated_at,
            waits: others || order.deferred_until.is_some() || order.pause.is_some(),
        }
    }

    fn count(&self, tx: &mut Tx, company: CompanyId, by: i64) -> Result<()> {
        folded::change(tx, company, 0, &self.stage, &self.holder, &self.currency, by, by * self.minor)
    }

    fn counts_as(&self, other: &Self) -> bool {
        (&self.stage, &self.holder, &self.currency, self.minor)
            == (&other.stage, &other.holder, &other.currency, other.minor)
    }
}

fn keep(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    stand(tx, &order)?;
    if let Some(deed) = Deed::of_fact(&fact.kind).filter(|_| !is_of_another(fact)) {
        happened(tx, &order, deed, fact)?;
    }
    folded::fold_sometimes(tx, fact)
}

fn stand(tx: &mut Tx, order: &Order) -> Result<()> {
    let before = standing(tx, order.company, order.id)?;
    let after = order.stage.is_in_work().then(|| Standing::of(order));
    if before == after {
        return Ok(());
    }
    let same = before.as_ref().zip(after.as_ref()).is_some_and(|(before, after)| before.counts_as(after));
    if !same {
        if let Some(before) = &before {
            before.count(tx, order.company, -1)?;
        }
        if let Some(after) = &after {
            after.count(tx, order.company, 1)?;
        }
    }
    match after {
        Some(standing) => tx.put(
            sql!(
                "insert into cabinet_standing (company_id, order_id, stage, holder, currency, total_minor, due_at,
                   moved_at, waits)
                 values (:company_id, :order_id, :stage, :holder, :currency, :minor, :due_at, :moved_at, :waits)
                 on conflict (company_id, order_id) do update
                 set stage = excluded.stage, holder = excluded.holder, currency = excluded.currency,
                   total_minor = excluded.total_minor, due_at = excluded.due_at, moved_at = excluded.moved_at,
                   waits = excluded.waits"
            ),
            params![
                company_id: order.company, order_id: order.id, stage: standing.stage, holder: standing.holder,
                currency: standing.currency, minor: standing.minor, due_at: standing.due_at,
                moved_at: standing.moved_at, waits: standing.waits,
            ],
        ),
        None => tx.put(
            sql!(
                "delete from cabinet_standing
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![company_id: order.company, order_id: order.id],
        ),
    }
}

/// What is asked of each fact.
pub(crate) fn foreseen(fact: &RecordedFact) -> Vec<Question> {
    if !LISTENER.hears.contains(&fact.kind.as_str()) {
        return Vec::new();
    }
    vec![Question::new(before(), params![company_id: fact.company, order_id: OrderId::new(fact.subject_id)])]
}

fn before() -> &'static Sql {
    sql!(
        "select stage, holder, currency, total_minor, due_at, moved_at, waits
         from cabinet_standing
         where company_id = :company_id and order_id = :order_id"
    )
}

fn standing(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Option<Standing>> {
    let row = db.opt(before(), params![company_id: company, order_id: order])?;
    row.map(|row| {
        Ok(Standing {
            stage: row.get("stage")?,
            holder: row.get("holder")?,
            currency: row.get("currency")?,
            minor: row.get("total_minor")?,
            due_at: row.get("due_at")?,
            moved_at: row.get("moved_at")?,
            waits: row.get("waits")?,
        })
    })
    .transpose()
}

/// It happened to the order that this one was a part of, or goes on in the one that this became a part of: there it is
/// counted.
fn is_of_another(fact: &RecordedFact) -> bool {
    let says = |field: &str| fact.body.get(field).is_some_and(|value| !value.is_null());
    says("happened_at") || says("merged_into")
}

/// An order counts once a day for each deed, however often it is confirmed again; what left is added up.
fn happened(tx: &mut Tx, order: &Order, deed: Deed, fact: &RecordedFact) -> Result<()> {
    let company = order.company;
    let day = zones::day_of(fact.at, &companies::get(tx, company)?.zone);
    let first = tx.execute(
        sql!(
            "insert into cabinet_deed (company_id, day, deed, order_id)
             values (:company_id, :day, :deed, :order_id)
             on conflict (company_id, day, deed, order_id) do nothing"
        ),
        params![company_id: company, day: day, deed: deed.code(), order_id: order.id],
    )?;
    let minor = match deed {
        Deed::Shipped => left_with(tx, order, fact)?.minor(),
        _ if first == 0 => return Ok(()),
        Deed::Placed => {
            let placed: Placed = fact.read()?;
            Money::parse(&placed.total, order.currency)?.minor()
        }
        Deed::Confirmed | Deed::Delivered | Deed::Cancelled => order.total.minor(),
    };
    let orders = i64::try_from(first).unwrap_or_default();
    folded::change(tx, company, day, deed.code(), "", order.currency.code(), orders, minor)
}

/// What left by this fact: what had left after it less what had left before, so that the parts make the whole. With
/// the last part goes what the delivery costs.
fn left_with(tx: &mut Tx, order: &Order, fact: &RecordedFact) -> Result<Money> {
    let told =
        takt_store::facts::of_subject(tx, order.company, orders::SUBJECT, order.id.get(), 0, MOST_FACTS)?;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for one in told.iter().filter(|one| one.kind == orders::SHIPPED && one.n <= fact.n) {
        let part: ShippedOut = one.read()?;
        if one.n < fact.n {
            before.push(part.clone());
        }
        after.push(part);
    }
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    has_left(order, &lines, &after)?.subtract(has_left(order, &lines, &before)?)
}

fn has_left(order: &Order, lines: &[Line], parts: &[ShippedOut]) -> Result<Money> {
    if parts.iter().any(|part| part.all) {
        return Ok(order.total);
    }
    let mut sum = Money::zero(order.currency);
    for line in lines {
        let of_line = parts.iter().flat_map(|part| &part.lines).filter(|part| part.line == line.id);
        let quantity = of_line.map(|part| part.quantity).try_fold(Quantity::ZERO, Quantity::add)?;
        let (part, whole) = (quantity.thousandths(), line.wanted().thousandths());
        if part > 0 && whole > 0 {
            let shares = line.total.split(&[part, (whole - part).max(0)]);
            sum = sum.add(shares.first().copied().unwrap_or(Money::zero(order.currency)))?;
        }
    }
    Ok(sum)
}
