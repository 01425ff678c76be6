//! What somebody wrote and has not published. Nothing that was saved is lost: saving again keeps both.

use takt_kernel::{Actor, CompanyId, Fault, Id, Result, Timestamp};
use takt_playbook_language::LARGEST_TEXT;
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};

use crate::{
    checked::{self, Checked},
    policy::ManagePlaybook,
};

pub enum DraftTag {}
pub type DraftId = Id<DraftTag>;

const SHOWN: i64 = 30;

/// A draft as it stands in a list, without its text.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: DraftId,
    pub note: String,
    pub based_on: i64,
    pub written_at: Timestamp,
    pub shadow_since: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Draft {
    pub id: DraftId,
    pub document: String,
    pub note: String,
    /// The version that its author saw.
    pub based_on: i64,
    pub written_by: Actor,
    pub written_at: Timestamp,
    /// Since when it decides beside the version that runs, for its author alone.
    pub shadow_since: Option<Timestamp>,
}

/// Keeps a text, right or wrong. The same text as in the latest draft is that draft.
///
/// # Errors
/// `playbook.draft_too_long`, `playbook.note_too_long`.
pub fn keep(
    tx: &mut Tx,
    permit: &Permit<ManagePlaybook>,
    text: &str,
    note: &str,
    based_on: i64,
) -> Result<DraftId> {
    let (company, text) = (permit.company(), checked::plain(text));
    if text.len() > LARGEST_TEXT {
        return Err(Fault::field("text", "playbook.draft_too_long"));
    }
    let note = checked::note(note)?;
    let latest = tx.opt(
        sql!(
            "select id, document, note
             from playbook_draft
             where company_id = :company_id
             order by written_at desc, id desc
             limit 1"
        ),
        params![company_id: company],
    )?;
    if let Some(latest) = latest
        && latest.get::<String>("document")? == text
        && latest.get::<String>("note")? == note
    {
        return latest.get("id");
    }
    let (id, now): (DraftId, Timestamp) = (tx.new_id(), tx.now());
    let written_by = serde_json::to_string(permit.actor())
        .map_err(|error| Fault::broken("playbook.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into playbook_draft (company_id, id, document, note, based_on, written_by, written_at, shadow_since)
             values (:company_id, :id, :document, :note, :based_on, :written_by, :now, null)"
        ),
        params![
            company_id: company, id: id, document: text, note: note, based_on: based_on, written_by: written_by,
            now: now,
        ],
    )?;
    Ok(id)
}

/// # Errors
/// `playbook.draft_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: DraftId) -> Result<Draft> {
    let row = db.opt(
        sql!(
            "select id, document, note, based_on, written_by, written_at, shadow_since
             from playbook_draft
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    read(&row.ok_or_else(|| Fault::missing("playbook.draft_missing"))?)
}

/// The latest drafts, newest first, and behind them the one in the shadow, however old it is.
///
/// # Errors
/// Faults of the store.
pub fn latest(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Listed>> {
    let rows = db.all(
        sql!(
            "select id, note, based_on, written_at, shadow_since
             from playbook_draft
             where company_id = :company_id
             order by written_at desc, id desc
             limit :limit"
        ),
        params![company_id: company, limit: SHOWN],
    )?;
    let in_shadow = db.opt(
        sql!(
            "select id, note, based_on, written_at, shadow_since
             from playbook_draft
             where company_id = :company_id and shadow_since is not null
             order by id
             limit 1"
        ),
        params![company_id: company],
    )?;
    let mut latest: Vec<Listed> = rows.iter().map(listed).collect::<Result<_>>()?;
    if let Some(in_shadow) = in_shadow.as_ref().map(listed).transpose()?
        && latest.iter().all(|draft| draft.id != in_shadow.id)
    {
        latest.push(in_shadow);
    }
    Ok(latest)
}

fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed {
        id: row.get("id")?,
        note: row.get("note")?,
        based_on: row.get("based_on")?,
        written_at: row.get("written_at")?,
        shadow_since: row.get("shadow_since")?,
    })
}

/// Lets a draft, as it was read, decide beside the version that runs, from now on; without one, no longer. At most one
/// of a company does.
///
/// # Errors
/// `playbook.draft_missing`.
pub fn shadow(tx: &mut Tx, permit: &Permit<ManagePlaybook>, id: DraftId, on: Option<&Checked>) -> Result<()> {
    let (company, now) = (permit.company(), tx.now());
    let draft = get(tx, company, id)?;
    if let Some(checked) = on {
        checked.is_of(&draft.document)?;
    }
    tx.put(
        sql!(
            "update playbook_draft
             set shadow_since = null
             where company_id = :company_id and shadow_since is not null"
        ),
        params![company_id: company],
    )?;
    tx.put(
        sql!("update playbook_draft set shadow_since = :since where company_id = :company_id and id = :id"),
        params![since: on.map(|_| now), company_id: company, id: id],
    )
}

fn read(row: &Row) -> Result<Draft> {
    Ok(Draft {
        id: row.get("id")?,
        document: row.get("document")?,
        note: row.get("note")?,
        based_on: row.get("based_on")?,
        written_by: row.json("written_by")?,
        written_at: row.get("written_at")?,
        shadow_since: row.get("shadow_since")?,
    })
}
