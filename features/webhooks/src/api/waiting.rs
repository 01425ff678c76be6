//! Programs that wait for something to happen. Each holds a place; there are only so many, and one program
//! has only a few of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use takt_kernel::{Fault, Result, TokenId};
use takt_web::TOO_MANY_REQUESTS;

const MOST: usize = 200;
const MOST_OF_ONE: usize = 8;
const RETRY_SECONDS: i64 = 5;

#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<TokenId, usize>>);

/// Given back when it is dropped.
pub(super) struct Place {
    waiting: Arc<Waiting>,
    token: TokenId,
}

impl Waiting {
    /// # Errors
    /// `web.too_many_requests`.
    pub fn stay(self: &Arc<Self>, token: TokenId) -> Result<Place> {
        let mut places = self.places();
        let own = places.get(&token).copied().unwrap_or(0);
        if own >= MOST_OF_ONE || places.values().sum::<usize>() >= MOST {
            return Err(Fault::unavailable(TOO_MANY_REQUESTS).arg("seconds", RETRY_SECONDS));
        }
        places.insert(token, own + 1);
        Ok(Place { waiting: self.clone(), token })
    }

    fn places(&self) -> MutexGuard<'_, HashMap<TokenId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.waiting.places();
        if let Some(own) = places.get_mut(&self.token) {
            *own -= 1;
            if *own == 0 {
                places.remove(&self.token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_has_few_places_and_all_together_not_many() {
        let waiting = Arc::new(Waiting::default());
        let mut places: Vec<Place> =
            (0..MOST_OF_ONE).filter_map(|_| waiting.stay(TokenId::new(1)).ok()).collect();
        assert_eq!(places.len(), MOST_OF_ONE);
        assert!(waiting.stay(TokenId::new(1)).is_err_and(|fault| fault.is(TOO_MANY_REQUESTS)));
        places.extend((2..).map_while(|token| waiting.stay(TokenId::new(token)).ok()));
        assert_eq!(places.len(), MOST);
        drop(places);
        assert!(waiting.stay(TokenId::new(1)).is_ok() && waiting.places().is_empty());
    }
}
