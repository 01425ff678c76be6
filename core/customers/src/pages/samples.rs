//! The pages on made-up customers: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{CompanyId, Timestamp};
use takt_ui::{FormErrors, Sample, Words};

use super::{
    card::{self, CardForm, CardView},
    duplicates::{self, DuplicatesView},
    list::{self, ListView},
};
use crate::{Customer, CustomerId, Evidence, Identity, IdentityKind, Listed, Page, Pair};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "customers/list", render: some },
    Sample { name: "customers/list-empty", render: nobody },
    Sample { name: "customers/list-nothing-found", render: not_found },
    Sample { name: "customers/card", render: whole_card },
    Sample { name: "customers/duplicates", render: duplicates_page },
    Sample { name: "customers/card-refused", render: refused },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const COMPANY: CompanyId = CompanyId::new(1);

fn listed(id: i64, name: &str, phone: Option<&str>, email: Option<&str>) -> Listed {
    Listed {
        company: COMPANY,
        id: CustomerId::new(id),
        name: name.to_owned(),
        phone: phone.map(str::to_owned),
        email: email.map(str::to_owned),
        merged: id == 4,
        created_at: NOW.plus_seconds(-id * 5_000),
    }
}

fn view(items: Vec<Listed>, q: &str, next: Option<String>) -> ListView {
    let companies = BTreeMap::from([(COMPANY, "TEA".to_owned())]);
    ListView { page: Page { items, next_cursor: None }, q: q.to_owned(), next, companies, now: NOW }
}

fn duplicates_page(w: &Words) -> Markup {
    let pairs = vec![Pair {
        one: listed(1, "Anna Petrova", Some("+79123456789"), Some("anna@example.org")),
        other: listed(2, "", Some("+79123456788"), None),
        evidence: vec![Evidence::PhoneDigit, Evidence::OneOrder],
    }];
    duplicates::render(w, &DuplicatesView { pairs, may_edit: true })
}

fn some(w: &Words) -> Markup {
    let items = vec![
        listed(1, "Anna Petrova", Some("+79123456789"), Some("anna@example.org")),
        listed(2, "", Some("+74951234567;ext=12"), None),
        listed(3, "O'Neill <Ltd>", Some("12-34"), None),
        listed(4, "Nobody to reach", None, None),
    ];
    list::render(w, &view(items, "", Some("#".to_owned())))
}

fn nobody(w: &Words) -> Markup {
    list::render(w, &view(Vec::new(), "", None))
}

fn not_found(w: &Words) -> Markup {
    list::render(w, &view(Vec::new(), "8 912", None))
}

fn a_card(w: &Words, errors: FormErrors) -> Markup {
    let identity = |kind, value: &str| Identity { kind, value: value.to_owned(), original: value.to_owned() };
    let customer = Customer {
        company: COMPANY,
        id: CustomerId::new(1),
        name: "Anna Petrova".to_owned(),
        phone: Some("+79123456789".to_owned()),
        email: Some("anna@example.org".to_owned()),
        note: "Calls back after six.\nSpeaks English.".to_owned(),
        identities: vec![
            identity(IdentityKind::Phone, "+79123456789"),
            identity(IdentityKind::Email, "anna@example.org"),
        ],
        merged_into: None,
        all: vec![CustomerId::new(1)],
        version: 3,
        created_at: NOW.plus_seconds(-500_000),
        updated_at: NOW,
        erased_at: None,
    };
    card::render(
        w,
        &CardView {
            form: CardForm::of(&customer),
            customer,
            suggestions: vec![listed(2, "A. Petrova", None, Some("anna@example.org"))],
            merged_into: None,
            panels: vec![("42".to_owned(), html! { p { "42" } })],
            may_edit: true,
            may_erase: true,
            errors,
            now: NOW,
        },
    )
}

fn whole_card(w: &Words) -> Markup {
    a_card(w, FormErrors::none())
}

fn refused(w: &Words) -> Markup {
    let fault = takt_kernel::Fault::field("phone", "customers.phone_unreadable");
    a_card(w, FormErrors::from_fault(w, &fault))
}
