//! The plain part of CEL, answered without its machinery: names, words, numbers, comparisons, "and", "or",
//! "not", "in". A fact asks dozens of such conditions and has microseconds for all of them.
//!
//! Invariant: what it answers is what CEL answers; whatever is not plain it leaves to CEL by answering
//! nothing. `tests/quick.rs` holds one against the other.

use std::cmp::Ordering;

use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use crate::{
    condition::{Look, whole_name},
    value::Value,
};

pub(crate) enum Quick {
    Name(String),
    Given(Value),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Compare(Compare, Box<Self>, Box<Self>),
    In(Box<Self>, Vec<Value>),
}

#[derive(Clone, Copy)]
pub(crate) enum Compare {
    Equal,
    Other,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Quick {
    pub fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Select(select) if select.test => None,
            Expr::Ident(_) | Expr::Select(_) => whole_name(expression).map(Self::Name),
            Expr::Literal(literal) => given(literal).map(Self::Given),
            Expr::Call(call) if call.target.is_none() => Self::of_call(call),
            _ => None,
        }
    }

    fn of_call(call: &CallExpr) -> Option<Self> {
        let argument = |place: usize| Self::of(&call.args.get(place)?.expr).map(Box::new);
        let compare = |compare| Some(Self::Compare(compare, argument(0)?, argument(1)?));
        match call.func_name.as_str() {
            operators::LOGICAL_NOT => Some(Self::Not(argument(0)?)),
            operators::LOGICAL_AND => Some(Self::And(argument(0)?, argument(1)?)),
            operators::LOGICAL_OR => Some(Self::Or(argument(0)?, argument(1)?)),
            operators::EQUALS => compare(Compare::Equal),
            operators::NOT_EQUALS => compare(Compare::Other),
            operators::LESS => compare(Compare::Less),
            operators::LESS_EQUALS => compare(Compare::AtMost),
            operators::GREATER => compare(Compare::More),
            operators::GREATER_EQUALS => compare(Compare::AtLeast),
            operators::IN => {
                let Expr::List(list) = &call.args.get(1)?.expr else { return None };
                let literal = |expression: &Expr| match expression {
                    Expr::Literal(literal) => given(literal),
                    _ => None,
                };
                let words: Option<Vec<Value>> =
                    list.elements.iter().map(|element| literal(&element.expr)).collect();
                Some(Self::In(argument(0)?, words?))
            }
            _ => None,
        }
    }

    /// `None` when it is for CEL to say: a name that is not known, kinds that do not fit.
    pub fn evaluate(&self, look: &Look<'_>) -> Option<Value> {
        match self {
            Self::Name(name) => look(name),
            Self::Given(value) => Some(value.clone()),
            _ => self.holds(look).map(Value::Bool),
        }
    }

    fn holds(&self, look: &Look<'_>) -> Option<bool> {
        match self {
            Self::Name(_) | Self::Given(_) => match self.evaluate(look)? {
                Value::Bool(holds) => Some(holds),
                _ => None,
            },
            Self::Not(inner) => inner.holds(look).map(|holds| !holds),
            // One side alone decides, whatever is not known of the other.
            Self::And(left, right) => match (left.holds(look), right.holds(look)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.holds(look), right.holds(look)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Compare(compare, left, right) => {
                let ordering = ordering(&left.evaluate(look)?, &right.evaluate(look)?)?;
                compare.fits(ordering)
            }
            Self::In(left, words) => {
                let value = left.evaluate(look)?;
                let mut found = false;
                for word in words {
                    found |= ordering(&value, word)? == Ordering::Equal;
                }
                Some(found)
            }
        }
    }

    /// The words with which a field is compared for being alike.
    pub fn compared<'q>(&'q self, field: &str, words: &mut Vec<&'q str>) {
        match self {
            Self::Not(inner) => inner.compared(field, words),
            Self::And(left, right) | Self::Or(left, right) => {
                left.compared(field, words);
                right.compared(field, words);
            }
            Self::Compare(Compare::Equal | Compare::Other, left, right) => match (&**left, &**right) {
                (Self::Name(name), Self::Given(Value::Text(word)))
                | (Self::Given(Value::Text(word)), Self::Name(name))
                    if name == field =>
                {
                    words.push(word);
                }
                _ => {}
            },
            Self::In(left, given) => {
                if matches!(&**left, Self::Name(name) if name == field) {
                    words.extend(given.iter().filter_map(|value| match value {
                        Value::Text(word) => Some(word.as_str()),
                        _ => None,
                    }));
                }
            }
            Self::Name(_) | Self::Given(_) | Self::Compare(..) => {}
        }
    }
}

impl Compare {
    fn fits(self, ordering: Ordering) -> Option<bool> {
        Some(match self {
            Self::Equal => ordering.is_eq(),
            Self::Other => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        })
    }
}

fn ordering(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn given(literal: &LiteralValue) -> Option<Value> {
    match literal {
        LiteralValue::Boolean(holds) => Some(Value::Bool(*holds.inner())),
        LiteralValue::Int(number) => Some(Value::Int(*number.inner())),
        LiteralValue::String(text) => Some(Value::Text(text.inner().to_owned())),
        LiteralValue::Bytes(_) | LiteralValue::Double(_) | LiteralValue::Null | LiteralValue::UInt(_) => None,
    }
}
