//! Files that the company's own accountant takes in. What they say is believed by design, so the lies are
//! those of a file that is not what it should be: somebody else's, not booked, the wrong way round, not
//! whole, or the same once more.

use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::{
    Result,
    money::{Currency, Money},
};
use takt_payments_port::Party;

use super::Lied;
use crate::{
    change::{changed, noise},
    world::{ACCOUNT, PRICE, Target, World, stands},
};

const PAYER: &str = "40817810099910004312";
const STRANGERS: &str = "40702810555555555555";
const EUROS: &str = "40702978200000000001";
pub const DAY: &str = "2026-11-02";

/// A credit as a file tells of it.
#[derive(Clone)]
pub struct Credit {
    pub account: &'static str,
    pub payer: &'static str,
    pub incoming: bool,
    pub number: String,
    pub day: &'static str,
    pub purpose: String,
}

impl Credit {
    /// As an honest bank would tell of it.
    pub fn of(target: &Target, number: i64) -> Self {
        Self {
            account: ACCOUNT,
            payer: PAYER,
            incoming: true,
            number: number.to_string(),
            day: DAY,
            purpose: format!("Оплата по счёту {}", target.reference),
        }
    }
}

pub struct Files {
    /// A file that was taken in, what it told, and for which order.
    taken: Credit,
    target: Target,
}

impl Files {
    pub async fn open(world: &mut World) -> Self {
        let target = world.order().await;
        let taken = Credit::of(&target, world.next());
        take_in(world, one_c(&taken)).await.expect("a file");
        world.was_told(target.order, PRICE);
        Self { taken, target }
    }

    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let (bytes, lied) = self.untrue(world);
        let refused = stands(take_in(world, bytes).await, lied.what);
        assert!(!MUST_BE_REFUSED.contains(&lied.what) || refused, "{} was taken in", lied.what);
        lied
    }

    /// A file that is worth nothing, and what is wrong with it.
    pub fn untrue(&mut self, world: &mut World) -> (Vec<u8>, Lied) {
        let target = world.target();
        let credit = Credit::of(&target, world.next());
        match world.chance.between(0, 17) {
            0 => (one_c(&Credit { account: STRANGERS, ..credit }), Lied::gravely("a stranger's statement")),
            1 => (one_c(&Credit { incoming: false, ..credit }), Lied::gravely("money that went")),
            2 => (one_c(&Credit { account: EUROS, ..credit }), Lied::gravely("an account of euros")),
            3 => (cut(one_c(&credit), world), Lied::gravely("half a file")),
            4 => (amount(&credit, "-100.00"), Lied::gravely("a negative amount")),
            5 => (amount(&credit, "1,234"), Lied::gravely("an amount of two meanings")),
            6 => (amount(&credit, "0.00"), Lied::gravely("an amount of nothing")),
            7 => (demand(&credit), Lied::gravely("a demand that was not paid")),
            8 => (one_c(&self.taken), Lied::gravely("the same file")),
            9 => (self.reworded(), Lied::gravely("the same movement in other words")),
            10 | 11 => self.once_more(world),
            12 => (self.doubly_wrong(&credit, world), Lied::gravely("a file that was changed on its way")),
            13 => (noise(600, &mut world.chance), Lied::idly("a file of noise")),
            _ => camt(&credit, world),
        }
    }

    fn reworded(&self) -> Vec<u8> {
        one_c(&Credit { purpose: self.taken.purpose.to_uppercase(), ..self.taken.clone() })
    }

    /// Another day or another number makes another movement, and people who vouch for a file are believed: it
    /// may count, but never beyond what it says.
    fn once_more(&self, world: &mut World) -> (Vec<u8>, Lied) {
        world.was_told(self.target.order, PRICE);
        if world.chance.one_in(2) {
            let day = world.chance.pick(&["2026-10-30", "2026-10-31", "2026-11-01"]);
            return (
                one_c(&Credit { day, ..self.taken.clone() }),
                Lied::gravely("the same payment of another day"),
            );
        }
        let number = world.next().to_string();
        (
            one_c(&Credit { number, ..self.taken.clone() }),
            Lied::gravely("the same payment under another number"),
        )
    }

    /// A stranger's outgoing money: no one byte makes ours of it.
    fn doubly_wrong(&self, credit: &Credit, world: &mut World) -> Vec<u8> {
        let wrong = Credit { account: STRANGERS, incoming: false, ..credit.clone() };
        changed(&one_c(&wrong), &mut world.chance)
    }
}

const MUST_BE_REFUSED: &[&str] =
    &["half a file", "a negative amount", "an amount of two meanings", "a file of noise"];

pub async fn take_in(world: &World, bytes: Vec<u8>) -> Result<()> {
    let permit = world.voucher(world.company, "first").await?;
    let name = "kl_to_1c.txt".to_owned();
    takt_payments::import_bank_file(&world.app.db, permit, name, bytes, "test", &mut |_, _| ())
        .await
        .map(|_| ())
}

pub fn one_c(credit: &Credit) -> Vec<u8> {
    let currency = if credit.account == EUROS { Currency::EUR } else { Currency::RUB };
    let header = Header {
        sender: "Банк".to_owned(),
        account: credit.account.to_owned(),
        from: credit.day.to_owned(),
        until: credit.day.to_owned(),
        opening: Money::new(1_000_000, currency),
    };
    let party = |name: &str, account: &str| Party {
        name: name.to_owned(),
        accounts: vec![account.to_owned()],
        ..Party::default()
    };
    let (own, other) = (party("Светосила", credit.account), party("Иванов Иван", credit.payer));
    let (payer, payee) = if credit.incoming { (other, own) } else { (own, other) };
    let movement = Movement {
        kind: "Платежное поручение".to_owned(),
        number: credit.number.clone(),
        date: credit.day.to_owned(),
        booked_on: credit.day.to_owned(),
        amount: Money::new(PRICE, currency),
        incoming: credit.incoming,
        payer,
        payee,
        purpose: credit.purpose.clone(),
    };
    compose(&header, &[movement]).expect("bytes")
}

/// Ends within its only document, wherever.
fn cut(mut bytes: Vec<u8>, world: &mut World) -> Vec<u8> {
    let opener: &[u8] = &encoding("СекцияДокумент");
    let closer: &[u8] = &encoding("КонецДокумента");
    let find =
        |wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted).expect("it is there");
    let (from, until) = (find(opener) + opener.len(), find(closer));
    let at = from + world.chance.index(until - from);
    bytes.truncate(at);
    bytes
}

fn amount(credit: &Credit, given: &str) -> Vec<u8> {
    let text = decoded(&one_c(credit));
    encoding(
        &text
            .replace("Сумма=100.00", &format!("Сумма={given}"))
            .replace("Сумма=100\r", &format!("Сумма={given}\r")),
    )
}

/// A demand for payment that nobody followed says no day on which it was booked.
fn demand(credit: &Credit) -> Vec<u8> {
    let text = decoded(&one_c(credit)).replace("Платежное поручение", "Платежное требование");
    let kept: Vec<&str> = text.lines().filter(|row| !row.starts_with("ДатаПоступило")).collect();
    encoding(&kept.join("\r\n"))
}

fn decoded(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned()
}

fn encoding(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

fn camt(credit: &Credit, world: &mut World) -> (Vec<u8>, Lied) {
    let entry = |currency: &str, flag: &str, state: &str, account: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\
             <GrpHdr><MsgId>{0}</MsgId></GrpHdr><Stmt><Id>{0}</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>\
             <Ntry><Amt Ccy=\"{currency}\">100.00</Amt><CdtDbtInd>{flag}</CdtDbtInd><Sts>{state}</Sts>\
             <BookgDt><Dt>{DAY}</Dt></BookgDt><AcctSvcrRef>camt-{0}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{1}</Ustrd>\
             </RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>",
            credit.number, credit.purpose
        )
    };
    match world.chance.between(0, 5) {
        0 => (
            entry("USD", "CRDT", "BOOK", ACCOUNT).into_bytes(),
            Lied::gravely("dollars on an account of roubles"),
        ),
        1 => (entry("RUB", "DBIT", "BOOK", ACCOUNT).into_bytes(), Lied::gravely("a debit of camt")),
        2 => {
            (entry("RUB", "CRDT", "PDNG", ACCOUNT).into_bytes(), Lied::gravely("an entry that is not booked"))
        }
        3 => (entry("RUB", "CRDT", "INFO", ACCOUNT).into_bytes(), Lied::gravely("an entry for information")),
        4 => (entry("RUB", "CRDT", "BOOK", STRANGERS).into_bytes(), Lied::gravely("a stranger's camt")),
        _ => {
            let wrong = entry("USD", "DBIT", "PDNG", STRANGERS);
            (
                changed(wrong.as_bytes(), &mut world.chance),
                Lied::gravely("a camt that was changed on its way"),
            )
        }
    }
}
