//! What somebody did last, kept so long that it can be told and taken back.

use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Id, OrganisationId, PersonId, Result};
use takt_store::{Query, Tx, params, sql};

use super::Done;
use crate::OrderId;

pub enum KeptTag {}
pub type KeptId = Id<KeptTag>;

/// Of each person.
const MOST: i64 = 20;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub done: Vec<Done>,
    pub refused: Vec<Refused>,
    /// It took something back itself.
    pub undone: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub order: OrderId,
    pub number: String,
    /// In the words of whoever asked.
    pub why: String,
}

pub(crate) fn keep(tx: &mut Tx, workplace: OrganisationId, person: PersonId, kept: &Kept) -> Result<KeptId> {
    let id: KeptId = tx.new_id();
    let at = tx.now();
    let content = serde_json::to_string(kept)
        .map_err(|error| Fault::broken("orders.deed_unreadable").because(error))?;
    tx.put(
        sql!(
            "insert into order_deed (company_id, id, person_id, at, content)
             values (:company_id, :id, :person_id, :at, :content)"
        ),
        params![company_id: workplace, id: id, person_id: person, at: at, content: content],
    )?;
    let oldest: Option<KeptId> = tx
        .opt(
            sql!(
                "select id
                 from order_deed
                 where company_id = :company_id and person_id = :person_id
                 order by id desc
                 limit 1 offset :most"
            ),
            params![company_id: workplace, person_id: person, most: MOST],
        )?
        .map(|row| row.get("id"))
        .transpose()?;
    if let Some(oldest) = oldest {
        tx.put(
            sql!(
                "delete from order_deed
                 where company_id = :company_id and person_id = :person_id and id <= :oldest"
            ),
            params![company_id: workplace, person_id: person, oldest: oldest],
        )?;
    }
    Ok(id)
}

/// None when it is too long ago, was taken back, or somebody else did it.
pub(crate) fn load(
    db: &mut dyn Query,
    workplace: OrganisationId,
    person: PersonId,
    id: KeptId,
) -> Result<Option<Kept>> {
    db.opt(
        sql!(
            "select content
             from order_deed
             where company_id = :company_id and id = :id and person_id = :person_id"
        ),
        params![company_id: workplace, id: id, person_id: person],
    )?
    .map(|row| {
        serde_json::from_str(&row.get::<String>("content")?)
            .map_err(|error| Fault::broken("orders.deed_unreadable").because(error))
    })
    .transpose()
}

pub(crate) fn forget(tx: &mut Tx, workplace: OrganisationId, id: KeptId) -> Result<()> {
    tx.put(
        sql!("delete from order_deed where company_id = :company_id and id = :id"),
        params![company_id: workplace, id: id],
    )
}
