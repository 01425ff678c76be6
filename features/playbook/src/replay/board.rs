//! The tasks of one order as they would stand under a playbook. What people and other parts of the program did
//! is taken from the facts; what a playbook opens and closes, it opens and closes here.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{Actor, Result, Timestamp};
use takt_orders::past::Past;
use takt_playbook_language::{Effect, Moment, Value};
use takt_store::{Fact as _, RecordedFact};
use takt_tasks::facts::{Closed, Escalated, LeaseEnded, Opened, Released, Rerouted, Taken};

use crate::{
    actions::{RULE_FAILED, RULES_DISAGREE},
    reactions,
    steps::STEPS_MISSING,
    task_key::{Reason, ended_a_shortage},
    words::{self, CLOSE, CONFIRM, OPEN},
};

/// Seconds that tasks of a kind usually took.
pub(crate) type Usual = BTreeMap<String, i64>;

/// From when its working minutes are counted, how many there are, and by the calendar of which name.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub since: Timestamp,
    pub minutes: i64,
    pub calendar: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct BoardTask {
    pub kind: String,
    pub role: String,
    /// By a playbook, and not by people or another part of the program.
    pub ours: bool,
    /// The task that was really opened for the same reason.
    pub real: Option<i64>,
    cause: Option<i64>,
    pub opened_at: Timestamp,
    pub due: Option<Due>,
    pub closed: Option<(Timestamp, String)>,
    taken: bool,
    escalated: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    pub tasks: Vec<BoardTask>,
    keys: BTreeSet<String>,
    /// Really opened, before the look that opened it was come to.
    early: Vec<(Option<i64>, String, i64)>,
}

/// By a rule that heard a fact. What rules did that were tried again stands as it was done.
pub(crate) fn is_playbook(actor: &Actor) -> bool {
    match actor {
        Actor::System { listener, .. } => reactions::asks_rules(listener),
        Actor::Person { .. } | Actor::ShopToken { .. } | Actor::BuyerLink { .. } => false,
    }
}

/// To tell people that a rule has to be mended, or something ticked before it can act: no rule wants it.
pub(crate) fn is_told(kind: &str) -> bool {
    [RULE_FAILED, RULES_DISAGREE, STEPS_MISSING].contains(&kind)
}

/// Whose doing something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// People, other parts of the program, and rules that are not asked anew.
    Others,
    /// A playbook, and on which fact or evidence.
    Playbook(Option<i64>),
}

/// What something is done upon.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub cause: i64,
    /// From when deadlines are counted.
    pub base: Timestamp,
    pub at: Timestamp,
    /// The rule and the beginning of what lasts.
    pub since: Option<(String, Moment)>,
}

impl Board {
    pub fn waits(&self, kind: &str) -> bool {
        self.tasks.iter().any(|task| task.kind == kind && task.closed.is_none())
    }

    /// Somebody higher was asked, and still nobody has taken it.
    pub fn ignored(&self) -> bool {
        self.tasks.iter().any(|task| {
            task.escalated && !task.taken && task.closed.is_none() && !words::is_control(&task.kind)
        })
    }

    /// Takes in what happened to a task. Answers whether that could have happened here: nobody closes a
    /// task that there is not.
    pub fn real(&mut self, fact: &RecordedFact, by: By) -> Result<bool> {
        if fact.kind == Opened::KIND {
            let said: Opened = fact.read()?;
            if let By::Playbook(cause) = by
                && !is_told(&said.kind)
            {
                self.bind(cause, said.kind, fact.subject_id);
            } else {
                self.tasks.push(BoardTask {
                    kind: said.kind,
                    role: said.role.code().to_owned(),
                    ours: false,
                    real: Some(fact.subject_id),
                    cause: fact.cause,
                    opened_at: fact.at,
                    due: None,
                    closed: None,
                    taken: false,
                    escalated: false,
                });
            }
            return Ok(true);
        }
        let known = self.tasks.iter().position(|task| task.real == Some(fact.subject_id));
        if fact.kind != Closed::KIND {
            let Some(task) = known.and_then(|known| self.tasks.get_mut(known)) else { return Ok(false) };
            match fact.kind.as_str() {
                Taken::KIND => task.taken = true,
                Released::KIND | LeaseEnded::KIND => task.taken = false,
                Rerouted::KIND => task.taken = fact.read::<Rerouted>()?.given_back,
                Escalated::KIND => task.escalated = true,
                _ => {}
            }
            return Ok(true);
        }
        let said: Closed = fact.read()?;
        if by != By::Others {
            let closed =
                known.and_then(|known| self.tasks.get(known)).is_some_and(|task| task.closed.is_some());
            return Ok(closed);
        }
        let place = known.or_else(|| {
            let open = |task: &BoardTask| task.ours && task.real.is_none() && task.closed.is_none();
            self.tasks.iter().position(|task| open(task) && task.kind == said.kind)
        });
        let Some(task) = place.and_then(|place| self.tasks.get_mut(place)) else { return Ok(false) };
        if task.closed.is_none() {
            task.closed = Some((fact.at, said.outcome));
        }
        task.real = Some(fact.subject_id);
        Ok(true)
    }

    fn bind(&mut self, cause: Option<i64>, kind: String, id: i64) {
        let same = |task: &&mut BoardTask| task.ours && task.real.is_none() && task.kind == kind;
        if let Some(task) = self.tasks.iter_mut().filter(same).find(|task| task.cause == cause) {
            task.real = Some(id);
            return;
        }
        self.early.push((cause, kind, id));
    }

    /// Tasks that nobody really had are done after the time that such tasks usually took.
    pub fn pass(&mut self, now: Timestamp, usual: &Usual) {
        for task in
            self.tasks.iter_mut().filter(|task| task.ours && task.real.is_none() && task.closed.is_none())
        {
            if let Some(done) = usual.get(&task.kind).map(|seconds| task.opened_at.plus_seconds(*seconds))
                && done <= now
            {
                task.closed = Some((done, "usual".to_owned()));
            }
        }
    }

    /// Does what a rule says. Answers whether anything came of it, as the program does.
    pub fn carry_out(&mut self, effect: &Effect, past: &Past, deed: &Deed) -> bool {
        match effect.action.as_str() {
            OPEN => self.open(effect, past, deed),
            CLOSE => {
                let (kind, outcome) = (text(effect, "kind"), text(effect, "outcome"));
                let waiting = self.tasks.iter_mut().filter(|task| task.kind == kind && task.closed.is_none());
                waiting.fold(false, |_, task| {
                    task.closed = Some((deed.at, outcome.to_owned()));
                    true
                })
            }
            CONFIRM => past.order.confirmed_at.is_none() && past.order.may_be_packed().is_ok(),
            _ => true,
        }
    }

    fn open(&mut self, effect: &Effect, past: &Past, deed: &Deed) -> bool {
        let started = past.order.started_at;
        let again = effect.arguments.get("again") == Some(&Value::Bool(true));
        let since = if text(effect, "since") == "start" { started.unwrap_or(deed.base) } else { deed.base };
        let once = self.key(text(effect, "kind"), text(effect, "once"), past, deed);
        let opened = (started.is_some() || !again) && self.put(effect, once, since, deed);
        if opened || !again {
            return opened;
        }
        let anew = self.key(text(effect, "kind"), "", past, deed);
        self.put(effect, anew, deed.base, deed)
    }

    fn put(&mut self, effect: &Effect, key: String, since: Timestamp, deed: &Deed) -> bool {
        if !self.keys.insert(key) {
            return false;
        }
        let kind = text(effect, "kind").to_owned();
        let minutes = match effect.arguments.get("due") {
            Some(Value::Int(minutes)) => Some(*minutes),
            _ => None,
        };
        let calendar = Some(text(effect, "calendar")).filter(|name| !name.is_empty()).map(str::to_owned);
        let same =
            |(cause, opened, _): &(Option<i64>, String, i64)| *cause == Some(deed.cause) && *opened == kind;
        let early = self.early.iter().position(same).map(|place| self.early.swap_remove(place).2);
        self.tasks.push(BoardTask {
            kind,
            role: text(effect, "role").to_owned(),
            ours: true,
            real: early,
            cause: Some(deed.cause),
            opened_at: deed.at,
            due: minutes.map(|minutes| Due { since, minutes, calendar }),
            closed: None,
            taken: false,
            escalated: false,
        });
        true
    }

    fn key(&self, kind: &str, once: &str, past: &Past, deed: &Deed) -> String {
        let over = |task: &&BoardTask| {
            task.kind == kind && task.closed.as_ref().is_some_and(|(_, outcome)| ended_a_shortage(outcome))
        };
        let reason = Reason {
            kind,
            about: "",
            fact: deed.cause,
            since: deed.since.as_ref().map(|(rule, since)| (rule.as_str(), *since)),
            round: &past.order.started_at.map_or(0, |_| past.round).to_string(),
            shortages: self.tasks.iter().filter(over).count(),
        };
        reason.key(Some(once))
    }
}

fn text<'e>(effect: &'e Effect, name: &str) -> &'e str {
    match effect.arguments.get(name) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}
