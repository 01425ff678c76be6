//! What a person types at a step of the way to a connection: read, and kept with the connection.

use std::collections::BTreeMap;

use http::Uri;
use serde_json::Value;
use takt_kernel::{Fault, FieldFault, Result};
use takt_staff::Permit;
use takt_store::{Query, Tx};

use crate::{
    Connection, ManageConnections, System,
    connection::save_settings,
    keys, secrets,
    systems::{Ask, Kept, Shows},
};

/// Everything a system asks for, step after step.
pub(crate) fn of(system: &System) -> impl Iterator<Item = &'static Ask> {
    system.steps.iter().flat_map(|step| match step.shows {
        Shows::Form(asked) => asked.iter(),
        _ => [].iter(),
    })
}

/// Keeps what was typed. An empty secret that is set stays as it is, as long as it goes where it was given for.
///
/// # Errors
/// `input.fields` with what is missing or cannot be, `connections.changed_meanwhile`.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    connection: &Connection,
    system: &System,
    given: &BTreeMap<String, String>,
) -> Result<()> {
    let known = secrets::names(tx, connection.company, connection.id)?;
    let mut settings = connection.settings.clone();
    let (mut wrong, mut typed) = (Vec::new(), Vec::new());
    let fault = |ask: &Ask, code: &str| FieldFault {
        path: ask.name.to_owned(),
        code: code.to_owned().into(),
        args: Vec::new(),
    };
    let elsewhere = goes_elsewhere(connection, system, given);
    for ask in of(system) {
        let text = given.get(ask.name).map(|text| text.trim()).unwrap_or_default();
        match ask.kept {
            Kept::Setting(_) if text.is_empty() => wrong.push(fault(ask, "web.field_required")),
            Kept::Setting(read) => match read(text) {
                Ok(value) => {
                    settings.insert(ask.name.to_owned(), Value::from(value));
                }
                Err(refused) => wrong.push(fault(ask, refused.code())),
            },
            // Nobody else's host is shown a key that was given for another.
            Kept::Secret if text.is_empty() && elsewhere && known.iter().any(|name| name == ask.name) => {
                wrong.push(fault(ask, "connections.secret_for_another"));
            }
            Kept::Secret if text.is_empty() && known.iter().any(|name| name == ask.name) => {}
            Kept::Secret if text.is_empty() => wrong.push(fault(ask, "web.field_required")),
            Kept::Secret if !secrets::fits(text) => wrong.push(fault(ask, "connections.secret_unfit")),
            Kept::Secret => typed.push((ask.name, text)),
        }
    }
    if !wrong.is_empty() {
        return Err(Fault::from_fields(wrong));
    }
    if settings != connection.settings {
        match save_settings(tx, connection, &settings, permit.actor()) {
            // The poll shows there how it goes: what was typed is put beside it.
            Err(fault) if fault.is("connections.changed_meanwhile") => return Err(fault.retryable()),
            saved => saved?,
        }
    }
    for (name, secret) in typed {
        secrets::set(tx, permit, connection.id, name, secret)?;
    }
    // Whoever signs with a secret of their own is shown no key, and acts under one all the same.
    let own = secrets::signed(&tx.slots(), &connection.kind) == Some(secrets::Made::There);
    if own && keys::keys_of(tx, connection.company, connection.id)?.is_empty() {
        keys::issue(tx, permit, connection)?;
    }
    Ok(())
}

/// Whether the shop is another one from now on: another scheme, host or port.
fn goes_elsewhere(connection: &Connection, system: &System, given: &BTreeMap<String, String>) -> bool {
    of(system).any(|ask| {
        let Kept::Setting(read) = ask.kept else { return false };
        let Some(now) = given.get(ask.name).and_then(|text| read(text.trim()).ok()) else { return false };
        let before = connection.settings.get(ask.name).and_then(Value::as_str);
        origin(&now).is_some_and(|now| Some(now) != before.and_then(origin))
    })
}

fn origin(address: &str) -> Option<(String, String, u16)> {
    let address: Uri = address.parse().ok()?;
    let (scheme, host) = (address.scheme_str()?.to_owned(), address.host()?.to_ascii_lowercase());
    let port = address.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    Some((scheme, host, port))
}

/// The address of a shop, as calls begin: keys travel there, so only in a sealed letter or within one machine.
///
/// # Errors
/// `connections.shop_address_malformed`.
pub fn shop_address(text: &str) -> Result<String> {
    let malformed = || Fault::invalid("connections.shop_address_malformed");
    let given = text.trim().trim_end_matches('/');
    let given = if given.contains("://") { given.to_owned() } else { format!("https://{given}") };
    let address: Uri = given.parse().map_err(|_| malformed())?;
    let authority = address.authority().ok_or_else(malformed)?;
    let loopback = ["127.0.0.1", "[::1]"].contains(&authority.host());
    let sealed = address.scheme_str() == Some("https") || loopback && address.scheme_str() == Some("http");
    let plain = !authority.as_str().contains('@') && address.query().is_none() && !given.contains('#');
    if sealed && plain && !authority.host().is_empty() { Ok(given) } else { Err(malformed()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_its_scheme_its_host_and_its_port() {
        let same = |one: &str, other: &str| origin(one) == origin(other);
        assert!(same("https://shop.example", "https://SHOP.example:443/tea"));
        for other in
            ["https://shop.example.evil.example", "https://shop.example:8443", "http://shop.example:443"]
        {
            assert!(!same("https://shop.example", other), "{other}");
        }
        assert_eq!(origin("a word"), None);
    }

    #[test]
    fn a_shop_is_addressed_by_https_and_by_nothing_else() {
        for (given, expected) in [
            ("shop.example", Some("https://shop.example")),
            (" https://shop.example/ ", Some("https://shop.example")),
            ("https://shop.example/tea", Some("https://shop.example/tea")),
            ("shop.example:8443", Some("https://shop.example:8443")),
            ("http://shop.example", None),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https://me:secret@shop.example", None),
            ("https://shop.example/?a=1", None),
            ("https://shop.example#a", None),
            ("ftp://shop.example", None),
            ("чай", None),
            ("", None),
        ] {
            assert_eq!(shop_address(given).ok().as_deref(), expected, "{given}");
        }
    }
}
