//! Made-up files for `/_samples` and for the test that renders every page in every language.

use maud::Markup;
use takt_kernel::{CompanyId, Fault, PersonId, Timestamp};
use takt_ui::{FormErrors, Sample, Words};

use super::{
    list::{self, ListView},
    parts,
    show::ShowView,
};
use crate::{
    columns::Field,
    import::{Counts, Import, ImportId, State},
    kinds::{Cleaned, Kind},
    rows::{ImportRow, Notes, RowState, Why},
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "imports/list", render: list_page },
    Sample { name: "imports/mapping", render: mapping_page },
    Sample { name: "imports/looked", render: looked_page },
    Sample { name: "imports/stopped", render: stopped_page },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);

fn href(path: &str) -> String {
    path.to_owned()
}

fn import(w: &Words, state: State) -> Import {
    Import {
        company: CompanyId::new(1),
        id: ImportId::new(7),
        kind: Kind::Customers,
        shop: None,
        file_name: "customers.xlsx".to_owned(),
        shape: String::new(),
        columns: vec![w.t("imports-field-name"), w.t("imports-field-phone"), String::new()],
        mapping: vec![Some(Field::Name), Some(Field::Phone), None],
        state,
        person: PersonId::new(1),
        rows: 128,
        done: 60,
        counts: Counts { new: 100, changed: 12, same: 14, refused: 2 },
        created_at: NOW.plus_seconds(-600),
    }
}

fn row(w: &Words, n: i64, state: RowState) -> ImportRow {
    let fault = crate::clean::unreadable("phone", "imports.phone_unreadable", "12345");
    let fault: Fault = fault;
    ImportRow {
        n,
        cells: vec![w.t("sample-person"), "12345".to_owned(), "7".to_owned()],
        state,
        notes: Notes {
            why: (state == RowState::Refused).then(|| Why::from(&fault)),
            cleaned: vec![Cleaned {
                field: Field::Phone,
                from: "8 (912) 345-67-89".to_owned(),
                to: "+79123456789".to_owned(),
            }],
        },
    }
}

fn list_page(w: &Words) -> Markup {
    let imports = State::ALL.map(|state| import(w, state)).into();
    let view = ListView { imports, shops: Vec::new(), now: NOW };
    list::render(w, &href, &view, &FormErrors::none())
}

fn page(w: &Words, state: State) -> Markup {
    let view = ShowView {
        import: import(w, state),
        state: RowState::Refused,
        rows: vec![row(w, 1, RowState::Refused), row(w, 2, RowState::New)],
        examples: vec![row(w, 1, RowState::Waiting), row(w, 2, RowState::Waiting)],
        next: Some(50),
    };
    parts::render(w, &href, &view, None, &FormErrors::none())
}

fn mapping_page(w: &Words) -> Markup {
    page(w, State::Mapping)
}

fn looked_page(w: &Words) -> Markup {
    page(w, State::Looked)
}

fn stopped_page(w: &Words) -> Markup {
    page(w, State::Stopped)
}
