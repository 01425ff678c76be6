//! What documents point at is there.

use std::{
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// What is built or fetched, and no document of ours.
const OTHERS: [&str; 4] = ["target", "node_modules", ".git", "corpus"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match path.is_dir() {
            true if OTHERS.contains(&name) => {}
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

fn all_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(Path::new(ROOT), &mut found);
    found
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let documents = all_files().into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let (mut links, mut broken) = (0, Vec::new());
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            links += 1;
            if !document.parent().is_some_and(|folder| folder.join(target).exists()) {
                broken.push(format!("{link} in {}", document.display()));
            }
        }
    }
    assert!(links > 60, "{links}");
    assert!(broken.is_empty(), "{broken:#?}");
}

/// `src/{split,merge}.rs` are two.
fn spelled_out(path: &str) -> Vec<String> {
    match path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        Some((before, (inside, after))) => {
            inside.split(',').flat_map(|one| spelled_out(&format!("{before}{one}{after}"))).collect()
        }
        None => vec![path.to_owned()],
    }
}

#[test]
fn every_file_that_the_architecture_names_is_there() {
    let text = fs::read_to_string(format!("{ROOT}/ARCHITECTURE.md")).expect("a document");
    let files = all_files();
    let named: Vec<String> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.ends_with(".rs") && !code.contains([' ', '*']))
        .flat_map(spelled_out)
        .collect();
    let lost: Vec<&String> =
        named.iter().filter(|name| !files.iter().any(|file| file.ends_with(name.as_str()))).collect();
    assert!(named.len() > 40, "{named:?}");
    assert!(lost.is_empty(), "{lost:?}");
}
