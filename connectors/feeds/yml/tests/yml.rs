//! What shops write and what is read of it.

#![cfg(test)]

use std::{
    collections::BTreeSet,
    io::{Cursor, Read, Write},
};

use takt_feeds::port::{FeedHeader, FeedItem, FeedOffer, FeedReader};
use takt_kernel::{Fault, money::Quantity};
use takt_yml::{Limits, Reader, open, open_within};

struct Seen {
    header: FeedHeader,
    format: &'static str,
    offers: Vec<FeedOffer>,
    /// Line, id, code.
    refused: Vec<(u64, String, String)>,
    end: Option<Fault>,
}

fn all(mut reader: Reader) -> Seen {
    let (mut offers, mut refused) = (Vec::new(), Vec::new());
    let end = loop {
        match reader.next() {
            Ok(Some(FeedItem::Offer(offer))) => offers.push(*offer),
            Ok(Some(FeedItem::Unreadable(it))) => {
                refused.push((it.line, it.id.unwrap_or_default(), it.why.code));
            }
            Ok(None) => break None,
            Err(fault) => break Some(fault),
        }
    };
    Seen { header: reader.header().clone(), format: reader.format(), offers, refused, end }
}

fn bytes(document: impl Into<Vec<u8>>) -> Seen {
    let reader = open(Box::new(Cursor::new(document.into()))).expect("a document");
    all(reader.expect("ours"))
}

fn around(offers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<yml_catalog date=\"2026-11-22 10:00\"><shop>\
         <name>Чай</name><company>ООО Чай</company><url>https://tea.example</url>\
         <currencies><currency id=\"RUR\" rate=\"1\"/><currency id=\"USD\" rate=\"CBRF\"/></currencies>\
         <categories><category id=\"1\">Чай</category><category id=\"2\" parentId=\"1\">Чёрный</category></categories>\
         <offers>\n{offers}\n</offers></shop></yml_catalog>"
    )
}

fn fields(fields: &str) -> String {
    around(&format!("<offer id=\"1\"><name>N</name><price>1</price>{fields}</offer>"))
}

fn offer(document: &str) -> FeedOffer {
    let read = bytes(document);
    assert!(read.end.is_none() && read.refused.is_empty(), "{:?} {:?}: {document}", read.end, read.refused);
    read.offers.into_iter().next().expect("an offer")
}

fn refusal(document: &str) -> String {
    let read = bytes(document);
    assert!(read.end.is_none() && read.offers.is_empty(), "{:?}: {document}", read.offers);
    read.refused.into_iter().next().expect("a refusal").2
}

#[test]
fn an_icml_of_the_retailcrm_module_is_read_whole() {
    let read = bytes(include_str!("retailcrm.xml"));
    assert!(read.end.is_none() && read.refused.is_empty(), "{:?} {:?}", read.end, read.refused);
    assert_eq!((read.format, read.offers.len()), ("icml", 2));
    assert_eq!(read.header.name.as_deref(), Some("Ваш Магазин \"Маяк\""));
    let names: Vec<_> = read.header.categories.iter().map(|category| category.name.as_str()).collect();
    assert_eq!(names, ["Чай & кофе", "Чёрный чай"]);
    assert_eq!(read.header.categories[1].parent.as_deref(), Some("20"));
    let tea = &read.offers[0];
    assert_eq!((tea.id.as_str(), tea.product_id.as_deref()), ("42#15-3", Some("42")));
    assert_eq!(
        (tea.name.as_str(), tea.product_name.as_deref()),
        ("Чай \"Маяк\" (100 г)", Some("Чай \"Маяк\""))
    );
    assert_eq!(
        (tea.price.to_string().as_str(), tea.purchase_price.map(|price| price.to_string())),
        ("1199.50", Some("800.00".to_owned()))
    );
    assert_eq!((tea.xml_id.as_deref(), tea.article.as_deref()), (Some("b1c9-42"), Some("TEA-100")));
    assert_eq!(tea.categories, ["20", "24"]);
    assert_eq!(tea.pictures, ["https://tea.example/image/tea.jpg?a=1&b=2"]);
    assert_eq!(tea.vat.map(|rate| rate.to_string()).as_deref(), Some("20"));
    assert_eq!(tea.quantity, Some(Quantity::whole(7)));
    assert_eq!(tea.unit.as_ref().and_then(|unit| unit.code.as_deref()), Some("pcs"));
    assert_eq!((tea.weight.as_deref(), tea.dimensions.as_deref()), (Some("0.1"), Some("10/5/3")));
    assert_eq!(tea.barcodes, ["4600000000001"]);
    assert!(tea.on_sale && !read.offers[1].on_sale);
    assert_eq!(tea.line, 23);
}

#[test]
fn the_shop_and_its_currencies_are_told() {
    let read = bytes(around(""));
    let header = read.header;
    assert_eq!(
        (header.company.as_deref(), header.url.as_deref()),
        (Some("ООО Чай"), Some("https://tea.example"))
    );
    let currencies: Vec<_> =
        header.currencies.iter().map(|it| (it.code.as_str(), it.rate.as_deref())).collect();
    assert_eq!(currencies, [("RUR", Some("1")), ("USD", Some("CBRF"))]);
    assert_eq!(header.made_at.as_deref(), Some("2026-11-22 10:00"));
    assert_eq!((read.format, read.end.is_none()), ("yml", true));
}

#[test]
fn names_are_found_wherever_shops_put_them() {
    for (given, name) in [
        ("<name>A</name>", "A"),
        ("<name><![CDATA[ A & <b> ]]></name>", "A & <b>"),
        ("<name>A &amp;quot;B&amp;quot;</name>", "A \"B\""),
        ("<name>A&nbsp;&laquo;B&raquo; &unknown;</name>", "A «B» &unknown;"),
        ("<name>A & B</name>", "A & B"),
        ("<name>A\n  B\t</name>", "A B"),
        ("<typePrefix>Чайник</typePrefix><vendor>V</vendor><model>M-1</model>", "Чайник V M-1"),
        ("<model>M-1</model>", "M-1"),
        ("<productName>P</productName>", "P"),
        ("<name/><productName>P</productName>", "P"),
        ("<description><![CDATA[<p>&bad</p>]]></description><name>A</name>", "A"),
        ("<x:name xmlns:x='u'>A</x:name>", "A"),
        ("<unknown><name>inner</name></unknown><name>A</name>", "A"),
    ] {
        let document = around(&format!("<offer id='1'>{given}<price>1</price></offer>"));
        assert_eq!(offer(&document).name, name, "{given}");
    }
}

#[test]
fn quirks_of_fields_are_borne() {
    type Check = fn(&FeedOffer) -> bool;
    let table: &[(&str, Check)] = &[
        ("<available>x</available>", |offer| offer.available),
        ("<productActivity>N</productActivity>", |offer| !offer.on_sale),
        ("<productActivity>Y</productActivity>", |offer| offer.on_sale),
        ("<disabled>true</disabled>", |offer| !offer.on_sale),
        ("<vat>NO_VAT</vat>", |offer| offer.vat.is_some_and(|rate| rate.to_string() == "none")),
        ("<vat></vat>", |offer| offer.vat.is_none()),
        ("<vatRate>10</vatRate>", |offer| offer.vat.is_some_and(|rate| rate.to_string() == "10")),
        ("<barcode>1,2</barcode><barcode>3</barcode>", |offer| offer.barcodes == ["1", "2", "3"]),
        ("<param name='Артикул'>A-1</param>", |offer| offer.article.as_deref() == Some("A-1")),
        ("<param name='Вес' code='w' unit='кг'>5</param>", |offer| {
            let param = &offer.params[0];
            (param.unit.as_deref(), param.value.as_str()) == (Some("кг"), "5")
        }),
        ("<count>-2</count>", |offer| offer.quantity == Some(Quantity::whole(0))),
        ("<oldprice>1 500,00</oldprice>", |offer| {
            offer.old_price.is_some_and(|price| price.to_string() == "1500.00")
        }),
        ("<oldprice>none</oldprice>", |offer| offer.old_price.is_none()),
        ("<currencyId>RUR</currencyId>", |offer| offer.currency.as_deref() == Some("RUR")),
        ("<unit code='kg' name='Килограмм' sym='кг'/>", |offer| {
            offer.unit.as_ref().is_some_and(|unit| unit.symbol.as_deref() == Some("кг"))
        }),
        ("<delivery-options><option cost='0'/></delivery-options>", |_| true),
    ];
    for (given, check) in table {
        let offer = offer(&fields(given));
        assert!(check(&offer), "{given}: {offer:?}");
    }
    let document = around(
        "<offer id=1 available=false group_id='g' type='vendor.model' selected><name>N</name><price>1</price></offer>",
    );
    let bare = offer(&document);
    assert_eq!(
        (bare.available, bare.product_id.as_deref(), bare.kind.as_deref()),
        (false, Some("g"), Some("vendor.model"))
    );
}

#[test]
fn a_broken_offer_is_told_and_the_rest_is_read() {
    for (given, code) in [
        ("<offer><name>N</name><price>1</price></offer>", "yml.id_missing"),
        ("<offer id=''><name>N</name><price>1</price></offer>", "yml.id_missing"),
        ("<offer id='1'><price>1</price></offer>", "yml.name_missing"),
        ("<offer id='1'><name>N</name></offer>", "yml.price_missing"),
        ("<offer id='1'><name>N</name><price>дорого</price></offer>", "yml.price_malformed"),
        ("<offer id='1'><name>N</name><price>1</price><vat>xx</vat></offer>", "yml.vat_unknown"),
        ("<offer id='1'><name>\u{fffd}\u{fffd}</name><price>1</price></offer>", "yml.letters_unreadable"),
        ("<offer id='1'/>", "yml.name_missing"),
    ] {
        assert_eq!(refusal(&around(given)), code, "{given}");
    }
    let read = bytes(around(
        "<offer id='1'><name>N</name><price>1</price></offer>\n<offer id='1'><name>M</name><price>1</price></offer>\n\
         <offer id='2'><name>N</name><price>x</price></offer>\n<offer id='3'><name>N</name><price>1</price></offer>",
    ));
    let refused: Vec<_> =
        read.refused.iter().map(|(line, id, code)| (*line, id.as_str(), code.as_str())).collect();
    assert_eq!(refused, [(4, "1", "yml.id_twice"), (5, "2", "yml.price_malformed")]);
    assert_eq!(read.offers.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    assert!(read.end.is_none());
    let long = format!("<offer id='1'><name>{}</name><price>1</price></offer>", "x".repeat(20_000));
    assert_eq!(refusal(&around(&long)), "yml.text_too_long");
    let many = format!("<offer id='1'><name>N</name><price>1</price>{}</offer>", "<a/>".repeat(2_001));
    assert_eq!(refusal(&around(&many)), "yml.too_many_elements");
}

#[test]
fn other_encodings_are_read_as_they_say_or_show() {
    let text = around("<offer id='1'><name>Чёрный чай</name><price>1</price></offer>");
    let cp1251 = text.replace("UTF-8", "windows-1251");
    let (cp1251, _, _) = encoding_rs::WINDOWS_1251.encode(&cp1251);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let bare_utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let with_bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let lying = text.replace("UTF-8", "utf-16");
    for document in
        [cp1251.into_owned(), utf16, bare_utf16, with_bom, lying.into_bytes(), gzipped(text.as_bytes())]
    {
        let read = bytes(document);
        assert_eq!(
            read.offers.first().map(|offer| offer.name.as_str()),
            Some("Чёрный чай"),
            "{:?}",
            read.end
        );
        assert!(read.end.is_none());
    }
    let (mojibake, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    assert_eq!(bytes(mojibake.into_owned()).refused[0].2, "yml.letters_unreadable");
    let unknown = text.replace("UTF-8", "klingon-8");
    let refused = open(Box::new(Cursor::new(unknown.into_bytes()))).err().expect("refused");
    assert!(refused.is("yml.encoding_unknown"));
}

#[test]
fn what_is_no_catalogue_is_not_ours() {
    for document in
        ["", "<html><body/></html>", "<!DOCTYPE html><html/>", "{}", "<offers/>", "Warning: x<br/>"]
    {
        let opened = open(Box::new(Cursor::new(document.as_bytes().to_vec())));
        assert!(matches!(opened, Ok(None)), "{document}");
    }
}

#[test]
fn a_doctype_is_borne_and_never_fetched_or_expanded() {
    let body = around("<offer id='1'><name>N &lol;</name><price>1</price></offer>");
    let (head, body) = body.split_once('\n').expect("a declaration");
    let usual = format!("{head}\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n{body}");
    assert_eq!(offer(&usual).name, "N &lol;");
    let far = format!("{head}\n<!DOCTYPE yml_catalog PUBLIC \"x\" \"http://127.0.0.1:1/evil.dtd\">\n{body}");
    assert_eq!(offer(&far).name, "N &lol;");
    for subset in
        ["<!ENTITY lol \"lol\">", "<!ENTITY x SYSTEM \"file:///etc/passwd\">", "<!ENTITY % p 'x'> %p;"]
    {
        let bad = format!("{head}\n<!DOCTYPE yml_catalog [{subset}]>\n{body}");
        let fault = open(Box::new(Cursor::new(bad.into_bytes()))).err().expect("refused");
        assert!(fault.is("yml.entities_refused"), "{fault:?}");
    }
}

#[test]
fn a_document_that_is_cut_off_anywhere_never_ends_well() {
    let whole = around(
        "<offer id='1'><name>N</name><price>1</price></offer><offer id='2'><name>&amp;</name><price>1</price></offer>",
    );
    for until in 0..whole.len() - 1 {
        let cut = whole.as_bytes()[..until].to_vec();
        match open(Box::new(Cursor::new(cut))) {
            Ok(None) | Err(_) => {}
            Ok(Some(reader)) => assert!(all(reader).end.is_some(), "cut at {until}"),
        }
    }
    let packed = gzipped(whole.as_bytes());
    for until in [packed.len() - 1, packed.len() - 8, packed.len() / 2] {
        match open(Box::new(Cursor::new(packed[..until].to_vec()))) {
            Ok(None) | Err(_) => {}
            Ok(Some(reader)) => assert!(all(reader).end.is_some(), "gzip cut at {until}"),
        }
    }
}

#[test]
fn a_broken_document_ends_with_the_line_where_it_broke() {
    for (document, code) in [
        (around("<offer id='1'><name>N</offer>"), "yml.broken"),
        (around("</shop>"), "yml.broken"),
        (format!("{}<yml_catalog></yml_catalog>", around("")), "yml.broken"),
        (around(&"<a>".repeat(40)), "yml.too_deep"),
        (around(&format!("<!--{}-->", "x".repeat(10 << 20))), "yml.piece_too_long"),
        (
            around(&format!("<offer id='1'><description>{}</description></offer>", "x".repeat(10 << 20))),
            "yml.piece_too_long",
        ),
        (around(&format!("<offer id='{}'/>", "x".repeat(10 << 20))), "yml.piece_too_long"),
    ] {
        let end = bytes(document).end.expect("an end with a fault");
        assert!(end.is(code), "{code}: {end:?}");
        assert!(end.args().iter().any(|(name, _)| name == "line"), "{end:?}");
    }
    let trailing = format!("{}\n Notice: undefined index", around(""));
    assert!(bytes(trailing).end.is_none(), "what a script prints behind the end is passed over");
}

#[test]
fn limits_bound_what_inflates_and_what_is_counted() {
    let limits = Limits { bytes: 1 << 20, offers: 3, categories: 1, parts: 2, ..Limits::default() };
    let within = |document: Vec<u8>| open_within(Box::new(Cursor::new(document)), limits);
    let bomb = gzipped(&around(&" ".repeat(64 << 20)).into_bytes());
    assert!(bomb.len() < 1 << 20);
    let end = all(within(bomb).expect("opens").expect("ours")).end.expect("refused");
    assert!(end.is("yml.too_long"), "{end:?}");
    let many = around(&"<offer id='1'><name>N</name><price>1</price></offer>".repeat(5));
    let read = all(within(many.into_bytes()).expect("opens").expect("ours"));
    assert!(read.end.is_some_and(|fault| fault.is("yml.too_many_offers")));
    assert!(read.header.categories_cut && read.header.categories.len() == 1);
    let pictures = fields(&"<picture>https://a/b</picture>".repeat(9));
    let read = all(within(pictures.into_bytes()).expect("opens").expect("ours"));
    assert_eq!(read.offers[0].pictures.len(), 2);
}

/// A document that is made while it is read: a hundred thousand offers of which nothing is held.
struct Endless {
    written: u32,
    until: u32,
    waiting: Cursor<Vec<u8>>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.waiting.read(into)?;
            if read > 0 || self.written > self.until {
                return Ok(read);
            }
            let text = match self.written {
                0 => "<yml_catalog><shop><offers>".to_owned(),
                n if n == self.until => "</offers></shop></yml_catalog>".to_owned(),
                n => format!(
                    "<offer id='{n}' productId='{n}'><name>Offer {n}</name><price>{n}</price><description>{}</description></offer>",
                    "x".repeat(300)
                ),
            };
            self.written += 1;
            self.waiting = Cursor::new(text.into_bytes());
        }
    }
}

#[test]
fn a_hundred_thousand_offers_are_read_as_they_come() {
    let limits = Limits { piece: 1_000, ..Limits::default() };
    // A piece is counted by what it takes, so no more than one chunk beyond it is ever held.
    let stream = Endless { written: 0, until: 100_000, waiting: Cursor::new(Vec::new()) };
    let mut reader = open_within(Box::new(stream), limits).expect("opens").expect("ours");
    let mut read = 0;
    while let Some(item) = reader.next().expect("whole") {
        assert!(matches!(item, FeedItem::Offer(_)), "{item:?}");
        read += 1;
    }
    assert_eq!(read, 99_999);
    assert!(reader.held_bytes() < 4 << 20, "{} bytes are held", reader.held_bytes());
}

#[test]
fn every_fault_has_a_text_in_both_languages() {
    let keys = |text: &str| -> BTreeSet<String> {
        text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect()
    };
    let [(_, russian), (_, english)] = takt_yml::TEXTS;
    assert_eq!(keys(russian), keys(english));
    let sources = [
        include_str!("../src/reader.rs"),
        include_str!("../src/offer.rs"),
        include_str!("../src/source.rs"),
        include_str!("../src/vat.rs"),
        include_str!("../src/number.rs"),
    ];
    for code in sources.iter().flat_map(|source| source.split('"')).filter(|code| code.starts_with("yml.")) {
        assert!(keys(english).contains(&code.replace('.', "-")), "{code}");
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
