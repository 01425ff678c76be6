//! What a company promises: its milestones, and whose time it is while an order is held up.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, Timestamp};
use takt_staff::{Calendar, Permit, calendar, settings};
use takt_store::{Query, Tx};
use takt_ui::Lang;

use super::{
    allowance::{Allowance, Wait},
    reached::Reached,
};
use crate::{
    holder::{Holder, Milestone},
    order::Order,
    permissions::ManageStatuses,
    standing::Standing,
    statuses,
};

/// The company's setting with its [`Promises`].
pub const SETTING: &str = "orders.promises";
pub const MOST_MILESTONES: usize = 12;
pub const MOST_REASONS: usize = 20;
const LONGEST_NAME: usize = 60;

/// Since when a milestone's time runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The money, or the order when nothing is owed before packing.
    #[default]
    Money,
    Order,
    /// The milestone before it was reached.
    Previous,
}

impl Since {
    pub const ALL: [Self; 3] = [Self::Money, Self::Order, Self::Previous];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Order => "order",
            Self::Previous => "previous",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneRule {
    pub reached: Reached,
    #[serde(default)]
    pub since: Since,
    pub allowance: Allowance,
    /// For urgent orders; the same as for others when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Allowance>,
    /// One of the company's calendars by its name, whose hours are counted; the usual one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// The company's own name for it; empty: the usual one.
    #[serde(default)]
    pub name_ru: String,
    #[serde(default)]
    pub name_en: String,
}

/// Why an order may be held up, and whose time that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseReason {
    pub code: String,
    pub owner: Holder,
    /// Working minutes after which it goes on by itself when nobody said another moment.
    pub minutes: i64,
    #[serde(default)]
    pub name_ru: String,
    #[serde(default)]
    pub name_en: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Promises {
    /// In the order in which an order reaches them.
    pub milestones: Vec<MilestoneRule>,
    pub pauses: Vec<PauseReason>,
}

/// As it stands in the setting; three allowances by name are how it stood before companies could declare
/// milestones.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored {
    milestones: Option<Vec<MilestoneRule>>,
    pauses: Option<Vec<PauseReason>>,
    confirmed: Option<Allowance>,
    ready: Option<Allowance>,
    delivered: Option<Allowance>,
}

impl From<Stored> for Promises {
    fn from(stored: Stored) -> Self {
        let usual = Self::default();
        let named = [stored.confirmed, stored.ready, stored.delivered];
        let milestones = stored.milestones.unwrap_or_else(|| {
            usual.milestones.into_iter().zip(named).map(|(rule, named)| rule.allowing(named)).collect()
        });
        Self { milestones, pauses: stored.pauses.unwrap_or(usual.pauses) }
    }
}

impl Default for Promises {
    fn default() -> Self {
        let rule = |reached, allowance, urgent| MilestoneRule {
            reached,
            since: Since::Money,
            allowance,
            urgent,
            calendar: None,
            name_ru: String::new(),
            name_en: String::new(),
        };
        let minutes = Allowance::WorkingMinutes;
        let reason = |code: &str, owner, minutes| PauseReason {
            code: code.to_owned(),
            owner,
            minutes,
            name_ru: String::new(),
            name_en: String::new(),
        };
        Self {
            milestones: vec![
                rule(Reached::Confirmed, minutes(15), Some(minutes(5))),
                rule(Reached::Ready, minutes(60), Some(minutes(30))),
                rule(Reached::Delivered, Allowance::Days(1), None),
            ],
            pauses: vec![
                reason(NOT_REACHED, Holder::Buyer, 60),
                reason("buyer_asked", Holder::Buyer, 540),
                reason("supplier", Holder::Supplier, 540),
                reason("carrier", Holder::Carrier, 180),
                reason("stocktaking", Holder::Warehouse, 60),
            ],
        }
    }
}

/// The buyer was called and did not answer.
pub const NOT_REACHED: &str = "not_reached";

/// What an order waits for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<'p> {
    Nothing,
    Money,
    Milestone(&'p MilestoneRule),
}

/// From which moments the promises of one order are counted.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'o> {
    pub placed_at: Timestamp,
    pub started_at: Option<Timestamp>,
    /// When the milestone before was reached.
    pub previous_at: Timestamp,
    pub urgent: bool,
    pub waits: &'o [Wait],
}

impl MilestoneRule {
    fn allowing(self, allowance: Option<Allowance>) -> Self {
        match allowance {
            Some(allowance) => Self { allowance, urgent: None, ..self },
            None => self,
        }
    }

    pub fn milestone(&self) -> Milestone {
        self.reached.milestone()
    }

    pub fn name(&self, lang: Lang) -> Option<&str> {
        named(lang, &self.name_ru, &self.name_en)
    }

    /// Whether any hours are counted at all.
    fn counts_hours(&self) -> bool {
        let mut allowances = [Some(self.allowance), self.urgent].into_iter().flatten();
        allowances.any(|allowance| !matches!(allowance, Allowance::WallMinutes(_)))
    }

    /// By when it is promised, by the hours of its calendar; nothing is promised to who has not paid.
    pub fn due(&self, basis: &Basis<'_>, calendar: &Calendar) -> Option<Timestamp> {
        let started_at = basis.started_at?;
        let start = match self.since {
            Since::Money => started_at,
            Since::Order => basis.placed_at,
            Since::Previous => basis.previous_at.max(started_at),
        };
        let allowance = self.urgent.filter(|_| basis.urgent).unwrap_or(self.allowance);
        Some(allowance.without(start, basis.waits, calendar))
    }
}

impl PauseReason {
    pub fn name(&self, lang: Lang) -> Option<&str> {
        named(lang, &self.name_ru, &self.name_en)
    }
}

fn named<'n>(lang: Lang, ru: &'n str, en: &'n str) -> Option<&'n str> {
    let (first, second) = match lang {
        Lang::Ru => (ru, en),
        Lang::En => (en, ru),
    };
    [first, second].into_iter().find(|name| !name.is_empty())
}

impl Promises {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, SETTING)?.unwrap_or_default())
    }

    /// # Errors
    /// `input.fields` with everything that makes no sense.
    pub fn save(&self, tx: &mut Tx, permit: &Permit<ManageStatuses>) -> Result<()> {
        self.check()?;
        self.check_calendars(tx, permit.company())?;
        settings::set(tx, permit.company(), SETTING, self, permit.actor())
    }

    fn check_calendars(&self, db: &mut dyn Query, company: CompanyId) -> Result<()> {
        if self.milestones.iter().all(|rule| rule.calendar.is_none()) {
            return Ok(());
        }
        let known = calendar::all_named(db, company)?;
        let is_known = |name: &String| known.iter().any(|known| known.name == *name);
        let unknown = |(place, rule): (usize, &MilestoneRule)| {
            let name = rule.calendar.as_ref().filter(|name| !is_known(name))?;
            let args = vec![(Cow::Borrowed("name"), name.clone())];
            let path = format!("milestones[{place}].calendar");
            Some(FieldFault { path, code: "orders.milestone_calendar_unknown".into(), args })
        };
        let faults: Vec<FieldFault> = self.milestones.iter().enumerate().filter_map(unknown).collect();
        if faults.is_empty() { Ok(()) } else { Err(Fault::from_fields(faults)) }
    }

    pub fn next(&self, standing: &Standing, passed: &dyn Fn(&str) -> bool) -> Next<'_> {
        if standing.finished {
            return Next::Nothing;
        }
        if !standing.in_full && (standing.prepaid || standing.delivered) {
            return Next::Money;
        }
        if standing.delivered {
            return Next::Nothing;
        }
        let ahead = self.milestones.iter().find(|rule| !rule.reached.is_true(standing, passed));
        ahead.map_or(Next::Nothing, Next::Milestone)
    }

    /// What this order waits for.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn next_of(&self, db: &mut dyn Query, order: &Order) -> Result<Next<'_>> {
        let known = if self.ask_for_statuses() { statuses::all(db, order.company)? } else { Vec::new() };
        Ok(self.next(&order.standing(), &|code| super::has_passed(&known, &order.status, code)))
    }

    /// Whether a milestone rests on the company's own statuses.
    pub fn ask_for_statuses(&self) -> bool {
        self.milestones.iter().any(|rule| matches!(rule.reached, Reached::Status(_)))
    }

    pub fn rule(&self, milestone: &Milestone) -> Option<&MilestoneRule> {
        self.milestones.iter().find(|rule| rule.milestone() == *milestone)
    }

    pub fn reason(&self, code: &str) -> Option<&PauseReason> {
        self.pauses.iter().find(|reason| reason.code == code)
    }

    /// # Errors
    /// `input.fields`, at `milestones[0].…` and `pauses[0].…`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut wrong = |path: String, code: &'static str, most: Option<usize>| {
            let args = most.map(|most| (Cow::Borrowed("most"), most.to_string())).into_iter().collect();
            faults.push(FieldFault { path, code: code.into(), args });
        };
        if self.milestones.is_empty() {
            wrong("milestones[0].reached".to_owned(), "orders.no_milestones", None);
        }
        if self.milestones.len() > MOST_MILESTONES {
            wrong("milestones[0].reached".to_owned(), "orders.too_many_milestones", Some(MOST_MILESTONES));
        }
        if self.pauses.len() > MOST_REASONS {
            wrong("pauses[0].owner".to_owned(), "orders.too_many_reasons", Some(MOST_REASONS));
        }
        for (place, rule) in self.milestones.iter().enumerate() {
            let at = |field: &str| format!("milestones[{place}].{field}");
            let before = self.milestones.get(..place).unwrap_or_default();
            if before.iter().any(|other| other.reached == rule.reached) {
                wrong(at("reached"), "orders.milestone_twice", None);
            } else if before.iter().any(|other| rule.reached.comes_before(&other.reached)) {
                wrong(at("reached"), "orders.milestone_out_of_order", None);
            }
            if !rule.allowance.is_sensible() {
                wrong(at("amount"), "orders.allowance", None);
            }
            if let Some(urgent) = rule.urgent {
                let longer =
                    urgent.unit() == rule.allowance.unit() && urgent.amount() > rule.allowance.amount();
                if !urgent.is_sensible() || longer {
                    wrong(at("urgent_amount"), "orders.urgent_allowance", None);
                }
            }
            if rule.calendar.is_some() && !rule.counts_hours() {
                wrong(at("calendar"), "orders.milestone_calendar_not_counted", None);
            }
            if rule.name_ru.chars().count().max(rule.name_en.chars().count()) > LONGEST_NAME {
                wrong(at("name_ru"), "orders.too_long", Some(LONGEST_NAME));
            }
        }
        for (place, reason) in self.pauses.iter().enumerate() {
            let at = |field: &str| format!("pauses[{place}].{field}");
            if matches!(reason.owner, Holder::ClosedHours | Holder::Owner) {
                wrong(at("owner"), "orders.holder_unknown", None);
            }
            if !(1..=Allowance::MOST_MINUTES).contains(&reason.minutes) {
                wrong(at("minutes"), "orders.allowance", None);
            }
            if reason.name_ru.chars().count().max(reason.name_en.chars().count()) > LONGEST_NAME {
                wrong(at("name_ru"), "orders.too_long", Some(LONGEST_NAME));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Fault::from_fields(faults)) }
    }
}
