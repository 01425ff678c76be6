//! A disk that is full, refuses, is slow, or can only be read.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use takt_testing::postgres::empty_database;

use crate::node::{Answered, Node, prepare, serve, takt, until};

/// A small file system that only the program sees, so that nobody has to be root.
fn unshared() -> Vec<&'static str> {
    let root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut words = vec!["unshare", "--mount"];
    if !root {
        words.extend(["--user", "--map-root-user"]);
    }
    words
}

/// Runs there what stands in `script`; `$1` is the folder, `$2` the program.
fn on_small_disk(folder: &Path, options: &str, script: &str) -> Command {
    let words = unshared();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["sh", "-c"]);
    command.arg(format!("set -e; mount -t tmpfs -o {options} tmpfs \"$1\"; {script}"));
    command.arg("sh").arg(folder).arg(env!("CARGO_BIN_EXE_takt"));
    command.env("LANG", "C").env_remove("LC_ALL").env_remove("TAKT_DATABASE");
    command
}

/// Places orders until one is refused; answers the refusal and how many were taken.
fn until_refused(node: &Node, name: &str) -> (Answered, i64) {
    for count in 0..5_000 {
        let answer = node.order(&format!("{name}-{count}"));
        if answer.status != 201 {
            return (answer, count);
        }
    }
    panic!("nothing was refused");
}

fn is_told(node: &Node, code: &str, russian: &str, english: &str) {
    for (lang, words) in [("ru", russian), ("en", english)] {
        let refused = node.order_in("refused", lang);
        assert_eq!((refused.status, refused.code().as_str()), (503, code), "{}", refused.body);
        assert!(refused.body.contains(words), "{}", refused.body);
        assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    }
}

/// Reading goes on, and the node is no reason to be restarted.
fn is_alive(node: &Node, orders: i64) {
    assert_eq!(node.orders(), orders);
    for probe in ["/healthz", "/readyz", "/sign-in"] {
        assert_eq!(node.get(probe).status, 200, "{probe}");
    }
}

fn works_again(node: &Node, orders: i64) {
    until("an order is taken again", || node.order("after").status == 201);
    assert_eq!(node.orders(), orders + 1, "what was refused is not there, what was taken is");
}

#[test]
fn a_full_disk_is_told_reading_goes_on_and_so_does_writing_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "t=\"$2\"; d=\"$1/data\"; c=$(\"$t\" company create --data \"$d\" --name Tea); \
        s=$(\"$t\" shop create --data \"$d\" --company $c --name Shop); \
        \"$t\" token create --data \"$d\" --company $c --shop $s --scope orders:write,orders:read; \
        exec \"$t\" serve --data \"$d\" --listen 127.0.0.1:0 --metrics-listen 127.0.0.1:0 --log-format json";
    let node = Node::start(&mut on_small_disk(folder.path(), "size=64m", script), None);
    assert_eq!(node.order("first").status, 201);
    // The program's own view of the folder.
    let inside = PathBuf::from(format!("/proc/{}/root", node.child.id()))
        .join(folder.path().strip_prefix("/").expect("absolute"));
    let filler = inside.join("filler");
    let mut file = File::create(&filler).expect("a file");
    while file.write_all(&[0; 65_536]).is_ok() || file.write_all(&[0; 512]).is_ok() {}
    drop(file);
    let (refused, taken) = until_refused(&node, "full");
    assert_eq!((refused.status, refused.code().as_str()), (503, "store.disk_full"), "{}", refused.body);
    is_told(&node, "store.disk_full", "На диске нет места", "disk is full");
    is_alive(&node, taken + 1);
    fs::remove_file(&filler).expect("room again");
    works_again(&node, taken + 1);
}

#[test]
fn a_disk_that_refuses_to_write_is_told_and_works_again_when_it_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = ["--data", folder.path().to_str().expect("a path")];
    let token = prepare(&place);
    let mut command = takt(&["env", "--ignore-signal=XFSZ"]);
    let node = Node::start(command.args(serve()).args(place), token);
    assert_eq!(node.order("first").status, 201);
    let limit = |bytes: &str| {
        let (process, size) = (node.child.id().to_string(), format!("--fsize={bytes}"));
        let told = Command::new("prlimit").args(["--pid", &process, &size]).status();
        assert!(told.is_ok_and(|status| status.success()));
    };
    limit("1:unlimited");
    let (refused, taken) = until_refused(&node, "broken");
    assert_eq!((refused.status, refused.code().as_str()), (503, "store.disk_failed"), "{}", refused.body);
    is_told(&node, "store.disk_failed", "Диск не отвечает", "disk");
    is_alive(&node, taken + 1);
    limit("unlimited");
    works_again(&node, taken + 1);
}

#[test]
fn a_data_folder_that_can_only_be_read_is_told_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "exec \"$2\" serve --data \"$1\" --listen 127.0.0.1:0";
    let output = on_small_disk(folder.path(), "ro,size=1m", script).output().expect("the binary");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.contains(folder.path().to_str().expect("a path")) && last.contains("cannot be used"),
        "{said}"
    );
}

#[test]
fn a_slow_disk_holds_up_orders_and_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = Duration::from_millis(700);
    let node = Node::with(folder.path(), |command| {
        command.env("TAKT_FAILPOINTS", "store.sqlite.before_commit=wait:700")
    });
    let before = commits(&node);
    std::thread::scope(|scope| {
        let node = &node;
        let orders: Vec<_> =
            (0..20).map(|count| scope.spawn(move || node.order(&count.to_string()))).collect();
        let mut reads = Vec::new();
        while orders.iter().any(|order| !order.is_finished()) {
            let began = Instant::now();
            for path in ["/api/v1/orders?limit=10", "/healthz", "/readyz"] {
                assert_eq!(node.get(path).status, 200);
            }
            reads.push(began.elapsed());
        }
        reads.sort();
        let usual = reads[reads.len() / 2];
        assert!(usual < slow, "reading took {usual:?}");
        assert!(orders.into_iter().all(|order| order.join().expect("an answer").status == 201));
    });
    // Those of the listeners are among them.
    let took = commits(&node) - before;
    assert!((1..20).contains(&took), "twenty orders took {took} commits: they share them");
    assert_eq!(node.orders(), 20);
}

fn commits(node: &Node) -> i64 {
    let metrics = node.metrics();
    let count = metrics.lines().find_map(|line| line.strip_prefix("takt_writer_commit_seconds_count "));
    count.expect("a count").parse().expect("a number")
}

/// The server refuses as it does when its disk is full (53100): a trigger says the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgresql_is_told_and_writing_goes_on_when_there_is_room() {
    let database = empty_database();
    let folder = tempfile::tempdir().expect("a folder");
    let place = ["--data", folder.path().to_str().expect("a path"), "--database", database.url()];
    let token = prepare(&place);
    let node = Node::start(takt(&[]).args(serve()).args(place), token);
    assert_eq!(node.order("first").status, 201);
    let (client, connection) =
        tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.expect("the database");
    tokio::spawn(connection);
    let full = "create function full_disk() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before insert on fact for each row execute function full_disk()";
    client.batch_execute(full).await.expect("a trigger");
    tokio::task::block_in_place(|| {
        is_told(&node, "store.disk_full", "На диске нет места", "disk is full");
        is_alive(&node, 1);
    });
    client.batch_execute("drop trigger full_disk on fact").await.expect("room again");
    tokio::task::block_in_place(|| works_again(&node, 1));
}
