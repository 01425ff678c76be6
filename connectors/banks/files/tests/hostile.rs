//! Whatever the bytes: no panic, and a file that lost a part is never taken for a smaller one.

use proptest::prelude::*;
use takt_bank_files::read;

const SAMPLES: [&[u8]; 6] = [
    include_bytes!("fixtures/1c-one-day-cp1251.txt"),
    include_bytes!("fixtures/1c-gpb.txt"),
    include_bytes!("fixtures/1c-two-accounts.txt"),
    include_bytes!("fixtures/camt053-v2.xml"),
    include_bytes!("fixtures/camt053-v8.xml"),
    include_bytes!("fixtures/camt054-v4.xml"),
];

/// Cuts are tried at every so many bytes; odd, to meet every place within a line.
const STEP: usize = 13;

#[test]
fn a_file_cut_short_is_refused_or_warns_that_its_end_is_missing() {
    for sample in SAMPLES {
        let whole = read(sample).expect("a sample").documents.len();
        for end in (0..sample.len()).step_by(STEP).chain(sample.len().saturating_sub(40)..sample.len()) {
            let Ok(report) = read(&sample[..end]) else { continue };
            let told = report.warnings.iter().any(|warning| warning.code == "bank_files.no_end_of_file");
            let closed = String::from_utf8_lossy(&sample[end..]).trim().is_empty();
            assert!(closed || told, "cut at byte {end}");
            assert!(report.documents.len() <= whole);
        }
    }
}

#[test]
fn a_cut_inside_a_document_is_always_refused() {
    let sample = SAMPLES[0];
    let (opener, _, _) = encoding_rs::WINDOWS_1251.encode("СекцияДокумент");
    let (closer, _, _) = encoding_rs::WINDOWS_1251.encode("КонецДокумента");
    let starts = |mark: &[u8]| -> Vec<usize> {
        sample.windows(mark.len()).enumerate().filter(|(_, at)| *at == mark).map(|(start, _)| start).collect()
    };
    for (start, stop) in starts(&opener).into_iter().zip(starts(&closer)) {
        for end in (start + 1..stop + closer.len()).step_by(3) {
            assert!(read(&sample[..end]).is_err(), "cut at byte {end}");
        }
    }
}

#[test]
fn a_long_account_is_not_multiplied_by_the_sections_that_lack_one() {
    let head =
        "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nДатаНачала=01.11.2026\nРасчСчет=";
    let sections = "СекцияРасчСчет\nКонецРасчСчет\n".repeat(1000);
    let report =
        read(format!("{head}40702810900000000001\n{sections}КонецФайла\n").as_bytes()).expect("a file");
    assert!(report.statements.iter().all(|statement| statement.account == "40702810900000000001"));
    let refused = read(format!("{head}{}\n{sections}КонецФайла\n", "1".repeat(50_000)).as_bytes());
    assert!(refused.is_err_and(|fault| fault.is("bank_files.value_too_long")));
}

fn openers(bytes: &[u8]) -> usize {
    let (text, _, _) = encoding_rs::WINDOWS_1251.decode(bytes);
    text.split(['\n', '\r'])
        .filter(|row| {
            let key = row.split('=').next().unwrap_or_default();
            key.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{1a}').to_lowercase()
                == "секциядокумент"
        })
        .count()
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), start in 0..4usize) {
        let prefix: &[u8] = [&b""[..], b"<", b"1CClientBankExchange\n", b"<Document><BkToCstmrStmt><Stmt>"][start];
        let _ = read(&[prefix, &bytes].concat());
    }

    #[test]
    fn changed_samples_never_panic_and_lose_no_document(
        sample in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12),
    ) {
        let mut bytes = SAMPLES[sample].to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => { let tail = bytes[at..].to_vec(); bytes.extend_from_slice(&tail[..tail.len().min(300)]); }
            }
        }
        if let Ok(report) = read(&bytes) && sample < 3 {
            prop_assert_eq!(report.documents.len(), openers(&bytes));
            prop_assert!(report.documents.iter().all(|document| !document.amount.is_negative()));
        }
    }

    #[test]
    fn keys_in_any_order_never_panic(
        rows in prop::collection::vec(
            prop::sample::select(vec![
                "СекцияДокумент=x", "КонецДокумента", "СекцияРасчСчет", "КонецРасчСчет", "КонецФайла", "Сумма=1", "Сумма=1,5",
                "РасчСчет=1", "НачальныйОстаток=-7", "ВсегоПоступило=1", "ПлательщикСчет=1", "ПолучательСчет=2", "продолжение",
                "ДатаСписано=01.01.2026", "ДатаПоступило=99.99.9999", "НазначениеПлатежа1=а", "", "1CClientBankExchange", "=", "Плательщик=ИНН ",
            ]),
            0..60,
        ),
    ) {
        let text = format!("1CClientBankExchange\nВерсияФормата=1\nКодировка=x\nДатаНачала=1\n{}", rows.join("\n"));
        if let Ok(report) = read(text.as_bytes()) {
            let openers = rows.iter().filter(|row| row.starts_with("СекцияДокумент")).count();
            prop_assert_eq!(report.documents.len(), openers);
        }
    }
}
