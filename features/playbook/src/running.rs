//! Which playbook runs for a company. What was read once is kept in memory under its fingerprint.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result};
use takt_playbook_language::Playbook;
use takt_store::{Query, params, sql};
use takt_ui::Lang;

use crate::words::vocabulary;

/// The number of the playbook that Takt brings along.
pub(crate) const BROUGHT_ALONG: i64 = 0;

pub(crate) struct Running {
    pub number: i64,
    pub playbook: Arc<Playbook>,
}

/// Past this many they are read again, so that no company can fill the memory.
const MOST_KEPT: usize = 500;
static KEPT: LazyLock<Mutex<HashMap<String, Arc<Playbook>>>> = LazyLock::new(Mutex::default);

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

/// # Errors
/// `playbook.version_unreadable`: this program no longer knows a word that the text uses.
pub(crate) fn of(db: &mut dyn Query, company: CompanyId) -> Result<Running> {
    let rows = db.seldom(
        sql!(
            "select number, fingerprint
             from playbook_version
             where company_id = :company_id
             order by number desc
             limit 1"
        ),
        params![company_id: company],
    )?;
    let Some(row) = rows.first() else {
        // The rules are the same in every language.
        return Ok(Running {
            number: BROUGHT_ALONG,
            playbook: version(db, company, BROUGHT_ALONG, Lang::Ru)?,
        });
    };
    let (number, fingerprint): (i64, String) = (row.get("number")?, row.get("fingerprint")?);
    let playbook = kept(&fingerprint, || crate::versions::text(db, company, number))?;
    Ok(Running { number, playbook })
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
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(fingerprint).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let playbook = Playbook::parse(&text()?, vocabulary()).map(Arc::new).map_err(|problems| {
        let first = problems.first();
        Fault::broken("playbook.version_unreadable")
            .arg("line", first.map_or(0, |problem| problem.line))
            .arg("word", first.map(|problem| problem.word.clone()).unwrap_or_default())
    })?;
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_KEPT {
        all.clear();
    }
    all.insert(fingerprint.to_owned(), Arc::clone(&playbook));
    Ok(playbook)
}
