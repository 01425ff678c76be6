use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Timestamp};
use takt_store::Query;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, badge, button, card, empty, field, form, post_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::{
    SettingsCaller, manager,
    people::{role_boxes, role_names, roles_of},
    settings_page, settings_refused,
};
use crate::{
    calendar,
    callers::see_other_saying,
    companies,
    engagements::{self, Engagement, NewEngagement},
    pages::{beside, form_errors},
    rights::{
        Role, RoleSet,
        own::{ManageEngagements, SeePeople},
    },
};

pub(super) const HREF: &str = "/settings/engagements";

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    #[serde(default)]
    desk: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    roles: Vec<String>,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(in crate::pages) async fn start(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageEngagements>()?;
    let zone = settings.organisation.company.zone.clone();
    let started = match parsed(&given, &zone, web.db.clock().now()) {
        Ok((desk, terms)) => {
            web.db
                .write("staff.start_engagement", move |tx| {
                    let desk = companies::by_name_or_id(tx, &desk)
                        .map_err(|_| beside(&Fault::invalid("staff.desk_missing"), "desk"))?;
                    engagements::start(tx, &permit, &NewEngagement { desk: desk.id, ..terms.clone() })
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    match started {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "staff-engaged")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let body = body(&web, &settings, &given, &errors, &FormErrors::none()).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

/// The desk as it was named, and everything else. Dates are days of the company's zone, the last one
/// included; nothing begins in the past.
fn parsed(given: &Given, zone: &TimeZone, now: Timestamp) -> takt_kernel::Result<(String, NewEngagement)> {
    let from =
        date(&given.from, "from")?.and_then(|date| begin_of(date, zone)).map_or(now, |from| from.max(now));
    let until = date(&given.until, "until")?
        .and_then(|last| last.tomorrow().ok())
        .and_then(|after| begin_of(after, zone));
    let terms = NewEngagement {
        desk: takt_kernel::OrganisationId::new(0),
        from,
        until,
        roles: roles_of(&given.roles)?,
    };
    Ok((given.desk.trim().to_owned(), terms))
}

fn date(text: &str, field: &str) -> takt_kernel::Result<Option<Date>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    calendar::date(text).map(Some).map_err(|fault| beside(&fault, field))
}

fn begin_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|begin| begin.timestamp().into())
}

pub(in crate::pages) async fn end(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(engagement): Path<i64>,
) -> Answer {
    let permit = settings.permit::<ManageEngagements>()?;
    web.db.write("staff.end_engagement", move |tx| engagements::end(tx, &permit, engagement)).await?;
    Ok(see_other_saying(&settings.href(HREF), "staff-engagement-ended"))
}

/// The page again, after the person who answers was refused.
pub(super) async fn refused(web: &Web, settings: &SettingsCaller, naming: &FormErrors) -> Answer {
    let body = body(web, settings, &Given::default(), &FormErrors::none(), naming).await?;
    Ok(settings_refused(web, settings, HREF, body))
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    errors: &FormErrors,
    naming: &FormErrors,
) -> takt_kernel::Result<Markup> {
    settings.permit::<SeePeople>()?;
    let w = settings.words(web);
    if settings.is_desk() {
        return Ok(for_desk(&w, settings));
    }
    let company = settings.id();
    let (list, answers, now) = web
        .db
        .read("staff.engagements", move |reader| {
            Ok((engagements::list(reader, company)?, manager::View::read(reader, company)?, reader.now()))
        })
        .await?;
    let may = settings.may::<ManageEngagements>();
    Ok(html! {
        (manager::drawn(&w, settings, &answers, naming))
        (list_card(&w, settings, &list, now, may))
        @if may { (start_form(&w, settings, given, errors)) }
    })
}

/// A desk sees for whom it works; only a company lends itself.
fn for_desk(w: &Words, settings: &SettingsCaller) -> Markup {
    let access = &settings.caller.access;
    let rows = access
        .companies
        .iter()
        .filter(|place| place.id() != settings.id())
        .map(|place| Row::new([html! { (place.name()) }, html! { (role_names(w, place.roles)) }]));
    let table = Table::new(w, w.t("staff-engaged-by"))
        .columns([Column::new(w.t("staff-kind-company")).wide().leading(), Column::new(w.t("staff-roles"))])
        .rows(rows)
        .empty(empty(
            Icon::Building2,
            w.t("staff-engaged-by-nobody"),
            w.ta("staff-engaged-by-nobody-hint", &[("number", settings.id().to_string().into())]),
            None,
        ));
    card(w.t("staff-engaged-by")).flush().body(table.render()).render()
}

fn list_card(w: &Words, settings: &SettingsCaller, list: &[Engagement], now: Timestamp, may: bool) -> Markup {
    let rows = list.iter().map(|engagement| {
        let over = engagement.is_over(now);
        let action = html! {
            @if over { (badge(w.t("staff-engagement-over"), Tone::Neutral)) }
            @else if may {
                (post_button(
                    &settings.href(&format!("{HREF}/{}/end", engagement.id)),
                    &[],
                    button(w.t("staff-engagement-end")).small().danger(),
                ))
            }
        };
        Row::new([
            html! { (engagement.desk_name) },
            html! { (w.date_time(engagement.from)) },
            html! { @if let Some(until) = engagement.until { (w.date_time(until)) } @else { "—" } },
            html! { (role_names(w, engagement.roles)) },
            action,
        ])
        .dim(over)
    });
    let table = Table::new(w, w.t("staff-engagements"))
        .columns([
            Column::new(w.t("staff-kind-desk")).wide().leading(),
            Column::new(w.t("staff-from")),
            Column::new(w.t("staff-until")),
            Column::new(w.t("staff-lent")),
            Column::new("").actions(),
        ])
        .rows(rows)
        .empty(empty(Icon::Users, w.t("staff-no-engagements"), w.t("staff-no-engagements-hint"), None));
    card(w.t("staff-engagements")).flush().body(table.render()).render()
}

fn start_form(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let checked: RoleSet = roles_of(&given.roles).unwrap_or_default();
    let lendable = Role::ALL.into_iter().filter(|role| *role != Role::Owner).collect();
    let boxes =
        html! { div.row id="field-roles" tabindex="-1" { (role_boxes(w, lendable, checked, "lend")) } };
    let fields = html! {
        (field(w.t("staff-kind-desk"), "desk").value(&given.desk).required().hint(w.t("staff-desk-hint"))
            .errors(errors))
        (field(w.t("staff-from"), "from").date().value(&given.from).half().errors(errors))
        (field(w.t("staff-until"), "until").date().value(&given.until).half().errors(errors))
        (field(w.t("staff-lent"), "roles").own(boxes).errors(errors))
    };
    let actions = html! { (button(w.t("staff-engage")).primary()) };
    card(w.t("staff-engage-title"))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}
