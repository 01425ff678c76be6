//! What a playbook can do.

use serde_json::json;
use takt_kernel::{Actor, Fault, Result, Timestamp};
use takt_orders::{ConfirmOrders, Order, confirm};
use takt_playbook_language::{Effect, Value};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{RecordedFact, Tx};
use takt_tasks::{NewTask, State, Task, close_for_order, open};

use crate::{
    policy::Policy,
    situation::Work,
    words::{CLOSE, CONFIRM, OPEN, OUTCOMES, TASKS},
};

/// A rule that could not be answered; somebody has to mend it.
pub(crate) const RULE_FAILED: &str = "rule_failed";

/// What one reaction works with.
pub(crate) struct Scene<'a> {
    pub fact: &'a RecordedFact,
    pub listener: &'a str,
    pub actor: Actor,
    pub order: &'a Order,
    pub work: &'a Work,
    pub policy: &'a Policy,
    /// Of the playbook that acts; 0 is the one that Takt brings along.
    pub version: i64,
}

impl Scene<'_> {
    pub fn carry_out(&self, tx: &mut Tx, effect: &Effect) -> Result<()> {
        let (company, order) = (self.order.company, self.order.id);
        match effect.action.as_str() {
            CONFIRM => {
                confirm(tx, &Permit::<ConfirmOrders>::system(company, self.listener), order).map(|_| ())
            }
            OPEN => self.open(tx, effect),
            CLOSE => {
                let (kind, outcome) = (one_of(effect, "kind", TASKS)?, one_of(effect, "outcome", OUTCOMES)?);
                close_for_order(tx, company, order, kind, outcome, &self.actor).map(|_| ())
            }
            other => Err(Fault::broken("playbook.action_not_known").arg("action", other)),
        }
    }

    /// Shown to the manager, once for each version: a rule is never silently off.
    pub fn tell_of_failure(&self, tx: &mut Tx, rule: &str, said: &str) -> Result<()> {
        let new = NewTask {
            company: self.order.company,
            kind: RULE_FAILED,
            role: Role::Manager,
            order: Some(self.order.id),
            due_at: self.due(tx, self.fact.at, self.policy.task_minutes)?,
            key: Some(format!("playbook/{RULE_FAILED}/{}/{rule}", self.version)),
            args: json!({ "fact": self.fact.id, "rule": rule, "said": said, "playbook": self.version }),
        };
        open(tx, new, &self.actor).map(|_| ())
    }

    fn open(&self, tx: &mut Tx, effect: &Effect) -> Result<()> {
        let kind = one_of(effect, "kind", TASKS)?;
        let role: Role = text(effect, "role").unwrap_or_default().parse()?;
        let since = match text(effect, "since") {
            Some("start") => self.order.started_at.unwrap_or(self.fact.at),
            _ => self.fact.at,
        };
        let minutes = match effect.arguments.get("due") {
            Some(Value::Int(minutes)) => *minutes,
            _ => self.policy.task_minutes,
        };
        let new = |tx: &mut Tx, key: String, since: Timestamp| -> Result<bool> {
            let new = NewTask {
                company: self.order.company,
                kind,
                role,
                order: Some(self.order.id),
                due_at: self.due(tx, since, minutes)?,
                key: Some(key),
                args: json!({
                    "why": self.fact.kind,
                    "fact": self.fact.id,
                    "short": self.order.short,
                    "confirmed": self.order.confirmed_at.is_some(),
                    "rule": effect.rule,
                    "playbook": self.version,
                }),
            };
            Ok(open(tx, new, &self.actor)?.is_some())
        };
        let again = effect.arguments.get("again") == Some(&Value::Bool(true));
        // Without a round there is no first one to be waited for.
        let opened = if again && self.order.started_at.is_none() {
            false
        } else {
            new(tx, self.key(kind, text(effect, "once")), since)?
        };
        if !opened && again {
            new(tx, self.key(kind, None), self.fact.at)?;
        }
        Ok(())
    }

    fn due(&self, tx: &mut Tx, since: Timestamp, minutes: i64) -> Result<Timestamp> {
        let calendar = Calendar::of(tx, self.order.company)?;
        Ok(calendar.add_working_seconds(since, minutes.saturating_mul(60)))
    }

    /// What makes a task the same one: the fact, the round of the order since its promise began, or within
    /// it the shortage, which after the goods had come is another one.
    fn key(&self, kind: &str, once: Option<&str>) -> String {
        let order = self.order.id;
        let round = self.order.started_at.map_or_else(String::new, |at| at.micros().to_string());
        match once {
            Some("round") => format!("playbook/{kind}/{order}/{round}"),
            Some("shortage") => {
                let over = |task: &&Task| {
                    task.kind == kind
                        && matches!(&task.state, State::Closed { outcome, .. } if outcome == "goods_came")
                };
                let episode = self.work.tasks.iter().filter(over).count();
                format!("playbook/{kind}/{order}/{round}/{episode}")
            }
            _ => format!("playbook/{kind}/{order}/after/{}", self.fact.id),
        }
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
