//! Oddities that were survived, for people. Kept short: a broken bank program repeats its one
//! mistake in every line.

use takt_payments_port::Warning;

use crate::line::clip;

const MOST: usize = 200;

#[derive(Default)]
pub(crate) struct Warnings {
    list: Vec<Warning>,
    unlisted: usize,
}

impl Warnings {
    pub(crate) fn add(&mut self, code: &str, place: impl ToString, detail: impl AsRef<str>) {
        if self.list.len() == MOST {
            self.unlisted += 1;
            return;
        }
        self.list.push(Warning {
            code: format!("bank_files.{code}"),
            place: place.to_string(),
            detail: clip(detail.as_ref()).to_owned(),
        });
    }

    pub(crate) fn into_list(mut self) -> Vec<Warning> {
        if self.unlisted > 0 {
            self.list.push(Warning {
                code: "bank_files.more_warnings".to_owned(),
                place: String::new(),
                detail: self.unlisted.to_string(),
            });
        }
        self.list
    }
}
