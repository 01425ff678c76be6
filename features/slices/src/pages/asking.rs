//! How the report is asked: the choices, free dates, questions kept under a name, and having it counted.

use maud::{Markup, html};
use takt_ui::{FilterBar, FilterMark, Words, button, details, field, form, post_button};

use super::{
    REPORT,
    asked::{Asked, BASES, Measure, PERIODS},
    report::View,
};
use crate::{
    dimension::{Basis, Dimension},
    period::Days,
};

pub(super) fn dimension_name(w: &Words, dimension: Dimension) -> String {
    w.t(&format!("slices-by-{}", dimension.code()))
}

pub(super) fn anew(w: &Words) -> Markup {
    details(
        w.t("slices-anew"),
        false,
        html! {
            p.muted { (w.t("slices-anew-text")) }
            (post_button("/reports/slices/anew", &[], button(w.t("slices-anew-begin"))))
        },
    )
}

pub(super) fn ask(w: &Words, view: &View, key: &str) -> Markup {
    let query = view.asked.query();
    let fields: Vec<(String, String)> = serde_html_form::from_str(&query).unwrap_or_default();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    post_button("/reports/slices/count", &fields, button(w.t(key)).primary())
}

/// The choices, the free dates and the filters in force.
pub(super) fn question(w: &Words, view: &View) -> Markup {
    let asked = &view.asked;
    let any = |key: &str| std::iter::once((String::new(), w.t(key)));
    let dimensions = || Dimension::ALL.iter().map(|one| (one.code().to_owned(), dimension_name(w, *one)));
    let bases =
        Basis::ALL.iter().map(|one| (one.code().to_owned(), w.t(&format!("slices-of-{}", one.code()))));
    let periods = PERIODS.iter().map(|one| ((*one).to_owned(), w.t(&format!("slices-period-{one}"))));
    let compared = BASES.iter().map(|one| ((*one).to_owned(), w.t(&format!("slices-base-{one}"))));
    let measures = Measure::ALL
        .iter()
        .map(|one| (one.code().to_owned(), w.t(&format!("slices-measure-{}", one.code()))));
    let question = &view.wanted.question;
    let period = if asked.from.is_empty() && asked.period.is_empty() { "month" } else { &asked.period };
    let own = std::iter::once((String::new(), w.t("slices-period-own"))).filter(|_| !asked.from.is_empty());
    let mut bar = FilterBar::new(w, REPORT)
        .choice(w.t("slices-rows"), "by", question.by.code(), dimensions())
        .choice(
            w.t("slices-across"),
            "cross",
            question.cross.map_or("", Dimension::code),
            any("slices-across-none").chain(dimensions()),
        )
        .choice(w.t("slices-measure"), "show", view.wanted.measure.code(), measures)
        .choice(w.t("slices-of"), "of", question.basis.code(), bases)
        .choice(w.t("slices-period"), "period", period, own.chain(periods))
        .choice(w.t("slices-base"), "base", &asked.base, any("slices-base-none").chain(compared));
    if view.names.shops.len() > 1 {
        let shops = view.names.shops.iter().map(|(id, name)| (id.clone(), name.clone()));
        bar = bar.choice(w.t("slices-by-shop"), "shop", &asked.shop, any("slices-any-shop").chain(shops));
    }
    let listed =
        ["by", "cross", "show", "of", "period", "base", "shop", "from", "to", "base_from", "base_to"];
    for (name, value) in
        serde_html_form::from_str::<Vec<(String, String)>>(&asked.query()).unwrap_or_default()
    {
        if !listed.contains(&name.as_str()) || name == "shop" && view.names.shops.len() < 2 {
            bar = bar.keep(&name, value);
        }
    }
    let marks = question.filters.iter().map(|(dimension, value)| FilterMark {
        label: format!("{}: {}", dimension_name(w, *dimension), view.names.value(w, *dimension, value)),
        href: format!("{REPORT}?{}", asked.without(*dimension).query()),
    });
    let marks: Vec<FilterMark> = marks.collect();
    html! {
        (bar.marks(marks))
        (details(w.t("slices-dates"), !asked.from.is_empty() || !asked.base_from.is_empty(), dates(w, view)))
    }
}

fn dates(w: &Words, view: &View) -> Markup {
    let asked = &view.asked;
    let rest = Asked {
        from: String::new(),
        to: String::new(),
        period: String::new(),
        base_from: String::new(),
        base_to: String::new(),
        ..asked.clone()
    };
    let kept: Vec<(String, String)> = serde_html_form::from_str(&rest.query()).unwrap_or_default();
    let Days { from, to } = view.wanted.question.days;
    let base = view.wanted.base;
    let body = html! {
        @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
        (field(w.t("slices-from"), "from").date().value(from.to_string()).short())
        (field(w.t("slices-to"), "to").date().value(to.to_string()).short())
        (field(w.t("slices-base-from"), "base_from").date().value(base.map(|base| base.from.to_string()).unwrap_or_default()).short())
        (field(w.t("slices-base-to"), "base_to").date().value(base.map(|base| base.to.to_string()).unwrap_or_default()).short())
    };
    html! { (form(w, REPORT).get().body(body).actions(html! { (button(w.t("slices-show")).primary()) })) }
}

pub(super) fn saved(w: &Words, view: &View) -> Markup {
    let here = view.asked.query();
    let name = field(w.t("slices-save-name"), "name").required().short();
    let fields = html! {
        input type="hidden" name="question" value=(here);
        (name)
        (field(w.t("slices-save-shared"), "shared").checkbox(false))
    };
    html! {
        @if !view.saved.is_empty() {
            nav aria-label=(w.t("slices-saved")) {
                ul.legend {
                    @for one in &view.saved {
                        li {
                            a href={ (REPORT) "?" (one.question) } aria-current=[(one.question == here).then_some("page")] { (one.name) }
                            @if one.shared { " " span.muted.small-text { (w.t("slices-shared")) } }
                        }
                    }
                }
            }
        }
        (details(w.t("slices-save"), false, html! {
            (form(w, "/reports/slices/saved").body(fields).actions(html! { (button(w.t("slices-save-it"))) }))
            @for one in &view.saved {
                p { (one.name) " " (post_button(&format!("/reports/slices/saved/{}/forget", one.id), &[], button(w.t("slices-forget")).small().quiet())) }
            }
        }))
    }
}
