//! Texts as they may be kept: trimmed, without what no database holds.

/// The text without NULs and without what stands around it.
pub fn clean(text: &str) -> String {
    text.replace('\0', "").trim().to_owned()
}

/// The same, nothing when nothing is left.
pub fn filled(text: Option<&str>) -> Option<String> {
    text.map(clean).filter(|text| !text.is_empty())
}
