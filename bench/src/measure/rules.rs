//! How long the rules of a fact take to be decided: a document of 200 rules about an order's life, and of
//! eleven about what lasts, asked as the desk asks it. In this process: the engine is pure.

use std::{collections::HashMap, fmt::Write as _, hint::black_box, time::Instant};

use anyhow::{Result, anyhow};
use takt_playbook_language::{
    ActionWord, ArgumentWord, FactWord, FieldWord, Hours, Kind, Playbook, Progress, Value, Vocabulary,
};

use crate::{
    engine::Engine,
    figures::{Figure, Round, Unit},
    load::{Latency, histogram},
    process::on_cpu,
    stage::Stage,
};

const FACTS: [&str; 13] = [
    "orders.placed",
    "orders.paid",
    "orders.unpaid",
    "orders.reserved",
    "orders.short",
    "orders.deferred",
    "orders.woken",
    "orders.confirmed",
    "orders.ready",
    "orders.shipped",
    "orders.delivered",
    "orders.status_set",
    "tasks.closed",
];
const BOOLS: [&str; 8] = [
    "order.in_work",
    "order.left",
    "order.may_be_packed",
    "order.reserved",
    "order.confirmed",
    "order.short",
    "order.put_off",
    "order.taken",
];
const UNITS: &str = "order.units";
const SOURCE: &str = "order.source";
const RULES: usize = 200;
const STATES: usize = 11;
/// Orders that differ.
const WORLDS: usize = 64;

pub fn measure(stage: &Stage, engine: Engine) -> Result<Vec<Figure>> {
    let playbook = Playbook::parse(&document(), &vocabulary())
        .map_err(|problems| anyhow!("the document is not right: {problems:?}"))?;
    let figure = |id: &str, what: String| {
        Figure::new(id, engine, what, Unit::Microseconds).against("each field looked up in a hash map")
    };
    let mut rules = figure("rules.fact", format!("a fact's rules decided, {RULES} rules"));
    let mut states = figure("rules.states", format!("what a fact begins and ends, {STATES} states"));
    let (worlds, nothing) = (worlds(), Progress::default());
    let passes = |_: &Hours, since: i64, minutes: i64| Ok(since + minutes * 60_000_000);
    for _ in 0..stage.scale.rounds {
        let ceiling = each(
            stage.scale.decided,
            |_, world| world.values().map(|value| usize::from(matches!(value, Value::Bool(true)))).sum(),
            &worlds,
        )?;
        rules.push_ceiling(ceiling.clone());
        states.push_ceiling(ceiling);
        rules.push(each(
            stage.scale.decided,
            |kind, world| playbook.deeds(kind, &|name| world.get(name).cloned()).effects.len(),
            &worlds,
        )?);
        states.push(each(
            stage.scale.decided,
            |kind, world| {
                playbook.steps(&nothing, kind, 0, &|name| world.get(name).cloned(), &passes).steps.len()
            },
            &worlds,
        )?);
    }
    Ok(vec![rules, states])
}

type World = HashMap<&'static str, Value>;

/// What one costs on average, of processor time; and, with a clock beside it, how that is spread.
fn each(many: usize, ask: impl Fn(&str, &World) -> usize, worlds: &[World]) -> Result<Round> {
    let turn = |round: usize| (FACTS[round % FACTS.len()], &worlds[round % worlds.len()]);
    let mut done = 0;
    let began = on_cpu()?;
    for round in 0..many {
        let (kind, world) = turn(round);
        done += black_box(ask(black_box(kind), world));
    }
    let average = (on_cpu()? - began) as f64 / 1_000.0 / many.max(1) as f64;
    let mut times = histogram()?;
    for round in 0..many.min(20_000) {
        let (kind, world) = turn(round);
        let asked = Instant::now();
        black_box(ask(black_box(kind), world));
        times.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
    }
    Ok(Round::new(average).latency(Latency::of(&times)).extra("deeds_each", done as f64 / many.max(1) as f64))
}

fn worlds() -> Vec<World> {
    let mut seed = 88_172_645_463_325_252_u64;
    (0..WORLDS)
        .map(|_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let bools =
                BOOLS.iter().enumerate().map(|(place, name)| (*name, Value::Bool(seed >> place & 1 == 1)));
            bools
                .chain([
                    (UNITS, Value::Int((seed >> 20 & 31) as i64)),
                    (SOURCE, Value::Text(format!("s{}", seed >> 30 & 7))),
                ])
                .collect()
        })
        .collect()
}

fn vocabulary() -> Vocabulary {
    let bools = BOOLS.map(|name| FieldWord { name, kind: Kind::Bool, changed_by: &FACTS });
    let fields = bools.into_iter().chain([
        FieldWord { name: UNITS, kind: Kind::Int, changed_by: &[] },
        FieldWord { name: SOURCE, kind: Kind::Text, changed_by: &[] },
    ]);
    let argument = |name, kind| ArgumentWord { name, kind, required: true };
    Vocabulary {
        facts: FACTS.map(|kind| FactWord { kind, ..FactWord::default() }).into(),
        fields: fields.collect(),
        actions: vec![ActionWord {
            name: "tasks.open",
            arguments: vec![argument("kind", Kind::Text), argument("due", Kind::Minutes)],
            ..ActionWord::default()
        }],
    }
}

/// Every rule hears three kinds of facts, asks four to six things, one of them its own.
fn document() -> String {
    let mut text = String::new();
    for rule in 0..RULES {
        let facts: Vec<String> =
            (0..3).map(|place| format!("'{}'", FACTS[(rule * 5 + place * 4) % FACTS.len()])).collect();
        let asked: Vec<String> = (0..3 + rule % 3)
            .map(|place| {
                let name = BOOLS[(rule + place * 3) % BOOLS.len()];
                if (rule + place) % 2 == 0 { format!("'{name}'") } else { format!("'!{name}'") }
            })
            .collect();
        let _ = writeln!(
            text,
            "```rule r{rule}\nwhen = [{}]\nif = [{}, \"{SOURCE} == 's{}' || {UNITS} > {}\"]\n\
             then = [{{ do = 'tasks.open', kind = 'k{rule}', due = '15 min' }}]\n```\n",
            facts.join(", "),
            asked.join(", "),
            rule % 7,
            rule % 20,
        );
    }
    for rule in 0..STATES {
        let name = BOOLS[rule % BOOLS.len()];
        let _ = writeln!(
            text,
            "```rule l{rule}\nwhile = ['order.in_work', '{name}', '!order.left']\nfor = '30 min'\n\
             then = [{{ do = 'tasks.open', kind = 'l{rule}', due = '15 min' }}]\n```\n"
        );
    }
    text
}
