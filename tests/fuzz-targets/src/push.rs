use takt_kernel::{CompanyId, Timestamp};
use takt_payments_port::Told;
use takt_proof::{Algorithm, Given, Key, KeyRing, Owner};

/// A key that signed nothing of what comes.
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

/// A bank's push, signed or not: its envelope of either kind, its signature of each kind, and keys as people
/// paste them.
pub fn push(data: &[u8]) {
    for told in [takt_bank_push::read(data), takt_bank_tochka::read(data)].into_iter().flatten() {
        stands(&told, data);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Given::read(text);
    }
    let given = Given::read(PUBLIC).expect("a key");
    let now = Timestamp::from_micros(0);
    let key = Key {
        kid: "a".to_owned(),
        algorithm: Algorithm::EdDsa,
        public: given.public,
        certificate: None,
        not_before: now,
        not_after: None,
        revoked: false,
    };
    let ring = KeyRing::new(Owner { company: CompanyId::new(1), channel: 1 }, vec![key]);
    // Nobody has the private half: whatever verifies here is forged.
    assert!(ring.attached(data, &Algorithm::ALL, false, now).is_err(), "forged");
    let middle = data.len() / 2;
    assert!(ring.detached(&data[..middle], &data[middle..], &Algorithm::ALL, false, now).is_err(), "forged");
    assert!(ring.cms(data, b"{}", &Algorithm::ALL, now).is_err(), "forged");
    let _ = takt_proof::claims_unverified(data);
}

fn stands(told: &Told, data: &[u8]) {
    assert!(!told.account.is_empty() && told.report.accounts == [told.account.clone()], "{told:?}");
    let again = takt_proof::json::object(data).expect("it was read");
    let written = serde_json::to_vec(&again).expect("JSON");
    assert_eq!(takt_proof::json::object(&written).expect("an object"), again);
    for document in &told.report.documents {
        assert!(document.amount.is_positive(), "{document:?}");
        assert!(document.bank_id == told.line && told.line.is_some(), "{document:?}");
        assert_eq!(document.account.as_deref(), Some(told.account.as_str()));
        let day = document.booked_on.as_deref().expect("a day");
        assert!(day.parse::<jiff::civil::Date>().is_ok(), "{day}");
        let written = serde_json::to_string(document).expect("JSON");
        let back: takt_payments_port::BankDocument = serde_json::from_str(&written).expect("a document");
        assert_eq!(&back, document, "a document does not come back from the database");
    }
}
