//! The pages on a made-up catalogue: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{
    CompanyId, Fault, Timestamp,
    money::{Currency, UnitPrice, VatRate},
};
use takt_ui::{FormErrors, Sample, Words};

use super::{
    card::{self, CardView, NewView},
    form::OfferForm,
    list::{self, ExtraColumn, ListView},
};
use crate::{Offer, OfferId, Page, ProductId};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "catalog/list", render: some },
    Sample { name: "catalog/list-empty", render: nothing },
    Sample { name: "catalog/card", render: whole_card },
    Sample { name: "catalog/new", render: new },
    Sample { name: "catalog/new-refused", render: refused },
];

fn offer(id: i64, sku: &str, name: &str, archived: bool) -> Offer {
    Offer {
        company: CompanyId::new(1),
        id: OfferId::new(id),
        product: ProductId::new(1),
        sku: sku.to_owned(),
        name: name.to_owned(),
        unit: "pcs".to_owned(),
        price: UnitPrice::from_ten_thousandths(1_995_000 * id),
        currency: Currency::RUB,
        vat: VatRate::Percent(2200),
        barcode: Some("4600000000001".to_owned()),
        details: crate::Details::default(),
        archived,
        version: 1,
        updated_at: Timestamp::from_micros(1_795_255_500_000_000),
    }
}

fn view(items: Vec<Offer>, q: &str) -> ListView {
    let on_hand = items.iter().map(|offer| (offer.id, html! { (offer.id.get() * 7) })).collect();
    ListView {
        page: Page { items, next_cursor: None },
        q: q.to_owned(),
        archived: false,
        next: Some("#".to_owned()),
        columns: vec![ExtraColumn { title: "42".to_owned(), numeric: true, cells: on_hand }],
        companies: BTreeMap::new(),
    }
}

fn some(w: &Words) -> Markup {
    let items = vec![
        offer(1, "TEA-100", "Black tea <Assam>", false),
        offer(2, "TEA-200", "Green tea", false),
        offer(3, "TEA-300", "Old tea", true),
    ];
    list::render(w, &view(items, ""))
}

fn nothing(w: &Words) -> Markup {
    list::render(w, &view(Vec::new(), "zzz"))
}

fn whole_card(w: &Words) -> Markup {
    let offer = offer(1, "TEA-100", "Black tea", false);
    card::render(
        w,
        &CardView {
            form: OfferForm::of(&offer),
            siblings: vec![self::offer(2, "TEA-200", "Green tea", false)],
            panels: vec![("42".to_owned(), html! { p { "42" } })],
            may_edit: true,
            errors: FormErrors::none(),
            offer,
        },
    )
}

fn new(w: &Words) -> Markup {
    card::render_new(
        w,
        &NewView {
            companies: vec![
                ("1".to_owned(), "Tea Ltd".to_owned()),
                ("2".to_owned(), "Coffee Ltd".to_owned()),
            ],
            form: OfferForm::default(),
            errors: FormErrors::none(),
        },
    )
}

fn refused(w: &Words) -> Markup {
    let errors = FormErrors::from_fault(w, &Fault::field("sku", "catalog.required"));
    card::render_new(w, &NewView { companies: Vec::new(), form: OfferForm::default(), errors })
}
