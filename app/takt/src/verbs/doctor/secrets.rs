//! Whether the key is there under which the secrets in the database are sealed, and whether all of them are.

use takt_kernel::Result;
use takt_store::{Look, Query};
use takt_vault::{KeyInfo, PREFIX, SEALED, is_sealed_by, recorded};

use super::report::{Line, Report};
use crate::{arguments::DataOptions, place};

struct Found {
    recorded: Option<String>,
    /// Of keys that sealed something.
    keys: Vec<String>,
    clear: bool,
}

pub fn look_at_secrets(look: &mut Look, data: &DataOptions, report: &mut Report) {
    let source = place::secret_key(data);
    let looked = look.ask(|reader| found(reader)).and_then(|found| Ok((found, source.look()?)));
    let (found, key) = match looked {
        Ok(looked) => looked,
        Err(fault) => {
            report.add(Line::of_fault("secrets", &fault));
            return;
        }
    };
    report.add(judge(&found, &key).arg("file", source.named()));
}

fn found(db: &mut dyn Query) -> Result<Found> {
    let mut found = Found { recorded: recorded(db)?, keys: Vec::new(), clear: false };
    let slots = db.slots();
    for sealed in slots.of(&SEALED) {
        for begin in (sealed.begins)(db)? {
            match is_sealed_by(&begin) {
                Some(id) => found.keys.push(id.to_owned()),
                None => found.clear |= !begin.starts_with(PREFIX),
            }
        }
    }
    Ok(found)
}

fn judge(found: &Found, key: &KeyInfo) -> Line {
    let missing = found.recorded.iter().chain(&found.keys).find(|id| !key.ids.contains(id));
    if let Some(id) = missing {
        return Line::broken("secrets", "secrets-key-missing").arg("key", id);
    }
    if key.open_to_others {
        return Line::warning("secrets", "secrets-key-open");
    }
    if found.clear {
        return Line::warning("secrets", "secrets-clear");
    }
    match key.ids.first() {
        Some(id) => Line::ok("secrets", "secrets-ok").arg("key", id),
        None => Line::ok("secrets", "secrets-none"),
    }
}
