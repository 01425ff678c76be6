//! Statements and packets of DirectBank: what is read, what is held for people, what is refused and where.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use rcgen::{CertificateParams, KeyPair};
use takt_directbank::{
    compose::{self, Head, Operation},
    packet::{self, Answer},
    source, statement,
};
use takt_kernel::{
    CompanyId, Fault, Timestamp,
    money::{Currency, Money},
};
use takt_payments_port::{BankReport, BookingState, Dated, Direction};
use takt_proof::{Algorithm, Given, Key, KeyRing, Owner, Signer};

const OWN: &str = "40702810500000000001";
const OTHER: &str = "40817810099910004312";

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

fn read(xml: &str) -> BankReport {
    statement::read(xml.as_bytes(), Currency::RUB).expect("a statement")
}

fn fault(xml: &str) -> Fault {
    statement::read(xml.as_bytes(), Currency::RUB).expect_err("a refusal")
}

/// One operation in a whole statement.
fn around(operation: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Statement xmlns=\"http://directbank.1c.ru/XMLSchema\" id=\"s\" formatVersion=\"2.1.1\" \
         creationDate=\"2016-05-13T13:51:21\">\n<Sender name=\"Б\" bic=\"044525888\"/><Recipient id=\"c\"/>\n<Data><StatementType>0</StatementType>\
         <DateTo>2016-05-13T11:51:13.000</DateTo><Account>{OWN}</Account><Bank><BIC>044525888</BIC></Bank><ClosingBalance>88970.02</ClosingBalance>\n\
         {operation}</Data></Statement>"
    )
}

fn pay_doc(shape: &str, inner: &str, flag: &str) -> String {
    format!(
        "<OperationInfo><PayDoc id=\"768\" docKind=\"10\"><{shape}>{inner}</{shape}></PayDoc><DC>{flag}</DC><Date>2016-05-04</Date>\
         <ExtID>ext-1</ExtID><Stamp><BIC>044525888</BIC><Branch>Главное</Branch><Status><Code>02</Code></Status></Stamp></OperationInfo>"
    )
}

fn paid(payer: &str, payee: &str) -> String {
    format!(
        "<DocNo>FDC-7</DocNo><DocDate>2016-05-03</DocDate><Sum>14</Sum><Payer><Name>ООО «А&amp;Б»</Name><INN>7705260699</INN><KPP>770501001</KPP>\
         <Account>{payer}</Account><Bank><BIC>044525888</BIC></Bank></Payer><Payee><Name>Мы</Name><INN>0</INN><Account>{payee}</Account></Payee>\
         <Priority>5</Priority><Code>0</Code><Purpose>За услуги\nпо счету</Purpose><BudgetPaymentInfo><CBC>182</CBC></BudgetPaymentInfo>"
    )
}

#[test]
fn an_operation_is_read_with_every_field_it_has() {
    let report = read(&around(&pay_doc("PayDocRu", &paid(OTHER, OWN), "2")));
    let document = &report.documents[0];
    assert_eq!(document.bank_id.as_deref(), Some("768"));
    assert_eq!((document.number.as_str(), document.amount), ("FDC-7", rub("14")));
    assert_eq!(document.direction, Direction::Incoming);
    assert_eq!(document.payer.name, "ООО «А&Б»");
    assert_eq!(document.payer.inn.as_deref(), Some("7705260699"));
    assert_eq!(document.payee.inn, None);
    assert_eq!(document.purpose, "За услуги по счету");
    assert_eq!(
        (document.date.as_deref(), document.booked_on.as_deref()),
        (Some("2016-05-03"), Some("2016-05-04"))
    );
    assert_eq!(document.kinds, ["10", "PayDocRu"]);
    assert!(document.references.is_empty());
    for (path, value) in [
        ("PayDocRu/Payer/KPP", "770501001"),
        ("PayDocRu/Priority", "5"),
        ("PayDocRu/BudgetPaymentInfo/CBC", "182"),
        ("ExtID", "ext-1"),
        ("Stamp/Branch", "Главное"),
        ("Stamp/Status/Code", "02"),
    ] {
        assert!(
            document.extra.iter().any(|(key, kept)| key == path && kept == value),
            "{path}: {:?}",
            document.extra
        );
    }
    assert_eq!(report.statements[0].until.as_deref(), Some("2016-05-13"));
    assert_eq!(report.statements[0].closing, Some(rub("88970.02")));
    assert_eq!(report.statements[0].opening, None);
}

#[test]
fn a_flag_alone_never_says_which_way_money_went() {
    let by = |dated| Direction::BySide { dated: Some(dated) };
    for (payer, payee, flag, expected) in [
        (OTHER, OWN, "2", Direction::Incoming),
        (OWN, OTHER, "1", Direction::Outgoing),
        (OTHER, OWN, "1", by(Dated::Outgoing)),
        (OWN, OTHER, "2", by(Dated::Incoming)),
        (OTHER, OTHER, "2", by(Dated::Incoming)),
        (OWN, OWN, "1", by(Dated::Outgoing)),
    ] {
        let report = read(&around(&pay_doc("PayDocRu", &paid(payer, payee), flag)));
        assert_eq!(report.documents[0].direction, expected, "{payer} {payee} {flag}");
    }
}

#[test]
fn every_shape_of_document_is_kept() {
    let mem = format!(
        "<DocNo>5</DocNo><DocDate>2016-05-04</DocDate><Sum>7.5</Sum><AccountDebit>47422810000000000001</AccountDebit>\
         <AccountCredit>{OWN}</AccountCredit><TransitionContent>проценты</TransitionContent><AddInfo>раз</AddInfo>"
    );
    let report = read(&around(&pay_doc("MemOrder", &mem, "2")));
    assert_eq!(report.documents[0].direction, Direction::Incoming);
    assert_eq!(report.documents[0].purpose, "проценты");
    assert_eq!(report.documents[0].payer.accounts, ["47422810000000000001"]);
    for shape in [
        "PayRequest",
        "CollectionOrder",
        "PaymentOrder",
        "BankOrder",
        "InnerDoc",
        "CashContribution",
        "Check",
        "ShapeOf2040",
    ] {
        let report = read(&around(&pay_doc(shape, &paid(OTHER, OWN), "2")));
        assert_eq!(report.documents.len(), 1, "{shape}");
        assert!(report.documents[0].kinds.contains(&shape.to_owned()));
    }
}

#[test]
fn what_was_not_carried_out_is_no_money() {
    for (status, state) in [
        ("02", BookingState::Booked),
        ("01", BookingState::Pending),
        ("03", BookingState::Informational),
        ("05", BookingState::Informational),
        ("99", BookingState::Informational),
    ] {
        let operation = pay_doc("PayDocRu", &paid(OTHER, OWN), "2")
            .replace("<Code>02</Code>", &format!("<Code>{status}</Code>"));
        assert_eq!(read(&around(&operation)).documents[0].state, state, "{status}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_line() {
    let whole = around(&pay_doc("PayDocRu", &paid(OTHER, OWN), "2"));
    for (from, to, code) in [
        ("<Sum>14</Sum>", "", "directbank.element_missing"),
        ("<Sum>14</Sum>", "<Sum>1 4</Sum>", "directbank.amount_malformed"),
        ("<Sum>14</Sum>", "<Sum>1.234</Sum>", "directbank.amount_malformed"),
        ("<Sum>14</Sum>", "<Sum>-14</Sum>", "directbank.amount_malformed"),
        ("<Sum>14</Sum>", "<Sum>1e3</Sum>", "directbank.amount_malformed"),
        ("<DC>2</DC>", "<DC>3</DC>", "directbank.value_unknown"),
        ("<DC>2</DC>", "", "directbank.element_missing"),
        (" id=\"768\"", "", "directbank.element_missing"),
        ("</Statement>", "", "directbank.xml_broken"),
        ("<Data>", "<!DOCTYPE x><Data>", "directbank.doctype_refused"),
        ("&amp;", "&evil;", "directbank.xml_broken"),
        ("Statement", "Report", "directbank.unexpected"),
    ] {
        let fault = fault(&whole.replace(from, to));
        assert!(fault.is(code), "{from} -> {to}: {fault}");
        assert!(fault.args().iter().any(|(name, _)| name == "line"), "{fault}");
    }
    assert!(statement::read(b"\x1f\x8b\x00", Currency::RUB).is_err());
    assert!(statement::read(b"\xff<", Currency::RUB).is_err());
}

#[test]
fn a_lost_operation_is_told_by_the_balances() {
    let head = |closing: &str| Head {
        id: "1".to_owned(),
        account: OWN.to_owned(),
        bic: "044525888".to_owned(),
        from: "2026-11-02".to_owned(),
        until: "2026-11-02".to_owned(),
        opening: rub("100"),
        closing: rub(closing),
        answers: Some("request-1".to_owned()),
    };
    let operation = Operation {
        id: "op-1".to_owned(),
        number: "7".to_owned(),
        date: "2026-11-02".to_owned(),
        booked_on: "2026-11-02".to_owned(),
        amount: rub("14.50"),
        incoming: true,
        payer_name: "А <и> Б".to_owned(),
        payer_inn: "7705260699".to_owned(),
        payer_account: OTHER.to_owned(),
        payee_name: "Мы".to_owned(),
        payee_inn: "7707083893".to_owned(),
        payee_account: OWN.to_owned(),
        bic: "044525888".to_owned(),
        purpose: "счёт \"1\"".to_owned(),
    };
    let whole = read(&compose::statement(&head("114.50"), std::slice::from_ref(&operation)));
    assert!(whole.warnings.is_empty(), "{:?}", whole.warnings);
    assert_eq!(whole.documents[0].payer.name, "А <и> Б");
    let lost = read(&compose::statement(&head("200"), &[operation]));
    assert_eq!(
        lost.warnings.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(),
        ["directbank.balance_differs"]
    );
}

#[test]
fn answers_of_the_bank_are_told_apart() {
    let answer = |xml: String| packet::answer(xml.as_bytes());
    assert!(matches!(
        answer(compose::logged_on("sid", true)),
        Ok(Answer::LoggedOn { session, wants_code: true }) if session == "sid"
    ));
    assert!(matches!(answer(compose::sent("1")), Ok(Answer::Sent { id }) if id == "1"));
    let list = answer(compose::packets(&["a".to_owned(), "b".to_owned()], "2026-11-02T12:00:00"));
    assert!(matches!(list, Ok(Answer::Packets { ids, .. }) if ids == ["a", "b"]));
    let refused = answer(compose::error("1005", "Истекла сессия")).expect_err("an error");
    assert!(refused.is("directbank.refused") && refused.to_string().contains("1005"), "{refused}");
    assert!(answer("<html/>".to_owned()).is_err_and(|fault| fault.is("directbank.unexpected")));
}

#[test]
fn a_signature_is_over_the_exact_bytes_and_by_a_known_key() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["bank".to_owned()]).unwrap().self_signed(&key).unwrap();
    let document = compose::statement(
        &Head {
            id: "1".to_owned(),
            account: OWN.to_owned(),
            bic: "044525888".to_owned(),
            from: "2026-11-02".to_owned(),
            until: "2026-11-02".to_owned(),
            opening: rub("1"),
            closing: rub("1"),
            answers: None,
        },
        &[],
    );
    let cms = Signer::read(Algorithm::Es256, &key.serialize_der())
        .unwrap()
        .cms(certificate.der(), document.as_bytes())
        .unwrap();
    let xml = compose::packet("p", packet::STATEMENT, document.as_bytes(), std::slice::from_ref(&cms));
    let Ok(Answer::Packet(packet)) = packet::answer(xml.as_bytes()) else { unreachable!("a packet") };
    let ring = |pem: &str| {
        let given = Given::read(pem).unwrap();
        let key = Key {
            kid: "bank".to_owned(),
            algorithm: Algorithm::Es256,
            public: given.public,
            certificate: given.certificate,
            not_before: Timestamp::from_micros(0),
            not_after: None,
            revoked: false,
        };
        KeyRing::new(Owner { company: CompanyId::new(1), channel: 2 }, vec![key])
    };
    let ours = ring(&certificate.pem());
    let now = Timestamp::from_micros(0).plus_seconds(1);
    let verified =
        |bytes: &[u8]| ours.cms(&packet.documents[0].signatures[0].cms, bytes, &[Algorithm::Es256], now);
    assert!(verified(&packet.documents[0].bytes).is_ok());
    let mut changed = packet.documents[0].bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(verified(&changed).is_err());
    let stranger = KeyPair::generate().unwrap();
    let other = CertificateParams::new(vec!["bank".to_owned()]).unwrap().self_signed(&stranger).unwrap();
    assert!(ring(&other.pem()).cms(&cms, document.as_bytes(), &[Algorithm::Es256], now).is_err());
}

proptest::proptest! {
    #[test]
    fn whatever_the_bytes_nothing_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600), start in 0..4_usize) {
        let start: &[u8] = [&b""[..], b"<ResultBank><Success>", b"<Statement><Data>", b"<Packet id=\"1\"><Document"][start];
        let bytes = [start, &bytes].concat();
        let _ = statement::read(&bytes, Currency::RUB);
        let _ = packet::answer(&bytes);
        let _ = packet::packet(&bytes);
    }
}

#[test]
fn what_was_a_test_or_in_another_currency_is_so_when_it_is_read_again() {
    let xml = around(&pay_doc("PayDocRu", &paid(OTHER, OWN), "2"));
    let about = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let read =
        |pairs: &[(&str, &str)]| source::read_again(xml.as_bytes(), &about(pairs)).expect("a statement");
    assert_eq!(read(&[]).documents[0].state, BookingState::Booked);
    let test = read(&[("test_only", "true"), ("currency", "RUB")]);
    assert_eq!(test.documents[0].state, BookingState::Informational);
    assert!(test.statements.is_empty());
    // Where the account itself does not tell.
    let foreign = xml.replace(OWN, "NL26VAYB8060476890");
    let again = source::read_again(foreign.as_bytes(), &about(&[("currency", "CNY")])).expect("a statement");
    assert_eq!(again.documents[0].amount.currency().code(), "CNY");
}
