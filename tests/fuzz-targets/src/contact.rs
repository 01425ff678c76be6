use takt_customers::{Email, Phone, shown};

use crate::text::{fields, text};

/// A region and what somebody wrote where a telephone was asked for.
pub fn phone(data: &[u8]) {
    let [region, given] = fields(text(data));
    let Some(phone) = Phone::parse(given, region) else {
        assert!(given.trim().is_empty());
        return;
    };
    assert_eq!(phone.original(), given.trim());
    assert_eq!(Phone::kept(phone.identity().as_deref(), phone.original()), phone, "as stored");
    let Some(identity) = phone.identity() else { return };
    let e164 = phone.e164().unwrap_or_default();
    let digits = e164.strip_prefix('+').unwrap_or_default();
    assert!((4..=17).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()), "{e164}");
    for form in [identity.clone(), shown(&identity), phone.shown()] {
        for region in [region, "RU", ""] {
            let read = Phone::parse(&form, region).and_then(|phone| phone.identity());
            assert_eq!(read.as_deref(), Some(identity.as_str()), "{form} in {region}");
        }
    }
}

/// What somebody wrote where an e-mail address was asked for.
pub fn email(data: &[u8]) {
    let Ok(Some(email)) = Email::parse(text(data)) else { return };
    let address = email.as_str();
    assert!(
        address.len() <= 254 && !address.chars().any(|letter| letter.is_control() || letter.is_whitespace())
    );
    assert_eq!(Email::parse(address).expect("an address").as_ref(), Some(&email), "as stored");
    let identity = email.identity();
    assert_eq!(identity.to_lowercase(), identity, "one person has one identity");
}
