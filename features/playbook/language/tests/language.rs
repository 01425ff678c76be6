//! Documents in, problems or deeds out.

#![expect(clippy::panic, reason = "what a test does not expect is its failure")]

use std::collections::BTreeMap;

use takt_playbook_language::{
    ActionWord, ArgumentWord, FactWord, FieldWord, Fit, Kind, Known, Need, Playbook, Problem, TEXTS, Undoing,
    Value, Verdict, Vocabulary,
};

fn vocabulary() -> Vocabulary {
    let field = |name, kind| FieldWord { name, kind, changed_by: &[] };
    let argument = |name, kind, required| ArgumentWord { name, kind, required };
    Vocabulary {
        facts: vec![
            FactWord { kind: "orders.paid", fields: vec![field("in_full", Kind::Bool)], lacks: "" },
            FactWord {
                kind: "orders.placed",
                fields: vec![field("terms", Kind::Text), field("in_full", Kind::Bool)],
                lacks: "",
            },
        ],
        fields: vec![
            field("order.left", Kind::Bool),
            field("order.units", Kind::Int),
            field("order.source", Kind::Text),
            field("company.minutes", Kind::Int),
        ],
        actions: vec![
            ActionWord {
                name: "tasks.open",
                arguments: vec![
                    argument("kind", Kind::OneOf(&["pick", "call"]), true),
                    argument("due", Kind::Minutes, true),
                    argument("again", Kind::Bool, false),
                ],
                ..ActionWord::default()
            },
            ActionWord { name: "orders.confirm", ..ActionWord::default() },
        ],
    }
}

fn rule(body: &str) -> String {
    format!("# Регламент\n\n## Деньги пришли\n\nПроза.\n\n```rule first\n{body}\n```\n")
}

fn problems(text: &str) -> Vec<Problem> {
    Playbook::parse(text, &vocabulary()).err().unwrap_or_default()
}

fn playbook(text: &str) -> Playbook {
    Playbook::parse(text, &vocabulary()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// On the stack that a thread of the server has; where it overflows, all tests of this program end.
#[test]
fn no_condition_however_nested_ends_the_program() {
    let nested = |open: &str, inside: &str, close: &str| {
        let levels = (490 - inside.len()) / (open.len() + close.len());
        format!("{}{inside}{}", open.repeat(levels), close.repeat(levels))
    };
    let conditions = [
        nested("(", "order.left", ")"),
        nested("[", "", "]"),
        nested("{1:", "1", "}"),
        nested("int(", "1", ")"),
        nested("-(", "1", ")"),
        nested("", "order.units", "+1"),
        nested("", "order.left", "==true"),
        nested("", "[1]", "[0]"),
        nested("", "'a'", ".size()"),
        nested("true?", "true", ":true"),
        nested("", "a", ".a"),
        nested("!", "order.left", ""),
        nested("", "order.left", " && order.left"),
    ];
    let small = std::thread::Builder::new().stack_size(2 << 20);
    let reading = small.spawn(move || {
        let told = |condition: &String| {
            let text = rule(&format!(
                "when = 'orders.paid'\nif = \"{condition}\"\nthen = [{{ do = 'orders.confirm' }}]"
            ));
            problems(&text).first().map(|problem| problem.code)
        };
        conditions.iter().map(told).collect::<Vec<_>>()
    });
    let told = reading.expect("a thread").join().expect("no panic");
    assert!(told[..11].iter().all(Option::is_some), "{told:?}");
    assert_eq!(told[5], Some("playbook.condition_too_deep"));
    assert_eq!(told[11..], [None, None], "many in a row are not deep");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_probably_meant() {
    let confirm = "then = [{ do = 'orders.confirm' }]";
    for (body, code, line, word, meant) in [
        ("when = 'orders.payd'\nTHEN", "playbook.fact_unknown", 8, "orders.payd", Some("orders.paid")),
        ("when = []\nTHEN", "playbook.hears_nothing", 8, "first", None),
        ("when = ['orders.paid', 'orders.paid']\nTHEN", "playbook.fact_twice", 8, "orders.paid", None),
        (
            "when = 'orders.paid'\nif = 'order.lefft'\nTHEN",
            "playbook.field_unknown",
            9,
            "order.lefft",
            Some("order.left"),
        ),
        (
            "when = 'orders.paid'\nif = 'fact.terms == \"x\"'\nTHEN",
            "playbook.field_unknown",
            9,
            "fact.terms",
            None,
        ),
        ("when = 'orders.paid'\nif = 'order.left &&'\nTHEN", "playbook.condition_unreadable", 9, "", None),
        ("when = 'orders.paid'\nif = 'order.units'\nTHEN", "playbook.not_yes_or_no", 9, "1", None),
        (
            "when = 'orders.paid'\nif = 'order.left || order.units > \"5\"'\nTHEN",
            "playbook.condition_senseless",
            9,
            "",
            None,
        ),
        (
            "when = 'orders.paid'\nif = '[1].exists(x, x > 0)'\nTHEN",
            "playbook.field_unknown",
            9,
            "@result",
            None,
        ),
        ("when = 'orders.paid'\nthen = []", "playbook.does_nothing", 7, "first", None),
        ("when = 'orders.paid'\nthen = [{ kind = 'pick' }]", "playbook.act_without_do", 9, "first", None),
        (
            "when = 'orders.paid'\nthen = [{ do = 'tasks.opne', kind = 'pick' }]",
            "playbook.action_unknown",
            9,
            "tasks.opne",
            Some("tasks.open"),
        ),
        (
            "when = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pick' }]",
            "playbook.argument_missing",
            9,
            "due",
            None,
        ),
        (
            "when = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pikc', due = '1 h' }]",
            "playbook.argument_not_word",
            9,
            "pikc",
            Some("pick"),
        ),
        (
            "when = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pick', due = '1 hour' }]",
            "playbook.argument_not_time",
            9,
            "1 hour",
            None,
        ),
        (
            "when = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pick', due = '1 h', again = 'yes' }]",
            "playbook.argument_not_bool",
            9,
            "yes",
            None,
        ),
        (
            "when = 'orders.paid'\nthen = [{ do = 'orders.confirm', kind = 'pick' }]",
            "playbook.argument_unknown",
            9,
            "kind",
            None,
        ),
        ("when = 'orders.paid'\nunless = 'order.left'\nTHEN", "playbook.rule_unreadable", 9, "", None),
        ("when = \nTHEN", "playbook.rule_unreadable", 8, "", None),
    ] {
        let found = problems(&rule(&body.replace("THEN", confirm)));
        let first = found.first().unwrap_or_else(|| panic!("nothing is wrong with {body}"));
        assert_eq!((first.code, first.line), (code, line), "{body}: {found:?}");
        if !word.is_empty() && word != "@result" {
            assert_eq!(first.word, word, "{body}");
        }
        assert_eq!(first.meant.as_deref(), meant, "{body}");
    }
}

#[test]
fn numbers_that_are_senseless_by_chance_alone_are_no_fault_of_the_text() {
    for condition in [
        "10 / (order.units - 1) > 1",
        "order.units % (order.units - 1) == 0",
        "9223372036854775807 + order.units > 0",
    ] {
        let text =
            rule(&format!("when = 'orders.paid'\nif = '{condition}'\nthen = [{{ do = 'orders.confirm' }}]"));
        assert_eq!(problems(&text), [], "{condition}");
    }
}

#[test]
fn names_of_rules_are_needed_and_are_not_taken_twice() {
    let body = "when = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]";
    for (text, code) in [
        (format!("```rule\n{body}\n```\n"), "playbook.rule_without_name"),
        (format!("```rule Первое\n{body}\n```\n"), "playbook.rule_without_name"),
        (format!("```rule a\n{body}\n```\n```rule a\n{body}\n```\n"), "playbook.rule_name_taken"),
    ] {
        assert_eq!(problems(&text).first().map(|problem| problem.code), Some(code), "{text}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_of_the_text() {
    let text = "```rule a\nwhen = 'x'\nthen = []\n```\n\n```rule b\nwhen = 'orders.paid'\nif = 'nothing'\nthen = [{ do = 'y' }]\n```\n";
    let lines: Vec<usize> = problems(text).iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 2, 8, 9]);
}

#[test]
fn clauses_hold_what_people_read_where_their_rules_are_at_work() {
    let text = "# Регламент\n\nПроза.\n\n## 2. Звонок\n\n- [ ] Адрес полон\n- [x] Удобное *время* известно\n\n```script\nДобрый день!\nВаш заказ готов.\n```\n\n```rule a\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]\n```\n";
    let playbook = playbook(text);
    let clause = &playbook.clauses[playbook.rules[0].clause];
    assert_eq!((clause.title.as_str(), clause.level), ("2. Звонок", 2));
    let items: Vec<&str> = clause.checklist.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(items, ["Адрес полон", "Удобное время известно"]);
    assert_eq!(clause.scripts, ["Добрый день!\nВаш заказ готов.\n"]);
    assert!(text[clause.place.clone()].starts_with("## 2. Звонок"));
}

fn world(left: bool, units: i64) -> impl Fn(&str) -> Option<Value> + Send + Sync {
    move |name| match name {
        "order.left" => Some(Value::Bool(left)),
        "order.units" => Some(Value::Int(units)),
        "order.source" => Some(Value::Text("сайт".to_owned())),
        "company.minutes" => Some(Value::Int(15)),
        "fact.terms" => Some(Value::Text("prepaid".to_owned())),
        _ => None,
    }
}

#[test]
fn rules_act_in_the_order_of_the_document_and_say_why_they_did_not() {
    let playbook = playbook(
        "```rule a\nwhen = ['orders.paid', { fact = 'orders.placed', if = \"fact.terms != 'prepaid'\" }]\nif = ['!order.left', 'order.units <= 5']\nthen = [{ do = 'orders.confirm' }, { do = 'tasks.open', kind = 'call', due = '=company.minutes * 2' }]\n```\n\n```rule b\nwhen = 'orders.paid'\nif = \"order.source in ['сайт', 'телефон']\"\nthen = [{ do = 'tasks.open', kind = 'pick', due = '1 h', again = true }]\n```\n",
    );
    let decision = playbook.decide("orders.paid", &world(false, 5));
    let told: Vec<(&str, &str)> =
        decision.effects.iter().map(|effect| (effect.rule.as_str(), effect.action.as_str())).collect();
    assert_eq!(told, [("a", "orders.confirm"), ("a", "tasks.open"), ("b", "tasks.open")]);
    assert_eq!(decision.effects[1].arguments["due"], Value::Int(30));
    let expected: BTreeMap<String, Value> = [
        ("again".to_owned(), Value::Bool(true)),
        ("due".to_owned(), Value::Int(60)),
        ("kind".to_owned(), Value::Text("pick".to_owned())),
    ]
    .into();
    assert_eq!(decision.effects[2].arguments, expected);

    let stopped = playbook.decide("orders.paid", &world(false, 6));
    assert_eq!(
        stopped.looked[0].verdict,
        Verdict::Stopped {
            condition: "order.units <= 5".to_owned(),
            because: vec![("order.units".to_owned(), Value::Int(6))],
        }
    );
    assert_eq!(stopped.effects.len(), 1, "the other rule acts all the same");
    assert!(playbook.decide("orders.placed", &world(false, 5)).effects.is_empty());
    assert_eq!(playbook.decide("orders.cancelled", &world(false, 5)), Default::default());
}

#[test]
fn what_concerns_nobody_is_known_before_the_world_is_looked_at() {
    let playbook = playbook(
        "```rule a\nwhen = ['orders.paid', { fact = 'orders.placed', if = \"fact.terms != 'prepaid'\" }]\nif = '!order.left'\nthen = [{ do = 'orders.confirm' }]\n```\n",
    );
    let fact =
        |terms: &'static str| move |name: &str| (name == "fact.terms").then(|| Value::Text(terms.to_owned()));
    assert!(!playbook.concerns("orders.placed", &fact("prepaid")));
    assert!(playbook.concerns("orders.placed", &fact("credit")));
    assert!(!playbook.concerns("orders.paid", &world(true, 1)));
    assert!(!playbook.concerns("orders.cancelled", &fact("credit")));
}

#[test]
fn a_rule_that_cannot_be_answered_fails_alone_and_says_so() {
    let playbook = playbook(
        "```rule bad\nwhen = 'orders.paid'\nif = '10 / order.units > 1'\nthen = [{ do = 'orders.confirm' }]\n```\n\n```rule worse\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }, { do = 'tasks.open', kind = 'call', due = '=order.units - 1' }]\n```\n\n```rule fine\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]\n```\n",
    );
    let decision = playbook.decide("orders.paid", &world(false, 0));
    let failed: Vec<bool> =
        decision.looked.iter().map(|looked| matches!(looked.verdict, Verdict::Failed { .. })).collect();
    assert_eq!(failed, [true, true, false], "{decision:?}");
    assert_eq!(decision.effects.len(), 1, "half a rule is not acted on");
}

#[test]
fn every_problem_has_its_text_in_both_languages() {
    let source = concat!(
        include_str!("../src/document.rs"),
        include_str!("../src/reading.rs"),
        include_str!("../src/reading/acts.rs"),
        include_str!("../src/checklist.rs"),
        include_str!("../src/checks.rs"),
        include_str!("../src/condition.rs"),
        include_str!("../src/playbook.rs")
    );
    let codes: Vec<&str> =
        source.split('"').filter(|word| word.starts_with("playbook.") && !word.contains(' ')).collect();
    assert!(codes.len() >= 40, "{codes:?}");
    for (lang, texts) in TEXTS {
        for code in &codes {
            let key = format!("\n{} = ", code.replacen('.', "-", 1));
            assert!(texts.contains(&key), "{lang} lacks {code}");
        }
    }
}

/// A house with words that are changed by facts, for what lasts and for what feeds what.
fn house() -> Vocabulary {
    let field = |name, kind, changed_by| FieldWord { name, kind, changed_by };
    let argument = |name, kind, required| ArgumentWord { name, kind, required };
    let roles: &[&str] = &["maid", "butler", "owner"];
    Vocabulary {
        facts: vec![
            FactWord { kind: "lamp.on", fields: vec![field("room", Kind::Text, &[])], lacks: "" },
            FactWord { kind: "lamp.off", ..FactWord::default() },
            FactWord { kind: "bell.rang", lacks: "lamp.", ..FactWord::default() },
            FactWord { kind: "bell.fell_silent", lacks: "lamp.", ..FactWord::default() },
        ],
        fields: vec![
            field("lamp.lit", Kind::Bool, &["lamp.on", "lamp.off"]),
            field("lamp.room", Kind::Text, &["lamp.on"]),
            field("house.minutes", Kind::Int, &[]),
        ],
        actions: vec![
            ActionWord {
                name: "ask",
                arguments: vec![
                    argument("what", Kind::Text, true),
                    argument("within", Kind::Minutes, false),
                    argument("once", Kind::OneOf(&["evening", "ever"]), false),
                    argument("whom", Kind::OneOf(roles), false),
                    argument("calendar", Kind::Calendar, false),
                    argument("ladder", Kind::Ladder(roles), false),
                ],
                fits: &[Fit { argument: "what", value: "silver", with: "whom", only: &["butler"] }],
                undoes: &[Undoing { action: "forget", alike: &["what"] }],
                values_need: &[Need { argument: "once", value: "evening", needs: "lamp." }],
                ..ActionWord::default()
            },
            ActionWord {
                name: "forget",
                arguments: vec![argument("what", Kind::Text, true)],
                finds_own_without: "lamp.",
                ..ActionWord::default()
            },
            ActionWord {
                name: "light",
                arguments: vec![argument("room", Kind::Text, true)],
                says: &["lamp.on"],
                ..ActionWord::default()
            },
            ActionWord { name: "darken", says: &["lamp.off"], needs: "lamp.", ..ActionWord::default() },
        ],
    }
}

#[test]
fn what_is_wrong_with_states_that_last_is_told_at_its_place() {
    let then = "then = [{ do = 'ask', what = 'x' }]";
    for (body, code, line) in [
        ("while = 'lamp.lit'\nTHEN", "playbook.no_duration", 1),
        ("while = 'lamp.lit'\nfor = '1 week'\nTHEN", "playbook.argument_not_time", 3),
        ("while = 'lamp.lit'\nwhen = 'lamp.on'\nfor = '1 h'\nTHEN", "playbook.when_and_while", 1),
        ("when = 'lamp.on'\nuntil = 'lamp.off'\nTHEN", "playbook.only_where_it_lasts", 3),
        ("when = 'lamp.on'\nTHEN\nafter = [{ do = 'darken' }]", "playbook.only_where_it_lasts", 4),
        ("from = 'lamp.on'\nfor = '1 h'\nTHEN", "playbook.never_ends", 1),
        ("while = 'house.minutes > 1'\nfor = '1 h'\nTHEN", "playbook.state_never_changes", 1),
        (
            "from = 'lamp.on'\nuntil = 'lamp.off'\nwhile = \"fact.room == 'a'\"\nfor = '1 h'\nTHEN",
            "playbook.field_unknown",
            4,
        ),
        (
            "from = 'lamp.on'\nwhile = [\"fact.room == 'a'\", 'lamp.lit']\nfor = '1 h'\nTHEN",
            "playbook.no_fact_while_it_lasts",
            3,
        ),
        ("from = 'bell.rang'\nwhile = 'lamp.lit'\nfor = '1 h'\nTHEN", "playbook.field_unknown", 3),
        ("from = 'lamp.onn'\nwhile = 'lamp.lit'\nfor = '1 h'\nTHEN", "playbook.fact_unknown", 2),
        (
            "when = 'lamp.on'\nthen = [{ do = 'ask', what = 'silver', whom = 'maid' }]",
            "playbook.nobody_may",
            3,
        ),
        (
            "when = 'lamp.on'\nthen = [{ do = 'ask', what = 'x', ladder = [] }]",
            "playbook.argument_not_ladder",
            3,
        ),
        (
            "when = 'lamp.on'\nthen = [{ do = 'ask', what = 'x', ladder = [{ after = '1 h', role = 'cat' }] }]",
            "playbook.argument_not_ladder",
            3,
        ),
        ("when = 'lamp.on'\nthen = [{ do = 'light', room = 'hall' }]", "playbook.circle", 2),
    ] {
        let text = format!("```rule a\n{}\n```\n", body.replace("THEN", then));
        let found = Playbook::parse(&text, &house()).err().unwrap_or_default();
        let first = found.first().unwrap_or_else(|| panic!("nothing is wrong with {body}"));
        assert_eq!((first.code, first.line), (code, line), "{body}: {found:?}");
    }
}

#[test]
fn a_text_of_nothing_but_mistakes_is_answered_with_some_of_them() {
    let acts = "{},".repeat(80_000);
    let facts = "'x',".repeat(50_000);
    let arguments: String = (0..10_000).map(|number| format!(", a{number} = 1")).collect();
    let long = "x".repeat(200_000);
    let blocks = |count: usize| "```rule a\nwhen = 'x'\nthen = [{}]\n```\n".repeat(count);
    for (name, text, told, code) in [
        ("acts", rule(&format!("when = 'orders.paid'\nthen = [{acts}]")), 1, "playbook.does_nothing"),
        (
            "acts afterwards",
            rule(&format!(
                "while = 'order.left'\nfor = '1 h'\nthen = [{{ do = 'orders.confirm' }}]\nafter = [{acts}]"
            )),
            1,
            "playbook.does_nothing",
        ),
        (
            "facts",
            rule(&format!("when = [{facts}]\nthen = [{{ do = 'orders.confirm' }}]")),
            1,
            "playbook.too_many_facts",
        ),
        (
            "arguments",
            rule(&format!("when = 'orders.paid'\nthen = [{{ do = 'orders.confirm'{arguments} }}]")),
            1,
            "playbook.argument_unknown",
        ),
        (
            "a long word",
            rule(&format!("when = '{long}'\nthen = [{{ do = 'orders.confirm' }}]")),
            1,
            "playbook.fact_unknown",
        ),
        ("rules", blocks(500), 100, "playbook.rule_name_taken"),
        ("too many rules", blocks(6_000), 100, "playbook.rule_name_taken"),
    ] {
        let found = problems(&text);
        assert_eq!(found.len(), told, "{name}");
        assert_eq!(found[0].code, code, "{name}");
        assert!(found.iter().all(|problem| problem.word.chars().count() <= 201), "{name}");
    }
}

#[test]
fn problems_stand_at_their_lines_and_columns_in_any_letters() {
    for (text, place) in [
        ("```rule a\nwhen = 'ой'\nthen = [{ do = 'orders.confirm' }]\n```\n", (2, 9)),
        (
            "Ы\r\n\r\n```rule a\r\nif = 'x'\r\nwhen = 'ой'\r\nthen = [{ do = 'orders.confirm' }]\r\n```\r\n",
            (4, 7),
        ),
        ("```rule a\nthen = [{ do = 'orders.confirm' }]\n```", (1, 1)),
        ("# Ж\n\n```rule a\nwhen = ['orders.paid', 'ой']\nthen = [{ do = 'orders.confirm' }]\n```", (4, 25)),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|problem| (problem.line, problem.column) == place), "{text}: {found:?}");
    }
}

#[test]
fn no_time_is_longer_than_a_year() {
    let lasts = |time: &str| {
        format!("```rule a\nwhile = 'lamp.lit'\nfor = '{time}'\nthen = [{{ do = 'darken' }}]\n```\n")
    };
    let asks = |argument: &str| {
        format!("```rule a\nwhen = 'lamp.on'\nthen = [{{ do = 'ask', what = 'x', {argument} }}]\n```\n")
    };
    let ladder = |first: &str, second: &str| {
        asks(&format!(
            "ladder = [{{ after = '{first}', role = 'maid' }}, {{ after = '{second}', role = 'owner' }}]"
        ))
    };
    for (text, wrong) in [
        (lasts("366 d"), None),
        (lasts("367 d"), Some("playbook.argument_not_time")),
        (lasts("9999999999999 d"), Some("playbook.argument_not_time")),
        (asks("within = '8784 h'"), None),
        (asks("within = '8785 h'"), Some("playbook.argument_not_time")),
        (ladder("183 d", "183 d"), None),
        (ladder("183 d", "184 d"), Some("playbook.argument_not_ladder")),
        (ladder("1 d", "9999999999999 d"), Some("playbook.argument_not_ladder")),
    ] {
        let found = Playbook::parse(&text, &house()).err().unwrap_or_default();
        assert_eq!(found.first().map(|problem| problem.code), wrong, "{text}");
    }
    // What is only known when it is asked fails then, and is told of.
    let asked = of_house(&asks("within = '=house.minutes * 100000000'"));
    let decided = asked.decide("lamp.on", &|name| (name == "house.minutes").then_some(Value::Int(15)));
    assert!(matches!(decided.looked[0].verdict, Verdict::Failed { .. }), "{decided:?}");
}

#[test]
fn what_can_never_do_what_it_says_is_refused() {
    for (body, wrong) in [
        ("when = 'bell.rang'\nthen = [{ do = 'darken' }]", Some(("playbook.needs_an_order", "darken"))),
        (
            "from = 'bell.rang'\nuntil = 'bell.fell_silent'\nfor = '1 h'\nthen = [{ do = 'darken' }]",
            Some(("playbook.needs_an_order", "darken")),
        ),
        (
            "when = ['lamp.on', 'bell.rang']\nthen = [{ do = 'darken' }]",
            Some(("playbook.needs_an_order", "darken")),
        ),
        ("when = 'lamp.on'\nthen = [{ do = 'darken' }]", None),
        (
            "when = 'bell.rang'\nthen = [{ do = 'ask', what = 'x', once = 'evening' }]",
            Some(("playbook.needs_an_order", "evening")),
        ),
        ("when = 'bell.rang'\nthen = [{ do = 'ask', what = 'x', once = 'ever' }]", None),
        ("when = 'lamp.on'\nthen = [{ do = 'ask', what = 'x', once = 'evening' }]", None),
        (
            "when = 'bell.fell_silent'\nthen = [{ do = 'forget', what = 'x' }]",
            Some(("playbook.finds_nothing", "forget")),
        ),
        ("when = 'lamp.on'\nthen = [{ do = 'forget', what = 'x' }]", None),
        (
            "from = 'bell.rang'\nuntil = 'bell.fell_silent'\nfor = '1 h'\nthen = [{ do = 'forget', what = 'x' }]",
            Some(("playbook.finds_nothing", "forget")),
        ),
        (
            "from = 'bell.rang'\nuntil = 'bell.fell_silent'\nfor = '1 h'\nthen = [{ do = 'ask', what = 'x' }]\nafter = [{ do = 'forget', what = 'y' }]",
            Some(("playbook.finds_nothing", "forget")),
        ),
        (
            "from = 'bell.rang'\nuntil = 'bell.fell_silent'\nfor = '1 h'\nthen = [{ do = 'ask', what = 'x' }]\nafter = [{ do = 'forget', what = 'x' }]",
            None,
        ),
    ] {
        let found = Playbook::parse(&format!("```rule a\n{body}\n```\n"), &house()).err().unwrap_or_default();
        let told = found.first().map(|problem| (problem.code, problem.word.as_str()));
        assert_eq!(told, wrong, "{body}");
    }
}

#[test]
fn what_was_published_once_is_carried_out_though_it_may_not_be_written_any_more() {
    for (body, code) in [
        ("when = 'lamp.on'\nthen = [{ do = 'ask', what = 'silver', whom = 'maid' }]", "playbook.nobody_may"),
        ("when = 'lamp.on'\nthen = [{ do = 'light', room = 'hall' }]", "playbook.circle"),
        ("when = 'bell.rang'\nthen = [{ do = 'darken' }]", "playbook.needs_an_order"),
        ("when = 'bell.rang'\nthen = [{ do = 'forget', what = 'x' }]", "playbook.finds_nothing"),
        (
            "when = 'lamp.on'\nthen = [{ do = 'ask', what = 'x', within = '400 d' }]",
            "playbook.argument_not_time",
        ),
    ] {
        let text = format!("```rule a\n{body}\n```\n");
        let refused = Playbook::parse(&text, &house()).err().unwrap_or_default();
        assert_eq!(refused.first().map(|problem| problem.code), Some(code), "{body}");
        let playbook = Playbook::read(&text, &house()).unwrap_or_else(|problems| panic!("{problems:?}"));
        let heard = playbook.rules[0].when[0].fact.clone();
        assert_eq!(playbook.decide(&heard, &|_| None).effects.len(), 1, "{body}");
    }
    let text = "```rule a\nwhen = 'lamp.onn'\nthen = [{ do = 'darken' }]\n```\n";
    let unreadable = Playbook::read(text, &house()).err().unwrap_or_default();
    assert_eq!(unreadable[0].code, "playbook.fact_unknown", "what means nothing is not carried out");
}

fn of_house(text: &str) -> Playbook {
    Playbook::parse(text, &house()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn rules_that_feed_each_other_are_told_of_unless_what_they_say_keeps_them_apart() {
    // The second hears what the first says, and the other way round.
    let pair = |asks: &str| {
        format!(
            "```rule a\nwhen = 'lamp.on'\n{asks}\nthen = [{{ do = 'darken' }}]\n```\n\n```rule b\nwhen = 'lamp.off'\nthen = [{{ do = 'light', room = 'hall' }}]\n```\n"
        )
    };
    let found = Playbook::parse(&pair(""), &house()).err().unwrap_or_default();
    assert_eq!((found[0].code, found[0].word.as_str(), found.len()), ("playbook.circle", "a → b → a", 1));
    assert_eq!(of_house(&pair("if = \"fact.room == 'attic'\"")).warnings, [], "it lights another room");
    let warned = of_house(&pair("if = 'lamp.lit'")).warnings;
    assert_eq!(warned[0].code, "playbook.circle_perhaps", "what is asked of the house may stop it");
}

#[test]
fn words_and_calendars_that_the_company_does_not_have_are_found() {
    let text = "```rule a\nwhile = [\"lamp.room in ['hall', 'atic']\", \"lamp.room != 'cellar'\"]\nfor = '1 h'\ncalendar = 'nihgt'\nthen = [{ do = 'ask', what = 'x', calendar = 'day' }, { do = 'ask', what = 'y', calendar = 'round the clock' }]\n```\n";
    let playbook = of_house(text);
    let known = Known {
        calendars: vec!["night".to_owned()],
        words: vec![("lamp.room", vec!["hall".to_owned(), "attic".to_owned()])],
    };
    let told = |problems: Vec<Problem>| -> Vec<(usize, String, Option<String>)> {
        problems.into_iter().map(|problem| (problem.line, problem.word, problem.meant)).collect()
    };
    assert_eq!(
        told(playbook.unknown_calendars(text, &known)),
        [(4, "nihgt".to_owned(), Some("night".to_owned())), (5, "day".to_owned(), None)]
    );
    assert_eq!(
        told(playbook.unreachable(text, &known)),
        [(2, "atic".to_owned(), Some("attic".to_owned())), (2, "cellar".to_owned(), None)]
    );
}

#[test]
fn two_rules_that_want_opposites_of_the_same_thing_do_neither() {
    let text = |other: &str| {
        format!(
            "```rule a\nwhen = 'lamp.on'\nthen = [{{ do = 'ask', what = 'x' }}, {{ do = 'darken' }}]\n```\n\n```rule b\nwhen = 'lamp.on'\nthen = [{{ do = 'forget', what = '{other}' }}]\n```\n\n```rule c\nwhen = 'lamp.on'\nthen = [{{ do = 'ask', what = 'z' }}, {{ do = 'forget', what = 'z' }}]\n```\n"
        )
    };
    let decided = of_house(&text("x")).decide("lamp.on", &|_| None);
    let rules: Vec<&str> = decided.effects.iter().map(|effect| effect.rule.as_str()).collect();
    assert_eq!(rules, ["c", "c"], "one rule may ask and forget in its own order");
    for (place, with) in [(0, "b"), (1, "a")] {
        let expected = Verdict::Disagreed { with: with.to_owned(), about: "x".to_owned() };
        assert_eq!(decided.looked[place].verdict, expected);
    }
    assert_eq!(of_house(&text("y")).decide("lamp.on", &|_| None).effects.len(), 5);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in "(```rule [a-z]{0,3}\n)?(when|if|then|[=\\[\\]{}'\"`#\n -]|orders.paid|order.left|&&|do|[а-я]){0,60}") {
        let _ = Playbook::parse(&text, &vocabulary());
    }

    #[test]
    fn no_condition_makes_the_reader_fall(condition in "[a-z0-9.()&|!<>=+*/'\\[\\], -]{0,80}") {
        let condition = condition.replace('\'', "\"");
        let _ = Playbook::parse(&rule(&format!("when = 'orders.paid'\nif = '''{condition}'''\nthen = [{{ do = 'orders.confirm' }}]")), &vocabulary());
    }
}

#[test]
fn an_item_may_have_to_be_ticked_before_a_verb() {
    use takt_playbook_language::Before::{Cancel, Confirm, Ready, Ship};
    for (written, before, text) in [
        ("- [ ] Адрес полон", None, "Адрес полон"),
        ("- [ ] **до готовности:** Адрес полон", Some(Ready), "Адрес полон"),
        ("- [ ] **До подтверждения**: Адрес полон", Some(Confirm), "Адрес полон"),
        ("- [ ] **перед отправкой:** Адрес *очень* полон", Some(Ship), "Адрес очень полон"),
        (
            "- [x] **before cancel:** The buyer was\n  offered another",
            Some(Cancel),
            "The buyer was offered another",
        ),
        ("- [ ] **before assembling:** `SKU` is right", Some(Confirm), "SKU is right"),
        ("- [ ] **Важно:** адрес", None, "Важно: адрес"),
        ("- [ ] Адрес, **до готовности:** полон", None, "Адрес, до готовности: полон"),
    ] {
        let playbook = playbook(&format!("# Регламент\n\n{written}\n"));
        let item = &playbook.clauses[1].checklist[0];
        assert_eq!((item.before, item.text.as_str()), (before, text), "{written}");
    }
    let nested = playbook("- [ ] **before ship:** Whole\n  - [ ] **before ready:** Part\n- [ ] Other\n");
    let items: Vec<&str> = nested.clauses[0].checklist.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(items, ["Whole", "Part", "Other"]);
    let long = format!("- [ ] **до отмены:** {}\n", "я".repeat(301));
    for (text, code, word, meant) in [
        ("- [ ] **до готовноти:** Адрес", "playbook.before_unknown", "готовноти", Some("готовности")),
        ("- [ ] **before lunch:** Address", "playbook.before_unknown", "lunch", None),
        ("- [ ] **before ready:**", "playbook.step_without_words", "", None),
        (long.as_str(), "playbook.step_too_long", "300", None),
    ] {
        let found = problems(&format!("# Регламент\n\n{text}\n"));
        let first = found.first().unwrap_or_else(|| panic!("nothing is wrong with {text}"));
        assert_eq!((first.code, first.line, first.word.as_str()), (code, 3, word), "{found:?}");
        assert_eq!(first.meant.as_deref(), meant, "{text}");
    }
}
