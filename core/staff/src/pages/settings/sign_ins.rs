use axum::extract::State;
use maud::{Render, html};
use takt_store::Query;
use takt_ui::{Column, Icon, Row, Table, Tone, Words, badge, card, empty};
use takt_web::{Answer, Web};

use super::{super::browser, SettingsCaller, settings_page};
use crate::{
    rights::own::SeeSignIns,
    sign_in::{self, Attempt},
};

const HREF: &str = "/settings/sign-ins";
const SHOWN: i64 = 500;

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<SeeSignIns>()?;
    let organisation = settings.id();
    let (attempts, now) = web
        .db
        .read("staff.sign_ins", move |reader| {
            Ok((sign_in::attempts(reader, organisation, SHOWN)?, reader.now()))
        })
        .await?;
    let w = settings.words(&web);
    let rows = attempts.iter().map(|attempt| {
        Row::new([
            w.moment(attempt.at, now),
            html! { (attempt.name) },
            outcome(&w, attempt),
            html! { (attempt.ip) },
            html! { span.muted { (browser::name(&attempt.agent)) } },
        ])
    });
    let table = Table::new(&w, w.t("staff-sign-ins"))
        .columns([
            Column::new(w.t("staff-when")).narrow(),
            Column::new(w.t("staff-person")).leading(),
            Column::new(w.t("staff-outcome")),
            Column::new(w.t("staff-address")),
            Column::new(w.t("staff-browser")).wide(),
        ])
        .rows(rows)
        .empty(empty(Icon::Users, w.t("staff-no-sign-ins"), w.t("staff-no-sign-ins-hint"), None));
    let body = card(w.t("staff-sign-ins")).flush().body(table.render()).render();
    Ok(settings_page(&web, &settings, HREF, body))
}

fn outcome(w: &Words, attempt: &Attempt) -> maud::Markup {
    let tone = if attempt.outcome == "signed_in" { Tone::Good } else { Tone::Warn };
    let key = format!("staff-outcome-{}", attempt.outcome.replace('_', "-"));
    badge(w.t(&key), tone).render()
}
