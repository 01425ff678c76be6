//! Who answers for the company, on every order: one action writes to them, and what was asked is seen with how long
//! the answer took.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, PersonId, Result};
use takt_orders::{
    Comment, CommentId, CommentOrders, OrderId, comment_to,
    panels::{Panel, PanelContext},
};
use takt_staff::{Caller, Permission as _, access, managers, people, see_other_saying};
use takt_store::Query;
use takt_ui::{
    Button, FormErrors, Icon, Tone, Words, badge, button, dialog, dialog_button, field, form, muted,
};
use takt_web::{Answer, Form, Path, Web};

use super::{step_in::refused, visible};
use crate::questions::{self, Question};

pub(crate) const PANEL: Panel =
    Panel { title_key: "staff-manager", place: 3, permission: "orders.see", render };

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    to: String,
    comment: String,
}

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let manager = managers::of(db, order.company)?;
    let asked = questions::of_order(db, order.company, order.id)?;
    let may_ask = (context.may)(CommentOrders::CODE);
    let people = if may_ask { choices(db, order.company)? } else { Vec::new() };
    let usual = match &manager {
        Some(manager) => questions::usual_answer(db, order.company, manager.person)?,
        None => None,
    };
    let ids: Vec<PersonId> =
        asked.iter().flat_map(|question| std::iter::once(question.person).chain(question.asked_by)).collect();
    let names = people::names(db, &ids)?;
    let questions: Vec<CommentId> = asked.iter().map(|question| question.comment).collect();
    let comments = takt_orders::these_comments(db, order.company, order.id, &questions)?;
    let to = manager.as_ref().map(|manager| manager.person.to_string()).unwrap_or_default();
    let given = Given { to, comment: String::new() };
    Ok(html! {
        div.stack {
            @match &manager {
                Some(manager) => {
                    p {
                        (takt_ui::avatar(&manager.name)) " " span.strong { (manager.name) }
                        @if let Some(seconds) = usual {
                            " " span.muted.small-text { (w.ta("cabinet-answers-in", &[("time", w.duration(seconds).into())])) }
                        }
                    }
                }
                None => { p { (muted(w.t("staff-manager-nobody"))) } }
            }
            // Asked and answered by what hears the comment: its task is the news.
            ul.stack id="order-questions" data-live="tasks" {
                @for question in &asked { (told(w, db.now(), question, &names, &comments)) }
            }
            @if may_ask && !people.is_empty() {
                div { (dialog_button("ask", ask_button(w).small().key("q"))) }
                (dialog(w, "ask", &w.t("cabinet-ask-title"), asking(w, order.id, &people, &given, &FormErrors::none())))
            }
        }
    })
}

fn ask_button(w: &Words) -> Button {
    button(w.t("cabinet-ask")).icon(Icon::MessageSquare)
}

/// Who may see the order, by name.
fn choices(db: &mut dyn Query, company: takt_kernel::CompanyId) -> Result<Vec<(String, String)>> {
    let people = access::reaching(db, company)?;
    Ok(people.into_iter().map(|person| (person.person.to_string(), person.name)).collect())
}

fn asking(
    w: &Words,
    order: OrderId,
    people: &[(String, String)],
    given: &Given,
    errors: &FormErrors,
) -> Markup {
    form(w, format!("/orders/{order}/ask"))
        .errors(errors)
        .body(html! {
            (field(w.t("cabinet-ask-whom"), "to").select(people.iter().cloned()).value(&given.to).required()
                .errors(errors))
            (field(w.t("cabinet-ask-what"), "comment").within("ask").textarea(3).value(&given.comment).required()
                .hint(w.t("cabinet-ask-hint")).errors(errors))
        })
        .actions(html! { (button(w.t("cabinet-ask")).primary()) })
        .render()
}

fn told(
    w: &Words,
    now: takt_kernel::Timestamp,
    question: &Question,
    names: &BTreeMap<PersonId, String>,
    comments: &[Comment],
) -> Markup {
    let nobody = String::new();
    let whom = names.get(&question.person).unwrap_or(&nobody);
    let who = question.asked_by.and_then(|person| names.get(&person)).unwrap_or(&nobody);
    let words = comments.iter().find(|comment| comment.id == question.comment);
    html! {
        li {
            p {
                span.muted.small-text { (who) " → " (whom) " · " (w.moment(question.asked_at, now)) } " "
                @match question.answered_at {
                    Some(at) => {
                        @let time = w.duration(at.seconds_since(question.asked_at));
                        (badge(w.ta("cabinet-answered-in", &[("time", time.into())]),
                            if at > question.due_at { Tone::Warn } else { Tone::Good }))
                    }
                    None if question.due_at < now => { (badge(w.t("cabinet-answer-late"), Tone::Bad)) }
                    None => { (badge(w.ta("cabinet-answer-by", &[("due", w.when(question.due_at, now).into())]), Tone::Info)) }
                }
            }
            @if let Some(words) = words { p { (words.text) } }
        }
    }
}

pub(super) async fn ask(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, id).await?;
    let permit = caller.permit::<CommentOrders>(order.company)?;
    let unknown = || Fault::field("to", "orders.mention_unknown");
    let text = given.comment.clone();
    let done = match given.to.trim().parse::<PersonId>() {
        Ok(person) => {
            web.db
                .write("cabinet.ask", move |tx| comment_to(tx, &permit, id, &text, &[person]).map(|_| ()))
                .await
        }
        Err(_) => Err(unknown()),
    };
    match done {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{id}"), "cabinet-asked")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let w = caller.words(&web);
            let company = order.company;
            let people = web.db.read("cabinet.people", move |reader| choices(reader, company)).await?;
            let errors = FormErrors::from_fault(&w, &fault);
            let body = asking(&w, id, &people, &given, &errors);
            Ok(refused(&caller, &web, &order, "cabinet-ask-title", body))
        }
        Err(fault) => Err(fault.into()),
    }
}
