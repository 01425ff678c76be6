use axum::extract::State;
use http::{HeaderMap, header};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{PersonId, Timestamp};
use takt_store::Query;
use takt_ui::{
    Column, FormErrors, Lang, Row, Table, Tone, Words, button, card, copy, details, field, form, notice,
    post_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::{SettingsCaller, absences as leave, settings_page, settings_refused};
use crate::{
    absences::{self, Absence},
    callers::see_other_saying,
    invitations::{self, Invitation},
    pages::{form_errors, languages},
    people::{self, Member},
    rights::{
        Role, RoleSet,
        own::{ManagePeople, SeePeople},
    },
};

const HREF: &str = "/settings/people";

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    #[serde(default)]
    email: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    lang: String,
}

#[derive(Deserialize)]
pub(in crate::pages) struct Roles {
    #[serde(default)]
    roles: Vec<String>,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

/// The link is the answer itself: it is shown this once and stored nowhere.
pub(in crate::pages) async fn invite(
    State(web): State<Web>,
    settings: SettingsCaller,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManagePeople>()?;
    let lang = Lang::parse(&given.lang).unwrap_or(settings.organisation.company.lang);
    let email = given.email.clone();
    let invited = match roles_of(&given.roles) {
        Ok(roles) => {
            web.db
                .write("staff.invite", move |tx| invitations::invite(tx, &permit, &email, roles, lang))
                .await
        }
        Err(fault) => Err(fault),
    };
    let w = settings.words(&web);
    match invited {
        Ok(secret) => {
            let link = html! {
                p { (w.t("staff-invited-hint")) }
                p { (copy(&w, &link_of(&web, &headers, &secret))) }
            };
            let told =
                notice(Tone::Good, w.ta("staff-invited", &[("email", (&given.email).into())])).body(link);
            let below = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
            Ok(settings_page(&web, &settings, HREF, html! { (told) (below) }))
        }
        Err(fault) => {
            let errors = form_errors(&w, fault)?;
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

/// As the inviter's own browser reaches us.
fn link_of(web: &Web, headers: &HeaderMap, secret: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if web.secure { "https" } else { "http" };
    format!("{scheme}://{host}/invite/{secret}")
}

pub(super) fn roles_of(given: &[String]) -> takt_kernel::Result<RoleSet> {
    given.iter().map(|code| code.parse::<Role>()).collect()
}

pub(in crate::pages) async fn set_roles(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(person): Path<PersonId>,
    Form(given): Form<Roles>,
) -> Answer {
    let permit = settings.permit::<ManagePeople>()?;
    let changed = match roles_of(&given.roles) {
        Ok(roles) => {
            web.db.write("staff.set_roles", move |tx| people::set_roles(tx, &permit, person, roles)).await
        }
        Err(fault) => Err(fault),
    };
    match changed {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-saved")),
        Err(fault) => {
            let w = settings.words(&web);
            let summary = form_errors(&w, fault)?.summary(&w);
            let below = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
            Ok(settings_refused(&web, &settings, HREF, html! { (summary) (below) }))
        }
    }
}

pub(in crate::pages) async fn withdraw(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(invitation): Path<i64>,
) -> Answer {
    let permit = settings.permit::<ManagePeople>()?;
    web.db
        .write("staff.withdraw_invitation", move |tx| invitations::withdraw(tx, &permit, invitation))
        .await?;
    Ok(see_other_saying(&settings.href(HREF), "staff-invitation-withdrawn"))
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    errors: &FormErrors,
) -> takt_kernel::Result<Markup> {
    settings.permit::<SeePeople>()?;
    let organisation = settings.id();
    let (members, open, absences, now) = web
        .db
        .read("staff.people", move |reader| {
            Ok((
                people::members(reader, organisation)?,
                invitations::open(reader, organisation)?,
                absences::list(reader, organisation)?,
                reader.now(),
            ))
        })
        .await?;
    let w = settings.words(web);
    let may = settings.may::<ManagePeople>();
    Ok(html! {
        (members_card(&w, settings, &members, &absences, may))
        @if may {
            @if !open.is_empty() { (open_card(&w, settings, &open, now)) }
            (invite_form(&w, settings, given, errors))
        }
    })
}

fn members_card(
    w: &Words,
    settings: &SettingsCaller,
    members: &[Member],
    absences: &[Absence],
    may: bool,
) -> Markup {
    let names = members.iter().map(|member| (member.person, member.name.as_str())).collect();
    let rows = members.iter().map(|member| {
        let roles =
            html! { @if may { (member_roles(w, settings, member)) } @else { (role_names(w, member.roles)) } };
        let away = absences.iter().find(|absence| absence.person == member.person);
        let name = html! {
            (member.name)
            @if let Some(absence) = away { " " (leave::away(w, absence, &names)) }
        };
        Row::new([name, html! { (member.email) }, roles])
    });
    let table = Table::new(w, w.t("staff-people"))
        .columns([
            Column::new(w.t("staff-person")).leading(),
            Column::new(w.t("staff-email")).wide(),
            Column::new(w.t("staff-roles")).wide(),
        ])
        .rows(rows);
    let hint = html! { @if may { p.muted { (w.t("staff-roles-hint")) } } };
    card(w.t("staff-people")).flush().body(table.render()).foot(hint).render()
}

pub(super) fn role_names(w: &Words, roles: RoleSet) -> String {
    let names: Vec<String> = roles.iter().map(|role| w.t(&format!("staff-role-{role}"))).collect();
    names.join(", ")
}

/// Folded away: one looks at roles more often than one changes them.
fn member_roles(w: &Words, settings: &SettingsCaller, member: &Member) -> Markup {
    let form = html! {
        form.row method="post" action=(settings.href(&format!("{HREF}/{}", member.person))) {
            (role_boxes(w, RoleSet::all(), member.roles, &format!("member-{}", member.person)))
            (button(w.t("staff-save")).small())
        }
    };
    details(role_names(w, member.roles), false, form)
}

/// One checkbox per offered role; `prefix` keeps ids apart where several forms stand on a page.
pub(super) fn role_boxes(w: &Words, offered: RoleSet, checked: RoleSet, prefix: &str) -> Markup {
    html! {
        @for role in offered.iter() {
            label.check for={ (prefix) "-" (role) } {
                input type="checkbox" id={ (prefix) "-" (role) } name="roles" value=(role)
                    checked[checked.contains(role)];
                span { (w.t(&format!("staff-role-{role}"))) }
            }
        }
    }
}

fn open_card(w: &Words, settings: &SettingsCaller, open: &[Invitation], now: Timestamp) -> Markup {
    let rows = open.iter().map(|invitation| {
        let withdraw = settings.href(&format!("/settings/invitations/{}/withdraw", invitation.id));
        Row::new([
            html! { (invitation.email) },
            html! { (role_names(w, invitation.roles)) },
            w.moment(invitation.expires_at, now),
            post_button(&withdraw, &[], button(w.t("staff-withdraw")).small().quiet()),
        ])
    });
    let table = Table::new(w, w.t("staff-invitations"))
        .columns([
            Column::new(w.t("staff-email")).wide().leading(),
            Column::new(w.t("staff-roles")),
            Column::new(w.t("staff-expires")),
            Column::new("").actions(),
        ])
        .rows(rows);
    card(w.t("staff-invitations")).flush().body(table.render()).render()
}

fn invite_form(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let checked = roles_of(&given.roles).unwrap_or_default();
    let lang = if given.lang.is_empty() { settings.organisation.company.lang.code() } else { &given.lang };
    let boxes = html! { div.row id="field-roles" tabindex="-1" { (role_boxes(w, RoleSet::all(), checked, "invite")) } };
    let fields = html! {
        (field(w.t("staff-email"), "email").email().value(&given.email).required().errors(errors))
        (field(w.t("staff-roles"), "roles").own(boxes).errors(errors))
        (field(w.t("staff-language"), "lang").select(languages()).value(lang).half())
    };
    let actions = html! { (button(w.t("staff-invite")).primary()) };
    card(w.t("staff-invite-title"))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}
