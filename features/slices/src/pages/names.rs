//! Names of what reports only hold by id or code.

use std::collections::{BTreeMap, BTreeSet};

use takt_catalog::offers_by_sku;
use takt_kernel::{CompanyId, PersonId, Result};
use takt_orders::statuses;
use takt_staff::{access, people, shops};
use takt_store::{Query, params, sql};
use takt_ui::{Lang, Words};

use crate::{
    answer::Answer,
    dimension::{Basis, Dimension, Kept},
    period::Day,
    question::Question,
};

/// A desk of more companies is told by companies, not by hundreds of shops.
const MOST_TO_NAME: usize = 20;
const MOST_PRODUCTS: usize = 400;
const MOST_PEOPLE: usize = 200;

#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub shops: BTreeMap<String, String>,
    pub statuses: BTreeMap<String, [String; 2]>,
    pub people: BTreeMap<String, String>,
    pub products: BTreeMap<String, String>,
}

impl Names {
    pub fn of(db: &mut dyn Query, companies: &[CompanyId], told: &[(Dimension, String)]) -> Result<Self> {
        let mut names = Self::default();
        let (mut products, mut persons) = (BTreeSet::new(), BTreeSet::new());
        for (dimension, value) in told {
            match dimension {
                Dimension::Product if products.len() < MOST_PRODUCTS => drop(products.insert(value.as_str())),
                Dimension::Operator if persons.len() < MOST_PEOPLE => drop(persons.insert(value.as_str())),
                _ => {}
            }
        }
        let products: Vec<&str> = products.into_iter().filter(|sku| !sku.is_empty()).collect();
        for company in companies.iter().take(MOST_TO_NAME) {
            let known = shops::list(db, *company)?.into_iter();
            names.shops.extend(known.map(|shop| (shop.id.to_string(), shop.name)));
            let known = statuses::all(db, *company)?.into_iter();
            names.statuses.extend(known.map(|status| (status.code, [status.name_ru, status.name_en])));
            if !products.is_empty() {
                let known = offers_by_sku(db, *company, &products)?.into_values();
                names.products.extend(known.map(|offer| (offer.sku, offer.name)));
            }
        }
        let persons: Vec<PersonId> = persons
            .into_iter()
            .filter_map(|person| person.parse().ok())
            .filter(|person: &i64| *person > 0)
            .map(PersonId::new)
            .collect();
        let known = people::names(db, &persons)?.into_iter();
        names.people.extend(known.map(|(person, name)| (person.to_string(), name)));
        Ok(names)
    }

    /// Which names an answer needs.
    pub fn told(question: &Question, answer: &Answer) -> Vec<(Dimension, String)> {
        let mut told = Vec::new();
        for group in &answer.groups {
            told.push((question.by, group.row.clone()));
            told.extend(question.cross.map(|cross| (cross, group.column.clone())));
        }
        told
    }

    /// Which names the question itself needs. It is written by whoever asks: of people who have nothing to do with
    /// these companies no name is told.
    pub fn asked(
        db: &mut dyn Query,
        companies: &[CompanyId],
        question: &Question,
    ) -> Result<Vec<(Dimension, String)>> {
        let mut asked = Vec::new();
        for (dimension, value) in &question.filters {
            let may_be_named = *dimension != Dimension::Operator || worked_for(db, companies, value)?;
            asked.extend(may_be_named.then(|| (*dimension, value.clone())));
        }
        Ok(asked)
    }

    pub fn status(&self, w: &Words, code: &str) -> String {
        let known = self.statuses.get(code).map(|[ru, en]| if w.lang() == Lang::Ru { ru } else { en });
        known.map_or(code, String::as_str).to_owned()
    }

    /// A value as people call it.
    pub fn value(&self, w: &Words, dimension: Dimension, value: &str) -> String {
        let missing = value.is_empty() || dimension == Dimension::Operator && value == "0";
        if missing || dimension == Dimension::Hour && value == "-1" {
            return w.t(&format!("slices-none-{}", dimension.code()));
        }
        let known =
            |names: &BTreeMap<String, String>| names.get(value).cloned().unwrap_or_else(|| value.to_owned());
        let text = |key: String| w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| value.to_owned());
        match dimension {
            Dimension::Shop => known(&self.shops),
            Dimension::Operator => known(&self.people),
            Dimension::Status | Dimension::Reason => self.status(w, value),
            Dimension::Stage => text(format!("orders-stage-{value}")),
            Dimension::Terms => text(format!("slices-terms-{}", value.replace('_', "-"))),
            Dimension::Source => text(format!("slices-source-{}", value.replace(['_', '.'], "-"))),
            Dimension::Product => match self.products.get(value) {
                Some(name) => format!("{value} {name}"),
                None => value.to_owned(),
            },
            Dimension::Hour => format!("{value:0>2}:00"),
            Dimension::Weekday => text(format!("slices-weekday-{value}")),
            Dimension::Month => month(w, value),
            Dimension::Day => day(w, value),
            Dimension::Week => {
                let last = value.parse::<Day>().map(|monday| monday.plus(6).to_string());
                format!("{}–{}", day(w, value), last.map(|last| day(w, &last)).unwrap_or_default())
            }
            Dimension::City | Dimension::Category | Dimension::Carrier => value.to_owned(),
        }
    }
}

/// Works for one of these companies, or has taken or confirmed an order of theirs.
fn worked_for(db: &mut dyn Query, companies: &[CompanyId], person: &str) -> Result<bool> {
    let Ok(id) = person.parse::<i64>() else { return Ok(false) };
    for company in companies.iter().take(MOST_TO_NAME) {
        let known = db.opt(
            sql!(
                "select 1 as one
                 from slice_sum
                 where company_id = :company_id and basis = :basis and dimension = :dimension and span = 1
                   and value = :person
                 limit 1"
            ),
            params![
                company_id: *company, basis: Basis::Placed.number(), dimension: Kept::Operator.number(),
                person: person,
            ],
        )?;
        if known.is_some() || !access::roles_in(db, *company, PersonId::new(id))?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn day(w: &Words, value: &str) -> String {
    let Ok(day) = value.parse::<Day>() else { return value.to_owned() };
    let date = day.date();
    match w.lang() {
        Lang::Ru => date.strftime("%d.%m.%y").to_string(),
        Lang::En => date.strftime("%-d %b %Y").to_string(),
    }
}

fn month(w: &Words, value: &str) -> String {
    match value.split_once('-') {
        Some((year, month)) => {
            let key = format!("slices-month-{}", month.trim_start_matches('0'));
            format!("{} {year}", w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| month.to_owned()))
        }
        None => value.to_owned(),
    }
}
