//! /process: where the orders in work stand now, how long they have stood there, and which rules act there.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use takt_kernel::Timestamp;
use takt_orders::{
    Holder, InProcess, Milestone, SeeOrders, clock::Promises, facts as orders, panels::ClauseRule,
};
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{Column, Icon, Row, Table, Tone, Words, card, empty, notice};
use takt_web::{Answer, Web};

use super::{names::Names, process_svg};

/// More orders in work than this are not looked at; the page says so.
const MOST: i64 = 20_000;

pub(super) struct View {
    pub steps: Vec<Step>,
    pub more: bool,
    pub names: Names,
    pub now: Timestamp,
}

/// What the orders that stand there wait for.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub milestone: Milestone,
    pub orders: i64,
    pub late: i64,
    pub urgent: i64,
    /// Seconds.
    pub median: i64,
    pub oldest: i64,
    pub holders: BTreeMap<Holder, i64>,
    /// One of each clause that acts there.
    pub rules: Vec<ClauseRule>,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let w = caller.words(&web);
    let (names, lang) = (Names::of_companies(&caller, scope.companies()), w.lang());
    let view = web
        .db
        .read("promises.process", move |reader| {
            let mut standing = takt_orders::process(reader, &scope, MOST + 1)?;
            let more = i64::try_from(standing.len()).is_ok_and(|found| found > MOST);
            standing.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
            let names = names.clone().read(reader, lang)?;
            let now = reader.now();
            let steps = steps(&standing, names.promises.as_ref(), &names.rules, now);
            Ok(View { steps, more, names, now })
        })
        .await?;
    let head = PageHead::new(w.t("promises-process"));
    Ok(caller.page(&web, head, render(&w, &view)))
}

/// The steps in the order in which orders go; those of several companies by what is usual.
pub(super) fn steps(
    standing: &[InProcess],
    promises: Option<&Promises>,
    rules: &[ClauseRule],
    now: Timestamp,
) -> Vec<Step> {
    let usual = Promises::default();
    let declared = promises.unwrap_or(&usual).milestones.iter().map(|rule| rule.milestone());
    let mut way: Vec<Milestone> = std::iter::once(Milestone::PAID).chain(declared).collect();
    for order in standing {
        if let Some(milestone) = &order.milestone
            && !way.contains(milestone)
        {
            let before = way.iter().position(|known| place(known) > place(milestone));
            way.insert(before.unwrap_or(way.len()), milestone.clone());
        }
    }
    let mut acts: Vec<(Milestone, &ClauseRule)> = Vec::new();
    for rule in rules {
        acts.extend(rule.hears.iter().filter_map(|fact| Some((acts_at(&way, fact)?, rule))));
    }
    way.iter()
        .map(|milestone| {
            let there: Vec<&InProcess> =
                standing.iter().filter(|order| order.milestone.as_ref() == Some(milestone)).collect();
            let mut ages: Vec<i64> =
                there.iter().map(|order| now.seconds_since(order.since).max(0)).collect();
            ages.sort_unstable();
            let mut holders = BTreeMap::new();
            for holder in there.iter().filter_map(|order| order.holder) {
                *holders.entry(holder).or_default() += 1;
            }
            let mut rules: Vec<ClauseRule> = Vec::new();
            for (at, rule) in &acts {
                // A clause stands there once, however many of its rules act there.
                if at == milestone && !rules.iter().any(|known| known.clause == rule.clause) {
                    rules.push((*rule).clone());
                }
            }
            let count = |wanted: &dyn Fn(&InProcess) -> bool| {
                i64::try_from(there.iter().filter(|order| wanted(order)).count()).unwrap_or(i64::MAX)
            };
            Step {
                milestone: milestone.clone(),
                orders: count(&|_| true),
                late: count(&|order| order.due_at.is_some_and(|due| due < now)),
                urgent: count(&|order| order.urgent),
                median: ages.get(ages.len().saturating_sub(1) / 2).copied().unwrap_or_default(),
                oldest: ages.last().copied().unwrap_or_default(),
                holders,
                rules,
            }
        })
        .collect()
}

/// Where a milestone usually lies on the way; the company's own before the goods leave.
fn place(milestone: &Milestone) -> usize {
    const WAY: [&str; 6] = ["paid", "reserved", "confirmed", "ready", "shipped", "delivered"];
    WAY.iter().position(|known| *known == milestone.code()).unwrap_or(3)
}

/// The step at which orders stand when this fact is said of them.
fn acts_at(way: &[Milestone], fact: &str) -> Option<Milestone> {
    let wanted = match fact {
        orders::UNPAID => Milestone::PAID,
        orders::PLACED
        | orders::PAID
        | orders::WOKEN
        | orders::DEFERRED
        | orders::RESERVED
        | orders::SHORT
        | orders::TAKEN
        | orders::STATUS_SET
        | "tasks.closed" => Milestone::CONFIRMED,
        orders::CONFIRMED => Milestone::READY,
        orders::READY | orders::SHIPPED => Milestone::DELIVERED,
        _ => return None,
    };
    // A company that promises less has the rule where its next promise is.
    way.iter().find(|milestone| place(milestone) >= place(&wanted)).cloned()
}

pub(super) fn address(milestone: &Milestone) -> String {
    let asked = [("view", "work"), ("milestone", milestone.code())];
    format!("/orders?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let orders: i64 = view.steps.iter().map(|step| step.orders).sum();
    html! {
        @if view.more { (notice(Tone::Warn, w.ta("promises-process-more", &[("most", w.number(MOST).into())]))) }
        @if orders == 0 { (empty(Icon::Inbox, w.t("promises-process-none"), w.t("promises-process-none-text"), None)) }
        div.process-page id="process" data-live="orders" {
            (card(w.t("promises-process")).note(html! { (w.ta("promises-process-now", &[("at", w.time(view.now).into())])) })
                .body(process_svg::render(w, view)))
            (card(w.t("promises-process-steps")).flush().body(table(w, view)))
        }
    }
}

/// So many orders of a step have this mark; the number leads to them.
fn marked(w: &Words, step: &Step, mark: &str, orders: i64) -> Markup {
    html! {
        @if orders > 0 { a href={ (address(&step.milestone)) "&mark=" (mark) } { (w.number(orders)) } }
    }
}

fn table(w: &Words, view: &View) -> Markup {
    let rows = view.steps.iter().map(|step| {
        Row::new([
            html! { (view.names.milestone(w, &step.milestone)) },
            html! { @if step.orders > 0 { a href=(address(&step.milestone)) { (w.number(step.orders)) } } @else { "0" } },
            marked(w, step, "late", step.late),
            marked(w, step, "urgent", step.urgent),
            html! { @if step.orders > 0 { (w.duration(step.median)) } },
            html! { @if step.orders > 0 { (w.duration(step.oldest)) } },
            html! {
                @for (place, rule) in step.rules.iter().enumerate() {
                    @if place > 0 { " · " }
                    a href=(rule.href) title=(rule.rule) { (rule.clause) }
                }
            },
        ])
        .tone(if step.late > 0 { Tone::Bad } else { Tone::Neutral })
    });
    let table = Table::new(w, w.t("promises-process-steps"))
        .columns([
            Column::new(w.t("promises-step")).leading(),
            Column::new(w.t("promises-orders")).numeric(),
            Column::new(w.t("promises-late")).numeric(),
            Column::new(w.t("promises-csv-urgent")).numeric(),
            Column::new(w.t("promises-median")).numeric(),
            Column::new(w.t("promises-oldest")).numeric(),
            Column::new(w.t("promises-clauses")).wide(),
        ])
        .rows(rows);
    html! { (table) }
}
