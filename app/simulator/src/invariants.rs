//! What holds whatever happened: crashes, repetitions, late answers. The simulated day, the long
//! simulation and the crash tests ask the same questions: the checks of the features (`takt verify`
//! asks these too), what several features hold together, and what holds once nothing is left to do.

use takt_kernel::Result;
use takt_store::{Query, Statement, checks};
use takt_work::Listener;

mod rules;

pub use rules::{ALWAYS, AT_REST, Rule};

/// What is wrong at this moment, in whatever the program is in the middle of.
///
/// # Errors
/// Faults of the store.
pub fn broken_now(db: &mut dyn Query) -> Result<Vec<String>> {
    let mut found = broken(db, ALWAYS)?;
    for check in checks(db) {
        found.extend((check.look)(db)?.into_iter().map(|wrong| format!("{}: {}", check.code, wrong.0)));
    }
    Ok(found)
}

/// What is wrong although nothing is left to do, [`broken_now`] included.
///
/// # Errors
/// Faults of the store.
pub fn broken_at_rest(db: &mut dyn Query, listeners: &[Listener]) -> Result<Vec<String>> {
    let mut found = broken_now(db)?;
    found.extend(broken(db, AT_REST)?);
    found.extend(unheard(db, listeners)?);
    Ok(found)
}

/// How many facts each listener has still to hear.
///
/// # Errors
/// Faults of the store.
pub fn unheard(db: &mut dyn Query, listeners: &[Listener]) -> Result<Vec<String>> {
    let mut behind = Vec::new();
    for listener in listeners {
        let kinds: Vec<String> = listener.hears.iter().map(|kind| format!("'{kind}'")).collect();
        let statement = Statement::new(
            "select count(*) as n
             from fact_position
             left join reaction_cursor on reaction_cursor.lane = fact_position.lane
               and reaction_cursor.listener = :listener
             where fact_position.position > coalesce(reaction_cursor.position, 0)
               and fact_position.kind in (",
        )
        .push(&kinds.join(", "))
        .push(")")
        .bind("listener", listener.name);
        let count = number(db, &statement)?;
        if count > 0 {
            behind.push(format!("{count} facts that {} has not heard", listener.name));
        }
    }
    Ok(behind)
}

fn broken(db: &mut dyn Query, rules: &[Rule]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for rule in rules {
        let count = number(db, &Statement::new(rule.question))?;
        if count > 0 {
            found.push(format!("{count} {}", rule.never));
        }
    }
    Ok(found)
}

fn number(db: &mut dyn Query, statement: &Statement) -> Result<i64> {
    db.opt_of(statement)?.map_or(Ok(0), |row| row.get("n"))
}
