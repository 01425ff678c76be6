//! How the protocol refuses: a status, a sentence that clients compare letter by letter, and fields.

use http::StatusCode;
use serde_json::{Map, Value, json};
use takt_kernel::{Fault, Kind};
use takt_ui::Words;

use crate::shown;

#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub message: String,
    /// Field → text, or field → code of a fault that is said in words on its way out.
    pub errors: Vec<(String, String)>,
    /// What was behind it, for the log and the quarantine.
    pub fault: Option<Fault>,
    /// Something would be lost: the message waits for a person.
    pub keep: bool,
}

const ENTITY: &str = "Errors in the entity format";
const PARAMETERS: &str = "Errors in the input parameters";

impl Refusal {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: Vec::new(), fault: None, keep: false }
    }

    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }
    pub fn no_such_method() -> Self {
        Self::new(StatusCode::NOT_FOUND, "API method not found")
    }
    pub fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }
    pub fn parameter_missing(name: &str) -> Self {
        Self::bad(format!("Parameter '{name}' is missing"))
    }
    pub fn by(given: &str) -> Self {
        Self::bad(format!(
            "Value \"{given}\" for \"by\" param is not valid. Allowed values are externalId, id."
        ))
    }
    pub fn parameter(name: &str, reason: &str) -> Self {
        Self::bad(PARAMETERS).field(name, reason)
    }
    /// A field of JSON that could not be read: what was sent would be lost.
    pub fn unreadable(name: &str, reason: &str) -> Self {
        // What the program calls its types tells a shop nothing.
        let (before, after) = reason.split_once("struct ").unwrap_or((reason, ""));
        let reason = match after.split_once(' ') {
            _ if after.is_empty() => before.to_owned(),
            Some((_, rest)) => format!("{before}an object {rest}"),
            None => format!("{before}an object"),
        };
        Self::bad(ENTITY).field(name, reason).kept()
    }

    pub fn field(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.errors.push((path.into(), text.into()));
        self
    }
    pub fn kept(mut self) -> Self {
        self.keep = true;
        self
    }

    /// Says a fault in words: field by field where it is about fields.
    pub fn say(&mut self, words: &Words) {
        let Some(fault) = &self.fault else { return };
        if fault.fields().is_empty() && matches!(fault.kind(), Kind::Conflict | Kind::Invalid) {
            self.errors.push(("order".to_owned(), words.fault(fault)));
        }
        for field in fault.fields() {
            self.errors.push((shown::path(&field.path), words.field_fault(field)));
        }
    }

    /// One of a list of refusals: what is wrong, and with what.
    pub fn sentence(mut self, words: &Words, about: &str) -> String {
        self.say(words);
        let wrong: Vec<String> = match self.errors.as_slice() {
            [] => vec![self.message],
            errors => errors.iter().map(|(path, text)| format!("{path}: {text}")).collect(),
        };
        format!("{} {about}.", wrong.join(" "))
    }

    /// In one sentence, for the quarantine.
    pub fn told(&self) -> String {
        match &self.fault {
            Some(fault) => fault.to_string(),
            None if self.errors.is_empty() => self.message.clone(),
            None => {
                let fields: Vec<String> =
                    self.errors.iter().map(|(path, text)| format!("{path}: {text}")).collect();
                format!("{} ({})", self.message, fields.join("; "))
            }
        }
    }

    /// The fault under which a refusal is kept.
    pub fn into_fault(self) -> Fault {
        if let Some(fault) = self.fault {
            return fault;
        }
        let fields: Vec<String> = self.errors.iter().map(|(path, text)| format!("{path}: {text}")).collect();
        Fault::invalid("retailcrm.refused").arg("message", &self.message).arg("fields", fields.join("; "))
    }

    pub fn body(&self) -> Value {
        let mut body = json!({ "success": false, "errorMsg": self.message });
        if !self.errors.is_empty() {
            let errors: Map<String, Value> =
                self.errors.iter().map(|(path, text)| (path.clone(), Value::from(text.as_str()))).collect();
            body["errors"] = Value::Object(errors);
        }
        body
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let refusal = match fault.kind() {
            Kind::Missing => Self::not_found(),
            Kind::Denied => Self::forbidden("Access denied."),
            Kind::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service is temporarily unavailable")
            }
            Kind::Broken => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error").kept(),
            Kind::Conflict | Kind::Invalid => Self::bad(ENTITY).kept(),
        };
        Self { fault: Some(fault), ..refusal }
    }
}
