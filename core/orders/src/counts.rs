//! How many orders there are per shop, stage and status: always exact, and no row that every new
//! order has to write. Changes are rows of their own; a listener folds them into sums now and then.

use takt_kernel::{CompanyId, Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, RecordedFact, Row, Statement, Tx, params, sql};

use crate::{order::Order, rows::ids_as_json, stage::Stage};

/// One fold per this many facts: a list reads what was not folded yet, so it stays some dozen rows.
const FOLD_EVERY: i64 = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub company: CompanyId,
    pub shop: ShopId,
    pub stage: Stage,
    pub status: String,
    pub orders: i64,
}

/// All counts that the caller may see.
///
/// # Errors
/// Faults of the store.
pub fn counts(db: &mut dyn Query, scope: &Scope) -> Result<Vec<Count>> {
    matching(db, scope, &Wanted::default())
}

/// Which counts are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub stage: Option<Stage>,
    pub status: Option<&'a str>,
    pub shop: Option<ShopId>,
    pub in_work: bool,
}

pub(crate) fn matching(db: &mut dyn Query, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Count>> {
    read(&db.all_of(&asked(scope, wanted))?, scope, wanted)
}

/// Asks for what [`read`] reads.
pub(crate) fn asked(scope: &Scope, wanted: &Wanted<'_>) -> Statement {
    let statement = Statement::new(
        "select company_id, shop_id, stage, status, cast(sum(orders) as bigint) as orders
         from (
           select company_id, shop_id, stage, status, orders from order_count",
    );
    let statement = conditions(statement, scope, wanted)
        .push("\nunion all\nselect company_id, shop_id, stage, status, orders from order_count_change");
    conditions(statement, scope, wanted).push(
        "\n) as counted
         group by company_id, shop_id, stage, status
         order by company_id, shop_id, stage, status
         limit 100000",
    )
}

pub(crate) fn read(rows: &[Row], scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Count>> {
    let mut counts = Vec::new();
    for row in rows {
        let (company, shop): (CompanyId, ShopId) = (row.get("company_id")?, row.get("shop_id")?);
        let orders: i64 = row.get("orders")?;
        let stage = Stage::from_code(row.text("stage")?)?;
        if orders != 0 && scope.sees_shop(company, shop) && (!wanted.in_work || stage.is_in_work()) {
            counts.push(Count { company, shop, stage, status: row.get("status")?, orders });
        }
    }
    Ok(counts)
}

fn conditions(statement: Statement, scope: &Scope, wanted: &Wanted<'_>) -> Statement {
    let statement = match scope.companies() {
        [company] => statement.push("\nwhere company_id = :company_id").bind("company_id", *company),
        companies => statement
            .push(
                "\nwhere company_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})",
            )
            .bind("companies", ids_as_json(companies)),
    };
    let only_shop = match scope {
        Scope::Company { shops: Some(shops), .. } => shops.first().copied().filter(|_| shops.len() == 1),
        Scope::Company { shops: None, .. } | Scope::Desk { .. } => None,
    };
    statement
        .and_if(only_shop, "\nand shop_id = :only_shop", "only_shop")
        .and_if(wanted.shop, "\nand shop_id = :shop_id", "shop_id")
        .and_if(wanted.stage.map(Stage::code), "\nand stage = :stage", "stage")
        .and_if(wanted.status, "\nand status = :status", "status")
}

pub(crate) fn added(tx: &mut Tx, order: &Order) -> Result<()> {
    change(tx, order, 1)
}

pub(crate) fn moved(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    if before.stage == after.stage && before.status == after.status {
        return Ok(());
    }
    change(tx, before, -1)?;
    change(tx, after, 1)
}

fn change(tx: &mut Tx, order: &Order, by: i64) -> Result<()> {
    let id = tx.new_id::<()>();
    tx.put(
        sql!(
            "insert into order_count_change (company_id, id, shop_id, stage, status, orders)
             values (:company_id, :id, :shop_id, :stage, :status, :orders)"
        ),
        params![
            company_id: order.company, id: id, shop_id: order.shop, stage: order.stage.code(),
            status: &order.status, orders: by,
        ],
    )
}

/// Folds the changes of the company whose fact comes at a round position.
pub(crate) fn fold_sometimes(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if fact.position % FOLD_EVERY == 0 { fold(tx, fact.company) } else { Ok(()) }
}

/// Moves the changes of a company into its sums.
///
/// # Errors
/// Faults of the store.
pub fn fold(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let newest: Option<i64> = tx
        .one(
            sql!("select max(id) as newest from order_count_change where company_id = :company_id"),
            params![company_id: company],
        )?
        .get("newest")?;
    let Some(newest) = newest else { return Ok(()) };
    tx.put(
        sql!(
            "insert into order_count (company_id, shop_id, stage, status, orders)
             select company_id, shop_id, stage, status, cast(sum(orders) as bigint)
             from order_count_change
             where company_id = :company_id and id <= :newest
             group by company_id, shop_id, stage, status
             on conflict (company_id, shop_id, stage, status) do update
             set orders = order_count.orders + excluded.orders"
        ),
        params![company_id: company, newest: newest],
    )?;
    tx.put(
        sql!("delete from order_count_change where company_id = :company_id and id <= :newest"),
        params![company_id: company, newest: newest],
    )
}
