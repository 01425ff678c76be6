//! A fact about an order was heard: the playbook is asked, and what it says is done.

use takt_kernel::{Actor, Result};
use takt_orders::{OrderId, steps};
use takt_playbook_language::Verdict;
use takt_store::{RecordedFact, Tx};

use crate::{
    actions::Scene,
    policy::Policy,
    replay::evidence::{self, Evidence},
    running,
    situation::{Situation, Work},
};

/// Most facts concern no rule, and that is found out as cheaply as it can be: from the fact alone, then
/// from the order. Only then is the order locked and all of it looked at; who changes it at the same time
/// sees the tasks that were opened here.
pub(crate) fn react(tx: &mut Tx, fact: &RecordedFact, listener: &str, order: OrderId) -> Result<()> {
    let running = running::of(tx, fact.company)?;
    let heard = Situation { fact, order: None, work: None, policy: None };
    if !running.playbook.concerns(&fact.kind, &|name| heard.look(name)) {
        return Ok(());
    }
    let seen = takt_orders::load(tx, fact.company, order)?;
    let glanced = Situation { order: Some(&seen), ..heard };
    let actor = Actor::System { listener: listener.to_owned(), version: running.number };
    if !running.playbook.concerns(&fact.kind, &|name| glanced.look(name)) {
        return evidence::note_if_late(tx, fact, order, running.number, &actor);
    }
    let order = steps::lock(tx, fact.company, order)?;
    let mut evidence = Evidence::begin(tx, fact, order.id)?;
    let (policy, work) = (Policy::of(tx, fact.company)?, Work::on(tx, &order)?);
    let whole = Situation { fact, order: Some(&order), work: Some(&work), policy: Some(&policy) };
    let decision = running.playbook.decide(&fact.kind, &|name| whole.look(name));
    let scene = Scene {
        fact,
        listener,
        actor,
        order: &order,
        work: &work,
        policy: &policy,
        version: running.number,
    };
    for effect in &decision.effects {
        let said = tx.said();
        scene.carry_out(tx, effect)?;
        evidence.note(effect, tx.said() > said)?;
    }
    for looked in &decision.looked {
        if let Verdict::Failed { said } = &looked.verdict {
            scene.tell_of_failure(tx, &looked.rule, said)?;
        }
    }
    evidence.say(tx, fact, order.id, running.number, &decision, &scene.actor)
}
