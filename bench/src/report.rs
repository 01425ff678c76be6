//! Results on disk, one file per subject and engine, and the table that is made of all of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{
    engine::Engine,
    figures::{Figure, Unit},
    load::Latency,
    machine::Machine,
    targets::{self, Verdict},
};

/// One file of results.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    pub subject: String,
    pub engine: Engine,
    pub measured_at: String,
    /// The commit that was measured, with `+` when the checkout had changes.
    pub revision: String,
    pub machine: Machine,
    pub rounds: usize,
    pub seconds: f64,
    pub fsync: Latency,
    pub figures: Vec<Figure>,
}

impl Results {
    pub fn save(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}-{}.json", self.subject, self.engine.code()));
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(&path, text).with_context(|| path.display().to_string())
    }

    /// Everything that was measured here, whenever it was.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>> {
        let mut paths: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) => Vec::new(),
        };
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        paths
            .iter()
            .map(|path| {
                let text = std::fs::read_to_string(path)?;
                serde_json::from_str(&text)
                    .with_context(|| format!("{} is of another version", path.display()))
            })
            .collect()
    }
}

const COLUMNS: [&str; 13] = [
    "what",
    "engine",
    "figure",
    "ceiling",
    "share",
    "p50 ms",
    "p99 ms",
    "max ms",
    "CPU ms each",
    "memory MB",
    "written ×",
    "lag s",
    "target",
];

/// The cells of a figure, in the order of [`COLUMNS`].
fn cells(figure: &Figure) -> [String; COLUMNS.len()] {
    let dash = || "–".to_owned();
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(dash, |value| format!("{value:.digits$}"));
    let latency = figure.latency();
    let time = |of: fn(&Latency) -> f64| number(latency.as_ref().map(|latency| of(latency) / 1000.0), 2);
    let shown = |value: Option<f64>| value.map_or_else(dash, |value| figure.unit.shown(value));
    let slow = if figure.slow_sync { " +2 ms" } else { "" };
    [
        figure.what.clone(),
        format!("{}{slow}", figure.engine.code()),
        shown(figure.median()),
        shown(figure.ceiling_median()),
        figure.share().map_or_else(dash, |share| format!("{:.0} %", share * 100.0)),
        time(|latency| latency.p50),
        time(|latency| latency.p99),
        time(|latency| latency.max),
        number(figure.extra("cpu_ms_each"), 3),
        number(figure.extra("resident_mb"), 1),
        number(figure.extra("written_per_payload"), 1),
        number(figure.extra("lag_s"), 2),
        targets::verdict(figure).map_or_else(dash, |verdict| judged(&verdict)),
    ]
}

fn judged(verdict: &Verdict) -> String {
    let word = match (verdict.reached, verdict.aim_reached) {
        (true, true) => "reached, aim too",
        (true, false) => "reached",
        (false, _) => "NOT reached",
    };
    format!("{}: {word}", verdict.target)
}

/// The table for a terminal.
pub fn plain(figures: &[&Figure]) -> String {
    let rows: Vec<_> = figures.iter().map(|figure| cells(figure)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([COLUMNS[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let head = line(&COLUMNS.map(str::to_owned));
    rows.iter().fold(head, |table, row| table + &line(row))
}

/// The same as Markdown.
pub fn markdown(figures: &[&Figure]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = line(&COLUMNS.map(str::to_owned)) + &line(&COLUMNS.map(|_| "---".to_owned()));
    figures.iter().fold(head, |table, figure| table + &line(&cells(figure)))
}

/// A chart of what was reached of each ceiling.
pub fn chart(figures: &[&Figure]) -> String {
    const ROW: usize = 22;
    const LEFT: usize = 330;
    const WIDTH: f64 = 300.0;
    let shown: Vec<(&Figure, f64)> = figures
        .iter()
        .filter(|figure| figure.unit == Unit::PerSecond && !figure.slow_sync)
        .filter_map(|figure| Some((*figure, figure.share()?)))
        .collect();
    let height = shown.len() * ROW + 34;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 {height}\" font-family=\"sans-serif\" \
         font-size=\"12\"><rect width=\"860\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"16\" fill=\"#555\">share of the same run's ceiling</text>\n"
    );
    for (index, (figure, share)) in shown.iter().enumerate() {
        let top = 26 + index * ROW;
        let bar = (share * WIDTH).clamp(1.0, WIDTH);
        let colour = match targets::verdict(figure) {
            Some(verdict) if !verdict.reached => "#c0392b",
            Some(_) => "#2e7d4f",
            None => "#5b7fa6",
        };
        let (value, ceiling) =
            (figure.median().unwrap_or_default(), figure.ceiling_median().unwrap_or_default());
        svg += &format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{} · {}</text>\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{WIDTH}\" height=\"14\" fill=\"#eee\"/>\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{bar:.1}\" height=\"14\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{}\">{} of {} ({:.0} %)</text>\n",
            LEFT - 8,
            top + 12,
            figure.what,
            figure.engine.code(),
            LEFT as f64 + WIDTH + 8.0,
            top + 12,
            figure.unit.shown(value),
            figure.unit.shown(ceiling),
            share * 100.0,
        );
    }
    svg + "</svg>\n"
}

const BEGIN: &str = "<!-- figures: written by scripts/bench -->";
const END: &str = "<!-- end of figures -->";

/// Puts everything measured into the page, between its two marks.
pub fn write_page(page: &Path, results: &[Results]) -> Result<()> {
    let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (before, rest) = text.split_once(BEGIN).context("the page has no place for figures")?;
    let (_, after) = rest.split_once(END).context("the page has no end of figures")?;
    let figures: Vec<&Figure> = results.iter().flat_map(|results| &results.figures).collect();
    let chart_file = page.with_file_name("performance.svg");
    std::fs::write(&chart_file, chart(&figures))?;
    let mut written = String::new();
    for results in results {
        let Results { subject, engine, measured_at, revision, machine, rounds, seconds, fsync, figures } =
            results;
        let figures: Vec<&Figure> = figures.iter().collect();
        written += &format!(
            "\n### {subject}, {}\n{measured_at}, commit {revision}; {}; {rounds} rounds of {seconds} s; \
             fsync p50 {:.2} ms, p99 {:.2} ms.\n\n{}",
            engine.code(),
            machine.shown(),
            fsync.p50 / 1000.0,
            fsync.p99 / 1000.0,
            markdown(&figures),
        );
    }
    let page_text =
        format!("{before}{BEGIN}\n\n![Shares of the ceilings](performance.svg)\n{written}\n{END}{after}");
    Ok(std::fs::write(page, page_text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Round;

    fn figure() -> Figure {
        let mut figure =
            Figure::new("intake.64", Engine::Sqlite, "orders, 64 clients", Unit::PerSecond).against("raw");
        let latency = Latency { p50: 800.0, p99: 4_000.0, max: 9_000.0 };
        figure.push(Round::new(2_500.0).latency(latency).extra("lag_s", 0.1));
        figure.push_ceiling(Round::new(25_000.0));
        figure
    }

    #[test]
    fn the_table_says_what_was_reached() {
        let figure = figure();
        let table = plain(&[&figure]);
        for expected in ["2,500/s", "25,000/s", "10 %", "0.80", "4.00", "≥ 2000 (aim 5000): reached"] {
            assert!(table.contains(expected), "{expected} is not in\n{table}");
        }
        assert_eq!(markdown(&[&figure]).lines().count(), 3);
        assert!(chart(&[&figure]).contains("2,500/s of 25,000/s (10 %)"));
    }

    #[test]
    fn a_page_keeps_its_words_and_gets_new_figures() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("performance.md");
        std::fs::write(&page, format!("before\n{BEGIN}\nold\n{END}\nafter\n")).unwrap();
        let results = Results {
            subject: "intake".to_owned(),
            engine: Engine::Sqlite,
            measured_at: "2026-11-22".to_owned(),
            revision: "abc".to_owned(),
            machine: Machine::default(),
            rounds: 1,
            seconds: 1.0,
            fsync: Latency::default(),
            figures: vec![figure()],
        };
        results.save(folder.path()).unwrap();
        let all = Results::load_all(folder.path()).unwrap();
        write_page(&page, &all).unwrap();
        write_page(&page, &all).unwrap();
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(
            text.starts_with("before\n") && text.ends_with("\nafter\n") && !text.contains("old"),
            "{text}"
        );
        assert_eq!(text.matches("2,500/s").count(), 1);
        assert!(folder.path().join("performance.svg").exists());
    }
}
