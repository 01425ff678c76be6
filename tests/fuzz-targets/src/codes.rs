use std::{fmt::Display, str::FromStr};

use takt_kernel::{Id, Timestamp, money::Currency};
use takt_notifications::Settings;
use takt_orders::Terms;
use takt_payments_matching::Date;
use takt_staff::{
    Role, RoleSet,
    calendar::{DayHours, Holidays},
};
use takt_stock::Cursor;
use takt_ui::{Lang, Theme};

use crate::text::{fields, text};

/// Everything short that stands in addresses, headers and forms: ids, moments, cursors, hours, codes.
pub fn codes(data: &[u8]) {
    let given = text(data);
    comes_back::<Id<()>>(given);
    comes_back::<Timestamp>(given);
    comes_back::<Cursor>(given);
    comes_back::<DayHours>(given);
    comes_back::<Role>(given);
    comes_back::<RoleSet>(given);
    comes_back::<Lang>(given);
    if let Some(date) = Date::parse_iso(given) {
        assert_eq!(Date::parse_iso(&date.to_string()), Some(date));
    }
    if let Ok(currency) = Currency::from_code(given) {
        assert_eq!(currency.code(), given);
    }
    if let Ok(hours) = given.parse::<DayHours>() {
        let open: i64 = hours.spans().iter().map(|span| span.to - span.from).sum();
        assert!((0..=24 * 3600).contains(&open), "{given:?} is {open} s of a day");
    }
    let _ = Theme::parse(given);
    let _ = Holidays::from_code(given);
    let _ = Terms::from_code(given, 1);
    let weighed = Lang::from_accept_language(given);
    assert!(weighed.is_none_or(|lang| given.to_lowercase().contains(lang.code())));
}

fn comes_back<T: FromStr + Display>(given: &str) {
    let Ok(value) = given.parse::<T>() else { return };
    let written = value.to_string();
    let Ok(again) = written.parse::<T>() else {
        assert!(written.is_empty(), "{given:?} is written as {written:?}, which is refused");
        return;
    };
    assert_eq!(again.to_string(), written, "{given:?}");
}

/// The address of a mail server and of a sender, a line each.
pub fn mail_settings(data: &[u8]) {
    let [server, from] = fields(text(data));
    if let Err(fault) = Settings::parse(None, from) {
        assert!(fault.args().is_empty(), "{fault:?} repeats what was given");
    }
    match Settings::parse(Some(server), "Takt <takt@localhost>") {
        Ok(settings) => {
            let before = server.rsplit_once('@').and_then(|(before, _)| before.rsplit_once(':'));
            let password = before.map_or("", |(_, password)| password);
            let printed = format!("{settings:?}").replace("Takt <takt@localhost>", "");
            assert!(password.len() < 12 || !printed.contains(password), "a password is printed");
        }
        Err(fault) => assert!(fault.args().is_empty(), "{fault:?} repeats what was given"),
    }
}
