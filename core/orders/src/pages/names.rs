//! Names of what orders only hold by id or code, asked for once per page.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result, ShopId};
use takt_staff::shops;
use takt_store::Query;
use takt_ui::{Shade, Tone, Words, chip, status};

use crate::{
    order::Order,
    statuses::{self, Status},
};

#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub shops: BTreeMap<ShopId, String>,
    pub statuses: BTreeMap<(CompanyId, String), Status>,
}

impl Names {
    pub(super) fn of(db: &mut dyn Query, companies: &[CompanyId]) -> Result<Self> {
        let mut names = Self::default();
        for company in companies {
            for shop in shops::list(db, *company)? {
                names.shops.insert(shop.id, shop.name);
            }
            for status in statuses::all(db, *company)? {
                names.statuses.insert((*company, status.code.clone()), status);
            }
        }
        Ok(names)
    }

    /// Names for these orders.
    pub(super) fn for_orders(db: &mut dyn Query, orders: &[Order]) -> Result<Self> {
        let mut companies: Vec<CompanyId> = orders.iter().map(|order| order.company).collect();
        companies.sort_unstable();
        companies.dedup();
        Self::of(db, &companies)
    }

    pub(super) fn shop_chip(&self, order: &Order) -> maud::Markup {
        let name = self.shops.get(&order.shop).map_or("", String::as_str);
        chip(name, Shade::of(name))
    }

    pub(super) fn status_name(&self, w: &Words, company: CompanyId, code: &str) -> String {
        match self.statuses.get(&(company, code.to_owned())) {
            Some(status) => status.name(w.lang()).to_owned(),
            None => code.to_owned(),
        }
    }

    pub(super) fn status_mark(&self, w: &Words, order: &Order) -> maud::Markup {
        let known = self.statuses.get(&(order.company, order.status.clone()));
        let tone = known.map_or(Tone::Neutral, |status| tone_of(&status.tone));
        status(self.status_name(w, order.company, &order.status), tone)
    }
}

pub(super) fn tone_of(code: &str) -> Tone {
    match code {
        "info" => Tone::Info,
        "good" => Tone::Good,
        "warn" => Tone::Warn,
        "bad" => Tone::Bad,
        _ => Tone::Neutral,
    }
}
