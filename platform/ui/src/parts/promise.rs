//! The promise of an order in one thin bar: how much time is left and who holds the clock.

use maud::{Markup, Render, html};
use takt_kernel::Timestamp;

use super::{
    icon::{Icon, icon},
    tone::Shade,
};
use crate::Words;

/// `from` and `due` span the whole promise; what is left of it at `now` is drawn.
pub struct PromiseBar<'a> {
    pub words: &'a Words,
    pub from: Timestamp,
    pub due: Option<Timestamp>,
    pub now: Timestamp,
    pub holder: String,
    pub shade: Shade,
}

impl PromiseBar<'_> {
    /// Thousandths of the promise that are left: 1000 at its start, 0 when it is broken.
    fn left_permille(&self, due: Timestamp) -> i64 {
        let whole = i128::from(due.micros_since(self.from)).max(1);
        let left = i128::from(due.micros_since(self.now));
        i64::try_from((left * 1000 / whole).clamp(0, 1000)).unwrap_or(0)
    }

    fn spoken(&self, due: Timestamp) -> String {
        let left = due.seconds_since(self.now);
        let key = if left < 0 { "ui-promise-over" } else { "ui-promise-left" };
        let duration = self.words.duration(left.abs());
        self.words.ta(key, &[("duration", duration.into()), ("holder", (&self.holder).into())])
    }

    fn with_due(&self, due: Timestamp) -> Markup {
        let left = due.micros_since(self.now);
        let permille = self.left_permille(due);
        let state = match permille {
            _ if left < 0 => "over",
            ..=250 => "soon",
            _ => "calm",
        };
        html! {
            div.promise.(state).(self.shade.class()) data-promise-from=(self.from) data-promise-due=(due) {
                span.unseen { (self.spoken(due)) }
                span.promise-text aria-hidden="true" {
                    span.promise-time {
                        // Only of a broken one: late is seen by its shape as well.
                        span.promise-late { (icon(Icon::TriangleAlert)) }
                        (self.words.countdown(due, self.now))
                    }
                    span.promise-holder { (self.holder) }
                }
                svg.promise-bar aria-hidden="true" viewBox="0 0 1000 4" preserveAspectRatio="none" {
                    title { (self.spoken(due)) }
                    rect.promise-rest width="1000" height="4" {}
                    rect.promise-left width=(if left < 0 { 1000 } else { permille }) height="4" {}
                }
            }
        }
    }
}

impl Render for PromiseBar<'_> {
    fn render(&self) -> Markup {
        let Some(due) = self.due else {
            let spoken = self.words.ta("ui-promise-none", &[("holder", (&self.holder).into())]);
            return html! {
                div.promise.none.(self.shade.class()) {
                    span.unseen { (spoken) }
                    span.promise-text aria-hidden="true" {
                        span.muted { (self.words.t("ui-promise-no-due")) }
                        span.promise-holder { (self.holder) }
                    }
                }
            };
        };
        self.with_due(due)
    }
}
