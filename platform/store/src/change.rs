use serde::{Deserialize, Serialize};

/// One field that a fact changed, old → new. `item` is the line or payment it stands on.
/// Personal values are kept in an erasable table beside the log; the fact holds only their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub path: String,
    pub old: Option<String>,
    pub new: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub personal: bool,
}

impl Change {
    pub fn of(path: impl Into<String>, old: Option<String>, new: Option<String>) -> Self {
        Self { path: path.into(), old, new, item: None, personal: false }
    }

    /// The change, unless nothing changed.
    pub fn if_any(path: &str, old: &str, new: &str) -> Option<Self> {
        (old != new).then(|| Self::of(path, Some(old.to_owned()), Some(new.to_owned())))
    }

    pub fn item(mut self, item: i64) -> Self {
        self.item = Some(item);
        self
    }

    pub fn personal(mut self) -> Self {
        self.personal = true;
        self
    }
}
