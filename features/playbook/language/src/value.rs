//! What conditions look at and what actions are given.

use cel::common::{
    types::{CelBool, CelInt, CelString},
    value::CowVal,
};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Ladder(Vec<Rung>),
}

/// One step of an escalation: so many minutes after the one before, this role is asked as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rung {
    pub after: i64,
    pub role: String,
}

/// Nobody waits longer, and calendars are counted day by day.
pub const LONGEST_MINUTES: i64 = 366 * 24 * 60;

fn whole(rungs: &[Rung]) -> Option<i64> {
    rungs.iter().try_fold(0_i64, |sum, rung| sum.checked_add(rung.after))
}

/// What kind of value a field holds or an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int,
    Text,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A time in whole minutes, written `15 min`, `2 h` or `1 d`.
    Minutes,
    /// A calendar of the company by its name.
    Calendar,
    /// Who is asked when nobody has acted, of these roles: `[{ after = "15 min", role = "owner" }]`.
    Ladder(&'static [&'static str]),
}

impl Kind {
    /// Whether a value of this kind may be compared with, or given for, one of the other.
    pub(crate) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool, Value::Bool(_))
            | (Self::Int, Value::Int(_))
            | (Self::Text | Self::Calendar, Value::Text(_)) => true,
            (Self::Ladder(roles), Value::Ladder(rungs)) => {
                rungs.iter().all(|rung| roles.contains(&rung.role.as_str()))
                    && whole(rungs).is_some_and(|minutes| minutes <= LONGEST_MINUTES)
            }
            (Self::Minutes, Value::Int(minutes)) => (0..=LONGEST_MINUTES).contains(minutes),
            (Self::OneOf(words), Value::Text(text)) => words.contains(&text.as_str()),
            _ => false,
        }
    }

    /// A time, or times, beyond [`LONGEST_MINUTES`] as the longest that there may be.
    pub(crate) fn shortened(self, value: &Value) -> Option<Value> {
        let shortened = match (self, value) {
            (Self::Minutes, Value::Int(minutes)) => Value::Int((*minutes).min(LONGEST_MINUTES)),
            (Self::Ladder(_), Value::Ladder(rungs)) => {
                let mut left = LONGEST_MINUTES;
                let shorter = |rung: &Rung| {
                    let after = rung.after.min(left);
                    left -= after;
                    Rung { after, role: rung.role.clone() }
                };
                Value::Ladder(rungs.iter().map(shorter).collect())
            }
            _ => return None,
        };
        self.takes(&shortened).then_some(shortened)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Text | Self::OneOf(_) => "text",
            Self::Minutes => "minutes",
            Self::Calendar => "calendar",
            Self::Ladder(_) => "ladder",
        }
    }

    /// A value that stands for all of its kind when a condition is tried out.
    pub(crate) fn sample(self) -> Value {
        match self {
            Self::Bool => Value::Bool(true),
            Self::Int | Self::Minutes => Value::Int(1),
            Self::Text | Self::Calendar => Value::Text(String::new()),
            Self::Ladder(_) => Value::Ladder(Vec::new()),
            Self::OneOf(words) => Value::Text(words.first().copied().unwrap_or_default().to_owned()),
        }
    }
}

impl Value {
    /// A ladder is never asked in a condition; it has no value there.
    pub(crate) fn into_cel(self) -> CowVal<'static, 'static> {
        match self {
            Self::Ladder(rungs) => {
                CowVal::owned(CelInt::from(i64::try_from(rungs.len()).unwrap_or(i64::MAX)))
            }
            Self::Bool(value) => CowVal::owned(CelBool::from(value)),
            Self::Int(value) => CowVal::owned(CelInt::from(value)),
            Self::Text(value) => {
                CowVal::owned(CelString::from(std::borrow::Cow::<'static, str>::Owned(value)))
            }
        }
    }

    pub(crate) fn from_cel(value: &cel::Value) -> Option<Self> {
        match value {
            cel::Value::Bool(value) => Some(Self::Bool(*value)),
            cel::Value::Int(value) => Some(Self::Int(*value)),
            cel::Value::String(value) => Some(Self::Text(value.to_string())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
            Self::Ladder(rungs) => {
                for (place, rung) in rungs.iter().enumerate() {
                    let separator = if place == 0 { "" } else { ", " };
                    write!(f, "{separator}{} min {}", rung.after, rung.role)?;
                }
                Ok(())
            }
        }
    }
}

/// `15 min`, `2 h`, `1 d` in minutes. A day is 24 hours of whatever calendar counts.
pub(crate) fn minutes(text: &str) -> Option<i64> {
    let text = text.trim();
    let (count, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let one = match unit.trim() {
        "min" | "мин" => 1,
        "h" | "ч" => 60,
        "d" | "дн" => 24 * 60,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit_and_nothing_else() {
        for (text, expected) in [
            ("15 min", Some(15)),
            ("15min", Some(15)),
            ("2 h", Some(120)),
            ("1 d", Some(1_440)),
            ("15 мин", Some(15)),
            ("2 ч", Some(120)),
            ("3 дн", Some(4_320)),
            ("15", None),
            ("min", None),
            ("-1 min", None),
            ("1.5 h", None),
            ("99999999999999999 d", None),
            ("", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
