//! What a shop notes about its customers and its corporate customers.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_customers::{
    CustomerId, EditCustomers, SeeCustomers,
    pages::{CardPanel, PanelContext},
};
use takt_kernel::{Id, Result as Kept, Timestamp, fold};
use takt_store::{Query, Row, Statement, Tx, params, sql};

use crate::{
    corporate::{
        parts::person,
        rows::{self, CorporateId},
        written::{external_ids, put_text},
    },
    customers,
    model::order::CustomerRef,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{self, List, Text, filled},
        page::Paging,
        refusal::Refusal,
        time,
    },
};

enum NoteTag {}
type NoteId = Id<NoteTag>;

const USUAL: i64 = 20;
const LONGEST: usize = 4_000;
const MOST_NAMED: usize = 250;
const SHOWN_ON_CARD: i64 = 50;

/// About whom: customers, or corporate customers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Customer,
    Corporate,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Corporate => "corporate",
        }
    }
    fn type_code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Corporate => "customer_corporate",
        }
    }

    /// The one whom a note is about.
    fn subject(self, db: &mut dyn Query, call: &Call, named: &CustomerRef) -> Result<i64, Refusal> {
        if self == Self::Customer {
            return Ok(person(db, call, named, "note.customer")?.get());
        }
        let missing = |by: &str, value: &str| {
            Refusal::bad("Errors in the entity format")
                .field(format!("note.customer.{by}"), format!("Customer with {by}={value} not found."))
                .kept()
        };
        let (id, by, value): (Option<CorporateId>, _, _) = match filled(named.id.as_ref()) {
            Some(id) => (id.parse().ok(), "id", id),
            None => {
                let external_id = filled(named.external_id.as_ref()).unwrap_or_default();
                (rows::by_external_id(db, call, external_id)?, "externalId", external_id)
            }
        };
        let id = id.ok_or_else(|| missing(by, value))?;
        Ok(rows::corporate(db, call, id)?.ok_or_else(|| missing(by, value))?.id.get())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    ids: List<Text>,
    customer_ids: List<Text>,
    customer_external_ids: List<Text>,
    manager_ids: List<Text>,
    text: Option<Text>,
    created_at_from: Option<Text>,
    created_at_to: Option<Text>,
}

struct Note {
    id: NoteId,
    subject: i64,
    manager: Option<i64>,
    words: String,
    created_at: Timestamp,
}

fn read(row: &Row) -> Kept<Note> {
    Ok(Note {
        id: row.get("id")?,
        subject: row.get("subject_id")?,
        manager: row.get("manager_id")?,
        words: row.get("words")?,
        created_at: row.get("created_at")?,
    })
}

/// GET customers/notes.
pub(crate) fn of_customers(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    list(db, call, Kind::Customer)
}

/// GET customers-corporate/notes.
pub(crate) fn of_corporates(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    list(db, call, Kind::Corporate)
}

fn list(db: &mut dyn Query, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit.clone(), page: asked.page.clone() }.page(USUAL)?;
    let wanted = Wanted::of(db, call, kind, &asked.filter)?;
    let found = wanted
        .narrow(call, kind, "select id, subject_id, manager_id, words, created_at\nfrom retailcrm_note")
        .push("\norder by id\nlimit :limit offset :skip")
        .bind("limit", page.limit)
        .bind("skip", page.skipped());
    let notes = db.all_of(&found)?.iter().map(read).collect::<Kept<Vec<_>>>()?;
    let count = wanted.narrow(call, kind, "select count(*) as notes\nfrom retailcrm_note");
    let total = match db.opt_of(&count)? {
        Some(row) => row.get("notes")?,
        None => 0,
    };
    let bodies = written(db, call, kind, &notes)?;
    Ok(Answer::ok().with("pagination", page.answer(total)).with("notes", bodies))
}

#[derive(Default)]
struct Wanted {
    ids: Option<String>,
    subjects: Option<String>,
    managers: Option<String>,
    words: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Wanted {
    fn of(db: &mut dyn Query, call: &Call, kind: Kind, filter: &Filter) -> Result<Self, Refusal> {
        let numbers = |path: &str, list: &List<Text>| {
            list.0
                .iter()
                .take(MOST_NAMED)
                .map(|id| id.as_str().trim().parse::<i64>())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| Refusal::parameter(path, "This value is not valid."))
        };
        let listed = |ids: Vec<i64>| Some(Value::from(ids).to_string());
        let mut wanted = Self::default();
        if !filter.ids.is_empty() {
            wanted.ids = listed(numbers("filter.ids", &filter.ids)?);
        }
        if !filter.manager_ids.is_empty() {
            wanted.managers = listed(numbers("filter.managerIds", &filter.manager_ids)?);
        }
        if !filter.customer_ids.is_empty() || !filter.customer_external_ids.is_empty() {
            let mut subjects = numbers("filter.customerIds", &filter.customer_ids)?;
            let external_ids = filter.customer_external_ids.0.iter().filter_map(Text::filled);
            for external_id in external_ids.take(MOST_NAMED) {
                let known = match kind {
                    Kind::Customer => customers::by_external_id(db, call, external_id)?.map(Id::get),
                    Kind::Corporate => rows::by_external_id(db, call, external_id)?.map(Id::get),
                };
                subjects.extend(known);
            }
            wanted.subjects = listed(subjects);
        }
        wanted.words = filled(filter.text.as_ref()).map(fold);
        let date = |text: &Option<Text>, end: &str| {
            let text = filled(text.as_ref())?;
            let whole =
                if text.len() == "2026-11-21".len() { format!("{text}{end}") } else { text.to_owned() };
            time::read(&whole, &call.site.zone)
        };
        wanted.from = date(&filter.created_at_from, "");
        wanted.to = date(&filter.created_at_to, " 23:59:59").map(time::to_its_end);
        Ok(wanted)
    }

    fn narrow(&self, call: &Call, kind: Kind, select: &'static str) -> Statement {
        const IN: [&str; 3] = [
            "\nand id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})",
            "\nand subject_id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:subjects as text) as json))|sqlite:json_each(:subjects)})",
            "\nand manager_id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:managers as text) as json))|sqlite:json_each(:managers)})",
        ];
        Statement::new(select)
            .push("\nwhere company_id = :company_id and shop_id = :shop_id and kind = :kind")
            .bind("company_id", call.company())
            .bind("shop_id", call.shop())
            .bind("kind", kind.code())
            .and_if(self.ids.clone(), IN[0], "ids")
            .and_if(self.subjects.clone(), IN[1], "subjects")
            .and_if(self.managers.clone(), IN[2], "managers")
            .and_if(self.words.clone(), "\nand {pg:strpos|sqlite:instr}(words_s, :words) > 0", "words")
            .and_if(self.from, "\nand created_at >= :from_at", "from_at")
            .and_if(self.to, "\nand created_at <= :to_at", "to_at")
    }
}

fn written(db: &mut dyn Query, call: &Call, kind: Kind, notes: &[Note]) -> Kept<Vec<Value>> {
    let subjects: Vec<i64> = notes.iter().map(|note| note.subject).collect();
    let names: Vec<(i64, String)> = match kind {
        Kind::Customer => {
            let ids: Vec<CustomerId> = subjects.iter().map(|id| CustomerId::new(*id)).collect();
            external_ids(db, call, &ids)?.into_iter().map(|(id, name)| (id.get(), name)).collect()
        }
        Kind::Corporate => {
            let ids: Vec<CorporateId> = subjects.iter().map(|id| CorporateId::new(*id)).collect();
            let known = rows::corporates(db, call, &ids)?;
            known.into_iter().filter_map(|one| Some((one.id.get(), one.external_id?))).collect()
        }
    };
    Ok(notes
        .iter()
        .map(|note| {
            let name = names.iter().find(|(id, _)| *id == note.subject).map(|(_, name)| name.as_str());
            let mut customer = Map::new();
            customer.insert("site".to_owned(), json!(call.site.code));
            customer.insert("id".to_owned(), json!(note.subject));
            put_text(&mut customer, "externalId", name);
            customer.insert("type".to_owned(), json!(kind.type_code()));
            let mut body = json!({
                "customer": customer, "id": note.id.get(), "text": note.words,
                "createdAt": time::written(note.created_at, &call.site.zone),
            });
            if let Some(manager) = note.manager {
                body["managerId"] = json!(manager);
            }
            body
        })
        .collect())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NoteIn {
    text: Option<Text>,
    manager_id: Option<Text>,
    customer: Option<CustomerRef>,
}

/// POST customers/notes/create.
pub(crate) fn create_of_customer(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    create(tx, call, Kind::Customer)
}

/// POST customers-corporate/notes/create.
pub(crate) fn create_of_corporate(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    create(tx, call, Kind::Corporate)
}

fn create(tx: &mut Tx<'_>, call: &Call, kind: Kind) -> Result<Done, Refusal> {
    let said: NoteIn = call.fields.json("note")?;
    call.permit::<EditCustomers>()?;
    call.expect_asked_site()?;
    let refused =
        |field: &str, reason: &str| Refusal::bad("Errors in the entity format").field(field, reason).kept();
    let words =
        filled(said.text.as_ref()).ok_or_else(|| refused("note.text", "This value should not be blank."))?;
    if words.chars().count() > LONGEST {
        return Err(refused("note.text", "This value is too long."));
    }
    let named =
        said.customer.as_ref().ok_or_else(|| refused("note.customer", "This value should not be blank."))?;
    let subject = kind.subject(tx, call, named)?;
    let id: NoteId = tx.new_id();
    let now = tx.now();
    let manager = filled(said.manager_id.as_ref()).and_then(|id| id.parse::<i64>().ok());
    tx.put(
        sql!(
            "insert into retailcrm_note (company_id, id, shop_id, kind, subject_id, manager_id, words, words_s, created_at)
             values (:company_id, :id, :shop_id, :kind, :subject_id, :manager_id, :words, :words_s, :now)"
        ),
        params![
            company_id: call.company(), id: id, shop_id: call.shop(), kind: kind.code(), subject_id: subject,
            manager_id: manager, words: words, words_s: fold(words), now: now,
        ],
    )?;
    Ok(Done::from(Answer::created().with("id", id.get())).about(format!("note on {} {subject}", kind.code())))
}

/// POST customers/notes/{id}/delete.
pub(crate) fn delete_of_customer(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    delete(tx, call, Kind::Customer)
}

/// POST customers-corporate/notes/{id}/delete.
pub(crate) fn delete_of_corporate(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    delete(tx, call, Kind::Corporate)
}

fn delete(tx: &mut Tx<'_>, call: &Call, kind: Kind) -> Result<Done, Refusal> {
    call.permit::<EditCustomers>()?;
    let id: NoteId = call.segment(2).parse().map_err(|_| Refusal::not_found())?;
    let gone = tx.execute(
        sql!(
            "delete from retailcrm_note
             where company_id = :company_id and id = :id and shop_id = :shop_id and kind = :kind"
        ),
        params![company_id: call.company(), id: id, shop_id: call.shop(), kind: kind.code()],
    )?;
    if gone == 0 {
        return Err(Refusal::not_found());
    }
    Ok(Done::from(Answer::ok()).about(format!("note {id}")))
}

/// On a customer's card: what shops noted.
pub(crate) const PANEL: CardPanel =
    CardPanel { title_key: "retailcrm-notes", place: 60, permission: "customers.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Kept<Markup> {
    let ids = Value::from(context.customer.all.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    let notes = db
        .all(
            sql!(
                "select id, subject_id, manager_id, words, created_at
                 from retailcrm_note
                 where company_id = :company_id and kind = 'customer' and subject_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
                 order by id desc
                 limit :limit"
            ),
            params![company_id: context.customer.company, ids: ids, limit: SHOWN_ON_CARD],
        )?
        .iter()
        .map(read)
        .collect::<Kept<Vec<_>>>()?;
    let now = db.now();
    Ok(html! {
        @for note in &notes {
            p { (note.words) " " span.muted.small-text { (context.words.when(note.created_at, now)) } }
        }
    })
}
