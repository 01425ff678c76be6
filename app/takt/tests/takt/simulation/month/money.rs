//! The bank with its files, and the accountant. The bank knows every movement; its files come late,
//! twice, overlap, and tell of the same movement in other words.

use std::collections::BTreeSet;

use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::{
    Timestamp,
    money::{Currency, Money},
};
use takt_orders::VouchForMoney;
use takt_payments::{
    import::{BankLineId, LineState},
    invoices::InvoiceId,
    queries::visible_line,
    rights::MatchMoney,
    settle,
};
use takt_payments_port::Party;
use takt_simulator::{ACCOUNT, BANK, BIC, Chance, HOLDER, INN, Life, Payment};
use takt_staff::{Role, Scope};

use super::{
    node::Ended,
    world::{Deed, Done, Setback, World, setback},
};

/// What a file of the bank is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// What came since the last file of the day.
    Rest,
    /// All of yesterday once more, in other words.
    Yesterday,
    Week,
}

pub struct BankBook {
    chance: Chance,
    booked: Vec<Booked>,
    files: Vec<File>,
    documents: i64,
    told: usize,
}

struct Booked {
    movement: Movement,
    at: Timestamp,
}

struct File {
    name: String,
    bytes: Vec<u8>,
    /// The movements it tells of.
    holds: Vec<usize>,
    taken_in: bool,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl BankBook {
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance::of(seed, "bank"),
            booked: Vec::new(),
            files: Vec::new(),
            documents: 1_000,
            told: 0,
        }
    }

    pub fn receive(&mut self, payment: Payment, at: Timestamp) {
        let kind = if payment.payer.inn.is_some() {
            "Платежное поручение"
        } else {
            "Платежный ордер"
        };
        self.book(kind, payment.amount, true, payment.payer, payment.purpose, at);
        // Some movements have nothing to do with orders.
        let roubles = Money::new(self.chance.between(100, 60_000) * 100, Currency::RUB);
        match self.chance.between(1, 60) {
            1 => {
                let purpose = "Возмещение по торговому эквайрингу, мерчант 1234567. Комиссия 1.9%".to_owned();
                self.book(
                    "Банковский ордер",
                    roubles,
                    true,
                    party(BANK, "0011111111", "30232810000000000001"),
                    purpose,
                    at,
                );
            }
            2 => {
                let supplier = party("ООО \"Оптовая база подарков\"", "0022222222", "40702810000000005550");
                self.book(
                    "Платежное поручение",
                    roubles,
                    false,
                    supplier,
                    "Оплата поставщику".to_owned(),
                    at,
                );
            }
            _ => {}
        }
    }

    pub fn pay_back(&mut self, amount: Money, life: &Life, at: Timestamp) {
        if amount.is_positive() {
            let purpose = format!("Возврат по заказу {}", life.external_id);
            self.book("Платежное поручение", amount, false, life.buyer.payer.clone(), purpose, at);
        }
    }

    fn book(
        &mut self,
        kind: &str,
        amount: Money,
        incoming: bool,
        other: Party,
        purpose: String,
        at: Timestamp,
    ) {
        self.documents += 1;
        let own = party(HOLDER, INN, ACCOUNT);
        let (payer, payee) = if incoming { (other, own) } else { (own, other) };
        let day = day(at);
        let movement = Movement {
            kind: kind.to_owned(),
            number: self.documents.to_string(),
            date: day.clone(),
            booked_on: day,
            amount,
            incoming,
            payer,
            payee,
            purpose,
        };
        self.booked.push(Booked { movement, at });
    }

    /// The number of the file, unless there is nothing to tell.
    fn write(&mut self, paper: Paper, now: Timestamp) -> Option<usize> {
        let since = |seconds: i64| now.plus_seconds(-seconds);
        let from = match paper {
            Paper::Rest => {
                // Some repeat a little of what the file before told.
                let from = self.told.saturating_sub(if self.chance.one_in(4) { 5 } else { 0 });
                self.told = self.booked.len();
                from
            }
            Paper::Yesterday => self.booked.iter().position(|booked| booked.at >= since(DAY))?,
            Paper::Week => self.booked.iter().position(|booked| booked.at >= since(7 * DAY))?,
        };
        let holds: Vec<usize> = (from..self.booked.len()).collect();
        if holds.is_empty() {
            return None;
        }
        let movements: Vec<Movement> = holds
            .iter()
            .map(|index| {
                let mut movement = self.booked[*index].movement.clone();
                if paper != Paper::Rest {
                    restate(&mut movement);
                }
                movement
            })
            .collect();
        let header = Header {
            sender: BANK.to_owned(),
            account: ACCOUNT.to_owned(),
            from: day(self.booked[from].at),
            until: day(now),
            opening: Money::zero(Currency::RUB),
        };
        let bytes = compose(&header, &movements).expect("bytes");
        let name = format!("kl_to_1c_{:04}.txt", self.files.len() + 1);
        self.files.push(File { name, bytes, holds, taken_in: false });
        Some(self.files.len() - 1)
    }

    /// What came in by all files that were taken in, each movement once.
    pub fn told_to_program(&self) -> Money {
        let files = self.files.iter().filter(|file| file.taken_in);
        let told: BTreeSet<usize> = files.flat_map(|file| file.holds.iter().copied()).collect();
        let incoming =
            told.iter().map(|index| &self.booked[*index].movement).filter(|movement| movement.incoming);
        Money::sum(Currency::RUB, incoming.map(|movement| movement.amount)).expect("a sum")
    }
}

/// The same movement in the words of the next day.
fn restate(movement: &mut Movement) {
    movement.purpose = movement.purpose.to_uppercase().chars().take(40).collect();
}

fn day(at: Timestamp) -> String {
    at.plus_seconds(3 * HOUR).to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn party(name: &str, inn: &str, account: &str) -> Party {
    Party {
        name: name.to_owned(),
        inn: Some(inn.to_owned()),
        accounts: vec![account.to_owned()],
        bic: Some(BIC.to_owned()),
        bank: Some(BANK.to_owned()),
    }
}

impl World {
    pub fn write_paper(&mut self, paper: Paper) -> Done {
        let Some(file) = self.bank.write(paper, self.now) else { return Ok(()) };
        let tricks = self.scale.bank_tricks;
        if tricks && self.chance.one_in(6) {
            self.within(HOUR, 30 * HOUR, Deed::HandIn(file));
            self.tally.count("late bank files");
        } else {
            self.within(60, 1_800, Deed::HandIn(file));
        }
        if tricks && self.chance.one_in(8) {
            self.within(HOUR, 50 * HOUR, Deed::HandIn(file));
            self.tally.count("bank files handed in twice");
        }
        Ok(())
    }

    pub async fn hand_in(&mut self, file: usize) -> Done {
        let company = self.company.clone();
        let (name, bytes) = (self.bank.files[file].name.clone(), self.bank.files[file].bytes.clone());
        let Some((number, node)) = self.node() else { return Err(Setback::Lost) };
        let db = node.db.clone();
        let taking = async {
            let permit = db
                .read("simulation.permit", move |reader| {
                    company.permit::<VouchForMoney>(reader, Role::Accountant)
                })
                .await?;
            takt_payments::import_bank_file(&db, permit, name, bytes, "test", &mut |_, _| ()).await
        };
        match node.alive(taking).await {
            Ok(Ok(_)) => {
                self.bank.files[file].taken_in = true;
                self.tally.count("bank files taken in");
                Ok(())
            }
            Ok(Err(fault)) => Err(setback("hand in", &fault)),
            Err(Ended) => Err(self.ended(number).await),
        }
    }

    pub async fn accept(&mut self, line: BankLineId) -> Done {
        let company = self.company.clone();
        self.write("simulation.accept", move |tx| {
            let scope = Scope::Company { company: company.id, shops: None };
            let found = visible_line(tx, &scope, line)?.line;
            if found.outcome.state != LineState::Suggested {
                return Ok(());
            }
            let permit = company.permit::<MatchMoney>(tx, Role::Accountant)?;
            let Some(best) = found.candidates.first() else {
                return if found.allocated.is_positive() {
                    Ok(())
                } else {
                    settle::set_aside(tx, &permit, line)
                };
            };
            let chosen: [(InvoiceId, Money); 1] = [(InvoiceId::new(best.invoice), best.amount)];
            settle::accept(tx, &permit, line, &chosen, true)
        })
        .await
    }

    pub async fn undo(&mut self, line: BankLineId) -> Done {
        let company = self.company.clone();
        self.tally.count("matches taken back");
        self.write("simulation.undo", move |tx| {
            let permit = company.permit::<MatchMoney>(tx, Role::Accountant)?;
            settle::undo(tx, &permit, line)
        })
        .await?;
        self.at_work_within(HOUR, 9 * HOUR, Deed::Accept(line));
        Ok(())
    }
}
