use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why something was decided: a code with a text in both languages, and its arguments. Stored with
/// the decision, so that an accountant can read in a year why money went where it went.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    pub code: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
}

/// Values by name. Sorted in a row: there are few, and a map would cost more than all the rest of a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Args(Vec<(Cow<'static, str>, Cow<'static, str>)>);

impl Reason {
    pub(crate) const fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), args: Args(Vec::new()) }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.put(name, Cow::Owned(value.to_string()));
        self
    }

    /// The same of a value that stands in this program.
    pub(crate) fn with_code(mut self, name: &'static str, value: &'static str) -> Self {
        self.args.put(name, Cow::Borrowed(value));
        self
    }
}

impl Args {
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    fn put(&mut self, name: &'static str, value: Cow<'static, str>) {
        match self.0.binary_search_by(|(own, _)| (**own).cmp(name)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (Cow::Borrowed(name), value)),
        }
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read: BTreeMap<String, String> = BTreeMap::deserialize(deserializer)?;
        Ok(Self(read.into_iter().map(|(name, value)| (Cow::Owned(name), Cow::Owned(value))).collect()))
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal;)*) => {
        $(pub(crate) const $name: &str = $code;)*
        /// Every code that a decision may carry; each has a text in both languages.
        pub const REASON_CODES: &[&str] = &[$($code),*];
    };
}

codes! {
    STRUCTURED = "matching.reference_structured";
    REFERENCE = "matching.reference_valid";
    NUMBER = "matching.number_named";
    NEAR = "matching.reference_one_slip";
    SUPERSEDED = "matching.invoice_reissued";
    INN = "matching.payer_inn_known";
    ACCOUNT = "matching.payer_account_known";
    NAME = "matching.payer_name_alike";
    FULL_NAME = "matching.payer_full_name";
    ONLY_NAMESAKE = "matching.only_namesake_with_amount";
    CUT = "matching.number_cut";
    RULES_LOOKED = "matching.rules_looked";
    AMOUNT = "matching.amount_is_residual";
    AMOUNT_SUM = "matching.amount_is_sum";
    AMOUNT_LESS = "matching.amount_less";
    AMOUNT_MORE = "matching.amount_more";
    DATE = "matching.date_equal";
    ONLY_ONE = "matching.only_open_with_amount";
    STALE = "matching.named_is_paid";
    STATED_SUM = "matching.stated_sum_differs";
    THIRD_PARTY = "matching.payer_is_other_customer";
    TRANSIT = "matching.payer_is_transit";

    VETO_UNKNOWN_REFERENCE = "matching.reference_unknown";
    VETO_UNKNOWN_NUMBER = "matching.number_unknown";
    VETO_AMBIGUOUS_NUMBER = "matching.number_ambiguous";
    VETO_MALFORMED = "matching.reference_malformed_named";
    VETO_PAID = "matching.invoice_paid";
    VETO_CANCELLED = "matching.invoice_cancelled";
    VETO_EXPIRED = "matching.invoice_expired";
    VETO_DATE = "matching.date_differs";
    VETO_CURRENCY = "matching.currency_differs";
    VETO_CUSTOMERS = "matching.two_customers";
    VETO_OTHER_OPEN = "matching.other_open_with_amount";
    VETO_REST_OPEN = "matching.rest_is_other_open";
    VETO_TOO_MANY = "matching.too_many_to_compare";
    VETO_CAP = "matching.amount_over_cap";
    VETO_WATCHED = "matching.payer_watched";
    VETO_LOOKS_LIKE = "matching.looks_like_other_money";
    VETO_NOT_POSITIVE = "matching.amount_not_positive";
    VETO_NO_EVIDENCE = "matching.evidence_too_weak";

    KIND = "matching.kind_says";
    LEXICON = "matching.text_says";
    COUNTERPARTY = "matching.counterparty_listed";
    OWN_MONEY = "matching.payer_is_ourselves";
    REVERSAL = "matching.line_is_reversal";
}

/// What may be missing for a rule; each has a text in both languages. Arguments of `rules_looked`.
pub const MISSING: &[&str] = &[
    "fired",
    "vetoed",
    "held",
    "reference",
    "number",
    "exact_sum",
    "payer_or_date",
    "one_named",
    "less",
    "more",
    "payer",
    "no_name",
    "payer_with_amount",
    "slip",
    "policy",
    "paid_named",
    "full_name",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_kept_by_name_and_read_back_as_they_were_written() {
        let reason =
            Reason::new(NEAR).with("written", 15).with("reference", "TX1").with_code("written", "16");
        let written = serde_json::to_string(&reason).expect("a reason is JSON");
        assert_eq!(
            written,
            r#"{"code":"matching.reference_one_slip","args":{"reference":"TX1","written":"16"}}"#
        );
        assert_eq!(serde_json::from_str::<Reason>(&written).expect("reads back"), reason);
        assert_eq!((reason.args.get("written"), reason.args.get("amount")), (Some("16"), None));
        let plain = serde_json::to_string(&Reason::new(AMOUNT)).expect("a reason is JSON");
        assert_eq!(plain, r#"{"code":"matching.amount_is_residual"}"#);
        assert_eq!(serde_json::from_str::<Reason>(&plain).expect("reads back"), Reason::new(AMOUNT));
    }
}
