use anyhow::{Context, Result};
use takt_kernel::{Clock, SystemClock};

use crate::{
    arguments::{Common, RunOptions, SeedOptions, Subject, default_cache},
    ceiling,
    cluster::is_root,
    engine::Engine,
    figures::Figure,
    machine::Machine,
    measure,
    report::{Results, plain, write_page},
    scale::Scale,
    seed,
    server::Takt,
    stage::Stage,
};

/// Opens the stage for the program that is named.
fn stage(common: &Common, scale: Scale) -> Result<Stage> {
    let binary = std::fs::canonicalize(&common.takt)
        .with_context(|| format!("{} is not there; run scripts/bench", common.takt.display()))?;
    let cache = match &common.cache {
        Some(cache) => cache.clone(),
        None => default_cache(is_root()?),
    };
    Stage::open(Takt { binary, preload: None, environment: Vec::new() }, &cache, scale)
}

pub async fn seed(options: &SeedOptions) -> Result<()> {
    let mut stage = stage(&options.common, Scale::full())?;
    for engine in engines(&options.common) {
        let kept = seed::seeded(&mut stage, engine, options.orders).await?;
        let megabytes = stage.size_of(&kept.place).await? as f64 / measure::MEGABYTE;
        println!("{:?}: {megabytes:.0} MB", kept.place);
    }
    Ok(())
}

fn engines(common: &Common) -> Vec<Engine> {
    common.engine.map_or(Engine::ALL.to_vec(), |engine| vec![engine])
}

/// Measures what is asked for; each subject is saved when it is done.
pub async fn run(options: &RunOptions) -> Result<()> {
    let mut stage = stage(&options.common, scale(options))?;
    let machine = Machine::of(&stage.kept);
    println!("{}", machine.shown());
    let subjects = if options.only.is_empty() { Subject::all() } else { options.only.clone() };
    let mut all = Vec::new();
    for engine in engines(&options.common) {
        if engine == Engine::Sqlite {
            stage.without_cluster();
        }
        for subject in &subjects {
            // Pure: no engine is in it.
            if [Subject::Match, Subject::Statement, Subject::Rules].contains(subject)
                && engine != Engine::Sqlite
            {
                continue;
            }
            let fsync = ceiling::disk::fsync(stage.scratch.path(), stage.scale.fsyncs)?;
            eprintln!("{} on {} (fsync p50 {:.2} ms) …", subject.code(), engine.code(), fsync.p50 / 1000.0);
            let figures = measured(&mut stage, *subject, engine).await?;
            print!("{}", plain(&figures.iter().collect::<Vec<_>>()));
            let results = Results {
                subject: subject.code(),
                engine,
                measured_at: SystemClock.now().to_string(),
                revision: revision(),
                machine: machine.clone(),
                rounds: stage.scale.rounds,
                seconds: stage.scale.seconds,
                fsync,
                figures,
            };
            if !options.dry {
                results.save(&options.results)?;
            }
            all.push(results);
        }
    }
    let figures: Vec<&Figure> = all.iter().flat_map(|results| &results.figures).collect();
    println!("\n{}", plain(&figures));
    if !options.dry {
        write_page(&options.page, &Results::load_all(&options.results)?)?;
    }
    Ok(())
}

async fn measured(stage: &mut Stage, subject: Subject, engine: Engine) -> Result<Vec<Figure>> {
    match subject {
        Subject::Intake => measure::intake::measure(stage, engine).await,
        Subject::Flow => measure::intake::flow(stage, engine).await,
        Subject::Http => measure::intake::http(stage, engine).await,
        Subject::Lists => measure::lists::measure(stage, engine).await,
        Subject::Card => measure::card::measure(stage, engine).await,
        Subject::Bank => measure::bank::measure(stage, engine).await,
        Subject::Match => measure::matching::measure(stage, engine),
        Subject::Statement => measure::statement::measure(stage, engine),
        Subject::Screen => measure::screen::measure(stage, engine).await,
        Subject::Watched => measure::watched::measure(stage, engine).await,
        Subject::Push => measure::push::measure(stage, engine).await,
        Subject::Start => measure::start::start(stage, engine).await,
        Subject::Memory => measure::start::memory(stage, engine).await,
        Subject::Import => measure::import::measure(stage, engine).await,
        Subject::Feed => measure::feed::measure(stage, engine).await,
        Subject::Module => measure::module::measure(stage, engine).await,
        Subject::Shops => measure::shops::measure(stage, engine).await,
        Subject::Rules => measure::rules::measure(stage, engine),
        Subject::Past => measure::past::measure(stage, engine).await,
        Subject::Timers => measure::timers::measure(stage, engine).await,
        Subject::Clock => measure::clock::measure(stage, engine).await,
        Subject::Slow => {
            stage.set_slow_sync(true)?;
            let figures = measure::intake::durable(stage, engine).await;
            stage.set_slow_sync(false)?;
            Ok(figures?.into_iter().map(|figure| Figure { slow_sync: true, ..figure }).collect())
        }
    }
}

fn scale(options: &RunOptions) -> Scale {
    let mut scale = match (options.tiny, options.quick) {
        (true, _) => Scale::tiny(),
        (false, true) => Scale::quick(),
        (false, false) => Scale::full(),
    };
    scale.rounds = options.rounds.unwrap_or(scale.rounds).max(1);
    scale.seconds = options.seconds.unwrap_or(scale.seconds);
    if options.long {
        scale.matched_payments = 100_000;
    }
    if !options.sizes.is_empty() {
        scale.sizes.clone_from(&options.sizes);
    }
    scale
}

fn revision() -> String {
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git").args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|said| !said.is_empty());
    git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default() + if changed { "+" } else { "" }
}
