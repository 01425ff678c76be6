//! What the regulation says to whoever works on this order now: the clause and the script of each rule that
//! opened a task which still waits, and what is demanded before the order goes on, ticked off here.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{PersonId, Result, Timestamp};
use takt_orders::{
    Order, Shipped,
    panels::{Panel, PanelContext},
};
use takt_playbook_language::{Before, Clause};
use takt_staff::{Permission as _, people};
use takt_store::Query;
use takt_tasks::{Task, of_order};
use takt_ui::{Icon, Words, button, details, icon, muted, post_button};

use crate::{
    policy::TickSteps,
    running,
    steps::{self, Step, Tick},
};

pub(crate) const GUIDE: Panel =
    Panel { title_key: "playbook-guide", place: 1, permission: "tasks.view", render };

/// So many steps have a key of their own.
const KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let clauses = clauses(db, context)?;
    let steps = Steps::of(db, context)?;
    if clauses.is_empty() && steps.all.is_empty() {
        return Ok(html! { (muted(w.t("playbook-guide-nothing"))) });
    }
    Ok(html! {
        div.stack id="playbook-guide" data-live={ "tasks order/" (order.id) } {
            @for clause in &clauses { (said(clause)) }
            (steps.drawn(w))
        }
    })
}

fn clauses(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Vec<Clause>> {
    let (w, order) = (context.words, context.order);
    let mut clauses: Vec<Clause> = Vec::new();
    for task in of_order(db, order.company, order.id)?.iter().filter(|task| !task.is_closed()) {
        let Some((version, rule)) = opened_by(task) else { continue };
        let playbook = running::version(db, order.company, version, w.lang())?;
        let clause = playbook.rule(rule).and_then(|rule| playbook.clauses.get(rule.clause));
        clauses.extend(clause.filter(|clause| !clauses.contains(clause)).cloned());
    }
    Ok(clauses)
}

/// The version and the rule that opened a task; others have no clause.
fn opened_by(task: &Task) -> Option<(i64, &str)> {
    Some((task.args.get("playbook")?.as_i64()?, task.args.get("rule")?.as_str()?))
}

/// What is demanded stands below, with its verb.
fn said(clause: &Clause) -> Markup {
    let reminders: Vec<&str> =
        clause.checklist.iter().filter(|item| item.before.is_none()).map(|item| item.text.as_str()).collect();
    html! {
        section.stack {
            p.strong { (clause.title) }
            @for script in &clause.scripts {
                blockquote.stack { @for line in script.lines() { p { (line) } } }
            }
            @if !reminders.is_empty() { ul { @for item in &reminders { li { (item) } } } }
        }
    }
}

/// What is demanded of one order.
struct Steps<'o> {
    order: &'o Order,
    all: Vec<Step>,
    ticks: Vec<Tick>,
    names: BTreeMap<PersonId, String>,
    may_tick: bool,
    now: Timestamp,
}

impl<'o> Steps<'o> {
    fn of(db: &mut dyn Query, context: &PanelContext<'o>) -> Result<Self> {
        let order = context.order;
        let mut all = steps::demanded(&running::of_order(db, order.company, order.id)?.playbook);
        all.retain(|_| order.stage.is_in_work());
        let ticks = if all.is_empty() { Vec::new() } else { steps::of_order(db, order.company, order.id)? };
        let people: Vec<PersonId> = ticks.iter().filter_map(|tick| tick.by).collect();
        let names = people::names(db, &people)?;
        let may_tick = (context.may)(TickSteps::CODE);
        Ok(Self { order, all, ticks, names, may_tick, now: db.now() })
    }

    fn drawn(&self, w: &Words) -> Markup {
        let mut keys = KEYS.iter();
        html! {
            @for before in Before::ALL {
                @let steps: Vec<&Step> = self.all.iter().filter(|step| step.before == before).collect();
                @if !steps.is_empty() {
                    @let left = steps.iter().filter(|step| self.tick(step).is_none()).count();
                    @let title = w.ta(&format!("playbook-before-{}", before.code()), &[("left", as_number(left).into())]);
                    // Cancelling is not what comes next, and what is done needs no more room.
                    @if before == Before::Cancel || self.is_done(before) {
                        (details(title, false, self.list(w, &steps, &mut [].iter())))
                    } @else {
                        section.stack { p.strong { (title) } (self.list(w, &steps, &mut keys)) }
                    }
                }
            }
        }
    }

    fn list<'k>(
        &self,
        w: &Words,
        steps: &[&Step],
        keys: &mut impl Iterator<Item = &'k &'static str>,
    ) -> Markup {
        html! {
            ul.steps {
                @for step in steps {
                    li id={ "step-" (step.key) } {
                        @match self.tick(step) {
                            Some(tick) => (self.ticked(w, step, tick)),
                            None => (self.open(w, step, keys.next().copied())),
                        }
                    }
                }
            }
        }
    }

    fn open(&self, w: &Words, step: &Step, key: Option<&str>) -> Markup {
        let tick = button(w.t("playbook-tick")).small();
        let tick = key.into_iter().fold(tick, |tick, key| tick.key(key));
        html! {
            span.step-text { (icon(Icon::Square)) span { (step.text) } }
            @if self.may_tick { (post_button(&self.path(), &[("step", &step.key)], tick)) }
        }
    }

    fn ticked(&self, w: &Words, step: &Step, tick: &Tick) -> Markup {
        let who = tick.by.and_then(|person| self.names.get(&person));
        let back = button(w.t("playbook-untick")).small().quiet();
        html! {
            span.step-text.done {
                (icon(Icon::SquareCheck))
                span {
                    (step.text)
                    " " span.muted.small-text {
                        @if let Some(who) = who { (who) " · " } (w.moment(tick.at, self.now))
                    }
                }
            }
            @if self.may_tick && !self.is_done(step.before) {
                (post_button(&self.path(), &[("step", &step.key), ("done", "no")], back))
            }
        }
    }

    fn tick(&self, step: &Step) -> Option<&Tick> {
        self.ticks.iter().find(|tick| tick.step == step.key)
    }

    fn path(&self) -> String {
        format!("/orders/{}/steps", self.order.id)
    }

    fn is_done(&self, before: Before) -> bool {
        match before {
            Before::Confirm => self.order.confirmed_at.is_some(),
            Before::Ready => self.order.ready_at.is_some(),
            Before::Ship => self.order.shipped == Shipped::All,
            Before::Cancel => false,
        }
    }
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
