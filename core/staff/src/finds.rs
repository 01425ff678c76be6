//! What can be found by words from anywhere. Whoever owns a kind of things fills [`FINDERS`]; `/find` asks them all,
//! as the palette and as a page.

use takt_kernel::{CompanyId, Result, Slot};
use takt_store::Query;
use takt_ui::Words;

use crate::rights::Scope;

#[derive(Clone, Copy)]
pub struct Finder {
    /// Who does not hold it finds nothing of this kind.
    pub permission: &'static str,
    /// Smaller stands first.
    pub place: i64,
    /// Asked at every few letters somebody types, so it must do little work whatever there is.
    pub find: fn(&mut dyn Query, &Looking<'_>) -> Result<Vec<Found>>,
}

pub const FINDERS: Slot<Finder> = Slot::new("staff.finders");

/// What somebody looks for.
pub struct Looking<'a> {
    /// The companies in which they hold the finder's permission.
    pub scope: &'a Scope,
    /// Empty: what is new.
    pub typed: &'a str,
    pub words: &'a Words,
    /// For things of another kind that turn up beside: whether the permission is held in that company.
    pub may_in: &'a dyn Fn(CompanyId, &str) -> bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key of the heading under which it stands.
    pub group_key: &'static str,
    pub label: String,
    /// What tells it from others of that label.
    pub note: String,
    pub href: String,
    pub closeness: Closeness,
}

/// How well it is what was typed; the closest stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Its number or name, whole.
    Itself,
    /// Begins with it.
    Begins,
    /// Has the words as they were typed.
    AsTyped,
    /// Has them in another form.
    InAnotherForm,
}

impl Closeness {
    /// Of a folded text to the folded words; none when it has not all of them. Words of less than three letters
    /// have to begin a word.
    pub fn of(text: &str, typed: &str) -> Option<Self> {
        let has = |word: &str| {
            let short = word.chars().count() < 3;
            text.match_indices(word).any(|(at, _)| {
                !short || text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
            })
        };
        if text == typed {
            Some(Self::Itself)
        } else if text.starts_with(typed) {
            Some(Self::Begins)
        } else {
            typed.split(' ').all(has).then_some(Self::AsTyped)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_words_is_closer_than_what_has_them() {
        for (text, typed, expected) in [
            ("заказы", "заказы", Some(Closeness::Itself)),
            ("заказы", "за", Some(Closeness::Begins)),
            ("новый заказ", "заказ", Some(Closeness::AsTyped)),
            ("новый заказ", "ака", Some(Closeness::AsTyped)),
            ("новый заказ", "ак", None),
            ("новый заказ", "зак нов", Some(Closeness::AsTyped)),
            ("новый заказ", "склад", None),
        ] {
            assert_eq!(Closeness::of(text, typed), expected, "{typed} in {text}");
        }
    }
}
