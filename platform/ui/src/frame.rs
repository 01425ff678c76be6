//! The frame around every page: navigation, organisation, person, language and theme, messages and
//! the live line to the server. One value in, one HTML document out.

mod head;
mod navigation;
mod person;

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use takt_kernel::Timestamp;

use crate::{Icon, Lang, Tone, Words, button, notice, post_button};

pub use navigation::{NavItem, NavLink};
pub use person::{Choice, PersonMenu};

/// Where the frame's own forms are sent. Served by the web tier and by sign-in.
pub mod paths {
    /// POST, no fields.
    pub const SIGN_OUT: &str = "/sign-out";
    /// POST `lang`, `theme` (`auto`, `light`, `dark`) and `density` (`roomy`, `dense`), `back`: the path to return
    /// to.
    pub const PREFERENCES: &str = "/preferences";
    /// POST `organisation`, `back`.
    pub const ORGANISATION: &str = "/organisation";
    /// GET, an event stream of `{"position":N,"changed":["order/42","orders"]}`; `?since=N` resumes.
    pub const LIVE: &str = "/live";
    /// POST `{"looked":["order/42"],"said":1}`: what this browser has open, said again every few seconds.
    pub const PRESENCE: &str = "/presence";
    /// GET `q`: finds by words, as a page or, for the palette, as JSON.
    pub const FIND: &str = "/find";
}

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Anything unknown is what the system says.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == text).unwrap_or_default()
    }
}

/// How much stands on one screen: a personal preference beside the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Roomy,
    Dense,
}

impl Density {
    pub const ALL: [Self; 2] = [Self::Roomy, Self::Dense];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Roomy => "roomy",
            Self::Dense => "dense",
        }
    }

    /// Anything unknown is roomy.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|density| density.code() == text).unwrap_or_default()
    }
}

/// How wide the content may grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Lists: all there is.
    #[default]
    Full,
    /// Forms and texts.
    Narrow,
    /// One thing in the middle: sign-in, refusals. No navigation.
    Centre,
    /// The phone's own pages: no side panel, thumbs first.
    Phone,
}

/// The outcome of what was just done, told once.
#[derive(Clone, Debug)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// Where a form takes it back.
    pub undo: Option<String>,
}

/// A page in its frame. Fill what there is; [`Page::new`] gives a page without person or navigation.
pub struct Page<'a> {
    pub words: &'a Words,
    pub title: String,
    /// The path of this page with its query: where switches return to.
    pub path: String,
    pub theme: Theme,
    pub density: Density,
    pub width: Width,
    pub navigation: Vec<NavLink>,
    /// Topics that change the counts in the navigation.
    pub navigation_topics: String,
    pub organisations: Vec<Choice>,
    pub person: Option<PersonMenu>,
    pub flash: Option<Flash>,
    /// Things everybody must know: a channel is late, the service will pause.
    pub banners: Vec<Markup>,
    pub crumbs: Option<Markup>,
    /// What this screen is for and what to do first; behind a mark beside the title.
    pub help: Option<String>,
    /// Beside the title.
    pub note: Option<Markup>,
    pub actions: Option<Markup>,
    /// Whose changes the stream carries (person and organisation), and the position the page was
    /// drawn at. `None`: the page is not live.
    pub live: Option<(String, i64)>,
    /// Where the stream of this page is.
    pub live_url: String,
    /// What the page is about, as a topic (`order/42`): others see who has it open.
    pub about: Option<String>,
    /// Where a page that answered to a form is read again; empty where nowhere. Others are read where they stand.
    pub reads: Option<String>,
    /// For somebody outside, over a thin line: the reader's own fonts, nothing of Takt in the title, and
    /// no search engine keeps it.
    pub guest: bool,
    /// The server's moment: countdowns follow it, not the clock of the reader's computer.
    pub now: Option<Timestamp>,
    pub body: Markup,
}

impl<'a> Page<'a> {
    pub fn new(words: &'a Words, title: impl Into<String>, body: Markup) -> Self {
        Self {
            words,
            title: title.into(),
            path: "/".to_owned(),
            theme: Theme::Auto,
            density: Density::Roomy,
            width: Width::Full,
            navigation: Vec::new(),
            navigation_topics: String::new(),
            organisations: Vec::new(),
            person: None,
            flash: None,
            banners: Vec::new(),
            crumbs: None,
            help: None,
            note: None,
            actions: None,
            live: None,
            live_url: paths::LIVE.to_owned(),
            about: None,
            reads: None,
            guest: false,
            now: None,
            body,
        }
    }

    fn layout(&self) -> &'static str {
        match self.width {
            Width::Full => "page-full",
            Width::Narrow => "page-narrow",
            Width::Centre => "page-centre",
            Width::Phone => "page-phone",
        }
    }

    /// The path without what was asked of it.
    fn section(&self) -> &str {
        self.path.split(['?', '#']).next().unwrap_or(&self.path)
    }

    fn messages(&self) -> Markup {
        let w = self.words;
        html! {
            div.messages {
                div.notice.tone-warn.offline id="offline" role="status" hidden {
                    (crate::icon(Icon::WifiOff))
                    div.notice-text { p { (w.t("ui-offline")) } }
                }
                @for banner in &self.banners { (banner) }
                @if let Some(flash) = &self.flash {
                    div.flash data-flash data-close=(w.t("ui-flash-close")) { (flash_notice(w, flash, &self.path)) }
                }
            }
        }
    }

    fn heading(&self) -> Markup {
        html! {
            @if let Some(crumbs) = &self.crumbs { (crumbs) }
            header.heading {
                @match &self.help {
                    Some(help) => {
                        details.help data-remember={ "help " (self.section()) } {
                            summary title=(self.words.t("ui-help")) {
                                h1 { (self.title) }
                                span.help-mark { "?" }
                            }
                            p.help-text { (help) }
                        }
                    }
                    None => { h1 { (self.title) } }
                }
                @if let Some(note) = &self.note { div.heading-note { (note) } }
                @if let Some(actions) = &self.actions { div.heading-actions { (actions) } }
            }
        }
    }
}

impl Render for Page<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        let framed = !self.navigation.is_empty();
        html! {
            (DOCTYPE)
            html lang=(w.lang()) data-theme=(self.theme.code()) data-density=(self.density.code()) {
                (head::head(w, &self.title, self.guest))
                body.(self.layout()).framed[framed].guest[self.guest]
                    data-now=[self.now]
                    data-live-url=[self.live.as_ref().map(|_| &self.live_url)]
                    data-live-scope=[self.live.as_ref().map(|(scope, _)| scope)]
                    data-find-url=[framed.then_some(paths::FIND)]
                    data-about=[&self.about]
                    data-reads=[&self.reads]
                    data-presence-url=[self.about.as_ref().map(|_| paths::PRESENCE)]
                    data-position=[self.live.as_ref().map(|(_, position)| position)] {
                    a.skip href="#content" { (w.t("ui-skip")) }
                    @if framed { (navigation::side(self)) }
                    main.content id="content" tabindex="-1" {
                        (self.messages())
                        (self.heading())
                        (self.body)
                    }
                    @if !framed { footer.page-foot { (person::switches(w, (self.theme, None), &self.path)) } }
                    (PreEscaped(head::script_words(w)))
                }
            }
        }
    }
}

fn flash_notice(w: &Words, flash: &Flash, here: &str) -> Markup {
    let told = notice(flash.tone, &*flash.text);
    match &flash.undo {
        None => told.render(),
        Some(path) => {
            let undo = button(w.t("ui-undo")).icon(Icon::Undo2).small().key("z");
            told.action(post_button(path, &[("back", here)], undo)).render()
        }
    }
}

/// Both languages in their own names; used by the switches.
fn languages() -> impl Iterator<Item = (Lang, &'static str)> {
    Lang::ALL.into_iter().map(|lang| (lang, lang.own_name()))
}
