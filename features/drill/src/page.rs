//! /drill: what has to be done, one task after the other with a word of help; who of the staff has passed.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Kind, OrganisationId, Result, Timestamp};
use takt_orders::counts;
use takt_staff::{Caller, Notice, PageHead, SeePeople, practice, see_other_saying};
use takt_store::Query as Reader;
use takt_ui::{FormErrors, Sample, Width, Words};
use takt_web::{Answer, Form, Web, see_other};

use crate::{
    Progress, Task,
    page_parts::render,
    prepare::{Seed, prepare},
    progress,
    results::{Passing, of_members},
};

pub(crate) const HREF: &str = "/drill";

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "drill/begin", render: |w| render(w, &View::sample(w, 0, false)) },
    Sample { name: "drill/half-way", render: |w| render(w, &View::sample(w, 4, true)) },
    Sample { name: "drill/passed", render: |w| render(w, &View::sample(w, 8, true)) },
];

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(show))
        .route("/drill/begin", post(begin))
        .route("/drill/end", post(end))
        .route("/drill/tell", post(tell))
}

/// On each screen of a practice company: how far one is, and what comes next.
pub(crate) fn notices(db: &mut dyn Reader, companies: &[CompanyId]) -> Result<Vec<Notice>> {
    let [company] = companies else { return Ok(Vec::new()) };
    if !practice::is(db, *company)? {
        return Ok(Vec::new());
    }
    let Some(progress) = progress::of_company(db, *company)? else { return Ok(Vec::new()) };
    let args = vec![
        ("done", progress.done.len().to_string()),
        ("all", Task::ALL.len().to_string()),
        ("next", progress.next().map_or("none", Task::code).to_owned()),
    ];
    Ok(vec![Notice { text_key: "drill-progress", args, href: HREF, topic: Some("drills") }])
}

pub(crate) struct View {
    /// Of the practice company that is looked at.
    pub progress: Option<Progress>,
    /// The number of the order that was made for a task.
    pub numbers: Vec<(Task, String)>,
    /// Somewhere else a practice is waiting.
    pub waiting: Option<OrganisationId>,
    pub results: Vec<Passing>,
    pub errors: FormErrors,
    /// Which task was told wrong.
    pub told: Option<Task>,
    pub now: Timestamp,
}

async fn show(caller: Caller, State(web): State<Web>) -> Answer {
    page(&caller, &web, None).await
}

async fn page(caller: &Caller, web: &Web, refused: Option<(Task, Fault)>) -> Answer {
    let w = caller.words(web);
    let (person, here) = (caller.person, caller.workplace().id());
    let sees_people = caller.may_in::<SeePeople>(here);
    let errors =
        refused.as_ref().map_or_else(FormErrors::none, |(_, fault)| FormErrors::from_fault(&w, fault));
    let told = refused.as_ref().map(|(task, _)| *task);
    let view = web
        .db
        .read("drill.page", move |reader| {
            let progress = progress::of_company(reader, here)?.filter(|progress| progress.person == person);
            let mut numbers = Vec::new();
            if let Some(progress) = &progress {
                for (task, order) in &progress.orders {
                    numbers.push((*task, takt_orders::load(reader, here, *order)?.number));
                }
            }
            let waiting = practice::of_person(reader, person)?.map(|practice| practice.company);
            Ok(View {
                waiting: waiting.filter(|company| *company != here),
                results: if sees_people && progress.is_none() {
                    of_members(reader, here)?
                } else {
                    Vec::new()
                },
                progress,
                numbers,
                errors: errors.clone(),
                told,
                now: reader.now(),
            })
        })
        .await?;
    let head = PageHead::new(w.t("drill-title")).width(Width::Narrow).path(HREF);
    let body = render(&w, &view);
    Ok(if refused.is_some() { caller.refused_page(web, head, body) } else { caller.page(web, head, body) })
}

async fn begin(caller: Caller, State(web): State<Web>) -> Answer {
    let w = caller.words(&web);
    let seed = Seed::of(&w, &caller.workplace().company.zone_name);
    prepare(&web.db, caller.person, caller.session.id, seed).await?;
    Ok(see_other_saying(HREF, "drill-begun"))
}

/// Only one's own; the next place that one has is where one goes on.
async fn end(caller: Caller, State(web): State<Web>) -> Answer {
    let person = caller.person;
    web.db
        .write("drill.end", move |tx| match practice::of_person(tx, person)? {
            Some(practice) => practice::end(tx, practice.company),
            None => Ok(()),
        })
        .await?;
    Ok(see_other(HREF))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    task: String,
    holder: String,
    count: String,
}

async fn tell(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    let unknown = || Fault::conflict("drill.nothing_to_tell");
    let task = Task::from_code(&given.task).ok_or_else(unknown)?;
    let (person, here, scope) = (caller.person, caller.workplace().id(), caller.scope());
    let done = web
        .db
        .write("drill.tell", move |tx| {
            let right = match task {
                Task::Holder => holder_is(tx, here, given.holder.trim())?,
                Task::Count => {
                    let orders = counts(tx, &scope)?;
                    let in_work: i64 = orders
                        .iter()
                        .filter(|count| count.stage.is_in_work())
                        .map(|count| count.orders)
                        .sum();
                    given.count.trim().parse() == Ok(in_work)
                }
                _ => false,
            };
            progress::tell(tx, here, person, task, right)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other_saying(HREF, "drill-right")),
        Err(fault) if fault.kind() == Kind::Invalid => page(&caller, &web, Some((task, fault))).await,
        Err(fault) => Err(fault.into()),
    }
}

fn holder_is(db: &mut dyn Reader, company: CompanyId, told: &str) -> Result<bool> {
    let Some(progress) = progress::of_company(db, company)? else { return Ok(false) };
    let Some(order) = progress.orders.get(&Task::Holder) else { return Ok(false) };
    let holder = takt_orders::load(db, company, *order)?.holder;
    Ok(holder.is_some_and(|holder| holder.code() == told))
}

impl View {
    fn sample(w: &Words, done: usize, practising: bool) -> Self {
        let now = Timestamp::from_micros(1_795_255_500_000_000);
        let progress = practising.then(|| Progress {
            company: CompanyId::new(1),
            person: takt_kernel::PersonId::new(1),
            done: Task::ALL.into_iter().take(done).collect(),
            orders: std::collections::BTreeMap::new(),
            worked_seconds: 22 * 60,
            seen_at: now,
            passed_at: (done == Task::ALL.len()).then_some(now),
        });
        let person = |n: i64, passed| Passing {
            person: takt_kernel::PersonId::new(n),
            name: w.t("sample-person"),
            passed,
        };
        let results =
            if practising { Vec::new() } else { vec![person(1, Some((now, 22 * 60))), person(2, None)] };
        Self {
            progress,
            numbers: Vec::new(),
            waiting: None,
            results,
            errors: FormErrors::none(),
            told: None,
            now,
        }
    }
}
