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
}

impl Trouble {
    pub fn of(fault: &Fault) -> Self {
        let args = fault.args().iter().map(|(name, value)| (name.to_string(), clipped(value))).collect();
        Self { code: fault.code().to_owned(), args, file: None }
    }

    /// Said by its code alone.
    pub fn coded(code: &str) -> Self {
        Self { code: code.to_owned(), args: Vec::new(), file: None }
    }

    #[must_use]
    pub fn of_file(self, name: &str) -> Self {
        Self { file: Some(clipped(name)), ..self }
    }

    pub fn said(&self, w: &Words) -> String {
        let fault = Fault::invalid(self.code.clone());
        let fault = self.args.iter().fold(fault, |fault, (name, value)| fault.arg(name.clone(), value));
        let said = w.fault(&fault);
        match &self.file {
            Some(file) => format!("{file}: {said}"),
            None => said,
        }
    }

    pub(crate) fn written(&self) -> Result<String> {
        if self.args.is_empty() && self.file.is_none() { Ok(self.code.clone()) } else { json(self) }
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
        ] {
            assert_eq!(Trouble::read(&trouble.written().unwrap()), trouble);
        }
        assert_eq!(Trouble::read("payments.file_empty").code, "payments.file_empty");
    }
}
