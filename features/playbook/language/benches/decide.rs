//! How long a fact's rules take to be decided: `cargo bench -p takt-playbook-language`.
//! A document of 200 rules about the facts of an order's life, asked as the desk asks it.

use std::{fmt::Write as _, hint::black_box, time::Instant};

use takt_playbook_language::{
    ActionWord, ArgumentWord, FactWord, FieldWord, Hours, Kind, Playbook, Progress, Value, Vocabulary,
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
const RULES: usize = 200;
const ROUNDS: usize = 20_000;

fn vocabulary() -> Vocabulary {
    let bools = BOOLS.map(|name| FieldWord { name, kind: Kind::Bool, changed_by: &FACTS });
    let fields = bools.into_iter().chain([
        FieldWord { name: "order.units", kind: Kind::Int, changed_by: &[] },
        FieldWord { name: "order.source", kind: Kind::Text, changed_by: &[] },
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
            "```rule r{rule}\nwhen = [{}]\nif = [{}, \"order.source == 's{}' || order.units > {}\"]\n\
             then = [{{ do = 'tasks.open', kind = 'k{rule}', due = '15 min' }}]\n```\n",
            facts.join(", "),
            asked.join(", "),
            rule % 7,
            rule % 20,
        );
    }
    for rule in 0..11 {
        let name = BOOLS[rule % BOOLS.len()];
        let _ = writeln!(
            text,
            "```rule l{rule}\nwhile = ['order.in_work', '{name}', '!order.left']\nfor = '30 min'\n\
             then = [{{ do = 'tasks.open', kind = 'l{rule}', due = '15 min' }}]\n```\n"
        );
    }
    text
}

fn main() {
    let Ok(playbook) = Playbook::parse(&document(), &vocabulary()) else {
        eprintln!("the document is not right");
        return;
    };
    let mut seed = 88_172_645_463_325_252_u64;
    let mut worlds = Vec::new();
    for _ in 0..64 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        worlds.push(seed);
    }
    let passes = |_: &Hours, since: i64, minutes: i64| Ok(since + minutes * 60_000_000);
    let nothing = Progress::default();
    let (mut acted, mut decided, mut heard) = (0, std::time::Duration::ZERO, std::time::Duration::ZERO);
    for round in 0..ROUNDS {
        let world = worlds[round % worlds.len()];
        let look = move |name: &str| {
            BOOLS
                .iter()
                .position(|known| *known == name)
                .map(|place| Value::Bool(world >> place & 1 == 1))
                .or_else(|| (name == "order.units").then_some(Value::Int((world >> 20 & 31) as i64)))
                .or_else(|| (name == "order.source").then(|| Value::Text(format!("s{}", world >> 30 & 7))))
        };
        let kind = FACTS[round % FACTS.len()];
        let began = Instant::now();
        acted += black_box(playbook.deeds(black_box(kind), &look)).effects.len();
        decided += began.elapsed();
        let began = Instant::now();
        acted += black_box(playbook.steps(&nothing, black_box(kind), 0, &look, &passes)).steps.len();
        heard += began.elapsed();
    }
    let rounds = ROUNDS as f64;
    println!("rules of a fact decided: {:.2} µs on average", decided.as_secs_f64() * 1e6 / rounds);
    println!("states of a fact looked at: {:.2} µs on average", heard.as_secs_f64() * 1e6 / rounds);
    println!("deeds and steps: {:.2} for each fact", acted as f64 / rounds);
}
