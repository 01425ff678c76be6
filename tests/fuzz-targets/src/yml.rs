use std::io::Cursor;

use takt_feeds::port::{FeedItem, FeedOffer, FeedReader};
use takt_yml::{Limits, open_within};

/// Smaller than in the program, so that what they bound is found.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    piece: 64 << 10,
    text: 1_000,
    depth: 16,
    elements: 100,
    parts: 10,
    categories: 20,
    offers: 1_000,
};

/// Any document that says it is a catalogue, in any encoding, packed or not.
pub fn yml(data: &[u8]) {
    let Ok(Some(mut reader)) = open_within(Box::new(Cursor::new(data.to_vec())), LIMITS) else { return };
    let (mut last_line, mut items) = (0, 0);
    loop {
        let line = match reader.next() {
            Ok(Some(FeedItem::Offer(offer))) => {
                stands(&offer);
                offer.line
            }
            Ok(Some(FeedItem::Unreadable(unreadable))) => {
                assert!(unreadable.why.code.starts_with("yml."), "{unreadable:?}");
                unreadable.line
            }
            Ok(None) => break,
            Err(_) => return,
        };
        assert!(line >= last_line, "line {line} after {last_line}");
        last_line = line;
        items += 1;
        assert!(items <= LIMITS.offers, "more offers than are allowed");
    }
    let header = reader.header();
    assert!(header.categories.len() <= LIMITS.categories);
    assert!(matches!(reader.next(), Ok(None)), "there is something behind the end");
}

fn stands(offer: &FeedOffer) {
    assert!(!offer.id.is_empty() && !offer.name.is_empty(), "{offer:?}");
    let lists = [&offer.categories, &offer.pictures, &offer.barcodes];
    assert!(lists.iter().all(|list| list.len() <= LIMITS.parts) && offer.params.len() <= LIMITS.parts);
    let some = [&offer.product_id, &offer.product_name, &offer.xml_id, &offer.vendor, &offer.article];
    let texts = [&offer.id, &offer.name].into_iter().chain(some.into_iter().flatten());
    for text in texts.chain(lists.into_iter().flatten()).chain(offer.params.iter().map(|param| &param.value))
    {
        assert!(!text.chars().any(char::is_control) && text.trim() == text, "{text:?} is no single line");
    }
}
