//! What went wrong last where a bank comes in, kept beside it: the code of its text, what the text names, and the
//! file that was refused for it.

use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result};
use takt_ui::Words;

use crate::import::lines::json;

const LONGEST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub code: String,
    #[serde(default)]
    args: Vec<(String, String)>,
    #[serde(default)]
    pub file: Option<String>,
    /// A file that was refused before, of which nobody may have heard yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    beside: Option<Box<Self>>,
}

impl Trouble {
    pub fn of(fault: &Fault) -> Self {
        let args = fault.args().iter().map(|(name, value)| (name.to_string(), clipped(value))).collect();
        Self { code: fault.code().to_owned(), args, file: None, beside: None }
    }

    /// Said by its code alone.
    pub fn coded(code: &str) -> Self {
        Self { code: code.to_owned(), args: Vec::new(), file: None, beside: None }
    }

    #[must_use]
    pub fn of_file(self, name: &str) -> Self {
        Self { file: Some(clipped(name)), ..self }
    }

    #[must_use]
    pub(crate) fn beside(self, refused: Option<Self>) -> Self {
        Self { beside: refused.map(Box::new), ..self }
    }

    /// What is left of it once the folder itself is well.
    pub(crate) fn of_a_file(self) -> Option<Self> {
        if self.file.is_some() {
            Some(Self { beside: None, ..self })
        } else {
            self.beside.map(|refused| *refused)
        }
    }

    pub fn said(&self, w: &Words) -> String {
        let fault = Fault::invalid(self.code.clone());
        let fault = self.args.iter().fold(fault, |fault, (name, value)| fault.arg(name.clone(), value));
        let said = w.fault(&fault);
        let said = match &self.file {
            Some(file) => format!("{file}: {said}"),
            None => said,
        };
        match &self.beside {
            Some(refused) => format!("{said} {}", refused.said(w)),
            None => said,
        }
    }

    pub(crate) fn written(&self) -> Result<String> {
        if self.args.is_empty() && self.file.is_none() && self.beside.is_none() {
            Ok(self.code.clone())
        } else {
            json(self)
        }
    }

    /// As [`Self::written`] writes it.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_else(|_| Self::coded(kept))
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_says_the_same_when_it_is_read() {
        let fault = Fault::invalid("bank_files.cut_off").arg("line", 7);
        for trouble in [
            Trouble::coded("payments.folder_hangs"),
            Trouble::of(&fault),
            Trouble::of(&fault).of_file("a.txt"),
            Trouble::coded("payments.folder_hangs").beside(Some(Trouble::of(&fault).of_file("a.txt"))),
        ] {
            assert_eq!(Trouble::read(&trouble.written().unwrap()), trouble);
        }
        assert_eq!(Trouble::read("payments.file_empty").code, "payments.file_empty");
        let refused = || Trouble::of(&fault).of_file("a.txt");
        for (known, left) in [
            (Trouble::coded("payments.folder_hangs"), None),
            (refused(), Some(refused())),
            (Trouble::coded("payments.folder_hangs").beside(Some(refused())), Some(refused())),
        ] {
            assert_eq!(known.of_a_file(), left);
        }
    }
}
