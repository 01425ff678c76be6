//! Every measurement once, as small as it gets, with the program that was built last: so that the
//! bench does not rot. How large a figure is does not matter here.

#![cfg(test)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const ALL: &[&str] = &[
    "http",
    "intake",
    "flow",
    "slow",
    "lists",
    "card",
    "bank",
    "match",
    "statement",
    "screen",
    "push",
    "import",
    "feed",
    "shops",
    "start",
    "rules",
    "past",
    "timers",
    "clock",
];
/// Where PostgreSQL is asked otherwise: its ceilings, its cluster, filling it.
const OF_POSTGRES: &[&str] = &["intake", "lists", "feed", "shops", "past", "timers", "clock"];

/// The program beside the bench: `cargo test` of the workspace builds both.
fn takt() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_takt-bench")).with_file_name("takt");
    assert!(binary.exists(), "{} is not there; run: cargo build -p takt", binary.display());
    binary
}

fn measurements_run(engine: &str, subjects: &[&str]) {
    let folder = tempfile::Builder::new().prefix("takt-bench-test-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let page = folder.path().join("performance.md");
    std::fs::copy("../docs/performance.md", &page).unwrap();
    let results = folder.path().join("results");
    let output = Command::new(env!("CARGO_BIN_EXE_takt-bench"))
        .args(["run", "--tiny", "--engine", engine, "--only", &subjects.join(",")])
        .arg("--takt")
        .arg(takt())
        .arg("--cache")
        .arg(folder.path().join("cache"))
        .arg("--results")
        .arg(&results)
        .arg("--page")
        .arg(&page)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let page = std::fs::read_to_string(page).unwrap();
    for subject in subjects {
        assert!(page.contains(&format!("### {subject}, {engine}")), "{subject} is not on the page");
        let text = std::fs::read(results.join(format!("{subject}-{engine}.json"))).unwrap();
        let results: Value = serde_json::from_slice(&text).unwrap();
        let figures = results["figures"].as_array().unwrap();
        assert!(!figures.is_empty(), "{subject} has no figures");
        for figure in figures {
            let round = &figure["rounds"][0];
            // Wrong settlements, and recall of kinds that hardly occur in so few payments.
            let id = figure["id"].as_str().unwrap();
            let may_be_none = id.starts_with("match.") && id != "match.lines";
            assert!(may_be_none || round["value"].as_f64().unwrap() > 0.0, "{figure}");
            assert_eq!(round["extras"]["refused"].as_f64().unwrap_or(0.0), 0.0, "{errors}");
        }
    }
}

#[test]
fn every_measurement_runs_on_sqlite() {
    measurements_run("sqlite", ALL);
}

#[test]
fn what_is_special_runs_on_postgresql() {
    measurements_run("postgres", OF_POSTGRES);
}
