//! Payments that mean invoices of ours, each with what its payer did to the text, the amount or the
//! payer's own field.

use takt_kernel::money::Currency;

use super::{
    Category, Numbering, Payment, World,
    customers::Person,
    payments::tried,
    spelling::{distort, slip},
};
use crate::{Invoice, InvoiceState};

impl World {
    pub(super) fn clean(&mut self) -> Payment {
        let invoice = self.any_open();
        self.clean_for(&invoice)
    }

    fn clean_for(&mut self, invoice: &Invoice) -> Payment {
        let minor = invoice.residual.minor();
        let mut name = self.name_of(invoice);
        if self.numbering == Numbering::References && self.chance.in_thousand(250) {
            name = distort(&name, &mut self.chance);
        }
        let purpose = self.purpose(&name, invoice, minor);
        self.payment(Category::Clean, &self.owner(invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    pub(super) fn typo(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let name = self.name_of(&invoice);
        let letters = if self.numbering == Numbering::References { 2 } else { 0 };
        let name = slip(&name, letters, &mut self.chance);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Typo, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    pub(super) fn no_number(&mut self) -> Payment {
        let invoice = self.any_open();
        self.no_number_for(&invoice)
    }

    fn no_number_for(&mut self, invoice: &Invoice) -> Payment {
        let minor = invoice.residual.minor();
        let texts =
            ["Оплата за товар. Без НДС", "За материалы, в т.ч. НДС 20%", "Перевод средств", "", "по счету"];
        let purpose = (*self.chance.pick(&texts)).to_owned();
        self.payment(Category::NoNumber, &self.owner(invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    /// Last time's text: its invoice is paid, or still open.
    pub(super) fn stale(&mut self) -> Payment {
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

    /// A spouse, a director, a parent company; one in three is a customer too.
    fn stranger(&mut self) -> Person {
        if self.chance.in_thousand(300) {
            let at = self.chance.index(self.people.len());
            return self.people[at].clone();
        }
        Person::new(0, &mut self.chance)
    }

    pub(super) fn third_party(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let stranger = self.stranger();
        let name = self.name_of(&invoice);
        let mut purpose = self.purpose(&name, &invoice, minor);
        let owner = self.owner(&invoice);
        match self.chance.below(4) {
            0 | 1 => purpose.push_str(&format!(" за {}", owner.name)),
            2 => purpose.push_str(&format!(" за {}", owner.initials())),
            _ => {}
        }
        self.payment(Category::ThirdParty, &stranger, minor, purpose, vec![(invoice.id, minor)])
    }

    pub(super) fn instalment(&mut self) -> Payment {
        let begun = (0..20).map(|_| self.any_open()).find(|invoice| invoice.residual != invoice.total);
        let invoice = begun.unwrap_or_else(|| self.any_open());
        let left = invoice.residual.minor();
        let last = invoice.residual != invoice.total && self.chance.in_thousand(600);
        let part = left * self.chance.share(30, 70) / 100;
        let minor = if last { left } else { (part / 100 * 100).max(100).min(left) };
        let payer = if self.chance.in_thousand(80) { self.stranger() } else { self.owner(&invoice) };
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Instalment, &payer, minor, purpose, vec![(invoice.id, minor)])
    }

    /// An individual through the bank: its INN, its account, at times his name or no name at all.
    pub(super) fn transit(&mut self) -> Payment {
        let invoice = self.any_open_of_a_person();
        let named = self.chance.in_thousand(500);
        let mut payment = if named { self.clean_for(&invoice) } else { self.no_number_for(&invoice) };
        let owner = self.owner(&invoice);
        let name = match self.chance.below(10) {
            0..=3 => owner.name.to_uppercase(),
            4..=7 => owner.name,
            8 => owner.initials(),
            _ => String::new(),
        };
        payment.category = Category::Transit;
        payment.payer_inn = Some("7707083893".into());
        payment.payer_accounts = vec!["30232810100000000004".into()];
        payment.payer_name = format!("ПАО СБЕРБАНК//{name}//");
        payment
    }

    fn any_open_of_a_person(&mut self) -> Invoice {
        let mut invoice = self.any_open();
        for _ in 0..20 {
            if !self.owner(&invoice).is_firm() {
                break;
            }
            invoice = self.any_open();
        }
        invoice
    }

    /// The order was changed; the payer holds the first paper.
    pub(super) fn reissued(&mut self) -> Payment {
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

    /// A list, «и», or a range of neighbours.
    pub(super) fn several(&mut self) -> Payment {
        let first = self.any_open();
        let range = self.numbering == Numbering::Plain && self.chance.in_thousand(200);
        let mut chosen: Vec<Invoice> = self.ledger.open_of(first.customer).take(4).cloned().collect();
        if chosen.len() < 2 || range {
            let count = if range { 3 } else { 1 };
            let mut ids = if range { Vec::new() } else { vec![first.id] };
            for _ in 0..count {
                let total = self.any_open().total.minor();
                ids.push(self.issue(first.customer, total, Currency::RUB));
            }
            chosen = ids.iter().filter_map(|id| self.ledger.get(*id)).cloned().collect();
        }
        chosen.retain(|invoice| invoice.residual.currency() == Currency::RUB);
        let names: Vec<String> = chosen.iter().map(|invoice| self.name_of(invoice)).collect();
        let truth: Vec<(i64, i64)> =
            chosen.iter().map(|invoice| (invoice.id, invoice.residual.minor())).collect();
        let minor = truth.iter().map(|(_, minor)| minor).sum();
        let purpose = match (range, self.chance.below(3)) {
            (true, _) => format!("Оплата счетов {}-{}", names[0], names[names.len() - 1]),
            (_, 0) => format!("Оплата по счетам {}, НДС не облагается", names.join(", ")),
            (_, 1) => format!("оплата счетов №№ {}", names.join(" и ")),
            _ => format!("Счета N{}. В т.ч. НДС 22% 100.50", names.join("; N")),
        };
        self.payment(Category::Several, &self.owner(&first), minor, purpose, truth)
    }

    pub(super) fn overpaid(&mut self) -> Payment {
        let invoice = self.any_open();
        let left = invoice.residual.minor();
        let minor = (left / 50_000 + 1) * 50_000;
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Overpaid, &self.owner(&invoice), minor, purpose, vec![(invoice.id, left)])
    }

    /// The bank kept its fee, or the payer rounded down; the text states the whole sum.
    pub(super) fn short(&mut self) -> Payment {
        let invoice = tried(20, || self.any_open(), |invoice| invoice.residual.minor() > 200);
        let left = invoice.residual.minor();
        let minor = match self.chance.below(3) {
            0 if left % 100 > 0 => left - left % 100,
            _ => left - left / 100 - 1,
        };
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, left);
        self.payment(Category::Short, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }

    /// Names no invoice, but a contract, a day or a sum whose digits are another invoice's number.
    pub(super) fn clash(&mut self) -> Payment {
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

    /// The second of two invoices with one amount is paid by name, at times with a slip in it.
    pub(super) fn twins(&mut self) -> Payment {
        let first = self.any_open();
        let id = self.issue(first.customer, first.residual.minor(), Currency::RUB);
        let meant = if self.chance.in_thousand(500) { id } else { first.id };
        let invoice = self.ledger.get(meant).cloned().unwrap_or(first);
        let mut payment = if self.chance.in_thousand(50) {
            let minor = invoice.residual.minor();
            let letters = if self.numbering == Numbering::References { 2 } else { 0 };
            let name = slip(&self.name_of(&invoice), letters, &mut self.chance);
            let purpose = self.purpose(&name, &invoice, minor);
            self.payment(Category::Twins, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
        } else {
            self.clean_for(&invoice)
        };
        payment.category = Category::Twins;
        payment
    }

    /// The bank keeps 210 letters of a text whose number stands at its end.
    pub(super) fn truncated(&mut self) -> Payment {
        let invoice = self.any_open();
        let minor = invoice.residual.minor();
        let name = self.name_of(&invoice);
        let goods = "Оплата за строительные и отделочные материалы, рамку багетную, стекло, картон, крепёж, ";
        let mut purpose: String = goods.chars().cycle().take(180 + self.chance.index(24)).collect();
        purpose.push_str(&format!(" по счету {name} от {}", invoice.dates[0]));
        let purpose = purpose.chars().take(210).collect();
        self.payment(Category::Truncated, &self.owner(&invoice), minor, purpose, vec![(invoice.id, minor)])
    }
}
