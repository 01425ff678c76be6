//! Settings of an organisation: a key of the crate that reads it, a JSON value, changed by facts.

use serde::{Serialize, de::DeserializeOwned};
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp};
use takt_store::{Change, Fact as _, Query, Tx, params, sql};

use crate::facts::{self, SettingChanged};

/// Facts about a company that are read at once.
const AT_ONCE: i64 = 1_000;

/// The value, or none when nobody has set it: the reader knows its own default.
///
/// # Errors
/// A broken fault when the stored value has another shape.
pub fn get<T: DeserializeOwned>(db: &mut dyn Query, company: CompanyId, key: &str) -> Result<Option<T>> {
    let rows = db.seldom(
        sql!(
            "select key, value
             from setting
             where organisation_id = :organisation_id and key = :key"
        ),
        params![organisation_id: company, key: key],
    )?;
    rows.first().map(|row| row.json("value")).transpose()
}

/// The value as it was at a moment, out of the facts; none when nobody had set it.
///
/// # Errors
/// Faults of the store.
pub fn at<T: DeserializeOwned>(
    db: &mut dyn Query,
    company: CompanyId,
    key: &str,
    moment: Timestamp,
) -> Result<Option<T>> {
    let (mut after, mut value) = (0, None);
    loop {
        let said = takt_store::facts::of_subject(db, company, "company", company.get(), after, AT_ONCE)?;
        let Some(last) = said.last() else { break };
        after = last.n;
        for fact in said.iter().filter(|fact| fact.kind == SettingChanged::KIND && fact.at <= moment) {
            let changed: SettingChanged = fact.read()?;
            if changed.key == key {
                value = Some(changed.value);
            }
        }
    }
    let unreadable =
        |error: serde_json::Error| Fault::broken("staff.setting_unwritable").arg("key", key).because(error);
    value.map(serde_json::from_value).transpose().map_err(unreadable)
}

/// Sets a value. Whoever calls has checked the right to: settings pages hold a permit of their own.
pub fn set<T: Serialize>(
    tx: &mut Tx<'_>,
    company: CompanyId,
    key: &str,
    value: &T,
    actor: &Actor,
) -> Result<()> {
    let unwritable =
        |error: serde_json::Error| Fault::broken("staff.setting_unwritable").arg("key", key).because(error);
    let value = serde_json::to_value(value).map_err(unwritable)?;
    let old: Option<serde_json::Value> = get(tx, company, key)?;
    if old.as_ref() == Some(&value) {
        return Ok(());
    }
    tx.put(
        sql!(
            "insert into setting (organisation_id, key, value)
             values (:organisation_id, :key, :value)
             on conflict (organisation_id, key) do update set value = excluded.value"
        ),
        params![organisation_id: company, key: key, value: value.to_string()],
    )?;
    let change = Change::of(key, old.map(|old| old.to_string()), Some(value.to_string()));
    tx.say_changes(
        facts::about_company(company, actor),
        &SettingChanged { key: key.to_owned(), value },
        vec![change],
    )
}
