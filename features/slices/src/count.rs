//! Counting: along a dimension that sums are kept of they are read and nothing else; for the rest see [`crate::grouped`].

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_orders::statuses;
use takt_store::{Query, Row, Statement, params, sql};

use crate::{
    answer::{Answer, Gather},
    dimension::{Dimension, Kept},
    fold::{self, MOST_PENDING},
    period::Days,
    question::{Over, Question},
    sums::Sums,
};

const SUMS: &str = "cast(sum(orders) as bigint) as orders, cast(sum(cancelled) as bigint) as cancelled,
  cast(sum(units) as bigint) as units, cast(sum(revenue_minor) as bigint) as revenue_minor,
  cast(sum(confirmed) as bigint) as confirmed, cast(sum(paid) as bigint) as paid,
  cast(sum(packed) as bigint) as packed, cast(sum(shipped) as bigint) as shipped,
  cast(sum(completed) as bigint) as completed";
/// More groups than this and the rest is not counted, and that is said: memory is bounded.
pub(crate) const MOST_GROUPS: i64 = 300_000;
/// Orders that wait and are added, of all companies of a desk together.
const MOST_ADDED: i64 = 2_000;

/// How many orders of the period there are, by the sums.
///
/// # Errors
/// Faults of the store.
pub fn orders_in(db: &mut dyn Query, over: &Over, question: &Question) -> Result<i64> {
    let mut orders = 0;
    for company in &over.companies {
        for (span, from, to) in stretches(question.days, true) {
            let row = db.one(
                sql!(
                    "select cast(coalesce(sum(orders), 0) as bigint) as orders
                     from slice_sum
                     where company_id = :company_id and basis = :basis and dimension = 0 and span = :span
                       and day >= :from_day and day <= :to_day"
                ),
                params![
                    company_id: *company, basis: question.basis.number(), span: span, from_day: from, to_day: to,
                ],
            )?;
            orders += row.get::<i64>("orders")?;
        }
    }
    Ok(orders)
}

/// (span, from, to): whole months where days do not matter.
fn stretches(days: Days, by_months: bool) -> Vec<(i64, i64, i64)> {
    if !by_months {
        return vec![(0, days.from.number(), days.to.number())];
    }
    let (months, rest) = days.in_months();
    let months = months.map(|(from, to)| (1, from, to));
    months.into_iter().chain(rest.into_iter().map(|(from, to)| (0, from, to))).collect()
}

/// Answers from the sums and from what waits; none when sums along this are not kept.
///
/// # Errors
/// Faults of the store.
pub fn prepared(db: &mut dyn Query, over: &Over, question: &Question) -> Result<Option<Answer>> {
    let Some(kept) = question.kept() else { return Ok(None) };
    let mut gather = Gather::default();
    for company in &over.companies {
        read_sums(db, *company, question, kept, &mut gather)?;
        if question.over_lines() {
            let whole = Question { by: Dimension::Shop, cross: None, ..question.clone() };
            let mut of_orders = Gather::default();
            read_sums(db, *company, &whole, Kept::All, &mut of_orders)?;
            for (currency, sums) in of_orders.whole {
                gather.put_whole(&currency, &sums, 1);
            }
        }
        add_pending(db, *company, question, &mut gather)?;
    }
    Ok(Some(gather.finish()))
}

fn read_sums(
    db: &mut dyn Query,
    company: CompanyId,
    question: &Question,
    kept: Kept,
    gather: &mut Gather,
) -> Result<()> {
    let told = [Some(question.by), question.cross];
    let asks = |wanted: fn(Dimension) -> bool| told.iter().flatten().any(|one| wanted(*one));
    let by_day = asks(|one| matches!(one, Dimension::Day | Dimension::Week | Dimension::Weekday));
    let by_month = asks(|one| one == Dimension::Month);
    let by_shop = asks(|one| one == Dimension::Shop);
    let stages = stages(db, company, told)?;
    // A shop that is none has no orders.
    let shop = question.filters.get(&Dimension::Shop).map(|shop| shop.parse::<i64>().unwrap_or(i64::MIN));
    let mut group = vec!["value", "currency"];
    if by_day || by_month {
        group.push("day");
    }
    if by_shop {
        group.push("shop_id");
    }
    let group = group.join(", ");
    for (span, from, to) in stretches(question.days, !by_day) {
        let statement = Statement::new("select ")
            .push(&group)
            .push(", ")
            .push(SUMS)
            .push(
                "\nfrom slice_sum
                 where company_id = :company_id and basis = :basis and dimension = :dimension and span = :span
                   and day >= :from_day and day <= :to_day",
            )
            .bind("company_id", company)
            .bind("basis", question.basis.number())
            .bind("dimension", kept.number())
            .bind("span", span)
            .bind("from_day", from)
            .bind("to_day", to)
            .and_if(shop, "\nand shop_id = :shop_id", "shop_id")
            .push("\ngroup by ")
            .push(&group)
            .push("\norder by ")
            .push(&group)
            .push("\nlimit :most")
            .bind("most", MOST_GROUPS);
        for row in &all_of(db, &statement, gather)? {
            let sums = Sums::read(row)?;
            let currency: String = row.get("currency")?;
            let value: String = row.get("value")?;
            let say = |dimension: Dimension| said(row, dimension, &value, &stages);
            let column = question.cross.map(say).transpose()?.unwrap_or_default();
            gather.put(say(question.by)?, column, &currency, &sums, 1);
            if !question.over_lines() {
                gather.put_whole(&currency, &sums, 1);
            }
        }
    }
    Ok(())
}

/// The rows of a statement that is cut at so many groups.
pub(crate) fn all_of(db: &mut dyn Query, statement: &Statement, gather: &mut Gather) -> Result<Vec<Row>> {
    let rows = db.all_of(statement)?;
    gather.cut |= i64::try_from(rows.len()).is_ok_and(|count| count >= MOST_GROUPS);
    Ok(rows)
}

/// What a row of sums says along a dimension.
fn said(row: &Row, dimension: Dimension, value: &str, stages: &BTreeMap<String, String>) -> Result<String> {
    let stage = || stages.get(value).map_or("", String::as_str);
    Ok(match dimension {
        Dimension::Stage => stage().to_owned(),
        Dimension::Reason if stage() == "cancel" => value.to_owned(),
        Dimension::Reason => String::new(),
        Dimension::Shop => row.get::<i64>("shop_id")?.to_string(),
        Dimension::Month => {
            let day: i64 = row.get("day")?;
            format!("{:04}-{:02}", day / 10_000, day / 100 % 100)
        }
        days if days.is_of_days() => days.settled(&row.get::<i64>("day")?.to_string()),
        _ => value.to_owned(),
    })
}

fn stages(
    db: &mut dyn Query,
    company: CompanyId,
    told: [Option<Dimension>; 2],
) -> Result<BTreeMap<String, String>> {
    let wanted = told.iter().flatten().any(|one| matches!(one, Dimension::Stage | Dimension::Reason));
    if !wanted {
        return Ok(BTreeMap::new());
    }
    let all = statuses::all(db, company)?;
    Ok(all.into_iter().map(|status| (status.code, status.stage.code().to_owned())).collect())
}

/// Orders that changed and are not written yet: out with what they were, in with what they are.
pub(crate) fn add_pending(
    db: &mut dyn Query,
    company: CompanyId,
    question: &Question,
    gather: &mut Gather,
) -> Result<()> {
    let orders = fold::pending(db, company, MOST_PENDING + 1)?;
    let count = i64::try_from(orders.len()).unwrap_or(i64::MAX);
    gather.added = gather.added.saturating_add(count);
    if count > MOST_PENDING || gather.added > MOST_ADDED {
        gather.behind = true;
        return Ok(());
    }
    let moved = fold::look(db, company, &orders)?;
    for old in moved.old.values() {
        gather.put_order(question, old, -1);
    }
    for (new, _) in moved.new.values() {
        gather.put_order(question, new, 1);
    }
    Ok(())
}
