//! The rules that Takt brings along, one situation after the other.

use takt_playbook::versions::check;
use takt_playbook_language::{Effect, Playbook, Value};

const RU: &str = include_str!("../../playbooks/ru.md");
const EN: &str = include_str!("../../playbooks/en.md");

fn read(text: &str) -> Playbook {
    check(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn both_languages_have_the_same_rules_in_the_same_order() {
    let told = |text| {
        let playbook = read(text);
        let rule = |rule: &takt_playbook_language::Rule| {
            let when: Vec<String> = rule.when.iter().map(|when| when.fact.clone()).collect();
            (rule.name.clone(), when, rule.conditions().map(str::to_owned).collect::<Vec<_>>())
        };
        (playbook.rules.iter().map(rule).collect::<Vec<_>>(), playbook.clauses.len())
    };
    assert_eq!(told(RU), told(EN));
}

#[derive(Clone, Copy)]
struct Order {
    may_be_packed: bool,
    in_work: bool,
    put_off: bool,
    cancelled: bool,
    in_full: bool,
    prepaid: bool,
    confirmed: bool,
    reserved: bool,
    short: bool,
    left: bool,
    units: i64,
    limit: i64,
    call_waits: bool,
}

const PAID: Order = Order {
    may_be_packed: true,
    in_work: true,
    put_off: false,
    cancelled: false,
    in_full: true,
    prepaid: true,
    confirmed: false,
    reserved: true,
    short: false,
    left: false,
    units: 5,
    limit: 5,
    call_waits: false,
};
const BIG: Order = Order { units: 6, ..PAID };
const SHORT: Order = Order { reserved: false, short: true, ..PAID };
const UNPAID: Order = Order { may_be_packed: false, in_full: false, ..PAID };

impl Order {
    fn look(&self, fact: &[(&str, Value)], name: &str) -> Option<Value> {
        let yes = |holds| Some(Value::Bool(holds));
        match name {
            "order.may_be_packed" => yes(self.may_be_packed),
            "order.in_work" => yes(self.in_work),
            "order.put_off" => yes(self.put_off),
            "order.cancelled" => yes(self.cancelled),
            "order.in_full" => yes(self.in_full),
            "order.prepaid" => yes(self.prepaid),
            "order.confirmed" => yes(self.confirmed),
            "order.reserved" => yes(self.reserved),
            "order.short" => yes(self.short),
            "order.left" => yes(self.left),
            "order.call_waits" => yes(self.call_waits),
            "order.units" => Some(Value::Int(self.units)),
            "company.confirm_up_to_units" => Some(Value::Int(self.limit)),
            "company.task_minutes" => Some(Value::Int(15)),
            "company.call_again_minutes" => Some(Value::Int(60)),
            "company.call_role" => Some(Value::Text("manager".to_owned())),
            _ => fact.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone()),
        }
    }
}

/// `confirm`, `pick`, `call+` for another call, `-pick:packed` for what is closed.
fn told(effect: &Effect) -> String {
    let argument = |name: &str| effect.arguments.get(name).map(ToString::to_string).unwrap_or_default();
    let again = if argument("again") == "true" { "+" } else { "" };
    match effect.action.as_str() {
        "tasks.close" => format!("-{}:{}", argument("kind"), argument("outcome")),
        "tasks.open" if argument("due") == "60" => format!("{}@60", argument("kind")),
        "tasks.open" => format!("{}{again}", argument("kind")),
        _ => "confirm".to_owned(),
    }
}

#[test]
fn what_is_done_when() {
    let playbook = read(RU);
    let all = |outcome: &str| format!("-pick:{outcome} -call:{outcome} -offer_or_refund:{outcome}");
    let back = format!("{} money_taken_back", all("money_taken_back"));
    let closed = |outcome: &str| {
        vec![("fact.kind", Value::Text("call".to_owned())), ("fact.outcome", Value::Text(outcome.to_owned()))]
    };
    let placed = |terms: &str| vec![("fact.terms", Value::Text(terms.to_owned()))];
    let left = |money| vec![("fact.money_left", Value::Bool(money))];
    let owes = Order { in_full: false, prepaid: false, ..BIG };
    for (name, kind, fact, order, expected) in [
        (
            "paid, small",
            "orders.paid",
            vec![],
            PAID,
            "-money_taken_back:paid_again confirm pick call".to_owned(),
        ),
        ("paid, big", "orders.paid", vec![], BIG, "-money_taken_back:paid_again pick call".to_owned()),
        (
            "paid, short",
            "orders.paid",
            vec![],
            SHORT,
            "-money_taken_back:paid_again pick call offer_or_refund".to_owned(),
        ),
        ("paid in part", "orders.paid", vec![], UNPAID, String::new()),
        (
            "paid after it left",
            "orders.paid",
            vec![],
            Order { left: true, ..PAID },
            "-money_taken_back:paid_again".to_owned(),
        ),
        ("placed, owed first", "orders.placed", placed("prepaid"), UNPAID, String::new()),
        ("placed, on delivery", "orders.placed", placed("on_delivery"), owes, "pick call".to_owned()),
        ("placed, paid since", "orders.placed", placed("prepaid"), PAID, String::new()),
        ("short, unpaid", "orders.short", vec![], Order { may_be_packed: false, ..SHORT }, String::new()),
        ("short, paid", "orders.short", vec![], SHORT, "offer_or_refund".to_owned()),
        (
            "stock for a small one",
            "orders.reserved",
            vec![],
            PAID,
            "-offer_or_refund:goods_came confirm".to_owned(),
        ),
        (
            "stock after the call",
            "orders.reserved",
            vec![],
            BIG,
            "-offer_or_refund:goods_came call+".to_owned(),
        ),
        (
            "stock before the call",
            "orders.reserved",
            vec![],
            Order { call_waits: true, ..BIG },
            "-offer_or_refund:goods_came".to_owned(),
        ),
        (
            "stock of a confirmed one",
            "orders.reserved",
            vec![],
            Order { confirmed: true, ..BIG },
            "-offer_or_refund:goods_came".to_owned(),
        ),
        ("money back", "orders.unpaid", left(true), UNPAID, back),
        (
            "money back after it left",
            "orders.unpaid",
            left(true),
            Order { left: true, ..UNPAID },
            "money_taken_back".to_owned(),
        ),
        (
            "money back, cancelled",
            "orders.unpaid",
            left(true),
            Order { cancelled: true, in_work: false, ..UNPAID },
            String::new(),
        ),
        ("money back, enough left", "orders.unpaid", left(true), PAID, String::new()),
        ("dearer by an edit", "orders.unpaid", left(false), UNPAID, all("money_taken_back")),
        ("put off", "orders.deferred", vec![], Order { put_off: true, ..UNPAID }, all("put_off")),
        ("put off and woken since", "orders.deferred", vec![], PAID, String::new()),
        ("woken, paid", "orders.woken", vec![], BIG, "pick call".to_owned()),
        ("woken, unpaid", "orders.woken", vec![], UNPAID, "call+".to_owned()),
        ("reached", "tasks.closed", closed("reached"), BIG, "confirm".to_owned()),
        ("reached, short", "tasks.closed", closed("done"), SHORT, String::new()),
        ("reached, unpaid", "tasks.closed", closed("reached"), UNPAID, String::new()),
        ("not reached", "tasks.closed", closed("not_reached"), BIG, "call@60".to_owned()),
        (
            "not reached, left",
            "tasks.closed",
            closed("not_reached"),
            Order { left: true, ..BIG },
            String::new(),
        ),
        ("call cut short by us", "tasks.closed", closed("shipped"), BIG, String::new()),
        ("packed", "orders.ready", vec![], PAID, "-pick:packed".to_owned()),
        ("shipped", "orders.shipped", vec![("fact.all", Value::Bool(true))], PAID, all("shipped")),
        ("shipped in part", "orders.shipped", vec![("fact.all", Value::Bool(false))], PAID, String::new()),
        (
            "no limit",
            "orders.paid",
            vec![],
            Order { units: 1, limit: 0, ..PAID },
            "-money_taken_back:paid_again pick call".to_owned(),
        ),
    ] {
        let look = |name: &str| order.look(&fact, name);
        let decision = playbook.decide(kind, &look);
        let done: Vec<String> = decision.effects.iter().map(told).collect();
        assert_eq!(done.join(" "), expected, "{name}: {:#?}", decision.looked);
        assert_eq!(playbook.concerns(kind, &look), !done.is_empty(), "{name}");
    }
}
