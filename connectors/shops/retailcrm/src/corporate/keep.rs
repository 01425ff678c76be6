//! What a shop says of its corporate customers.

use serde_json::{Map, Value, json};
use takt_customers::EditCustomers;
use takt_store::{Query, Tx};

use super::{
    find,
    parts::{Opened, overlay},
    rows::{self, Corporate, CorporateId},
};
use crate::{
    model::{
        corporate::{AddressIn, ContactIn, CorporateIn, FirmIn},
        typed,
    },
    orders::{
        create::{is_fatal, part},
        fix::Pair,
    },
    wire::{
        endpoint::{Answer, By, Call, Done},
        lenient::{List, Text, filled},
        refusal::Refusal,
    },
    words,
};

const MOST_AT_ONCE: usize = 50;

fn about(corporate: &CorporateIn) -> String {
    let name = filled(corporate.external_id.as_ref()).or_else(|| filled(corporate.nick_name.as_ref()));
    format!("corporate customer {}", name.unwrap_or("?"))
}

/// POST customers-corporate/create.
pub(crate) fn create(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: CorporateIn = call.fields.json("customerCorporate")?;
    let about = about(&said);
    let mut notes = Vec::new();
    let id = add(tx, call, &said, &mut notes)?;
    Ok(Done::from(Answer::created().with("id", id.get())).about(about).notes(notes))
}

/// Adds one; one that the shop already told of under this id is changed.
fn add(
    tx: &mut Tx<'_>,
    call: &Call,
    said: &CorporateIn,
    notes: &mut Vec<String>,
) -> Result<CorporateId, Refusal> {
    call.permit::<EditCustomers>()?;
    call.expect_asked_site()?;
    call.expect_site(said.site.as_ref())?;
    let external_id = filled(said.external_id.as_ref());
    if let Some(known) = external_id.map(|id| rows::by_external_id(tx, call, id)).transpose()?.flatten()
        && let Some(known) = rows::corporate(tx, call, known)?
    {
        let id = known.id;
        if let Some(said) = counts(tx, call, id, said, notes)? {
            change(tx, call, known, &said)?;
        }
        return Ok(id);
    }
    let firm = said.companies.as_ref().and_then(|companies| companies.0.first());
    let firm_name = firm.and_then(|firm| filled(firm.name.as_ref()));
    let nick_name = filled(said.nick_name.as_ref()).or(firm_name).ok_or_else(|| {
        Refusal::bad("Errors in the entity format")
            .field("nickName", "This value should not be blank.")
            .kept()
    })?;
    let corporate = Corporate {
        id: tx.new_id(),
        external_id: external_id.map(str::to_owned),
        nick_name: nick_name.to_owned(),
        main_address: None,
        main_firm: None,
        main_contact: None,
        combined_into: None,
        body: body_of(said),
        created_at: tx.now(),
    };
    let id = corporate.id;
    counts(tx, call, id, said, notes)?;
    let mut opened = Opened::new(tx, call, corporate, true)?;
    with_parts(tx, &mut opened, said)?;
    opened.close(tx)?;
    Ok(id)
}

/// What of it the shop has not said otherwise since.
fn counts(
    tx: &mut Tx<'_>,
    call: &Call,
    id: CorporateId,
    said: &CorporateIn,
    notes: &mut Vec<String>,
) -> Result<Option<CorporateIn>, Refusal> {
    Ok(words::take(tx, call, &format!("firm {id}"), &words::FIRM, said, notes)?)
}

fn body_of(said: &CorporateIn) -> Map<String, Value> {
    let mut body = typed::known(&said.rest, typed::CORPORATE);
    if let Some(fields) = said.custom_fields.as_ref().filter(|fields| !fields.0.is_empty()) {
        body.insert("customFields".to_owned(), Value::Object(fields.0.clone()));
    }
    body
}

fn change(tx: &mut Tx<'_>, call: &Call, corporate: Corporate, said: &CorporateIn) -> Result<(), Refusal> {
    let before = corporate.clone();
    let mut opened = Opened::new(tx, call, corporate, false)?;
    if let Some(nick_name) = filled(said.nick_name.as_ref()) {
        nick_name.clone_into(&mut opened.corporate.nick_name);
    }
    if let Some(external_id) = filled(said.external_id.as_ref()) {
        rename(tx, call, &mut opened.corporate, external_id)?;
    }
    overlay(&mut opened.corporate.body, body_of(said));
    let after = opened.corporate.clone();
    let some = |text: &str| Some(text.to_owned());
    opened.changing.value("nick_name", None, some(&before.nick_name), some(&after.nick_name));
    opened.changing.value("external_id", None, before.external_id, after.external_id);
    opened.changing.fields("", None, &before.body, &after.body);
    with_parts(tx, &mut opened, said)?;
    opened.close(tx)
}

/// Under this id from now on, unless another has it.
fn rename(tx: &mut Tx<'_>, call: &Call, corporate: &mut Corporate, external_id: &str) -> Result<(), Refusal> {
    if corporate.external_id.as_deref() == Some(external_id) {
        return Ok(());
    }
    if rows::by_external_id(tx, call, external_id)?.is_some() {
        return Err(Refusal::bad("Errors in the entity format")
            .field("externalId", "This value is already used.")
            .kept());
    }
    corporate.external_id = Some(external_id.to_owned());
    Ok(())
}

/// The parts that come with the whole. One that says the same name as a known part is that part.
fn with_parts(tx: &mut Tx<'_>, opened: &mut Opened<'_>, said: &CorporateIn) -> Result<(), Refusal> {
    for address in said.addresses.iter().flat_map(|list| &list.0) {
        let name = filled(address.name.as_ref());
        let meant = opened.addresses.iter().find(|known| {
            address.id.as_ref().is_some_and(|id| id.as_str() == known.id.to_string())
                || address.external_id.is_none() && name.is_some_and(|name| name == known.name)
        });
        let meant = meant.map(|known| known.id);
        opened.address(tx, address, meant)?;
    }
    for firm in said.companies.iter().flat_map(|list| &list.0) {
        let name = filled(firm.name.as_ref());
        let meant = opened.firms.iter().find(|known| {
            firm.id.as_ref().is_some_and(|id| id.as_str() == known.id.to_string())
                || firm.external_id.is_none() && name.is_some_and(|name| name == known.name)
        });
        let meant = meant.map(|known| known.id);
        opened.firm(tx, firm, meant)?;
    }
    for contact in said.customer_contacts.iter().flat_map(|list| &list.0) {
        opened.contact(tx, contact, None)?;
    }
    Ok(())
}

/// POST customers-corporate/{id}/edit.
pub(crate) fn edit(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    // The Python client writes the field in the plural.
    let plural = call.fields.get("customerCorporate").is_none();
    let field = if plural && call.fields.get("customersCorporate").is_some() {
        "customersCorporate"
    } else {
        "customerCorporate"
    };
    let said: CorporateIn = call.fields.json(field)?;
    call.permit::<EditCustomers>()?;
    call.expect_asked_site()?;
    call.expect_site(said.site.as_ref())?;
    let corporate = find::named(tx, call)?;
    let (id, mut notes) = (corporate.id, Vec::new());
    if let Some(said) = counts(tx, call, id, &said, &mut notes)? {
        change(tx, call, corporate, &said)?;
    }
    Ok(Done::from(Answer::ok().with("id", id.get())).about(about(&said)).notes(notes))
}

/// POST customers-corporate/upload.
pub(crate) fn upload(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let all: List<Value> = call.fields.json("customersCorporate")?;
    if all.0.len() > MOST_AT_ONCE {
        return Err(Refusal::bad("Errors in the input parameters")
            .field("customersCorporate", "The maximum number of customers is 50.")
            .kept());
    }
    let (mut uploaded, mut failed, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let (mut lost, mut notes) = (Vec::new(), Vec::new());
    for (index, value) in all.0.into_iter().enumerate() {
        let external_id =
            value.get("externalId").and_then(|id| serde_json::from_value::<Text>(id.clone()).ok());
        let external_id = external_id.map(|id| id.0).unwrap_or_default();
        let read = serde_json::from_value::<CorporateIn>(value)
            .map_err(|error| Refusal::unreadable("customerCorporate", &error.to_string()));
        match read.and_then(|said| part(tx, |tx| add(tx, call, &said, &mut notes))) {
            Ok(id) => uploaded.push(json!({ "id": id.get(), "externalId": external_id })),
            Err(refusal) if is_fatal(&refusal) => return Err(refusal),
            Err(refusal) => {
                lost.push(format!("customersCorporate[{index}]: {}", refusal.told()));
                errors.push((refusal, format!("Customer externalId={external_id}")));
                failed.push(json!({ "externalId": external_id }));
            }
        }
    }
    let answer = Answer::created().with("uploadedCustomers", uploaded);
    let answer = if failed.is_empty() {
        answer
    } else {
        answer
            .partly()
            .with("errorMsg", "Customers are loaded with errors")
            .with("failedCustomers", failed)
            .with_refused("errors", errors)
    };
    let keep = (!lost.is_empty()).then(|| lost.join("; "));
    Ok(Done { keep, ..Done::from(answer).about("corporate customers").notes(notes) })
}

/// POST customers-corporate/fix-external-ids.
pub(crate) fn fix(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let pairs: List<Pair> = call.fields.json("customersCorporate")?;
    call.permit::<EditCustomers>()?;
    let mut notes = Vec::new();
    for pair in &pairs.0 {
        let known = match pair.id.as_str().parse() {
            Ok(id) => rows::corporate(tx, call, id)?,
            Err(_) => None,
        };
        let (Some(corporate), Some(external_id)) = (known, pair.external_id.filled()) else {
            notes.push(format!("{} (no such corporate customer)", pair.id.as_str()));
            continue;
        };
        let said = CorporateIn { external_id: Some(Text(external_id.to_owned())), ..CorporateIn::default() };
        match part(tx, |tx| change(tx, call, corporate, &said)) {
            Ok(()) => {}
            Err(refusal) if is_fatal(&refusal) => return Err(refusal),
            Err(refusal) => notes.push(format!("{} ({})", pair.id.as_str(), refusal.into_fault())),
        }
    }
    Ok(Done::from(Answer::ok()).about("ids of corporate customers").notes(notes))
}

fn opened<'c>(tx: &mut Tx<'_>, call: &'c Call) -> Result<Opened<'c>, Refusal> {
    call.permit::<EditCustomers>()?;
    call.expect_asked_site()?;
    let corporate = find::named(tx, call)?;
    Ok(Opened::new(tx, call, corporate, false)?)
}

/// By which of its ids a path names a part.
fn entity_by(call: &Call) -> Result<By, Refusal> {
    match call.fields.get("entityBy").unwrap_or("externalId") {
        "externalId" | "" => Ok(By::ExternalId),
        "id" => Ok(By::Id),
        other => Err(Refusal::bad(format!(
            "Value \"{other}\" for \"entityBy\" param is not valid. Allowed values are externalId, id."
        ))),
    }
}

fn done(opened: Opened<'_>, tx: &mut Tx<'_>, answer: Answer, id: i64, what: &str) -> Result<Done, Refusal> {
    let about = format!("{what} of corporate customer {}", opened.corporate.nick_name);
    opened.close(tx)?;
    Ok(Done::from(answer.with("id", id)).about(about))
}

/// POST customers-corporate/{id}/addresses/create.
pub(crate) fn add_address(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: AddressIn = call.fields.json("address")?;
    let mut opened = opened(tx, call)?;
    let id = opened.address(tx, &said, None)?;
    done(opened, tx, Answer::created(), id.get(), "address")
}

/// POST customers-corporate/{id}/addresses/{entity}/edit.
pub(crate) fn edit_address(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: AddressIn = call.fields.json("address")?;
    let (by, named) = (entity_by(call)?, call.segment(3));
    let mut opened = opened(tx, call)?;
    let meant = opened.addresses.iter().find(|address| match by {
        By::Id => address.id.to_string() == named,
        By::ExternalId => address.external_id.as_deref() == Some(named),
    });
    let meant = meant.map(|address| address.id).ok_or_else(Refusal::not_found)?;
    let id = opened.address(tx, &said, Some(meant))?;
    done(opened, tx, Answer::ok(), id.get(), "address")
}

/// POST customers-corporate/{id}/companies/create.
pub(crate) fn add_firm(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: FirmIn = call.fields.json("company")?;
    let mut opened = opened(tx, call)?;
    let id = opened.firm(tx, &said, None)?;
    done(opened, tx, Answer::created(), id.get(), "company")
}

/// POST customers-corporate/{id}/companies/{entity}/edit.
pub(crate) fn edit_firm(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: FirmIn = call.fields.json("company")?;
    let (by, named) = (entity_by(call)?, call.segment(3));
    let mut opened = opened(tx, call)?;
    let meant = opened.firms.iter().find(|firm| match by {
        By::Id => firm.id.to_string() == named,
        By::ExternalId => firm.external_id.as_deref() == Some(named),
    });
    let meant = meant.map(|firm| firm.id).ok_or_else(Refusal::not_found)?;
    let id = opened.firm(tx, &said, Some(meant))?;
    done(opened, tx, Answer::ok(), id.get(), "company")
}

/// POST customers-corporate/{id}/contacts/create.
pub(crate) fn add_contact(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: ContactIn = call.fields.json("contact")?;
    let mut opened = opened(tx, call)?;
    let id = opened.contact(tx, &said, None)?;
    done(opened, tx, Answer::created(), id.get(), "contact")
}

/// POST customers-corporate/{id}/contacts/{entity}/edit. A contact is named by its own id or by its customer's.
pub(crate) fn edit_contact(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: ContactIn = call.fields.json("contact")?;
    let (by, named) = (entity_by(call)?, call.segment(3));
    let mut opened = opened(tx, call)?;
    let of_external_id = match by {
        By::ExternalId => crate::customers::by_external_id(tx, call, named)?,
        By::Id => None,
    };
    let meant = opened.contacts.iter().find(|contact| match by {
        By::Id => contact.id.to_string() == named || contact.customer.to_string() == named,
        By::ExternalId => Some(contact.customer) == of_external_id,
    });
    let meant = meant.map(|contact| contact.id).ok_or_else(Refusal::not_found)?;
    let id = opened.contact(tx, &said, Some(meant))?;
    done(opened, tx, Answer::ok(), id.get(), "contact")
}
