//! What others signed, by the examples of the standards and by OpenSSL, and what the signer here makes.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use serde_json::json;
use takt_kernel::{CompanyId, Timestamp};
use takt_proof::{Algorithm, Given, Key, KeyRing, Owner, Signer, json as strict};

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn ring(text: &str, kid: &str) -> KeyRing {
    let given = Given::read(text).expect("a key");
    let key = Key {
        kid: kid.to_owned(),
        algorithm: given.algorithms[0],
        public: given.public,
        certificate: given.certificate,
        not_before: Timestamp::from_micros(0),
        not_after: None,
        revoked: false,
    };
    KeyRing::new(Owner { company: CompanyId::new(1), channel: 2 }, vec![key])
}

#[test]
fn the_examples_of_the_standards_verify() {
    for (jwk, token, payload) in [
        (
            json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
        ),
        (
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            "Example of Ed25519 signing",
        ),
    ] {
        let ring = ring(&jwk.to_string(), "a");
        let signed = ring.attached(token.as_bytes(), &Algorithm::ALL, false, NOW).expect("verified");
        assert_eq!(signed.payload(), payload.as_bytes());
        let named = ring.attached(token.as_bytes(), &Algorithm::ALL, true, NOW).expect_err("it names no key");
        assert!(named.is("proof.key_unknown"));
        for at in 0..token.len() {
            let mut other = token.to_owned().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(ring.attached(&other, &Algorithm::ALL, false, NOW).is_err(), "letter {at}");
        }
    }
}

#[test]
fn what_openssl_signed_verifies_and_nothing_else_does() {
    let ring = ring(include_str!("openssl/certificate.pem"), "c");
    let signature = include_bytes!("openssl/signature.der");
    let signed = ring.cms(signature, b"{}", &[Algorithm::Es256], NOW).expect("verified");
    assert_eq!((signed.kid(), signed.payload()), ("c", &b"{}"[..]));
    for body in [&b"{} "[..], b"", b"[]"] {
        assert!(ring.cms(signature, body, &[Algorithm::Es256], NOW).is_err());
    }
    for at in 0..signature.len() {
        let mut other = signature.to_vec();
        other[at] ^= 1;
        if let Ok(signed) = ring.cms(&other, b"{}", &[Algorithm::Es256], NOW) {
            // Some bytes say nothing of what is signed or by whom; none of them changes that.
            assert_eq!((signed.kid(), signed.payload()), ("c", &b"{}"[..]), "byte {at}");
        }
    }
    assert!(ring.cms(signature, b"{}", &[Algorithm::Rs256], NOW).is_err(), "another algorithm is allowed");
}

#[test]
fn a_key_counts_in_its_time_until_it_is_revoked() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let signer = Signer::read(Algorithm::Es256, &key.serialize_der()).expect("a signer");
    let token = signer.attached(&signer.header("a"), b"{}").expect("a token");
    let given = Given::read(&signer.public_pem()).expect("its public half");
    let minute = |count: i64| NOW.plus_seconds(60 * count);
    for (before, after, revoked, code) in [
        (minute(-1), None, false, None),
        (minute(-1), Some(minute(1)), false, None),
        (minute(1), None, false, Some("proof.key_not_in_time")),
        (minute(-2), Some(minute(-1)), false, Some("proof.key_not_in_time")),
        (minute(-1), None, true, Some("proof.key_revoked")),
    ] {
        let key = Key {
            kid: "a".to_owned(),
            algorithm: Algorithm::Es256,
            public: given.public.clone(),
            certificate: None,
            not_before: before,
            not_after: after,
            revoked,
        };
        let ring = KeyRing::new(Owner { company: CompanyId::new(1), channel: 2 }, vec![key]);
        let told = ring.attached(token.as_bytes(), &Algorithm::ALL, true, NOW);
        assert_eq!(told.err().map(|fault| fault.code().to_owned()).as_deref(), code);
    }
}

#[test]
fn a_name_stands_once_at_any_depth() {
    for (text, code) in [
        ("{\"a\":1,\"b\":{\"a\":[{\"a\":2}]}}", None),
        ("{\"a\":1,\"a\":1}", Some("proof.twice_said")),
        ("{\"b\":[{\"a\":1,\"\\u0061\":2}]}", Some("proof.twice_said")),
        ("{\"a\":1} x", Some("proof.not_json")),
        ("[1]", Some("proof.not_json")),
        ("{\"a\":NaN}", Some("proof.not_json")),
    ] {
        let told = strict::object(text.as_bytes()).err().map(|fault| fault.code().to_owned());
        assert_eq!(told.as_deref(), code, "{text}");
    }
}

#[test]
fn keys_that_are_too_weak_or_none_are_refused() {
    let small = json!({"kty": "RSA", "e": "AQAB", "n": "u".repeat(168)}).to_string();
    let private = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    for (text, code) in [
        (small.as_str(), "proof.key_unusable"),
        (private.as_str(), "proof.key_unreadable"),
        ("{\"kty\":\"oct\",\"k\":\"AAAA\"}", "proof.key_unreadable"),
        ("", "proof.key_unreadable"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "proof.key_unusable"),
    ] {
        let fault = Given::read(text).expect_err("no key");
        assert!(fault.fields().iter().any(|field| field.code == code), "{text}: {fault}");
    }
}
