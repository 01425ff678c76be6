//! A bank line, the truth about it, and the mix of what goes wrong.

use takt_kernel::money::{Currency, Money};

use super::{Chance, Numbering, World, customers::Person};
use crate::{Filed, IncomingLine, Invoice, Lookup, payer};

/// A bank line and the truth about it.
#[derive(Clone, Debug)]
pub struct Payment {
    pub category: Category,
    pub amount: Money,
    pub payer_name: String,
    pub payer_inn: Option<String>,
    pub payer_accounts: Vec<String>,
    pub purpose: String,
    /// The payer's own number of his order, which the bank repeats.
    pub document_number: String,
    /// Invoice and minor units; empty when it is for no invoice.
    pub truth: Vec<(i64, i64)>,
}

/// What is unusual about a payment. What happens to its report is a level below: see `deliveries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    Clean,
    Typo,
    NoNumber,
    Stale,
    ThirdParty,
    Instalment,
    Foreign,
    Transit,
    Reissued,
    Several,
    Overpaid,
    /// The bank kept a fee, or the payer rounded.
    Short,
    Cancelled,
    Expired,
    OtherCurrency,
    Clash,
    /// Two invoices of one customer with one amount.
    Twins,
    /// Cut after 210 letters.
    Truncated,
    /// The same invoice paid a second time.
    Double,
    /// Nothing on the line tells which of several invoices was meant, or whose it is: no number, and
    /// neither payer nor amount leaves one. Nobody could know.
    Unknowable,
}

impl Category {
    /// In a thousand; the rest is clean. The first seven are the mix that matching is asked about;
    /// the others are out of what it calls clean.
    pub(super) const MIX: [(Self, u64); 18] = [
        (Self::Typo, 20),
        (Self::NoNumber, 45),
        (Self::Stale, 12),
        (Self::ThirdParty, 60),
        (Self::Instalment, 130),
        (Self::Foreign, 50),
        (Self::Transit, 30),
        (Self::Reissued, 10),
        (Self::Several, 40),
        (Self::Overpaid, 15),
        (Self::Short, 10),
        (Self::Cancelled, 5),
        (Self::Expired, 3),
        (Self::OtherCurrency, 3),
        (Self::Clash, 20),
        (Self::Twins, 10),
        (Self::Truncated, 10),
        (Self::Double, 3),
    ];

    /// Money of these is for no invoice, or a person must decide what it is for.
    pub const fn is_for_no_invoice(self) -> bool {
        matches!(self, Self::Foreign | Self::Cancelled | Self::Expired | Self::OtherCurrency | Self::Double)
    }
}

impl World {
    pub(super) fn next_payment(&mut self) -> Payment {
        let mut payment = match self.category() {
            Category::Clean | Category::Unknowable => self.clean(),
            Category::Typo => self.typo(),
            Category::NoNumber => self.no_number(),
            Category::Stale => self.stale(),
            Category::ThirdParty => self.third_party(),
            Category::Instalment => self.instalment(),
            Category::Foreign => self.foreign(),
            Category::Transit => self.transit(),
            Category::Reissued => self.reissued(),
            Category::Several => self.several(),
            Category::Overpaid => self.overpaid(),
            Category::Short => self.short(),
            Category::Cancelled => self.closed(Category::Cancelled),
            Category::Expired => self.closed(Category::Expired),
            Category::OtherCurrency => self.closed(Category::OtherCurrency),
            Category::Clash => self.clash(),
            Category::Twins => self.twins(),
            Category::Truncated => self.truncated(),
            Category::Double => self.double(),
        };
        payment.document_number = self.next_document_number(&payment.payer_accounts);
        if self.nobody_could_know(&payment) {
            payment.category = Category::Unknowable;
        }
        payment
    }

    /// Whether a text without any digit leaves, by all that the line shows of its payer, something
    /// else than exactly the invoice that was meant. A full name or surname and initials count as
    /// shown, though the engine may not rely on them.
    fn nobody_could_know(&mut self, payment: &Payment) -> bool {
        let [(meant, _)] = payment.truth[..] else { return false };
        let text = payment.purpose.replace("20%", "");
        if text.contains(|letter: char| letter.is_ascii_digit()) {
            return false;
        }
        let shown = payer(&payment.line(), &self.policy);
        let limit = usize::MAX;
        let mut customers = Vec::new();
        if let Some(inn) = &shown.inn {
            customers.extend(self.ledger.customers_by_inn(inn, limit).unwrap_or_default());
        }
        customers.extend(self.ledger.customers_by_accounts(&shown.accounts, limit).unwrap_or_default());
        if customers.is_empty() {
            customers.extend(self.namesakes(&payment.payer_name));
        }
        let fits = |invoice: &&Filed| invoice.residual == payment.amount;
        let open = self.ledger.open_of_customers(&customers, limit).unwrap_or_default();
        let fitting: Vec<i64> = open.iter().filter(fits).map(|invoice| invoice.id).collect();
        fitting != [meant]
    }

    pub(super) fn any_open(&mut self) -> Invoice {
        loop {
            let at = self.chance.index(self.issued.len());
            let id = self.issued[at];
            match self.ledger.get(id) {
                Some(invoice) if invoice.is_payable() && invoice.residual.currency() == Currency::RUB => {
                    return invoice.clone();
                }
                _ => {
                    self.issued.swap_remove(at);
                }
            }
        }
    }

    pub(super) fn owner(&self, invoice: &Invoice) -> Person {
        self.people[usize::try_from(invoice.customer - 1).unwrap_or(0)].clone()
    }

    pub(super) fn payment(
        &self,
        category: Category,
        payer: &Person,
        minor: i64,
        purpose: String,
        truth: Vec<(i64, i64)>,
    ) -> Payment {
        Payment {
            category,
            amount: Money::new(minor, Currency::RUB),
            payer_name: payer.name.clone(),
            payer_inn: payer.inn.clone().or_else(|| Some("0".into())),
            payer_accounts: vec![payer.account.clone()],
            purpose,
            document_number: String::new(),
            truth,
        }
    }

    /// What the payer copies from the invoice: the reference, or the plain number.
    pub(super) fn name_of(&self, invoice: &Invoice) -> String {
        match self.numbering {
            Numbering::References => invoice.name(),
            Numbering::Plain => invoice.numbers[0].clone(),
        }
    }

    pub(super) fn purpose(&mut self, name: &str, invoice: &Invoice, minor: i64) -> String {
        let date = invoice.dates[0].to_string();
        let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
        let sum = format!("{}.{:02}", minor / 100, minor % 100);
        let vat = format!("{}.{:02}", minor / 600, minor % 97);
        match self.chance.below(11) {
            0 => format!("Оплата по счету № {name} от {day}.{month}.{year}. В т.ч. НДС 20% - {vat} руб."),
            1 => format!(
                "Оплата по счету {name} от {day}.{month}.{}г. Сумма {sum}. Без налога (НДС)",
                &year[2..]
            ),
            2 => format!("оплата счета {name}"),
            3 => format!("ОПЛАТАПОСЧЕТУ{name}ОТ{day}.{month}.{year} НДС НЕ ОБЛАГАЕТСЯ"),
            4 => format!(
                "За товар по договору № {} от 01.02.2024, сч.N{name}, в том числе НДС 22 % {vat}",
                self.chance.digits(4)
            ),
            5 => format!("Оплата заказа по счёт-договору №{name} от {day}.{month}.{year} на сумму {sum} руб"),
            6 => format!("Счет {name} от {day}.{month}.{year}г {sum}"),
            7 => format!("Payment for invoice {name} dated {year}-{month}-{day}"),
            8 => {
                format!("Оплата заказа {name}, доставка {}", self.chance.pick(&["курьером", "в ПВЗ", "СДЭК"]))
            }
            9 => format!("{name} НДС 5% - {vat}"),
            _ => format!(
                "Опл.сч. {name} за 5 шт. товара арт. {}, тел. +7 921 {} {}",
                self.chance.digits(5),
                self.chance.digits(3),
                self.chance.digits(4)
            ),
        }
    }
}

impl Payment {
    pub fn line(&self) -> IncomingLine<'_> {
        IncomingLine {
            amount: self.amount,
            payer_name: &self.payer_name,
            payer_inn: self.payer_inn.as_deref(),
            payer_accounts: &self.payer_accounts,
            payer_bic: Some("044525225"),
            purpose: &self.purpose,
            references: &[],
            kinds: &[],
            own_bank_bic: Some("044525974"),
            reversal: false,
        }
    }
}

/// Used where a choice must not be made by chance alone: a few tries, then whatever there is.
pub(super) fn tried<T>(tries: usize, mut one: impl FnMut() -> T, fits: impl Fn(&T) -> bool) -> T {
    let mut last = one();
    for _ in 1..tries {
        if fits(&last) {
            break;
        }
        last = one();
    }
    last
}

/// What a payer's name is compared by.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase().replace('ё', "е")
}

impl Chance {
    /// One of a thousand numbers that a payer's own orders have.
    pub(super) fn share(&mut self, from: i64, until: i64) -> i64 {
        from + i64::try_from(self.below(u64::try_from(until - from + 1).unwrap_or(1))).unwrap_or(0)
    }
}
