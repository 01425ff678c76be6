//! Money that must not settle anything: of others, for closed invoices, a second time.

use takt_kernel::money::Currency;

use super::{Category, Payment, World, customers::Person};
use crate::InvoiceState;

impl World {
    /// Money for no invoice, at times with our number and an amount that somebody owes.
    pub(super) fn foreign(&mut self) -> Payment {
        let invoice = self.any_open();
        let paid = self.ledger.get(1001).cloned().unwrap_or_else(|| invoice.clone());
        let named = if self.chance.in_thousand(300) { &invoice } else { &paid };
        let name = self.name_of(named);
        let minor = if self.chance.in_thousand(200) {
            invoice.residual.minor()
        } else {
            self.chance.share(700_000, 1_699_999)
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
        // One in ten comes from somebody who also buys.
        let payer = if self.chance.in_thousand(100) {
            self.owner(&invoice)
        } else {
            Person::new(0, &mut self.chance)
        };
        self.payment(Category::Foreign, &payer, minor, purpose, Vec::new())
    }

    /// Pays for a cancelled or expired invoice, or in roubles for one in euros.
    pub(super) fn closed(&mut self, category: Category) -> Payment {
        let like = self.any_open();
        let minor = like.residual.minor();
        let currency = if category == Category::OtherCurrency { Currency::EUR } else { Currency::RUB };
        let id = self.issue(like.customer, minor, currency);
        match category {
            Category::Cancelled => self.change(id, |invoice| invoice.state = InvoiceState::Cancelled),
            Category::Expired => self.change(id, |invoice| invoice.state = InvoiceState::Expired),
            _ => {}
        }
        let invoice = self.ledger.get(id).cloned().unwrap_or(like);
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(category, &self.owner(&invoice), minor, purpose, Vec::new())
    }

    /// What was paid is paid again, under a new document: a real movement, and for no invoice.
    pub(super) fn double(&mut self) -> Payment {
        let like = self.any_open();
        let minor = like.residual.minor();
        let id = self.issue(like.customer, minor, Currency::RUB);
        self.ledger.pay(id, minor);
        let invoice = self.ledger.get(id).cloned().unwrap_or(like);
        let name = self.name_of(&invoice);
        let purpose = self.purpose(&name, &invoice, minor);
        self.payment(Category::Double, &self.owner(&invoice), minor, purpose, Vec::new())
    }
}
