//! What only a push has told and no statement confirms in time pays, but does not leave.

use serde_json::{Value, json};
use takt_bank_simulator::{
    books::{Books, Line, NewLine},
    push::{Mode, Seal, Subscriber},
};
use takt_kernel::{Fault, Kind, money::Quantity};
use takt_orders::{ConfirmOrders, EditOrders, Order, Shipped, may_pack, steps};
use takt_payments::{
    import::{BankLine, LineState, lines_of_import},
    import_bank_file, invoices, proofs,
    rights::MatchMoney,
    settle,
};
use takt_staff::{
    Permit, Role, Scope,
    command_line::{self, CreatedUser, NewUser},
};
use takt_testing::on_both_engines;

use crate::desk::{ACCOUNT, Desk, Expected};

const HALF_AN_HOUR: i64 = 30 * 60;

/// What happens to an order of 100 roubles before it is asked whether it may leave.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// The bank pushes this much for it, in minor units.
    Push(i64),
    /// Seconds go by.
    Wait(i64),
    /// A statement names all that was pushed.
    Statement,
    /// A statement of the same day names nothing.
    EmptyStatement,
    /// The match is taken back, and so the order is not paid.
    Undo,
    /// The buyer pays on delivery.
    OnDelivery,
    /// This much of it came by a statement alone.
    PaidOtherwise(i64),
    /// It comes to this much from now on.
    Costs(&'static str),
}

use Deed::{Costs, EmptyStatement, OnDelivery, PaidOtherwise, Push, Statement, Undo, Wait};

const STOPPED: Option<&str> = Some("payments.money_in_doubt");

const TABLE: &[(&str, &[Deed], Option<&str>)] = &[
    ("it leaves while the statement still has time", &[Push(10_000), Wait(HALF_AN_HOUR - 1)], None),
    ("it stops when the time is over", &[Push(10_000), Wait(HALF_AN_HOUR)], STOPPED),
    ("a statement in time", &[Push(10_000), Statement, Wait(3 * HALF_AN_HOUR)], None),
    ("a statement that comes late lets it go", &[Push(10_000), Wait(HALF_AN_HOUR), Statement], None),
    (
        "a statement that does not name it helps nothing",
        &[Push(10_000), Wait(HALF_AN_HOUR), EmptyStatement],
        STOPPED,
    ),
    (
        "of two pushes one is enough to stop",
        &[Push(4_000), Statement, Push(6_000), Wait(HALF_AN_HOUR)],
        STOPPED,
    ),
    ("without it the rest is not enough", &[PaidOtherwise(6_000), Push(4_000), Wait(HALF_AN_HOUR)], STOPPED),
    ("the rest is enough", &[PaidOtherwise(6_000), Push(4_000), Wait(HALF_AN_HOUR), Costs("60.00")], None),
    ("taken back it is merely not paid", &[Push(10_000), Wait(HALF_AN_HOUR), Undo], Some("orders.not_paid")),
    ("who pays on delivery may owe all of it", &[OnDelivery, Push(10_000), Wait(HALF_AN_HOUR)], None),
];

struct Case<'d> {
    desk: &'d Desk,
    to: Subscriber,
    books: Books,
    expected: Expected,
    /// Lines that a statement has to name.
    told: Vec<Line>,
    voucher: Permit<takt_orders::VouchForMoney>,
}

impl Case<'_> {
    async fn order(&self) -> Order {
        let (scope, id) = (Scope::Company { company: self.desk.company, shops: None }, self.expected.order);
        self.desk.app.read(move |r| takt_orders::get(r, &scope, id)).await
    }

    async fn undergo(&mut self, deed: Deed) {
        let company = self.desk.company;
        match deed {
            Push(amount) => {
                let purpose = format!("Оплата по счёту {} й", self.expected.reference);
                let now = self.desk.now();
                let line = self.books.book(NewLine::credit(ACCOUNT, amount, &purpose), now);
                let messages = self
                    .desk
                    .teller()
                    .tell(&mut self.books, &self.to, &line, Mode::Honest)
                    .expect("messages");
                for message in &messages {
                    assert_eq!(self.desk.send(&self.to, message).await, 200);
                }
                self.desk.settle().await;
                self.told.push(line);
                let import =
                    self.desk.newest(&self.to).await.and_then(|message| message.import).expect("an import");
                let lines = self.desk.app.read(move |r| lines_of_import(r, company, import, 0, 10)).await;
                self.choose_when_asked(&lines[0]).await;
            }
            Wait(seconds) => {
                self.desk.app.advance(seconds).await;
            }
            Statement => drop(self.upload(&self.told.clone()).await),
            EmptyStatement => drop(self.upload(&[]).await),
            PaidOtherwise(amount) => {
                let purpose = format!("Оплата по счёту {}", self.expected.reference);
                let now = self.desk.now();
                let line = Books::new(&format!("another {}", self.expected.reference))
                    .book(NewLine::credit(ACCOUNT, amount, &purpose), now);
                let lines = self.upload(&[line]).await;
                self.choose_when_asked(&lines[0]).await;
                assert_eq!(self.order().await.paid.minor(), amount, "{:?}", lines[0].outcome);
            }
            Undo => {
                let lines: Vec<_> = {
                    let order = self.expected.order;
                    let awaited = self.desk.app.read(move |r| proofs::awaited(r, company, &[order])).await;
                    awaited.iter().map(|one| one.line).collect()
                };
                for line in lines {
                    self.desk
                        .app
                        .write(move |tx| {
                            settle::undo(tx, &Permit::<MatchMoney>::system(company, "test"), line)
                        })
                        .await;
                }
            }
            // It was placed so.
            OnDelivery => {}
            Costs(price) => {
                let line =
                    json!({"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"});
                self.change(&json!({"lines": [line]})).await;
            }
        }
        self.desk.app.drain().await;
    }

    async fn change(&self, patch: &Value) {
        let company = self.desk.company;
        let before = self.order().await;
        let id = before.id;
        let lines = self.desk.app.read(move |r| takt_orders::lines(r, company, id)).await;
        let patch = takt_orders::read_patch(&before, &lines, patch, "RU").expect("a patch");
        self.desk
            .app
            .write(move |tx| {
                let permit = Permit::<EditOrders>::system(company, "test");
                takt_orders::edit(tx, &permit, before.id, before.version, patch.clone()).map(|_| ())
            })
            .await;
    }

    /// Of a part of the sum a person says whose it is.
    async fn choose_when_asked(&self, line: &BankLine) {
        let (company, order) = (self.desk.company, self.expected.order);
        if line.outcome.state != LineState::Suggested {
            return;
        }
        let (line, amount) = (line.id, line.amount);
        self.desk
            .app
            .write(move |tx| {
                let invoice = invoices::current_of_order(tx, company, order)?.expect("an invoice").id;
                let permit = Permit::<MatchMoney>::system(company, "test");
                settle::accept(tx, &permit, line, &[(invoice, amount)], false)
            })
            .await;
    }

    async fn upload(&self, lines: &[Line]) -> Vec<BankLine> {
        let day = |line: &Line| {
            let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
            line.booked_at.to_jiff().to_zoned(zone).strftime("%d.%m.%Y").to_string()
        };
        let today = "02.11.2026";
        let mut text = format!(
            "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nДатаНачала={today}\n\
             ДатаКонца={today}\nРасчСчет={ACCOUNT}\n"
        );
        for line in lines {
            let (day, number, payer) = (day(line), &line.number, &line.other.account);
            let (whole, cents) = (line.amount_minor / 100, line.amount_minor % 100);
            text.push_str(&format!(
                "СекцияДокумент=Платежное поручение\nНомер={number}\nДата={day}\nСумма={whole}.{cents:02}\n\
                 ПлательщикСчет={payer}\nПолучательСчет={ACCOUNT}\nДатаПоступило={day}\n\
                 НазначениеПлатежа={}\nКонецДокумента\n",
                line.purpose
            ));
        }
        text.push_str("КонецФайла\n");
        let (name, voucher) = ("kl_to_1c.txt".to_owned(), self.voucher.clone());
        import_bank_file(&self.desk.app.db, voucher, name, text.into_bytes(), "upload", &mut |_, _| ())
            .await
            .expect("a statement")
            .lines
    }

    /// All of it is handed over, as whoever sends it has to.
    async fn leave(&self) -> Result<Order, Fault> {
        let (company, id) = (self.desk.company, self.expected.order);
        self.desk
            .app
            .try_write(move |tx| {
                takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id).map(|_| ())
            })
            .await?;
        self.desk
            .app
            .try_write(move |tx| {
                let parts: Vec<(_, Quantity)> =
                    takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, line.open())).collect();
                takt_orders::record_shipped(tx, company, id, &parts, &takt_kernel::Actor::system("test"))
            })
            .await
    }
}

async fn voucher(desk: &Desk) -> Permit<takt_orders::VouchForMoney> {
    let company = desk.company;
    let user = NewUser {
        company: company.to_string(),
        email: "buh@example.org".to_owned(),
        name: None,
        roles: Role::Accountant.into(),
        password: Some("correct horse battery".to_owned()),
    };
    let CreatedUser::Person(person) = command_line::create_user(&desk.app.db, user).await.expect("a person")
    else {
        unreachable!("they have a password")
    };
    desk.app.drain().await;
    desk.app.read(move |r| takt_staff::permit_of(r, person, company)).await
}

on_both_engines! {
    async fn an_order_paid_only_by_an_unconfirmed_push_stops_at_its_shipment(place: Place) {
        let desk = Desk::open(place).await;
        let voucher = voucher(&desk).await;
        for (n, (name, deeds, refusal)) in TABLE.iter().enumerate() {
            let later = matches!(deeds.first(), Some(OnDelivery));
            let terms = if later { "on_delivery" } else { "prepaid" };
            let mut case = Case {
                desk: &desk,
                to: desk.connect(Seal::Jws).await,
                books: Books::new(&format!("doubt {n}")),
                expected: desk.order_on(terms).await,
                told: Vec::new(),
                voucher: voucher.clone(),
            };
            for deed in *deeds {
                case.undergo(*deed).await;
            }
            let order = case.order().await;
            let may = desk.app.try_write(move |tx| steps::may_leave(tx, &order)).await;
            assert_eq!(may.as_ref().err().map(Fault::code), *refusal, "{name}");
            let company = desk.company;
            let scope = Scope::Company { company, shops: None };
            let stopped = desk.app.read(move |r| proofs::stopped(r, &scope)).await;
            let listed = stopped.iter().any(|one| one.order.id == case.expected.order);
            assert_eq!(listed, *refusal == STOPPED, "{name}: the money page");
            match refusal {
                None => assert_eq!(case.leave().await.expect(name).shipped, Shipped::All, "{name}"),
                Some(code) => {
                    let fault = case.leave().await.expect_err(name);
                    assert!(fault.is(code) && fault.kind() == Kind::Conflict, "{name}: {fault:?}");
                    assert_eq!(case.order().await.shipped, Shipped::None, "{name}");
                }
            }
            // It is packed all the same: only leaving waits for the bank.
            assert_eq!(may_pack(&case.order().await).is_ok() || refusal.is_none(), *refusal != Some("orders.not_paid"), "{name}");
        }
        let doubts = desk.app.facts_named("payments.doubted").await;
        assert!(doubts >= 5, "{doubts} orders were told");
        assert!(desk.app.facts_named("payments.doubt_ended").await >= 1);
    }
}
