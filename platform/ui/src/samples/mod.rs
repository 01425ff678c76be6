//! Every part in every state, for eyes and for tests.
//!
//! A feature adds its pages and parts by [`Sample`]; `/_samples` shows them all in the reader's
//! language and theme, and tests render them in both languages looking for missing texts.

mod controls;
mod forms;
mod lists;
mod order;
mod pages;

use maud::{Markup, PreEscaped, Render, html};

use takt_kernel::Timestamp;

use crate::{Page, Theme, Words, asset_url, card, link_button};

/// When it is in the samples: a Saturday noon in Moscow.
pub const SAMPLE_NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);

/// `name` is the path of the sample: `parts/buttons`, `orders/card`.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub name: &'static str,
    pub render: fn(&Words) -> Markup,
}

/// The samples of this crate.
pub fn samples() -> Vec<Sample> {
    [controls::SAMPLES, lists::SAMPLES, order::SAMPLES, forms::SAMPLES, pages::SAMPLES].concat()
}

/// All samples on one page. Whole documents are linked (`/_samples/NAME`), parts are shown.
pub fn samples_page(w: &Words, theme: Theme, samples: &[Sample]) -> Markup {
    let body = html! {
        p.lead { (w.t("ui-samples-lead")) }
        @for sample in samples {
            @let rendered = (sample.render)(w);
            @let open = link_button(w.t("ui-samples-open"), format!("/_samples/{}", sample.name)).small().quiet();
            @if is_document(&rendered) {
                (card(sample.name).id(anchor(sample)).actions(html! { (open) }))
            } @else {
                (card(sample.name).id(anchor(sample)).actions(html! { (open) }).body(rendered))
            }
        }
    };
    let licences = html! { p.muted { a href=(asset_url("licences.txt")) { (w.t("ui-samples-licences")) } } };
    let mut page = Page::new(w, w.t("ui-samples-title"), html! { (body) (licences) });
    page.theme = theme;
    page.now = Some(SAMPLE_NOW);
    page.path = "/_samples".to_owned();
    page.render()
}

/// One sample alone: a document as it is, a part in an empty page.
pub fn sample_page(w: &Words, theme: Theme, sample: &Sample) -> Markup {
    let rendered = (sample.render)(w);
    if is_document(&rendered) {
        // A page sample cannot know the theme it is looked at in.
        let themed = format!("data-theme=\"{}\"", theme.code());
        return PreEscaped(rendered.0.replacen("data-theme=\"auto\"", &themed, 1));
    }
    let mut page = Page::new(w, sample.name, rendered);
    page.theme = theme;
    page.now = Some(SAMPLE_NOW);
    page.path = format!("/_samples/{}", sample.name);
    page.render()
}

fn is_document(markup: &Markup) -> bool {
    markup.0.starts_with("<!DOCTYPE")
}

fn anchor(sample: &Sample) -> String {
    sample.name.replace('/', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, TEXTS, Texts, test_words};

    #[test]
    fn every_sample_speaks_both_languages_completely() {
        for lang in Lang::ALL {
            let w = test_words(lang);
            for sample in samples() {
                for markup in [(sample.render)(&w), sample_page(&w, Theme::Dark, &sample)] {
                    let missing = Texts::missing_in(&markup.into_string());
                    assert!(missing.is_empty(), "{} in {lang}: {missing:?}", sample.name);
                }
            }
            assert!(Texts::missing_in(&samples_page(&w, Theme::Auto, &samples()).into_string()).is_empty());
        }
    }

    #[test]
    fn no_text_is_one_sided_or_doubled() {
        let problems = Texts::new(TEXTS).check();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn nothing_needs_inline_styles_or_scripts() {
        let w = test_words(Lang::Ru);
        for sample in samples() {
            let page = sample_page(&w, Theme::Light, &sample).into_string();
            for forbidden in [" style=\"", "<style", " onclick=", "javascript:", "<script>"] {
                assert!(!page.contains(forbidden), "{} has {forbidden}", sample.name);
            }
        }
    }

    #[test]
    fn ids_on_a_page_are_unique() {
        let w = test_words(Lang::En);
        for sample in samples() {
            let page = sample_page(&w, Theme::Light, &sample).into_string();
            let mut ids: Vec<&str> =
                page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            ids.sort_unstable();
            let doubled: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
            assert!(doubled.is_empty(), "{}: {doubled:?}", sample.name);
        }
    }
}
