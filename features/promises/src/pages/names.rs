//! Names of what figures only hold by id or code.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result, ShopId};
use takt_orders::{
    Milestone,
    clock::Promises,
    panels::{CLAUSE_RULES, ClauseRule},
    statuses,
};
use takt_staff::{Caller, shops};
use takt_store::Query;
use takt_ui::{Lang, Words};

/// A desk of more companies is told by companies, not by a list of hundreds of shops.
pub(super) const MOST_TO_NAME: usize = 20;

#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub companies: BTreeMap<CompanyId, String>,
    pub shops: BTreeMap<ShopId, String>,
    /// The company's own, when there is one company.
    pub promises: Option<Promises>,
    pub statuses: BTreeMap<String, [String; 2]>,
    /// What the regulation of the one company says.
    pub rules: Vec<ClauseRule>,
}

impl Names {
    /// Without what only the database knows.
    pub fn of_companies(caller: &Caller, companies: &[CompanyId]) -> Self {
        let known = caller.companies().iter().filter(|there| companies.contains(&there.id()));
        Self {
            companies: known.map(|there| (there.id(), there.name().to_owned())).collect(),
            ..Self::default()
        }
    }

    pub fn read(mut self, db: &mut dyn Query, lang: Lang) -> Result<Self> {
        let companies: Vec<CompanyId> = self.companies.keys().copied().collect();
        if companies.len() <= MOST_TO_NAME {
            for company in &companies {
                self.shops.extend(shops::list(db, *company)?.into_iter().map(|shop| (shop.id, shop.name)));
                let known = statuses::all(db, *company)?;
                self.statuses.extend(known.into_iter().map(|one| (one.code, [one.name_ru, one.name_en])));
            }
        }
        if let [company] = companies.as_slice() {
            self.promises = Some(Promises::of(db, *company)?);
            let slots = db.slots();
            for rules in slots.of(&CLAUSE_RULES) {
                self.rules.extend(rules(db, *company, lang)?);
            }
        }
        Ok(self)
    }

    pub fn milestone(&self, w: &Words, milestone: &Milestone) -> String {
        let own = self.promises.as_ref().and_then(|promises| promises.rule(milestone)?.name(w.lang()));
        if let Some(own) = own {
            return own.to_owned();
        }
        match milestone.code().split_once(':') {
            Some((_, status)) => match self.statuses.get(status) {
                Some([ru, en]) => {
                    if w.lang() == Lang::Ru {
                        ru.clone()
                    } else {
                        en.clone()
                    }
                }
                None => status.to_owned(),
            },
            None => w.t(&format!("orders-milestone-{}", milestone.code())),
        }
    }

    pub fn link(&self, w: &Words, from: &Milestone, to: &Milestone) -> String {
        format!("{} → {}", self.milestone(w, from), self.milestone(w, to))
    }

    pub fn place(&self, company: CompanyId, shop: ShopId) -> String {
        let shop = self.shops.get(&shop).cloned().unwrap_or_default();
        match self.companies.get(&company).filter(|_| self.companies.len() > 1) {
            Some(company) if shop.is_empty() => company.clone(),
            Some(company) => format!("{company} · {shop}"),
            None => shop,
        }
    }

    pub fn rule(&self, code: &str) -> Option<&ClauseRule> {
        self.rules.iter().find(|rule| rule.rule == code)
    }
}
