//! A month of money under one seed: orders, receipts, returns, refunds, credit, reversals, in whatever
//! order chance has it. The test keeps the bank's own book beside: at the end every kopeck stands where it
//! should, and no check finds anything.
//!
//! The whole of it: `TAKT_MONEY_OPERATIONS=100000 cargo test -p takt-payments --test payments a_month`.

use std::collections::BTreeMap;

use serde_json::json;
use takt_customers::CustomerId;
use takt_kernel::{
    Fault, Kind, Result,
    money::{Currency, Money, Quantity},
};
use takt_orders::{
    CancelOrders, ConfirmOrders, EditOrders, Intake, LineId, OrderId, PlaceOrders, ReturnedPart, Unfit,
};
use takt_payments::{
    credit,
    import::{BankLine, BankLineId, LineState},
    invoices::{self, InvoiceId},
    journal::{balances, chain},
    refunds::{self, Payee, RefundId, State},
    rights::{AcceptReturns, MatchMoney, OrderRefunds},
    settle,
};
use takt_staff::{Permit, Role};
use takt_store::{Query, Statement, Tx, checks};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{ACCOUNT, Desk, Pay, nobody, pay, person};

const BUYERS: [&str; 12] =
    ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл", "Лев", "Майя"];
const RATES: [&str; 7] = ["none", "0", "5", "7", "10", "20", "22"];
const FILE: usize = 20;

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most.max(1) as u64).expect("small")
    }

    fn minor(&mut self, most: i64) -> i64 {
        1 + i64::try_from(self.below(usize::try_from(most).expect("positive"))).expect("small")
    }
}

struct Month {
    desk: Desk,
    accountant: Permit<OrderRefunds>,
    dice: Dice,
    orders: Vec<OrderId>,
    lines: Vec<BankLineId>,
    refunds: Vec<RefundId>,
    pending: Vec<Pay>,
    documents: u64,
    /// What the bank knows: in minor units, what came and what went.
    came: i64,
    went: i64,
    /// Thousandths that came back fit to be sold, and not.
    fit: i64,
    unfit: i64,
    tally: BTreeMap<&'static str, usize>,
}

/// One of the last hundred, so that much happens to each.
fn recent<T: Copy>(dice: &mut Dice, all: &[T]) -> Result<T> {
    let back = dice.below(all.len().min(100));
    all.iter().rev().nth(back).copied().ok_or_else(|| Fault::missing("test.none"))
}

fn money(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

impl Month {
    async fn live(&mut self, operations: usize) {
        for _ in 0..operations {
            let deed = self.dice.below(101);
            let (name, done) = match deed {
                0..=27 => ("place", self.place().await),
                28..=52 => ("pay", self.pay().await),
                53..=57 => ("match by hand", self.match_by_hand().await),
                58..=61 => ("undo", self.undo().await),
                62..=66 => ("cancel", self.cancel().await),
                67..=74 => ("ship", self.ship().await),
                75..=79 => ("return", self.give_back().await),
                80..=84 => ("claim", self.claim().await),
                85..=90 => ("refund goes on", self.refund_goes_on().await),
                91..=92 => ("keep", self.keep().await),
                93..=95 => ("use credit", self.use_credit().await),
                96 => ("credit out", self.credit_out().await),
                97 => ("reversal", self.reversal().await),
                98 => ("reprice", self.reprice().await),
                99 => ("deliver", self.deliver().await),
                _ => ("seal", chain::seal(&self.desk.app.db, self.desk.company).await.map(|_| ())),
            };
            match done {
                Ok(()) => *self.tally.entry(name).or_default() += 1,
                Err(fault) if matches!(fault.kind(), Kind::Conflict | Kind::Invalid | Kind::Missing) => {}
                Err(fault) => panic!("{name}: {fault:?}"),
            }
        }
        self.tell_the_bank().await;
    }

    fn some_order(&mut self) -> Result<OrderId> {
        recent(&mut self.dice, &self.orders)
    }

    fn some_line(&mut self) -> Result<BankLineId> {
        recent(&mut self.dice, &self.lines)
    }

    fn some_refund(&mut self) -> Result<RefundId> {
        recent(&mut self.dice, &self.refunds)
    }

    async fn write<T: Send + 'static>(
        &self,
        command: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.desk.app.try_write(command).await
    }

    async fn place(&mut self) -> Result<()> {
        let buyer = BUYERS[self.dice.below(BUYERS.len())];
        let phone =
            format!("+791212345{:02}", BUYERS.iter().position(|known| *known == buyer).unwrap_or_default());
        let lines: Vec<_> = (0..=self.dice.below(2))
            .map(|_| {
                json!({
                    "name": "Рамка", "unit": "pcs", "quantity": (1 + self.dice.below(3)).to_string(),
                    "price": money(self.dice.minor(900_000)).to_decimal_string(),
                    "vat": RATES[self.dice.below(RATES.len())],
                })
            })
            .collect();
        let terms = ["prepaid", "on_delivery", "credit"][self.dice.below(3)];
        let delivery = json!({"method": "courier", "price": "300"});
        let body = json!({"currency": "RUB", "terms": terms, "delivery": delivery, "customer": {"name": buyer, "phone": phone}, "lines": lines});
        let intake = Intake {
            shop: self.desk.shop,
            currency: Currency::RUB,
            source: "api",
            lang: Lang::Ru,
            region: "RU",
        };
        let wanted = takt_orders::read_new_order(&body, &intake)?;
        let company = self.desk.company;
        let placed = self.write(move |tx| {
            let mut wanted = wanted.clone();
            wanted.customer = Some(takt_customers::recognise(tx, company, &wanted.contact, &nobody())?);
            Ok(takt_orders::place(tx, &Permit::<PlaceOrders>::system(company, "test"), wanted)?.id)
        });
        self.orders.push(placed.await?);
        Ok(())
    }

    async fn pay(&mut self) -> Result<()> {
        let order = self.some_order()?;
        let owed = self.desk.read(order).await.owed().minor();
        let amount = match self.dice.below(6) {
            0 => self.dice.minor(owed.max(1)),
            1 => owed + self.dice.minor(50_000),
            2 => self.dice.minor(500_000),
            _ => owed.max(1),
        };
        let reference = self.desk.reference(order).await;
        let purpose = if self.dice.below(8) == 0 {
            "спасибо".to_owned()
        } else {
            format!("по счету {reference}")
        };
        self.documents += 1;
        self.came += amount;
        self.pending.push(pay(&self.documents.to_string(), &money(amount).to_decimal_string(), &purpose));
        if self.pending.len() >= FILE {
            self.tell_the_bank().await;
        }
        Ok(())
    }

    /// The bank's file of the day.
    async fn tell_the_bank(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            let lines = self.desk.bank_reports(&pending).await;
            self.take_in(&lines);
        }
    }

    fn take_in(&mut self, lines: &[BankLine]) {
        let receipts = lines.iter().filter(|line| line.incoming == Some(true));
        self.lines.extend(receipts.map(|line| line.id));
    }

    async fn match_by_hand(&mut self) -> Result<()> {
        let (id, order, company) = (self.some_line()?, self.some_order()?, self.desk.company);
        let (part, rest) = (self.dice.below(3), self.dice.below(2) == 0);
        self.write(move |tx| {
            let invoice =
                invoices::current_of_order(tx, company, order)?.ok_or_else(|| Fault::missing("test.none"))?;
            let scope = takt_staff::Scope::Company { company, shops: None };
            let left = takt_payments::queries::visible_line(tx, &scope, id)?.line.left();
            let most = if left < invoice.residual { left } else { invoice.residual };
            let amount = if part == 0 { money((most.minor() / 2).max(1)) } else { most };
            let chosen: [(InvoiceId, Money); 1] = [(invoice.id, amount)];
            settle::accept(tx, &Permit::<MatchMoney>::system(company, "test"), id, &chosen, rest)
        })
        .await
    }

    async fn undo(&mut self) -> Result<()> {
        let (id, company) = (self.some_line()?, self.desk.company);
        self.write(move |tx| settle::undo(tx, &Permit::<MatchMoney>::system(company, "test"), id)).await
    }

    async fn cancel(&mut self) -> Result<()> {
        let (order, company) = (self.some_order()?, self.desk.company);
        self.write(move |tx| {
            takt_orders::cancel(tx, &Permit::<CancelOrders>::system(company, "test"), order, None, "")
                .map(|_| ())
        })
        .await
    }

    async fn ship(&mut self) -> Result<()> {
        let (order, company, all) = (self.some_order()?, self.desk.company, self.dice.below(2) == 0);
        self.write(move |tx| {
            if takt_orders::load(tx, company, order)?.confirmed_at.is_none() {
                takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), order)?;
            }
            let open = takt_orders::lines(tx, company, order)?;
            let parts: Vec<(LineId, Quantity)> = open
                .iter()
                .filter(|line| line.open().is_positive())
                .map(|line| (line.id, if all { line.open() } else { Quantity::from_thousandths(1_000) }))
                .collect();
            takt_orders::record_shipped(tx, company, order, &parts, &nobody()).map(|_| ())
        })
        .await
    }

    async fn give_back(&mut self) -> Result<()> {
        let (order, company, all) = (self.some_order()?, self.desk.company, self.dice.below(4) == 0);
        let unfit = (self.dice.below(3) == 0).then_some(Unfit::ALL[self.dice.below(Unfit::ALL.len())]);
        let refund = self.write(move |tx| {
            let lines = takt_orders::lines(tx, company, order)?;
            let parts: Vec<ReturnedPart> = lines
                .iter()
                .filter(|line| line.shipped > line.returned)
                .take(if all { usize::MAX } else { 1 })
                .map(|line| {
                    let gone = line.shipped.saturating_subtract(line.returned);
                    let quantity = if all { gone } else { Quantity::from_thousandths(1_000) };
                    ReturnedPart { line: line.id, quantity, unfit }
                })
                .collect();
            let by = Permit::<AcceptReturns>::system(company, "test");
            Ok((refunds::accept_return(tx, &by, order, &parts)?, parts))
        });
        let (refund, parts) = refund.await?;
        self.refunds.extend(refund);
        for part in &parts {
            let came = if part.unfit.is_none() { &mut self.fit } else { &mut self.unfit };
            *came += part.quantity.thousandths();
        }
        Ok(())
    }

    async fn claim(&mut self) -> Result<()> {
        let (order, by, half) = (self.some_order()?, self.accountant.clone(), self.dice.below(2) == 0);
        let surplus = refunds::surplus_of(&self.desk.read(order).await).minor();
        let amount = money(if half { surplus / 2 } else { surplus });
        let id = self.write(move |tx| refunds::claim(tx, &by, order, amount)).await?;
        self.refunds.push(id);
        Ok(())
    }

    async fn refund_goes_on(&mut self) -> Result<()> {
        let (id, by, company) = (self.some_refund()?, self.accountant.clone(), self.desk.company);
        let refund = self.desk.app.read(move |r| refunds::get(r, company, id)).await;
        match refund.state {
            State::Payable => {
                let payee = Payee {
                    name: "Покупатель".to_owned(),
                    account: "40817810099910004312".to_owned(),
                    bic: "044525974".to_owned(),
                };
                self.write(move |tx| refunds::order(tx, &by, id, &payee, "возврат")).await
            }
            State::Approved => self.write(move |tx| refunds::mark_sent(tx, &by, id)).await,
            State::Sent => {
                let part = if self.dice.below(3) == 0 {
                    (refund.left().minor() / 2).max(1)
                } else {
                    refund.left().minor()
                };
                self.documents += 1;
                let purpose = format!("Возврат {}", refund.reference());
                let mut line = pay(&self.documents.to_string(), &money(part).to_decimal_string(), &purpose);
                line.incoming = false;
                let lines = self.desk.bank_reports(&[line]).await;
                assert_eq!(lines[0].outcome.code, "payments.refund_confirmed");
                self.went += part;
                Ok(())
            }
            State::Ordered | State::Closed | State::Kept => Err(Fault::conflict("test.over")),
        }
    }

    async fn keep(&mut self) -> Result<()> {
        let (id, by) = (self.some_refund()?, self.accountant.clone());
        self.write(move |tx| refunds::keep_as_credit(tx, &by, id)).await
    }

    async fn use_credit(&mut self) -> Result<()> {
        let (order, by, company) = (self.some_order()?, self.accountant.clone(), self.desk.company);
        self.write(move |tx| {
            let found = takt_orders::load(tx, company, order)?;
            let invoice =
                invoices::current_of_order(tx, company, order)?.ok_or_else(|| Fault::missing("test.none"))?;
            let credit = credit::for_order(tx, &found, invoice.entity)?;
            let amount = if credit < found.owed() { credit } else { found.owed() };
            credit::use_for(tx, &by, order, amount)
        })
        .await
    }

    async fn credit_out(&mut self) -> Result<()> {
        let (order, by, company) = (self.some_order()?, self.accountant.clone(), self.desk.company);
        let id = self.write(move |tx| {
            let customer: CustomerId =
                takt_orders::load(tx, company, order)?.customer.ok_or_else(|| Fault::missing("test.none"))?;
            let all = credit::of_customer(tx, company, Some(customer))?;
            let (entity, credit) = *all.first().ok_or_else(|| Fault::missing("test.none"))?;
            refunds::claim_credit(tx, &by, customer, entity, money((credit.minor() / 2).max(1)))
        });
        self.refunds.push(id.await?);
        Ok(())
    }

    async fn reversal(&mut self) -> Result<()> {
        let (id, company) = (self.some_line()?, self.desk.company);
        let scope = takt_staff::Scope::Company { company, shops: None };
        let receipt =
            self.desk.app.read(move |r| takt_payments::queries::visible_line(r, &scope, id)).await.line;
        let open = matches!(receipt.outcome.state, LineState::Posted | LineState::Suggested);
        if !open || receipt.returned.is_positive() {
            return Err(Fault::conflict("test.gone"));
        }
        self.documents += 1;
        let bytes = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
             <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
             <Ntry><Amt Ccy=\"RUB\">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>R{}</AcctSvcrRef></Ntry>\
             </Stmt></BkToCstmrStmt></Document>",
            receipt.amount.to_decimal_string(),
            self.documents
        );
        let by = self.desk.upload(bytes.into_bytes()).await.lines[0].id;
        self.write(move |tx| {
            refunds::reverse_receipt(tx, &Permit::<MatchMoney>::system(company, "test"), by, id)
        })
        .await?;
        self.went += receipt.amount.minor();
        Ok(())
    }

    async fn deliver(&mut self) -> Result<()> {
        let company = self.desk.company;
        for order in self.orders.clone().into_iter().rev().take(40) {
            let done = self
                .write(move |tx| takt_orders::record_delivered(tx, company, order, &nobody()).map(|_| ()));
            if let Err(fault) = done.await
                && fault.kind() != Kind::Conflict
            {
                return Err(fault);
            }
        }
        self.desk.app.drain().await;
        Ok(())
    }

    async fn reprice(&mut self) -> Result<()> {
        let (id, company) = (self.some_order()?, self.desk.company);
        let before = self.desk.read(id).await;
        let price = money(self.dice.minor(900_000)).to_decimal_string();
        let patch = json!({"lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"}]});
        let lines = self.desk.app.read(move |r| takt_orders::lines(r, company, id)).await;
        let patch = takt_orders::read_patch(&before, &lines, &patch, "RU")?;
        self.write(move |tx| {
            let permit = Permit::<EditOrders>::system(company, "test");
            takt_orders::edit(tx, &permit, id, before.version, patch.clone()).map(|_| ())
        })
        .await
    }

    /// Σ of one column over a table, in minor units.
    async fn sum(&self, statement: &'static str) -> i64 {
        let sum = Statement::new(statement);
        self.desk.app.read(move |r| r.opt_of(&sum)?.expect("a row").get("minor")).await
    }

    async fn of_kind(&self, kind: &'static str) -> i64 {
        let company = self.desk.company;
        let all = self.desk.app.read(move |r| balances::standings(r, company, Some(kind))).await;
        all.iter().map(|standing| standing.balance().expect("roubles").minor()).sum()
    }

    async fn every_kopeck_is_where_it_should_be(&self) {
        assert_eq!(self.of_kind("bank").await, self.came - self.went, "the bank's own book");
        let owed = self.sum(
            "select cast(coalesce(sum(case stage when 'cancel' then 0 else total_minor end - paid_minor), 0) as bigint) as minor from orders",
        );
        let receivable = self.of_kind("receivable").await + self.of_kind("cash_on_delivery").await;
        assert_eq!(receivable, owed.await, "what orders owe");
        let credit =
            self.sum("select cast(coalesce(sum(left_minor), 0) as bigint) as minor from credit_part");
        assert_eq!(self.of_kind("customer_credit").await, -credit.await, "what waits for orders");
        let back = self.sum(
            "select cast(coalesce(sum(amount_minor - confirmed_minor), 0) as bigint) as minor from refund where state <> 'kept'",
        );
        assert_eq!(self.of_kind("refund_payable").await, -back.await, "what goes back");
        let idle = self.sum(
            "select cast(coalesce(sum(amount_minor - allocated_minor - credit_minor - returned_minor), 0) as bigint) as minor
             from bank_line where incoming and state in ('posted', 'suggested', 'other')",
        );
        assert_eq!(self.of_kind("unmatched").await, -idle.await, "what nobody has chosen for");
        let back = self.sum("select cast(coalesce(sum(returned), 0) as bigint) as minor from order_line");
        assert_eq!(back.await, self.fit + self.unfit, "what came back");
        let company = self.desk.company;
        let all = self.desk.app.read(move |r| balances::standings(r, company, None)).await;
        let sum: i64 = all.iter().map(|standing| standing.balance().expect("roubles").minor()).sum();
        assert_eq!(sum, 0);
        let found = self.desk.app.read(|r| {
            let found = checks(r).into_iter().map(|check| Ok((check.code, (check.look)(r)?)));
            found.collect::<Result<Vec<_>>>()
        });
        let wrong: Vec<_> = found.await.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

on_both_engines! {
    async fn a_month_loses_no_kopeck_and_makes_none(place: Place) {
        let asked = std::env::var("TAKT_MONEY_OPERATIONS").ok().and_then(|text| text.parse().ok());
        let operations: usize = asked.unwrap_or(1_500);
        let desk = Desk::open(place).await;
        let company = desk.company;
        let accountant = person(&desk.app, company, "back@example.org", Role::Accountant).await;
        let accountant = desk.app.read(move |r| takt_staff::permit_of::<OrderRefunds>(r, accountant, company)).await;
        let mut month = Month {
            desk, accountant, dice: Dice(7), orders: Vec::new(), lines: Vec::new(), refunds: Vec::new(),
            pending: Vec::new(), documents: 0, came: 0, went: 0, fit: 0, unfit: 0, tally: BTreeMap::new(),
        };
        for _ in 0..10 {
            month.live(operations / 10).await;
            month.every_kopeck_is_where_it_should_be().await;
        }
        let before = month.of_kind("bank").await;
        chain::seal(&month.desk.app.db, company).await.expect("sealed");
        month.desk.app.write(move |tx| balances::rebuild(tx, company)).await;
        assert_eq!(month.of_kind("bank").await, before);
        month.every_kopeck_is_where_it_should_be().await;
        if operations >= 5_000 {
            println!("{operations} operations, came {}, went {}: {:?}", month.came, month.went, month.tally);
        }
        assert!(month.tally.len() >= 12, "{:?}", month.tally);
    }
}
