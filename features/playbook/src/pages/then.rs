//! By which version an order was worked on at a moment of its past, and its tasks then.

use maud::{Markup, Render, html};
use takt_kernel::Result;
use takt_orders::panels::{PastContext, PastPanel};
use takt_store::Query;
use takt_tasks::past;
use takt_ui::{Column, Row, Table, Tone, status};

use crate::versions;

pub(crate) const THEN: PastPanel =
    PastPanel { title_key: "playbook-then", place: 20, permission: "tasks.view", render };

fn render(db: &mut dyn Query, context: &PastContext<'_>) -> Result<Markup> {
    let (w, order, moment) = (context.words, &context.past.order, context.moment);
    let number = versions::at(db, order.company, order.id, moment)?;
    let mut tasks = Vec::new();
    let mut facts: Vec<_> = past::facts_of(db, order.company, &[order.id])?.into_values().flatten().collect();
    facts.sort_by_key(|fact| (fact.subject_id, fact.n));
    for fact in facts.iter().filter(|fact| fact.at <= moment) {
        past::apply(&mut tasks, fact)?;
    }
    let row = |task: &past::PastTask| {
        let state = match &task.state {
            takt_tasks::State::Open => status(w.t("playbook-then-open"), Tone::Info),
            takt_tasks::State::Taken { .. } => status(w.t("playbook-then-taken"), Tone::Accent),
            takt_tasks::State::Closed { outcome, .. } => {
                let key = format!("tasks-outcome-{outcome}");
                status(w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| outcome.clone()), Tone::Good)
            }
        };
        let kind = w.texts().find(w.lang(), &format!("tasks-kind-{}", task.kind), &[]);
        Row::new([
            html! { (kind.unwrap_or_else(|| task.kind.clone())) },
            html! { (w.t(&format!("staff-role-{}", task.escalated_to.unwrap_or(task.role)))) },
            html! { (w.date_time(task.due_at)) },
            state.render(),
        ])
    };
    Ok(html! {
        div.stack {
            p { (w.ta("playbook-then-version", &[("number", number.into())])) }
            @if tasks.is_empty() { p.muted { (w.t("playbook-then-none")) } }
            @else {
                (Table::new(w, w.t("playbook-then-tasks"))
                    .columns([
                        Column::new(w.t("playbook-then-tasks")),
                        Column::new(w.t("playbook-then-role")),
                        Column::new(w.t("playbook-then-due")),
                        Column::new(w.t("playbook-then-state")),
                    ])
                    .rows(tasks.iter().map(row)))
            }
        }
    })
}
