//! A PostgreSQL database of its own for every test.
//!
//! The server is the one of `TAKT_TEST_POSTGRES`, else the cluster of `scripts/pg-test`, started when it does not
//! run. Databases are copied from a migrated template: one template per key, built once, by whichever test process
//! comes first while the others wait. The key stands for the migrations' content, so changed migrations make a new
//! template. What cannot be had is a panic that says what to run, never a skipped test.

#![expect(clippy::panic, reason = "a test without its database has failed, and this is where it says why")]

use std::{
    fmt::Display,
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};

/// Lives as long as its test; the database is dropped with it.
pub struct TestDatabase {
    name: String,
    url: String,
    server: Config,
}

impl TestDatabase {
    /// `postgres://…`, as `takt serve --database`, `psql` and `tokio_postgres` take it.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn copy_of(template: &str, server: Config) -> Self {
        let name = unique_name();
        run(&server, &format!("create database {name} template {template} strategy file_copy"));
        Self { url: url(&server, &name), name, server }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = try_run(&self.server, &format!("drop database if exists {} with (force)", self.name));
        if let Err(problem) = dropped {
            eprintln!("the test database {} stays behind: {problem}", self.name);
        }
    }
}

/// A database with the content of the template `key`, which `migrate` fills when nobody has yet: it is given the
/// address of an empty database and must have closed its connections when it returns.
/// The key is a checksum of the migrations: up to 40 lower-case letters, digits and `_`.
pub fn fresh_database<E: Display + Send>(
    key: &str,
    migrate: impl AsyncFnOnce(&str) -> Result<(), E> + Send,
) -> TestDatabase {
    let harmless = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    assert!(key.len() <= 40 && key.bytes().all(harmless), "not a template's key: {key:?}");
    let server = server();
    let template = format!("template_{key}");
    if !exists(&server, &template) {
        build(&server, &template, migrate);
    }
    TestDatabase::copy_of(&template, server)
}

/// A database with nothing in it, for the tests of migrations themselves.
pub fn empty_database() -> TestDatabase {
    TestDatabase::copy_of("template0", server())
}

/// Works under a name that nobody copies from until the migrations are through, so that a build that was killed
/// leaves no half template.
fn build<E: Display + Send>(
    server: &Config,
    template: &str,
    migrate: impl AsyncFnOnce(&str) -> Result<(), E> + Send,
) {
    let _lock = lock();
    if exists(server, template) {
        return;
    }
    let building = format!("building_{template}");
    run(server, &format!("drop database if exists {building} with (force)"));
    run(server, &format!("create database {building} template template0 strategy file_copy"));
    let address = url(server, &building);
    if let Err(problem) = elsewhere(async move || migrate(&address).await) {
        panic!("the template {template} could not be migrated: {problem}");
    }
    // Nobody may connect to a template, or it could not be copied; connections on their way out refuse the new name.
    run(server, &format!("alter database {building} with allow_connections false"));
    run(
        server,
        &format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{building}'"),
    );
    run(server, &format!("alter database {building} rename to {template}"));
}

/// Held until the file is closed, so also when the process that builds is killed. One for all templates: the others
/// that wait are about to want the same one.
fn lock() -> File {
    let folder = checkout().join("target");
    let locked = fs::create_dir_all(&folder)
        .and_then(|()| File::create(folder.join("test-templates.lock")))
        .and_then(|file| file.lock().map(|()| file));
    locked.unwrap_or_else(|problem| panic!("no lock in {}: {problem}", folder.display()))
}

fn server() -> Config {
    let address = std::env::var("TAKT_TEST_POSTGRES").unwrap_or_else(|_| start_cluster());
    let mut server: Config = address
        .parse()
        .unwrap_or_else(|problem| panic!("TAKT_TEST_POSTGRES is no PostgreSQL address: {problem}"));
    server.ssl_mode(SslMode::Disable);
    server
}

fn start_cluster() -> String {
    let script = checkout().join("scripts/pg-test");
    let output = Command::new(&script)
        .arg("start")
        .output()
        .unwrap_or_else(|problem| panic!("{} cannot be run: {problem}", script.display()));
    assert!(
        output.status.success(),
        "the tests' PostgreSQL does not start; run `scripts/setup tests`, or name a server in TAKT_TEST_POSTGRES\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn checkout() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Unique on this server. Process ids come round again, and a test that was killed leaves its database.
fn unique_name() -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let chance = RandomState::new().build_hasher().finish();
    format!("test_{}_{}_{chance:x}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed))
}

fn exists(server: &Config, database: &str) -> bool {
    let counted = on_server(server, async |client| {
        client.query_opt("select 1 from pg_database where datname = $1", &[&database]).await
    });
    counted.unwrap_or_else(|problem| panic!("{problem}")).is_some()
}

fn run(server: &Config, statement: &str) {
    try_run(server, statement).unwrap_or_else(|problem| panic!("{problem}"));
}

fn try_run(server: &Config, statement: &str) -> Result<(), String> {
    on_server(server, async |client| client.batch_execute(statement).await)
        .map_err(|problem| format!("{problem}\nin: {statement}"))
}

fn on_server<T: Send>(
    server: &Config,
    work: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T, tokio_postgres::Error> + Send,
) -> Result<T, String> {
    let answer = elsewhere(async move || {
        let (client, connection) = server.connect(NoTls).await?;
        let connection = tokio::spawn(connection);
        let answer = work(&client).await;
        drop(client);
        connection.await.ok();
        answer
    });
    answer.map_err(|problem: tokio_postgres::Error| match problem.as_db_error() {
        Some(refusal) => format!("PostgreSQL: {refusal}"),
        None => format!("PostgreSQL cannot be reached: {problem} (is TAKT_TEST_POSTGRES right?)"),
    })
}

/// On a thread and runtime of its own, because the test that asks may itself stand inside an async runtime.
fn elsewhere<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let working = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime
                .unwrap_or_else(|problem| panic!("no runtime for a test database: {problem}"))
                .block_on(work())
        });
        working.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
    })
}

/// The address of a database on the server, as text: configurations cannot be printed back by their library.
fn url(server: &Config, database: &str) -> String {
    let user = encoded(server.get_user().unwrap_or("postgres"));
    let password = server
        .get_password()
        .map(|secret| format!(":{}", encoded(&String::from_utf8_lossy(secret))))
        .unwrap_or_default();
    let port = server.get_ports().first().copied().unwrap_or(5432);
    match server.get_hosts().first() {
        Some(Host::Tcp(host)) => format!("postgres://{user}{password}@{host}:{port}/{database}"),
        Some(Host::Unix(folder)) => {
            let folder = encoded(&folder.to_string_lossy());
            format!("postgres://{user}{password}@/{database}?host={folder}&port={port}")
        }
        None => panic!("TAKT_TEST_POSTGRES names no host"),
    }
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn migrate(url: &str) -> Result<(), String> {
        let server: Config = url.parse().map_err(|problem| format!("{problem}"))?;
        try_run(&server, "create table shop (name text); insert into shop values ('Чайная')")
    }

    fn shops(database: &TestDatabase) -> i64 {
        let server: Config = database.url().parse().unwrap();
        on_server(&server, async |client| client.query_one("select count(*) from shop", &[]).await)
            .unwrap()
            .get(0)
    }

    #[test]
    fn every_test_has_a_migrated_database_of_its_own() {
        let (mine, yours) =
            (fresh_database("self_test_own", migrate), fresh_database("self_test_own", migrate));
        run(&mine.url().parse().unwrap(), "insert into shop values ('Кофейная')");
        assert_eq!((shops(&mine), shops(&yours)), (2, 1));
    }

    #[test]
    fn a_template_is_built_once_however_many_ask_at_the_same_time() {
        let built = AtomicU64::new(0);
        let key = format!("self_test_once_{}", std::process::id());
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let database = fresh_database(&key, async |url| {
                        built.fetch_add(1, Ordering::Relaxed);
                        migrate(url).await
                    });
                    assert_eq!(shops(&database), 1);
                });
            }
        });
        run(&server(), &format!("drop database template_{key}"));
        assert_eq!(built.into_inner(), 1);
    }

    #[test]
    fn a_database_is_gone_with_its_test() {
        let database = empty_database();
        let name = database.name.clone();
        assert!(exists(&server(), &name));
        drop(database);
        assert!(!exists(&server(), &name));
    }

    #[tokio::test]
    async fn a_test_inside_an_async_runtime_is_served_as_well() {
        assert_eq!(shops(&fresh_database("self_test_own", migrate)), 1);
    }
}
