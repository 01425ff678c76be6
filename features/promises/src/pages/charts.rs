//! Bars that say it before the numbers do. Plain SVG, coloured by the theme.

use maud::{Markup, html};
use takt_ui::{Shade, Tone};

const WIDTH: i64 = 1_000;

/// A part of a bar: its size, how it is coloured, what it says and where it leads.
pub(super) struct Part {
    pub size: i64,
    pub class: &'static str,
    pub title: String,
    pub href: Option<String>,
}

impl Part {
    pub fn shaded(size: i64, shade: Shade, title: String) -> Self {
        Self { size, class: shade.class(), title, href: None }
    }

    pub fn toned(size: i64, tone: Tone, title: String) -> Self {
        let class = match tone {
            Tone::Good => "tone-good",
            Tone::Bad => "tone-bad",
            _ => "tone-neutral",
        };
        Self { size, class, title, href: None }
    }

    pub fn to(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }
}

/// A row of a chart: name, bar, figure. `most` is what the whole width stands for.
pub(super) fn row(label: &str, parts: &[Part], most: i64, value: &str) -> Markup {
    html! {
        span.chart-label { (label) }
        svg.chart-bar viewBox="0 0 1000 22" preserveAspectRatio="none" role="img" aria-label=(spoken(label, parts)) {
            @for (left, width, part) in spans(parts, most) {
                @match &part.href {
                    Some(href) => { a href=(href) { (bar(left, width, part)) } }
                    None => { (bar(left, width, part)) }
                }
            }
        }
        span.chart-value { (value) }
    }
}

fn bar(left: i64, width: i64, part: &Part) -> Markup {
    html! { rect.(part.class) x=(left) width=(width) height="22" { title { (part.title) } } }
}

fn spoken(label: &str, parts: &[Part]) -> String {
    let titles: Vec<&str> =
        parts.iter().filter(|part| part.size > 0).map(|part| part.title.as_str()).collect();
    format!("{label}: {}", titles.join(", "))
}

/// Edges are rounded, not widths, so that the last part ends where the sum does.
fn spans(parts: &[Part], most: i64) -> Vec<(i64, i64, &Part)> {
    let scaled = |size: i64| {
        i64::try_from(i128::from(size) * i128::from(WIDTH) / i128::from(most.max(1)))
            .unwrap_or(WIDTH)
            .min(WIDTH)
    };
    let mut passed = 0;
    parts
        .iter()
        .filter(|part| part.size > 0)
        .map(|part| {
            let left = scaled(passed);
            passed += part.size;
            (left, scaled(passed) - left, part)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_touch_and_fill_it() {
        let parts: Vec<Part> = [1, 0, 333, 7, 86_399]
            .into_iter()
            .map(|size| Part::toned(size, Tone::Good, String::new()))
            .collect();
        let spans = spans(&parts, 86_740);
        let mut edge = 0;
        for (left, width, _) in spans {
            assert_eq!(left, edge);
            edge += width;
        }
        assert_eq!(edge, WIDTH);
    }
}
