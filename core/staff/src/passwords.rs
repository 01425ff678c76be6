//! Passwords: argon2id on a blocking thread, two at a time, so that a burst of sign-ins can take
//! neither the memory nor the workers of the server. An unknown e-mail costs what a known one does.

use std::sync::OnceLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use takt_kernel::{Entropy, Fault, Result};
use tokio::sync::Semaphore;

use crate::input::field;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

const SHORTEST: usize = 10;
/// Longer input only costs time.
const LONGEST_BYTES: usize = 1000;
const SALT_BYTES: usize = 16;

/// # Errors
/// `staff.password_too_short`, `staff.password_too_long`, at the field `password`.
pub(crate) fn check(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST {
        return Err(field("password", "staff.password_too_short"));
    }
    if password.len() > LONGEST_BYTES {
        return Err(field("password", "staff.password_too_long"));
    }
    Ok(())
}

/// The PHC string to keep.
pub(crate) async fn hash(entropy: &dyn Entropy, password: &str) -> Result<String> {
    check(password)?;
    let mut salt = [0_u8; SALT_BYTES];
    entropy.fill(&mut salt)?;
    let password = password.to_owned();
    in_turn(move || hash_now(password.as_bytes(), &salt)).await?
}

/// Whether the password is right. Without a stored hash it takes as long and is wrong.
pub(crate) async fn verify(password: &str, stored: Option<String>) -> Result<bool> {
    let password = if password.len() > LONGEST_BYTES { String::new() } else { password.to_owned() };
    in_turn(move || {
        let known = stored.is_some();
        let hash = match stored {
            Some(hash) => hash,
            None => nobodys_hash()?,
        };
        Ok(known && Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok())
    })
    .await?
}

fn hash_now(password: &[u8], salt: &[u8]) -> Result<String> {
    Argon2::default()
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Fault::broken("staff.password_unhashable").because(error.to_string()))
}

fn nobodys_hash() -> Result<String> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash = hash_now(b"nobody", &[0; SALT_BYTES])?;
    Ok(HASH.get_or_init(|| hash).clone())
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let unhashable = |error: Box<dyn std::error::Error + Send + Sync>| {
        Fault::broken("staff.password_unhashable").because(error)
    };
    let turn = AT_ONCE.acquire().await.map_err(|error| unhashable(error.into()))?;
    let work = move || {
        // Kept by the work and not by whoever waits for it: who hangs up does not stop it.
        let _until_it_ended = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| unhashable(error.into()))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_hangs_up_lets_nobody_in_before_the_hash_is_made() {
        let (go_on, held) = mpsc::channel::<()>();
        let (began, begins) = oneshot::channel();
        let asking = tokio::spawn(in_turn(move || {
            began.send(()).ok();
            held.recv().ok();
        }));
        begins.await.expect("it begins");
        asking.abort();
        assert!(asking.await.is_err_and(|ended| ended.is_cancelled()));
        assert_eq!(AT_ONCE.available_permits(), 1, "the work goes on, and is one of two");
        drop(go_on);
        while AT_ONCE.available_permits() < 2 {
            tokio::task::yield_now().await;
        }
    }
}
