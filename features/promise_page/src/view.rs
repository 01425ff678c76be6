//! Everything the page shows, read at once.

use std::sync::Arc;

use maud::Markup;
use takt_kernel::{Result, Timestamp};
use takt_orders::{
    Line, Order,
    buyer::{BUYER_DOCUMENT, BUYER_PANEL, BuyerContext, Medium},
    clock::{Calendars, Promises},
    facts::SUBJECT,
};
use takt_staff::{companies, shops};
use takt_store::{Query, facts};
use takt_ui::{Lang, Texts, Words};

use crate::{
    link::PageLink,
    policy::Policy,
    way::{self, Way},
};

pub(crate) struct View {
    pub words: Words,
    pub order: Order,
    pub lines: Vec<Line>,
    pub shop: String,
    pub path: String,
    pub way: Way,
    pub policy: Policy,
    /// Title and body, in their order.
    pub panels: Vec<(String, Markup)>,
    pub now: Timestamp,
}

impl View {
    /// # Errors
    /// `promise_page.link_missing`.
    pub(crate) fn of(
        db: &mut dyn Query,
        texts: Arc<Texts>,
        chosen: Option<Lang>,
        token: &str,
    ) -> Result<Self> {
        let link = PageLink::open(db, token)?;
        let words = words_of(db, texts, chosen, &link.order)?;
        let path = link.path();
        let order = link.order;
        let lines = takt_orders::lines(db, order.company, order.id)?;
        let shop = shops::get(db, order.company, order.shop)?.name;
        let told = facts::last_of_kinds(db, order.company, SUBJECT, order.id.get(), &way::TOLD)?;
        let promises = Promises::of(db, order.company)?;
        let calendars = Calendars::of(db, order.company, &promises)?;
        let now = db.now();
        let way = Way::of(&order, &told, &promises, &calendars, now);
        let context = BuyerContext { order: &order, lines: &lines, words: &words, page: &path };
        let slots = db.slots();
        let policy = Policy::of(db, order.company)?;
        let mut parts: Vec<_> =
            slots.of(&BUYER_PANEL).filter(|part| policy.shows(part.title_key)).copied().collect();
        parts.sort_by_key(|part| part.place);
        let mut panels = Vec::new();
        for part in parts {
            let body = (part.render)(db, &context)?;
            if !body.0.is_empty() {
                panels.push((words.t(part.title_key), body));
            }
        }
        Ok(Self { words, order, lines, shop, path, way, policy, panels, now })
    }
}

/// A paper of the order behind a link: its title and itself.
///
/// # Errors
/// `promise_page.link_missing`; `promise_page.document_missing`.
pub(crate) fn document(
    db: &mut dyn Query,
    texts: Arc<Texts>,
    chosen: Option<Lang>,
    token: &str,
    name: &str,
) -> Result<(Words, String, String, Markup)> {
    let link = PageLink::open(db, token)?;
    let words = words_of(db, texts, chosen, &link.order)?;
    let path = link.path();
    let lines = takt_orders::lines(db, link.order.company, link.order.id)?;
    let context = BuyerContext { order: &link.order, lines: &lines, words: &words, page: &path };
    let missing = || takt_kernel::Fault::missing("promise_page.document_missing");
    let slots = db.slots();
    let document = slots.of(&BUYER_DOCUMENT).find(|document| document.name == name).ok_or_else(missing)?;
    let paper = (document.render)(db, &context, Medium::Page)?.ok_or_else(missing)?;
    let title = words.t(document.title_key);
    Ok((words, title, path, paper))
}

/// The language that the buyer chose here, else the order's own; the clock on the company's wall.
fn words_of(db: &mut dyn Query, texts: Arc<Texts>, chosen: Option<Lang>, order: &Order) -> Result<Words> {
    let zone = companies::get(db, order.company)?.zone;
    Ok(Words::new(texts, chosen.unwrap_or(order.lang), zone))
}
