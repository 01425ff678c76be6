//! Tokens that were looked up a moment ago, so that a program's every request does not ask the database
//! who it is. A revoked token opens nothing on this node from the moment its revocation is answered,
//! and nothing on others a second later.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use takt_kernel::{Slot, Timestamp};

use crate::tokens::Token;

pub(crate) const KNOWN_TOKENS: Slot<Arc<KnownTokens>> = Slot::new("staff.known_tokens");

const KEPT_MICROS: i64 = 1_000_000;
/// A revocation is known before it is committed. Until it surely is, nothing is remembered.
const QUIET_MICROS: i64 = 60_000_000;
const MOST: usize = 4_096;

#[derive(Default)]
pub(crate) struct KnownTokens(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    by_digest: HashMap<Vec<u8>, (Arc<Token>, Timestamp)>,
    quiet_until: Option<Timestamp>,
}

impl KnownTokens {
    pub fn get(&self, digest: &[u8], now: Timestamp) -> Option<Arc<Token>> {
        let inside = self.inside();
        let (token, kept_at) = inside.by_digest.get(digest)?;
        let age = now.micros() - kept_at.micros();
        (0..KEPT_MICROS).contains(&age).then(|| token.clone())
    }

    /// Remembers a token that was read at this moment or later.
    pub fn keep(&self, digest: Vec<u8>, token: Arc<Token>, read_at: Timestamp) {
        let mut inside = self.inside();
        if inside.quiet_until.is_some_and(|until| read_at < until) {
            return;
        }
        if inside.by_digest.len() >= MOST {
            inside.by_digest.clear();
        }
        inside.by_digest.insert(digest, (token, read_at));
    }

    /// Somebody is revoking a token.
    pub fn forget_all(&self, now: Timestamp) {
        let mut inside = self.inside();
        inside.by_digest.clear();
        inside.quiet_until = Some(Timestamp::from_micros(now.micros().saturating_add(QUIET_MICROS)));
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use takt_kernel::{CompanyId, Id, ShopId};

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn token() -> Arc<Token> {
        Arc::new(Token {
            id: Id::new(1),
            company: CompanyId::new(1),
            shop: ShopId::new(1),
            name: "shop".to_owned(),
            scopes: Vec::new(),
            created_at: at(0),
            used_at: None,
            revoked_at: None,
        })
    }

    #[test]
    fn a_token_is_known_for_a_second() {
        let known = KnownTokens::default();
        known.keep(vec![1], token(), at(10));
        assert!(known.get(&[1], at(10)).is_some() && known.get(&[2], at(10)).is_none());
        assert!(known.get(&[1], at(11)).is_none());
        assert!(known.get(&[1], at(9)).is_none(), "a clock that was set back proves nothing");
    }

    #[test]
    fn while_one_is_revoked_none_is_remembered() {
        let known = KnownTokens::default();
        known.keep(vec![1], token(), at(10));
        known.forget_all(at(10));
        assert!(known.get(&[1], at(10)).is_none());
        known.keep(vec![1], token(), at(69));
        assert!(known.get(&[1], at(69)).is_none());
        known.keep(vec![1], token(), at(70));
        assert!(known.get(&[1], at(70)).is_some());
    }
}
