//! Pages by number instead of by cursor, for programs that know no other ones.

use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Result, ShopId, Timestamp};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement};

use super::list::Total;
use crate::{
    counts::{self, Wanted},
    order::OrderId,
    rows::ids_as_json,
};

/// Totals that no count is kept for are exact up to this many.
const COUNTED_UP_TO: i64 = 10_000;
/// Nobody reads further by turning pages; whoever wants everything narrows the dates.
const MOST_SKIPPED: i64 = 100_000;
const MOST_PER_PAGE: i64 = 250;

/// Which orders of a shop; what is empty narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    pub ids: Vec<OrderId>,
    pub external_ids: Vec<String>,
    pub numbers: Vec<String>,
    pub customers: Vec<CustomerId>,
    pub statuses: Vec<String>,
    pub placed_from: Option<Timestamp>,
    pub placed_to: Option<Timestamp>,
    pub skip: i64,
    pub limit: i64,
}

/// A page of a shop's orders, the newest first, and how many there are.
///
/// # Errors
/// Faults of the store.
pub fn numbered(
    db: &mut dyn Query,
    company: CompanyId,
    shop: ShopId,
    wanted: &Numbered,
) -> Result<(Vec<OrderId>, Total)> {
    let start =
        Statement::new("select id\nfrom orders\nwhere company_id = :company_id and shop_id = :shop_id")
            .bind("company_id", company)
            .bind("shop_id", shop);
    let page = conditions(start, wanted)
        .push("\norder by placed_at desc, id desc\nlimit :limit offset :skip")
        .bind("limit", wanted.limit.clamp(1, MOST_PER_PAGE))
        .bind("skip", wanted.skip.clamp(0, MOST_SKIPPED));
    let counted = Counted::of(company, shop, wanted);
    let mut answers = db.all_at_once(&[page.into(), counted.asked().into()])?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let ids = next().iter().map(|row| row.get("id")).collect::<Result<Vec<OrderId>>>()?;
    Ok((ids, counted.read(&next())?))
}

/// How many there are: of all orders of a shop it is kept, others are counted.
enum Counted {
    Kept(Scope, ShopId),
    Now(Statement),
}

impl Counted {
    fn of(company: CompanyId, shop: ShopId, wanted: &Numbered) -> Self {
        if wanted.is_everything() {
            return Self::Kept(Scope::Company { company, shops: Some(vec![shop]) }, shop);
        }
        let start = Statement::new(
            "select count(*) as orders
             from (select 1
               from orders
               where company_id = :company_id and shop_id = :shop_id",
        )
        .bind("company_id", company)
        .bind("shop_id", shop);
        let counted = conditions(start, wanted).push("\nlimit :most) as counted");
        Self::Now(counted.bind("most", COUNTED_UP_TO + 1))
    }

    fn asked(&self) -> Statement {
        match self {
            Self::Kept(scope, shop) => counts::asked(scope, &of_shop(*shop)),
            Self::Now(statement) => statement.clone(),
        }
    }

    fn read(&self, rows: &[Row]) -> Result<Total> {
        match self {
            Self::Kept(scope, shop) => {
                let counted = counts::read(rows, scope, &of_shop(*shop))?;
                Ok(Total { count: counted.iter().map(|count| count.orders).sum(), exact: true })
            }
            Self::Now(_) => {
                let count: i64 = rows.first().map(|row| row.get("orders")).transpose()?.unwrap_or_default();
                Ok(Total { count: count.min(COUNTED_UP_TO), exact: count <= COUNTED_UP_TO })
            }
        }
    }
}

fn of_shop(shop: ShopId) -> Wanted<'static> {
    Wanted { shop: Some(shop), ..Wanted::default() }
}

impl Numbered {
    fn is_everything(&self) -> bool {
        self.ids.is_empty()
            && self.external_ids.is_empty()
            && self.numbers.is_empty()
            && self.customers.is_empty()
            && self.statuses.is_empty()
            && self.placed_from.is_none()
            && self.placed_to.is_none()
    }
}

/// What narrows the orders of a shop.
fn conditions(start: Statement, wanted: &Numbered) -> Statement {
    const WHOLE: &str = "(select cast(value as bigint)
       from {pg:json_array_elements_text(cast(cast(:NAME as text) as json))|sqlite:json_each(:NAME)})";
    const TEXTS: &str = "(select value
       from {pg:jsonb_array_elements_text(cast(cast(:NAME as text) as jsonb)) as asked (value)|sqlite:json_each(:NAME)})";
    let mut statement = start;
    let texts = |list: &[String]| {
        let possible: Vec<&str> =
            list.iter().map(String::as_str).filter(|text| !text.contains('\0')).collect();
        serde_json::Value::from(possible).to_string()
    };
    if !wanted.ids.is_empty() {
        statement = statement
            .push(&format!("\nand id in {}", WHOLE.replace("NAME", "ids")))
            .bind("ids", ids_as_json(&wanted.ids));
    }
    if !wanted.customers.is_empty() {
        statement = statement
            .push(&format!("\nand customer_id in {}", WHOLE.replace("NAME", "customers")))
            .bind("customers", ids_as_json(&wanted.customers));
    }
    for (column, name, list) in
        [("number", "numbers", &wanted.numbers), ("status", "statuses", &wanted.statuses)]
    {
        if !list.is_empty() {
            statement = statement
                .push(&format!("\nand {column} in {}", TEXTS.replace("NAME", name)))
                .bind(name, texts(list));
        }
    }
    if !wanted.external_ids.is_empty() {
        statement = statement
            .push(&format!(
                "\nand id in (select order_id
                   from order_intake
                   where company_id = :company_id and shop_id = :shop_id and external_id in {})",
                TEXTS.replace("NAME", "external_ids")
            ))
            .bind("external_ids", texts(&wanted.external_ids));
    }
    statement.and_if(wanted.placed_from, "\nand placed_at >= :placed_from", "placed_from").and_if(
        wanted.placed_to,
        "\nand placed_at <= :placed_to",
        "placed_to",
    )
}
