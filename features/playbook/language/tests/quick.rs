//! The plain evaluator against CEL itself: what it answers is what CEL answers.

#![expect(clippy::panic, reason = "what a test does not expect is its failure")]

use proptest::prelude::*;
use takt_playbook_language::{ActionWord, FactWord, FieldWord, Kind, Playbook, Value, Verdict, Vocabulary};

const BOOLS: [&str; 3] = ["order.left", "order.short", "order.taken"];
const INTS: [&str; 2] = ["order.units", "order.total"];
const TEXTS: [&str; 2] = ["order.stage", "order.source"];
const WORDS: [&str; 3] = ["new", "", "ой"];

fn vocabulary() -> Vocabulary {
    let named = |names: &[&'static str], kind| -> Vec<FieldWord> {
        names.iter().map(|name| FieldWord { name, kind, changed_by: &[] }).collect()
    };
    let fields = [named(&BOOLS, Kind::Bool), named(&INTS, Kind::Int), named(&TEXTS, Kind::Text)].concat();
    Vocabulary {
        facts: vec![FactWord { kind: "it.happened", ..FactWord::default() }],
        fields,
        actions: vec![ActionWord { name: "act", ..ActionWord::default() }],
    }
}

fn condition() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS.to_vec());
    let leaf = prop_oneof![
        prop::sample::select(BOOLS.to_vec()).prop_map(str::to_owned),
        (
            prop::sample::select(INTS.to_vec()),
            prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]),
            -2_i64..3
        )
            .prop_map(|(name, sign, number)| format!("{name} {sign} {number}")),
        (prop::sample::select(TEXTS.to_vec()), prop::sample::select(vec!["==", "!=", "<"]), word.clone())
            .prop_map(|(name, sign, word)| format!("{name} {sign} '{word}'")),
        (prop::sample::select(TEXTS.to_vec()), prop::collection::vec(word, 0..3)).prop_map(
            |(name, words)| {
                let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                format!("{name} in [{}]", words.join(", "))
            }
        ),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("!({one})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} && {other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one} || {other})")),
        ]
    })
}

fn acts(condition: &str, look: &(dyn Fn(&str) -> Option<Value> + Send + Sync)) -> bool {
    let text =
        format!("```rule a\nwhen = 'it.happened'\nif = \"{condition}\"\nthen = [{{ do = 'act' }}]\n```\n");
    let playbook =
        Playbook::parse(&text, &vocabulary()).unwrap_or_else(|problems| panic!("{condition}: {problems:?}"));
    let decision = playbook.decide("it.happened", look);
    match &decision.looked[0].verdict {
        Verdict::Acted => true,
        Verdict::Stopped { .. } => false,
        other => panic!("{condition}: {other:?}"),
    }
}

/// As CEL has it: one side of "and" and "or" decides, whatever is not known of the other.
fn known(condition: &str, look: &(dyn Fn(&str) -> Option<Value> + Send + Sync)) -> Option<bool> {
    let text =
        format!("```rule a\nwhen = 'it.happened'\nif = \"{condition}\"\nthen = [{{ do = 'act' }}]\n```\n");
    let playbook =
        Playbook::parse(&text, &vocabulary()).unwrap_or_else(|problems| panic!("{condition}: {problems:?}"));
    match &playbook.decide("it.happened", look).looked[0].verdict {
        Verdict::Acted => Some(true),
        Verdict::Stopped { .. } => Some(false),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_is_not_known_is_decided_as_cel_decides_it(
        condition in condition(), bools in prop::array::uniform3(any::<Option<bool>>()),
        ints in prop::array::uniform2(prop::option::of(-2_i64..3)),
        texts in prop::array::uniform2(prop::option::of(0_usize..3)),
    ) {
        let look = move |name: &str| {
            let at = |names: &[&str]| names.iter().position(|known| *known == name);
            at(&BOOLS).and_then(|place| bools[place]).map(Value::Bool)
                .or_else(|| at(&INTS).and_then(|place| ints[place]).map(Value::Int))
                .or_else(|| at(&TEXTS).and_then(|place| texts[place]).map(|word| Value::Text(WORDS[word].to_owned())))
        };
        let by_cel = known(&format!("({condition}) ? true : false"), &look);
        prop_assert_eq!(known(&condition, &look), by_cel, "{}", condition);
    }

    #[test]
    fn both_say_the_same(
        condition in condition(), bools in prop::array::uniform3(any::<bool>()),
        ints in prop::array::uniform2(-2_i64..3), texts in prop::array::uniform2(0_usize..3),
    ) {
        let look = move |name: &str| {
            let at = |names: &[&str]| names.iter().position(|known| *known == name);
            at(&BOOLS).map(|place| Value::Bool(bools[place]))
                .or_else(|| at(&INTS).map(|place| Value::Int(ints[place])))
                .or_else(|| at(&TEXTS).map(|place| Value::Text(WORDS[texts[place]].to_owned())))
        };
        // A conditional is not plain: CEL itself answers this one.
        let by_cel = acts(&format!("({condition}) ? true : false"), &look);
        prop_assert_eq!(acts(&condition, &look), by_cel, "{}", condition);
    }
}
