//! What a payer writes, with the slips and habits that make matching hard.

use takt_kernel::money::Money;
use takt_payments_port::Party;

use crate::{
    chance::Chance,
    life::{Life, Manner},
};

/// One transfer as the buyer's bank sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub amount: Money,
    pub payer: Party,
    pub purpose: String,
    /// The bank reports it again the next time.
    pub reported_twice: bool,
}

/// Which transfer of an order this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    First,
    Second,
}

/// What the buyer's page says of the money.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub total: Money,
    pub left: Money,
}

/// The transfer of an order for which this invoice stands. `None` when this buyer sends none.
/// Instalments are parts of the total, whatever of it was matched by now.
pub fn payment(life: &Life, part: Part, invoice: &str, due: Due, chance: &mut Chance) -> Option<Payment> {
    let amount = match (life.manner, part) {
        (Manner::Unpaid | Manner::Cancelled, _) => return None,
        (Manner::Instalments, part) => *due.total.split(&INSTALMENTS).get(part as usize)?,
        (_, Part::Second) => return None,
        (Manner::Overpaid, Part::First) => rounded_up(due.left),
        (_, Part::First) => due.left,
    };
    let payer = if life.manner == Manner::ThirdParty {
        life.buyer.relative.clone()
    } else {
        life.buyer.payer.clone()
    };
    let name = match life.manner {
        Manner::Distorted => distorted(invoice, chance),
        Manner::Typo => mistyped(invoice, chance),
        _ => invoice.to_owned(),
    };
    let purpose = match life.manner {
        Manner::NoReference => chance.pick(&NAMELESS).to_owned(),
        Manner::ThirdParty => format!("Оплата по счету {name} за {}", life.buyer.name),
        _ => purpose(&name, life.buyer.firm, amount, chance),
    };
    Some(Payment { amount, payer, purpose, reported_twice: life.manner == Manner::ReportedTwice })
}

/// Weights of the two parts.
const INSTALMENTS: [i64; 2] = [3, 2];

const NAMELESS: [&str; 4] =
    ["Оплата за товар", "За подарки. НДС не облагается", "Перевод средств", "по счету"];

fn purpose(name: &str, firm: bool, amount: Money, chance: &mut Chance) -> String {
    if firm {
        let vat = Money::new(amount.minor() * 22 / 122, amount.currency()).to_decimal_string();
        return match chance.between(0, 2) {
            0 => format!("Оплата по счету № {name}. В т.ч. НДС 22% {vat}"),
            1 => format!("Опл. по сч. {name} за товары, в том числе НДС 22% - {vat} руб."),
            _ => format!("За подарочную продукцию по счёту {name}, НДС {vat}"),
        };
    }
    match chance.between(0, 3) {
        0 => format!("Оплата счета {name}"),
        1 => format!("оплата заказа, счёт {name}"),
        2 => name.to_owned(),
        _ => format!("{name} спасибо!"),
    }
}

/// The next whole five hundred roubles.
fn rounded_up(owed: Money) -> Money {
    const STEP: i64 = 50_000;
    Money::new((owed.minor() / STEP + 1) * STEP, owed.currency())
}

/// Typed on a Russian keyboard, small, or in groups: a careful reader still reads it.
fn distorted(reference: &str, chance: &mut Chance) -> String {
    let (letters, digits) = reference.split_at(reference.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
    let cyrillic: String = letters.chars().map(in_cyrillic).collect();
    match chance.between(0, 3) {
        0 => reference.to_lowercase(),
        1 => format!("{cyrillic}{digits}"),
        2 => format!("{cyrillic} {digits}"),
        _ => format!("{letters}{}", digits.replacen('0', "О", 1)),
    }
}

fn in_cyrillic(letter: char) -> char {
    const PAIRS: [(char, char); 12] = [
        ('A', 'А'),
        ('B', 'В'),
        ('E', 'Е'),
        ('K', 'К'),
        ('M', 'М'),
        ('H', 'Н'),
        ('O', 'О'),
        ('P', 'Р'),
        ('C', 'С'),
        ('T', 'Т'),
        ('Y', 'У'),
        ('X', 'Х'),
    ];
    PAIRS.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, cyrillic)| *cyrillic)
}

/// Two neighbouring digits that differ changed places; among equal ones the last is wrong.
fn mistyped(reference: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = reference.chars().collect();
    let places: Vec<usize> = (1..letters.len())
        .filter(|at| letters[at - 1].is_ascii_digit() && letters[*at].is_ascii_digit())
        .filter(|at| letters[at - 1] != letters[*at])
        .collect();
    if places.is_empty() {
        letters.pop();
        return letters.into_iter().collect();
    }
    let at = chance.pick(&places);
    letters.swap(at - 1, at);
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::Currency;
    use takt_payments_matching::Reference;

    use super::*;
    use crate::{life::Plan, slice::Slice};

    const INVOICE: &str = "TX00102413";

    fn paid(manner: Manner, part: Part) -> Option<Payment> {
        let plan = Plan::new(1, Slice::embedded().expect("the embedded data"));
        let life = (0..100).map(|index| plan.life(index)).find(|life| life.manner == manner);
        let total = Money::new(1_234_567, Currency::RUB);
        let due = Due { total, left: total };
        payment(&life.expect("one of that manner"), part, INVOICE, due, &mut Chance::of(1, "payment"))
    }

    #[test]
    fn each_manner_pays_in_its_own_way() {
        for (manner, first, second) in [
            (Manner::Plain, Some(1_234_567), None),
            (Manner::Overpaid, Some(1_250_000), None),
            (Manner::Instalments, Some(740_740), Some(493_827)),
            (Manner::OnDelivery, Some(1_234_567), None),
            (Manner::Unpaid, None, None),
            (Manner::Cancelled, None, None),
        ] {
            let minor = |part| paid(manner, part).map(|payment| payment.amount.minor());
            assert_eq!((minor(Part::First), minor(Part::Second)), (first, second), "{manner:?}");
        }
        let nameless = paid(Manner::NoReference, Part::First).expect("a payment");
        assert!(!nameless.purpose.contains(INVOICE));
        let relative = paid(Manner::ThirdParty, Part::First).expect("a payment");
        assert!(relative.purpose.contains(INVOICE) && relative.payer.name.split(' ').count() == 3);
        assert!(paid(Manner::ReportedTwice, Part::First).is_some_and(|payment| payment.reported_twice));
    }

    #[test]
    fn a_mistyped_reference_fails_its_check_digits_and_a_distorted_one_can_be_read() {
        for seed in 0..200 {
            let mut chance = Chance::of(seed, "spelling");
            let wrong = mistyped(INVOICE, &mut chance);
            assert!(Reference::parse(&wrong).is_err(), "{wrong}");
            let read = distorted(INVOICE, &mut chance).replace(' ', "").replace('О', "0");
            assert_eq!(Reference::parse(&read).expect(&read).to_string(), INVOICE);
        }
    }
}
