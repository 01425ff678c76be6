//! How the drill is drawn: the invitation, the tasks with their help, who has passed.

use maud::{Markup, Render, html};
use takt_orders::{Holder, holder_name};
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, badge, button, card, empty, field, form, icon,
    link_button, notice, post_button, progress as bar,
};

use crate::{
    Progress, Task,
    page::{HREF, View},
};

pub(crate) fn render(w: &Words, view: &View) -> Markup {
    html! {
        div.stack {
            @match &view.progress {
                Some(progress) => { (practising(w, view, progress)) }
                None => { (invitation(w, view)) }
            }
            @if !view.results.is_empty() { (passings(w, view)) }
        }
    }
}

fn invitation(w: &Words, view: &View) -> Markup {
    let begin = post_button("/drill/begin", &[], button(w.t("drill-begin")).primary().big().icon(Icon::Play));
    html! {
        (card(w.t("drill-what")).body(html! {
            div.stack {
                p.lead { (w.t("drill-what-text")) }
                ol.stack { @for task in Task::ALL { li { (w.t(&format!("drill-task-{}", task.code()))) } } }
                @if let Some(company) = view.waiting {
                    (post_button("/organisation", &[("organisation", &company.to_string()), ("back", HREF)],
                        button(w.t("drill-continue")).primary().big()))
                    (post_button("/drill/end", &[], button(w.t("drill-remove")).quiet()))
                } @else { (begin) }
            }
        }))
    }
}

fn practising(w: &Words, view: &View, progress: &Progress) -> Markup {
    let done = i64::try_from(progress.done.len()).unwrap_or_default();
    let all = i64::try_from(Task::ALL.len()).unwrap_or_default();
    html! {
        @if progress.passed_at.is_some() {
            (notice(Tone::Good, w.ta("drill-passed", &[("time", w.duration(progress.worked_seconds).into())]))
                .body(html! { p { (w.t("drill-passed-text")) } }))
        }
        (card(w.t("drill-tasks")).live("drill-tasks", "drills").body(html! {
            div.stack {
                (bar(w, &w.t("drill-tasks"), done, all))
                p.muted { (w.ta("drill-worked", &[("time", w.duration(progress.worked_seconds).into())])) }
                ol.stack { @for task in Task::ALL { (one(w, view, progress, task)) } }
            }
        }))
        div.row {
            (post_button("/drill/begin", &[], button(w.t("drill-again")).icon(Icon::RefreshCw)))
            (post_button("/drill/end", &[], button(w.t("drill-remove")).quiet()))
        }
    }
}

fn one(w: &Words, view: &View, progress: &Progress, task: Task) -> Markup {
    let done = progress.done.contains(&task);
    let next = progress.next() == Some(task);
    let number = view.numbers.iter().find(|(of, _)| *of == task).map_or("", |(_, number)| number.as_str());
    let title = w.t(&format!("drill-task-{}", task.code()));
    let body = html! {
        div.stack {
            @if !done {
                p { (w.ta(&format!("drill-help-{}", task.code()), &[("number", number.into())])) }
                @if task.is_told() { (telling(w, view, task)) }
                @else if next { (link_button(w.t("drill-go"), task.href()).primary().small()) }
            }
        }
    };
    html! {
        li id={ "drill-" (task.code()) } {
            p.row {
                @if done { (icon(Icon::CircleCheck)) } @else { (icon(Icon::Square)) }
                span.strong[next] { (title) }
                @if done { (badge(w.t("drill-done"), Tone::Good)) } @else if next { (badge(w.t("drill-next"), Tone::Accent)) }
            }
            @if !done { (body) }
        }
    }
}

fn telling(w: &Words, view: &View, task: Task) -> Markup {
    let none = FormErrors::none();
    let errors = if view.told == Some(task) { &view.errors } else { &none };
    let answer = field(w.t(&format!("drill-answer-{}", task.code())), task.code()).required().errors(errors);
    let answer = if task == Task::Holder {
        let holders = Holder::ALL.iter().filter(|holder| **holder != Holder::ClosedHours);
        answer.select(holders.map(|holder| (holder.code().to_owned(), holder_name(w, *holder))))
    } else {
        answer.number()
    };
    form(w, "/drill/tell")
        .id(format!("tell-{}", task.code()))
        .body(html! { input type="hidden" name="task" value=(task.code()); (answer.half().attribute("autocomplete", "off")) })
        .actions(html! { (button(w.t("drill-tell")).small()) })
        .render()
}

fn passings(w: &Words, view: &View) -> Markup {
    let rows = view.results.iter().map(|result| {
        Row::new([
            html! { (result.name) },
            match result.passed {
                Some((at, seconds)) => html! {
                    (badge(w.t("drill-has-passed"), Tone::Good)) " "
                    span.muted { (w.when(at, view.now)) " · " (w.duration(seconds)) }
                },
                None => html! { span.muted { (w.t("drill-not-passed")) } },
            },
        ])
    });
    let table = Table::new(w, w.t("drill-results"))
        .columns([Column::new(w.t("drill-who")).leading(), Column::new(w.t("drill-result")).wide()])
        .rows(rows)
        .empty(empty(Icon::Users, w.t("drill-results"), w.t("drill-nobody"), None));
    card(w.t("drill-results")).flush().body(table.render()).render()
}
