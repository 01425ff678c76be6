//! How much each person has to do, and has done today.

use std::collections::BTreeMap;

use takt_kernel::{PersonId, Result, Timestamp};
use takt_staff::Scope;
use takt_store::{Query, Statement};

/// Of so many things that were done the median is told.
const MOST_DONE: i64 = 20_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// Taken and not done.
    pub open: i64,
    pub overdue: i64,
    /// Since the moment that was asked about.
    pub done: i64,
    /// From the taking to the end; for what nobody took, from its opening.
    pub median_seconds: Option<i64>,
}

/// What each of these people has to do now and has done since a moment, within the scope. Who has nothing is
/// there with nothing.
///
/// # Errors
/// Faults of the store.
pub fn workload(
    db: &mut dyn Query,
    scope: &Scope,
    people: &[PersonId],
    since: Timestamp,
) -> Result<BTreeMap<PersonId, Workload>> {
    let mut loads: BTreeMap<PersonId, Workload> =
        people.iter().map(|person| (*person, Workload::default())).collect();
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(loads);
    }
    let whose = format!("\nwhere assignee in ({}) and +company_id in {}", ids.join(", "), scope.sql_list());
    let now = db.now();
    let open = Statement::new(
        "select assignee, count(*) as open,
           cast(sum(case when due_at < :now then 1 else 0 end) as bigint) as overdue
         from task",
    )
    .bind("now", now)
    .push(&whose)
    .push("\nand state = 'taken'\ngroup by assignee\norder by assignee\nlimit 10000");
    for row in db.all_of(&open)? {
        if let Some(load) = loads.get_mut(&row.get("assignee")?) {
            (load.open, load.overdue) = (row.get("open")?, row.get("overdue")?);
        }
    }
    let done = Statement::new(
        "select assignee, closed_at, coalesce(taken_at, opened_at) as begun_at from task",
    )
    .push(&whose)
    .push("\nand state = 'closed' and closed_at >= :since\norder by assignee, closed_at desc\nlimit :most")
    .bind("since", since)
    .bind("most", MOST_DONE);
    let mut took: BTreeMap<PersonId, Vec<i64>> = BTreeMap::new();
    for row in db.all_of(&done)? {
        let (closed_at, begun_at): (Timestamp, Timestamp) = (row.get("closed_at")?, row.get("begun_at")?);
        took.entry(row.get("assignee")?).or_default().push(closed_at.seconds_since(begun_at));
    }
    for (person, mut seconds) in took {
        if let Some(load) = loads.get_mut(&person) {
            seconds.sort_unstable();
            load.done = i64::try_from(seconds.len()).unwrap_or(MOST_DONE);
            load.median_seconds = median(&seconds);
        }
    }
    Ok(loads)
}

/// Of sorted numbers; between the two in the middle, when there are two.
fn median(sorted: &[i64]) -> Option<i64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    let lower = if sorted.len().is_multiple_of(2) { *sorted.get(middle - 1)? } else { upper };
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_stands_in_the_middle() {
        for (sorted, middle) in
            [(&[][..], None), (&[7][..], Some(7)), (&[1, 3][..], Some(2)), (&[1, 2, 90][..], Some(2))]
        {
            assert_eq!(median(sorted), middle, "{sorted:?}");
        }
    }
}
