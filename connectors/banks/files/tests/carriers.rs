//! What stands around the messages of banks: business headers, declarations that are wrong, files pasted together.
//! And what an entry says of its day, its kind and its parts where banks say it otherwise.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use encoding_rs::{UTF_16LE, WINDOWS_1252};
use takt_bank_files::read;
use takt_payments_port::{BankDocument, BankReport, Format};

const ACCOUNT: &str = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>";

fn document(entries: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>\
         <Stmt><Id>1</Id>{ACCOUNT}{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn entry(amount: &str, inside: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>{inside}</Ntry>"
    )
}

fn entries(text: &str) -> BankReport {
    read(document(text).as_bytes()).expect("a readable file")
}

fn only(inside: &str) -> BankDocument {
    entries(&entry("1", inside)).documents.pop().expect("a document")
}

fn codes(report: &BankReport) -> Vec<String> {
    report.warnings.iter().map(|warning| warning.code.replace("bank_files.", "")).collect()
}

#[test]
fn a_business_header_and_what_a_carrier_adds_are_kept_and_hold_up_nothing() {
    let body = document(&entry("5", ""));
    let head = "<AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\"><Fr><FIId><FinInstnId>\
                <BICFI>MARKDEFF</BICFI></FinInstnId></FIId></Fr><BizMsgIdr>A&amp;B 7</BizMsgIdr>\
                <MsgDefIdr><![CDATA[camt.053.001.08]]></MsgDefIdr><CreDt>2026-11-02T10:00:00Z</CreDt></AppHdr>";
    for text in [
        format!("<BizMsgEnvlp>{head}{body}</BizMsgEnvlp>"),
        format!(
            "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"x\"><s:Header>to you</s:Header><s:Body><Pack>{head}<Payload>{body}</Payload>\
             </Pack></s:Body></s:Envelope>"
        ),
    ] {
        let report = read(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        assert_eq!((report.format, report.documents.len()), (Format::Camt053, 1));
        let kept = |end: &str, value: &str| {
            report.extra.iter().any(|(key, kept)| key.ends_with(end) && kept == value)
        };
        assert!(kept("AppHdr/BizMsgIdr", "A&B 7"), "{:?}", report.extra);
        assert!(kept("AppHdr/Fr/FIId/FinInstnId/BICFI", "MARKDEFF"));
        assert!(kept("AppHdr/MsgDefIdr", "camt.053.001.08") && kept("GrpHdr/MsgId", "M"));
        assert!(report.extra.iter().all(|(_, kept)| kept != "to you"), "what carries it is not kept");
    }
    for (text, given) in [
        ("<Document><CstmrPmtStsRpt><GrpHdr>1</GrpHdr></CstmrPmtStsRpt></Document>", "CstmrPmtStsRpt"),
        ("<html><p>Sign in</p></html>", "html"),
    ] {
        let fault = read(text.as_bytes()).expect_err("no statement");
        assert!(fault.is("bank_files.unknown_message"), "{fault}");
        assert!(fault.args().iter().any(|(name, value)| name == "given" && value == given), "{fault:?}");
    }
    assert!(read(document("here").as_bytes()).expect_err("a text among entries").is("bank_files.xml_broken"));
    assert!(read(format!("{body}junk").as_bytes()).is_err(), "a text of no element");
}

#[test]
fn messages_pasted_together_are_all_read() {
    let one = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", document(&entry("1", "")));
    for text in [format!("{one}\n{one}"), format!("\u{feff}{one}\u{feff}{one}")] {
        assert_eq!(read(text.as_bytes()).expect("both").documents.len(), 2, "{text}");
    }
}

#[test]
fn utf_8_is_read_as_such_whatever_is_declared() {
    let body = document(&entry("1", "<AddtlNtryInf>Müller Оплата</AddtlNtryInf>"));
    for declared in ["utf-16", "UTF-16", "windows-1251", "ISO-8859-1", "UTF-8", "x-unknown"] {
        let text = format!("<?xml version=\"1.0\" encoding=\"{declared}\"?>{body}");
        let report = read(text.as_bytes()).unwrap_or_else(|fault| panic!("{declared}: {fault}"));
        assert_eq!(report.documents[0].purpose, "Müller Оплата", "{declared}");
    }
    let western = body.replace(" Оплата", "");
    let text = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{western}");
    let report = read(&WINDOWS_1252.encode(&text).0).expect("its own page");
    assert_eq!(report.documents[0].purpose, "Müller");
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{body}");
    for turned in [false, true] {
        let bytes: Vec<u8> = text
            .encode_utf16()
            .flat_map(|unit| if turned { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        let report = read(&bytes).unwrap_or_else(|fault| panic!("{} {turned}: {fault}", UTF_16LE.name()));
        assert_eq!(report.documents[0].purpose, "Müller Оплата");
    }
}

#[test]
fn damage_is_told_by_the_line_of_the_first_byte_that_is_wrong() {
    let one_c = "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nРасчСчет=40702810900000000001\n\
                 СекцияДокумент=Платежное поручение\nНомер=1\nСумма=1\nНазначениеПлатежа=Оплата\nКонецДокумента\nКонецФайла\n";
    let camt = document(&format!("\n<!-- Привет -->\n{}", entry("1", "<AddtlNtryInf>Оплата</AddtlNtryInf>")));
    for (text, ends, line) in
        [(one_c, "\n", "8"), (one_c, "\r\n", "8"), (one_c, "\r", "8"), (camt.as_str(), "\n", "3")]
    {
        let text = text.replace('\n', ends);
        let at = text.rfind("Оплата").expect("a purpose");
        let mut bytes = text.into_bytes();
        bytes.remove(at + 1);
        let fault = read(&bytes).expect_err("a letter that lost half of itself");
        assert!(fault.is("bank_files.damaged_encoding"), "{fault}");
        assert_eq!(fault.args()[0].1, line, "{ends:?}");
    }
}

#[test]
fn one_reference_for_payments_of_several_people_hides_none_of_them() {
    let of = |name: &str, reference: &str| {
        entry(
            "19.90",
            &format!(
                "<BookgDt><Dt>2026-11-02</Dt></BookgDt><AcctSvcrRef>DAY-306</AcctSvcrRef><NtryDtls><TxDtls><Refs>\
                 <EndToEndId>{reference}</EndToEndId></Refs><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>"
            ),
        )
    };
    let ids = |report: &BankReport| -> Vec<Option<String>> {
        report.documents.iter().map(|document| document.bank_id.clone()).collect()
    };
    let apart = entries(&(of("Anna", "E1") + &of("Anna", "E2")));
    assert_eq!(ids(&apart), [None, None]);
    assert_eq!(codes(&apart), ["id_not_unique"; 2]);
    let with_another = entries(&(of("Anna", "E1") + &of("Berta", "E1") + &of("Anna", "E2")));
    assert_eq!(ids(&with_another), [None, None, None], "a name made of an id that is none is none either");
    let in_other_words = entries(&(of("Anna", "E1") + &of("Berta", "E1")));
    assert_eq!(ids(&in_other_words), [Some("DAY-306".to_owned()), Some("DAY-306#anew1".to_owned())]);
    assert_eq!(codes(&in_other_words), ["id_not_unique"]);
    let repeated = entries(&(of("Anna", "E1") + &of("Anna", "E1")));
    assert_eq!(ids(&repeated), [Some("DAY-306".to_owned()), Some("DAY-306".to_owned())]);
}

#[test]
fn an_entry_without_a_day_of_booking_has_the_day_of_its_value() {
    for (inside, day) in [
        ("<ValDt><Dt>2026-11-03</Dt></ValDt>", Some("2026-11-03")),
        ("<ValDt><DtTm>2026-11-03T00:00:00+01:00</DtTm></ValDt>", Some("2026-11-03")),
        ("<BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><Dt>2026-11-03</Dt></ValDt>", Some("2026-11-02")),
        ("", None),
    ] {
        assert_eq!(only(inside).day(), day, "{inside}");
    }
    let unread = entries(&entry("1", "<BookgDt><Dt>soon</Dt></BookgDt>"));
    assert_eq!(codes(&unread), ["date_unread"]);
}

#[test]
fn money_that_comes_back_is_told_by_its_kind_as_well() {
    let code = |domain: &str, family: &str, sub: &str| {
        format!(
            "<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        )
    };
    for (inside, returned) in [
        (code("PMNT", "ICDT", "RRTN"), true),
        (code("PMNT", "RDDT", "UPDD"), true),
        (format!("<NtryDtls><TxDtls>{}</TxDtls></NtryDtls>", code("PMNT", "RCDT", "RPCR")), true),
        (code("PMNT", "RCDT", "ESCT"), false),
        ("<BkTxCd><Prtry><Cd>RRTN</Cd></Prtry></BkTxCd>".to_owned(), false),
    ] {
        assert_eq!(only(&inside).reversal, returned, "{inside}");
    }
}

#[test]
fn an_element_of_millions_of_others_is_refused_before_it_fills_the_memory() {
    let text = document(&entry("1", &"<a/>".repeat(1_000_001)));
    let fault = read(text.as_bytes()).expect_err("too many");
    assert!(fault.is("bank_files.too_many_elements"), "{fault}");
}
