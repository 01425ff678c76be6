//! app → connectors → features → core → platform, read from every `Cargo.toml` of the workspace.
//! Features meet through facts, steps, panels and verbs, never by name; connectors of a family share its port. Tests keep the same direction,
//! but a feature's tests may read real files through a connector.

#![cfg(test)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Each may depend on those to the left of it.
const TIERS: [&str; 5] = ["platform", "core", "features", "connectors", "app"];
/// Each may depend on those to the left of it.
const CORE: [&str; 5] = ["staff", "customers", "catalog", "orders", "tasks"];
/// What only one crate may ship.
const RESERVED: [(&str, &str); 5] = [
    ("reqwest", "takt-outbound"),
    ("rusqlite", "takt-store"),
    ("tower-http", "takt-web"),
    ("prometheus-client", "takt-metrics"),
    ("fluent-bundle", "takt-ui"),
];

/// What it uses, tests alone use.
const NEVER_SHIPPED: &str = "takt-testing";

#[derive(Clone, Debug)]
struct Crate {
    name: String,
    /// `["features", "payments", "port"]`
    place: Vec<String>,
    needs: Vec<Need>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Need {
    name: String,
    only_tests: bool,
}

impl Crate {
    fn tier(&self) -> usize {
        TIERS.iter().position(|tier| *tier == self.place[0]).expect("a known tier")
    }
}

#[test]
fn every_crate_depends_only_on_tiers_below_it() {
    let crates = crates();
    assert!(crates.len() > 20, "the workspace was not found: {crates:?}");
    assert_eq!(offences(&crates), Vec::<String>::new());
}

#[test]
fn offenders_are_found() {
    let house = [
        made_up("takt-kernel", "platform/kernel", &[]),
        made_up("takt-store", "platform/store", &["takt-kernel", "rusqlite"]),
        made_up("takt-orders", "core/orders", &["takt-store"]),
        made_up("takt-tasks", "core/tasks", &["takt-orders"]),
        made_up("takt-stock", "features/stock", &["takt-tasks"]),
        made_up("takt-payments", "features/payments", &["takt-payments-port"]),
        made_up("takt-payments-port", "features/payments/port", &["takt-kernel"]),
        made_up("takt-bank-files", "connectors/banks/files", &["takt-payments-port"]),
        made_up("takt-shops-port", "connectors/shops/port", &["takt-stock"]),
        made_up("takt-shopify", "connectors/shops/shopify", &["takt-shops-port"]),
        made_up("takt", "app/takt", &["takt-bank-files", "takt-stock"]),
    ];
    assert_eq!(offences(&house), Vec::<String>::new());
    for (name, need, told) in [
        ("takt-store", "takt-orders", "takt-store (platform) may not depend on takt-orders (core)"),
        ("takt-orders", "takt-stock", "takt-orders (core) may not depend on takt-stock (features)"),
        ("takt-stock", "takt-payments", "the feature takt-stock may not depend on the feature takt-payments"),
        (
            "takt-stock",
            "takt-payments-port",
            "the feature takt-stock may not depend on the feature takt-payments-port",
        ),
        ("takt-orders", "takt-tasks", "takt-orders stands before takt-tasks in the core"),
        (
            "takt-payments",
            "takt-bank-files",
            "takt-payments (features) may not depend on takt-bank-files (connectors)",
        ),
        ("takt-bank-files", "takt-shopify", "the connector takt-bank-files may not depend on takt-shopify"),
        (
            "takt-bank-files",
            "takt-shops-port",
            "the connector takt-bank-files may not depend on takt-shops-port",
        ),
        ("takt-shops-port", "takt-shopify", "the connector takt-shops-port may not depend on takt-shopify"),
        ("takt-stock", "reqwest", "takt-stock uses reqwest, which only takt-outbound may"),
        ("takt-stock", "takt-nowhere", "takt-stock depends on takt-nowhere, which is not in the workspace"),
    ] {
        let mut house = house.to_vec();
        let offender = house.iter_mut().find(|known| known.name == name).expect("in the house");
        offender.needs.push(shipped(need));
        assert_eq!(offences(&house), [told]);
    }
}

#[test]
fn tests_keep_the_direction_except_for_a_features_connectors() {
    for (place, need, allowed) in [
        ("features/payments", "takt-bank-files", true),
        ("features/payments", "takt-stock", false),
        ("features/payments", "reqwest", true),
        ("core/orders", "takt-stock", false),
        ("core/orders", "takt-bank-files", false),
    ] {
        let mut one = made_up("takt-one", place, &[]);
        one.needs.push(Need { name: need.to_owned(), only_tests: true });
        let others = [
            made_up("takt-bank-files", "connectors/banks/files", &[]),
            made_up("takt-stock", "features/stock", &[]),
        ];
        let house: Vec<Crate> = others.into_iter().chain([one]).collect();
        assert_eq!(offences(&house).is_empty(), allowed, "{place} with {need}");
    }
}

#[test]
fn a_manifest_is_read_in_all_its_forms() {
    let manifest = "[package]\nname = \"takt-x\"\n[dependencies]\ntakt-a.workspace = true\ntakt-b = { workspace = true }\n\
        # takt-c = 1\n[dev-dependencies]\ntakt-d.workspace = true\n[dependencies.takt-e]\nworkspace = true\n\
        [target.'cfg(unix)'.dependencies]\ntakt-f.workspace = true\n[features]\nnone = []\n";
    let read: Vec<(String, bool)> =
        needs(manifest).into_iter().map(|need| (need.name, need.only_tests)).collect();
    let expected =
        [("takt-a", false), ("takt-b", false), ("takt-d", true), ("takt-e", false), ("takt-f", false)];
    assert_eq!(read, expected.map(|(name, only_tests)| (name.to_owned(), only_tests)));
}

fn offences(crates: &[Crate]) -> Vec<String> {
    let by_name: BTreeMap<&str, &Crate> = crates.iter().map(|known| (known.name.as_str(), known)).collect();
    let mut found = Vec::new();
    for one in crates {
        for need in &one.needs {
            let name = need.name.as_str();
            match by_name.get(name) {
                Some(other) => found.extend(offence(one, other, need.only_tests)),
                None if name.starts_with("takt-") => {
                    found.push(format!("{} depends on {name}, which is not in the workspace", one.name));
                }
                None if need.only_tests || one.name == NEVER_SHIPPED => {}
                None => found.extend(taken(one, name)),
            }
        }
    }
    found
}

fn taken(one: &Crate, name: &str) -> Option<String> {
    let (_, owner) = RESERVED.iter().find(|(known, owner)| *known == name && *owner != one.name)?;
    Some(format!("{} uses {name}, which only {owner} may", one.name))
}

fn offence(one: &Crate, other: &Crate, only_tests: bool) -> Option<String> {
    if only_tests && (one.place[0].as_str(), other.place[0].as_str()) == ("features", "connectors") {
        return None;
    }
    if one.tier() < other.tier() {
        let (from, to) = (&one.place[0], &other.place[0]);
        return Some(format!("{} ({from}) may not depend on {} ({to})", one.name, other.name));
    }
    if one.tier() != other.tier() || one.name == other.name {
        return None;
    }
    let position = |known: &Crate| CORE.iter().position(|noun| *noun == known.place[1]);
    match one.place[0].as_str() {
        "core" if position(one) < position(other) => {
            Some(format!("{} stands before {} in the core", one.name, other.name))
        }
        "features" if one.place[1] != other.place[1] => {
            Some(format!("the feature {} may not depend on the feature {}", one.name, other.name))
        }
        "connectors" if is_port(other) && one.place[1] == other.place[1] => None,
        "connectors" => Some(format!("the connector {} may not depend on {}", one.name, other.name)),
        _ => None,
    }
}

/// What the connectors of a family share.
fn is_port(known: &Crate) -> bool {
    known.place.get(2).is_some_and(|name| name == "port")
}

fn crates() -> Vec<Crate> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut found = Vec::new();
    for tier in TIERS {
        collect(&root, &root.join(tier), &mut found);
    }
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Crate>) {
    if let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) {
        let place = folder.strip_prefix(root).expect("inside the workspace");
        found.push(Crate {
            name: name(&manifest).expect("a package has a name"),
            place: place.iter().map(|part| part.to_string_lossy().into_owned()).collect(),
            needs: needs(&manifest),
        });
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        if !["src", "tests", "target", "node_modules", "assets"]
            .contains(&&*entry.file_name().to_string_lossy())
        {
            collect(root, &entry.path(), found);
        }
    }
}

fn name(manifest: &str) -> Option<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(line.trim_matches('"').to_owned())
}

/// All dependencies, those of tests and build scripts too.
fn needs(manifest: &str) -> Vec<Need> {
    let mut needs = Vec::new();
    let (mut inside, mut only_tests) = (false, false);
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies");
            only_tests = section.contains("dev-dependencies");
            if let Some((_, name)) = section.split_once("dependencies.") {
                needs.push(Need { name: name.to_owned(), only_tests });
            }
        } else if inside && !line.starts_with('#') && line.contains('=') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            needs.push(Need { name: name.trim_matches('"').to_owned(), only_tests });
        }
    }
    needs
}

fn shipped(name: &str) -> Need {
    Need { name: name.to_owned(), only_tests: false }
}

fn made_up(name: &str, place: &str, needs: &[&str]) -> Crate {
    Crate {
        name: name.to_owned(),
        place: place.split('/').map(ToOwned::to_owned).collect(),
        needs: needs.iter().map(|need| shipped(need)).collect(),
    }
}
