//! /home: what is in work, what burns, what was done yesterday. Of several companies a row each, the worst first.

use std::time::Duration;

use axum::extract::State;
use jiff::tz::TimeZone;
use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::panels::{BURNING, Burning};
use takt_staff::{Caller, CompanyAccess, PageHead, Rights, managers, managers::Manager, shops};
use takt_store::Query as Reader;
use takt_web::{Answer, Query, Web};
use takt_work::{Patience, caught_up};

use super::home_parts;
use crate::{
    SeeCabinet, keep,
    questions::usual_answer,
    sums::{self, Days, Look},
    zones,
};

/// Of more companies the worst are shown.
pub(super) const MOST_SHOWN: usize = 50;
/// A page that is asked for because something happened would rather show what came of it.
const PATIENCE: Patience =
    Patience { longest: Duration::from_millis(500), look_again: Duration::from_millis(100) };

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Empty: all that the reader looks after.
    company: String,
}

pub(super) struct View {
    /// Of all that were asked for.
    pub all: Look,
    /// The one that is looked at, when it is one.
    pub one: Option<One>,
    /// Name and look of each, the worst first; empty when one is looked at.
    pub companies: Vec<Row>,
    /// How many more there are.
    pub more: usize,
    pub burning: Vec<(Burning, i64)>,
    pub yesterday: i64,
    pub today: i64,
}

pub(super) struct One {
    pub company: CompanyId,
    pub name: String,
    /// It is all that the reader sees from here: the desk's own list shows the same orders.
    pub alone: bool,
    /// Nothing can come before there is a shop.
    pub shopless: bool,
    pub manager: Option<Manager>,
    /// How long the manager usually takes to answer. Seconds.
    pub answers_in: Option<i64>,
}

pub(super) struct Row {
    pub company: CompanyId,
    pub name: String,
    pub look: Look,
    pub manager: Option<Manager>,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let chosen = chosen(&caller, &asked.company)?;
    let alone = caller.companies().len() == 1;
    let w = caller.words(&web);
    caught_up(&web.db, &keep::LISTENER, PATIENCE).await?;
    let rights = Rights::new(web.db.shared_slots());
    let view = web.db.read("cabinet.home", move |reader| read(reader, &rights, &chosen, alone)).await?;
    let mut head = PageHead::new(w.t("cabinet-title"));
    if let Some(one) = view.one.as_ref().filter(|one| !one.alone) {
        let name = one.name.clone();
        head = PageHead::new(name).crumbs(takt_ui::crumbs(&[(&w.t("cabinet-title"), Some(super::HOME))]));
    }
    Ok(caller.page(&web, head, home_parts::render(&w, &view)))
}

/// The companies that are looked at: one that was chosen, or all that the reader looks after.
pub(super) fn chosen(caller: &Caller, company: &str) -> Result<Vec<CompanyAccess>> {
    let seen: Vec<CompanyAccess> = caller.companies_where::<SeeCabinet>().into_iter().cloned().collect();
    if seen.is_empty() {
        return Err(Fault::denied("staff.denied").arg("permission", "cabinet.see"));
    }
    if company.trim().is_empty() {
        return Ok(seen);
    }
    let wanted: CompanyId = company.trim().parse()?;
    let found = seen.into_iter().find(|there| there.id() == wanted);
    let missing = || Fault::missing("staff.company_missing").arg("given", wanted);
    found.map(|there| vec![there]).ok_or_else(missing)
}

fn read(db: &mut dyn Reader, rights: &Rights, chosen: &[CompanyAccess], alone: bool) -> Result<View> {
    let now = db.now();
    let days: Vec<Days> = chosen.iter().map(|there| Days::at(there.id(), now, &there.company.zone)).collect();
    let looks = sums::look(db, &days)?;
    let mut all = Look::default();
    looks.iter().for_each(|look| all.join(look));
    let burning = burning(db, rights, chosen)?;
    let (one, companies, more) = match chosen {
        [only] => {
            let manager = managers::of(db, only.id())?;
            let answers_in = match &manager {
                Some(manager) => usual_answer(db, only.id(), manager.person)?,
                None => None,
            };
            let shopless = shops::list(db, only.id())?.is_empty();
            let name = only.name().to_owned();
            let one = One { company: only.id(), name, alone, shopless, manager, answers_in };
            (Some(one), Vec::new(), 0)
        }
        _ => {
            let (rows, more) = worst(db, chosen, looks)?;
            (None, rows, more)
        }
    };
    let usual = TimeZone::UTC;
    let zone = chosen.first().map_or(&usual, |there| &there.company.zone);
    Ok(View {
        all,
        one,
        companies,
        more,
        burning,
        yesterday: zones::day_before(now, zone),
        today: zones::day_of(now, zone),
    })
}

fn worst(db: &mut dyn Reader, chosen: &[CompanyAccess], looks: Vec<Look>) -> Result<(Vec<Row>, usize)> {
    let mut found: Vec<(&CompanyAccess, Look)> = chosen.iter().zip(looks).collect();
    // By name among equals: they came sorted so.
    found.sort_by_key(|(_, look)| {
        std::cmp::Reverse((look.late, look.soon, look.stuck, look.in_work().orders))
    });
    let more = found.len().saturating_sub(MOST_SHOWN);
    found.truncate(MOST_SHOWN);
    let mut rows = Vec::new();
    for (there, look) in found {
        let manager = managers::of(db, there.id())?;
        rows.push(Row { company: there.id(), name: there.name().to_owned(), look, manager });
    }
    Ok((rows, more))
}

/// What others say burns, as far as the reader may know of it.
fn burning(db: &mut dyn Reader, rights: &Rights, chosen: &[CompanyAccess]) -> Result<Vec<(Burning, i64)>> {
    let slots = db.slots();
    let mut kinds: Vec<Burning> = slots.of(&BURNING).copied().collect();
    kinds.sort_by_key(|kind| kind.place);
    let mut found = Vec::new();
    for kind in kinds {
        let held = |there: &&CompanyAccess| rights.held_by(kind.permission, there.roles);
        let companies: Vec<CompanyId> = chosen.iter().filter(held).map(CompanyAccess::id).collect();
        if !companies.is_empty() {
            found.push((kind, (kind.count)(db, &companies)?));
        }
    }
    Ok(found)
}
