//! Thousands of payments whose truth is known. No wrong settlement is allowed; recall is measured.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use takt_payments_matching::{
    decide,
    testing::{Category, Comparison, Delivery, Matcher, Numbering, REPORT_SEEDS, Score, TUNING_SEEDS, World},
};

/// So many payments of each seed that a test takes seconds. MATCHING_PAYMENTS asks for more.
const PAYMENTS: usize = 10_000;
/// Where ten seeds are run.
const PAYMENTS_OF_TEN: usize = 1_000;

fn asked(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

fn run(seed: u64, numbering: Numbering, matchers: &[Matcher], usual: usize) -> Comparison {
    let payments = asked("MATCHING_PAYMENTS", usual);
    let run = Comparison::run(seed, numbering, matchers, payments).expect("maps do not fail");
    assert_reports_counted_once(&run.world);
    run
}

fn assert_reports_counted_once(world: &World) {
    let deliveries = &world.deliveries;
    assert_eq!((deliveries.too_often(), deliveries.lost()), (0, 0), "{:?}", deliveries.by_kind);
}

fn assert_none_wrong(score: &Score) {
    assert!(score.wrong.is_empty(), "{} wrong, the first:\n{}", score.wrong_count(), score.wrong[0]);
}

/// The least recall by category, in thousandths, somewhat under what was measured.
fn assert_recall(score: &Score, least: &[(Category, u32)]) {
    for (category, least) in least {
        let recall = score.tally(*category).recall();
        assert!(recall >= *least, "{category:?}: {recall} < {least}\n{score}");
    }
}

fn seeds(all: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    all.collect()
}

/// All matchers of one numbering over several seeds; samples on request.
fn over(seeds: &[u64], numbering: Numbering, matchers: &[Matcher]) -> Vec<Score> {
    let usual = if seeds.len() > 2 { PAYMENTS_OF_TEN } else { PAYMENTS };
    let mut sums = vec![Score::default(); matchers.len()];
    for seed in seeds {
        let run = run(*seed, numbering, matchers, usual);
        for (sum, (_, score)) in sums.iter_mut().zip(&run.scores) {
            sum.add(score);
        }
    }
    for (matcher, score) in matchers.iter().zip(&sums) {
        println!("{numbering:?}, {}, {} payments\n{score}", matcher.code(), score.payments());
        println!("{} wrong, precision {} millionths", score.wrong_count(), score.precision());
        if matcher.is_ours() && std::env::var_os("MATCHING_SAMPLES").is_some() {
            score.samples.iter().for_each(|(place, sample)| println!("{place:?} {sample}"));
        }
    }
    sums
}

/// For people who change rules: see README.md.
#[test]
fn tuning_seeds_by_category() {
    for numbering in [Numbering::References, Numbering::Plain] {
        over(&seeds(TUNING_SEEDS), numbering, &Matcher::OURS).iter().for_each(assert_none_wrong);
    }
}

/// MATCHING_PAYMENTS=100000 makes it the published million of each numbering.
#[test]
fn report_seeds_by_category_with_references() {
    over(&seeds(REPORT_SEEDS), Numbering::References, &Matcher::ALL)[..3].iter().for_each(assert_none_wrong);
}

#[test]
fn report_seeds_by_category_with_plain_numbers() {
    over(&seeds(REPORT_SEEDS), Numbering::Plain, &Matcher::ALL)[..3].iter().for_each(assert_none_wrong);
}

/// Nanoseconds that this thread has been running, whoever else wants the machine.
fn on_cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|ran| ran.parse().ok()).expect("a number")
}

/// MATCHING_OPEN=100000 makes it the figure that is asked for.
#[test]
fn speed_against_open_invoices() {
    let open = asked("MATCHING_OPEN", 2_000);
    for numbering in [Numbering::References, Numbering::Plain] {
        let mut world = World::new(TUNING_SEEDS.start() + 1, numbering, open / 5, open);
        let policy = world.policy.clone();
        // Payers with a past, as a running shop has them.
        for _ in 0..open / 2 {
            world.step(&mut |_, _| Ok(())).expect("maps do not fail");
        }
        let payments = world.payments(open / 2);
        let began = on_cpu();
        for payment in &payments {
            std::hint::black_box(decide(&payment.line(), &mut world.ledger, &policy).expect("decides"));
        }
        let speed = payments.len() as f64 * 1e9 / (on_cpu() - began) as f64;
        println!("{numbering:?}: {speed:.0} lines/s, {open} open invoices");
        assert!(speed > 1_000.0, "something looks at every invoice: {speed:.0} lines/s");
    }
}

#[test]
fn with_references_nothing_is_settled_wrongly() {
    let scores = over(&[1, 3], Numbering::References, &Matcher::OURS);
    scores.iter().for_each(assert_none_wrong);
    let [careful, stale, names] = &scores[..] else { panic!("three matchers") };
    assert_recall(careful, WITH_REFERENCES);
    assert_eq!(careful.tally(Category::Stale).right, 0, "rule G is a company's choice");
    assert!(stale.tally(Category::Stale).recall() >= 500, "{stale}");
    assert!(names.tally(Category::Transit).recall() >= 800, "{names}");
    assert!(careful.recall(&[]) >= 950 && stale.recall(&[]) >= 960 && names.recall(&[]) >= 974, "{careful}");
}

#[test]
fn with_plain_numbers_nothing_is_settled_wrongly() {
    let scores = over(&[2, 4], Numbering::Plain, &[Matcher::Careful, Matcher::WithNames]);
    scores.iter().for_each(assert_none_wrong);
    assert_recall(&scores[0], WITH_PLAIN_NUMBERS);
    assert!(scores[0].recall(&[]) >= 860, "{}", scores[0]);
}

const WITH_REFERENCES: &[(Category, u32)] = &[
    (Category::Clean, 998),
    (Category::ThirdParty, 1000),
    (Category::Foreign, 1000),
    (Category::Several, 990),
    (Category::Cancelled, 1000),
    (Category::Expired, 1000),
    (Category::OtherCurrency, 1000),
    (Category::Double, 1000),
];

const WITH_PLAIN_NUMBERS: &[(Category, u32)] = &[
    (Category::Clean, 960),
    (Category::Foreign, 1000),
    (Category::Cancelled, 1000),
    (Category::Expired, 1000),
    (Category::OtherCurrency, 1000),
    (Category::Double, 1000),
];

/// Seeds that no rule was tuned on.
#[test]
fn on_unseen_seeds_nothing_is_settled_wrongly() {
    for seed in REPORT_SEEDS.take(2) {
        for numbering in [Numbering::References, Numbering::Plain] {
            let run = run(seed, numbering, &[Matcher::WithNames], PAYMENTS);
            assert_none_wrong(&run.scores[0].1);
        }
    }
}

#[test]
fn the_rules_of_others_settle_wrongly_on_the_same_payments() {
    let scores = over(&[5], Numbering::Plain, &[Matcher::Careful, Matcher::Odoo, Matcher::Sbis]);
    assert_none_wrong(&scores[0]);
    assert!(scores[1].wrong_count() > 0 && scores[2].wrong_count() > 0);
}

#[test]
fn every_way_of_reporting_a_payment_is_made_and_counted_once() {
    let run = Comparison::run(6, Numbering::References, &[], 3 * PAYMENTS).expect("maps do not fail");
    assert_reports_counted_once(&run.world);
    let kinds = &run.world.deliveries.by_kind;
    assert_eq!(kinds.len(), 10, "{kinds:?}");
    assert!(kinds[&Delivery::RestatedAnew].asked > 0, "another id: a person is asked");
    assert_eq!(kinds[&Delivery::Replayed].asked, 0);
}

#[test]
fn the_order_of_rows_does_not_change_a_decision() {
    let told = |backwards: bool| {
        let mut world = World::new(7, Numbering::Plain, 300, 1_500);
        world.ledger.backwards = backwards;
        let mut score = Score::default();
        (0..PAYMENTS).for_each(|_| world.pay(&mut score).expect("maps do not fail"));
        assert!(score.tally(Category::Clean).payments > 0);
        (score.to_string(), score.samples)
    };
    assert_eq!(told(false), told(true));
}
