//! Secrets that open something: 256 bits, shown once, stored as SHA-256. They are long enough to
//! need no salt and no slow hash; a lookup goes by the digest, so nothing compares secrets.

use sha2::{Digest, Sha256};
use takt_kernel::{Entropy, Result};

const BYTES: usize = 32;
/// Digits of 2^256 in base 62.
const LENGTH: usize = 43;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new secret: 43 letters and digits.
pub(crate) fn new(entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0_u8; BYTES];
    entropy.fill(&mut bytes)?;
    Ok(base62(bytes))
}

pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

fn base62(mut number: [u8; BYTES]) -> String {
    let mut text = [b'0'; LENGTH];
    for place in text.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in &mut number {
            let value = remainder << 8 | u32::from(*byte);
            *byte = (value / 62) as u8;
            remainder = value % 62;
        }
        *place = ALPHABET[remainder as usize];
    }
    text.iter().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base62_writes_the_whole_number() {
        assert_eq!(base62([0; BYTES]), "0".repeat(LENGTH));
        let mut small = [0; BYTES];
        small[BYTES - 1] = 61;
        assert!(base62(small).ends_with("0z"));
        small[BYTES - 1] = 62;
        assert!(base62(small).ends_with("010"));
        let largest = base62([0xff; BYTES]);
        assert_eq!(largest, "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
    }
}
