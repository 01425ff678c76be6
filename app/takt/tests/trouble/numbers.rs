//! `/metrics`, read by the parser of the Prometheus project's own Python client.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    node::{Node, until},
    python,
};

const PARSER: &str = "
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(json.dumps([[sample.name, sample.labels, sample.value]
    for family in parse(sys.stdin.read()) for sample in family.samples]))
";

fn parsed(text: &str) -> Vec<Value> {
    let python = python::interpreter();
    let mut child = Command::new(&python)
        .args(["-c", PARSER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python}: {error}; run scripts/setup tests"));
    child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("its end");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n(scripts/setup tests installs the parser)\n{text}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The sum of the samples with this name and these labels.
fn value(samples: &[Value], name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let fits =
        |sample: &&Value| sample[0] == name && labels.iter().all(|(label, value)| sample[1][label] == *value);
    samples
        .iter()
        .filter(fits)
        .map(|sample| sample[2].as_f64())
        .sum::<Option<f64>>()
        .filter(|_| samples.iter().any(|sample| fits(&sample)))
}

#[test]
fn the_numbers_are_those_of_what_was_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let node = Node::of(folder.path());
    for count in 0..3 {
        assert_eq!(node.order(&count.to_string()).status, 201);
    }
    for (path, field) in
        [("limit=0", "limit"), ("limit=-1", "limit"), ("limit=201", "limit"), ("status=nonsense", "status")]
    {
        let refused = node.get(&format!("/api/v1/orders?{path}"));
        assert_eq!(
            (refused.status, refused.json()["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{}",
            refused.body
        );
    }
    assert_eq!(node.get("/metrics").status, 404, "not for the public");
    let mut told = String::new();
    until("everything is heard", || {
        told = node.metrics();
        told.lines()
            .filter(|line| line.starts_with("takt_reactions_behind_facts{"))
            .all(|line| line.ends_with(" 0.0"))
            && told.contains("takt_reactions_behind_facts{")
            && told.lines().any(|line| line == "takt_writer_queue 0.0")
    });
    let samples = parsed(&told);
    let orders = [("method", "POST"), ("route", "/api/v1/orders")];
    for (name, labels, expected) in [
        ("takt_http_requests_total", &[orders[0], orders[1], ("status", "2xx")][..], 3.0),
        ("takt_http_request_seconds_count", &orders[..], 3.0),
        ("takt_http_request_seconds_bucket", &[orders[0], orders[1], ("le", "+Inf")][..], 3.0),
        ("takt_http_requests_total", &[("method", "GET"), orders[1], ("status", "4xx")][..], 4.0),
        ("takt_http_refusals_total", &[("kind", "invalid")][..], 4.0),
        ("takt_http_running", &[][..], 0.0),
        ("takt_writer_queue", &[][..], 0.0),
        ("takt_database_answers", &[][..], 1.0),
        ("takt_timers_late", &[][..], 0.0),
        ("takt_live_streams", &[][..], 0.0),
    ] {
        assert_eq!(value(&samples, name, labels), Some(expected), "{name} {labels:?}");
    }
    for (name, labels) in [
        ("takt_reactions_total", &[("outcome", "heard")][..]),
        ("takt_writer_commit_seconds_count", &[][..]),
        ("takt_writer_group_commands_sum", &[][..]),
        ("takt_database_bytes", &[][..]),
        ("takt_database_log_bytes", &[][..]),
        ("process_resident_memory_bytes", &[][..]),
        ("process_start_time_seconds", &[][..]),
    ] {
        assert!(value(&samples, name, labels).is_some_and(|value| value > 0.0), "{name} {labels:?}");
    }
}
