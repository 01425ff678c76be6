//! Which invoice does this money pay: speed on one core against open invoices, and truth over seeds
//! that nothing was tuned on. In this process: the engine is pure, and what reads from a database is
//! in `bank`.

use std::collections::HashMap;

use anyhow::{Result, bail};
use takt_payments_matching::{
    decide,
    testing::{Category, Comparison, Matcher, Numbering, Payment, REPORT_SEEDS, Score, World},
};

use crate::{
    engine::Engine,
    figures::{Figure, Round, Unit},
    process::on_cpu,
    stage::Stage,
};

/// What a hash map must be asked for one line, whatever is done with the answers: its name, payer,
/// account and the open invoices of the customer.
const LOOKUPS_OF_LINE: usize = 4;

pub fn measure(stage: &Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = vec![speed(stage, engine)?];
    for (numbering, code) in [(Numbering::References, "references"), (Numbering::Plain, "plain")] {
        figures.extend(truth(stage, engine, numbering, code)?);
    }
    Ok(figures)
}

fn speed(stage: &Stage, engine: Engine) -> Result<Figure> {
    let open = usize::try_from(stage.scale.open_invoices)?;
    let what = format!("lines matched on one core, {open} open invoices");
    let mut figure = Figure::new("match.lines", engine, what, Unit::PerSecond).against("hash lookups");
    let mut world = World::new(*REPORT_SEEDS.start(), Numbering::References, open / 5 + 1, open);
    // Payers with a past, as a running shop has them.
    for _ in 0..open / 2 {
        world.step(&mut |_, _| Ok(()))?;
    }
    let policy = world.policy.clone();
    let lines = world.payments(stage.scale.matched_lines.min(open));
    for _ in 0..stage.scale.rounds {
        figure.push_ceiling(Round::new(looked_up(&lines)?));
        let began = on_cpu()?;
        for line in &lines {
            std::hint::black_box(decide(&line.line(), &mut world.ledger, &policy)?);
        }
        figure.push(Round::new(per_second(lines.len(), on_cpu()? - began)));
    }
    Ok(figure)
}

/// The same lines against a map of their purposes.
fn looked_up(lines: &[Payment]) -> Result<f64> {
    let known: HashMap<&str, usize> =
        lines.iter().enumerate().map(|(at, line)| (line.purpose.as_str(), at)).collect();
    let began = on_cpu()?;
    for line in lines {
        for _ in 0..LOOKUPS_OF_LINE {
            std::hint::black_box(known.get(std::hint::black_box(line.purpose.as_str())));
        }
    }
    Ok(per_second(lines.len(), on_cpu()? - began))
}

fn per_second(lines: usize, nanoseconds: u64) -> f64 {
    lines as f64 * 1e9 / nanoseconds.max(1) as f64
}

fn truth(stage: &Stage, engine: Engine, numbering: Numbering, code: &str) -> Result<Vec<Figure>> {
    let mut sums: Vec<(Matcher, Score)> =
        Matcher::ALL.iter().map(|matcher| (*matcher, Score::default())).collect();
    for seed in REPORT_SEEDS {
        let run = Comparison::run(seed, numbering, &Matcher::ALL, stage.scale.matched_payments)?;
        let deliveries = &run.world.deliveries;
        if deliveries.too_often() + deliveries.lost() > 0 {
            bail!("reports counted twice or lost: {:?}", deliveries.by_kind);
        }
        for ((_, sum), (_, score)) in sums.iter_mut().zip(&run.scores) {
            sum.add(score);
        }
    }
    let mut figures = Vec::new();
    for (matcher, score) in &sums {
        let of = |what: &str| format!("{what}, {code}, {}", matcher.code());
        let id = |what: &str| format!("match.{code}.{}.{what}", matcher.id());
        let mut push = |id: String, what: String, unit: Unit, value: f64| {
            let mut figure = Figure::new(id, engine, what, unit);
            figure.push(Round::new(value));
            figures.push(figure);
        };
        let payments = score.payments();
        push(
            id("wrong"),
            of(&format!("wrong settlements of {payments} payments")),
            Unit::Count,
            f64::from(score.wrong_count()),
        );
        push(id("recall"), of("recall, nothing left out"), Unit::Percent, percent(score.recall(&[])));
        if matcher.is_ours() {
            let knowable = score.recall(&[Category::Unknowable]);
            push(id("knowable"), of("recall of what anybody could know"), Unit::Percent, percent(knowable));
            push(
                id("first"),
                of("first suggestion right"),
                Unit::Percent,
                percent(score.first_suggestion(&[])),
            );
        }
        if matches!(matcher, Matcher::Careful | Matcher::WithNames) {
            for (category, tally) in score.by_category.iter().filter(|(_, tally)| tally.payments > 0) {
                push(
                    id(&format!("{category:?}")),
                    of(&format!("{category:?} ({} payments)", tally.payments)),
                    Unit::Percent,
                    percent(tally.recall()),
                );
            }
        }
    }
    Ok(figures)
}

fn percent(thousandths: u32) -> f64 {
    f64::from(thousandths) / 10.0
}
