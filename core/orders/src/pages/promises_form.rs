//! The form of the promises: rows of fields with a number in their names, the last one empty for a new one.

use std::collections::BTreeMap;

use takt_kernel::{Fault, FieldFault, Result};

use crate::{
    Holder,
    clock::{Allowance, MilestoneRule, PauseReason, Promises, Reached, Since},
};

/// Rows that the form offers beyond those that there are.
pub(super) const SPARE: usize = 1;
const MOST_ROWS: usize = 40;

/// What was typed, field by field: `milestones[0].amount`.
#[derive(Clone, Debug, Default)]
pub(super) struct PromisesForm(pub BTreeMap<String, String>);

impl PromisesForm {
    pub fn of(promises: &Promises) -> Self {
        let mut fields = BTreeMap::new();
        let mut put = |row: String, name: &str, value: String| fields.insert(format!("{row}.{name}"), value);
        for (place, rule) in promises.milestones.iter().enumerate() {
            let row = || format!("milestones[{place}]");
            put(row(), "reached", rule.reached.code());
            put(row(), "since", rule.since.code().to_owned());
            put(row(), "amount", rule.allowance.amount().to_string());
            put(row(), "unit", rule.allowance.unit().to_owned());
            if let Some(urgent) = rule.urgent {
                put(row(), "urgent_amount", urgent.amount().to_string());
                put(row(), "urgent_unit", urgent.unit().to_owned());
            }
            put(row(), "calendar", rule.calendar.clone().unwrap_or_default());
            put(row(), "name_ru", rule.name_ru.clone());
            put(row(), "name_en", rule.name_en.clone());
        }
        for (place, reason) in promises.pauses.iter().enumerate() {
            let row = || format!("pauses[{place}]");
            put(row(), "code", reason.code.clone());
            put(row(), "owner", reason.owner.code().to_owned());
            put(row(), "minutes", reason.minutes.to_string());
            put(row(), "name_ru", reason.name_ru.clone());
            put(row(), "name_en", reason.name_en.clone());
        }
        Self(fields)
    }

    pub fn get(&self, path: &str) -> &str {
        self.0.get(path).map_or("", |value| value.trim())
    }

    /// How many rows of a kind have anything in them.
    pub fn rows(&self, kind: &str, field: &str) -> usize {
        let last =
            (0..MOST_ROWS).rev().find(|place| !self.get(&format!("{kind}[{place}].{field}")).is_empty());
        last.map_or(0, |place| place + 1)
    }

    /// Rows without a milestone or an owner are left out; a row keeps its number, so that what is wrong is said at
    /// its place.
    ///
    /// # Errors
    /// `input.fields`.
    pub fn promises(&self) -> Result<Promises> {
        let mut faults = Vec::new();
        let mut milestones = Vec::new();
        for place in 0..self.rows("milestones", "reached") {
            let at = |field: &str| format!("milestones[{place}].{field}");
            if self.get(&at("reached")).is_empty() {
                continue;
            }
            let mut wrong = |field: &str, code: &'static str| {
                faults.push(FieldFault { path: at(field), code: code.into(), args: Vec::new() });
            };
            let reached = Reached::from_code(self.get(&at("reached")));
            let since = Since::ALL.into_iter().find(|since| since.code() == self.get(&at("since")));
            let allowance = self.allowance(&at("amount"), &at("unit"));
            let no_urgent = self.get(&at("urgent_amount")).is_empty();
            let urgent = self.allowance(&at("urgent_amount"), &at("urgent_unit"));
            if reached.is_none() {
                wrong("reached", "orders.milestone_unknown");
            }
            if allowance.is_none() {
                wrong("amount", "orders.allowance");
            }
            if urgent.is_none() && !no_urgent {
                wrong("urgent_amount", "orders.urgent_allowance");
            }
            if let (Some(reached), Some(allowance)) = (reached, allowance) {
                milestones.push(MilestoneRule {
                    reached,
                    since: since.unwrap_or_default(),
                    allowance,
                    urgent,
                    calendar: Some(self.get(&at("calendar")).to_owned()).filter(|name| !name.is_empty()),
                    name_ru: self.get(&at("name_ru")).to_owned(),
                    name_en: self.get(&at("name_en")).to_owned(),
                });
            }
        }
        let pauses = self.pauses(&mut faults);
        if !faults.is_empty() {
            return Err(Fault::from_fields(faults));
        }
        let promises = Promises { milestones, pauses };
        promises.check()?;
        Ok(promises)
    }

    fn pauses(&self, faults: &mut Vec<FieldFault>) -> Vec<PauseReason> {
        let mut pauses: Vec<PauseReason> = Vec::new();
        for place in 0..self.rows("pauses", "owner") {
            let at = |field: &str| format!("pauses[{place}].{field}");
            if self.get(&at("owner")).is_empty() {
                continue;
            }
            let mut wrong = |field: &str, code: &'static str| {
                faults.push(FieldFault { path: at(field), code: code.into(), args: Vec::new() });
            };
            let owner = Holder::ALL.iter().find(|holder| holder.code() == self.get(&at("owner"))).copied();
            let minutes = self.get(&at("minutes")).parse::<i64>().ok();
            let (name_ru, name_en) =
                (self.get(&at("name_ru")).to_owned(), self.get(&at("name_en")).to_owned());
            let known = self.get(&at("code")).to_owned();
            if owner.is_none() {
                wrong("owner", "orders.pause_without_owner");
            }
            if minutes.is_none() {
                wrong("minutes", "orders.allowance");
            }
            if known.is_empty() && name_ru.is_empty() && name_en.is_empty() {
                wrong("name_ru", "orders.empty");
            }
            let code = if known.is_empty() { self.new_code(&pauses) } else { known };
            if let (Some(owner), Some(minutes)) = (owner, minutes) {
                pauses.push(PauseReason { code, owner, minutes, name_ru, name_en });
            }
        }
        pauses
    }

    /// The first `own_…` that nobody has; a code is never given to another reason while the first one is there.
    fn new_code(&self, taken: &[PauseReason]) -> String {
        let is_taken = |code: &str| {
            taken.iter().any(|reason| reason.code == code)
                || (0..MOST_ROWS).any(|place| self.get(&format!("pauses[{place}].code")) == code)
        };
        (1..).map(|n: u32| format!("own_{n}")).find(|code| !is_taken(code)).unwrap_or_default()
    }

    fn allowance(&self, amount: &str, unit: &str) -> Option<Allowance> {
        Allowance::of(self.get(unit), self.get(amount).parse().ok()?)
    }
}
