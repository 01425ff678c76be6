//! VAT as YML and ICML write it.

use takt_kernel::{Fault, Result, money::VatRate};

use crate::number::shortened;

/// The numbers of Yandex Market, in the element `vat`.
const NUMBERED: &[(&str, Option<u32>)] = &[
    ("1", Some(1_800)),
    ("2", Some(1_000)),
    ("3", Some(1_800)),
    ("4", Some(1_000)),
    ("5", Some(0)),
    ("6", None),
    ("7", Some(2_000)),
    ("8", Some(2_000)),
];

/// `NO_VAT`, `VAT_20`, `VAT_10_110`, `7` (a code), `20%`.
pub(crate) fn of_market(text: &str) -> Result<VatRate> {
    if let Some((_, rate)) = NUMBERED.iter().find(|(number, _)| *number == text) {
        return Ok(rate.map_or(VatRate::None, VatRate::Percent));
    }
    of_percent(text)
}

/// `20`, `20%`, `none`, and the words of the market, in the element `vatRate`.
pub(crate) fn of_percent(text: &str) -> Result<VatRate> {
    let word = text.trim().to_uppercase();
    if matches!(word.as_str(), "NO_VAT" | "NOVAT" | "NONE" | "NO" | "БЕЗ НДС") {
        return Ok(VatRate::None);
    }
    // Of a rate "20/120" only the first number is the rate.
    let number = word.strip_prefix("VAT_").or_else(|| word.strip_prefix("VAT")).unwrap_or(&word);
    let number = number.split(['_', '/']).next().unwrap_or_default().trim_end_matches('%').trim();
    VatRate::parse(number).map_err(|_| Fault::invalid("yml.vat_unknown").arg("given", shortened(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_by_word_code_and_percent() {
        for (market, text, rate) in [
            (true, "VAT_20", Some("20")),
            (true, "VAT_22", Some("22")),
            (true, "VAT_20_120", Some("20")),
            (true, "VAT_0", Some("0")),
            (true, "NO_VAT", Some("none")),
            (true, "2", Some("10")),
            (true, "5", Some("0")),
            (true, "6", Some("none")),
            (true, "7", Some("20")),
            (true, "20", Some("20")),
            (false, "5", Some("5")),
            (false, "7", Some("7")),
            (false, "20%", Some("20")),
            (false, "20/120", Some("20")),
            (false, "none", Some("none")),
            (false, "без НДС", Some("none")),
            (false, "VAT_10", Some("10")),
            (false, "many", None),
            (false, "", None),
            (false, "120", None),
        ] {
            let read = if market { of_market(text) } else { of_percent(text) };
            assert_eq!(read.ok().map(|rate| rate.to_string()).as_deref(), rate, "{text}");
        }
    }
}
