//! What a company has decided about the pages of its buyers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, Timestamp};
use takt_orders::Order;
use takt_staff::{ManageCompany, Permit, settings};
use takt_store::{Query, Tx};
use takt_ui::Lang;

const POLICY: &str = "promise_page.policy";
const DAY_SECONDS: i64 = 86_400;
const MOST_DAYS: i64 = 3_650;
const LONGEST_WORDS: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Policy {
    /// A link opens so long after the order was finished.
    pub days_after_end: i64,
    /// And so long after it was placed, finished or not.
    pub days_at_most: i64,
    /// Off, no link opens anything and none is given out.
    pub on: bool,
    /// Parts that are not shown: title keys of panels, names of what may be asked for.
    pub hidden: BTreeSet<String>,
    /// The company's own words above everything, by language.
    pub words_ru: String,
    pub words_en: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            days_after_end: 30,
            days_at_most: 365,
            on: true,
            hidden: BTreeSet::new(),
            words_ru: String::new(),
            words_en: String::new(),
        }
    }
}

impl Policy {
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, POLICY)?.unwrap_or_default())
    }

    /// # Errors
    /// Field faults `promise_page.days_out_of_range`, `promise_page.words_too_long`.
    pub fn save(&self, tx: &mut Tx, permit: &Permit<ManageCompany>) -> Result<()> {
        let mut faults = Vec::new();
        let mut refuse = |path: &str, code: &'static str, most: i64| {
            let args = vec![("most".into(), most.to_string())];
            faults.push(FieldFault { path: path.to_owned(), code: code.into(), args });
        };
        if !(0..=MOST_DAYS).contains(&self.days_after_end) {
            refuse("days_after_end", "promise_page.days_out_of_range", MOST_DAYS);
        }
        if !(1..=MOST_DAYS).contains(&self.days_at_most) {
            refuse("days_at_most", "promise_page.days_out_of_range", MOST_DAYS);
        }
        for (path, words) in [("words_ru", &self.words_ru), ("words_en", &self.words_en)] {
            if words.chars().count() > LONGEST_WORDS {
                refuse(path, "promise_page.words_too_long", 500);
            }
        }
        if !faults.is_empty() {
            return Err(Fault::from_fields(faults));
        }
        settings::set(tx, permit.company(), POLICY, self, permit.actor())
    }

    pub fn shows(&self, part: &str) -> bool {
        !self.hidden.contains(part)
    }

    /// In the reader's language, else in the one there is.
    pub fn words(&self, lang: Lang) -> &str {
        let (first, other) = match lang {
            Lang::Ru => (&self.words_ru, &self.words_en),
            Lang::En => (&self.words_en, &self.words_ru),
        };
        if first.is_empty() { other } else { first }
    }

    pub fn is_over(&self, order: &Order, now: Timestamp) -> bool {
        let days = |days: i64| days.clamp(0, 10_000) * DAY_SECONDS;
        // Nobody is waited for any more since then.
        let ended = order.holder.is_none().then_some(order.holder_since);
        ended.is_some_and(|ended| now > ended.plus_seconds(days(self.days_after_end)))
            || now > order.placed_at.plus_seconds(days(self.days_at_most))
    }
}
