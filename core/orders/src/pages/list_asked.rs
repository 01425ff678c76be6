//! What the address of the list asks for: which orders, in what order, with which columns.

use serde::Deserialize;
use takt_kernel::{Result, ShopId};
use takt_staff::Caller;

use super::list_columns::Columns;
use crate::{
    Holder, ListFilter, Sort, Stage,
    api::one_of,
    input::{FieldsAsked, Reading},
};

const PAGE_SIZE: i64 = 50;
pub(super) const IN_WORK: &str = "work";
pub(super) const ALL: &str = "all";
pub(super) const NEWEST: &str = "newest";

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `work` when empty, `all`, or a stage.
    view: String,
    pub shop: String,
    pub status: String,
    pub holder: String,
    /// The code of what comes next.
    pub milestone: String,
    pub q: String,
    /// What was chosen of the rail.
    rail: String,
    /// `newest` where the nearest promise would come first.
    sort: String,
    /// Codes of columns; empty: those of the person.
    columns: String,
    /// The view that people saved and this one began with.
    pub saved: Option<i64>,
    #[serde(flatten)]
    pub fields: FieldsAsked,
    cursor: String,
    /// What was just done, told above the list.
    pub did: Option<i64>,
}

impl Asked {
    /// # Errors
    /// `orders.view_unreadable` of a query that no list has.
    pub(super) fn of_query(query: &str) -> Result<Self> {
        serde_html_form::from_str(query)
            .map_err(|error| takt_kernel::Fault::invalid("orders.view_unreadable").because(error))
    }

    /// What waits for somebody may be about a finished order as well.
    pub(super) fn view(&self) -> &str {
        let usual = if self.rail().is_some() { ALL } else { IN_WORK };
        given(&self.view).unwrap_or(usual)
    }

    pub(super) fn rail(&self) -> Option<&str> {
        given(&self.rail)
    }

    pub(super) fn columns(&self) -> Option<Columns> {
        given(&self.columns).map(Columns::of_text)
    }

    fn stage(&self) -> Result<Option<Stage>> {
        match self.view() {
            IN_WORK | ALL => Ok(None),
            stage => one_of("view", Some(stage.to_owned()), Stage::ALL, Stage::code, "orders.stage_unknown"),
        }
    }

    /// Whether the list could also go by promise; all of them go by age.
    pub(super) fn may_go_by_promise(&self) -> bool {
        let stage_in_work = || self.stage().is_ok_and(|stage| stage.is_some_and(Stage::is_in_work));
        self.view() == IN_WORK || self.rail().is_some() || stage_in_work()
    }

    pub(super) fn is_by_age(&self) -> bool {
        self.sort == NEWEST
    }

    pub(super) fn filter(&self, caller: &Caller) -> Result<ListFilter> {
        let stage = self.stage()?;
        let in_work = self.view() == IN_WORK;
        let reading = Reading {
            zone: &caller.zone,
            currency: caller.workplace().company.currency,
            me: Some(caller.person),
        };
        Ok(ListFilter {
            stage,
            in_work,
            status: given(&self.status).map(str::to_owned),
            shop: given(&self.shop).map(|shop| shop.parse::<ShopId>()).transpose()?,
            holder: one_of(
                "holder",
                given(&self.holder).map(str::to_owned),
                Holder::ALL,
                Holder::code,
                "orders.holder_unknown",
            )?,
            milestone: given(&self.milestone).map(str::to_owned),
            customers: Vec::new(),
            q: self.q.clone(),
            fields: self.fields.read(&reading)?,
            rail: None,
            sort: if self.may_go_by_promise() && !self.is_by_age() { Sort::Promise } else { Sort::Newest },
            limit: PAGE_SIZE,
            cursor: given(&self.cursor).map(str::to_owned),
        })
    }

    /// Everything that stays when the page begins anew, but for what the list is told once.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("view", self.view.clone()),
            ("shop", self.shop.clone()),
            ("status", self.status.clone()),
            ("holder", self.holder.clone()),
            ("milestone", self.milestone.clone()),
            ("q", self.q.clone()),
            ("rail", self.rail.clone()),
            ("sort", self.sort.clone()),
            ("columns", self.columns.clone()),
            ("saved", self.saved.map(|id| id.to_string()).unwrap_or_default()),
        ];
        pairs.extend(self.fields.pairs().map(|(name, value)| (name, value.to_owned())));
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// What is saved of a list: what it shows, not where one stands in it.
    pub(super) fn as_query(&self) -> String {
        let pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| *name != "saved").collect();
        serde_html_form::to_string(pairs).unwrap_or_default()
    }

    /// With the columns that somebody sees of it.
    pub(super) fn with_columns(self, columns: Option<&str>) -> Self {
        Self { columns: columns.unwrap_or_default().to_owned(), ..self }
    }

    /// The address of this list with another value; the page begins anew.
    pub(super) fn with(&self, name: &'static str, value: &str) -> String {
        self.with_all(&[(name, value)])
    }

    pub(super) fn with_all(&self, changed: &[(&'static str, &str)]) -> String {
        let mut pairs = self.pairs();
        pairs.retain(|(known, _)| changed.iter().all(|(name, _)| name != known));
        let new = changed.iter().filter(|(_, value)| !value.is_empty());
        pairs.extend(new.map(|(name, value)| (*name, (*value).to_owned())));
        format!("/orders?{}", serde_html_form::to_string(pairs).unwrap_or_default())
    }

    /// The address of this page of it.
    pub(super) fn here(&self) -> String {
        self.with("cursor", &self.cursor)
    }

    /// The list without its conditions: the same orders in work, or of the same stage.
    pub(super) fn bare(&self) -> String {
        let stays = ["view", "sort", "columns"];
        let pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| stays.contains(name)).collect();
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        if query.is_empty() { format!("/orders?view={}", self.view()) } else { format!("/orders?{query}") }
    }

    pub(super) fn has_conditions(&self) -> bool {
        let stays = ["view", "sort", "columns", "saved", "rail"];
        self.pairs().iter().any(|(name, _)| !stays.contains(name))
    }

    pub(super) fn asks_for_nothing(&self) -> bool {
        *self == Self::default()
    }
}

pub(super) fn given(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}
