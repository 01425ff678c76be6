//! Lists that people keep under a name, for themselves or for everybody at their workplace, and the columns they see.
//! A view is the query of a list's address: what it means is read when it is opened.

use takt_customers::Traces;
use takt_kernel::{Fault, Id, OrganisationId, PersonId, Result};
use takt_store::{Query, Row, Tx, params, sql};

use crate::new_order::FieldFaults;

pub enum ViewTag {}
pub type ViewId = Id<ViewTag>;

/// Of one person, and of everybody, each.
const MOST: i64 = 10;
/// Two who save at once may pass the limit; what is there is shown all the same.
const MOST_SHOWN: i64 = 20;
const LOOKED_THROUGH: i64 = 500;
const LONGEST_NAME: usize = 60;
const LONGEST_QUERY: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: ViewId,
    pub name: String,
    pub query: String,
    /// For everybody of the workplace.
    pub shared: bool,
    place: i64,
}

/// Whose views are meant, and whether those of everybody may be changed.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    pub workplace: OrganisationId,
    pub person: PersonId,
    pub may_share: bool,
}

#[derive(Clone, Debug)]
pub enum ViewChange {
    Name(String),
    Query(String),
    Left,
    Right,
    Remove,
}

/// Those of everybody, then one's own, each in their order.
///
/// # Errors
/// Faults of the store.
pub fn of(db: &mut dyn Query, workplace: OrganisationId, person: PersonId) -> Result<Vec<View>> {
    let mut views = db
        .all(
            sql!(
                "select id, person_id, name, query, place
                 from order_view
                 where company_id = :company_id and person_id is null
                 order by place, id
                 limit :most"
            ),
            params![company_id: workplace, most: MOST_SHOWN],
        )?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    let own = db.all(
        sql!(
            "select id, person_id, name, query, place
             from order_view
             where company_id = :company_id and person_id = :person_id
             order by place, id
             limit :most"
        ),
        params![company_id: workplace, person_id: person, most: MOST_SHOWN],
    )?;
    for row in &own {
        views.push(read(row)?);
    }
    Ok(views)
}

/// Keeps a list under a name, behind the others.
///
/// # Errors
/// `input.fields` for a name that is empty or too long; `orders.too_many_views`; `staff.denied` for one of everybody.
pub fn save(tx: &mut Tx, whose: Whose, shared: bool, name: &str, query: &str) -> Result<ViewId> {
    if shared {
        whose.expect_to_share()?;
    }
    let name = checked(name, query)?;
    let there = of(tx, whose.workplace, whose.person)?;
    let beside: Vec<&View> = there.iter().filter(|view| view.shared == shared).collect();
    if i64::try_from(beside.len()).is_ok_and(|count| count >= MOST) {
        return Err(Fault::conflict("orders.too_many_views").arg("most", MOST));
    }
    let id: ViewId = tx.new_id();
    let place = beside.iter().map(|view| view.place + 1).max().unwrap_or(0);
    let person = (!shared).then_some(whose.person);
    tx.put(
        sql!(
            "insert into order_view (company_id, id, person_id, name, query, place)
             values (:company_id, :id, :person_id, :name, :query, :place)"
        ),
        params![
            company_id: whose.workplace, id: id, person_id: person, name: name, query: query, place: place,
        ],
    )?;
    Ok(id)
}

/// # Errors
/// `orders.view_missing`, also for those of others; as [`save`].
pub fn change(tx: &mut Tx, whose: Whose, id: ViewId, change: &ViewChange) -> Result<()> {
    let all = of(tx, whose.workplace, whose.person)?;
    let view = all.iter().find(|view| view.id == id).ok_or_else(|| Fault::missing("orders.view_missing"))?;
    if view.shared {
        whose.expect_to_share()?;
    }
    match change {
        ViewChange::Name(name) => put(tx, whose, id, &checked(name, &view.query)?, &view.query, view.place),
        ViewChange::Query(query) => {
            checked(&view.name, query)?;
            put(tx, whose, id, &view.name, query, view.place)
        }
        ViewChange::Remove => tx.put(
            sql!("delete from order_view where company_id = :company_id and id = :id"),
            params![company_id: whose.workplace, id: id],
        ),
        ViewChange::Left | ViewChange::Right => {
            let mut beside: Vec<&View> = all.iter().filter(|one| one.shared == view.shared).collect();
            let at = beside.iter().position(|one| one.id == id).unwrap_or_default();
            let to = if matches!(change, ViewChange::Left) { at.saturating_sub(1) } else { at + 1 };
            if to < beside.len() {
                beside.swap(at, to);
            }
            for (place, view) in (0..).zip(beside) {
                put(tx, whose, view.id, &view.name, &view.query, place)?;
            }
            Ok(())
        }
    }
}

/// Views that tell who somebody is who is erased are nobody's any more: their names and queries are people's own words.
pub(crate) fn forget(tx: &mut Tx, workplace: OrganisationId, traces: &Traces) -> Result<()> {
    let (mut after, mut more) = (ViewId::new(0), true);
    while more {
        let rows = tx.all(
            sql!(
                "select id, name, query
                 from order_view
                 where company_id = :company_id and id > :after
                 order by id
                 limit :most"
            ),
            params![company_id: workplace, after: after, most: LOOKED_THROUGH],
        )?;
        more = i64::try_from(rows.len()).is_ok_and(|length| length == LOOKED_THROUGH);
        for row in &rows {
            after = row.get("id")?;
            let (name, query): (String, String) = (row.get("name")?, row.get("query")?);
            if traces.are_in(&name) || traces.are_in(&query) {
                tx.put(
                    sql!("delete from order_view where company_id = :company_id and id = :id"),
                    params![company_id: workplace, id: after],
                )?;
            }
        }
    }
    Ok(())
}

fn put(tx: &mut Tx, whose: Whose, id: ViewId, name: &str, query: &str, place: i64) -> Result<()> {
    tx.put(
        sql!(
            "update order_view
             set name = :name, query = :query, place = :place
             where company_id = :company_id and id = :id"
        ),
        params![name: name, query: query, place: place, company_id: whose.workplace, id: id],
    )
}

/// The columns that somebody chose, as they were given; none when they never did.
///
/// # Errors
/// Faults of the store.
pub fn columns(db: &mut dyn Query, workplace: OrganisationId, person: PersonId) -> Result<Option<String>> {
    db.opt(
        sql!(
            "select columns
             from order_columns
             where company_id = :company_id and person_id = :person_id"
        ),
        params![company_id: workplace, person_id: person],
    )?
    .map(|row| row.get("columns"))
    .transpose()
}

/// # Errors
/// Faults of the store.
pub fn choose_columns(tx: &mut Tx, workplace: OrganisationId, person: PersonId, columns: &str) -> Result<()> {
    tx.put(
        sql!(
            "insert into order_columns (company_id, person_id, columns)
             values (:company_id, :person_id, :columns)
             on conflict (company_id, person_id) do update set columns = excluded.columns"
        ),
        params![company_id: workplace, person_id: person, columns: columns],
    )
}

impl Whose {
    fn expect_to_share(&self) -> Result<()> {
        if self.may_share {
            Ok(())
        } else {
            Err(Fault::denied("staff.denied").arg("permission", "orders.share_views"))
        }
    }
}

fn checked(name: &str, query: &str) -> Result<String> {
    let name = name.trim();
    let mut faults = FieldFaults::default();
    if name.is_empty() {
        faults.push("name", "orders.empty");
    }
    faults.longest("name", Some(name), LONGEST_NAME);
    faults.longest("query", Some(query), LONGEST_QUERY);
    faults.into_result(Some(name.to_owned()))
}

fn read(row: &Row) -> Result<View> {
    Ok(View {
        id: row.get("id")?,
        name: row.get("name")?,
        query: row.get("query")?,
        shared: row.get::<Option<PersonId>>("person_id")?.is_none(),
        place: row.get("place")?,
    })
}
