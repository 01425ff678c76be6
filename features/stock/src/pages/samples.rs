//! The pages on made-up stock: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::Markup;
use takt_catalog::{Offer, OfferId, ProductId};
use takt_kernel::{
    Actor, CompanyId, Fault, Timestamp,
    money::{Currency, Quantity, UnitPrice, VatRate},
};
use takt_ui::{FormErrors, Sample, Words};

use super::{
    form::Given,
    list::{self, ListView},
    offer::{self, PanelView},
    warehouses,
};
use crate::{Level, Movement, MovementKind, Page, Shortage, Warehouse, WarehouseId};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "stock/list", render: some },
    Sample { name: "stock/list-empty", render: nothing },
    Sample { name: "stock/list-refused", render: refused },
    Sample { name: "stock/offer-panel", render: panel },
    Sample { name: "stock/warehouses", render: houses },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const COMPANY: CompanyId = CompanyId::new(1);

fn sample_offer(id: i64, sku: &str, name: &str) -> Offer {
    Offer {
        company: COMPANY,
        id: OfferId::new(id),
        product: ProductId::new(1),
        sku: sku.to_owned(),
        name: name.to_owned(),
        unit: "pcs".to_owned(),
        price: UnitPrice::from_ten_thousandths(1_995_000),
        currency: Currency::RUB,
        vat: VatRate::Percent(2200),
        barcode: None,
        details: takt_catalog::Details::default(),
        archived: false,
        version: 1,
        updated_at: NOW,
    }
}

fn level(offer: i64, warehouse: i64, on_hand: i64, held: i64, shelf: Option<&str>) -> Level {
    Level {
        company: COMPANY,
        offer: OfferId::new(offer),
        warehouse: WarehouseId::new(warehouse),
        on_hand: Quantity::whole(on_hand),
        held: Quantity::whole(held),
        shelf: shelf.map(str::to_owned),
        counted_at: None,
        updated_at: NOW,
    }
}

fn warehouse(id: i64, name: &str, archived: bool) -> Warehouse {
    Warehouse { company: COMPANY, id: WarehouseId::new(id), name: name.to_owned(), place: id, archived }
}

fn view(items: Vec<Level>, shortages: Vec<Shortage>) -> ListView {
    let offers = [sample_offer(1, "TEA-100", "Assam <black>"), sample_offer(2, "CUP-7", "Cup, 200 ml")];
    ListView {
        q: String::new(),
        page: Page { items, next_cursor: None },
        shortages,
        offers: offers.into_iter().map(|offer| (offer.id, offer)).collect(),
        warehouses: vec![warehouse(1, "", false), warehouse(2, "Kazan", false)],
        companies: BTreeMap::from([(COMPANY, "Tea Ltd".to_owned())]),
        places: vec![("1.1".to_owned(), "Kazan".to_owned()), ("1.2".to_owned(), "Tver".to_owned())],
        form: Given::default(),
        errors: FormErrors::none(),
        next: Some("#".to_owned()),
        now: NOW,
    }
}

fn some(w: &Words) -> Markup {
    let short = Shortage {
        company: COMPANY,
        offer: OfferId::new(2),
        missing: Quantity::whole(4),
        orders: 2,
        since: NOW.plus_seconds(-7200),
    };
    let levels = vec![
        level(2, 1, 3, 3, Some("B-11-4")),
        level(1, 2, 2, 0, None),
        level(1, 1, 120, 18, Some("A-03-2")),
    ];
    list::render(w, &view(levels, vec![short]))
}

fn nothing(w: &Words) -> Markup {
    list::render(w, &view(Vec::new(), Vec::new()))
}

fn refused(w: &Words) -> Markup {
    let errors = FormErrors::from_fault(w, &Fault::field("sku", "stock.sku_unknown"));
    let form = Given { sku: "TEA-1OO".to_owned(), quantity: "12".to_owned(), ..Given::default() };
    list::render(w, &ListView { errors, form, ..view(Vec::new(), Vec::new()) })
}

fn panel(w: &Words) -> Markup {
    let movement = |kind, quantity| Movement {
        warehouse: WarehouseId::new(1),
        kind,
        quantity: Quantity::whole(quantity),
        order: None,
        note: None,
        actor: Actor::system("sample"),
        at: NOW.plus_seconds(-3600),
    };
    let movements = vec![
        movement(MovementKind::Issue, -2),
        movement(MovementKind::Return, 1),
        movement(MovementKind::Correction, -1),
        movement(MovementKind::Receipt, 124),
    ];
    offer::render(
        w,
        &PanelView {
            offer: OfferId::new(1),
            sku: "TEA-100".to_owned(),
            company: COMPANY,
            levels: vec![level(1, 1, 120, 18, Some("A-03-2")), level(1, 2, 2, 2, None)],
            warehouses: vec![warehouse(1, "", false), warehouse(2, "Kazan", false)],
            movements,
            may_move: true,
            now: NOW,
        },
    )
}

fn houses(w: &Words) -> Markup {
    let all = [warehouse(1, "", false), warehouse(2, "Kazan", false), warehouse(3, "Tver", true)];
    warehouses::render(w, &all, true, "", &FormErrors::none(), &str::to_owned)
}
