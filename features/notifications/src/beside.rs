//! What goes along with a letter: the address of the buyer's page, and the papers of the order.

use takt_kernel::Result;
use takt_orders::{
    Order, Terms,
    buyer::{BUYER_DOCUMENT, BUYER_PAGE, BuyerContext, Medium},
};
use takt_staff::companies;
use takt_store::Query;
use takt_ui::Words;

use crate::compose::TEXTS;

/// The whole address of the buyer's page; a path alone leads nowhere from a letter.
pub(crate) fn page_of(db: &mut dyn Query, order: &Order) -> Result<String> {
    let slots = db.slots();
    let page = match slots.of(&BUYER_PAGE).next() {
        Some(page_of) => page_of(db, order)?,
        None => None,
    };
    Ok(page.filter(|page| !page.starts_with('/')).unwrap_or_default())
}

/// The papers that go with a letter about this order, as far as there are any: its invoice while it is owed.
pub(crate) fn papers(db: &mut dyn Query, order: &Order) -> Result<String> {
    let slots = db.slots();
    let mut papers = String::new();
    if !order.owed().is_positive() || !order.stage.is_in_work() || matches!(order.terms, Terms::OnDelivery) {
        return Ok(papers);
    }
    let zone = companies::get(db, order.company)?.zone;
    let words = Words::new(TEXTS.clone(), order.lang, zone);
    let lines = takt_orders::lines(db, order.company, order.id)?;
    let context = BuyerContext { order, lines: &lines, words: &words, page: "" };
    for document in slots.of(&BUYER_DOCUMENT) {
        if let Some(paper) = (document.render)(db, &context, Medium::Letter)? {
            papers.push_str(&paper.into_string());
        }
    }
    Ok(papers)
}
