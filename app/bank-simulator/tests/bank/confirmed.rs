//! What the statement says of messages, what a message says of lines before it, and whose accounts a bank speaks of.

use serde_json::json;
use takt_bank_simulator::{
    books::{Books, NewLine},
    push::{Mode, Seal},
    wire::Target,
};
use takt_kernel::money::{Currency, Money};
use takt_orders::{VouchForMoney, proof::KeptProof};
use takt_payments::{
    channels::{self, ChannelId, messages::MessageState},
    import, import_bank_file, refunds,
};
use takt_payments_port::{BankDocument, BankReport, BookingState, Direction, Format, Party};
use takt_staff::{
    Role,
    command_line::{self, CreatedUser, NewUser},
};
use takt_store::{Query as _, params, sql};
use takt_testing::on_both_engines;

use crate::desk::{ACCOUNT, Desk};

/// A statement of one credit under the bank's own id of it.
fn statement(id: &str, amount: &str, day: &str) -> Vec<u8> {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
         <Ntry><Amt Ccy=\"RUB\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{id}</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>"
    )
    .into_bytes()
}

async fn upload(desk: &Desk, bytes: Vec<u8>) {
    let company = desk.company;
    let new = NewUser {
        company: company.to_string(),
        email: format!("{}@example.org", desk.app.facts_named("payments.file_accepted").await),
        name: None,
        roles: Role::Accountant.into(),
        password: Some("correct horse battery".to_owned()),
    };
    let CreatedUser::Person(person) = command_line::create_user(&desk.app.db, new).await.expect("a person")
    else {
        unreachable!("they have a password")
    };
    let voucher = desk.app.read(move |r| takt_staff::permit_of::<VouchForMoney>(r, person, company)).await;
    import_bank_file(&desk.app.db, voucher, "a.xml".to_owned(), bytes, "upload", &mut |_, _| ())
        .await
        .expect("a statement");
}

fn credit(n: i64) -> BankDocument {
    BankDocument {
        place: n.to_string(),
        account: Some(ACCOUNT.to_owned()),
        bank_id: Some(format!("long-{n}")),
        number: n.to_string(),
        date: None,
        booked_on: Some("2026-11-02".to_owned()),
        booked_at: None,
        valued_on: None,
        other_side_on: None,
        batch: None,
        amount: Money::new(100 + n, Currency::RUB),
        direction: Direction::Incoming,
        state: BookingState::Booked,
        reversal: false,
        payer: Party::default(),
        payee: Party::default(),
        purpose: String::new(),
        references: Vec::new(),
        kinds: Vec::new(),
        extra: Vec::new(),
    }
}

on_both_engines! {
    async fn a_late_message_is_confirmed_by_the_statement_that_says_the_same(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let expected = desk.order().await;
        let mut books = Books::new("late");
        assert_eq!(desk.bank_tells(&mut books, &to, &expected, Mode::Late).await, [200]);
        let held = desk.newest(&to).await.expect("a message");
        assert_eq!((held.state, held.outcome.as_str()), (MessageState::Held, "payments.push_late"));
        let id = held.line.expect("its line");
        upload(&desk, statement(&id, "70.00", "2026-11-02")).await;
        assert_eq!(desk.newest(&to).await.expect("it").state, MessageState::Held, "the statement says another amount");
        upload(&desk, statement(&id, "100.00", "2026-11-02")).await;
        let confirmed = desk.newest(&to).await.expect("it");
        assert_eq!((confirmed.state, confirmed.outcome.as_str()), (MessageState::Confirmed, "payments.message_confirmed"));
    }

    async fn a_reversal_is_of_the_line_that_the_bank_names(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let mut books = Books::new("named");
        let mut lines = Vec::new();
        for n in 0..3 {
            let line = books.book(NewLine::credit(ACCOUNT, 50_000, "непонятно"), desk.now());
            let message = desk.teller().message(&to, &line, n + 1).expect("a message");
            assert_eq!(desk.send(&to, &message).await, 200);
            desk.settle().await;
            lines.push(line);
        }
        let back = NewLine { reverses: Some(lines[0].id.clone()), ..NewLine::credit(ACCOUNT, -50_000, "возврат") };
        let back = books.book(back, desk.now());
        let message = desk.teller().message(&to, &back, 4).expect("a message");
        assert_eq!(desk.send(&to, &message).await, 200);
        desk.settle().await;
        let (company, import) = (desk.company, desk.newest(&to).await.expect("it").import.expect("taken in"));
        let found = desk.app.read(move |r| {
            let held = import::lines_of_import(r, company, import, 0, 1)?.remove(0);
            refunds::candidates(r, company, &held)
        }).await;
        let named: Vec<_> = found.iter().map(|line| line.document.bank_id.clone()).collect();
        assert_eq!(named, [Some(lines[0].id.clone())]);
    }

    async fn a_bank_speaks_of_the_accounts_of_its_channel_alone(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let id = ChannelId::new(to.channel);
        for (accounts, answer, paid) in
            [(json!(["40702810900000000009"]), 401, "0.00"), (json!(["40702 8102 0000 0000 001"]), 200, "100.00")]
        {
            let settings = json!({ "accounts": accounts });
            desk.change(move |tx, permit| {
                channels::change_settings(tx, permit, id, settings.as_object().expect("an object")).map(|_| ())
            })
            .await;
            let expected = desk.order().await;
            let mut books = Books::new(&format!("whose-{answer}"));
            assert_eq!(desk.bank_tells(&mut books, &to, &expected, Mode::Honest).await, [answer]);
            assert_eq!(desk.paid(expected.order).await, paid);
        }
    }

    async fn a_flood_at_the_open_door_is_stopped_before_anything_is_looked_up(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Tochka).await;
        let public = Target::plain(desk.public);
        let mut answers = std::collections::BTreeMap::new();
        for _ in 0..640 {
            let status = public.post(&to.path(), &[], b"x").await.expect("an answer");
            *answers.entry(status).or_insert(0) += 1;
        }
        assert_eq!(answers, [(401, 600), (503, 40)].into());
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("payments.push_refused").await, 1);
        assert_eq!(desk.app.facts_named("tasks.opened").await, 1, "and somebody is called");
    }

    async fn of_two_who_take_in_a_long_report_at_once_one_does(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let expected = desk.order().await;
        desk.bank_tells(&mut Books::new("long"), &to, &expected, Mode::Honest).await;
        let message = desk.newest(&to).await.expect("a message");
        let (company, id, channel) = (desk.company, message.id, ChannelId::new(to.channel));
        let proof = message.proof.expect("a proof");
        let (channel, proof) = desk.app.read(move |r| {
            Ok((channels::get(r, company, channel)?, KeptProof::kept(r, company, proof)?.expect("kept")))
        }).await;
        desk.app.write(move |tx| {
            tx.put(
                sql!("update bank_message set state = 'kept', import_id = null where company_id = :company_id and id = :id"),
                params![company_id: company, id: id],
            )
        }).await;
        let report = BankReport {
            format: Format::Push,
            accounts: vec![ACCOUNT.to_owned()],
            statements: Vec::new(),
            documents: (0..20).map(credit).collect(),
            warnings: Vec::new(),
            extra: Vec::new(),
        };
        let takers = (0..4).map(|_| channels::take_in(&desk.app.db, &channel, id, report.clone(), proof.clone()));
        let taken = futures::future::join_all(takers).await;
        assert_eq!(taken.iter().filter(|taken| taken.as_ref().is_ok_and(Option::is_some)).count(), 1, "{taken:?}");
        let lines: i64 = desk.app.read(move |r| {
            r.one(
                sql!(
                    "select count(*) as lines
                     from bank_line
                     join bank_import on bank_import.company_id = bank_line.company_id and bank_import.id = bank_line.import_id
                     where bank_line.company_id = :company_id and bank_import.state = 'accepted' and bank_import.documents = 20"
                ),
                params![company_id: company],
            )?
            .get("lines")
        }).await;
        assert_eq!(lines, 20);
        assert_eq!(desk.newest(&to).await.expect("it").state, MessageState::Applied);
    }
}
