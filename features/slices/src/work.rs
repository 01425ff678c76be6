//! Who did what: orders confirmed and packed, tasks done, and whether in time.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, PersonId, Result};
use takt_staff::{Scope, companies};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_tasks::TaskId;

use crate::{
    contribution::{CONFIRMED, PACKED, TASK, Work},
    period::{Day, Days},
    rows,
};

/// Of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub confirmed: i64,
    pub packed: i64,
    pub tasks: i64,
    pub in_time: i64,
}

impl Done {
    pub fn add(&mut self, other: &Self) {
        self.confirmed += other.confirmed;
        self.packed += other.packed;
        self.tasks += other.tasks;
        self.in_time += other.in_time;
    }
}

pub(crate) fn task_done(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let Some(person) = fact.actor.person() else { return Ok(()) };
    let zone = companies::get(tx, fact.company)?.zone;
    let task = takt_tasks::get(
        tx,
        &Scope::Company { company: fact.company, shops: None },
        TaskId::new(fact.subject_id),
    )?;
    let work = Work { kind: TASK, person: person.get(), day: Day::of(fact.at, &zone).number() };
    let late = fact.at.seconds_since(task.due_at).max(0);
    rows::put_work(tx, fact.company, fact.subject_id, &work, Some(late))
}

/// What people did in a period, by person and day.
pub(crate) fn of_people(
    db: &mut dyn Query,
    companies: &[CompanyId],
    days: Days,
) -> Result<BTreeMap<(PersonId, i64), Done>> {
    let mut found = BTreeMap::<(PersonId, i64), Done>::new();
    for company in companies {
        let rows = db.all(
            sql!(
                "select person_id, day, kind, count(*) as work,
                   cast(sum(case when late = 0 then 1 else 0 end) as bigint) as in_time
                 from slice_work
                 where company_id = :company_id and day >= :from_day and day <= :to_day
                 group by person_id, day, kind
                 order by person_id, day, kind
                 limit 100000"
            ),
            params![company_id: *company, from_day: days.from.number(), to_day: days.to.number()],
        )?;
        for row in &rows {
            let done = found.entry((row.get("person_id")?, row.get("day")?)).or_default();
            let work: i64 = row.get("work")?;
            match row.get::<String>("kind")?.as_str() {
                CONFIRMED => done.confirmed += work,
                PACKED => done.packed += work,
                _ => {
                    done.tasks += work;
                    done.in_time += row.get::<i64>("in_time")?;
                }
            }
        }
    }
    Ok(found)
}
