//! One payment of each kind, with what its payer meant.

use takt_kernel::money::{Currency, Money};

use super::{
    Numbering, World,
    customers::Person,
    spelling::{distort, slip},
};
use crate::{Invoice, InvoiceState};

/// A bank line and the truth about it.
#[derive(Clone, Debug)]
pub struct Payment {
    pub category: Category,
    pub amount: Money,
    pub payer_name: String,
    pub payer_inn: Option<String>,
    pub payer_accounts: Vec<String>,
    pub purpose: String,
    /// Invoice and minor units; empty when it is for no invoice.
    pub truth: Vec<(i64, i64)>,
}

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
    FeeNetted,
    Cancelled,
    OtherCurrency,
    Clash,
}

impl Category {
    /// In a thousand; the rest is clean.
    pub(super) const MIX: [(Self, u64); 14] = [
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
        (Self::FeeNetted, 10),
        (Self::Cancelled, 5),
        (Self::OtherCurrency, 3),
        (Self::Clash, 20),
    ];
}

impl World {
    pub(super) fn next_payment(&mut self) -> Payment {
        let category = self.category();
        match category {
            Category::Clean => self.clean(),
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
            Category::FeeNetted => self.fee_netted(),
            Category::Cancelled => self.closed(Category::Cancelled),
            Category::OtherCurrency => self.closed(Category::OtherCurrency),
            Category::Clash => self.clash(),
        }
    }

    fn any_open(&mut self) -> Invoice {
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

    fn owner(&self, invoice: &Invoice) -> Person {
        self.people[usize::try_from(invoice.customer - 1).unwrap_or(0)].clone()
    }

    fn payment(
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
            truth,
        }
    }

    /// What the payer copies from the invoice: the reference, or the plain number.
    fn name_of(&self, invoice: &Invoice) -> String {
        match self.numbering {
            Numbering::References => invoice.name(),
            Numbering::Plain => invoice.numbers[0].clone(),
        }
    }

    fn purpose(&mut self, name: &str, invoice: &Invoice, minor: i64) -> String {
        let date = invoice.dates[0].to_string();
        let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
        let sum = format!("{}.{:02}", minor / 100, minor % 100);
        let vat = format!("{}.{:02}", minor / 600, minor % 97);
        match self.chance.below(9) {
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
            _ => format!(
                "Опл.сч. {name} за 5 шт. товара арт. {}, тел. +7 921 {} {}",
                self.chance.digits(5),
                self.chance.digits(3),
                self.chance.digits(4)
            ),
        }
    }

    fn clean(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let mut name = self.name_of(&invoice);
        if self.numbering == Numbering::References && self.chance.in_thousand(250) {
            name = distort(&name, &mut self.chance);
        }
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Clean, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    fn typo(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let name = self.name_of(&invoice);
        let name = slip(&name, &mut self.chance);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Typo, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    fn no_number(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let texts =
            ["Оплата за товар. Без НДС", "За материалы, в т.ч. НДС 20%", "Перевод средств", "", "по счету"];
        let purpose = (*self.chance.pick(&texts)).to_owned();
        self.payment(Category::NoNumber, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    /// Last time's text: its invoice is paid, or still open.
    fn stale(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let other = self.ledger.open_of(invoice.customer).find(|other| other.id != invoice.id).cloned();
        let old = match other {
            Some(other) if self.chance.in_thousand(300) && other.residual != invoice.residual => other,
            _ => {
                let total = self.any_open().total.minor();
                let id = self.issue(invoice.customer, total, Currency::RUB);
                self.ledger.pay(id, total);
                self.ledger.get(id).cloned().unwrap_or_else(|| invoice.clone())
            }
        };
        let name = self.name_of(&old);
        let purpose = self.purpose(&name, &old, minor);
        self.payment(Category::Stale, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    fn stranger(&mut self) -> Person {
        if self.chance.in_thousand(300) {
            let at = self.chance.index(self.people.len());
            return self.people[at].clone();
        }
        Person::new(0, &mut self.chance)
    }

    fn third_party(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let stranger = self.stranger();
        let name = self.name_of(&invoice);
        let mut purpose = self.purpose(&name, &invoice, minor);
        purpose.push_str(&format!(" за {}", self.owner(&invoice).name));
        self.payment(Category::ThirdParty, &stranger, minor, purpose, vec![(invoice.id, minor)])
    }

    fn instalment(&mut self) -> Payment {
        let begun = (0..20).map(|_| self.any_open()).find(|invoice| invoice.residual != invoice.total);
        let invoice = begun.unwrap_or_else(|| self.any_open());
        let left = invoice.residual.minor();
        let last = invoice.residual != invoice.total && self.chance.in_thousand(600);
        let part = left * (30 + i64::try_from(self.chance.below(41)).unwrap_or(0)) / 100;
        let minor = if last { left } else { (part / 100 * 100).max(100).min(left) };
        let payer = if self.chance.in_thousand(80) { self.stranger() } else { self.owner(&invoice) };
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Instalment, &payer, minor, purpose, vec![(invoice.id, minor)])
    }

    /// Money for no invoice, at times with our number and an amount that somebody owes.
    fn foreign(&mut self) -> Payment {
        let invoice = self.any_open();
        let paid = self.ledger.get(1001).cloned().unwrap_or_else(|| invoice.clone());
        let named = if self.chance.in_thousand(300) { &invoice } else { &paid };
        let name = self.name_of(named);
        let minor = if self.chance.in_thousand(200) {
            invoice.residual.minor()
        } else {
            700_000 + i64::try_from(self.chance.below(1_000_000)).unwrap_or(0)
        };
        let digits = self.chance.digits(7);
        let purpose = match self.chance.below(11) {
            0 => format!("Возмещение по торговому эквайрингу, мерчант {digits}, за 03.05.2026"),
            1 => format!("Возврат денежных средств по счету {name}"),
            2 => format!("Возврат излишне уплаченного по счету № {name} от поставщика"),
            3 => format!("Предоставление займа по договору № {digits}"),
            4 => "Пополнение счета собственными средствами".to_owned(),
            5 => format!("Страховое возмещение по полису {digits}"),
            6 => format!("Перечисление наложенных платежей по отчету {digits}"),
            8 => format!("Оплата по счету № {} от 03.02.2019", invoice.numbers[0]),
            9 => format!("Перечисление по реестру {digits}, счет {}", self.chance.digits(5)),
            7 => format!("Оплата по агентскому договору {digits}, счет {name}"),
            _ => format!("Начисленные проценты на остаток по договору {digits}"),
        };
        let stranger = Person::new(0, &mut self.chance);
        self.payment(Category::Foreign, &stranger, minor, purpose, Vec::new())
    }

    /// An individual through the bank: its INN, its account, at times its name.
    fn transit(&mut self) -> Payment {
        let mut payment = if self.chance.in_thousand(500) { self.clean() } else { self.no_number() };
        payment.category = Category::Transit;
        payment.payer_inn = Some("7707083893".into());
        payment.payer_accounts = vec!["30232810100000000004".into()];
        payment.payer_name = format!("ПАО СБЕРБАНК//{}//", payment.payer_name);
        payment
    }

    /// The order was changed; the payer holds the first paper.
    fn reissued(&mut self) -> Payment {
        let old = self.any_open();
        let was = old.residual.minor();
        let now = if self.chance.in_thousand(500) { was } else { was + 50_000 };
        let new = self.issue(old.customer, now, Currency::RUB);
        self.change(old.id, |invoice| invoice.state = InvoiceState::Superseded { by: new });
        let minor = if self.chance.in_thousand(500) { was } else { now };
        let name = self.name_of(&old);
        let purpose = self.purpose(&name, &old, minor);
        self.payment(Category::Reissued, &self.owner(&old), minor, purpose, vec![(new, minor.min(now))])
    }

    fn several(&mut self) -> Payment {
        let first = self.any_open();
        let mut chosen: Vec<Invoice> = self.ledger.open_of(first.customer).take(4).cloned().collect();
        if chosen.len() < 2 {
            let total = self.any_open().total.minor();
            let id = self.issue(first.customer, total, Currency::RUB);
            chosen = [first.id, id].iter().filter_map(|id| self.ledger.get(*id)).cloned().collect();
        }
        chosen.retain(|invoice| invoice.residual.currency() == Currency::RUB);
        let names: Vec<String> = chosen.iter().map(|invoice| self.name_of(invoice)).collect();
        let truth: Vec<(i64, i64)> =
            chosen.iter().map(|invoice| (invoice.id, invoice.residual.minor())).collect();
        let minor = truth.iter().map(|(_, minor)| minor).sum();
        let purpose = match self.chance.below(3) {
            0 => format!("Оплата по счетам {}, НДС не облагается", names.join(", ")),
            1 => format!("оплата счетов №№ {}", names.join(" и ")),
            _ => format!("Счета N{}. В т.ч. НДС 22% 100.50", names.join("; N")),
        };
        self.payment(Category::Several, &self.owner(&first), minor, purpose, truth)
    }

    fn overpaid(&mut self) -> Payment {
        let invoice = self.any_open();
        let left = invoice.residual.minor();
        let minor = (left / 50_000 + 1) * 50_000;
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Overpaid, &self.owner(&invoice), minor, purpose, vec![(invoice.id, left)])
    }

    /// The bank kept its fee; the text states the whole sum.
    fn fee_netted(&mut self) -> Payment {
        let invoice = self.any_open();
        let left = invoice.residual.minor();
        let minor = left - left / 100 - 1;
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, left);
        self.payment(Category::FeeNetted, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    /// Pays for a cancelled invoice, or in roubles for one in euros.
    fn closed(&mut self, category: Category) -> Payment {
        let like = self.any_open();
        let minor = like.residual.minor();
        let currency = if category == Category::OtherCurrency { Currency::EUR } else { Currency::RUB };
        let id = self.issue(like.customer, minor, currency);
        if category == Category::Cancelled {
            self.change(id, |invoice| invoice.state = InvoiceState::Cancelled);
        }
        let invoice = self.ledger.get(id).cloned().unwrap_or(like);
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(category, &self.owner(&invoice), minor, purpose, Vec::new())
    }

    /// Names no invoice, but a contract, a day or a sum whose digits are another invoice's number.
    fn clash(&mut self) -> Payment {
        let invoice = self.any_open();
        let other = self.any_open();
        let minor = invoice.residual.minor();
        let number = other.numbers[0].clone();
        let digits = other.reference.map_or_else(|| number.clone(), |reference| reference.digits());
        let purpose = match self.chance.below(6) {
            0 => format!("Оплата по договору № {number} от 12.03.2025"),
            1 => format!("Оплата за товар арт. {digits}, в т.ч. НДС 20% {number}.00"),
            2 => format!("За товар на сумму {number} руб. ИНН {digits}"),
            3 => format!("Оплата по дог. N{number}, БИК {digits}, р/с 407028101{number}000123"),
            4 => format!("Оплата по накладной {number} от 05.05.2026, акт № {digits}"),
            _ => format!("Оплата {number}"),
        };
        self.payment(Category::Clash, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }
}
