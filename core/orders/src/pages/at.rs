//! An order as it stood at any second, from its facts alone.

use axum::extract::State;
use jiff::civil::DateTime;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result, Timestamp};
use takt_staff::{Caller, PageHead, Rights, settings};
use takt_store::{Query as _, RecordedFact};
use takt_ui::{
    BlameBar, Column, FormErrors, Row, Table, Words, amount, button, card, crumbs, field, form, link_button,
    muted, pairs,
};
use takt_web::{Answer, Path, Query, Web};

use super::{
    card_clock::blame,
    history::title,
    marks::{holder_name, stage_name},
    names::Names,
};
use crate::{
    Holder, Order, OrderId, SeeOrders,
    clock::{self, Calendars, Course, Promises, Split},
    panels::{PAST_PANEL, PastContext, PastPanel},
    past::{self, Past},
    queries, statuses,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct When {
    moment: String,
}

struct View {
    order: Order,
    moment: Timestamp,
    then: Option<Then>,
    /// The moments of the facts before and after.
    earlier: Option<Timestamp>,
    later: Option<Timestamp>,
}

struct Then {
    past: Past,
    last: RecordedFact,
    due: Option<Timestamp>,
    split: Split,
    names: Names,
    promises: Promises,
    panels: Vec<(String, Markup)>,
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Query(when): Query<When>,
) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let w = caller.words(&web);
    let (asked, fault) = match moment(&w, when.moment.trim()) {
        Ok(asked) => (asked, None),
        Err(fault) => (None, Some(fault)),
    };
    let (reader_of_page, its_words) = (caller.clone(), w.clone());
    let view = web
        .db
        .read("orders.at", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let moment = asked.unwrap_or_else(|| reader.now());
            let roles = reader_of_page.access.to(order.company).map(|there| there.roles).unwrap_or_default();
            let rights = Rights::new(reader.slots());
            view(reader, &its_words, order, moment, &|code| rights.held_by(code, roles))
        })
        .await?;
    let errors = fault.map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, &fault));
    let number = w.ta("orders-order", &[("number", (&view.order.number).into())]);
    let card = format!("/orders/{}", view.order.id);
    let head = PageHead::new(w.t("orders-at"))
        .crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders")), (&number, Some(&card))]));
    Ok(caller.page(&web, head, body(&w, &view, &errors)))
}

/// `2026-11-02T10:15:30` by the reader's clock, or with an offset of its own; nothing given is now.
fn moment(w: &Words, given: &str) -> Result<Option<Timestamp>> {
    if given.is_empty() {
        return Ok(None);
    }
    let unreadable = || Fault::field("moment", "orders.moment_unreadable");
    if let Ok(exact) = given.parse::<Timestamp>() {
        return Ok(Some(exact));
    }
    let wall: DateTime = given.parse().map_err(|_no_moment| unreadable())?;
    let zoned = wall.to_zoned(w.zone().clone()).map_err(|_out_of_time| unreadable())?;
    let whole_second: Timestamp = zoned.timestamp().into();
    // All of that second, when nothing finer was said.
    let whole = if wall.subsec_nanosecond() == 0 { whole_second.plus_micros(999_999) } else { whole_second };
    Ok(Some(whole))
}

fn view(
    db: &mut dyn takt_store::Query,
    w: &Words,
    order: Order,
    moment: Timestamp,
    may: &dyn Fn(&str) -> bool,
) -> Result<View> {
    let company = order.company;
    let mut facts = past::facts_of(db, company, order.id)?;
    let until = facts.partition_point(|fact| fact.at <= moment);
    let later = facts.get(until).map(|fact| fact.at);
    let earlier = until.checked_sub(2).and_then(|place| facts.get(place)).map(|fact| fact.at);
    facts.truncate(until);
    // What people have no words for (a letter was queued) is not what happened last.
    let told = facts.iter().rev().find(|fact| title(w, fact).is_some()).or(facts.last());
    let (Some(past), Some(last)) = (Past::of(&facts)?, told.cloned()) else {
        return Ok(View { order, moment, then: None, earlier, later });
    };
    let promises: Promises = settings::at(db, company, clock::SETTING, moment)?.unwrap_or_default();
    let calendars = Calendars::of(db, company, &promises)?;
    let known = statuses::all(db, company)?;
    let context = PastContext { past: &past, facts: &facts, moment, words: w };
    let slots = db.slots();
    let mut filled: Vec<&PastPanel> = slots.of(&PAST_PANEL).filter(|panel| may(panel.permission)).collect();
    filled.sort_by_key(|panel| panel.place);
    let mut panels = Vec::new();
    for panel in filled {
        let body = (panel.render)(db, &context)?;
        if !body.0.is_empty() {
            panels.push((w.t(panel.title_key), body));
        }
    }
    let then = Then {
        due: due(&past.order, clock::course(&facts, &promises, &known, &calendars)),
        split: clock::split(&facts, &calendars.usual, moment),
        names: Names::for_orders(db, std::slice::from_ref(&past.order))?,
        past,
        last,
        promises,
        panels,
    };
    Ok(View { order, moment, then: Some(then), earlier, later })
}

/// By when what came next was promised.
fn due(order: &Order, course: Option<Course>) -> Option<Timestamp> {
    let let_wait = order.pause.as_ref().filter(|pause| pause.owner == Holder::Buyer).map(|pause| pause.until);
    order.deferred_until.or(let_wait).or_else(|| {
        let ahead = course?.passages.into_iter().next_back()?;
        ahead.due.filter(|_| ahead.reached.is_none())
    })
}

fn body(w: &Words, view: &View, errors: &FormErrors) -> Markup {
    let here = format!("/orders/{}/at", view.order.id);
    let wall = w.zone().to_datetime(view.moment.to_jiff());
    let typed = wall.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let step = |label: &str, at: Option<Timestamp>| {
        let href =
            at.map(|at| format!("{here}?moment={}", at.to_string().replace(':', "%3A").replace('+', "%2B")));
        href.map(|href| link_button(w.t(label), href).small())
    };
    let asking = form(w, here.clone())
        .get()
        .body(html! {
            (field(w.t("orders-at-moment"), "moment").value(&typed).date_time().attribute("step", "1")
                .hint(w.t("orders-at-hint")).errors(errors))
        })
        .actions(html! {
            (button(w.t("orders-at-show")).primary())
            @if let Some(earlier) = step("orders-at-before", view.earlier) { (earlier) }
            @if let Some(later) = step("orders-at-after", view.later) { (later) }
        });
    html! {
        div.stack {
            (card(w.t("orders-at-moment")).body(asking.render()))
            @match &view.then {
                None => { (card(w.t("orders-at-stood")).body(muted(w.t("orders-at-not-yet")).render())) }
                Some(then) => {
                    (card(w.t("orders-at-stood")).body(stood(w, then)))
                    (card(w.t("orders-at-lines")).flush().body(lines(w, then)))
                    (card(w.t("orders-clock")).body(held(w, then)))
                    @for (title, panel) in &then.panels { (card(title.clone()).body(panel.clone())) }
                }
            }
        }
    }
}

fn stood(w: &Words, then: &Then) -> Markup {
    let order = &then.past.order;
    let holder = match then.past.holder() {
        Some(holder) => holder_name(w, holder),
        None => w.t("orders-at-nobody"),
    };
    let next = match then.due {
        Some(due) => w.date_time(due),
        None => w.t("orders-at-no-promise"),
    };
    pairs([
        (
            w.t("orders-at-fact"),
            html! { (title(w, &then.last).unwrap_or_else(|| then.last.kind.clone())) ", " (w.date_time(then.last.at)) },
        ),
        (w.t("orders-at-stage"), html! { (stage_name(w, order.stage)) }),
        (w.t("orders-at-status"), html! { (then.names.status_name(w, order.company, &order.status)) }),
        (w.t("orders-at-total"), amount(w, order.total)),
        (w.t("orders-at-paid"), amount(w, order.paid)),
        (w.t("orders-at-reserved"), html! { (w.t(&format!("orders-reserved-{}", order.reserved))) }),
        (w.t("orders-at-holder"), html! { (holder) }),
        (w.t("orders-at-next"), html! { (next) }),
    ])
}

fn lines(w: &Words, then: &Then) -> Markup {
    let row = |line: &past::PastLine| {
        Row::new([
            html! { (line.name) " " @if let Some(sku) = &line.sku { span.muted.small-text { (sku) } } },
            html! { (w.quantity(line.quantity)) " " (w.unit(&line.unit)) },
            html! { (w.quantity(line.reserved)) },
            html! { (w.quantity(line.shipped)) },
            html! { (w.quantity(line.returned)) },
        ])
    };
    Table::new(w, w.t("orders-at-lines"))
        .columns([
            Column::new(w.t("orders-product")).leading(),
            Column::new(w.t("orders-quantity")).numeric(),
            Column::new(w.t("orders-at-held")).numeric(),
            Column::new(w.t("orders-at-gone")).numeric(),
            Column::new(w.t("orders-at-back")).numeric(),
        ])
        .rows(then.past.lines.iter().map(row))
        .render()
}

fn held(w: &Words, then: &Then) -> Markup {
    let segments = blame(w, &then.split, &then.promises);
    html! {
        @if segments.is_empty() { p.muted { (w.t("orders-clock-starts")) } }
        @else { (BlameBar { words: w, segments: &segments }) }
    }
}
