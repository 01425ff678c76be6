//! Which playbook runs for a company. What was read once is kept in memory under its fingerprint.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::OrderId;
use takt_playbook_language::Playbook;
use takt_store::{Query, Row, params, sql};
use takt_ui::Lang;

use crate::{about::About, words::vocabulary};

/// The number of the playbook that Takt brings along.
pub(crate) const BROUGHT_ALONG: i64 = 0;

pub(crate) struct Running {
    pub number: i64,
    pub playbook: Arc<Playbook>,
}

/// Half of what is kept: who asks for very many cannot fill the memory, and what others work by stays in it.
const MOST_YOUNG: usize = 250;
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// What was asked for lately, and what was before that.
#[derive(Default)]
struct Kept {
    young: HashMap<String, Arc<Playbook>>,
    old: HashMap<String, Arc<Playbook>>,
}

impl Kept {
    fn get(&mut self, fingerprint: &str) -> Option<Arc<Playbook>> {
        if let Some(known) = self.young.get(fingerprint) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(fingerprint)?;
        self.put(fingerprint, &known);
        Some(known)
    }

    fn put(&mut self, fingerprint: &str, playbook: &Arc<Playbook>) {
        if self.young.len() >= MOST_YOUNG {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(fingerprint.to_owned(), Arc::clone(playbook));
    }
}

/// What everybody works by who has not written anything else.
pub(crate) fn brought_along(lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => include_str!("../playbooks/ru.md"),
        Lang::En => include_str!("../playbooks/en.md"),
    }
}

pub(crate) fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The newest: by it goes what is placed from now on, and what is about no order.
///
/// # Errors
/// `playbook.version_unreadable`: this program no longer knows a word that the text uses.
pub(crate) fn of(db: &mut dyn Query, company: CompanyId) -> Result<Running> {
    match newest(db, company)? {
        Some(issue) => issue.running(db, company),
        None => unwritten(db, company),
    }
}

/// The one that an order goes by: the newest, unless it left those that were in work with the one before.
///
/// # Errors
/// As [`of`].
pub(crate) fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Running> {
    let Some(newest) = newest(db, company)? else { return unwritten(db, company) };
    if !newest.leaves(order) {
        return newest.running(db, company);
    }
    let row = db.opt(
        sql!(
            "select number, fingerprint, stay_up_to
             from playbook_version
             where company_id = :company_id and (stay_up_to is null or stay_up_to < :order)
             order by number desc
             limit 1"
        ),
        params![company_id: company, order: order],
    )?;
    match row {
        Some(row) => Issue::of(&row)?.running(db, company),
        None => unwritten(db, company),
    }
}

/// # Errors
/// As [`of`].
pub(crate) fn about(db: &mut dyn Query, about: &About) -> Result<Running> {
    match about.order() {
        Some(order) => of_order(db, about.company, order),
        None => of(db, about.company),
    }
}

struct Issue {
    number: i64,
    fingerprint: String,
    stay_up_to: Option<i64>,
}

impl Issue {
    fn of(row: &Row) -> Result<Self> {
        Ok(Self {
            number: row.get("number")?,
            fingerprint: row.get("fingerprint")?,
            stay_up_to: row.get("stay_up_to")?,
        })
    }

    fn leaves(&self, order: OrderId) -> bool {
        self.stay_up_to.is_some_and(|last| order.get() <= last)
    }

    fn running(&self, db: &mut dyn Query, company: CompanyId) -> Result<Running> {
        let playbook = kept(&self.fingerprint, || crate::versions::text(db, company, self.number))?;
        Ok(Running { number: self.number, playbook })
    }
}

/// The rules are the same in every language.
fn unwritten(db: &mut dyn Query, company: CompanyId) -> Result<Running> {
    Ok(Running { number: BROUGHT_ALONG, playbook: version(db, company, BROUGHT_ALONG, Lang::Ru)? })
}

fn newest(db: &mut dyn Query, company: CompanyId) -> Result<Option<Issue>> {
    let rows = db.seldom(
        sql!(
            "select number, fingerprint, stay_up_to
             from playbook_version
             where company_id = :company_id
             order by number desc
             limit 1"
        ),
        params![company_id: company],
    )?;
    rows.first().map(Issue::of).transpose()
}

/// A version that may no longer run, to be read: what Takt brings along in this language.
///
/// # Errors
/// `playbook.version_missing`, `playbook.version_unreadable`.
pub(crate) fn version(
    db: &mut dyn Query,
    company: CompanyId,
    number: i64,
    lang: Lang,
) -> Result<Arc<Playbook>> {
    if number == BROUGHT_ALONG {
        return kept(lang.code(), || Ok(brought_along(lang).to_owned()));
    }
    let rows = db.seldom(
        sql!(
            "select fingerprint
             from playbook_version
             where company_id = :company_id and number = :number"
        ),
        params![company_id: company, number: number],
    )?;
    let row = rows.first().ok_or_else(|| Fault::missing("playbook.version_missing").arg("number", number))?;
    kept(&row.get::<String>("fingerprint")?, || crate::versions::text(db, company, number))
}

fn kept(fingerprint: &str, text: impl FnOnce() -> Result<String>) -> Result<Arc<Playbook>> {
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(fingerprint);
    if let Some(known) = known {
        return Ok(known);
    }
    let playbook = Playbook::read(&text()?, vocabulary()).map(Arc::new).map_err(|problems| {
        let first = problems.first();
        Fault::broken("playbook.version_unreadable")
            .arg("line", first.map_or(0, |problem| problem.line))
            .arg("word", first.map(|problem| problem.word.clone()).unwrap_or_default())
    })?;
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).put(fingerprint, &playbook);
    Ok(playbook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_and_again_stays_in_memory_whoever_asks_for_how_many() {
        let playbook =
            Playbook::read("", vocabulary()).map(Arc::new).unwrap_or_else(|_| panic!("no text at all"));
        let mut kept = Kept::default();
        kept.put("ours", &playbook);
        for other in 0..10 * MOST_YOUNG {
            kept.put(&format!("another {other}"), &playbook);
            if other % 100 == 0 {
                assert!(kept.get("ours").is_some(), "after {other}");
            }
        }
        assert!(kept.young.len() + kept.old.len() <= 2 * MOST_YOUNG);
        assert!(kept.get("another 0").is_none());
    }
}
