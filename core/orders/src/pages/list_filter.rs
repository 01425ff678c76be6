//! The line above the list: the search, the usual choices, and behind a key every other field; what is in force
//! stands below as marks that are taken off one by one.

use maud::{Markup, html};
use takt_ui::{FilterBar, FilterMark, Icon, Words, field, link_button};

use super::{
    list::ListView,
    list_asked::given,
    list_columns::source_name,
    marks::{dashed, holder_name, method_name},
};
use crate::{Holder, Mark, PICKUP, Payment, Terms};

type Options = Vec<(String, String)>;

const SOURCES: [&str; 3] = ["api", "phone", "demo"];
pub(super) const METHODS: [&str; 4] = [PICKUP, "courier", "post", "point"];

pub(super) fn filter_bar<'a>(w: &'a Words, view: &ListView, behind: Markup) -> FilterBar<'a> {
    let asked = &view.asked;
    let mut bar = FilterBar::new(w, "/orders").search("q", &asked.q, w.t("orders-search"));
    if view.names.shops.len() > 1 {
        bar = bar.choice(w.t("orders-shop"), "shop", &asked.shop, shops(w, view));
    }
    bar = bar.choice(w.t("orders-status"), "status", &asked.status, statuses(w, view)).choice(
        w.t("orders-holder"),
        "holder",
        &asked.holder,
        holders(w),
    );
    let in_line = ["shop", "status", "holder", "q", "cursor"];
    let in_panel: Vec<&str> = asked.fields.pairs().iter().map(|(name, _)| *name).collect();
    for (name, value) in asked.pairs() {
        if !in_line.contains(&name) && !in_panel.contains(&name) {
            bar = bar.keep(name, value);
        }
    }
    let in_force = asked.fields.pairs().iter().filter(|(_, value)| given(value).is_some()).count();
    let new = link_button(w.t("orders-new"), "/orders/new").icon(Icon::Plus).key("n");
    // One thing is the first to be done.
    let new = if view.actions.is_empty() { new.primary() } else { new };
    bar.panel(w.t("orders-filters"), "f", in_force, panel(w, view))
        .marks(marks(w, view))
        .clear(asked.bare())
        .actions(html! {
            (super::list_sheet::buttons(&asked.with("cursor", "")))
            (behind)
            @for action in &view.actions { (action) }
            @if view.may_place { (new) }
        })
}

fn any(w: &Words, key: &str) -> Options {
    vec![(String::new(), w.t(key))]
}

fn shops(w: &Words, view: &ListView) -> Options {
    let mut all = any(w, "orders-any-shop");
    all.extend(view.names.shops.iter().map(|(id, name)| (id.to_string(), name.clone())));
    all
}

fn statuses(w: &Words, view: &ListView) -> Options {
    let mut seen = std::collections::BTreeMap::new();
    for status in view.names.statuses.values() {
        seen.entry((status.stage, status.place, status.code.clone()))
            .or_insert_with(|| status.name(w.lang()).to_owned());
    }
    let mut all = any(w, "orders-any-status");
    all.extend(seen.into_iter().map(|((.., code), name)| (code, name)));
    all
}

fn holders(w: &Words) -> Options {
    let mut all = any(w, "orders-any-holder");
    let kept = Holder::ALL.iter().filter(|holder| **holder != Holder::ClosedHours);
    all.extend(kept.map(|holder| (holder.code().to_owned(), holder_name(w, *holder))));
    all
}

fn coded<'c>(w: &Words, key: &str, codes: impl IntoIterator<Item = &'c str>) -> Options {
    let mut all = any(w, "orders-any");
    all.extend(codes.into_iter().map(|code| (code.to_owned(), w.t(&format!("{key}-{}", dashed(code))))));
    all
}

fn payments(w: &Words) -> Options {
    coded(w, "orders-payment", Payment::ALL.iter().map(|payment| payment.code()))
}

fn terms(w: &Words) -> Options {
    coded(w, "orders-kind-of-terms", Terms::CODES.iter().copied())
}

fn mark_options(w: &Words) -> Options {
    coded(w, "orders-mark", Mark::ALL.iter().map(|mark| mark.code()))
}

fn takers(w: &Words, view: &ListView) -> Options {
    let mut all = any(w, "orders-any");
    all.push(("me".to_owned(), w.t("orders-taken-me")));
    all.push(("nobody".to_owned(), w.t("orders-taken-nobody")));
    all.extend(view.colleagues.iter().map(|(id, name)| (id.to_string(), name.clone())));
    all
}

fn methods(w: &Words, view: &ListView) -> Options {
    let mut all = any(w, "orders-any");
    all.extend(METHODS.map(|code| (code.to_owned(), method_name(w, code))));
    keep_own(&mut all, &view.asked.fields.delivery);
    all
}

fn sources(w: &Words, view: &ListView) -> Options {
    let mut all = any(w, "orders-any");
    all.extend(SOURCES.map(|code| (code.to_owned(), source_name(w, code))));
    keep_own(&mut all, &view.asked.fields.source);
    all
}

/// What was asked for by its code stays chosen, though nobody here knows it.
fn keep_own(all: &mut Options, value: &str) {
    if !value.is_empty() && all.iter().all(|(code, _)| code != value) {
        all.push((value.to_owned(), value.to_owned()));
    }
}

fn panel(w: &Words, view: &ListView) -> Markup {
    let asked = &view.asked.fields;
    let text = |key: &str, name: &str, value: &str| field(w.t(key), name).value(value).autocomplete("off");
    let choice = |key: &str, name: &str, value: &str, options: Options| {
        field(w.t(key), name).value(value).select(options)
    };
    html! {
        (text("orders-city", "city", &asked.city))
        (text("orders-product-or-sku", "product", &asked.product))
        (text("orders-sum-from", "sum_from", &asked.sum_from).attribute("inputmode", "decimal"))
        (text("orders-sum-to", "sum_to", &asked.sum_to).attribute("inputmode", "decimal"))
        (field(w.t("orders-placed-from"), "placed_from").date().value(&asked.placed_from))
        (field(w.t("orders-placed-to"), "placed_to").date().value(&asked.placed_to))
        (field(w.t("orders-due-from"), "due_from").date().value(&asked.due_from))
        (field(w.t("orders-due-to"), "due_to").date().value(&asked.due_to))
        (choice("orders-payment", "payment", &asked.payment, payments(w)))
        (choice("orders-terms", "terms", &asked.terms, terms(w)))
        (choice("orders-taken-by", "taken", &asked.taken, takers(w, view)))
        (choice("orders-mark", "mark", &asked.mark, mark_options(w)))
        (choice("orders-delivery", "delivery", &asked.delivery, methods(w, view)))
        (choice("orders-source", "source", &asked.source, sources(w, view)))
    }
}

fn marks(w: &Words, view: &ListView) -> Vec<FilterMark> {
    let asked = &view.asked;
    let named = |options: Options, value: &str| {
        options.into_iter().find(|(code, _)| code == value).map_or_else(|| value.to_owned(), |(_, name)| name)
    };
    let milestone = |code: &str| {
        let key = format!("orders-milestone-{}", dashed(code));
        w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| code.to_owned())
    };
    let mut all: Vec<(&'static str, &str, String)> = vec![
        ("q", "orders-search-mark", asked.q.clone()),
        ("shop", "orders-shop", named(shops(w, view), &asked.shop)),
        ("status", "orders-status", named(statuses(w, view), &asked.status)),
        ("holder", "orders-holder", named(holders(w), &asked.holder)),
        ("milestone", "orders-milestone", milestone(&asked.milestone)),
    ];
    let fields = &asked.fields;
    all.extend([
        ("city", "orders-city", fields.city.clone()),
        ("product", "orders-product-or-sku", fields.product.clone()),
        ("sum_from", "orders-sum-from", fields.sum_from.clone()),
        ("sum_to", "orders-sum-to", fields.sum_to.clone()),
        ("placed_from", "orders-placed-from", fields.placed_from.clone()),
        ("placed_to", "orders-placed-to", fields.placed_to.clone()),
        ("due_from", "orders-due-from", fields.due_from.clone()),
        ("due_to", "orders-due-to", fields.due_to.clone()),
        ("payment", "orders-payment", named(payments(w), &fields.payment)),
        ("terms", "orders-terms", named(terms(w), &fields.terms)),
        ("taken", "orders-taken-by", named(takers(w, view), &fields.taken)),
        ("mark", "orders-mark", named(mark_options(w), &fields.mark)),
        ("delivery", "orders-delivery", named(methods(w, view), &fields.delivery)),
        ("source", "orders-source", named(sources(w, view), &fields.source)),
    ]);
    let pairs = asked.pairs();
    let in_force = |name: &str| pairs.iter().any(|(known, _)| *known == name);
    all.into_iter()
        .filter(|(name, ..)| in_force(name))
        .map(|(name, key, value)| FilterMark {
            label: w.ta("orders-condition", &[("field", w.t(key).into()), ("value", value.into())]),
            href: asked.with(name, ""),
        })
        .collect()
}
