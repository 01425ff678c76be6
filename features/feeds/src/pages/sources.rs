//! /settings/feeds/sources: whose word counts for the price and the stock of each shop's goods, and who owns the rest.

use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result};
use takt_staff::shops::Shop;
use takt_ui::{Icon, Words, button, card, crumbs, empty, field, form, pairs};

use super::{HREF, list::View};
use crate::{
    feed::{Feed, FeedId},
    sources::Sources,
};

pub(super) const PATH: &str = "/settings/feeds/sources";

/// What a select says: a feed, or nothing for our own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    pub price: String,
    pub stock: String,
}

impl Chosen {
    pub(super) fn read(&self) -> Result<Sources> {
        let one = |path: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => match text.parse::<FeedId>() {
                Ok(id) => Ok(Some(id)),
                Err(_) => Err(Fault::field(path, "feeds.missing")),
            },
        };
        Ok(Sources { price: one("price", &self.price)?, stock: one("stock", &self.stock)? })
    }
}

pub(super) fn render(w: &Words, href: &dyn Fn(&str) -> String, view: &View) -> Markup {
    let free: Vec<&Shop> =
        view.shops.iter().filter(|shop| view.feeds.iter().all(|feed| feed.shop != shop.id)).collect();
    html! {
        (crumbs(&[(&w.t("feeds-title"), Some(&href(HREF))), (&w.t("feeds-sources"), None)]))
        p.muted { (w.t("feeds-sources-text")) }
        @if view.shops.is_empty() {
            (empty(Icon::Package, w.t("feeds-none"), w.t("feeds-no-shops"), None))
        }
        @for feed in &view.feeds { (one(w, href, view, feed)) }
        @if !free.is_empty() {
            (card(w.t("feeds-sources-without")).body(html! {
                p { (free.iter().map(|shop| shop.name.as_str()).collect::<Vec<_>>().join(", ")) }
                p.muted.small-text { (w.t("feeds-sources-without-text")) }
            }))
        }
        (card(w.t("feeds-owners")).body(owners(w)))
    }
}

fn one(w: &Words, href: &dyn Fn(&str) -> String, view: &View, feed: &Feed) -> Markup {
    let (price, stock) = (feed.sources.price, feed.sources.stock);
    if !view.may_manage {
        let rows = vec![
            (w.t("feeds-sources-price"), html! { (name(w, view, price, "feeds-source-card")) }),
            (w.t("feeds-sources-stock"), html! { (name(w, view, stock, "feeds-source-own")) }),
        ];
        return card(shop_of(view, feed)).body(pairs(rows)).render();
    }
    let choices = |own: &str| {
        let none = (String::new(), w.t(own));
        let feeds = view.feeds.iter().map(|known| (known.id.to_string(), name(w, view, Some(known.id), own)));
        std::iter::once(none).chain(feeds).collect::<Vec<_>>()
    };
    let value = |chosen: Option<FeedId>| chosen.map(|id| id.to_string()).unwrap_or_default();
    let fields = html! {
        (field(w.t("feeds-sources-price"), "price").select(choices("feeds-source-card")).value(value(price)).half())
        (field(w.t("feeds-sources-stock"), "stock").select(choices("feeds-source-own")).value(value(stock)).half())
    };
    let form = form(w, href(&format!("{HREF}/{}/sources", feed.id)))
        .body(fields)
        .actions(button(w.t("feeds-save")).render());
    card(shop_of(view, feed)).body(form.render()).render()
}

fn shop_of(view: &View, feed: &Feed) -> String {
    let shop = view.shops.iter().find(|shop| shop.id == feed.shop);
    shop.map_or_else(|| feed.host(), |shop| shop.name.clone())
}

pub(super) fn name(w: &Words, view: &View, source: Option<FeedId>, own: &str) -> String {
    let feed = view.feeds.iter().find(|feed| Some(feed.id) == source);
    match feed {
        Some(feed) => w.ta("feeds-source-feed", &[("shop", shop_of(view, feed).into())]),
        None => w.t(own),
    }
}

/// Who owns each field of an offer: what stands in the README as a table.
fn owners(w: &Words) -> Markup {
    const FIELDS: [(&str, &str); 6] = [
        ("feeds-field-name", "feeds-owner-feed"),
        ("feeds-field-details", "feeds-owner-told"),
        ("feeds-field-price", "feeds-owner-chosen"),
        ("feeds-field-stock", "feeds-owner-chosen-stock"),
        ("feeds-field-sold", "feeds-owner-brought"),
        ("feeds-field-order", "feeds-owner-order"),
    ];
    pairs(FIELDS.map(|(field, owner)| (w.t(field), html! { (w.t(owner)) })))
}
