//! What waits for somebody, by kind: counted above the list, each count a filter of it. What there is none of
//! is not shown, but for what was chosen: its list is empty now, and one must find the way out.

use maud::{Markup, html};
use takt_kernel::{CompanyId, Result};
use takt_staff::{Caller, CompanyAccess, Rights, Scope};
use takt_store::Query;
use takt_ui::{RailItem, Words};
use takt_web::Web;

use super::list::ListView;
use crate::{
    Narrowed,
    panels::{RAIL, Rail, RailCount},
};

/// A rail and how far its reader sees.
pub(super) type Seen = (Rail, Scope);

/// A rail that was counted.
pub(super) struct Shown {
    pub title_key: &'static str,
    pub topic: &'static str,
    pub counts: Vec<RailCount>,
}

pub(super) fn of(caller: &Caller, web: &Web) -> Vec<Seen> {
    let rights = Rights::new(web.db.shared_slots());
    let seen = |rail: &Rail| {
        let held = |there: &&CompanyAccess| rights.held_by(rail.permission, there.roles);
        let companies: Vec<CompanyId> =
            caller.companies().iter().filter(held).map(CompanyAccess::id).collect();
        let scope = match caller.scope() {
            Scope::Desk { desk, .. } => Scope::Desk { desk, companies: companies.clone() },
            own @ Scope::Company { .. } => own,
        };
        (!companies.is_empty()).then_some((*rail, scope))
    };
    web.db.slots().of(&RAIL).filter_map(seen).collect()
}

/// Who knows the orders of a chosen value.
pub(super) fn narrowed(rails: &[Seen], value: Option<&str>) -> Option<Narrowed> {
    let value = value.filter(|value| !value.is_empty())?;
    let (rail, _) = rails.first()?;
    Some(Narrowed { value: value.to_owned(), orders: rail.orders })
}

pub(super) fn counted(db: &mut dyn Query, rails: Vec<Seen>, words: &Words) -> Result<Vec<Shown>> {
    let count = |(rail, scope): Seen| {
        let counts = (rail.counts)(db, &scope, words)?;
        Ok(Shown { title_key: rail.title_key, topic: rail.topic, counts })
    };
    rails.into_iter().map(count).collect()
}

pub(super) fn rail(w: &Words, view: &ListView) -> Markup {
    let chosen = view.asked.rail().unwrap_or_default();
    html! {
        @for (place, shown) in view.rails.iter().enumerate() {
            div id={ "orders-rail-" (place) } data-live=(shown.topic) {
                (takt_ui::rail(w, &w.t(shown.title_key), &items(view, shown, chosen)))
            }
        }
    }
}

fn items(view: &ListView, shown: &Shown, chosen: &str) -> Vec<RailItem> {
    let worth_showing = |count: &&RailCount| count.count > 0 || count.value == chosen;
    let item = |count: &RailCount| {
        let active = count.value == chosen;
        RailItem {
            label: count.label.clone(),
            // Chosen again it is given up.
            href: view.asked.with("rail", if active { "" } else { &count.value }),
            active,
            count: count.count,
            exact: count.exact,
            overdue: count.overdue,
        }
    };
    shown.counts.iter().filter(worth_showing).map(item).collect()
}
