//! Bars and lines that say it before the numbers do. Plain SVG, coloured by the theme and stretched to its place, so
//! that its edges stay crisp; what has to be read stands beside it as text.

use maud::{Markup, html};

use super::tone::{Shade, Tone};

const WIDTH: i64 = 1_000;
const HEIGHT: i64 = 200;

/// A part of a bar: its size, how it is coloured, what it says and where it leads.
#[derive(Clone, Debug)]
pub struct BarPart {
    size: i64,
    class: &'static str,
    title: String,
    href: Option<String>,
}

impl BarPart {
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

/// A row of a chart (`div.chart`): name, bar, figure. `most` is what the whole width stands for.
pub fn bar_row(label: &str, parts: &[BarPart], most: i64, value: &str) -> Markup {
    // What holds links is no picture to whoever listens.
    let role = if parts.iter().any(|part| part.href.is_some()) { "group" } else { "img" };
    html! {
        span.chart-label { (label) }
        svg.chart-bar viewBox="0 0 1000 22" preserveAspectRatio="none" role=(role) aria-label=(spoken(label, parts)) {
            @for (left, width, part) in spans(parts, most) {
                @match &part.href {
                    Some(href) => { a href=(href) aria-label=(part.title) { (bar(left, width, part)) } }
                    None => { (bar(left, width, part)) }
                }
            }
        }
        span.chart-value { (value) }
    }
}

fn bar(left: i64, width: i64, part: &BarPart) -> Markup {
    html! { rect.(part.class) x=(left) width=(width) height="22" { title { (part.title) } } }
}

fn spoken(label: &str, parts: &[BarPart]) -> String {
    let titles: Vec<&str> =
        parts.iter().filter(|part| part.size > 0).map(|part| part.title.as_str()).collect();
    format!("{label}: {}", titles.join(", "))
}

fn scaled(size: i64, most: i64, whole: i64) -> i64 {
    let scaled = i128::from(size.max(0)) * i128::from(whole) / i128::from(most.max(1));
    i64::try_from(scaled).unwrap_or(whole).min(whole)
}

/// Edges are rounded, not widths, so that the last part ends where the sum does.
fn spans(parts: &[BarPart], most: i64) -> Vec<(i64, i64, &BarPart)> {
    let mut passed: i64 = 0;
    parts
        .iter()
        .filter(|part| part.size > 0)
        .map(|part| {
            let left = scaled(passed, most, WIDTH);
            passed = passed.saturating_add(part.size);
            (left, scaled(passed, most, WIDTH) - left, part)
        })
        .collect()
}

/// A point of a line, with what it says.
#[derive(Clone, Debug)]
pub struct Point {
    pub size: i64,
    pub title: String,
}

/// A line through time and perhaps an earlier one beside it, on one scale. `labels` are what stands beneath: the
/// first, the middle and the last moment of `count`; a line ends where its points do, so that what is still to come is
/// not drawn as nothing. `most` is how the highest value is written.
pub fn line_chart(
    label: &str,
    count: usize,
    points: &[Point],
    earlier: &[Point],
    labels: &[String],
    most: &str,
) -> Markup {
    let highest = points.iter().chain(earlier).map(|point| point.size).max().unwrap_or_default().max(1);
    html! {
        figure.line-chart {
            span.chart-most { (most) }
            svg viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label=(label) {
                line.base x1="0" y1="200" x2="1000" y2="200" {}
                @if !earlier.is_empty() { polyline.earlier points=(path(earlier, highest, count)) {} }
                polyline.now points=(path(points, highest, count)) {}
                @for (place, point) in points.iter().enumerate() {
                    rect.hit x=(edge(place, count)) y="0" width=(edge(place + 1, count) - edge(place, count)) height="200" {
                        title { (point.title) }
                    }
                }
            }
            figcaption { @for label in labels { span { (label) } } }
        }
    }
}

fn edge(place: usize, count: usize) -> i64 {
    let (place, count) =
        (i64::try_from(place).unwrap_or(WIDTH), i64::try_from(count.max(1)).unwrap_or(WIDTH));
    place * WIDTH / count
}

/// Each point stands in the middle of its share.
fn path(points: &[Point], highest: i64, count: usize) -> String {
    let point = |(place, point): (usize, &Point)| {
        let across = (edge(place, count) + edge(place + 1, count)) / 2;
        format!("{across},{}", HEIGHT - scaled(point.size, highest, HEIGHT - 4))
    };
    points.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_touch_and_fill_it() {
        let parts: Vec<BarPart> = [1, 0, 333, 7, 86_399]
            .into_iter()
            .map(|size| BarPart::toned(size, Tone::Good, String::new()))
            .collect();
        let spans = spans(&parts, 86_740);
        let mut edge = 0;
        for (left, width, _) in spans {
            assert_eq!(left, edge);
            edge += width;
        }
        assert_eq!(edge, WIDTH);
    }

    #[test]
    fn a_line_goes_through_the_middle_of_each_share_and_no_higher_than_the_top() {
        let points: Vec<Point> = [0, 10, 5].map(|size| Point { size, title: String::new() }).to_vec();
        assert_eq!(path(&points, 10, 3), "166,200 499,4 833,102");
        assert_eq!(path(&points[..2], 10, 3), "166,200 499,4", "what is still to come is left out");
    }
}
