//! Other people of the same machine: they read neither the data nor send verbs.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        assert!(ended.is_ok(), "it does not end: {ended:?}");
    }
}

fn mode(path: &Path) -> u32 {
    let found = std::fs::metadata(path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    found.permissions().mode() & 0o777
}

#[test]
fn data_and_socket_are_for_their_owner_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("deep/data");
    let serving = Command::new(env!("CARGO_BIN_EXE_takt"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary");
    let serving = Serving(serving);
    let socket = data.join("takt.sock");
    let began = Instant::now();
    while !socket.exists() {
        assert!(began.elapsed() < Duration::from_secs(30), "it takes no verbs");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(data.parent().expect("a folder")), 0o700);
    let mut seen = 0;
    for entry in std::fs::read_dir(&data).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path) & 0o077, 0, "{} is open to others", path.display());
        seen += 1;
    }
    assert!(seen >= 3, "database, lock and socket");
    drop(serving);
}
