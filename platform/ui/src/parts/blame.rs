//! Whose time it was: one bar cut by holder, and the table that says the same in figures. The parts
//! add up to the whole because the whole is their sum.

use maud::{Markup, Render, html};

use super::tone::Shade;
use crate::Words;

const WIDTH: i64 = 1000;

/// One stretch of time with one holder. Stretches of the same holder are summed in the table.
#[derive(Clone, Debug)]
pub struct Segment {
    pub holder: String,
    pub seconds: i64,
    pub shade: Shade,
    /// Why, shown on hover: what ended the stretch before.
    pub note: Option<String>,
}

pub struct BlameBar<'a> {
    pub words: &'a Words,
    pub segments: &'a [Segment],
}

impl BlameBar<'_> {
    fn total(&self) -> i64 {
        self.segments.iter().map(|segment| segment.seconds).sum()
    }

    /// Left edge and width of each stretch. Edges are rounded, not widths, so the last one ends at
    /// the end.
    fn spans(&self) -> Vec<(i64, i64, &Segment)> {
        let total = self.total().max(1);
        let mut passed = 0;
        self.segments
            .iter()
            .map(|segment| {
                let left = passed * WIDTH / total;
                passed += segment.seconds;
                (left, passed * WIDTH / total - left, segment)
            })
            .collect()
    }

    fn holders(&self) -> Vec<Segment> {
        let mut holders: Vec<Segment> = Vec::new();
        for segment in self.segments {
            match holders.iter_mut().find(|known| known.holder == segment.holder) {
                Some(known) => known.seconds += segment.seconds,
                None => holders.push(Segment { note: None, ..segment.clone() }),
            }
        }
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.seconds));
        holders
    }

    /// What the table shows: rounded to minutes, or to seconds when it is all about seconds, so that
    /// the shown figures add up to the shown total too (largest remainder first).
    fn shown(&self) -> (Vec<(Segment, i64)>, i64) {
        let total = self.total();
        let unit = if total < 3600 { 1 } else { 60 };
        let mut shown: Vec<(Segment, i64)> =
            self.holders().into_iter().map(|holder| (holder.clone(), holder.seconds / unit * unit)).collect();
        let whole = total / unit * unit;
        let missing = (whole - shown.iter().map(|(_, seconds)| seconds).sum::<i64>()) / unit;
        let mut order: Vec<usize> = (0..shown.len()).collect();
        order.sort_by_key(|index| {
            std::cmp::Reverse(shown.get(*index).map_or(0, |(holder, _)| holder.seconds % unit))
        });
        for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
            if let Some((_, seconds)) = shown.get_mut(index) {
                *seconds += unit;
            }
        }
        (shown, whole)
    }

    fn hover(&self, segment: &Segment) -> String {
        let mut text = format!("{}: {}", segment.holder, self.words.duration(segment.seconds));
        if let Some(note) = &segment.note {
            text.push_str(" · ");
            text.push_str(note);
        }
        text
    }
}

impl BlameBar<'_> {
    /// The bar alone, for rows of a table.
    pub fn bar(&self) -> Markup {
        let spoken: Vec<String> = self.segments.iter().map(|segment| self.hover(segment)).collect();
        html! {
            svg.blame-bar viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label=(spoken.join(", ")) {
                @for (left, width, segment) in self.spans() {
                    rect.(segment.shade.class()) x=(left) width=(width) height="12" { title { (self.hover(segment)) } }
                }
            }
        }
    }
}

impl Render for BlameBar<'_> {
    fn render(&self) -> Markup {
        let (w, total) = (self.words, self.total());
        let (shown, whole) = self.shown();
        html! {
            figure.blame {
                svg.blame-bar viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" {
                    @for (left, width, segment) in self.spans() {
                        rect.(segment.shade.class()) x=(left) width=(width) height="12" {
                            title { (self.hover(segment)) }
                        }
                    }
                }
                table.blame-table {
                    caption.unseen { (w.t("ui-blame-caption")) }
                    thead.unseen {
                        tr {
                            th { (w.t("ui-blame-holder")) }
                            th { (w.t("ui-blame-time")) }
                            th { (w.t("ui-blame-share")) }
                        }
                    }
                    tbody {
                        @for (holder, seconds) in shown {
                            tr {
                                th scope="row" { span.dot.(holder.shade.class()) {} (holder.holder) }
                                td { (w.duration_exact(seconds)) }
                                td.muted { (holder.seconds * 100 / total.max(1)) "%" }
                            }
                        }
                    }
                    tfoot {
                        tr { th scope="row" { (w.t("ui-blame-total")) } td { (w.duration_exact(whole)) } td {} }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, test_words};

    #[test]
    fn the_stretches_fill_the_bar_without_gap_or_overlap() {
        let words = test_words(Lang::Ru);
        let segments: Vec<Segment> = [1, 333, 7, 86_399]
            .into_iter()
            .map(|seconds| Segment { holder: "x".to_owned(), seconds, shade: Shade::Sky, note: None })
            .collect();
        let bar = BlameBar { words: &words, segments: &segments };
        let mut edge = 0;
        for (left, width, _) in bar.spans() {
            assert_eq!(left, edge);
            edge += width;
        }
        assert_eq!(edge, WIDTH);
        assert_eq!(bar.holders().iter().map(|holder| holder.seconds).sum::<i64>(), bar.total());
    }

    #[test]
    fn the_shown_durations_add_up_to_the_shown_total() {
        let words = test_words(Lang::Ru);
        for lengths in [[1420, 42, 1020], [59, 59, 59], [86_399, 86_399, 119], [20, 20, 20], [3599, 3599, 1]]
        {
            let segments: Vec<Segment> = ["a", "b", "c"]
                .into_iter()
                .zip(lengths)
                .map(|(holder, seconds)| Segment {
                    holder: holder.to_owned(),
                    seconds,
                    shade: Shade::Sky,
                    note: None,
                })
                .collect();
            let (shown, whole) = BlameBar { words: &words, segments: &segments }.shown();
            assert_eq!(shown.iter().map(|(_, seconds)| seconds).sum::<i64>(), whole, "{lengths:?}");
        }
    }
}
