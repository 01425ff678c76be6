//! Who hears what, does what and says what, as a document. Deterministic: it is checked in, and a test
//! fails when it is stale.

use std::{collections::BTreeMap, fmt::Write};

use crate::Feature;

/// What a feature announced, without its functions.
pub(crate) struct Flow {
    pub feature: &'static str,
    tier: &'static str,
    pub says: Vec<&'static str>,
    hears: Vec<(Vec<&'static str>, &'static str, &'static str)>,
    fills: Vec<(&'static str, &'static str)>,
    timers: Vec<(&'static str, &'static str)>,
    jobs: Vec<(&'static str, &'static str)>,
}

impl Flow {
    pub(crate) fn of(feature: &Feature) -> Self {
        let listeners = feature.listeners.iter();
        Self {
            feature: feature.name,
            tier: feature.tier.code(),
            says: feature.says.clone(),
            hears: listeners
                .map(|listener| (listener.hears.to_vec(), listener.name, listener.does))
                .collect(),
            fills: feature.fillings.clone(),
            timers: feature.timers.iter().map(|timer| (timer.kind, timer.does)).collect(),
            jobs: feature.jobs.iter().map(|job| (job.kind, job.does)).collect(),
        }
    }

    fn write(&self, written: &mut String) -> std::fmt::Result {
        writeln!(written, "\n## {} ({})", self.feature, self.tier)?;
        if !self.says.is_empty() {
            let facts: Vec<String> = self.says.iter().map(|kind| format!("`{kind}`")).collect();
            writeln!(written, "\nSays {}.", facts.join(", "))?;
        }
        table(
            written,
            ["hears", "listener", "does"],
            self.hears.iter().flat_map(|(kinds, name, does)| {
                kinds.iter().map(move |kind| [format!("`{kind}`"), format!("`{name}`"), (*does).to_owned()])
            }),
        )?;
        table(written, ["takes part in", "as"], pairs(&self.fills))?;
        table(written, ["timer", "when due"], pairs(&self.timers))?;
        table(written, ["job", "does"], pairs(&self.jobs))
    }
}

pub(crate) fn markdown(flows: &[Flow]) -> String {
    let mut written = String::from(
        "# How facts flow\n\nMade from the features' wiring; do not edit. Facts are written with the change \
         they tell of and heard after it,\nexactly once per listener and in order per subject.\n",
    );
    // Writing into a string cannot fail.
    by_fact(flows, &mut written).ok();
    for flow in flows {
        flow.write(&mut written).ok();
    }
    written
}

/// From each fact to whoever hears it.
fn by_fact(flows: &[Flow], written: &mut String) -> std::fmt::Result {
    let mut heard: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (kinds, name, _) in flows.iter().flat_map(|flow| &flow.hears) {
        for kind in kinds {
            heard.entry(kind).or_default().push(format!("`{name}`"));
        }
    }
    writeln!(written, "\n## Facts")?;
    table(
        written,
        ["fact", "said by", "heard by"],
        flows.iter().flat_map(|flow| {
            let heard = &heard;
            flow.says.iter().map(move |kind| {
                [
                    format!("`{kind}`"),
                    flow.feature.to_owned(),
                    heard.get(kind).map_or_else(String::new, |names| names.join(", ")),
                ]
            })
        }),
    )
}

fn pairs(list: &[(&'static str, &'static str)]) -> impl Iterator<Item = [String; 2]> {
    list.iter().map(|(name, text)| [format!("`{name}`"), (*text).to_owned()])
}

/// Nothing at all for no rows.
fn table<const COLUMNS: usize>(
    written: &mut String,
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> std::fmt::Result {
    let rows: Vec<[String; COLUMNS]> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(written, "\n| {} |", heads.join(" | "))?;
    writeln!(written, "|{}", "---|".repeat(COLUMNS))?;
    for row in rows {
        writeln!(written, "| {} |", row.map(|cell| cell.replace('|', "\\|")).join(" | "))?;
    }
    Ok(())
}
