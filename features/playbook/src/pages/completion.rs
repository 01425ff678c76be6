//! What may stand where in the text of the playbook, for whoever writes it: the data of `complete.js`, which offers it
//! while it is typed. Each word comes with a sentence; the same sentences stand in the list of words below the text.

use maud::{Markup, PreEscaped, html};
use serde_json::{Map, Value, json};
use takt_orders::{Stage, Terms, statuses::Status};
use takt_playbook_language::{ActionWord, ArgumentWord, FactWord, FieldWord, Kind, Vocabulary};
use takt_store::Fact as _;
use takt_tasks::facts::Escalated;
use takt_ui::{Field, Words};

use crate::words::{OUTCOMES, ROLES, TASKS, vocabulary};

/// The keys of a rule, and what their values are made of.
const RULE: [(&str, Made); 9] = [
    ("when", Made::Facts),
    ("if", Made::Names),
    ("while", Made::Names),
    ("for", Made::Times),
    ("from", Made::Facts),
    ("until", Made::Facts),
    ("calendar", Made::Calendars),
    ("then", Made::Acts),
    ("after", Made::Acts),
];
const TIMES: [&str; 8] = ["5 min", "15 min", "30 min", "1 h", "2 h", "4 h", "1 d", "2 d"];

#[derive(Clone, Copy)]
enum Made {
    Facts,
    Names,
    Times,
    Calendars,
    Acts,
}

/// The data block for the field of this name, of a company with these calendars and statuses.
pub(super) fn block(w: &Words, field: &str, calendars: &[String], statuses: &[Status]) -> Markup {
    // `<` may not stand in a data block: it could end it.
    let json = Offered { w, calendars, statuses }.grammar().to_string().replace('<', "\\u003c");
    html! { script type="application/json" data-words-of=(Field::id(field)) { (PreEscaped(json)) } }
}

/// The sentence of a word.
pub(super) fn says(w: &Words, word: &str) -> String {
    w.t(&format!("playbook-says-{}", word.replace(['.', '_', ' '], "-")))
}

pub(super) fn says_argument(w: &Words, name: &str) -> String {
    says(w, &format!("argument.{name}"))
}

struct Offered<'o> {
    w: &'o Words,
    calendars: &'o [String],
    statuses: &'o [Status],
}

impl Offered<'_> {
    fn grammar(&self) -> Value {
        let words = vocabulary();
        let facts: Vec<&str> = words.facts.iter().map(|fact| fact.kind).collect();
        json!({
            "fence": "rule",
            "label": self.w.t("playbook-words"),
            "hint": self.w.t("playbook-words-hint"),
            "heard": facts,
            "names": self.names(words),
            "words": {
                "facts": self.list(facts.iter().copied(), |fact| says(self.w, fact)),
                "times": TIMES.map(|time| json!({ "word": time })),
                "calendars": self.calendars(),
            },
            "tables": {
                "rule": { "keys": self.rule() },
                "heard": { "keys": {
                    "fact": { "says": says(self.w, "key.fact"), "words": "facts" },
                    "if": { "says": says(self.w, "key.fact-if"), "names": true },
                } },
                "act": self.acts(&words.actions),
                "rung": { "keys": {
                    "after": { "says": says(self.w, "key.rung-after"), "words": "times" },
                    "role": { "says": says(self.w, "key.rung-role"), "words": self.roles() },
                } },
            },
        })
    }

    fn rule(&self) -> Map<String, Value> {
        let key = |(name, made): (&str, Made)| {
            let says = says(self.w, &format!("key.{name}"));
            let slot = match made {
                Made::Facts => json!({ "says": says, "words": "facts", "table": "heard" }),
                Made::Names => json!({ "says": says, "names": true }),
                Made::Times => json!({ "says": says, "words": "times" }),
                Made::Calendars => json!({ "says": says, "words": "calendars" }),
                Made::Acts => json!({ "says": says, "table": "act" }),
            };
            (name.to_owned(), slot)
        };
        RULE.into_iter().map(key).collect()
    }

    fn acts(&self, actions: &[ActionWord]) -> Value {
        let chosen = self.list(actions.iter().map(|action| action.name), |action| says(self.w, action));
        let by: Map<String, Value> = actions
            .iter()
            .map(|action| {
                let arguments = action.arguments.iter();
                let keys: Map<String, Value> =
                    arguments.map(|argument| (argument.name.to_owned(), self.argument(argument))).collect();
                (action.name.to_owned(), Value::Object(keys))
            })
            .collect();
        let sentences: Map<String, Value> =
            actions.iter().map(|action| (action.name.to_owned(), says(self.w, action.name).into())).collect();
        json!({
            "choose": "do", "by": by, "says": sentences,
            "keys": { "do": { "says": says(self.w, "key.do"), "words": chosen } },
        })
    }

    fn argument(&self, argument: &ArgumentWord) -> Value {
        let mut slot = json!({ "says": says_argument(self.w, argument.name), "needed": argument.required });
        let (key, value) = match argument.kind {
            Kind::OneOf(words) => ("words", self.values(argument.name, words)),
            Kind::Minutes => ("words", "times".into()),
            Kind::Calendar => ("words", "calendars".into()),
            Kind::Ladder(_) => ("table", "rung".into()),
            Kind::Bool => ("bare", json!([{ "word": "true" }, { "word": "false" }])),
            Kind::Int | Kind::Text => return slot,
        };
        slot[key] = value;
        slot
    }

    /// The words that an argument may have, called as people know them.
    fn values(&self, name: &str, words: &[&str]) -> Value {
        self.list(words.iter().copied(), |word| match name {
            "kind" => self.w.t(&format!("tasks-kind-{word}")),
            "outcome" => self.w.t(&format!("tasks-outcome-{word}")),
            "role" => self.w.t(&format!("staff-role-{word}")),
            _ => says(self.w, &format!("{name}.{word}")),
        })
    }

    fn roles(&self) -> Value {
        self.values("role", ROLES)
    }

    fn calendars(&self) -> Value {
        let always = self.w.t("playbook-words-round-the-clock");
        let own = self.calendars.iter().map(|name| json!({ "word": name }));
        own.chain([json!({ "word": always, "says": says(self.w, "calendar.always") })]).collect()
    }

    /// What an expression may name, and about which facts.
    fn names(&self, words: &Vocabulary) -> Vec<Value> {
        let of_world = words.fields.iter().map(|field| {
            let lack: Vec<&str> = words
                .facts
                .iter()
                .filter(|fact| !fact.lacks.is_empty() && field.name.starts_with(fact.lacks))
                .map(|fact| fact.kind)
                .collect();
            let mut name = json!({ "word": field.name, "says": says(self.w, field.name) });
            self.with_values(&mut name, None, field);
            if !lack.is_empty() {
                name["not"] = lack.into();
            }
            name
        });
        let of_facts = words.facts.iter().flat_map(|fact| fact.fields.iter().map(move |field| (fact, field)));
        let of_facts = of_facts.map(|(fact, field)| {
            let word = format!("fact.{}", field.name);
            let mut name = json!({ "word": word, "says": says(self.w, &word), "of": [fact.kind] });
            self.with_values(&mut name, Some(fact), field);
            name
        });
        of_world.chain(alike(of_facts.collect())).collect()
    }

    fn with_values(&self, name: &mut Value, of: Option<&FactWord>, field: &FieldWord) {
        let escalated = of.is_some_and(|fact| fact.kind == Escalated::KIND);
        let values = match field.name {
            "order.status" | "from" => self.statuses(),
            "to" if !escalated => self.statuses(),
            "to" | "company.call_role" => self.roles(),
            "order.stage" | "stage" => {
                let stages = Stage::ALL.iter().map(|stage| stage.code());
                self.list(stages, |stage| self.w.t(&format!("orders-stage-{stage}")))
            }
            "order.terms" | "terms" => {
                let terms = Terms::CODES.iter().copied();
                self.list(terms, |terms| says(self.w, &format!("terms.{terms}")))
            }
            "kind" => self.values("kind", TASKS),
            "outcome" => self.values("outcome", OUTCOMES),
            _ => return,
        };
        name["values"] = values;
    }

    fn statuses(&self) -> Value {
        let name = |status: &Status| json!({ "word": status.code, "says": status.name(self.w.lang()) });
        self.statuses.iter().map(name).collect()
    }

    fn list<'l>(&self, words: impl Iterator<Item = &'l str>, says: impl Fn(&str) -> String) -> Value {
        words.map(|word| json!({ "word": word, "says": says(word) })).collect()
    }
}

/// One for the fields of several facts that are called alike and mean the same.
fn alike(names: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for name in names {
        let same = |other: &&mut Value| other["word"] == name["word"] && other["values"] == name["values"];
        let known = kept.iter_mut().find(same).and_then(|known| known["of"].as_array_mut());
        match (known, name["of"].as_array()) {
            (Some(known), Some(of)) => known.extend(of.iter().cloned()),
            _ => kept.push(name),
        }
    }
    kept
}
