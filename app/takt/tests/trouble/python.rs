//! Programs of the Python registry, in the place that `scripts/setup tests` keeps for them.

use std::process::Command;

/// The interpreter that has them.
pub fn interpreter() -> String {
    let checkout = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let place = Command::new("bash")
        .args([
            "-c",
            "source \"$1/scripts/test-place\" && cd \"$1\" && echo \"$place/python/bin/python\"",
            "-",
        ])
        .arg(checkout)
        .output()
        .expect("bash");
    String::from_utf8(place.stdout).expect("a path").trim().to_owned()
}
