use maud::{Markup, Render, html};
use takt_kernel::{Fault, Timestamp};
use takt_staff::shops::Shop;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, button, card, details, empty, link_button, notice,
    pairs, post_button, progress, status,
};

use super::{
    HREF,
    form::{Given, adding},
};
use crate::feed::{Feed, Problem, State};

pub(super) struct View {
    pub feeds: Vec<Feed>,
    pub shops: Vec<Shop>,
    pub may_manage: bool,
    pub refused: Option<Refused>,
    pub now: Timestamp,
}

/// What was typed for a new feed and not taken.
#[derive(Clone)]
pub(super) struct Refused {
    pub given: Given,
    pub errors: FormErrors,
}

pub(super) fn render(w: &Words, href: &dyn Fn(&str) -> String, view: &View) -> Markup {
    let free: Vec<&Shop> =
        view.shops.iter().filter(|shop| view.feeds.iter().all(|feed| feed.shop != shop.id)).collect();
    html! {
        @if view.feeds.is_empty() {
            (empty(Icon::Package, w.t("feeds-none"), w.t("feeds-none-text"), None))
        }
        @if !view.feeds.is_empty() {
            p { (link_button(w.t("feeds-sources"), href(super::sources::PATH)).quiet().icon(Icon::Settings)) }
        }
        @for feed in &view.feeds { (one(w, href, view, feed)) }
        @if view.may_manage && !free.is_empty() {
            (card(w.t("feeds-new")).note(html! { (w.t("feeds-new-note")) }).body(new(w, href, view, &free)))
        }
        @if view.may_manage && view.shops.is_empty() {
            (notice(Tone::Info, w.t("feeds-no-shops")))
        }
    }
}

fn new(w: &Words, href: &dyn Fn(&str) -> String, view: &View, free: &[&Shop]) -> Markup {
    match &view.refused {
        Some(refused) => adding(w, href, free, &refused.given, &refused.errors),
        None => adding(w, href, free, &Given::default(), &FormErrors::none()),
    }
}

fn one(w: &Words, href: &dyn Fn(&str) -> String, view: &View, feed: &Feed) -> Markup {
    let shop = view.shops.iter().find(|shop| shop.id == feed.shop);
    let title = shop.map_or_else(|| feed.host(), |shop| shop.name.clone());
    let body = html! {
        div.stack {
            (question(w, href, view, feed))
            (problem(w, feed))
            @if feed.state == State::Pulling { (reading(w, feed)) }
            (pairs(facts(w, view, feed)))
            @if !feed.refusals.is_empty() { (refusals(w, feed)) }
            @if view.may_manage { (deeds(w, href, feed)) }
        }
    };
    card(title).note(state(w, feed)).body(body).live(format!("feed-{}", feed.id), "feeds offers").render()
}

fn state(w: &Words, feed: &Feed) -> Markup {
    if feed.paused {
        return status(w.t("feeds-state-paused"), Tone::Neutral);
    }
    let tone = match feed.state {
        State::Waiting => Tone::Good,
        State::Pulling => Tone::Info,
        State::Failed => Tone::Bad,
        State::Asks => Tone::Warn,
    };
    status(w.t(&format!("feeds-state-{}", feed.state.code())), tone)
}

fn question(w: &Words, href: &dyn Fn(&str) -> String, view: &View, feed: &Feed) -> Markup {
    if feed.state != State::Asks {
        return html! {};
    }
    let counts =
        [("vanished", w.number(feed.counts.vanished).into()), ("read", w.number(feed.counts.read).into())];
    let asked = notice(Tone::Warn, w.ta("feeds-asks", &counts)).body(html! { (w.t("feeds-asks-text")) });
    let agree = button(w.t("feeds-archive-them")).danger();
    let action = post_button(&href(&format!("{HREF}/{}/archive", feed.id)), &[], agree);
    html! { @if view.may_manage { (asked.action(action)) } @else { (asked) } }
}

fn problem(w: &Words, feed: &Feed) -> Markup {
    html! {
        @if let Some(problem) = feed.problem.as_ref().filter(|_| feed.state != State::Waiting) {
            (notice(Tone::Bad, said(w, problem)).body(html! { (w.t("feeds-failed-text")) }))
        }
    }
}

/// A reason in the reader's language.
fn said(w: &Words, problem: &Problem) -> String {
    let fault = problem
        .args
        .iter()
        .fold(Fault::invalid(problem.code.clone()), |fault, (name, value)| fault.arg(name.clone(), value));
    w.fault(&fault)
}

fn reading(w: &Words, feed: &Feed) -> Markup {
    const KILOBYTE: i64 = 1024;
    let label = w.ta("feeds-reading", &[("read", w.number(feed.counts.read).into())]);
    progress(w, &label, feed.bytes / KILOBYTE, feed.total_bytes / KILOBYTE)
}

fn facts(w: &Words, view: &View, feed: &Feed) -> Vec<(String, Markup)> {
    let counts = &feed.counts;
    let moment = |moment: Option<Timestamp>| match moment {
        Some(moment) => w.moment(moment, view.now),
        None => html! { "—" },
    };
    let number = |label: &str, count: i64| (w.t(label), html! { span.numbers { (w.number(count)) } });
    let address = if view.may_manage { feed.url.clone() } else { feed.host() };
    let format = feed.format.as_deref().map(str::to_uppercase);
    vec![
        (w.t("feeds-url"), html! { span.break-anywhere { (address) } }),
        (
            w.t("feeds-sources-price"),
            html! { (super::sources::name(w, view, feed.sources.price, "feeds-source-card")) },
        ),
        (
            w.t("feeds-sources-stock"),
            html! { (super::sources::name(w, view, feed.sources.stock, "feeds-source-own")) },
        ),
        (w.t("feeds-last-pull"), moment(feed.pulled_at)),
        (w.t("feeds-next-pull"), moment(feed.next_at.filter(|_| !feed.paused))),
        (w.t("feeds-format"), html! { (format.as_deref().unwrap_or("—")) }),
        number("feeds-read", counts.read),
        number("feeds-added", counts.added),
        number("feeds-changed", counts.changed),
        number("feeds-archived", counts.archived),
        number("feeds-refused", counts.refused),
    ]
}

fn refusals(w: &Words, feed: &Feed) -> Markup {
    let rows = feed.refusals.iter().map(|refusal| {
        let line = i64::try_from(refusal.line).unwrap_or(i64::MAX);
        Row::new([
            html! { (refusal.id.as_deref().unwrap_or("—")) },
            html! { (w.number(line)) },
            html! { (said(w, &refusal.why)) },
        ])
    });
    let table = Table::new(w, w.t("feeds-refusals"))
        .columns([
            Column::new(w.t("feeds-offer")).leading(),
            Column::new(w.t("feeds-line")).numeric().narrow(),
            Column::new(w.t("feeds-why")).wide(),
        ])
        .rows(rows);
    let shown = i64::try_from(feed.refusals.len()).unwrap_or(i64::MAX);
    let title = w.ta(
        "feeds-refusals-of",
        &[("shown", w.number(shown).into()), ("all", w.number(feed.counts.refused.max(shown)).into())],
    );
    details(title, false, table.render())
}

fn deeds(w: &Words, href: &dyn Fn(&str) -> String, feed: &Feed) -> Markup {
    let path = |deed: &str| href(&format!("{HREF}/{}/{deed}", feed.id));
    html! {
        div.row {
            @if feed.paused {
                (post_button(&path("resume"), &[], button(w.t("feeds-resume")).icon(Icon::Play)))
            } @else {
                (post_button(&path("pull"), &[],
                    button(w.t("feeds-pull-now")).icon(Icon::RefreshCw).disabled(feed.state == State::Pulling)))
                (post_button(&path("pause"), &[], button(w.t("feeds-pause")).quiet().icon(Icon::Pause)))
            }
            (link_button(w.t("feeds-edit"), href(&format!("{HREF}/{}", feed.id))).quiet().icon(Icon::Pencil))
        }
    }
}
