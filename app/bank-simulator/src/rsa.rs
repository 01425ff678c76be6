//! An RSA key for a bank that signs with one. `ring` signs with such keys and makes none, and a second library
//! of cryptography has no place in the program; a key of a bank that does not exist need not be secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use num_bigint::BigUint;
use serde_json::{Map, Value};
use takt_kernel::{Entropy, Result};

const PRIME_BITS: u64 = 1024;
const ROUNDS: usize = 12;
const EXPONENT: u32 = 65_537;

/// The members of a private JWK of 2048 bits.
pub(crate) fn jwk(entropy: &dyn Entropy) -> Result<Map<String, Value>> {
    let (one, e) = (BigUint::from(1_u8), BigUint::from(EXPONENT));
    loop {
        let (p, q) = (prime(entropy)?, prime(entropy)?);
        let (p, q) = if p > q { (p, q) } else { (q, p) };
        let (below_p, below_q) = (&p - &one, &q - &one);
        let Some(d) = e.modinv(&(&below_p * &below_q)) else { continue };
        let Some(qi) = q.modinv(&p) else { continue };
        let text = |number: &BigUint| Value::from(URL_SAFE_NO_PAD.encode(number.to_bytes_be()));
        let parts = [
            ("n", text(&(&p * &q))),
            ("e", text(&e)),
            ("dp", text(&(&d % &below_p))),
            ("dq", text(&(&d % &below_q))),
            ("d", text(&d)),
            ("qi", text(&qi)),
            ("p", text(&p)),
            ("q", text(&q)),
        ];
        let mut jwk = Map::from_iter([("kty".to_owned(), Value::from("RSA"))]);
        jwk.extend(parts.into_iter().map(|(name, value)| (name.to_owned(), value)));
        return Ok(jwk);
    }
}

fn prime(entropy: &dyn Entropy) -> Result<BigUint> {
    let mut bytes = vec![0; 128];
    loop {
        entropy.fill(&mut bytes)?;
        let mut number = BigUint::from_bytes_be(&bytes);
        // Two of the highest bits, so that the product has all of its own; odd.
        number.set_bit(PRIME_BITS - 1, true);
        number.set_bit(PRIME_BITS - 2, true);
        number.set_bit(0, true);
        if is_prime(&number, entropy)? {
            return Ok(number);
        }
    }
}

fn is_prime(number: &BigUint, entropy: &dyn Entropy) -> Result<bool> {
    let small = (3_u32..2_000).step_by(2);
    if small.into_iter().any(|divisor| number % divisor == BigUint::ZERO) {
        return Ok(false);
    }
    let one = BigUint::from(1_u8);
    let below = number - &one;
    let twos = below.trailing_zeros().unwrap_or_default();
    let odd = &below >> twos;
    let mut bytes = [0; 64];
    for _ in 0..ROUNDS {
        entropy.fill(&mut bytes)?;
        let base = BigUint::from_bytes_be(&bytes) + 2_u8;
        let mut power = base.modpow(&odd, number);
        if power == one || power == below {
            continue;
        }
        let mut witness = true;
        for _ in 1..twos {
            power = power.modpow(&BigUint::from(2_u8), number);
            if power == below {
                witness = false;
                break;
            }
        }
        if witness {
            return Ok(false);
        }
    }
    Ok(true)
}
