use takt_kernel::{Entropy, Result};

const CONSONANTS: &[u8; 16] = b"bdfgklmnprstvzhj";
const VOWELS: &[u8; 4] = b"aeio";

/// `kavo-suni-rego`: easily typed, and another one each time, since others may reach the port. It
/// carries 36 bits, and the sign-in slows guessing down to a few tries a minute.
pub fn password(entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0; 6];
    entropy.fill(&mut bytes)?;
    let mut password = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if place > 0 && place % 2 == 0 {
            password.push('-');
        }
        password.push(char::from(CONSONANTS[usize::from(byte & 15)]));
        password.push(char::from(VOWELS[usize::from(byte >> 6)]));
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use takt_kernel::SeededEntropy;

    use super::*;

    #[test]
    fn a_password_can_be_pronounced_and_differs() {
        let entropy = SeededEntropy::from_seed(1);
        let (one, other) = (password(&entropy).expect("one"), password(&entropy).expect("other"));
        assert_ne!(one, other);
        assert_eq!(one.len(), 14);
        assert!(one.bytes().all(|letter| letter == b'-' || letter.is_ascii_lowercase()), "{one}");
    }
}
