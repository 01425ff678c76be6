//! /reports/promises: a month beside an earlier one.

use axum::extract::State;
use maud::Markup;
use serde::{Deserialize, Serialize};
use takt_kernel::{Result, ShopId, Timestamp};
use takt_staff::{Caller, PageHead, Scope, see_other_saying};
use takt_store::Query as _;
use takt_ui::{FilterBar, Words};
use takt_web::{Answer, Form, Query, Web};

use super::{REPORT, names::Names, report_parts};
use crate::{
    month::Month,
    rights::SeeReports,
    stored::{self, Answer as Told, Over},
};

const MONTHS_TO_CHOOSE: usize = 24;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub month: String,
    /// The month that is compared with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub base: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub shop: String,
}

/// What is asked for, with everything that was left out.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub scope: Scope,
    pub month: Month,
    pub base: Month,
    pub shop: Option<ShopId>,
}

pub(super) struct View {
    pub wanted: Wanted,
    pub now: Timestamp,
    pub told: Told,
    pub before: Told,
    pub names: Names,
}

impl Asked {
    pub fn wanted(&self, caller: &Caller, now: Timestamp) -> Result<Wanted> {
        let scope = caller.scope_where::<SeeReports>()?;
        let month = match self.month.trim() {
            "" => Month::of(now, &caller.zone),
            given => given.parse()?,
        };
        let base = match self.base.trim() {
            "" => month.before(),
            given => given.parse()?,
        };
        let shop = match self.shop.trim() {
            "" => None,
            given => Some(given.parse()?),
        };
        Ok(Wanted { scope, month, base, shop })
    }
}

impl Wanted {
    pub fn over(&self, month: Month) -> Over {
        let owner = match &self.scope {
            Scope::Company { company, .. } => *company,
            Scope::Desk { desk, .. } => *desk,
        };
        Over { owner, companies: self.scope.companies().to_vec(), shop: self.shop, month }
    }

    pub fn asked(&self) -> Asked {
        Asked {
            month: self.month.to_string(),
            base: self.base.to_string(),
            shop: self.shop.map(|shop| shop.to_string()).unwrap_or_default(),
        }
    }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let words = caller.words(&web);
    let view = read(&caller, &web, &words, &asked).await?;
    let head = PageHead::new(words.t("promises-title")).actions(report_parts::downloads(&words, &view));
    let body = render(&words, &view);
    Ok(caller.page(&web, head, body))
}

pub(super) async fn read(caller: &Caller, web: &Web, words: &Words, asked: &Asked) -> Result<View> {
    let wanted = asked.wanted(caller, web.db.clock().now())?;
    let names = Names::of_companies(caller, wanted.scope.companies());
    let lang = words.lang();
    web.db
        .read("promises.report", move |reader| {
            Ok(View {
                now: reader.now(),
                told: stored::look(reader, &wanted.over(wanted.month))?,
                before: stored::look(reader, &wanted.over(wanted.base))?,
                names: names.clone().read(reader, lang)?,
                wanted: wanted.clone(),
            })
        })
        .await
}

/// Has a report counted that is too large to be counted while somebody waits.
pub(super) async fn count(caller: Caller, State(web): State<Web>, Form(asked): Form<Asked>) -> Answer {
    let wanted = asked.wanted(&caller, web.db.clock().now())?;
    let back = format!("{REPORT}?{}", serde_html_form::to_string(wanted.asked()).unwrap_or_default());
    web.db
        .write("promises.ask", move |tx| {
            stored::ask(tx, &wanted.over(wanted.month))?;
            stored::ask(tx, &wanted.over(wanted.base))
        })
        .await?;
    Ok(see_other_saying(&back, "promises-asked"))
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    report_parts::body(w, view, filter(w, view))
}

fn filter<'w>(w: &'w Words, view: &View) -> FilterBar<'w> {
    let this = Month::of(view.now, w.zone());
    let months: Vec<(String, String)> = std::iter::successors(Some(this), |month| Some(month.before()))
        .take(MONTHS_TO_CHOOSE)
        .map(|month| (month.to_string(), report_parts::month_name(w, month)))
        .collect();
    let asked = view.wanted.asked();
    let mut bar = FilterBar::new(w, REPORT)
        .choice(w.t("promises-month"), "month", &asked.month, months.clone())
        .choice(w.t("promises-base"), "base", &asked.base, months);
    if view.names.shops.len() > 1 {
        let all = std::iter::once((String::new(), w.t("promises-any-shop")));
        let shops = view.names.shops.iter().map(|(id, name)| (id.to_string(), name.clone()));
        bar = bar.choice(w.t("promises-shop"), "shop", &asked.shop, all.chain(shops));
    }
    bar
}
