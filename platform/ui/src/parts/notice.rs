//! Something a person should know before going on.

use maud::{Markup, Render, html};

use super::{
    icon::{Icon, icon},
    tone::Tone,
};

#[derive(Clone, Debug)]
pub struct Notice {
    tone: Tone,
    title: String,
    body: Option<Markup>,
    action: Option<Markup>,
}

pub fn notice(tone: Tone, title: impl Into<String>) -> Notice {
    Notice { tone, title: title.into(), body: None, action: None }
}

impl Notice {
    pub fn body(self, body: Markup) -> Self {
        Self { body: Some(body), ..self }
    }
    pub fn action(self, action: Markup) -> Self {
        Self { action: Some(action), ..self }
    }
}

impl Render for Notice {
    fn render(&self) -> Markup {
        let (shape, role) = match self.tone {
            Tone::Good => (Icon::CircleCheck, "status"),
            Tone::Warn => (Icon::TriangleAlert, "status"),
            Tone::Bad => (Icon::CircleAlert, "alert"),
            Tone::Neutral | Tone::Accent | Tone::Info => (Icon::Info, "status"),
        };
        html! {
            div.notice.(self.tone.class()) role=(role) {
                (icon(shape))
                div.notice-text {
                    p.notice-title { (self.title) }
                    @if let Some(body) = &self.body { div.notice-body { (body) } }
                }
                @if let Some(action) = &self.action { div.notice-action { (action) } }
            }
        }
    }
}
