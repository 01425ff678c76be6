//! A fact was heard: the playbook is asked, and what it says is done.

use takt_kernel::Result;
use takt_playbook_language::{Decision, Verdict};
use takt_store::{RecordedFact, Tx};

use crate::{
    about::About,
    actions::Scene,
    replay::evidence::{self, Evidence},
    retry, running,
    situation::{Situation, Whole},
};

/// Most facts concern no rule, and that is found out as cheaply as it can be: from the fact alone, then
/// from the order. Only then is the order locked and all of it looked at; who changes it at the same time
/// sees the tasks that were opened here.
pub(crate) fn react(tx: &mut Tx, fact: &RecordedFact, listener: &'static str) -> Result<()> {
    let Some(about) = About::of(fact) else { return Ok(()) };
    let running = running::about(tx, &about)?;
    let heard = Situation { fact: Some(fact), order: None, work: None, policy: None };
    if !running.playbook.concerns(&fact.kind, &|name| heard.look(name)) {
        return Ok(());
    }
    if let Some(order) = about.order() {
        let seen = takt_orders::load(tx, fact.company, order)?;
        let glanced = Situation { order: Some(&seen), ..heard };
        if !running.playbook.concerns(&fact.kind, &|name| glanced.look(name)) {
            return evidence::note_if_late(tx, fact, order, running.number, listener);
        }
    }
    let whole = Whole::lock(tx, &about)?;
    let situation = whole.situation(Some(fact));
    let decision = running.playbook.deeds(&fact.kind, &|name| situation.look(name));
    let scene = scene(fact, listener, &about, &whole, running.number);
    let mut evidence = Evidence::begin(tx, &about)?;
    for failed in carry_out(tx, &scene, &decision, &mut evidence)? {
        retry::later(tx, &about, fact, &failed, 0)?;
        evidence.failed(failed);
    }
    evidence.say(tx, fact, running.number, &scene.actor())
}

pub(crate) fn scene<'a>(
    fact: &'a RecordedFact,
    listener: &'static str,
    about: &'a About,
    whole: &'a Whole,
    version: i64,
) -> Scene<'a> {
    Scene { listener, about, whole, version, at: fact.at, why: &fact.kind, fact: Some(fact.id), since: None }
}

/// Does what was decided, rule by rule: all of a rule or nothing of it, and none hinders another. Answers the
/// rules that failed; they are told of.
pub(crate) fn carry_out(
    tx: &mut Tx,
    scene: &Scene<'_>,
    decision: &Decision,
    evidence: &mut Evidence,
) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for looked in &decision.looked {
        let rule = &looked.rule;
        match &looked.verdict {
            Verdict::Failed { said } => {
                scene.tell_of_failure(tx, rule, said)?;
                failed.push(rule.clone());
            }
            Verdict::Disagreed { with, about } => scene.tell_of_disagreement(tx, rule, with, about)?,
            _ => {
                let mut effects = decision.effects.iter().filter(|effect| effect.rule == *rule).peekable();
                if effects.peek().is_none() {
                    continue;
                }
                let mut did = Vec::new();
                let done = tx.savepoint(|tx| {
                    effects.try_for_each(|effect| {
                        did.push((effect, scene.carry_out(tx, effect)?));
                        Ok(())
                    })
                });
                match done {
                    Ok(()) => evidence.note(&did)?,
                    Err(fault) if fault.is_retryable() => return Err(fault),
                    Err(fault) => {
                        tracing::warn!(rule, ?fault, "a rule failed");
                        scene.tell_of_failure(tx, rule, fault.code())?;
                        failed.push(rule.clone());
                    }
                }
            }
        }
    }
    Ok(failed)
}
