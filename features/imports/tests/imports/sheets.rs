//! What a file says, whatever it was written by; and what is refused before anybody reads it.

use std::io::Write;

use takt_imports::sheet::{self, LARGEST_FILE, Sheet};
use zip::write::SimpleFileOptions;

fn sheet(columns: &[&str], rows: &[&[&str]]) -> Sheet {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    Sheet { columns: texts(columns), rows: rows.iter().map(|row| texts(row)).collect() }
}

fn refusal(bytes: &[u8]) -> String {
    let fault = sheet::read(bytes).expect_err("a refusal");
    fault.fields().first().map(|field| field.code.to_string()).unwrap_or_default()
}

/// A workbook of one sheet, as small as Excel takes it.
pub fn workbook(sheet: &str) -> Vec<u8> {
    workbook_of(&[("visible", sheet)], "")
}

/// A workbook of sheets, each with whether it is shown, and the texts that they share.
fn workbook_of(sheets: &[(&str, &str)], shared: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut listed, mut related) = (String::new(), String::new());
    for (n, (state, _)) in sheets.iter().enumerate() {
        listed.push_str(&format!(
            r#"<sheet name="List {n}" sheetId="{}" state="{state}" r:id="r{n}"/>"#,
            n + 1
        ));
        related.push_str(&format!(
            r#"<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        ));
    }
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                r#"{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"{head}<Relationships xmlns="{package}"><Relationship Id="w" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                r#"{head}<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                r#"{head}<Relationships xmlns="{package}">{related}<Relationship Id="s" Type="{relations}/styles" Target="styles.xml"/><Relationship Id="t" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"{head}<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/sharedStrings.xml".to_owned(), format!(r#"{head}<sst xmlns="{main}">{shared}</sst>"#)),
    ];
    for (n, (_, rows)) in sheets.iter().enumerate() {
        parts.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!(r#"{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ));
    }
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn separated_values_are_read_whatever_separates_them_and_however_they_are_encoded() {
    let expected = sheet(&["Имя", "Телефон"], &[&["Иванов; Пётр", "+79123456789"], &["Анна", ""]]);
    let text = "Имя;Телефон\r\n\"Иванов; Пётр\";+79123456789\r\n\r\nАнна;\r\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        windows.into_owned(),
        utf16,
        "Имя,Телефон\n\"Иванов; Пётр\",+79123456789\nАнна,\n".as_bytes().to_vec(),
        "Имя\tТелефон\nИванов; Пётр\t+79123456789\nАнна\t\n".as_bytes().to_vec(),
    ] {
        assert_eq!(sheet::read(&bytes).expect("a sheet"), expected, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_row_longer_than_its_heading_adds_a_nameless_column() {
    let read = sheet::read(b"name;phone\nAnna;1;extra\nPeter\n").expect("a sheet");
    assert_eq!(read, sheet(&["name", "phone", ""], &[&["Anna", "1", "extra"], &["Peter", "", ""]]));
}

#[test]
fn workbooks_are_read_as_people_see_them() {
    let rows = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>Имя</t></is></c><c r="B2" t="inlineStr"><is><t>Телефон</t></is></c><c r="D2" t="inlineStr"><is><t>Дата</t></is></c></row>
        <row r="4"><c r="A4" t="inlineStr"><is><t> Анна </t></is></c><c r="B4"><v>79123456789</v></c><c r="C4"><f>A1+1</f><v>7.5</v></c><c r="D4" s="1"><v>46330</v></c></row>
        <row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="B5" t="inlineStr"><is><t>=cmd()</t></is></c></row>"#;
    let read = sheet::read(&workbook(rows)).expect("a sheet");
    let expected = sheet(
        &["Имя", "Телефон", "", "Дата"],
        &[&["Анна", "79123456789", "7.5", "2026-11-04"], &["", "=cmd()", "", ""]],
    );
    assert_eq!(read, expected);
}

#[test]
fn cards_of_both_versions_are_rows() {
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Иванов;Пётр;;;\r\nFN:Пётр Иванов\r\nTEL;TYPE=CELL:+7 912 345-67-89\r\nTEL;TYPE=WORK:+7 495 123-45-67\r\nEMAIL:p@example.org\r\nORG:ООО Ромашка;Отдел\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna\r\nTEL;VALUE=uri:tel:+49-30-123456\r\nNOTE:long\r\n  line\r\nEND:VCARD\r\n";
    let read = sheet::read(cards.as_bytes()).expect("cards");
    assert_eq!(read.rows.len(), 2);
    let first: Vec<&str> = read.rows[0].iter().map(String::as_str).collect();
    assert_eq!(&first[..5], ["Пётр Иванов", "+7 912 345-67-89", "+7 495 123-45-67", "", "p@example.org"]);
    assert_eq!(first[6], "ООО Ромашка, Отдел");
    assert_eq!((read.rows[1][0].as_str(), read.rows[1][1].as_str()), ("Anna", "+49-30-123456"));
    assert_eq!(read.rows[1][8], "long line");
}

#[test]
fn what_cannot_be_read_is_refused_in_so_many_words() {
    let wide = format!("{}\n1\n", vec!["a"; 201].join(";"));
    let far = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="XFD2"><v>1</v></c></row>"#;
    let long = format!("a;b\n{}", "1;2\n".repeat(sheet::MOST_ROWS + 1));
    for (bytes, code) in [
        (Vec::new(), "imports.file_empty"),
        (b"   \n \n".to_vec(), "imports.no_rows"),
        (b"name;phone\n".to_vec(), "imports.no_rows"),
        (vec![b'a'; LARGEST_FILE + 1], "imports.file_too_large"),
        (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1], "imports.file_old_excel"),
        (b"PK\x03\x04 not really".to_vec(), "imports.file_unreadable"),
        (vec![0x89, b'P', b'N', b'G', 0, 1, 2, 3], "imports.file_unreadable"),
        (workbook(""), "imports.no_rows"),
        (workbook(far), "imports.too_many_columns"),
        (workbook("<row><c><v>1</c>"), "imports.file_unreadable"),
        (wide.into_bytes(), "imports.too_many_columns"),
        (long.into_bytes(), "imports.too_many_rows"),
    ] {
        assert_eq!(refusal(&bytes), code, "{:?}", bytes.get(..20.min(bytes.len())));
    }
}

#[test]
fn an_archive_that_unpacks_without_end_is_refused_before_it_is_read() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("a part");
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..300 {
        archive.write_all(&zeros).expect("bytes");
    }
    let bomb = archive.finish().expect("an archive").into_inner();
    assert!(bomb.len() < 1024 * 1024, "{} bytes", bomb.len());
    assert_eq!(refusal(&bomb), "imports.unpacks_too_large");
}

#[test]
fn what_a_workbook_hides_is_not_read() {
    let row = |text: &str| format!("<row><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>");
    let hidden = [row("Список"), row("тайна")].concat();
    let shown = [row("Имя"), row("Анна")].concat();
    for state in ["hidden", "veryHidden"] {
        let read = sheet::read(&workbook_of(&[(state, &hidden), ("visible", &shown)], "")).expect("a sheet");
        assert_eq!(read, sheet(&["Имя"], &[&["Анна"]]), "{state}");
    }
}

#[test]
fn numbers_are_what_a_person_sees_of_them() {
    let cells = ["19.989999999999998", "0.30000000000000004", "79123456789", "1E-2", "1234567.5"];
    let row: String = cells.iter().map(|number| format!("<c><v>{number}</v></c>")).collect();
    let head = "<c t=\"inlineStr\"><is><t>x</t></is></c>".repeat(cells.len());
    let read = sheet::read(&workbook(&format!("<row>{head}</row><row>{row}</row>"))).expect("a sheet");
    assert_eq!(read.rows[0], ["19.99", "0.3", "79123456789", "0.01", "1234567.5"]);
}

#[test]
fn a_small_archive_of_one_text_said_many_times_is_refused() {
    let shared = format!("<si><t>{}</t></si>", "a".repeat(4_000));
    let rows = "<row><c t=\"s\"><v>0</v></c></row>".repeat(30_000);
    let bomb = workbook_of(&[("visible", &rows)], &shared);
    assert!(bomb.len() < 100_000, "{} bytes", bomb.len());
    assert_eq!(refusal(&bomb), "imports.unpacks_too_large");
}

#[test]
fn a_file_of_very_many_cells_is_refused() {
    let wide = format!("a\n{}{}\n", "1\n".repeat(60_000), "2;".repeat(100));
    assert_eq!(refusal(wide.as_bytes()), "imports.too_many_cells");
}

#[test]
fn a_file_without_headings_loses_no_row() {
    for text in
        ["Анна;anna@example.org\nПётр;p@example.org\n", "Анна;8 912 345-67-89\nПётр;8 912 345-67-80\n"]
    {
        let read = sheet::read(text.as_bytes()).expect("a sheet");
        assert_eq!((read.columns, read.rows.len()), (vec![String::new(); 2], 2), "{text}");
    }
    let headed = sheet::read("Тел. 1;Цена 2.5\n8 912 345-67-89;1\n".as_bytes()).expect("a sheet");
    assert_eq!(headed.columns, ["Тел. 1", "Цена 2.5"]);
    let read = sheet::read("TEA-100;Чай;1 199,50\nCUP-7;Чашка;50,00\n".as_bytes()).expect("a sheet");
    assert_eq!((read.columns, read.rows.len()), (vec![String::new(); 3], 2));
}

#[test]
fn no_part_of_a_file_is_left_out_silently() {
    let open = "Имя;Почта\n\"Анна;anna@example.org\nПётр;p@example.org\n";
    let long = format!("Имя;Заметка\nАнна;{}\n", "слово ".repeat(1_000));
    let cut = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Анна\r\nTEL:+79123456789\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Пётр\r\nTEL:+7912";
    for (text, code) in [
        (open.to_owned(), "imports.quote_not_closed"),
        (long, "imports.cell_too_long"),
        (cut.to_owned(), "imports.card_not_whole"),
    ] {
        assert_eq!(refusal(text.as_bytes()), code, "{text:.60}");
    }
    let closed = "Имя;Заметка\nАнна;\"две\nстроки\"\n";
    assert_eq!(sheet::read(closed.as_bytes()).expect("a sheet").rows[0][1], "две\nстроки");
}

#[test]
fn what_this_program_wrote_itself_is_read_as_it_was_meant() {
    let read = sheet::read("Имя;Телефон\n'=Анна;'+79123456789\n'так'; 'Нил\n".as_bytes()).expect("a sheet");
    assert_eq!(read, sheet(&["Имя", "Телефон"], &[&["=Анна", "+79123456789"], &["'так'", "'Нил"]]));
}

#[test]
fn cards_of_old_phones_are_read_and_no_number_is_lost() {
    let card = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=9F=D1=91=\r\n=D1=82=D1=80;;;\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D1=91=D1=82=D1=80 =D0=98=D0=B2=\r\n=D0=B0=D0=BD=D0=BE=D0=B2\r\nTEL;CELL:+79123456781\r\nTEL;HOME:+79123456782\r\nTEL;WORK:+79123456783\r\nTEL;PREF:+79123456784\r\nEMAIL:a@example.org\r\nEMAIL:b@example.org\r\nEMAIL:c@example.org\r\nEND:VCARD\r\n";
    let read = sheet::read(card.as_bytes()).expect("a card");
    let cells: Vec<&str> = read.rows[0].iter().map(String::as_str).collect();
    assert_eq!(
        &cells[..6],
        [
            "Пётр Иванов",
            "+79123456781",
            "+79123456782",
            "+79123456783, +79123456784",
            "a@example.org",
            "b@example.org, c@example.org"
        ]
    );
}
