//! Questions under a name: one's own, or everybody's at the workplace.

use takt_kernel::{CompanyId, Fault, Id, PersonId, Result};
use takt_store::{Query, Tx, params, sql};

pub(crate) enum SavedTag {}
pub(crate) type SavedId = Id<SavedTag>;

const MOST: i64 = 100;
const LONGEST_NAME: usize = 80;
const LONGEST_QUESTION: usize = 2_000;
const EVERYBODY: PersonId = PersonId::new(0);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    pub id: SavedId,
    pub name: String,
    /// The address without its path.
    pub question: String,
    pub shared: bool,
}

pub(crate) fn list(db: &mut dyn Query, workplace: CompanyId, person: PersonId) -> Result<Vec<Saved>> {
    let mut saved = Vec::new();
    for whose in [EVERYBODY, person] {
        let rows = db.all(
            sql!(
                "select id, name, question
                 from slice_saved
                 where company_id = :company_id and person_id = :person_id
                 order by id
                 limit :most"
            ),
            params![company_id: workplace, person_id: whose, most: MOST],
        )?;
        for row in &rows {
            saved.push(Saved {
                id: row.get("id")?,
                name: row.get("name")?,
                question: row.get("question")?,
                shared: whose == EVERYBODY,
            });
        }
    }
    Ok(saved)
}

/// # Errors
/// `slices.name_required`, `slices.too_long`, `slices.too_many_saved`.
pub(crate) fn save(
    tx: &mut Tx,
    workplace: CompanyId,
    person: PersonId,
    name: &str,
    question: &str,
    shared: bool,
) -> Result<()> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Fault::field("name", "slices.name_required"));
    }
    if name.chars().count() > LONGEST_NAME || question.len() > LONGEST_QUESTION {
        return Err(Fault::field("name", "slices.too_long"));
    }
    let known = list(tx, workplace, person)?;
    if i64::try_from(known.len()).is_ok_and(|count| count >= MOST) {
        return Err(Fault::invalid("slices.too_many_saved").arg("most", MOST));
    }
    let (id, now): (SavedId, _) = (tx.new_id(), tx.now());
    tx.put(
        sql!(
            "insert into slice_saved (company_id, id, person_id, name, question, created_at)
             values (:company_id, :id, :person_id, :name, :question, :created_at)"
        ),
        params![
            company_id: workplace, id: id, person_id: if shared { EVERYBODY } else { person }, name: name,
            question: question, created_at: now,
        ],
    )
}

/// # Errors
/// `slices.saved_missing`, also for one that is another's own.
pub(crate) fn forget(tx: &mut Tx, workplace: CompanyId, person: PersonId, id: SavedId) -> Result<()> {
    let gone = tx.execute(
        sql!(
            "delete from slice_saved
             where company_id = :company_id and id = :id and person_id in (0, :person_id)"
        ),
        params![company_id: workplace, id: id, person_id: person],
    )?;
    if gone == 0 { Err(Fault::missing("slices.saved_missing")) } else { Ok(()) }
}
