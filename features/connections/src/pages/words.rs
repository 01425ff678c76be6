//! How connections and messages are said.

use jiff::tz::TimeZone;
use maud::{Markup, Render, html};
use serde_json::Value;
use takt_kernel::{OrganisationId, ShopId, Slots, Timestamp};
use takt_staff::{SettingsCaller, shops::Shop};
use takt_ui::{Arg, Tone, Words, status};
use takt_web::Web;

use super::HREF;
use crate::{
    Connection, ConnectionId, Finding, Health, Standing, System, health,
    kinds::{self, KINDS},
    messages::{self, Message, State},
};

/// Where a connection remembers what was chosen when it was made.
pub(super) const SYSTEM: &str = "system";

/// Where a page is drawn: for whom, and how its links keep the company of the settings.
pub(super) struct At<'a> {
    pub w: &'a Words,
    pub slots: &'a Slots,
    pub company: OrganisationId,
    pub link: &'a dyn Fn(&str) -> String,
}

impl At<'_> {
    pub fn href(&self, path: &str) -> String {
        (self.link)(path)
    }

    /// The messages of one state, on the page of their connection.
    pub fn state_href(&self, connection: ConnectionId, state: State) -> String {
        format!("{}&state={}", self.href(&path(connection)), state.code())
    }
}

/// Draws a page of the settings.
pub(super) fn drawn(web: &Web, settings: &SettingsCaller, draw: impl FnOnce(&At<'_>) -> Markup) -> Markup {
    let (w, slots) = (settings.words(web), web.db.slots());
    let link = |path: &str| settings.href(path);
    draw(&At { w: &w, slots, company: settings.id(), link: &link })
}

/// When the reader's day began.
pub(super) fn today(zone: &TimeZone, now: Timestamp) -> Timestamp {
    let began = now.to_jiff().to_zoned(zone.clone()).start_of_day();
    began.map_or(now, |began| began.timestamp().into())
}

pub(super) fn path(connection: ConnectionId) -> String {
    format!("{HREF}/{connection}")
}

pub(super) fn message_path(message: &Message) -> String {
    format!("{HREF}/{}/messages/{}", message.connection, message.id)
}

pub(super) fn system_of(slots: &Slots, connection: &Connection) -> Option<System> {
    let code = connection.settings.get(SYSTEM)?.as_str()?;
    let kind = kinds::kind_of(slots, &connection.kind).ok()?;
    kind.systems.iter().find(|system| system.code == code).copied()
}

/// What was connected: the system that was chosen, or at least the kind.
pub(super) fn system_name(w: &Words, slots: &Slots, connection: &Connection) -> String {
    let kind = slots.of(&KINDS).find(|kind| kind.code == connection.kind);
    system_of(slots, connection)
        .map(|system| system.name_key)
        .or(kind.map(|kind| kind.name_key))
        .map_or_else(|| connection.kind.clone(), |key| w.t(key))
}

pub(super) fn shop_name(shops: &[Shop], shop: ShopId) -> String {
    shops.iter().find(|known| known.id == shop).map_or_else(String::new, |shop| shop.name.clone())
}

pub(super) const fn tone(health: Health) -> Tone {
    match health {
        Health::Well => Tone::Good,
        Health::Paused => Tone::Info,
        Health::Quiet | Health::NeverHeard => Tone::Neutral,
        Health::Refused | Health::Silent => Tone::Warn,
    }
}

pub(super) fn health(w: &Words, standing: &Standing, now: Timestamp) -> Markup {
    let health = standing.health(now);
    let silence = standing.contact.as_ref().map_or(0, |contact| now.seconds_since(contact.last_at));
    let said =
        w.ta(&format!("connections-health-{}", health.code()), &[("duration", w.duration(silence).into())]);
    status(said, tone(health)).render()
}

pub(super) fn moment(w: &Words, at: Option<Timestamp>, now: Timestamp) -> Markup {
    html! { @if let Some(at) = at { (w.moment(at, now)) } @else { span.muted { "—" } } }
}

/// `999`, and `1 000+` where counting ended.
pub(super) fn count(w: &Words, count: i64) -> String {
    if count < health::COUNTED { w.number(count) } else { format!("{}+", w.number(health::COUNTED)) }
}

/// What became of those that came to an end today.
pub(super) fn today_counts(w: &Words, standing: &Standing) -> String {
    let [applied, refused] = [standing.applied, standing.refused].map(|found| count(w, found));
    w.ta("connections-today-counts", &[("applied", applied.into()), ("refused", refused.into())])
}

pub(super) fn state(w: &Words, state: State) -> Markup {
    status(state_name(w, state), state_tone(state)).render()
}

pub(super) fn state_name(w: &Words, state: State) -> String {
    w.t(&format!("connections-state-{}", state.code()))
}

pub(super) const fn state_tone(state: State) -> Tone {
    match state {
        State::Applied => Tone::Good,
        State::Quarantined => Tone::Warn,
        State::Received | State::Refused | State::Dropped => Tone::Neutral,
    }
}

/// Why a message was not applied, in a sentence; fields follow where there are some.
pub(super) fn problem(w: &Words, problem: &Value) -> String {
    let fault = messages::fault_of(problem);
    match fault.fields() {
        [] => w.fault(&fault),
        [only] => format!("{}: {}", only.path, w.field_fault(only)),
        [first, rest @ ..] => {
            let more = w.ta("connections-more-fields", &[("count", (rest.len() as i64).into())]);
            format!("{}: {} {more}", first.path, w.field_fault(first))
        }
    }
}

/// A refusal as a connector noted it: a code of ours is said, anything else stands as it is.
pub(super) fn refusal(w: &Words, noted: &str) -> String {
    let key = noted.replace('.', "-");
    let code = noted.contains('.')
        && noted.chars().all(|letter| letter.is_ascii_lowercase() || "._".contains(letter));
    code.then(|| w.texts().find(w.lang(), &key, &[])).flatten().unwrap_or_else(|| noted.to_owned())
}

pub(super) fn finding(w: &Words, finding: &Finding) -> Markup {
    let args: Vec<(&str, Arg<'_>)> = finding
        .args
        .iter()
        .map(|(name, value)| (*name, value.parse::<i64>().map_or_else(|_| value.into(), Arg::from)))
        .collect();
    let tone = if finding.well { Tone::Good } else { Tone::Warn };
    // The dot alone is a status: a sentence has to break where a phone ends.
    html! { (status("", tone)) " " (w.ta(finding.text_key, &args)) }
}
