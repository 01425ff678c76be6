//! The document, element by element.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher,
    io::Read,
};

use quick_xml::{
    errors::Error,
    events::{BytesStart, Event},
};
use takt_feeds::port::{Category, FeedCurrency, FeedHeader, FeedItem, FeedReader};
use takt_kernel::{Fault, Result};

use crate::{
    entities::{self, plain, resolve},
    limits::Limits,
    number::shortened,
    offer::{Building, Field},
    source::{self, Source},
};

const ROOT: &str = "yml_catalog";
/// Where the children of the shop, their children and the fields of these stand.
const SECTION: usize = 3;
const ENTRY: usize = 4;
const FIELD: usize = 5;
const MOST_CURRENCIES: usize = 50;
/// A buffer that one long description made larger is given back.
const USUAL_PIECE: usize = 256 << 10;

/// Begins to read with the usual limits. `None` when it is no YML at all.
///
/// # Errors
/// `yml.encoding_unknown`, `yml.gzip_broken`, `yml.entities_refused`, `yml.broken`, `yml.too_long`,
/// `yml.piece_too_long`, `yml.unreadable`.
pub fn open(document: Box<dyn Read + Send>) -> Result<Option<Reader>> {
    open_within(document, Limits::default())
}

/// As [`open`], within other limits.
///
/// # Errors
/// As [`open`].
pub fn open_within(document: Box<dyn Read + Send>, limits: Limits) -> Result<Option<Reader>> {
    let source = source::begin(document, &limits)?;
    let mut xml = quick_xml::Reader::from_reader(source);
    let config = xml.config_mut();
    // `<offer/>` then comes as a start and an end.
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut reader = Reader {
        xml,
        limits,
        piece: Vec::new(),
        depth: 0,
        section: Section::Other,
        captured: None,
        text: String::new(),
        text_too_long: false,
        muted: None,
        header: FeedHeader::default(),
        category: None,
        building: None,
        offers: 0,
        seen: HashSet::new(),
        hasher: RandomState::new(),
        icml: false,
        ended: false,
    };
    Ok(reader.root()?.then_some(reader))
}

/// A document being read.
pub struct Reader {
    xml: quick_xml::Reader<Source<Box<dyn Read + Send>>>,
    limits: Limits,
    piece: Vec<u8>,
    depth: usize,
    section: Section,
    /// The element whose text is wanted.
    captured: Option<Captured>,
    text: String,
    text_too_long: bool,
    /// Texts from this depth on are passed over.
    muted: Option<usize>,
    header: FeedHeader,
    category: Option<Category>,
    building: Option<Building>,
    offers: usize,
    /// Hashes of the ids so far.
    seen: HashSet<u64>,
    hasher: RandomState,
    icml: bool,
    ended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Currencies,
    Categories,
    Offers,
    Other,
}

#[derive(Clone, Copy)]
enum Captured {
    ShopName,
    ShopCompany,
    ShopUrl,
    Category,
    Field(Field),
}

/// What a piece of markup came to.
enum Step {
    On,
    Item(FeedItem),
    End,
}

impl FeedReader for Reader {
    fn format(&self) -> &'static str {
        if self.icml { "icml" } else { "yml" }
    }

    fn header(&self) -> &FeedHeader {
        &self.header
    }

    fn next(&mut self) -> Result<Option<FeedItem>> {
        while !self.ended {
            match self.step()? {
                Step::On => {}
                Step::Item(item) => return Ok(Some(item)),
                Step::End => self.ended = true,
            }
        }
        Ok(None)
    }
}

impl Reader {
    /// Reads up to the opening of the document. Answers whether it is one of ours.
    fn root(&mut self) -> Result<bool> {
        loop {
            let mut piece = self.empty_piece();
            let found = match self.event(&mut piece)? {
                Event::Start(start) if start.local_name().as_ref() == ROOT => {
                    attributes(&start, |name, value| {
                        if name == "date" {
                            self.header.made_at = Some(shortened(&plain(value)));
                        }
                    });
                    self.depth = 1;
                    Some(true)
                }
                Event::Start(_) | Event::Eof => Some(false),
                _ => None,
            };
            self.piece = piece;
            if let Some(ours) = found {
                return Ok(ours);
            }
        }
    }

    fn empty_piece(&mut self) -> Vec<u8> {
        let mut piece = std::mem::take(&mut self.piece);
        piece.clear();
        piece.shrink_to(USUAL_PIECE);
        piece
    }

    fn event<'p>(&mut self, piece: &'p mut Vec<u8>) -> Result<Event<'p>> {
        self.xml.get_mut().mark();
        match self.xml.read_event_into(piece) {
            // What is declared there is neither fetched nor expanded, and who declares entities means harm.
            Ok(Event::DocType(declared)) if declared.contains('[') => Err(self.fault("yml.entities_refused")),
            Ok(event) => Ok(event),
            Err(Error::Io(error)) => Err(source::unreadable(&error, self.line())),
            // Markup that the end of the document interrupts.
            Err(error @ Error::Syntax(_)) => Err(self.fault("yml.cut_off").because(error)),
            Err(error) => Err(self.fault("yml.broken").because(error)),
        }
    }

    fn step(&mut self) -> Result<Step> {
        let mut piece = self.empty_piece();
        let step = match self.event(&mut piece)? {
            Event::Start(start) => self.opened(&start),
            Event::End(_) => self.closed(),
            Event::Text(text) => self.heard(&text),
            Event::CData(text) => self.heard(&text),
            Event::GeneralRef(reference) => {
                if self.listens() {
                    let mut letters = String::new();
                    entities::push(&mut letters, &reference);
                    self.heard(&letters)
                } else {
                    Ok(Step::On)
                }
            }
            Event::Eof if self.depth == 0 => Ok(Step::End),
            Event::Eof => Err(self.fault("yml.cut_off")),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                Ok(Step::On)
            }
        };
        self.piece = piece;
        step
    }

    fn opened(&mut self, start: &BytesStart) -> Result<Step> {
        if self.depth == 0 {
            // A second document behind the first.
            return Err(self.fault("yml.broken"));
        }
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(self.fault("yml.too_deep").arg("limit", self.limits.depth));
        }
        let local = start.local_name();
        let name = local.as_ref();
        match (self.depth, self.section) {
            (SECTION, _) => self.open_section(name),
            (ENTRY, Section::Currencies) if name == "currency" => self.open_currency(start),
            (ENTRY, Section::Categories) if name == "category" => self.open_category(start),
            (ENTRY, Section::Offers) if name == "offer" => self.open_offer(start)?,
            (FIELD, Section::Categories) if name == "name" => self.text.clear(),
            (FIELD, Section::Categories) if self.muted.is_none() => self.muted = Some(FIELD),
            (FIELD.., Section::Offers) => self.open_field(start, name),
            _ => {}
        }
        Ok(Step::On)
    }

    fn open_section(&mut self, name: &str) {
        self.section = match name {
            "currencies" => Section::Currencies,
            "categories" => Section::Categories,
            "offers" => Section::Offers,
            _ => Section::Other,
        };
        match name {
            "name" => self.capture(Captured::ShopName),
            "company" => self.capture(Captured::ShopCompany),
            "url" => self.capture(Captured::ShopUrl),
            _ => {}
        }
    }

    fn open_currency(&mut self, start: &BytesStart) {
        let mut currency = FeedCurrency { code: String::new(), rate: None };
        attributes(start, |name, value| match name {
            "id" => currency.code = shortened(&plain(value)),
            "rate" => currency.rate = Some(shortened(&plain(value))),
            _ => {}
        });
        if self.header.currencies.len() < MOST_CURRENCIES {
            self.header.currencies.push(currency);
        }
    }

    fn open_category(&mut self, start: &BytesStart) {
        let mut category = Category { id: String::new(), parent: None, name: String::new() };
        attributes(start, |name, value| match name {
            "id" => category.id = shortened(&plain(value)),
            "parentId" => category.parent = Some(shortened(&plain(value))).filter(|id| !id.is_empty()),
            _ => {}
        });
        self.category = Some(category);
        self.capture(Captured::Category);
    }

    fn open_offer(&mut self, start: &BytesStart) -> Result<()> {
        self.offers += 1;
        if self.offers > self.limits.offers {
            return Err(self.fault("yml.too_many_offers").arg("limit", self.limits.offers));
        }
        let mut building = Building::begin(self.line(), self.limits.parts);
        let icml = &mut self.icml;
        attributes(start, |name, value| {
            *icml |= name == "productId";
            building.attribute(name, value);
        });
        self.building = Some(building);
        Ok(())
    }

    fn open_field(&mut self, start: &BytesStart, name: &str) {
        let Some(building) = &mut self.building else { return };
        building.elements += 1;
        if building.elements > self.limits.elements {
            let limit = self.limits.elements;
            building.refuse(Fault::invalid("yml.too_many_elements").arg("limit", limit));
            return;
        }
        if self.depth > FIELD {
            if name == "outlet" {
                attributes(start, |name, value| building.outlet_attribute(name, value));
            }
            return;
        }
        match Field::of(name) {
            Some(field) => {
                if field == Field::Param {
                    building.begin_param();
                    attributes(start, |name, value| building.param_attribute(name, value));
                }
                self.capture(Captured::Field(field));
            }
            None if name == "unit" => {
                attributes(start, |name, value| building.unit_attribute(name, value));
            }
            None => {}
        }
    }

    fn capture(&mut self, captured: Captured) {
        self.captured = Some(captured);
        self.text.clear();
        self.text_too_long = false;
    }

    fn listens(&self) -> bool {
        self.captured.is_some() && self.muted.is_none()
    }

    fn heard(&mut self, text: &str) -> Result<Step> {
        if self.listens() {
            if self.text.len() + text.len() > self.limits.text {
                self.text_too_long = true;
            } else {
                self.text.push_str(text);
            }
        }
        Ok(Step::On)
    }

    fn closed(&mut self) -> Result<Step> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.muted == Some(depth) {
            self.muted = None;
        }
        match depth {
            SECTION => {
                self.close_section();
                Ok(Step::On)
            }
            ENTRY => Ok(self.close_entry()),
            FIELD => {
                self.close_field();
                Ok(Step::On)
            }
            _ => Ok(Step::On),
        }
    }

    fn close_section(&mut self) {
        let text = || Some(plain(&self.text)).filter(|text| !text.is_empty());
        match self.captured.take() {
            Some(Captured::ShopName) => self.header.name = text(),
            Some(Captured::ShopCompany) => self.header.company = text(),
            Some(Captured::ShopUrl) => self.header.url = text(),
            Some(Captured::Category | Captured::Field(_)) | None => {}
        }
        self.section = Section::Other;
    }

    fn close_entry(&mut self) -> Step {
        match self.section {
            Section::Categories => {
                self.captured = None;
                if let Some(category) = self.category.take() {
                    self.keep_category(category);
                }
                Step::On
            }
            Section::Offers => match self.building.take() {
                Some(building) => Step::Item(self.judged(building)),
                None => Step::On,
            },
            Section::Currencies | Section::Other => Step::On,
        }
    }

    fn keep_category(&mut self, category: Category) {
        if self.header.categories.len() < self.limits.categories {
            let name = plain(&self.text);
            self.header.categories.push(Category { name, ..category });
        } else {
            self.header.categories_cut = true;
        }
    }

    fn judged(&mut self, mut building: Building) -> FeedItem {
        if !building.id().is_empty() && !self.seen.insert(self.hasher.hash_one(building.id())) {
            building.refuse(Fault::invalid("yml.id_twice"));
        }
        match building.end() {
            Ok(offer) => FeedItem::Offer(offer),
            Err(unreadable) => FeedItem::Unreadable(unreadable),
        }
    }

    fn close_field(&mut self) {
        let Some(Captured::Field(field)) = self.captured else { return };
        self.captured = None;
        let Some(building) = &mut self.building else { return };
        if self.text_too_long {
            building.refuse(Fault::invalid("yml.text_too_long").arg("limit", self.limits.text));
        } else {
            building.take(field, &self.text);
        }
    }

    /// What it holds in memory beside the category names: buffers and hashes of ids.
    pub fn held_bytes(&mut self) -> usize {
        let hashes = self.seen.capacity() * (size_of::<u64>() + 1);
        self.piece.capacity() + self.text.capacity() + hashes + self.xml.get_mut().held_bytes()
    }

    fn line(&mut self) -> u64 {
        self.xml.get_mut().line()
    }

    fn fault(&mut self, code: &'static str) -> Fault {
        Fault::invalid(code).arg("line", self.line())
    }
}

/// Names and values; one that makes no sense ends the list.
fn attributes(start: &BytesStart, mut take: impl FnMut(&str, &str)) {
    let mut all = start.html_attributes();
    for attribute in all.with_checks(false).map_while(std::result::Result::ok) {
        let key = attribute.key.local_name();
        if attribute.value.contains('&') {
            take(key.as_ref(), &resolve(&attribute.value));
        } else {
            take(key.as_ref(), &attribute.value);
        }
    }
}
