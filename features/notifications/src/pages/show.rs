//! One notice as it was written, and what a person may do about it.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use takt_kernel::{Kind, Result};
use takt_staff::{Caller, PageHead, Permit, see_other_saying};
use takt_store::{Query as _, Tx};
use takt_ui::{Icon, Tone, Words, button, card, crumbs, notice as remark, pairs, post_button, split};
use takt_web::{Answer, Path, Web};

use super::{HREF, outbox, words};
use crate::{
    commands,
    notice::{Notice, NoticeId, State},
    queries,
    rights::{ResendNotices, SeeNotices},
};

pub(super) struct NoticeView {
    pub notice: Notice,
    pub order: String,
    pub may_resend: bool,
    pub now: takt_kernel::Timestamp,
}

pub(super) async fn show(caller: Caller, Shared(web): Shared<Web>, Path(id): Path<NoticeId>) -> Answer {
    page(&caller, &web, id, None).await
}

async fn page(caller: &Caller, web: &Web, id: NoticeId, refused: Option<Markup>) -> Answer {
    let scope = caller.scope_where::<SeeNotices>()?;
    let (notice, order, now) = web
        .db
        .read("notifications.show", move |r| {
            let notice = queries::visible(r, &scope, id)?;
            let numbers = outbox::numbers(r, std::slice::from_ref(&notice))?;
            let order = numbers.get(&notice.order).cloned().unwrap_or_default();
            Ok((notice, order, r.now()))
        })
        .await?;
    let w = caller.words(web);
    let may_resend = caller.may_in::<ResendNotices>(notice.company);
    let view = NoticeView { notice, order, may_resend, now };
    let head = PageHead::new(words::event(&w, view.notice.event))
        .crumbs(crumbs(&[(&w.t("notifications-title"), Some(HREF))]))
        .path(format!("{HREF}/{id}"));
    let body = render(&w, &view);
    Ok(match refused {
        None => caller.page(web, head, body),
        Some(why) => caller.refused_page(web, head, html! { (why) (body) }),
    })
}

pub(super) async fn resend(caller: Caller, Shared(web): Shared<Web>, Path(id): Path<NoticeId>) -> Answer {
    let name = "notifications.resend";
    change(&caller, &web, name, id, "notifications-queued-again", commands::resend).await
}

pub(super) async fn mark_sent(caller: Caller, Shared(web): Shared<Web>, Path(id): Path<NoticeId>) -> Answer {
    let name = "notifications.mark_sent";
    change(&caller, &web, name, id, "notifications-marked-sent", commands::mark_sent).await
}

async fn change(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: NoticeId,
    said: &str,
    verb: fn(&mut Tx<'_>, &Permit<ResendNotices>, NoticeId) -> Result<()>,
) -> Answer {
    let scope = caller.scope_where::<SeeNotices>()?;
    let company =
        web.db.read("notifications.company", move |r| Ok(queries::visible(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<ResendNotices>(company)?;
    match web.db.write(name, move |tx| verb(tx, &permit, id)).await {
        Ok(()) => Ok(see_other_saying(&format!("{HREF}/{id}"), said)),
        Err(fault) if fault.kind() == Kind::Conflict => {
            let why = remark(Tone::Bad, caller.words(web).fault(&fault)).render();
            page(caller, web, id, Some(why)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) fn render(w: &Words, view: &NoticeView) -> Markup {
    let notice = &view.notice;
    let letter = card(&notice.subject).body(text(&notice.body)).render();
    let mut about = vec![
        (w.t("notifications-order"), html! { a href={ "/orders/" (notice.order) } { (view.order) } }),
        (w.t("notifications-recipient"), html! { (notice.recipient) }),
        (w.t("notifications-state"), html! { (words::state(w, notice.state)) (words::problem(w, notice)) }),
        (w.t("notifications-written"), w.moment(notice.created_at, view.now)),
        (w.t("notifications-attempts"), html! { (w.number(notice.attempts)) }),
        (w.t("notifications-message-id"), html! { span.small-text { (notice.message_id) } }),
    ];
    if let Some(sent_at) = notice.sent_at {
        about.insert(3, (w.t("notifications-sent-at"), w.moment(sent_at, view.now)));
    }
    let mut side = card(w.t("notifications-about")).body(pairs(about).render());
    if view.may_resend && matches!(notice.state, State::Failed | State::InDoubt) {
        side = side.foot(actions(w, notice));
    }
    let topics = format!("order/{}", notice.order);
    split(letter, side.id("notice").live("notice", topics).render()).render()
}

fn actions(w: &Words, notice: &Notice) -> Markup {
    let address = |verb: &str| format!("{HREF}/{}/{verb}", notice.id);
    let resend = button(w.t("notifications-resend")).primary().icon(Icon::Mail);
    html! {
        div.row {
            (post_button(&address("resend"), &[], resend))
            @if notice.state == State::InDoubt {
                (post_button(&address("mark-sent"), &[], button(w.t("notifications-mark-sent")).icon(Icon::Check)))
            }
        }
    }
}

/// Plain text with its paragraphs.
pub(super) fn text(body: &str) -> Markup {
    html! {
        div.stack {
            @for paragraph in body.split("\n\n") {
                p { @for (index, line) in paragraph.lines().enumerate() { @if index > 0 { br; } (line) } }
            }
        }
    }
}
