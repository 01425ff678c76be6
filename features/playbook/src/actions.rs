//! What a playbook can do.

use serde_json::json;
use takt_kernel::{Actor, Fault, Result, Timestamp};
use takt_orders::{ConfirmOrders, Order, confirm};
use takt_playbook_language::{Effect, Moment, Value};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{Query as _, Tx};
use takt_tasks::{Ladder, NewTask, Rung, State, Task, close_for_order, close_keyed, free_key, open};

use crate::{
    about::About,
    policy::Policy,
    situation::Whole,
    task_key::{Reason, ended_a_shortage},
    words::{CLOSE, CONFIRM, OPEN, OUTCOMES, TASKS},
};

/// A rule that could not be answered or carried out; somebody has to mend it.
pub(crate) const RULE_FAILED: &str = "rule_failed";
/// Two rules that want opposites; somebody has to say which is right.
pub(crate) const RULES_DISAGREE: &str = "rules_disagree";
/// Who closed such a task is not asked again at once: the rule is tried again and again meanwhile.
const TOLD_AGAIN_SECONDS: i64 = 3_600;

/// What one reaction works with.
pub(crate) struct Scene<'a> {
    pub listener: &'static str,
    pub about: &'a About,
    pub whole: &'a Whole,
    /// Of the playbook that acts; 0 is the one that Takt brings along.
    pub version: i64,
    /// From when deadlines are counted: the fact, or the moment at which something had lasted long enough.
    pub at: Timestamp,
    /// The kind of the fact, or that something lasted.
    pub why: &'a str,
    /// The fact, or the one with which it began.
    pub fact: Option<i64>,
    /// Since when what lasts has lasted.
    pub since: Option<Moment>,
}

impl Scene<'_> {
    /// Answers whether anything came of it: what is there already is not done twice, and what a missing step
    /// refuses is not done.
    pub fn carry_out(&self, tx: &mut Tx, effect: &Effect) -> Result<bool> {
        match (effect.action.as_str(), &self.whole.order) {
            (CONFIRM, Some(order)) => {
                let permit = Permit::<ConfirmOrders>::system(self.about.company, self.listener);
                let said = tx.said();
                let confirmed = confirm(tx, &permit, order.id).map(|_| tx.said() > said);
                self.unless_step_missing(tx, &effect.rule, order, confirmed)
            }
            (OPEN, _) => self.open(tx, effect),
            (CLOSE, order) => self.close(tx, effect, order.as_ref()),
            (other, _) => Err(Fault::broken("playbook.action_not_known").arg("action", other)),
        }
    }

    pub fn actor(&self) -> Actor {
        Actor::System { listener: self.listener.to_owned(), version: self.version }
    }

    /// Shown to the manager, once while nobody has closed it: a rule is never silently off.
    pub fn tell_of_failure(&self, tx: &mut Tx, rule: &str, said: &str) -> Result<()> {
        let key = format!("playbook/{RULE_FAILED}/{}/{rule}", self.version);
        self.tell(tx, RULE_FAILED, key, json!({ "rule": rule, "said": said }))
    }

    /// Shown to the manager, once for each pair.
    pub fn tell_of_disagreement(&self, tx: &mut Tx, rule: &str, with: &str, about: &str) -> Result<()> {
        let (first, second) = if rule < with { (rule, with) } else { (with, rule) };
        let key = format!("playbook/{RULES_DISAGREE}/{}/{first}/{second}", self.version);
        self.tell(tx, RULES_DISAGREE, key, json!({ "rule": first, "with": second, "about": about }))
    }

    /// It is about the rule and of no order: what becomes of the one about which it failed mends nothing.
    fn tell(&self, tx: &mut Tx, kind: &'static str, key: String, mut args: serde_json::Value) -> Result<()> {
        if let Some(args) = args.as_object_mut() {
            args.insert("fact".to_owned(), json!(self.fact));
            args.insert("order".to_owned(), json!(self.about.order()));
            args.insert("playbook".to_owned(), json!(self.version));
        }
        let (minutes, now) = (self.policy().task_minutes, tx.now());
        free_key(tx, self.about.company, &key, now.plus_seconds(-TOLD_AGAIN_SECONDS))?;
        let new = NewTask {
            company: self.about.company,
            kind,
            role: Role::Manager,
            order: None,
            due_at: self.due(tx, None, now, minutes)?,
            key: Some(key),
            args,
        };
        open(tx, new, &self.actor()).map(|_| ())
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.whole.policy
    }

    fn started_at(&self) -> Option<Timestamp> {
        self.whole.order.as_ref().and_then(|order| order.started_at)
    }

    fn close(&self, tx: &mut Tx, effect: &Effect, order: Option<&Order>) -> Result<bool> {
        let (kind, outcome) = (one_of(effect, "kind", TASKS)?, one_of(effect, "outcome", OUTCOMES)?);
        let company = self.about.company;
        match order {
            Some(order) => {
                let closed = close_for_order(tx, company, order.id, kind, outcome, &self.actor())?;
                Ok(closed > 0)
            }
            None => {
                let key = self.key(kind, effect, None);
                close_keyed(tx, company, &key, outcome, &self.actor())
            }
        }
    }

    fn open(&self, tx: &mut Tx, effect: &Effect) -> Result<bool> {
        let kind = one_of(effect, "kind", TASKS)?;
        let role: Role = text(effect, "role").unwrap_or_default().parse()?;
        let calendar = text(effect, "calendar");
        let since = match text(effect, "since") {
            Some("start") => self.started_at().unwrap_or(self.at),
            _ => self.at,
        };
        let minutes = match effect.arguments.get("due") {
            Some(Value::Int(minutes)) => *minutes,
            _ => self.policy().task_minutes,
        };
        let order = self.whole.order.as_ref();
        let mut args = json!({
            "why": self.why,
            "fact": self.fact,
            "short": order.is_some_and(|order| order.short),
            "confirmed": order.is_some_and(|order| order.confirmed_at.is_some()),
            "rule": effect.rule,
            "playbook": self.version,
        });
        if let Some(Value::Ladder(rungs)) = effect.arguments.get("ladder") {
            let rung = |rung: &takt_playbook_language::Rung| {
                Ok(Rung { after_minutes: rung.after, role: rung.role.parse()? })
            };
            let rungs = rungs.iter().map(rung).collect::<Result<Vec<_>>>()?;
            Ladder::new(role, rungs, calendar.map(str::to_owned)).put_into(&mut args);
        }
        let new = |tx: &mut Tx, key: String, since: Timestamp| -> Result<bool> {
            let new = NewTask {
                company: self.about.company,
                kind,
                role,
                order: self.about.order(),
                due_at: self.due(tx, calendar, since, minutes)?,
                key: Some(key),
                args: args.clone(),
            };
            Ok(open(tx, new, &self.actor())?.is_some())
        };
        let again = effect.arguments.get("again") == Some(&Value::Bool(true));
        // Without a round there is no first one to be waited for.
        let opened = if again && self.started_at().is_none() {
            false
        } else {
            new(tx, self.key(kind, effect, text(effect, "once")), since)?
        };
        if opened || !again {
            return Ok(opened);
        }
        new(tx, self.key(kind, effect, None), self.at)
    }

    pub(crate) fn due(
        &self,
        tx: &mut Tx,
        calendar: Option<&str>,
        since: Timestamp,
        minutes: i64,
    ) -> Result<Timestamp> {
        let calendar = Calendar::by_name(tx, self.about.company, calendar)?;
        Ok(calendar.add_working_seconds(since, minutes.saturating_mul(60)))
    }

    fn key(&self, kind: &str, effect: &Effect, once: Option<&str>) -> String {
        let over = |task: &&Task| {
            task.kind == kind
                && matches!(&task.state, State::Closed { outcome, .. } if ended_a_shortage(outcome))
        };
        let tasks = self.whole.work.as_ref().map_or(&[][..], |work| &work.tasks);
        let reason = Reason {
            kind,
            about: &self.about.key(),
            fact: self.fact.unwrap_or_default(),
            since: self.since.map(|since| (effect.rule.as_str(), since)),
            round: &self.started_at().map_or_else(String::new, |at| at.micros().to_string()),
            shortages: tasks.iter().filter(over).count(),
        };
        reason.key(once)
    }
}

fn text<'e>(effect: &'e Effect, name: &str) -> Option<&'e str> {
    match effect.arguments.get(name) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The language has checked it already, when the document was read.
fn one_of(effect: &Effect, name: &'static str, words: &[&'static str]) -> Result<&'static str> {
    let given = text(effect, name).unwrap_or_default();
    let known = words.iter().find(|word| **word == given).copied();
    known
        .ok_or_else(|| Fault::broken("playbook.argument_not_known").arg("argument", name).arg("given", given))
}
