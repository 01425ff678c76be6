//! `sealed:KEY:base64(nonce, ciphertext, tag)`.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use ring::aead::{Aad, NONCE_LEN, Nonce};
use takt_kernel::{Fault, Result, Slots};
use takt_store::{Query, Tx};

use crate::{of, renew};

/// What begins with this is sealed; whatever else stands there was written in clear.
pub const PREFIX: &str = "sealed:";

/// Whether a kept text is sealed, and under which key.
pub fn is_sealed_by(kept: &str) -> Option<&str> {
    kept.strip_prefix(PREFIX)?.split_once(':').map(|(id, _)| id)
}

/// Seals a text for a place, under the key that the database names: it may have been changed by another node a moment
/// ago, then the source is looked into again. The first time ever the key is made, and the database remembers which
/// it is.
///
/// # Errors
/// `vault.key_missing` when the database is sealed under another key, and those of the key's file.
pub fn seal(tx: &mut Tx<'_>, place: &str, text: &str) -> Result<String> {
    let slots = tx.slots();
    let vault = of(&slots)?;
    let mut keys = vault.keys()?;
    let recorded = renew::held(tx)?;
    if keys.is_empty() {
        if let Some(id) = recorded {
            return Err(vault.missing(&id));
        }
        vault.source()?.make(tx.entropy())?;
        keys = vault.load()?;
    }
    let key = match recorded {
        None => {
            let first = keys.first().ok_or_else(|| vault.missing("—"))?;
            renew::record(tx, &first.id)?;
            first
        }
        Some(id) => {
            if keys.first().is_none_or(|first| first.id != id) {
                keys = vault.load()?;
            }
            keys.iter().find(|key| key.id == id).ok_or_else(|| vault.missing(&id))?
        }
    };
    let mut nonce = [0; NONCE_LEN];
    tx.entropy().fill(&mut nonce)?;
    let mut sealed = text.as_bytes().to_vec();
    key.cipher()?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| Fault::broken("vault.sealing_failed"))?;
    let kept = STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
    Ok(format!("{PREFIX}{}:{kept}", key.id))
}

/// What was sealed for a place; a text from before there were keys is answered as it is.
///
/// # Errors
/// `vault.key_missing`, `vault.damaged`.
pub fn open(slots: &Slots, place: &str, kept: &str) -> Result<String> {
    let Some(id) = is_sealed_by(kept) else { return Ok(kept.to_owned()) };
    let vault = of(slots)?;
    let known = vault.keys()?.into_iter().find(|key| key.id == id);
    let key = match known {
        Some(key) => key,
        None => vault.load()?.into_iter().find(|key| key.id == id).ok_or_else(|| vault.missing(id))?,
    };
    let damaged = || Fault::broken("vault.damaged");
    let body = kept.get(PREFIX.len() + id.len() + 1..).ok_or_else(damaged)?;
    let mut body = STANDARD_NO_PAD.decode(body).map_err(|_| damaged())?;
    let (nonce, sealed) = body.split_at_mut_checked(NONCE_LEN).ok_or_else(damaged)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
    let text =
        key.cipher()?.open_in_place(nonce, Aad::from(place.as_bytes()), sealed).map_err(|_| damaged())?;
    String::from_utf8(text.to_vec()).map_err(|_| damaged())
}
