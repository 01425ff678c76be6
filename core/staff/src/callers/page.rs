//! The frame around a signed-in person's page, and words that survive one redirect.

use axum::{
    extract::OptionalFromRequestParts,
    response::{IntoResponse, Response},
};
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, Render, html};
use takt_kernel::{CompanyId, Result, Slot};
use takt_store::Query;
use takt_ui::{Arg, Choice, Flash, NavLink, Page, PersonMenu, Tone, Width, Words, notice};
use takt_web::{Frame, FrameOf, Web, see_other};

use super::{Caller, cookie};
use crate::access::CompanyAccess;

const FLASH: &str = "flash";

/// The section of the navigation at `href` is shown to who holds the permission anywhere. Sections
/// without one are shown to everybody.
#[derive(Clone, Copy, Debug)]
pub struct SectionPermission {
    pub href: &'static str,
    pub permission: &'static str,
}

pub const SECTION_PERMISSIONS: Slot<SectionPermission> = Slot::new("staff.section_permissions");

/// What waits for somebody behind a page of a section: stands as a number at the section, and at the
/// page where its tabs are drawn. Asked for each page that somebody with the permission opens, so it
/// must cost next to nothing.
#[derive(Clone, Copy)]
pub struct SectionCount {
    pub href: &'static str,
    pub permission: &'static str,
    /// The live topic that changes it.
    pub topic: &'static str,
    pub count: CountWaiting,
}

/// How much waits in each of these companies; those in which nothing does may be left out.
pub type CountWaiting = fn(&mut dyn Query, &[CompanyId]) -> Result<Vec<(CompanyId, i64)>>;

pub const SECTION_COUNTS: Slot<SectionCount> = Slot::new("staff.section_counts");

/// What everybody of a company has to know on every page: a key of a text, its arguments, and where it leads.
/// Asked for each page, so it must cost next to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub text_key: &'static str,
    pub args: Vec<(&'static str, String)>,
    pub href: &'static str,
    /// What changes it while somebody looks at it; none when the next page is soon enough.
    pub topic: Option<&'static str>,
}

pub type NoticesOf = fn(&mut dyn Query, &[CompanyId]) -> Result<Vec<Notice>>;

pub const NOTICES: Slot<NoticesOf> = Slot::new("staff.notices");

/// What waits for one reader, by page and company.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    found: Vec<(&'static str, CompanyId, i64)>,
    topics: Vec<&'static str>,
    notices: Vec<Notice>,
}

impl Waiting {
    pub(super) async fn of(caller: &Caller, web: &Web) -> Result<Self> {
        let asked: Vec<(SectionCount, Vec<CompanyId>)> = web
            .db
            .slots()
            .of(&SECTION_COUNTS)
            .map(|count| {
                let held = |there: &&CompanyAccess| caller.rights.held_by(count.permission, there.roles);
                (*count, caller.companies().iter().filter(held).map(CompanyAccess::id).collect())
            })
            .filter(|(_, companies): &(SectionCount, Vec<CompanyId>)| !companies.is_empty())
            .collect();
        let notices: Vec<NoticesOf> = web.db.slots().of(&NOTICES).copied().collect();
        if asked.is_empty() && notices.is_empty() {
            return Ok(Self::default());
        }
        let companies: Vec<CompanyId> = caller.companies().iter().map(CompanyAccess::id).collect();
        web.db
            .read("staff.section_counts", move |reader| {
                let mut waiting = Self::default();
                for (count, companies) in &asked {
                    waiting.topics.push(count.topic);
                    for (company, found) in (count.count)(reader, companies)? {
                        waiting.found.push((count.href, company, found));
                    }
                }
                for of in &notices {
                    waiting.notices.extend(of(reader, &companies)?);
                }
                Ok(waiting)
            })
            .await
    }

    /// At a section: everything behind it, of all companies.
    fn in_section(&self, section: &str) -> i64 {
        let inside = |href: &str| {
            href.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.found.iter().filter(|(href, ..)| inside(href)).map(|(.., found)| found).sum()
    }

    /// At a page of one company.
    pub(crate) fn at(&self, page: &str, company: CompanyId) -> i64 {
        let here = |(href, of, _): &&(&str, CompanyId, i64)| *href == page && *of == company;
        self.found.iter().filter(here).map(|(.., found)| found).sum()
    }
}

/// What a page says of itself besides its body.
#[derive(Default)]
pub struct PageHead {
    pub title: String,
    /// Where switches return to, when this page is the answer to a form.
    pub path: Option<String>,
    pub width: Width,
    pub crumbs: Option<Markup>,
    /// What the screen is for; for a section of the navigation its own text when this is left out.
    pub help: Option<String>,
    pub note: Option<Markup>,
    pub actions: Option<Markup>,
    pub banners: Vec<Markup>,
    /// What the page is about, as a topic: `order/42`.
    pub about: Option<String>,
}

impl PageHead {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
    pub fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }
    pub fn width(self, width: Width) -> Self {
        Self { width, ..self }
    }
    pub fn crumbs(self, crumbs: Markup) -> Self {
        Self { crumbs: Some(crumbs), ..self }
    }
    pub fn help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
    pub fn note(self, note: Markup) -> Self {
        Self { note: Some(note), ..self }
    }
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
    /// Colleagues see who has this open; see [`super::LOOKED_AT`].
    pub fn about(self, topic: impl Into<String>) -> Self {
        Self { about: Some(topic.into()), ..self }
    }
    pub fn banner(mut self, banner: Markup) -> Self {
        self.banners.push(banner);
        self
    }
}

impl Caller {
    pub fn words(&self, web: &Web) -> Words {
        Words::new(web.texts.clone(), self.lang, self.zone.clone())
    }

    /// The whole page: navigation with what this person may use, their organisations, their menu.
    pub fn page(&self, web: &Web, head: PageHead, body: Markup) -> Response {
        self.drawn(web, head, body, None)
    }

    fn drawn(&self, web: &Web, head: PageHead, body: Markup, reads: Option<String>) -> Response {
        let words = self.words(web);
        let mut page = Page::new(&words, head.title, body);
        page.reads = reads;
        page.path = head.path.unwrap_or_else(|| self.path.clone());
        page.theme = self.theme;
        page.density = self.density;
        page.width = head.width;
        page.navigation = self.navigation(web, &words);
        page.navigation_topics = self.waiting.topics.join(" ");
        page.organisations = self.organisations();
        page.person = Some(self.menu(&words));
        page.flash = self.flash.as_deref().and_then(|key| flash(&words, key));
        page.banners = self.waiting.notices.iter().map(|one| told(&words, one)).collect();
        page.banners.extend(head.banners);
        page.crumbs = head.crumbs;
        page.help = head.help.or_else(|| self.help(web, &words, &page.path));
        page.note = head.note;
        page.actions = head.actions;
        page.about = head.about;
        page.live = Some((format!("{}-{}", self.person, self.workplace().id()), self.position));
        let mut response = page.render().into_response();
        if self.flash.is_some() {
            set_flash(&mut response, "", 0);
        }
        response
    }

    /// As [`Caller::page`], for a form that was refused: 422, so that nothing takes it for done.
    pub fn refused_page(&self, web: &Web, head: PageHead, body: Markup) -> Response {
        let reads = head.path.clone().unwrap_or_default();
        let mut response = self.drawn(web, head, body, Some(reads));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    pub(crate) fn navigation(&self, web: &Web, words: &Words) -> Vec<NavLink> {
        let guards: Vec<SectionPermission> = web.db.slots().of(&SECTION_PERMISSIONS).copied().collect();
        web.navigation
            .iter()
            .filter(|item| {
                guards
                    .iter()
                    .filter(|guard| guard.href == item.href)
                    .all(|guard| self.may_code(guard.permission))
            })
            .map(|item| {
                let waits = self.waiting.in_section(item.href);
                NavLink { count: Some(waits), tone: Tone::Warn, ..item.link(words, &self.path) }
            })
            .collect()
    }

    /// Every section of the navigation says what it is for: the text beside that of its label.
    fn help(&self, web: &Web, words: &Words, path: &str) -> Option<String> {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let item = web.navigation.iter().find(|item| item.href == path)?;
        help_of(words, item.label_key)
    }

    fn organisations(&self) -> Vec<Choice> {
        self.access
            .workplaces
            .iter()
            .map(|place| Choice {
                value: place.id().to_string(),
                label: place.name().to_owned(),
                active: place.id() == self.workplace().id(),
            })
            .collect()
    }

    fn menu(&self, words: &Words) -> PersonMenu {
        let roles: Vec<String> =
            self.workplace().roles.iter().map(|role| words.t(&format!("staff-role-{role}"))).collect();
        PersonMenu {
            name: self.name.clone(),
            note: roles.join(", "),
            links: vec![
                (words.t("staff-profile"), "/profile".to_owned()),
                (words.t("staff-settings"), "/settings".to_owned()),
            ],
        }
    }
}

/// The text `<label>-help`, where somebody wrote one.
pub(crate) fn help_of(words: &Words, label_key: &str) -> Option<String> {
    words.texts().find(words.lang(), &format!("{label_key}-help"), &[])
}

fn told(words: &Words, told: &Notice) -> Markup {
    let args: Vec<(&str, Arg<'_>)> =
        told.args.iter().map(|(name, value)| (*name, Arg::from(value.clone()))).collect();
    let text = words.ta(told.text_key, &args);
    let more = html! { a href=(told.href) { (words.t("staff-notice-more")) } };
    let id = told.topic.map(|_| format!("notice-{}", told.text_key));
    html! { div id=[id] data-live=[told.topic] { (notice(Tone::Warn, text).body(more)) } }
}

/// For the slot of the web tier: what stands around a refusal.
pub(crate) const fn frame_of() -> FrameOf {
    FrameOf(of_request)
}

fn of_request(web: Web, mut parts: Parts) -> BoxFuture<'static, Result<Option<Frame>>> {
    Box::pin(async move {
        let caller = <Caller as OptionalFromRequestParts<Web>>::from_request_parts(&mut parts, &web).await;
        let caller = caller.map_err(|failure| failure.0)?;
        Ok(caller.map(|caller| {
            let words = caller.words(&web);
            Frame {
                theme: caller.theme,
                density: caller.density,
                navigation: caller.navigation(&web, &words),
                organisations: caller.organisations(),
                person: caller.menu(&words),
                words,
            }
        }))
    })
}

/// Redirects after a form was taken and says the text of `key` on the next page. Also for pages of
/// other crates: `see_other_saying("/orders/1", "orders-cancelled")`.
pub fn see_other_saying(path: &str, key: &str) -> Response {
    let mut response = see_other(path);
    set_flash(&mut response, key, 60);
    response
}

/// As [`see_other_saying`], with a button that takes back what was done: a form is sent to `undo`, which ends in
/// `/undo/` and a number.
pub fn see_other_undoable(path: &str, key: &str, undo: &str) -> Response {
    let mut response = see_other(path);
    set_flash(&mut response, &format!("{key}~{undo}"), 60);
    response
}

fn set_flash(response: &mut Response, key: &str, seconds: u32) {
    let cookie = format!("{FLASH}={key}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Whether a page is read again only because something changed. It stays what it is: it takes no words that wait for the
/// page that is being turned to, maybe in another tab.
pub fn is_live_read(headers: &http::HeaderMap) -> bool {
    headers.contains_key("x-takt-live")
}

/// The key that the last redirect left.
pub(super) fn flash_key(headers: &http::HeaderMap) -> Option<String> {
    let key = cookie::value_of(headers, FLASH).filter(|_| !is_live_read(headers))?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-/~".contains(&byte);
    key.bytes().all(plain).then(|| key.to_owned())
}

fn flash(words: &Words, said: &str) -> Option<Flash> {
    let (key, undo) = said.split_once('~').map_or((said, None), |(key, undo)| (key, Some(undo)));
    let text = words.texts().find(words.lang(), key, &[])?;
    let undo = undo.filter(|path| is_undo(path)).map(str::to_owned);
    Some(Flash { tone: Tone::Good, text, undo })
}

/// Nothing but what takes something back may stand behind the button, whoever wrote the cookie.
fn is_undo(path: &str) -> bool {
    let Some((before, number)) = path.rsplit_once("/undo/") else { return false };
    let inside = before.starts_with('/') && !before.starts_with("//");
    inside && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn words_wait_for_the_page_that_is_turned_to_and_no_live_read_takes_them() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("flash=orders-merged"));
        assert_eq!(flash_key(&headers).as_deref(), Some("orders-merged"));
        headers.insert("x-takt-live", HeaderValue::from_static("1"));
        assert_eq!(flash_key(&headers), None);
    }
}
