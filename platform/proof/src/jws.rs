//! Compact JWS, taken apart. Nothing here is believed yet.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use takt_kernel::{Fault, Result};

use crate::json;

/// Members by which a message would bring its own key, and those that we do not know to be harmless.
const KNOWN: [&str; 6] = ["alg", "kid", "typ", "cty", "b64", "crit"];
const LONGEST_KID: usize = 200;

pub(crate) struct Parts {
    pub algorithm: String,
    pub kid: Option<String>,
    /// Of an attached one.
    pub payload: Vec<u8>,
    pub signing_input: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Parts {
    pub fn attached(body: &[u8]) -> Result<Self> {
        let [header, payload, signature] = three(body)?;
        let (algorithm, kid) = read_header(header, false)?;
        if payload.is_empty() {
            return Err(malformed());
        }
        let signing_input = [header, b".", payload].concat();
        Ok(Self { algorithm, kid, payload: decode(payload)?, signing_input, signature: decode(signature)? })
    }

    pub fn detached(jws: &[u8], body: &[u8]) -> Result<Self> {
        let [header, between, signature] = three(jws)?;
        let (algorithm, kid) = read_header(header, true)?;
        if !between.is_empty() {
            return Err(malformed());
        }
        let signing_input = [header, b".", body].concat();
        Ok(Self { algorithm, kid, payload: Vec::new(), signing_input, signature: decode(signature)? })
    }
}

/// The payload of an attached JWS that was verified when it came and is read again from where it was kept.
///
/// # Errors
/// `proof.malformed`.
pub fn claims_unverified(body: &[u8]) -> Result<Vec<u8>> {
    Parts::attached(body).map(|parts| parts.payload)
}

fn three(text: &[u8]) -> Result<[&[u8]; 3]> {
    let mut parts = text.split(|byte| *byte == b'.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(one), Some(two), Some(three), None) if !one.is_empty() && !three.is_empty() => {
            Ok([one, two, three])
        }
        (_, _, Some(b""), None) => Err(Fault::denied("proof.unsigned")),
        _ => Err(malformed()),
    }
}

fn read_header(header: &[u8], detached: bool) -> Result<(String, Option<String>)> {
    let header = json::object(&decode(header)?)?;
    if let Some(name) = header.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        let name: String = name.chars().take(20).collect();
        return Err(Fault::denied("proof.header_refused").arg("name", name));
    }
    let text = |name: &str| header.get(name).map(|value| value.as_str().ok_or_else(malformed)).transpose();
    let unencoded = is_unencoded(&header)?;
    if unencoded != detached {
        return Err(Fault::denied("proof.header_refused").arg("name", "b64"));
    }
    let algorithm = text("alg")?.ok_or_else(|| Fault::denied("proof.unsigned"))?.to_owned();
    let kid = text("kid")?.map(str::to_owned);
    if kid.as_ref().is_some_and(|kid| kid.len() > LONGEST_KID) {
        return Err(malformed());
    }
    Ok((algorithm, kid))
}

/// `b64: false` counts only when `crit` says so, and nothing else may be critical.
fn is_unencoded(header: &Map<String, Value>) -> Result<bool> {
    match (header.get("b64"), header.get("crit")) {
        (None, None) => Ok(false),
        (Some(Value::Bool(false)), Some(Value::Array(critical))) if *critical == ["b64"] => Ok(true),
        _ => Err(Fault::denied("proof.header_refused").arg("name", "crit")),
    }
}

fn decode(text: &[u8]) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())
}

fn malformed() -> Fault {
    Fault::invalid("proof.malformed")
}
