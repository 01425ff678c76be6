//! Cases of camt.052/053/054 that versions and banks differ in, each written out.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use encoding_rs::WINDOWS_1251;
use takt_bank_files::read;
use takt_kernel::{Fault, money::Money};
use takt_payments_port::{BankDocument, BankReport, BookingState, Direction, Format};

const ACCOUNT: &str = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>";
const CREDIT: &str = "<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>";
const DEBIT: &str = "<CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>";

fn file(statement: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
         <BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>{statement}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn report(statement: &str) -> BankReport {
    read(file(statement).as_bytes()).expect("a readable file")
}

fn entries(entries: &str) -> BankReport {
    report(&format!("{ACCOUNT}{entries}"))
}

fn only(entry: &str) -> BankDocument {
    let mut report = entries(&format!("<Ntry>{entry}</Ntry>"));
    assert_eq!(report.documents.len(), 1);
    report.documents.remove(0)
}

fn detail(inside: &str) -> BankDocument {
    only(&format!("<Amt Ccy=\"EUR\">1</Amt>{CREDIT}<NtryDtls><TxDtls>{inside}</TxDtls></NtryDtls>"))
}

fn fault(entry: &str) -> Fault {
    read(file(&format!("{ACCOUNT}<Ntry>{entry}</Ntry>")).as_bytes()).expect_err("a file to refuse")
}

fn codes(report: &BankReport) -> Vec<String> {
    report.warnings.iter().map(|warning| warning.code.replace("bank_files.", "")).collect()
}

fn shares(report: &BankReport) -> Vec<(String, Direction)> {
    report.documents.iter().map(|document| (document.amount.to_string(), document.direction)).collect()
}

#[test]
fn messages_of_every_version_and_envelope_are_found() {
    let entry = format!("<Ntry><Amt Ccy=\"EUR\">1</Amt>{CREDIT}</Ntry>");
    for (message, part, format) in [
        ("BkToCstmrAcctRptV01", "Rpt", Format::Camt052),
        ("BkToCstmrAcctRpt", "Rpt", Format::Camt052),
        ("BkToCstmrStmtV01", "Stmt", Format::Camt053),
        ("BkToCstmrStmt", "Stmt", Format::Camt053),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", Format::Camt054),
    ] {
        let body = format!("<{message}><{part}>{ACCOUNT}{entry}</{part}></{message}>");
        for text in [
            format!("<Document>{body}</Document>"),
            format!(
                "\u{feff}<?xml version='1.0' encoding='UTF-8'?><Env><AppHdr><Fr/></AppHdr><Document>{body}</Document></Env>"
            ),
            format!("<Document>{body}</Document>")
                .replace("</", "\u{1}")
                .replace('<', "<n:")
                .replace('\u{1}', "</n:"),
        ] {
            let report = read(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
            assert_eq!((report.format, report.documents.len()), (format, 1));
            assert_eq!(report.accounts, ["DE89370400440532013000"]);
        }
    }
}

#[test]
fn accounts_are_read_however_they_are_named() {
    for (id, account) in [
        ("<IBAN>DE89 3704 0044 0532 0130 00</IBAN>", "DE89370400440532013000"),
        ("<Othr><Id>40702810900000000001</Id></Othr>", "40702810900000000001"),
        ("<BBAN>123</BBAN>", "123"),
        ("<PrtryAcct><Id>456</Id></PrtryAcct>", "456"),
    ] {
        assert_eq!(report(&format!("<Acct><Id>{id}</Id></Acct>")).accounts, [account]);
    }
}

#[test]
fn states_are_read_as_text_or_choice() {
    for (status, state) in [
        ("<Sts>BOOK</Sts>", BookingState::Booked),
        ("<Sts><Cd>BOOK</Cd></Sts>", BookingState::Booked),
        ("<Sts>PDNG</Sts>", BookingState::Pending),
        ("<Sts><Cd>PDNG</Cd></Sts>", BookingState::Pending),
        ("<Sts>INFO</Sts>", BookingState::Informational),
        ("<Sts><Prtry>SOON</Prtry></Sts>", BookingState::Informational),
        ("", BookingState::Informational),
    ] {
        let document = only(&format!("<Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}"));
        assert_eq!(document.state, state, "{status}");
    }
}

#[test]
fn amounts_keep_their_minor_units_or_are_refused() {
    for (amount, minor) in [("8.85000", 885), ("8", 800), (".5", 50), ("+1.1", 110)] {
        assert_eq!(
            only(&format!("<Amt Ccy=\"EUR\">{amount}</Amt>{CREDIT}")).amount.minor(),
            minor,
            "{amount}"
        );
    }
    assert_eq!(only(&format!("<Amt Ccy=\"JPY\">2700</Amt>{CREDIT}")).amount.to_string(), "2700 JPY");
    for (entry, code) in [
        (format!("<Amt Ccy=\"EUR\">8.85001</Amt>{CREDIT}"), "amount_too_precise"),
        (format!("<Amt Ccy=\"EUR\">-1</Amt>{CREDIT}"), "amount_negative"),
        (format!("<Amt Ccy=\"EUR\">1e2</Amt>{CREDIT}"), "amount_malformed"),
        (format!("<Amt Ccy=\"XXX\">1</Amt>{CREDIT}"), "value_unknown"),
        (format!("<Amt>1</Amt>{CREDIT}"), "element_missing"),
        (CREDIT.to_owned(), "element_missing"),
        ("<Amt Ccy=\"EUR\">1</Amt><Sts>BOOK</Sts>".to_owned(), "element_missing"),
        ("<Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>BOTH</CdtDbtInd>".to_owned(), "value_unknown"),
    ] {
        let fault = fault(&entry);
        assert!(fault.is(&format!("bank_files.{code}")), "{fault}: {entry}");
        assert!(fault.args().iter().any(|(name, value)| name == "line" && value == "2"), "{fault}");
    }
}

#[test]
fn a_zero_entry_is_kept_for_information() {
    let report = entries(&format!("<Ntry><Amt Ccy=\"EUR\">0</Amt>{CREDIT}</Ntry>"));
    assert_eq!(report.documents[0].state, BookingState::Informational);
    assert_eq!(codes(&report), ["amount_zero"]);
}

fn batch(amount: &str, details: &[(&str, &str)]) -> BankReport {
    let details: String =
        details.iter().map(|(amount, inside)| format!("<TxDtls>{amount}{inside}</TxDtls>")).collect();
    entries(&format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt>{CREDIT}<AcctSvcrRef>REF</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    ))
}

#[test]
fn a_batch_is_parted_only_when_its_parts_make_up_the_whole() {
    const TEN: &str = "<Amt Ccy=\"EUR\">10</Amt>";
    const TWO: &str = "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">2</Amt></TxAmt></AmtDtls>";
    const IN: &str = "<CdtDbtInd>CRDT</CdtDbtInd>";
    const OUT: &str = "<CdtDbtInd>DBIT</CdtDbtInd>";
    let (incoming, outgoing) = (Direction::Incoming, Direction::Outgoing);
    for (whole, details, expected) in [
        ("12", vec![(TEN, IN), (TWO, "")], vec![("10.00 EUR", incoming), ("2.00 EUR", incoming)]),
        ("8", vec![(TEN, IN), (TWO, OUT)], vec![("10.00 EUR", incoming), ("2.00 EUR", outgoing)]),
        ("12", vec![(TEN, OUT), (TWO, OUT)], vec![("12.00 EUR", incoming)]),
        ("13", vec![(TEN, ""), (TWO, "")], vec![("13.00 EUR", incoming)]),
        ("12", vec![(TEN, ""), ("", "")], vec![("12.00 EUR", incoming)]),
        ("12", vec![(TEN, ""), ("<Amt Ccy=\"USD\">2</Amt>", "")], vec![("12.00 EUR", incoming)]),
        ("12", vec![(TEN, ""), ("<Amt Ccy=\"EUR\">1.999999</Amt>", "")], vec![("12.00 EUR", incoming)]),
    ] {
        let report = batch(whole, &details);
        let expected: Vec<(String, Direction)> =
            expected.into_iter().map(|(amount, direction)| (amount.to_owned(), direction)).collect();
        assert_eq!(shares(&report), expected, "{whole}: {details:?}");
        assert_eq!(codes(&report).is_empty(), expected.len() > 1, "{details:?}");
    }
}

#[test]
fn one_described_payment_of_a_batch_of_many_does_not_claim_its_money() {
    let of = |count: u32, amount: &str| {
        entries(&format!(
            "<Ntry><Amt Ccy=\"EUR\">9</Amt>{CREDIT}<Btch><NbOfTxs>{count}</NbOfTxs></Btch>\
             <TxDtls>{amount}<RltdPties><Dbtr><Nm>Jane</Nm></Dbtr></RltdPties></TxDtls></Ntry>"
        ))
    };
    for (count, amount, name) in [
        (20, "", ""),
        (20, "<Amt Ccy=\"EUR\">4</Amt>", ""),
        (20, "<Amt Ccy=\"EUR\">9</Amt>", "Jane"),
        (1, "", "Jane"),
    ] {
        let report = of(count, amount);
        assert_eq!(shares(&report), [("9.00 EUR".to_owned(), Direction::Incoming)]);
        assert_eq!(report.documents[0].payer.name, name, "{count} {amount}");
    }
}

#[test]
fn ids_are_kept_only_where_they_tell_movements_apart() {
    const ONE: &str = "<Amt Ccy=\"EUR\">1</Amt>";
    let ids = |report: &BankReport| -> Vec<Option<String>> {
        report.documents.iter().map(|document| document.bank_id.clone()).collect()
    };
    let some = |id: &str| Some(id.to_owned());
    let named = |id: &str| format!("<Refs><AcctSvcrRef>{id}</AcctSvcrRef></Refs>");
    let (a, b) = (named("A"), named("B"));
    assert_eq!(ids(&batch("2", &[(ONE, &a), (ONE, &b)])), [some("A"), some("B")]);
    assert_eq!(ids(&batch("2", &[(ONE, &a), (ONE, &a)])), [some("REF#1"), some("REF#2")]);
    assert_eq!(ids(&batch("2", &[(ONE, &a), (ONE, "")])), [some("REF#1"), some("REF#2")]);
    assert_eq!(ids(&batch("1", &[(ONE, &a)])), [some("REF")], "the entry's own reference is its id");

    let entry = |amount: &str, rest: &str| {
        format!("<Ntry><Amt Ccy=\"EUR\">{amount}</Amt>{rest}<AcctSvcrRef>X</AcctSvcrRef></Ntry>")
    };
    let twice = entries(&(entry("1", CREDIT) + &entry("1", CREDIT)));
    assert_eq!(ids(&twice), [some("X"), some("X")], "a repetition");
    let shared = entries(&(entry("1", CREDIT) + &entry("2", CREDIT) + &entry("1", CREDIT)));
    assert_eq!(ids(&shared), [None, None, None]);
    assert_eq!(codes(&shared), ["id_not_unique"; 3]);
    let reversed = entries(&(entry("1", CREDIT) + &entry("1", &format!("{DEBIT}<RvslInd>true</RvslInd>"))));
    assert_eq!(ids(&reversed), [some("X"), some("X/RVSL")]);
    let placeholder = entry("1", CREDIT).replace(">X<", ">NONREF<");
    assert_eq!(ids(&entries(&placeholder)), [None]);
}

#[test]
fn reversals_and_returns_are_marked() {
    for (inside, reversal) in [
        ("<RvslInd>true</RvslInd>", true),
        ("<RvslInd>1</RvslInd>", true),
        ("<RvslInd>false</RvslInd>", false),
        ("<NtryDtls><TxDtls><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>", true),
        ("", false),
    ] {
        let document = only(&format!("<Amt Ccy=\"EUR\">1</Amt>{DEBIT}{inside}"));
        assert_eq!(document.reversal, reversal, "{inside}");
        assert_eq!(document.direction, Direction::Outgoing, "the indicator says which way money went");
    }
}

#[test]
fn parties_are_read_in_every_version() {
    for (party, agent) in [
        (
            "<Nm>Jane</Nm><Id><PrvtId><Othr><Id>77</Id><SchmeNm><Cd>TXID</Cd></SchmeNm></Othr></PrvtId></Id>",
            "<BIC>MARKDEFF</BIC>",
        ),
        (
            "<Pty><Nm>Jane</Nm><Id><OrgId><Othr><Id>5</Id></Othr><Othr><Id>77</Id><SchmeNm><Prtry>INN</Prtry></SchmeNm></Othr></OrgId></Id></Pty>",
            "<BICFI>MARKDEFF</BICFI>",
        ),
        (
            "<Nm>Jane</Nm><Id><OrgId><TaxIdNb>77</TaxIdNb></OrgId></Id>",
            "<CmbndId><BIC>MARKDEFF</BIC></CmbndId>",
        ),
    ] {
        let document = detail(&format!(
            "<RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><Othr><Id>4 2</Id></Othr></Id></DbtrAcct>\
             <UltmtCdtr><Nm>Shop &amp; Son&#x21;</Nm></UltmtCdtr></RltdPties>\
             <RltdAgts><DbtrAgt><FinInstnId>{agent}<Nm>Bank</Nm></FinInstnId></DbtrAgt></RltdAgts>"
        ));
        assert_eq!(document.payer.name, "Jane", "{party}");
        assert_eq!(document.payer.inn.as_deref(), Some("77"), "{party}");
        assert_eq!(document.payer.accounts, ["42"]);
        assert_eq!(document.payer.bic.as_deref(), Some("MARKDEFF"), "{agent}");
        assert_eq!(document.payer.bank.as_deref(), Some("Bank"));
        assert_eq!(document.payee.name, "Shop & Son!");
    }
    let agent =
        detail("<RltdPties><Dbtr><Agt><FinInstnId><Nm>A Bank</Nm></FinInstnId></Agt></Dbtr></RltdPties>");
    assert_eq!(agent.payer.name, "A Bank");
    let russian = detail(
        "<RltdAgts><DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>RUCBC</Cd></ClrSysId><MmbId>044525225</MmbId>\
         </ClrSysMmbId></FinInstnId></DbtrAgt></RltdAgts>",
    );
    assert_eq!(russian.payer.bic.as_deref(), Some("044525225"));
}

#[test]
fn references_and_purpose_are_taken_in_order() {
    let document = detail(
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>T1</TxId></Refs>\
         <RmtInf><Ustrd>Invoice T10243758 </Ustrd><Ustrd>of\n June</Ustrd>\
         <Strd><RfrdDocInf><Nb>INV-7</Nb></RfrdDocInf><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>\
         <Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf><AddtlTxInf>note</AddtlTxInf>",
    );
    assert_eq!(document.references, ["RF18539007547034", "INV-7"]);
    assert_eq!(document.purpose, "Invoice T10243758 of June");
    assert_eq!(document.bank_id, None, "the id of the payment is no id of the movement");
    for (key, value) in [("TxDtls/AddtlTxInf", "note"), ("TxDtls/Refs/TxId", "T1")] {
        assert!(document.extra.contains(&(key.to_owned(), value.to_owned())), "{key}");
    }
    assert_eq!(detail("<Refs><EndToEndId>E1</EndToEndId></Refs>").references, ["E1"]);
    let cut = "x".repeat(140);
    assert_eq!(
        detail(&format!("<RmtInf><Ustrd>{cut}</Ustrd><Ustrd>yz</Ustrd></RmtInf>")).purpose,
        format!("{cut}yz")
    );
    assert_eq!(detail("<RmtInf><Strd><AddtlRmtInf>told</AddtlRmtInf></Strd></RmtInf>").purpose, "told");
    assert_eq!(detail("<AddtlTxInf>note</AddtlTxInf>").purpose, "note");
    let bare = only(&format!("<Amt Ccy=\"EUR\">1</Amt>{CREDIT}<AddtlNtryInf>fee</AddtlNtryInf>"));
    assert_eq!(bare.purpose, "fee");
}

#[test]
fn dates_are_days_or_moments() {
    for (booked, on, at) in [
        ("<Dt>2014-12-31</Dt>", Some("2014-12-31"), None),
        ("<DtTm>2014-12-31T13:15:00+01:00</DtTm>", Some("2014-12-31"), Some("2014-12-31T13:15:00+01:00")),
        ("<DtTm>2014-12-31T13:15:00</DtTm>", Some("2014-12-31"), None),
        ("2014-12-31", Some("2014-12-31"), None),
        ("<Dt>soon</Dt>", None, None),
    ] {
        let document = only(&format!("<Amt Ccy=\"EUR\">1</Amt>{CREDIT}<BookgDt>{booked}</BookgDt>"));
        assert_eq!((document.booked_on.as_deref(), document.booked_at.as_deref()), (on, at), "{booked}");
    }
}

#[test]
fn several_statements_are_kept_apart_and_checked() {
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-06-01</Dt></Dt></Bal>"
        )
    };
    let entry = format!("<Ntry><Amt Ccy=\"EUR\">5</Amt>{CREDIT}</Ntry>");
    let first = format!("{ACCOUNT}{}{}{entry}", balance("OPBD", "10"), balance("CLBD", "15"));
    let second = format!(
        "<CpyDplctInd>DUPL</CpyDplctInd><Acct><Id><Othr><Id>2</Id></Othr></Id></Acct>{}{}\
         <TxsSummry><TtlCdtNtries><Sum>6</Sum></TtlCdtNtries></TxsSummry>{entry}",
        balance("PRCD", "10"),
        balance("CLBD", "14")
    );
    let report = report(&format!("{first}</Stmt><Stmt>{second}"));
    assert_eq!(report.accounts, ["DE89370400440532013000", "2"]);
    assert_eq!(codes(&report), ["totals_differ", "balance_differs"]);
    let copies: Vec<bool> = report.statements.iter().map(|statement| statement.copy).collect();
    assert_eq!(copies, [false, true]);
    assert_eq!(report.statements[1].incoming.map(Money::minor), Some(600));
    assert_eq!(report.documents[1].account.as_deref(), Some("2"));
    assert_eq!(report.documents[1].place, "Stmt[2]/Ntry[1]");
    let marked = |document: &BankDocument| {
        document.extra.iter().any(|(key, value)| key == "CpyDplctInd" && value == "DUPL")
    };
    assert_eq!(report.documents.iter().map(marked).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn pages_that_are_not_the_last_warn() {
    let pages = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>";
    assert_eq!(codes(&report(&format!("{pages}{ACCOUNT}"))), ["more_pages"]);
    let header = file(ACCOUNT)
        .replace("<MsgId>1</MsgId>", "<MsgPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></MsgPgntn>");
    assert_eq!(codes(&read(header.as_bytes()).expect("a page")), ["more_pages"]);
}

#[test]
fn the_declared_encoding_is_used() {
    let text = file(&format!(
        "{ACCOUNT}<Ntry><Amt Ccy=\"RUB\">1</Amt>{CREDIT}<AddtlNtryInf>Оплата</AddtlNtryInf></Ntry>"
    ));
    let declared = text.replace("version=\"1.0\"", "version=\"1.0\" encoding='windows-1251'");
    let report = read(&WINDOWS_1251.encode(&declared).0).expect("windows-1251");
    assert_eq!(report.documents[0].purpose, "Оплата");
    let undeclared = read(&WINDOWS_1251.encode(&text).0).expect_err("not UTF-8");
    assert!(undeclared.is("bank_files.damaged_encoding"));
}

#[test]
fn attacks_by_xml_are_refused() {
    let bomb = format!(
        "<!DOCTYPE Document [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{}",
        file(ACCOUNT).split_once('\n').expect("two lines").1
    );
    let external =
        file(ACCOUNT).replace("\n<Document", "\n<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><Document");
    for text in [bomb, external] {
        assert!(read(text.as_bytes()).expect_err("a document type").is("bank_files.doctype_refused"));
    }
    let deep = file(&format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)));
    assert!(read(deep.as_bytes()).expect_err("too deep").is("bank_files.too_deep"));
    for (statement, code) in [
        (format!("{ACCOUNT}<Ntry><Amt Ccy=\"EUR\">&xxe;</Amt></Ntry>"), "xml_broken"),
        (format!("{ACCOUNT}<Ntry><Amt Ccy=\"EUR\">1</Ntry></Amt>"), "xml_broken"),
        (format!("<Acct><Id><IBAN>{}</IBAN></Id></Acct>", "1".repeat(1000)), "value_too_long"),
    ] {
        let fault = read(file(&statement).as_bytes()).expect_err("broken");
        assert!(fault.is(&format!("bank_files.{code}")), "{fault}");
    }
    let large = vec![b'<'; takt_bank_files::MOST_BYTES + 1];
    assert!(read(&large).expect_err("too large").is("bank_files.too_large"));
}

#[test]
fn a_large_batch_is_parted_in_linear_time_and_too_many_documents_are_refused() {
    let details = |count: usize| "<TxDtls><Amt Ccy=\"EUR\">1</Amt></TxDtls>".repeat(count);
    let of = |count: usize| {
        file(&format!(
            "{ACCOUNT}<Ntry><Amt Ccy=\"EUR\">{count}</Amt>{CREDIT}<NtryDtls>{}</NtryDtls></Ntry>",
            details(count)
        ))
    };
    assert_eq!(read(of(50_000).as_bytes()).expect("a batch").documents.len(), 50_000);
    let fault = read(of(200_001).as_bytes()).expect_err("too many");
    assert!(fault.is("bank_files.too_many_documents"), "{fault}");
}

#[test]
fn the_day_of_the_closing_balance_ends_a_statement_whatever_midnight_says() {
    let balance = |kind: &str, day: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    let interval =
        "<FrToDt><FrDtTm>2026-11-02T00:00:00</FrDtTm><ToDtTm>2026-11-03T00:00:00</ToDtTm></FrToDt>";
    let found = report(&format!(
        "{interval}{ACCOUNT}{}{}",
        balance("OPBD", "2026-11-02"),
        balance("CLBD", "2026-11-02")
    ));
    let statement = &found.statements[0];
    assert_eq!(
        (statement.from.as_deref(), statement.until.as_deref()),
        (Some("2026-11-02"), Some("2026-11-02"))
    );
}

#[test]
fn what_a_statement_says_beside_its_entries_is_kept() {
    let report = read(
        "<Document><BkToCstmrStmt><GrpHdr><MsgId>M-1</MsgId><AddtlInf>for you</AddtlInf></GrpHdr><Stmt><Id>S-7</Id>\
         <ElctrncSeqNb>12</ElctrncSeqNb><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Wir</Nm></Ownr>\
         </Acct><Bal><Tp><CdOrPrtry><Cd>ITAV</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">7.00</Amt></Bal><NewThing>new</NewThing></Stmt>\
         </BkToCstmrStmt></Document>"
            .as_bytes(),
    )
    .expect("a readable file");
    let pairs = |extra: &[(String, String)]| {
        extra.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>()
    };
    assert_eq!(pairs(&report.extra), ["GrpHdr/MsgId=M-1", "GrpHdr/AddtlInf=for you"]);
    assert_eq!(
        pairs(&report.statements[0].extra),
        [
            "Id=S-7",
            "ElctrncSeqNb=12",
            "Acct/Ownr/Nm=Wir",
            "Bal/Tp/CdOrPrtry/Cd=ITAV",
            "Bal/Amt=7.00 EUR",
            "NewThing=new"
        ]
    );
}

#[test]
fn a_currency_of_an_entry_that_nobody_knows_is_refused_by_name() {
    for given in ["XYZ", "643", "R U B"] {
        let fault = fault(&format!("<Amt Ccy=\"{given}\">1</Amt>{CREDIT}"));
        assert!(fault.is("bank_files.value_unknown"), "{given}: {fault}");
        let args: Vec<String> = fault.args().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(args, ["line=2".to_owned(), "field=Ccy".to_owned(), format!("given={given}")]);
    }
}
