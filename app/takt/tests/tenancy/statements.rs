//! Every statement that touches rows of a company says of which company: a lookup that forgot it would
//! work in every test with one company, and open the next one's rows.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use takt_testing::Place;

use super::{ledger::Ledger, world};

/// Statements that go across companies on purpose: file, words of the statement, reason.
const ACROSS: &[(&str, &str, &str)] = &[
    ("/src/check", "", "what must hold of the whole database; verify and doctor ask, no request does"),
    ("/checks.rs", "", "what must hold of the whole database; verify and doctor ask, no request does"),
    ("features/payments/src/journal/proof.rs", "from journal_head", "verify hashes every company's chain"),
    ("/verbs/doctor/", "", "how far the whole node is behind; only the command line asks"),
    ("platform/store/src/tx/", "from fact_position", "the log has one order for all companies"),
    ("platform/store/src/db.rs", "from fact_position", "the log has one order for all companies"),
    (
        "platform/store/src/facts.rs",
        "fact_position",
        "the log is read in its order; lists of a subject name its company",
    ),
    (
        "platform/web/src/live/feed.rs",
        "",
        "one tailer for all streams; each stream drops what its reader may not see",
    ),
    ("platform/work/src/", "", "workers take what is due, whoever's it is"),
    ("platform/search/src/", "segment_id", "a segment is one company's, and was found by its company"),
    ("core/staff/src/access.rs", "from membership", "finds which companies somebody sees"),
    ("core/staff/src/practice.rs", "from practice", "one's own practices, and how many there are at all"),
    ("features/drill/src/results.rs", "from drill", "of a person who is a member, wherever they practised"),
    ("core/staff/src/engagements.rs", "desk_id = :desk_id", "finds which companies a desk sees"),
    ("core/staff/src/tokens.rs", "secret_hash = :secret_hash", "finds whose token it is"),
    ("features/connections/src/connection.rs", "where id = :id", "a webhook names its connection alone"),
    ("features/connections/src/connection.rs", "where kind = :kind", "whether a listener has anything to do"),
    (
        "features/webhooks/src/reactions.rs",
        "state in ('active', 'paused')",
        "whether anybody at all needs the listener",
    ),
    ("features/connections/src/connection.rs", "token_id = :token_id", "finds whose key it is"),
    (
        "features/connections/src/differences/again.rs",
        "resolved_at is null order by first_seen_at",
        "whether a listener has anything to do",
    ),
    ("features/feeds/src/feed.rs", "substr(password, 1, 16)", "one key of the installation seals all"),
    ("features/payments/src/channels/channel.rs", "where id = :id", "a push names its channel alone"),
    (
        "features/payments/src/watched_folder/mod.rs",
        "revoked_at is null",
        "folders of all companies, for doctor",
    ),
];

/// Functions that add the companies of a scope to a statement.
const SCOPING: [&str; 6] =
    ["within(", "filtered(", "of_run(", "in_scope(", "runs::narrowed(", "new(INVOICES)"];

#[tokio::test]
async fn every_statement_says_of_which_company() {
    let app = world::open(Place::sqlite()).await;
    let ledger = Ledger::of(&app).await;
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    let mut looked = 0;
    for statement in takt_store::registered().filter(|statement| !statement.place().contains("/tests/")) {
        let text = squeezed(statement.text());
        let tables: Vec<&str> = tables(&text).into_iter().filter(|table| ledger.has_company(table)).collect();
        if tables.is_empty() {
            continue;
        }
        looked += 1;
        let exception = ACROSS
            .iter()
            .position(|(file, words, _)| statement.place().contains(file) && text.contains(words));
        match (exception, scoped(&text) >= tables.len()) {
            (Some(exception), false) => {
                used.insert(exception);
            }
            (None, false) => findings.push(format!("{} {tables:?}: {text}", statement.place())),
            (_, true) => {}
        }
    }
    for (place, (file, words, _)) in ACROSS.iter().enumerate() {
        if !used.contains(&place) {
            findings.push(format!("no statement of {file} with \"{words}\" needs an exception any more"));
        }
    }
    println!("{looked} statements");
    assert!(looked > 200, "only {looked} statements were found");
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn every_statement_put_together_at_run_time_says_of_which_company() {
    let mut findings = Vec::new();
    let mut looked = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")) {
        let text = std::fs::read_to_string(&file).expect("a source");
        for (place, _) in text.match_indices("Statement::new(") {
            let begins = text[..place].rfind("fn ").unwrap_or_default();
            let ends = text[place..].find("\n}").map_or(text.len(), |end| place + end);
            looked += 1;
            let function = &text[begins..ends];
            if !function.contains("company_id") && !SCOPING.iter().any(|scoping| function.contains(scoping)) {
                let line = text[..place].matches('\n').count() + 1;
                findings.push(format!("{}:{line}", file.display()));
            }
        }
    }
    println!("{looked} statements put together");
    assert!(looked > 15, "only {looked} were found");
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Sources of core and of features, without those of tests. The platform knows no tables of features.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["core", "features", "connectors", "app/takt"].map(|folder| root.join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != "tests" => folders.push(path),
                false if name.ends_with(".rs") && name != "tests.rs" => found.push(path),
                _ => {}
            }
        }
    }
    found
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What follows a word that names a table.
fn tables(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .filter(|pair| ["from", "join", "into", "update"].contains(&pair[0]))
        .map(|pair| pair[1])
        .collect()
}

/// How often the statement says of which company: compares, joins or writes it.
fn scoped(text: &str) -> usize {
    const SAYS: [&str; 4] =
        ["company_id = ", "company_id in ", "company_id is not distinct from", "organisation_id = "];
    let compared: usize = SAYS.iter().map(|says| text.matches(says).count()).sum();
    let written = text
        .match_indices("insert into ")
        .filter(|(place, _)| {
            let columns = text[*place..].split(['(', ')']).nth(1).unwrap_or_default();
            columns.contains("company_id")
        })
        .count();
    compared + written + text.matches("using (company_id").count()
}

#[test]
fn a_statement_without_its_company_is_found() {
    for (text, expected) in [
        ("select id from orders where id = :id", false),
        ("select id from orders where company_id = :company_id and id = :id", true),
        ("select o.id from orders o join task t on t.order_id = o.id where o.company_id = :c", false),
        (
            "select o.id from orders o join task t on t.company_id = o.company_id where o.company_id = :c",
            true,
        ),
        ("insert into task (company_id, id) values (:company_id, :id)", true),
        ("insert into task (id) values (:id)", false),
        ("update task set state = 'closed' where id = :id", false),
    ] {
        assert_eq!(scoped(text) >= tables(text).len(), expected, "{text}");
    }
}
