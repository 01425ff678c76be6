//! The sums that the cabinet shows, and reading them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use takt_kernel::{
    CompanyId, Result, Timestamp,
    money::{Currency, Money},
};
use takt_orders::{Holder, Stage, facts as orders};
use takt_store::{Query, Question, Row, Statement, params, sql};

use crate::{keep::NEVER, zones};

/// Further than this nobody counts.
pub(crate) const COUNTED: i64 = 1_000;
/// Of each of very many companies less: which is the worst shows all the same.
const COUNTED_OF_MANY: i64 = 100;
const FEW: usize = 20;
pub(crate) const SOON_SECONDS: i64 = 3_600;
pub(crate) const STUCK_SECONDS: i64 = 3 * 86_400;
const MOST_SUMS: i64 = 100_000;

/// What happens to orders in a day that an owner asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Placed,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
}

impl Deed {
    pub const ALL: [Self; 5] =
        [Self::Placed, Self::Confirmed, Self::Shipped, Self::Delivered, Self::Cancelled];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    pub(crate) fn of_fact(kind: &str) -> Option<Self> {
        match kind {
            orders::PLACED => Some(Self::Placed),
            orders::CONFIRMED => Some(Self::Confirmed),
            orders::SHIPPED => Some(Self::Shipped),
            orders::DELIVERED => Some(Self::Delivered),
            orders::CANCELLED => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// Orders and what they come to, by currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub orders: i64,
    /// By the code of the currency.
    money: BTreeMap<&'static str, Money>,
}

impl Sum {
    pub fn add(&mut self, orders: i64, money: Money) {
        self.orders += orders;
        let sum = self.money.entry(money.currency().code()).or_insert(Money::zero(money.currency()));
        *sum = Money::new(sum.minor().saturating_add(money.minor()), money.currency());
    }

    pub fn join(&mut self, other: &Self) {
        self.orders += other.orders;
        other.money.values().for_each(|money| self.add(0, *money));
    }

    /// What is nothing is left out.
    pub fn amounts(&self) -> impl Iterator<Item = Money> {
        self.money.values().copied().filter(|money| !money.is_zero())
    }
}

/// How one company stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub stages: BTreeMap<Stage, Sum>,
    pub holders: BTreeMap<Holder, Sum>,
    pub yesterday: BTreeMap<Deed, Sum>,
    pub today: BTreeMap<Deed, Sum>,
    pub late: i64,
    pub soon: i64,
    pub stuck: i64,
    pub cut: Cut,
}

/// Of which there are perhaps more than were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub late: bool,
    pub soon: bool,
    pub stuck: bool,
}

impl Look {
    pub fn in_work(&self) -> Sum {
        let mut all = Sum::default();
        self.stages.values().for_each(|sum| all.join(sum));
        all
    }

    pub fn join(&mut self, other: &Self) {
        for (into, from) in [(&mut self.yesterday, &other.yesterday), (&mut self.today, &other.today)] {
            from.iter().for_each(|(deed, sum)| into.entry(*deed).or_default().join(sum));
        }
        other.stages.iter().for_each(|(stage, sum)| self.stages.entry(*stage).or_default().join(sum));
        other.holders.iter().for_each(|(holder, sum)| self.holders.entry(*holder).or_default().join(sum));
        self.late += other.late;
        self.soon += other.soon;
        self.stuck += other.stuck;
        self.cut.late |= other.cut.late;
        self.cut.soon |= other.cut.soon;
        self.cut.stuck |= other.cut.stuck;
    }
}

/// A company and the days by its own clock.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub company: CompanyId,
    pub yesterday: i64,
    pub today: i64,
}

impl Days {
    pub fn at(company: CompanyId, now: Timestamp, zone: &TimeZone) -> Self {
        Self { company, yesterday: zones::day_before(now, zone), today: zones::day_of(now, zone) }
    }
}

/// How these companies stand, in the order in which they are asked for. What it costs is the number of companies.
///
/// # Errors
/// Faults of the store.
pub fn look(db: &mut dyn Query, companies: &[Days]) -> Result<Vec<Look>> {
    let mut looks: BTreeMap<CompanyId, Look> =
        companies.iter().map(|days| (days.company, Look::default())).collect();
    for row in summed(db, companies)? {
        let company: CompanyId = row.get("company_id")?;
        let days = companies.iter().find(|days| days.company == company);
        if let (Some(days), Some(look)) = (days, looks.get_mut(&company)) {
            take(look, days, &row)?;
        }
    }
    burning(db, companies, &mut looks)?;
    Ok(companies.iter().map(|days| looks.remove(&days.company).unwrap_or_default()).collect())
}

fn take(look: &mut Look, days: &Days, row: &Row) -> Result<()> {
    let (day, what): (i64, String) = (row.get("day")?, row.get("what")?);
    let (orders, minor): (i64, i64) = (row.get("orders")?, row.get("minor")?);
    let money = Money::new(minor, Currency::from_code(&row.get::<String>("currency")?)?);
    if day == 0 {
        let stage = Stage::from_code(&what)?;
        look.stages.entry(stage).or_default().add(orders, money);
        let holder: String = row.get("holder")?;
        if !holder.is_empty() {
            look.holders.entry(Holder::from_code(&holder)?).or_default().add(orders, money);
        }
    } else if let Some(deed) = Deed::from_code(&what) {
        let of_day = match day {
            day if day == days.yesterday => &mut look.yesterday,
            day if day == days.today => &mut look.today,
            _ => return Ok(()),
        };
        of_day.entry(deed).or_default().add(orders, money);
    }
    Ok(())
}

/// What stands now and what the asked days came to, by company.
fn summed(db: &mut dyn Query, companies: &[Days]) -> Result<Vec<Row>> {
    const OF: &str = "
           where company_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})
             and (day = 0 or day >= :first and day <= :last)";
    let ids: Vec<i64> = companies.iter().map(|days| days.company.get()).collect();
    let first = companies.iter().map(|days| days.yesterday).min().unwrap_or_default();
    let last = companies.iter().map(|days| days.today).max().unwrap_or_default();
    let statement = Statement::new(
        "select company_id, day, what, holder, currency, cast(sum(orders) as bigint) as orders,
           cast(sum(minor) as bigint) as minor
         from (
           select company_id, day, what, holder, currency, orders, minor
           from cabinet_sum",
    )
    .push(OF)
    .push(
        "
           union all
           select company_id, day, what, holder, currency, orders, minor
           from cabinet_change",
    )
    .push(OF)
    .push(
        "
         ) as counted
         group by company_id, day, what, holder, currency
         order by company_id, day, what, holder, currency
         limit :most",
    )
    .bind("companies", serde_json::Value::from(ids).to_string())
    .bind("first", first)
    .bind("last", last)
    .bind("most", MOST_SUMS);
    db.all_of(&statement)
}

/// Time makes orders late, nobody says so: they are counted where they lie side by side, no further than anybody
/// would.
fn burning(db: &mut dyn Query, companies: &[Days], looks: &mut BTreeMap<CompanyId, Look>) -> Result<()> {
    let now = db.now();
    let most = if companies.len() > FEW { COUNTED_OF_MANY } else { COUNTED };
    let asked: Vec<Question> = companies
        .iter()
        .flat_map(|days| {
            let company = days.company;
            [
                due_between(company, Timestamp::from_micros(0), now, most),
                due_between(company, now, now.plus_seconds(SOON_SECONDS), most),
                Question::new(
                    sql!(
                        "select count(*) as orders
                         from (
                           select 1 as one
                           from cabinet_standing
                           where company_id = :company_id and moved_at < :moved and not waits
                           order by moved_at
                           limit :most
                         ) as counted"
                    ),
                    params![company_id: company, moved: now.plus_seconds(-STUCK_SECONDS), most: most],
                ),
            ]
        })
        .collect();
    let found = db.all_at_once(&asked)?;
    let counts = found
        .iter()
        .map(|rows| rows.first().map_or(Ok(0), |row| row.get::<i64>("orders")))
        .collect::<Result<Vec<i64>>>()?;
    for (days, counted) in companies.iter().zip(counts.chunks(3)) {
        if let (Some(look), [late, soon, stuck]) = (looks.get_mut(&days.company), counted) {
            (look.late, look.soon, look.stuck) = (*late, *soon, *stuck);
            look.cut = Cut { late: *late >= most, soon: *soon >= most, stuck: *stuck >= most };
        }
    }
    Ok(())
}

fn due_between(company: CompanyId, from: Timestamp, until: Timestamp, most: i64) -> Question {
    Question::new(
        sql!(
            "select count(*) as orders
             from (
               select 1 as one
               from cabinet_standing
               where company_id = :company_id and due_at >= :from_at and due_at < :until_at
               order by due_at
               limit :most
             ) as counted"
        ),
        params![company_id: company, from_at: from, until_at: until.micros().min(NEVER), most: most],
    )
}
