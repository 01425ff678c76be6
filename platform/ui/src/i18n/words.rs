//! What every page is given to speak with: the texts, the reader's language and time zone.

use std::sync::Arc;

use jiff::{civil::DateTime, tz::TimeZone};
use maud::{Markup, html};
use takt_kernel::{
    Fault, FieldFault, Timestamp,
    money::{Currency, Money, Quantity, UnitPrice},
};

use super::{Arg, Lang, Texts, formats};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[derive(Clone)]
pub struct Words {
    texts: Arc<Texts>,
    lang: Lang,
    zone: TimeZone,
}

impl Words {
    pub fn new(texts: Arc<Texts>, lang: Lang, zone: TimeZone) -> Self {
        Self { texts, lang, zone }
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
    pub fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }

    pub fn t(&self, key: &str) -> String {
        self.texts.say(self.lang, key, &[])
    }
    pub fn ta(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.texts.say(self.lang, key, args)
    }
    pub fn fault(&self, fault: &Fault) -> String {
        self.texts.fault(self.lang, fault)
    }
    pub fn field_fault(&self, field: &FieldFault) -> String {
        self.texts.field_fault(self.lang, field)
    }

    /// `1 234,50 ₽`; `₽1,234.50`.
    pub fn money(&self, money: Money) -> String {
        formats::money(self.lang, money)
    }
    /// The amount alone, for columns whose currency stands in the head.
    pub fn amount(&self, money: Money) -> String {
        formats::decimal(self.lang, &money.to_decimal_string())
    }
    pub fn number(&self, number: i64) -> String {
        formats::decimal(self.lang, &number.to_string())
    }
    pub fn quantity(&self, quantity: Quantity) -> String {
        formats::decimal(self.lang, &quantity.to_decimal_string())
    }
    /// `шт.` for `pcs`; a unit that shops made up stands as they wrote it.
    pub fn unit(&self, code: &str) -> String {
        let code = code.trim();
        // Shops write their units in Russian as often as by code.
        let lower = code.trim_end_matches('.').to_lowercase();
        let meant = match lower.as_str() {
            "шт" => "pcs",
            "кг" => "kg",
            "г" => "g",
            "л" => "l",
            "м" => "m",
            other => other,
        };
        let known = self.texts.find(self.lang, &format!("ui-unit-{meant}"), &[]);
        known.unwrap_or_else(|| code.to_owned())
    }
    /// A plain decimal as it stands in a field: with the point of the language and no grouping. Whatever else was typed
    /// stays as it is.
    pub fn typed(&self, plain: &str) -> String {
        let figures = plain.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '-');
        match self.lang {
            Lang::Ru if figures => plain.replace('.', ","),
            _ => plain.to_owned(),
        }
    }
    pub fn unit_price(&self, price: UnitPrice) -> String {
        formats::decimal(self.lang, &price.to_decimal_string())
    }
    /// As [`Words::unit_price`], with its currency: `199,50 ₽`.
    pub fn price(&self, price: UnitPrice, currency: Currency) -> String {
        formats::with_currency(self.lang, &self.unit_price(price), currency.code())
    }
    pub fn phone(&self, e164: &str) -> String {
        formats::phone(e164)
    }

    /// `21.11.2026`; `21 Nov 2026`.
    pub fn date(&self, moment: Timestamp) -> String {
        let local = self.local(moment);
        match self.lang {
            Lang::Ru => format!("{:02}.{:02}.{}", local.day(), local.month(), local.year()),
            Lang::En => format!("{} {}", self.day_month(local), local.year()),
        }
    }
    /// `14:05`
    pub fn time(&self, moment: Timestamp) -> String {
        let local = self.local(moment);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }
    /// `14:05:09`, where seconds matter.
    pub fn time_exact(&self, moment: Timestamp) -> String {
        format!("{}:{:02}", self.time(moment), self.local(moment).second())
    }
    pub fn date_time(&self, moment: Timestamp) -> String {
        format!("{} {}", self.date(moment), self.time(moment))
    }

    /// As short as a list allows: `14:05` today, `завтра 14:05`, `21 ноя 14:05` this year.
    pub fn when(&self, moment: Timestamp, now: Timestamp) -> String {
        let (local, today) = (self.local(moment), self.local(now));
        let day = match whole_days(today, local) {
            0 => return self.time(moment),
            -1 => self.t("ui-yesterday"),
            1 => self.t("ui-tomorrow"),
            _ if local.year() == today.year() => self.day_month(local),
            _ => self.date(moment),
        };
        format!("{day} {}", self.time(moment))
    }

    /// `3 мин назад`, `через 2 ч 05 мин`, `сейчас`.
    pub fn relative(&self, moment: Timestamp, now: Timestamp) -> String {
        let seconds = moment.seconds_since(now);
        if seconds.abs() < MINUTE {
            return self.t("ui-now");
        }
        let key = if seconds < 0 { "ui-ago" } else { "ui-in" };
        self.ta(key, &[("duration", self.duration(seconds.abs()).into())])
    }

    /// `45 с`, `14 мин`, `2 ч 05 мин`, `3 д 4 ч`; the sign is kept.
    pub fn duration(&self, seconds: i64) -> String {
        let length = seconds.saturating_abs();
        let text = match length {
            ..MINUTE => self.ta("ui-seconds", &[("count", length.into())]),
            MINUTE..HOUR => self.ta("ui-minutes", &[("count", (length / MINUTE).into())]),
            HOUR..DAY => self.ta(
                "ui-hours-minutes",
                &[
                    ("hours", (length / HOUR).into()),
                    ("minutes", format!("{:02}", length % HOUR / MINUTE).into()),
                ],
            ),
            _ => self.ta(
                "ui-days-hours",
                &[("days", (length / DAY).into()), ("hours", (length % DAY / HOUR).into())],
            ),
        };
        if seconds < 0 { format!("\u{2212}{text}") } else { text }
    }

    /// As [`Words::duration`], with minutes even when there are days: for figures that must add up.
    pub fn duration_exact(&self, seconds: i64) -> String {
        if seconds < DAY {
            return self.duration(seconds);
        }
        let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
        self.ta(
            "ui-days-hours-minutes",
            &[("days", days.into()), ("hours", hours.into()), ("minutes", format!("{minutes:02}").into())],
        )
    }

    /// `<time>` with the short form inside and the whole moment on hover.
    pub fn moment(&self, moment: Timestamp, now: Timestamp) -> Markup {
        html! {
            time datetime=(moment) title=(self.date_time(moment)) { (self.when(moment, now)) }
        }
    }

    /// `<time>` that the browser counts down each second; without scripts it shows what was true.
    pub fn countdown(&self, due: Timestamp, now: Timestamp) -> Markup {
        html! {
            time.countdown datetime=(due) data-countdown=(due) title=(self.date_time(due)) {
                (self.duration(due.seconds_since(now)))
            }
        }
    }

    fn local(&self, moment: Timestamp) -> DateTime {
        moment.to_jiff().to_zoned(self.zone.clone()).datetime()
    }

    fn day_month(&self, local: DateTime) -> String {
        let month = self.ta("ui-month-short", &[("month", i64::from(local.month()).into())]);
        format!("{} {month}", local.day())
    }
}

fn whole_days(from: DateTime, to: DateTime) -> i64 {
    from.date().until(to.date()).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::Currency;

    use super::*;
    use crate::test_words;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a test moment")
    }

    #[test]
    fn durations_read_well_in_both_languages() {
        let (russian, english) = (test_words(Lang::Ru), test_words(Lang::En));
        for (seconds, ru, en) in [
            (45, "45\u{a0}с", "45\u{a0}s"),
            (14 * 60 + 59, "14\u{a0}мин", "14\u{a0}min"),
            (2 * 3600 + 5 * 60, "2\u{a0}ч\u{a0}05\u{a0}мин", "2\u{a0}h\u{a0}05\u{a0}min"),
            (-3 * 86400 - 4 * 3600, "\u{2212}3\u{a0}д\u{a0}4\u{a0}ч", "\u{2212}3\u{a0}d\u{a0}4\u{a0}h"),
        ] {
            assert_eq!(russian.duration(seconds), ru);
            assert_eq!(english.duration(seconds), en);
        }
    }

    #[test]
    fn moments_are_told_in_the_readers_zone_as_short_as_they_can_be() {
        let words = test_words(Lang::Ru);
        let now = at("2026-11-21T21:30:00Z");
        for (moment, expected) in [
            ("2026-11-21T21:05:00Z", "00:05"),
            ("2026-11-21T20:59:00Z", "вчера 23:59"),
            ("2026-11-22T21:00:00Z", "завтра 00:00"),
            ("2026-03-08T09:00:00Z", "8 мар 12:00"),
            ("2025-12-31T09:00:00Z", "31.12.2025 12:00"),
        ] {
            assert_eq!(words.when(at(moment), now), expected, "{moment}");
        }
        assert_eq!(words.relative(at("2026-11-21T21:27:00Z"), now), "3\u{a0}мин назад");
        assert_eq!(test_words(Lang::En).date(now), "22 Nov 2026");
    }

    #[test]
    fn a_decimal_in_a_field_has_the_point_of_the_language() {
        for (lang, plain, expected) in [
            (Lang::Ru, "1290.50", "1290,50"),
            (Lang::En, "1290.50", "1290.50"),
            (Lang::Ru, "кв. 5", "кв. 5"),
            (Lang::Ru, "", ""),
        ] {
            assert_eq!(test_words(lang).typed(plain), expected);
        }
    }

    #[test]
    fn money_and_quantities_are_written_by_the_language() {
        let money = Money::parse("107728.7", Currency::RUB).expect("an amount");
        let quantity = Quantity::parse("1.5").expect("a quantity");
        assert_eq!(test_words(Lang::Ru).money(money), "107\u{a0}728,70\u{a0}₽");
        assert_eq!(test_words(Lang::En).money(money), "₽107,728.70");
        assert_eq!(test_words(Lang::Ru).quantity(quantity), "1,5");
        let price = UnitPrice::parse("199.5").expect("a price");
        assert_eq!(test_words(Lang::Ru).price(price, Currency::RUB), "199,50\u{a0}₽");
        assert_eq!(test_words(Lang::En).price(price, Currency::RUB), "₽199.50");
    }
}
