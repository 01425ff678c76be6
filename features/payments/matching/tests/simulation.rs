//! Thousands of payments whose truth is known. No wrong settlement is allowed; recall is measured.

use takt_payments_matching::testing::{Category, Numbering, Score, World};

const PAYMENTS: usize = 20_000;

fn run(seed: u64, numbering: Numbering, customers: usize, payments: usize, prepare: fn(&mut World)) -> Score {
    let mut world = World::new(seed, numbering, customers, 1_500);
    prepare(&mut world);
    let mut score = Score::default();
    for _ in 0..payments {
        world.pay(&mut score).expect("maps do not fail");
    }
    println!("seed {seed}, {numbering:?}, {customers} customers\n{score}");
    if std::env::var_os("MATCHING_SAMPLES").is_some() {
        score.samples.iter().for_each(|(place, sample)| println!("{place:?} {sample}"));
    }
    score
}

fn assert_none_wrong(score: &Score) {
    assert!(score.wrong.is_empty(), "{} wrong, the first:\n{}", score.wrong.len(), score.wrong[0]);
}

#[test]
fn with_references_nothing_is_settled_wrongly() {
    for (seed, customers) in [(1, 800), (2, 800), (3, 200), (4, 4_000)] {
        let score = run(seed, Numbering::References, customers, PAYMENTS, |_| {});
        assert_none_wrong(&score);
    }
}

#[test]
fn with_plain_numbers_nothing_is_settled_wrongly() {
    for (seed, customers) in [(11, 800), (12, 300)] {
        let score = run(seed, Numbering::Plain, customers, PAYMENTS, |_| {});
        assert_none_wrong(&score);
    }
}

#[test]
fn the_order_of_rows_does_not_change_a_decision() {
    let forward = run(21, Numbering::References, 300, 3_000, |_| {});
    let backward = run(21, Numbering::References, 300, 3_000, |world| world.ledger.backwards = true);
    assert_eq!(forward.samples, backward.samples);
    assert_eq!(forward.to_string(), backward.to_string());
    assert!(forward.tally(Category::Clean).payments > 0);
}
