//! A PostgreSQL of one's own, which may be ended.

use std::{path::Path, process::Command};

pub struct Cluster {
    name: String,
    pub url: String,
}

impl Cluster {
    pub fn start(name: &str) -> Self {
        let mut cluster = Self { name: format!("{name}-{}", std::process::id()), url: String::new() };
        cluster.url = cluster.run(&["start"]);
        cluster
    }

    /// `fast` or `immediate`, which is how a server ends that crashes.
    pub fn halt(&self, mode: &str) {
        self.run(&["halt", mode]);
    }

    pub fn resume(&self) {
        self.run(&["resume"]);
    }

    fn run(&self, arguments: &[&str]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/pg-test");
        let ran = Command::new(script)
            .args(arguments)
            .env("TAKT_TEST_CLUSTER", &self.name)
            .output()
            .expect("scripts/pg-test runs");
        let told = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "pg-test {arguments:?}: {told}");
        String::from_utf8_lossy(&ran.stdout).trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run(&["stop"]);
    }
}
