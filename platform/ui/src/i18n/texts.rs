//! All texts of the house, from the sources that crates contribute. Those of a language are read when it is first
//! spoken: a node that only answers programs speaks none, and most desks speak one.
//!
//! Nothing here refuses to start: a broken source, a doubled or a one-sided key is remembered and
//! listed by [`Texts::check`], which a test over all features demands to be empty.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{Entry, Pattern};
use takt_kernel::{
    Fault, FieldFault, Kind,
    money::{Currency, Money},
};

use super::{
    Lang, formats,
    shape::{self, Shape},
};

/// Brackets around a key that has no text. No text of ours contains them.
const MISSING: (char, char) = ('⟨', '⟩');

/// A value inside a text. Numbers choose plural forms and are written without grouping.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    Text(Cow<'a, str>),
    /// Said as the language says money.
    Money(Money),
    Number(i64),
}

pub struct Texts {
    sources: Vec<(Lang, &'static str)>,
    russian: OnceLock<Book>,
    english: OnceLock<Book>,
}

struct Book(FluentBundle<FluentResource>);

/// What stands under a key, to be compared with that of another language.
type Shapes = BTreeMap<String, Shape>;

impl Texts {
    pub fn new(sources: impl IntoIterator<Item = (Lang, &'static str)>) -> Self {
        Self { sources: sources.into_iter().collect(), russian: OnceLock::new(), english: OnceLock::new() }
    }

    /// The text of a key; `⟨key⟩` when there is none.
    pub fn say(&self, lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.find(lang, key, args).unwrap_or_else(|| format!("{}{key}{}", MISSING.0, MISSING.1))
    }

    /// The text of a key, if there is one.
    pub fn find(&self, lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let bundle = &self.book(lang).0;
        let pattern = bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, arg.to_fluent(lang))).collect();
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
    }

    /// What to tell a person about a fault; by its code, else in general words by its kind.
    pub fn fault(&self, lang: Lang, fault: &Fault) -> String {
        self.refusal(lang, fault.code(), fault.args()).unwrap_or_else(|| {
            let key = match fault.kind() {
                Kind::Missing => "ui-fault-missing",
                Kind::Conflict => "ui-fault-conflict",
                Kind::Invalid => "ui-fault-invalid",
                Kind::Denied => "ui-fault-denied",
                Kind::Unavailable => "ui-fault-unavailable",
                Kind::Broken => "ui-fault-broken",
            };
            self.say(lang, key, &[])
        })
    }

    pub fn field_fault(&self, lang: Lang, field: &FieldFault) -> String {
        self.refusal(lang, &field.code, &field.args)
            .unwrap_or_else(|| self.say(lang, "ui-fault-invalid", &[]))
    }

    fn refusal(&self, lang: Lang, code: &str, args: &[(Cow<'static, str>, String)]) -> Option<String> {
        let args: Vec<(&str, Arg<'_>)> =
            args.iter().map(|(name, value)| (&**name, Arg::of_fault(value))).collect();
        self.find(lang, &code.replace('.', "-"), &args)
    }

    /// Everything wrong with the texts, in words for developers. Empty when all is well.
    pub fn check(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let (mut russian, mut english) = (Shapes::new(), Shapes::new());
        for (lang, shapes) in [(Lang::Ru, &mut russian), (Lang::En, &mut english)] {
            Book::of(lang, &self.sources, &mut problems, |key, pattern| {
                shapes.entry(key.to_owned()).or_insert_with(|| shape::of(pattern));
            });
        }
        for (here, shapes, others) in [(Lang::Ru, &russian, &english), (Lang::En, &english, &russian)] {
            let there = if here == Lang::Ru { Lang::En } else { Lang::Ru };
            for (key, shape) in shapes {
                match others.get(key) {
                    None => problems.push(format!("{key}: in {here}, missing in {there}")),
                    Some(other) if here == Lang::Ru && shape != other => {
                        problems.push(format!("{key}: variables differ: ru {shape:?}, en {other:?}"));
                    }
                    Some(_) => {}
                }
            }
        }
        problems
    }

    /// Keys without a text that were written into `rendered`: for tests over pages.
    pub fn missing_in(rendered: &str) -> Vec<String> {
        rendered
            .split(MISSING.0)
            .skip(1)
            .filter_map(|rest| rest.split_once(MISSING.1).map(|(key, _)| key.to_owned()))
            .collect()
    }

    fn book(&self, lang: Lang) -> &Book {
        let book = match lang {
            Lang::Ru => &self.russian,
            Lang::En => &self.english,
        };
        // What is wrong with them is told by `check`.
        book.get_or_init(|| Book::of(lang, &self.sources, &mut Vec::new(), |_, _| {}))
    }
}

impl Book {
    /// `note` is told of every key with its text.
    fn of(
        lang: Lang,
        sources: &[(Lang, &'static str)],
        problems: &mut Vec<String>,
        mut note: impl FnMut(&str, &Pattern<&str>),
    ) -> Self {
        let locales = lang.code().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(locales);
        // The marks that isolate writing directions would end up in titles, mails and tests.
        bundle.set_use_isolating(false);
        for (_, source) in sources.iter().filter(|(of, _)| *of == lang) {
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
                    problems.extend(errors.iter().map(|error| format!("{lang}: {error}")));
                    resource
                });
            for entry in resource.entries() {
                if let Entry::Message(message) = entry
                    && let Some(pattern) = &message.value
                {
                    note(message.id.name, pattern);
                }
            }
            for error in bundle.add_resource(resource).err().into_iter().flatten() {
                problems.push(match error {
                    FluentError::Overriding { id, .. } => format!("{id}: twice in {lang}"),
                    other => format!("{lang}: {other}"),
                });
            }
        }
        Self(bundle)
    }
}

impl Arg<'_> {
    fn to_fluent(&self, lang: Lang) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(&**text),
            Self::Money(money) => FluentValue::from(formats::money(lang, *money)),
            Self::Number(number) => FluentValue::from(*number),
        }
    }

    /// Faults carry texts only. Those that are written exactly as a number writes itself may choose a plural, and those
    /// written as money does are said as money.
    fn of_fault(value: &str) -> Arg<'_> {
        let money = || -> Option<Money> {
            let (amount, code) = value.split_once(' ')?;
            let money = Money::parse(amount, Currency::from_code(code).ok()?).ok()?;
            (money.to_string() == value).then_some(money)
        };
        match value.parse::<i64>() {
            Ok(number) if number.to_string() == value => Arg::Number(number),
            _ => money().map_or_else(|| Arg::Text(value.into()), Arg::Money),
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}
impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}
impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<i32> for Arg<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}
impl From<u32> for Arg<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}
impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str = "orders-count = { $count ->\n    [one] { $count } заказ\n    [few] { $count } \
                           заказа\n   *[many] { $count } заказов\n}\nonly-ru = есть\norders-gone = Заказа № { \
                           $number } нет\n";
    const ENGLISH: &str =
        "orders-count = { $count ->\n    [one] { $count } order\n   *[other] { $number } orders\n}\n";

    fn texts() -> Texts {
        Texts::new([(Lang::Ru, RUSSIAN), (Lang::En, ENGLISH)])
    }

    #[test]
    fn russian_plurals_agree_with_their_number() {
        for (count, expected) in
            [(1, "1 заказ"), (2, "2 заказа"), (5, "5 заказов"), (21, "21 заказ"), (12_345, "12345 заказов")]
        {
            assert_eq!(texts().say(Lang::Ru, "orders-count", &[("count", count.into())]), expected);
        }
    }

    #[test]
    fn money_in_a_refusal_is_written_by_the_language() {
        let texts = Texts::new([
            (Lang::Ru, "orders-not_paid = Не хватает { $owed }.\n"),
            (Lang::En, "orders-not_paid = { $owed } is missing.\n"),
        ]);
        let fault = |owed: &str| Fault::conflict("orders.not_paid").arg("owed", owed);
        for (lang, owed, expected) in [
            (Lang::Ru, "18610.00 RUB", "Не хватает 18\u{a0}610,00\u{a0}₽."),
            (Lang::En, "18610.00 RUB", "₽18,610.00 is missing."),
            (Lang::Ru, "-5.50 USD", "Не хватает \u{2212}5,50\u{a0}USD."),
            (Lang::Ru, "10.5.1 RUB", "Не хватает 10.5.1 RUB."),
            (Lang::Ru, "12 XXL", "Не хватает 12 XXL."),
            (Lang::Ru, "дом 5 XXL", "Не хватает дом 5 XXL."),
        ] {
            assert_eq!(texts.fault(lang, &fault(owed)), expected);
        }
    }

    #[test]
    fn a_missing_text_shows_its_key_and_can_be_found() {
        let said = texts().say(Lang::En, "nowhere", &[]);
        assert_eq!(said, "⟨nowhere⟩");
        assert_eq!(Texts::missing_in(&format!("<p>{said}</p>")), ["nowhere"]);
    }

    #[test]
    fn one_sided_doubled_and_differing_texts_are_listed() {
        let twice = Texts::new([(Lang::Ru, RUSSIAN), (Lang::En, ENGLISH), (Lang::Ru, "only-ru = опять\n")]);
        let problems = twice.check().join("\n");
        for part in
            ["only-ru: twice in ru", "only-ru: in ru, missing in en", "orders-count: variables differ"]
        {
            assert!(problems.contains(part), "{part} in {problems}");
        }
    }

    #[test]
    fn a_fault_is_told_by_its_code_with_its_arguments() {
        let fault = Fault::missing("orders.gone").arg("number", "0012");
        assert_eq!(texts().fault(Lang::Ru, &fault), "Заказа № 0012 нет");
    }
}
