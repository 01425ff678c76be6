//! The bank of the demonstration company. It gathers transfers and now and then writes a statement
//! in the 1C format, with the other things that stand in real statements.

use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::{
    Result,
    money::{Currency, Money},
};
use takt_payments_port::Party;

use crate::{chance::Chance, payment::Payment};

/// The company's own account, as it opens it here and as the bank knows it.
pub const ACCOUNT: &str = "40702810000000004217";
pub const BIC: &str = "000000100";
pub const BANK: &str = "АО «Банк Пристань»";
pub const HOLDER: &str = "ООО «Подарки и свет»";
pub const INN: &str = "0012345678";
/// Of the same company, but nobody has told the order desk of it.
const SECOND_ACCOUNT: &str = "40702810000000004725";

/// What stands in a statement besides the buyers' money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// Card takings, less the fee.
    Acquiring,
    /// The company pays a supplier.
    Outgoing,
    /// The bank takes its fee.
    Fee,
    /// A file about an account that nobody added.
    OtherAccount,
}

const BESIDE: [Beside; 7] = [
    Beside::Nothing,
    Beside::Nothing,
    Beside::Nothing,
    Beside::Acquiring,
    Beside::Outgoing,
    Beside::Fee,
    Beside::OtherAccount,
];

/// A file as the bank's client program would save it.
pub struct StatementFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

pub struct Bank {
    seed: u64,
    waiting: Vec<Movement>,
    /// Lines of the last statement that the next one repeats.
    again: Vec<Movement>,
    balance: Money,
    documents: i64,
    statements: usize,
}

impl Bank {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            waiting: Vec::new(),
            again: Vec::new(),
            balance: Money::new(84_215_000, Currency::RUB),
            documents: 1_000,
            statements: 0,
        }
    }

    /// Books a transfer on this ISO date; the next statement tells of it.
    pub fn receive(&mut self, payment: Payment, day: &str) {
        let kind = if payment.payer.inn.is_some() {
            "Платежное поручение"
        } else {
            "Платежный ордер"
        };
        let movement = self.movement(kind, payment.amount, true, payment.payer, payment.purpose, day);
        if payment.reported_twice {
            self.again.push(movement.clone());
        }
        self.waiting.push(movement);
    }

    /// The files of this moment: none while nothing has happened.
    ///
    /// # Errors
    /// `money.overflow` when the account could not hold so much.
    pub fn statement(&mut self, day: &str) -> Result<Vec<StatementFile>> {
        if self.waiting.is_empty() && self.again.is_empty() {
            return Ok(Vec::new());
        }
        let number = self.statements;
        self.statements += 1;
        let mut chance = Chance::of(self.seed, ("statement", number));
        let beside = self.beside(number);
        self.add_beside(beside, day, &mut chance);
        let mut movements = std::mem::take(&mut self.waiting);
        // Repeated are only lines that an earlier statement of the day told: those of this one wait in `again`.
        let (repeated, fresh): (Vec<Movement>, Vec<Movement>) = std::mem::take(&mut self.again)
            .into_iter()
            .filter(|again| again.booked_on == day)
            .partition(|again| movements.iter().all(|movement| movement.number != again.number));
        self.again = fresh;
        let opening = balance_before(self.balance, &repeated)?;
        self.balance = balance_after(self.balance, &movements)?;
        movements.splice(0..0, repeated);
        let mut files = vec![file(ACCOUNT, number, opening, &movements, day)?];
        if beside == Beside::OtherAccount {
            files.push(self.other_account(number, day, &mut chance)?);
        }
        Ok(files)
    }

    fn beside(&self, number: usize) -> Beside {
        let mut deck = BESIDE;
        Chance::of(self.seed, ("beside", number / deck.len())).shuffle(&mut deck);
        deck[number % deck.len()]
    }

    fn add_beside(&mut self, beside: Beside, day: &str, chance: &mut Chance) {
        let roubles =
            |chance: &mut Chance, from, to| Money::new(chance.between(from, to) * 100, Currency::RUB);
        let (kind, amount, incoming, party, purpose) = match beside {
            Beside::Nothing | Beside::OtherAccount => return,
            Beside::Acquiring => {
                let merchant = chance.digits(7);
                let purpose =
                    format!("Возмещение по торговому эквайрингу, мерчант {merchant}. Комиссия 1.9%");
                ("Банковский ордер", roubles(chance, 8_000, 60_000), true, bank_itself(), purpose)
            }
            Beside::Outgoing => {
                let purpose = format!("Оплата поставщику по договору {}, НДС 22%", chance.digits(4));
                ("Платежное поручение", roubles(chance, 20_000, 90_000), false, supplier(), purpose)
            }
            Beside::Fee => {
                let purpose = "Комиссия за ведение счета".to_owned();
                ("Банковский ордер", roubles(chance, 100, 900), false, bank_itself(), purpose)
            }
        };
        let movement = self.movement(kind, amount, incoming, party, purpose, day);
        self.waiting.push(movement);
    }

    fn other_account(&mut self, number: usize, day: &str, chance: &mut Chance) -> Result<StatementFile> {
        let amount = Money::new(chance.between(10_000, 50_000) * 100, Currency::RUB);
        let payer = party("ООО \"Склад и полки\"", "0087654321", "40702810000000009911");
        let purpose = format!("Оплата аренды по договору {}", chance.digits(3));
        let mut movement = self.movement("Платежное поручение", amount, true, payer, purpose, day);
        movement.payee.accounts = vec![SECOND_ACCOUNT.to_owned()];
        file(SECOND_ACCOUNT, number, Money::zero(Currency::RUB), &[movement], day)
    }

    fn movement(
        &mut self,
        kind: &str,
        amount: Money,
        incoming: bool,
        other: Party,
        purpose: String,
        day: &str,
    ) -> Movement {
        self.documents += 1;
        let own = party(HOLDER, INN, ACCOUNT);
        let (payer, payee) = if incoming { (other, own) } else { (own, other) };
        Movement {
            kind: kind.to_owned(),
            number: self.documents.to_string(),
            date: day.to_owned(),
            booked_on: day.to_owned(),
            amount,
            incoming,
            payer,
            payee,
            purpose,
        }
    }
}

fn balance_after(opening: Money, movements: &[Movement]) -> Result<Money> {
    movements.iter().try_fold(opening, |balance, movement| {
        if movement.incoming { balance.add(movement.amount) } else { balance.subtract(movement.amount) }
    })
}

fn balance_before(balance: Money, movements: &[Movement]) -> Result<Money> {
    movements.iter().try_fold(balance, |balance, movement| {
        if movement.incoming { balance.subtract(movement.amount) } else { balance.add(movement.amount) }
    })
}

fn file(
    account: &str,
    number: usize,
    opening: Money,
    movements: &[Movement],
    day: &str,
) -> Result<StatementFile> {
    let header = Header {
        sender: BANK.to_owned(),
        account: account.to_owned(),
        from: day.to_owned(),
        until: day.to_owned(),
        opening,
    };
    let tail = &account[account.len() - 4..];
    let name = format!("kl_to_1c_{tail}_{day}_{:04}.txt", number + 1);
    Ok(StatementFile { name, bytes: compose(&header, movements)? })
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

fn bank_itself() -> Party {
    party(BANK, "0011111111", "30232810000000000001")
}

fn supplier() -> Party {
    party("ООО \"Оптовая база подарков\"", "0022222222", "40702810000000005550")
}

#[cfg(test)]
mod tests {
    use takt_payments_port::BankDocument;

    use super::*;

    fn documents(files: &[StatementFile]) -> Vec<BankDocument> {
        files
            .iter()
            .flat_map(|file| {
                let report = takt_bank_files::one_c::read(&file.bytes).expect("a readable file");
                assert!(report.warnings.is_empty(), "{:?}", report.warnings);
                report.documents
            })
            .collect()
    }

    fn transfer(purpose: &str, reported_twice: bool) -> Payment {
        Payment {
            amount: Money::new(10_000, Currency::RUB),
            payer: Party {
                name: "Смирнова Анна Павловна".to_owned(), ..Party::default()
            },
            purpose: purpose.to_owned(),
            reported_twice,
        }
    }

    #[test]
    fn a_statement_tells_of_what_came_once_and_of_some_lines_twice() {
        let mut bank = Bank::new(1);
        assert!(bank.statement("2026-11-02").expect("no statement").is_empty());
        bank.receive(transfer("один", false), "2026-11-02");
        bank.receive(transfer("два", true), "2026-11-02");
        let counted = |bank: &mut Bank, purpose: &str| {
            let files = bank.statement("2026-11-02").expect("a statement");
            documents(&files).iter().filter(|document| document.purpose == purpose).count()
        };
        assert_eq!(counted(&mut bank, "два"), 1);
        assert_eq!(counted(&mut bank, "два"), 1);
        bank.receive(transfer("три", false), "2026-11-02");
        assert_eq!(counted(&mut bank, "два"), 0);
    }

    #[test]
    fn each_statement_ends_with_what_the_account_holds() {
        let mut bank = Bank::new(1);
        let mut ended = Vec::new();
        for (purpose, twice, day) in
            [("один", true, "2026-11-02"), ("два", true, "2026-11-02"), ("три", false, "2026-11-03")]
        {
            bank.receive(transfer(purpose, twice), day);
            let files = bank.statement(day).expect("a statement");
            let own = &takt_bank_files::one_c::read(&files[0].bytes).expect("a readable file").statements[0];
            ended.push((own.closing, own.closing == Some(bank.balance)));
        }
        assert!(ended.iter().all(|(_, agrees)| *agrees), "{ended:?}");
    }

    #[test]
    fn every_kind_of_other_line_stands_in_some_of_the_first_statements() {
        let mut bank = Bank::new(3);
        let mut all = Vec::new();
        for number in 0..BESIDE.len() {
            bank.receive(transfer(&number.to_string(), false), "2026-11-02");
            all.extend(documents(&bank.statement("2026-11-02").expect("a statement")));
        }
        for words in ["эквайрингу", "поставщику", "Комиссия за ведение", "аренды"]
        {
            assert!(all.iter().any(|document| document.purpose.contains(words)), "{words}");
        }
    }
}
