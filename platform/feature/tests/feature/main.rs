//! The wiring of a small house.

#![cfg(test)]

use takt_feature::{Feature, Tier, Wiring};
use takt_kernel::Slot;
use takt_work::{JobEnd, JobKind, Listener, TimerKind};

const PLACED: Slot<fn()> = Slot::new("orders.placed");

fn orders() -> Feature {
    Feature::new("orders", Tier::Core).says(&["orders.placed", "orders.paid"])
}

fn playbook() -> Feature {
    Feature::new("playbook", Tier::Feature)
        .says(&["playbook.decided"])
        .listener(Listener {
            name: "playbook.on_paid",
            hears: &["orders.paid", "orders.placed"],
            does: "opens pick and call tasks",
            react: |_, _| Ok(()),
        })
        .timer(TimerKind { kind: "playbook.wake", does: "looks again", fire: |_, _| Ok(()) })
        .job(JobKind {
            kind: "playbook.call",
            does: "rings up | writes",
            concurrency: 1,
            max_attempts: 1,
            run: std::sync::Arc::new(|_| Box::pin(async { Ok(JobEnd::Done) })),
        })
        .fill(&PLACED, "reserve stock", || {})
}

#[test]
fn the_flow_document_tells_who_hears_does_and_says_what() {
    let written = Wiring::assemble(vec![orders(), playbook()]).flow_markdown();
    let expected = "\
# How facts flow

Made from the features' wiring; do not edit. Facts are written with the change they tell of and heard after it,
exactly once per listener and in order per subject.

## Facts

| fact | said by | heard by |
|---|---|---|
| `orders.placed` | orders | `playbook.on_paid` |
| `orders.paid` | orders | `playbook.on_paid` |
| `playbook.decided` | playbook |  |

## orders (core)

Says `orders.placed`, `orders.paid`.

## playbook (feature)

Says `playbook.decided`.

| hears | listener | does |
|---|---|---|
| `orders.paid` | `playbook.on_paid` | opens pick and call tasks |
| `orders.placed` | `playbook.on_paid` | opens pick and call tasks |

| takes part in | as |
|---|---|
| `orders.placed` | reserve stock |

| timer | when due |
|---|---|
| `playbook.wake` | looks again |

| job | does |
|---|---|
| `playbook.call` | rings up \\| writes |
";
    assert_eq!(written, expected);
}

#[test]
fn a_house_in_order_has_no_problems() {
    assert_eq!(Wiring::assemble(vec![orders(), playbook()]).problems(), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_is_found() {
    let deaf = Feature::new("deaf", Tier::Feature).listener(Listener {
        name: "playbook.on_paid",
        hears: &["orders.vanished"],
        does: "nothing",
        react: |_, _| Ok(()),
    });
    let talker = Feature::new("talker", Tier::Feature)
        .says(&["orders.paid"])
        .texts("ru", "talker-hello = привет\n")
        .texts("tlh", "talker-hello = nuqneH\n");
    let talker = talker.samples(vec![takt_ui::Sample {
        name: "talker/page",
        render: |words| maud::PreEscaped(words.t("talker-nowhere")),
    }]);
    let wiring = Wiring::assemble(vec![orders(), playbook(), playbook(), deaf, talker]);
    let problems = wiring.problems().join("\n");
    for part in [
        "hears orders.vanished, which nobody says",
        "the listener playbook.on_paid is announced 3 times",
        "the timer playbook.wake is announced 2 times",
        "the fact orders.paid is announced 2 times",
        "the feature playbook is announced 2 times",
        "unknown language tlh",
        "talker-hello: in ru, missing in en",
        "the sample talker/page lacks talker-nowhere in en",
    ] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
}

#[test]
fn steps_are_filled_in_the_order_of_the_list() {
    let first = Feature::new("first", Tier::Feature).fill(&PLACED, "first", || {});
    let second = Feature::new("second", Tier::Feature).fill(&PLACED, "second", || {});
    let wiring = Wiring::assemble(vec![first, second]);
    let labels: Vec<_> = wiring.slots.labelled(&PLACED).map(|(label, _)| label).collect();
    assert_eq!(labels, ["first", "second"]);
}
