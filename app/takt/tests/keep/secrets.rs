//! The key of the installation and what is sealed under it, against the real binary.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::{
    doctor::{doctor, has},
    program::{done, path, takt, takt_with},
};

const CLIENT_SECRET: &str = "shpss_0123456789abcdef-very-secret";

/// A shop whose secret was typed.
fn connected(data: &Path) {
    let data = path(data);
    done(&["company", "create", "--name", "Tea", "--data", data]);
    done(&["shop", "create", "--company", "Tea", "--name", "Leaves", "--data", data]);
    let create =
        ["connection", "create", "--company", "Tea", "--shop", "Leaves", "--kind", "shopify", "--data", data];
    let said = takt_with(CLIENT_SECRET, &create);
    assert_eq!(said.code, 0, "{}", said.error);
}

/// Whether these bytes stand anywhere in the data folder but in the key's own file.
fn stands(folder: &Path, wanted: &str) -> bool {
    let files = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    files
        .filter(|file| file.file_type().is_ok_and(|kind| kind.is_file()))
        .filter(|file| file.file_name() != "secret.key")
        .filter_map(|file| fs::read(file.path()).ok())
        .any(|bytes| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes()))
}

#[test]
fn the_key_is_made_on_first_use_rotated_by_a_verb_and_missed_when_it_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, key) = (folder.path().join("data"), folder.path().join("data/secret.key"));
    done(&["company", "create", "--name", "Coffee", "--data", path(&data)]);
    assert!(!key.exists(), "nothing was sealed yet");
    assert!(has(&doctor(&["--data", path(&data)]).1, "secrets ok secrets-none"));
    connected(&data);
    let first = fs::read_to_string(&key).expect("a key");
    assert_eq!(first.trim().len(), 64);
    assert_eq!(fs::metadata(&key).expect("a key").permissions().mode() & 0o777, 0o600);
    assert!(!stands(&data, CLIENT_SECRET), "no file of the database holds the secret");
    assert!(has(&doctor(&["--data", path(&data)]).1, "secrets ok secrets-ok"));

    let named = done(&["secrets", "rotate", "--data", path(&data)]);
    let second = fs::read_to_string(&key).expect("a key");
    assert!(second != first && second.lines().count() == 1, "the old one is forgotten");
    assert_eq!(fs::metadata(&key).expect("a key").permissions().mode() & 0o777, 0o600);
    assert!(stands(&data, &format!("sealed:{}:", named.trim())));
    assert!(has(&doctor(&["--data", path(&data)]).1, "secrets ok secrets-ok"));

    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("rights");
    assert!(has(&doctor(&["--data", path(&data)]).1, "secrets warning secrets-key-open"));
    // Another key is no key; without any the program says what it misses and seals nothing anew.
    for content in [Some(first.as_str()), None] {
        match content {
            Some(content) => fs::write(&key, content).expect("a file"),
            None => fs::remove_file(&key).expect("a file"),
        }
        let refused = takt(&["connection", "list", "--company", "Tea", "--data", path(&data)]);
        assert!(refused.code != 0 && refused.error.contains("secret.key"), "{}", refused.error);
        assert!(has(&doctor(&["--data", path(&data)]).1, "secrets broken secrets-key-missing"));
    }
    assert!(!key.exists());
    fs::write(&key, "not a key").expect("a file");
    let refused = takt(&["connection", "list", "--company", "Tea", "--data", path(&data)]);
    assert!(refused.code != 0 && refused.error.contains("64"), "{}", refused.error);
    fs::write(&key, second).expect("a file");
    done(&["connection", "list", "--company", "Tea", "--data", path(&data)]);
}
