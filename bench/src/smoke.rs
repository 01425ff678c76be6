//! Every measurement once, as small as it gets, against the program that was built last: so that the
//! bench does not rot. Figures are not looked at.

use std::path::PathBuf;

use crate::{
    arguments::Subject, engine::Engine, figures::Figure, run::measured, scale::Scale, server::Takt,
    stage::Stage,
};

/// The program beside this test: `cargo test` of the workspace builds both.
fn takt() -> Takt {
    let own = std::env::current_exe().unwrap();
    let binary: PathBuf = own.ancestors().nth(2).unwrap().join("takt");
    assert!(binary.exists(), "{} is not there; run: cargo build -p takt", binary.display());
    Takt { binary, preload: None }
}

async fn small_run(engine: Engine, subjects: &[Subject]) -> Vec<Figure> {
    let cache = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(cache.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut stage = Stage::open(takt(), cache.path(), Scale::tiny()).unwrap();
    let mut figures = Vec::new();
    for subject in subjects {
        let measured = measured(&mut stage, *subject, engine).await;
        figures.extend(measured.unwrap_or_else(|error| panic!("{}: {error:#}", subject.code())));
    }
    figures
}

const EVERYTHING: [Subject; 9] = [
    Subject::Http,
    Subject::Intake,
    Subject::Flow,
    Subject::Slow,
    Subject::Lists,
    Subject::Card,
    Subject::Bank,
    Subject::Screen,
    Subject::Import,
];

async fn everything_runs(engine: Engine) {
    let figures = small_run(engine, &EVERYTHING).await;
    for figure in &figures {
        assert!(figure.median().is_some_and(|value| value > 0.0), "{} says nothing: {figure:?}", figure.id);
        assert_eq!(figure.extra("refused").unwrap_or(0.0), 0.0, "{} was refused something", figure.id);
    }
    let table = crate::report::plain(&figures.iter().collect::<Vec<_>>());
    assert_eq!(table.lines().count(), figures.len() + 1);
}

#[tokio::test]
async fn every_measurement_runs_on_sqlite() {
    everything_runs(Engine::Sqlite).await;
}

#[tokio::test]
async fn every_measurement_runs_on_postgresql() {
    everything_runs(Engine::Postgres).await;
}
