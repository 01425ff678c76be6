//! Forms: empty, filled, refused.

use maud::{Markup, html};

use super::Sample;
use crate::{FormErrors, Words, button, field, form, link_button};

pub(super) const SAMPLES: &[Sample] = &[
    Sample { name: "parts/form", render: |w| whole(w, &FormErrors::none()) },
    Sample { name: "parts/form-refused", render: refused },
    Sample { name: "parts/form-denied", render: denied },
];

fn refused(w: &Words) -> Markup {
    let errors =
        FormErrors::none().and("phone", w.t("sample-wrong-phone")).and("sum", w.t("sample-wrong-sum"));
    whole(w, &errors)
}

fn denied(w: &Words) -> Markup {
    let errors = FormErrors::from_fault(w, &takt_kernel::Fault::denied("sample.nobody_has_a_text_for_this"));
    html! {
        (form(w, "#").errors(&errors).body(html! { (field(w.t("sample-field-name"), "name")) })
            .actions(html! { (button(w.t("sample-save")).primary()) }))
    }
}

fn whole(w: &Words, errors: &FormErrors) -> Markup {
    let shops = ["sample-shop", "sample-shop-two"].map(|key| (key.to_owned(), w.t(key)));
    let body = html! {
        (field(w.t("sample-field-name"), "name").value(w.t("sample-person")).required().errors(errors))
        (field(w.t("sample-phone"), "phone").phone().half().value("8 (912) 345").hint(w.t("sample-phone-hint")).errors(errors))
        (field(w.t("sample-field-email"), "email").email().half().mark(w.t("ui-optional")).errors(errors))
        (field(w.t("sample-column-shop"), "shop").half().select(shops.clone()).value("sample-shop-two"))
        (field(w.t("sample-column-total"), "sum").decimal().half().value("abc").errors(errors))
        (field(w.t("sample-field-date"), "date").date().half().value("2026-11-22"))
        (field(w.t("sample-field-file"), "file").file(".txt,.xml").half())
        (field(w.t("sample-field-terms"), "terms").radios(shops).value("sample-shop"))
        (field(w.t("sample-field-comment"), "comment").textarea(3).placeholder(w.t("sample-comment")))
        (field(w.t("sample-field-agree"), "agree").checkbox(true).hint(w.t("sample-phone-hint")))
        (field(w.t("sample-reference"), "reference").value("K1042-77").disabled(true))
    };
    html! {
        (form(w, "#").errors(errors).body(body).actions(html! {
            (button(w.t("sample-save")).primary())
            (link_button(w.t("sample-back"), "#").quiet())
        }))
    }
}
