//! The rules of the regulation that runs, for whoever shows where they act.

use takt_kernel::{CompanyId, Result};
use takt_orders::panels::ClauseRule;
use takt_store::Query;
use takt_ui::Lang;

use crate::{pages::TEXT_HREF, running};

pub(crate) fn rules(db: &mut dyn Query, company: CompanyId, lang: Lang) -> Result<Vec<ClauseRule>> {
    let number = running::of(db, company)?.number;
    let playbook = running::version(db, company, number, lang)?;
    let told = playbook.rules.iter().map(|rule| ClauseRule {
        rule: rule.name.clone(),
        clause: playbook.clauses.get(rule.clause).map(|clause| clause.title.clone()).unwrap_or_default(),
        hears: rule.when.iter().map(|when| when.fact.clone()).collect(),
        does: rule.acts.iter().map(|act| act.action.clone()).collect(),
        href: TEXT_HREF.to_owned(),
    });
    Ok(told.collect())
}
