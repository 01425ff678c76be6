//! Grouping the rows of orders by the database: for whatever no sums are kept of.

use takt_kernel::{CompanyId, Result};
use takt_store::{Query, Statement};

use crate::{
    answer::Gather,
    count::{MOST_GROUPS, all_of},
    dimension::Dimension,
    period::Days,
    question::Question,
    sums::Sums,
};

const LINK_COLUMNS: [&str; 5] = ["to_paid", "to_confirmed", "to_packed", "to_shipped", "to_finished"];

/// Groups the orders of one company in some days, without what waits.
pub(crate) fn group(
    db: &mut dyn Query,
    company: CompanyId,
    question: &Question,
    days: Days,
    gather: &mut Gather,
) -> Result<()> {
    let (by, cross) = (question.by, question.cross);
    let column = cross.map_or("''".to_owned(), |cross| cross.column(question.basis));
    let both = by.is_of_lines() && cross.is_some_and(Dimension::is_of_lines);
    let led = !both && (by == Dimension::Category || cross == Some(Dimension::Category));
    let over_lines = question.over_lines();
    let weight = if over_lines && led { "l.leads" } else { "1" };
    let part = if over_lines { "l.units, l.revenue_minor" } else { "o.units, o.total_minor" };
    let rows =
        grouped(question, company, days, &[by.column(question.basis), column], weight, part, over_lines);
    for row in &all_of(db, &rows, gather)? {
        let value = by.settled(&row.get::<String>("value_1")?);
        let column = match cross {
            Some(cross) => cross.settled(&row.get::<String>("value_2")?),
            None => String::new(),
        };
        let (currency, sums): (String, Sums) = (row.get("currency")?, Sums::read(row)?);
        gather.put(value, column, &currency, &sums, 1);
        if !over_lines {
            gather.put_whole(&currency, &sums, 1);
        }
    }
    if over_lines {
        let whole = grouped(question, company, days, &[], "1", "o.units, o.total_minor", false);
        for row in &db.all_of(&whole)? {
            gather.put_whole(&row.get::<String>("currency")?, &Sums::read(row)?, 1);
        }
    }
    if question.links && !by.is_of_lines() {
        count_links(db, company, question, days, gather)?;
    }
    Ok(())
}

fn grouped(
    question: &Question,
    company: CompanyId,
    days: Days,
    values: &[String],
    weight: &str,
    part: &str,
    over_lines: bool,
) -> Statement {
    let (units, revenue) = part.split_once(", ").unwrap_or((part, part));
    let mut statement = Statement::new("select o.currency as currency");
    for (place, value) in values.iter().enumerate() {
        statement = statement.push(&format!(", {value} as value_{}", place + 1));
    }
    for (name, flag) in [
        ("orders", "1"),
        ("cancelled", "o.cancelled"),
        ("confirmed", "o.confirmed"),
        ("paid", "o.paid"),
        ("packed", "o.packed"),
        ("shipped", "o.shipped"),
        ("completed", "o.completed"),
    ] {
        statement = statement.push(&format!(", cast(sum({weight} * {flag}) as bigint) as {name}"));
    }
    for (name, column) in [("units", units), ("revenue_minor", revenue)] {
        statement = statement.push(&format!(
            ", cast(sum(case when o.cancelled = 1 then 0 else {column} end) as bigint) as {name}"
        ));
    }
    let group: Vec<String> = std::iter::once("o.currency".to_owned())
        .chain(values.iter().filter(|value| *value != "''").cloned())
        .collect();
    let group = group.join(", ");
    within(statement, question, company, days, over_lines)
        .push("\ngroup by ")
        .push(&group)
        .push("\norder by ")
        .push(&group)
        .push("\nlimit :most")
        .bind("most", MOST_GROUPS)
}

/// Adds the tables and what the question leaves of them.
pub(crate) fn within(
    statement: Statement,
    question: &Question,
    company: CompanyId,
    days: Days,
    over_lines: bool,
) -> Statement {
    let day = question.basis.day_column();
    let mut statement = statement.push("\nfrom slice_order as o");
    if over_lines {
        statement = statement
            .push("\njoin slice_line as l on l.company_id = o.company_id and l.order_id = o.order_id");
    }
    statement = statement
        .push(&format!(
            "\nwhere o.company_id = :company_id and o.{day} > 0 and o.{day} >= :from_day and o.{day} <= :to_day"
        ))
        .bind("company_id", company)
        .bind("from_day", days.from.number())
        .bind("to_day", days.to.number());
    for (dimension, value) in &question.filters {
        statement = filtered(statement, question, *dimension, value, over_lines);
    }
    statement
}

/// The names of parameters, one for each dimension.
fn parameter(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::City => "of_city",
        Dimension::Product => "of_product",
        Dimension::Category => "of_category",
        Dimension::Status => "of_status",
        Dimension::Stage => "of_stage",
        Dimension::Shop => "of_shop",
        Dimension::Source => "of_source",
        Dimension::Operator => "of_operator",
        Dimension::Carrier => "of_carrier",
        Dimension::Terms => "of_terms",
        Dimension::Reason => "of_reason",
        Dimension::Hour => "of_hour",
        Dimension::Weekday => "of_weekday",
        Dimension::Day => "of_day",
        Dimension::Week => "of_week",
        Dimension::Month => "of_month",
    }
}

fn filtered(
    statement: Statement,
    question: &Question,
    dimension: Dimension,
    value: &str,
    over_lines: bool,
) -> Statement {
    let (name, day) = (parameter(dimension), question.basis.day_column());
    match dimension {
        Dimension::Product | Dimension::Category => {
            let column = dimension.code();
            let statement = if over_lines { statement.push(&format!("\nand l.{column} = :{name}")) } else { statement };
            statement
                .push(&format!(
                    "\nand exists (
                       select 1
                       from slice_line as has
                       where has.company_id = o.company_id and has.order_id = o.order_id and has.{column} = :{name})"
                ))
                .bind(name, value)
        }
        Dimension::Shop | Dimension::Operator | Dimension::Hour => {
            let column = match dimension {
                Dimension::Shop => "shop_id",
                Dimension::Operator => "operator_id",
                _ => question.basis.hour_column(),
            };
            statement
                .push(&format!("\nand o.{column} = :{name}"))
                .bind(name, value.parse::<i64>().unwrap_or(i64::MIN))
        }
        Dimension::Weekday => statement
            .push(&format!(
                "\nand {{pg:cast(extract(isodow from to_date(cast(o.{day} as text), 'YYYYMMDD')) as bigint)|sqlite:((cast(strftime('%w', substr(o.{day}, 1, 4) || '-' || substr(o.{day}, 5, 2) || '-' || substr(o.{day}, 7, 2)) as integer) + 6) % 7 + 1)}} = :{name}"
            ))
            .bind(name, value.parse::<i64>().unwrap_or(i64::MIN)),
        Dimension::Day | Dimension::Week | Dimension::Month => {
            let (from, to) = days_of(dimension, value);
            let until = match dimension {
                Dimension::Day => "until_day",
                Dimension::Week => "until_week",
                _ => "until_month",
            };
            statement
                .push(&format!("\nand o.{day} >= :{name} and o.{day} <= :{until}"))
                .bind(name, from)
                .bind(until, to)
        }
        Dimension::Reason if value.is_empty() => statement.push("\nand o.cancelled = 0"),
        Dimension::Reason => {
            statement.push(&format!("\nand o.cancelled = 1 and o.status = :{name}")).bind(name, value)
        }
        plain => {
            let column = plain.code();
            statement.push(&format!("\nand o.{column} = :{name}")).bind(name, value)
        }
    }
}

/// The days that a value of a calendar's dimension stands for; none for nonsense.
fn days_of(dimension: Dimension, value: &str) -> (i64, i64) {
    let nothing = (1, 0);
    let whole = if dimension == Dimension::Month { format!("{value}-01") } else { value.to_owned() };
    let Ok(first) = whole.parse::<crate::period::Day>() else { return nothing };
    let last = match dimension {
        Dimension::Month => first.last_of_month(),
        Dimension::Week => first.plus(6),
        _ => first,
    };
    (first.number(), last.number())
}

fn count_links(
    db: &mut dyn Query,
    company: CompanyId,
    question: &Question,
    days: Days,
    gather: &mut Gather,
) -> Result<()> {
    let value = question.by.column(question.basis);
    for (link, column) in LINK_COLUMNS.iter().enumerate() {
        let statement = Statement::new("select ")
            .push(&format!("{value} as value_1, o.{column} / 60 as minutes, count(*) as orders"));
        let statement = within(statement, question, company, days, false)
            .push(&format!("\nand o.{column} is not null\ngroup by {value}, o.{column} / 60"))
            .push(&format!("\norder by {value}, o.{column} / 60\nlimit :most"))
            .bind("most", MOST_GROUPS);
        for row in &all_of(db, &statement, gather)? {
            let row_value = question.by.settled(&row.get::<String>("value_1")?);
            gather.put_link(row_value, link, row.get("minutes")?, row.get("orders")?);
        }
    }
    Ok(())
}
