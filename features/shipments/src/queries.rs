use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result, fold};
use takt_orders::{LineId, OrderId};
use takt_staff::Scope;
use takt_store::{Query, Question, Row, Statement, params, sql};

use crate::{Content, Shipment, ShipmentId, State, shipment::shipment_columns};

const LARGEST_PAGE: i64 = 200;

#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Parts of a tracking number or of an order's number.
    pub q: String,
    pub state: Option<State>,
    pub order: Option<OrderId>,
    pub limit: i64,
    /// The last shipment of the page before.
    pub cursor: Option<ShipmentId>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Shipment>,
    pub next_cursor: Option<ShipmentId>,
}

/// Shipments within the scope, the newest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, LARGEST_PAGE);
    let start = Statement::new(concat!("select ", shipment_columns!(), " from shipment\nwhere "));
    let folded = fold(&filter.q);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    let statement = within(start, scope)
        .and_if(filter.state.map(State::code), "\nand state = :state", "state")
        .and_if(filter.order, "\nand order_id = :order_id", "order_id")
        .and_if(filter.cursor, "\nand id < :cursor", "cursor")
        .and_words("search", words)
        .push("\norder by id desc\nlimit :limit")
        .bind("limit", limit + 1);
    let mut items = db.all_of(&statement)?.iter().map(Shipment::read).collect::<Result<Vec<_>>>()?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next_cursor = items.last().filter(|_| more).map(|last| last.id);
    Ok(Page { items, next_cursor })
}

fn within(statement: Statement, scope: &Scope) -> Statement {
    let statement = statement.push("company_id in ").push(&scope.sql_list());
    match scope {
        Scope::Company { shops: Some(shops), .. } => {
            let shops: Vec<String> = shops.iter().map(ToString::to_string).collect();
            let shops = if shops.is_empty() { "null".to_owned() } else { shops.join(", ") };
            statement.push(&format!("\nand shop_id in ({shops})"))
        }
        Scope::Company { shops: None, .. } | Scope::Desk { .. } => statement,
    }
}

/// # Errors
/// `shipments.missing` also for one that the scope leaves out.
pub fn get(db: &mut dyn Query, scope: &Scope, id: ShipmentId) -> Result<Shipment> {
    let start =
        Statement::new(concat!("select ", shipment_columns!(), " from shipment\nwhere id = :id and "));
    let row = db.opt_of(&within(start.bind("id", id), scope))?.ok_or_else(|| missing(id))?;
    Shipment::read(&row)
}

pub(crate) fn missing(id: ShipmentId) -> Fault {
    Fault::missing("shipments.missing").arg("given", id)
}

/// All shipments of an order, in the order in which they were packed.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Shipment>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            shipment_columns!(),
            " from shipment
              where company_id = :company_id and order_id = :order_id
              order by id
              limit 1000"
        )),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(Shipment::read).collect()
}

/// The newest tracking number of each of these orders; those without one are absent. [`read_tracking`] reads the answer.
pub fn tracking(company: CompanyId, orders: &[OrderId]) -> Question {
    let ids = serde_json::Value::from(orders.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    Question::new(
        sql!(
            "select shipment.order_id, shipment.tracking
             from shipment
             where shipment.company_id = :company_id and shipment.tracking is not null
               and shipment.order_id in (
                 select cast(value as bigint)
                 from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by shipment.order_id, shipment.id
             limit 10000"
        ),
        params![company_id: company, ids: ids],
    )
}

/// What carriers call the parcels of these orders.
pub(crate) fn found_by(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, String)>> {
    let rows = db.all_at_once(&[tracking(company, orders)])?.pop().unwrap_or_default();
    rows.iter().map(|row| Ok((row.get("order_id")?, row.get("tracking")?))).collect()
}

/// # Errors
/// When a row makes no sense.
pub fn read_tracking(rows: &[Row]) -> Result<BTreeMap<OrderId, String>> {
    rows.iter().map(|row| Ok((row.get("order_id")?, row.get("tracking")?))).collect()
}

/// What the shipments of an order hold.
pub(crate) fn contents(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Result<BTreeMap<ShipmentId, Vec<Content>>> {
    let rows = db.all(
        sql!(
            "select shipment_line.shipment_id, shipment_line.line_id, shipment_line.quantity
             from shipment
             cross join shipment_line
             where shipment_line.company_id = shipment.company_id
               and shipment_line.shipment_id = shipment.id
               and shipment.company_id = :company_id and shipment.order_id = :order_id
             order by shipment_line.shipment_id, shipment_line.line_id
             limit 100000"
        ),
        params![company_id: company, order_id: order],
    )?;
    let mut contents: BTreeMap<ShipmentId, Vec<Content>> = BTreeMap::new();
    for row in &rows {
        let content = Content { line: row.get("line_id")?, quantity: row.get("quantity")? };
        contents.entry(row.get("shipment_id")?).or_default().push(content);
    }
    Ok(contents)
}

/// How much of each line stands packed and has not left; thousandths.
pub(crate) fn packed(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Result<BTreeMap<LineId, i64>> {
    let rows = db.all(
        sql!(
            "select shipment_line.line_id, cast(sum(shipment_line.quantity) as bigint) as quantity
             from shipment
             join shipment_line on shipment_line.company_id = shipment.company_id
               and shipment_line.shipment_id = shipment.id
             where shipment.company_id = :company_id and shipment.order_id = :order_id
               and shipment.state = 'packed'
             group by shipment_line.line_id
             order by shipment_line.line_id
             limit 10000"
        ),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(|row| Ok((row.get("line_id")?, row.get("quantity")?))).collect()
}
