//! What people type, read once at the edge.

use takt_kernel::{Fault, FieldFault, Result};

pub(crate) fn zone(name: &str) -> Result<jiff::tz::TimeZone> {
    jiff::tz::TimeZone::get(name)
        .map_err(|error| Fault::invalid("staff.zone_unknown").arg("given", name).because(error))
}

pub(crate) fn required_name(given: &str) -> Result<&str> {
    let name = given.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Fault::invalid("staff.name_required"));
    }
    Ok(name)
}

/// An address that could receive mail: something, one `@`, something with a dot or a host name.
pub(crate) fn email(given: &str) -> Result<&str> {
    let email = given.trim();
    let plausible = email.len() <= 254
        && email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
        && !email.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if plausible { Ok(email) } else { Err(field("email", "staff.email_malformed")) }
}

pub(crate) fn field(path: &str, code: &'static str) -> Fault {
    Fault::from_fields(vec![FieldFault { path: path.to_owned(), code: code.into(), args: Vec::new() }])
}
