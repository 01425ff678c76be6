//! What a shop says of its customers.

use serde_json::{Value, json};
use takt_customers::{
    Contact, CustomerId, Edit, EditCustomers, Email, Phone, default_region, edit as edit_customer,
    get as card, recognise,
};
use takt_kernel::Fault;
use takt_store::{Query, Tx, params, sql};

use super::{find, written};
use crate::{
    model::customer::CustomerIn,
    orders::{
        create::{as_text, is_fatal, part},
        fix::Pair,
    },
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{List, filled},
        refusal::Refusal,
    },
    words,
};

const MOST_AT_ONCE: usize = 50;

/// POST customers/create. Somebody who is known by a phone or an e-mail is that customer.
pub(crate) fn create(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let customer: CustomerIn = call.fields.json("customer")?;
    let about = about(&customer);
    let mut notes = Vec::new();
    let id = add(tx, call, &customer, &mut notes)?;
    Ok(Done::from(Answer::created().with("id", id.get())).about(about).notes(notes))
}

fn about(customer: &CustomerIn) -> String {
    format!("customer {}", filled(customer.external_id.as_ref()).unwrap_or("?"))
}

pub(crate) fn add(
    tx: &mut Tx<'_>,
    call: &Call,
    customer: &CustomerIn,
    notes: &mut Vec<String>,
) -> Result<CustomerId, Refusal> {
    call.expect_site(customer.site.as_ref())?;
    let permit = call.permit::<EditCustomers>()?;
    let external_id = filled(customer.external_id.as_ref());
    if let Some(known) = external_id.map(|id| find::by_external_id(tx, call, id)).transpose()?.flatten() {
        change(tx, call, known, customer, notes)?;
        return Ok(known);
    }
    let contact = contact(tx, call, customer, notes)?;
    let id = recognise(tx, call.company(), &contact, permit.actor())?;
    let about = format!("customer {id}");
    let customer = words::take(tx, call, &about, &words::CUSTOMER, customer, notes)?;
    link(tx, call, id, external_id, customer.as_ref())?;
    Ok(id)
}

fn contact(
    tx: &mut Tx<'_>,
    call: &Call,
    customer: &CustomerIn,
    notes: &mut Vec<String>,
) -> Result<Contact, Refusal> {
    let region = default_region(tx, call.company())?;
    let email = Email::parse(filled(customer.email.as_ref()).unwrap_or_default()).unwrap_or_else(|_| {
        notes.push("email".to_owned());
        None
    });
    Ok(Contact { name: customer.name(), phone: Phone::parse(customer.phone(), &region), email })
}

/// Notes that a customer is one of the shop's, under this id, and what the shop says of them.
pub(crate) fn link(
    tx: &mut Tx<'_>,
    call: &Call,
    id: CustomerId,
    external_id: Option<&str>,
    said: Option<&CustomerIn>,
) -> Result<(), Refusal> {
    let now = tx.now();
    let profile = match said {
        Some(said) => serde_json::to_value(said)
            .map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?,
        None => json!({}),
    };
    let profile = match written::profile(tx, call, id)? {
        Some(before) => merged(before, profile),
        None => profile,
    };
    tx.put(
        sql!(
            "insert into retailcrm_customer (company_id, shop_id, customer_id, profile, created_at)
             values (:company_id, :shop_id, :customer_id, :profile, :now)
             on conflict (company_id, shop_id, customer_id) do update
             set profile = excluded.profile"
        ),
        params![
            company_id: call.company(), shop_id: call.shop(), customer_id: id, profile: profile.to_string(),
            now: now,
        ],
    )?;
    if let Some(external_id) = external_id {
        tx.put(
            sql!(
                "insert into retailcrm_customer_id (company_id, shop_id, external_id, customer_id)
                 values (:company_id, :shop_id, :external_id, :customer_id)
                 on conflict (company_id, shop_id, external_id) do nothing"
            ),
            params![
                company_id: call.company(), shop_id: call.shop(), external_id: external_id, customer_id: id,
            ],
        )?;
    }
    Ok(())
}

/// Notes that a customer is one of the shop's, without anything to say of them.
///
/// # Errors
/// Faults of the store.
pub(crate) fn note(tx: &mut Tx<'_>, call: &Call, id: CustomerId) -> takt_kernel::Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into retailcrm_customer (company_id, shop_id, customer_id, profile, created_at)
             values (:company_id, :shop_id, :customer_id, '{}', :now)
             on conflict (company_id, shop_id, customer_id) do nothing"
        ),
        params![company_id: call.company(), shop_id: call.shop(), customer_id: id, now: now],
    )
}

fn merged(before: Value, now: Value) -> Value {
    match (before, now) {
        (Value::Object(mut before), Value::Object(now)) => {
            before.extend(now);
            Value::Object(before)
        }
        (_, now) => now,
    }
}

/// POST customers/{id}/edit.
pub(crate) fn edit(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let customer: CustomerIn = call.fields.json("customer")?;
    let about = about(&customer);
    let mut notes = Vec::new();
    let Some(id) = find::named(tx, call, call.segment(1))? else {
        // The shop's first message about them was lost. Modules that get "not found" here ask for the e-mail and
        // create; one that says everything at once has said enough.
        return Err(Refusal::not_found());
    };
    change(tx, call, id, &customer, &mut notes)?;
    Ok(Done::from(Answer::ok().with("id", id.get())).about(about).notes(notes))
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    id: CustomerId,
    said: &CustomerIn,
    notes: &mut Vec<String>,
) -> Result<(), Refusal> {
    call.expect_site(said.site.as_ref())?;
    let permit = call.permit::<EditCustomers>()?;
    let about = format!("customer {id}");
    let Some(said) = words::take(tx, call, &about, &words::CUSTOMER, said, notes)? else { return Ok(()) };
    let said = &said;
    let known = card(tx, &call.caller.scope(), id)?;
    let then = written::profile(tx, call, id)?
        .and_then(|profile| serde_json::from_value::<CustomerIn>(profile).ok())
        .unwrap_or_default();
    let whole = CustomerIn {
        first_name: said.first_name.clone().or_else(|| then.first_name.clone()),
        last_name: said.last_name.clone().or_else(|| then.last_name.clone()),
        patronymic: said.patronymic.clone().or_else(|| then.patronymic.clone()),
        ..said.clone()
    };
    let now = contact(tx, call, &whole, notes)?;
    let has = |value: Option<String>| {
        value.is_none_or(|value| known.identities.iter().any(|identity| identity.value == value))
    };
    let says_name = said.first_name.is_some() || said.last_name.is_some() || said.patronymic.is_some();
    let new_name = says_name && !now.name.is_empty() && now.name != then.name() && now.name != known.name;
    let phone = now.phone.filter(|phone| phone.identity().is_some() && !has(phone.identity()));
    let email = now.email.filter(|email| !has(Some(email.identity())));
    if new_name || phone.is_some() || email.is_some() {
        let edit = Edit {
            name: if new_name { now.name } else { known.name.clone() },
            note: known.note.clone(),
            add_phone: phone,
            add_email: email,
            forget: Vec::new(),
        };
        let version = known.version;
        let done = part(tx, |tx| Ok(edit_customer(tx, &permit, id, version, &edit)?));
        match done {
            Ok(()) => {}
            Err(refusal) if is_fatal(&refusal) => return Err(refusal),
            // A phone that is somebody else's already: people decide whether they are one.
            Err(refusal) => notes.push(format!("customer ({})", refusal.into_fault())),
        }
    }
    link(tx, call, id, filled(said.external_id.as_ref()), Some(said))
}

/// POST customers/upload.
pub(crate) fn upload(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let customers: List<Value> = call.fields.json("customers")?;
    if customers.0.len() > MOST_AT_ONCE {
        return Err(Refusal::bad("Errors in the input parameters")
            .field("customers", "The maximum number of customers is 50.")
            .kept());
    }
    let (mut uploaded, mut failed, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let (mut notes, mut lost) = (Vec::new(), Vec::new());
    for (index, value) in customers.0.into_iter().enumerate() {
        let external_id = value.get("externalId").map(as_text).unwrap_or_default();
        let read = serde_json::from_value::<CustomerIn>(value)
            .map_err(|error| Refusal::unreadable("customer", &error.to_string()));
        let done = read.and_then(|customer| part(tx, |tx| add(tx, call, &customer, &mut notes)));
        match done {
            Ok(id) => uploaded.push(json!({ "id": id.get(), "externalId": external_id })),
            Err(refusal) if is_fatal(&refusal) => return Err(refusal),
            Err(refusal) => {
                lost.push(format!("customers[{index}]: {}", refusal.told()));
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
    Ok(Done { keep, ..Done::from(answer).about("customers").notes(notes) })
}

/// POST customers/fix-external-ids.
pub(crate) fn fix(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let pairs: List<Pair> = call.fields.json("customers")?;
    call.permit::<EditCustomers>()?;
    let mut notes = Vec::new();
    for pair in &pairs.0 {
        let external_id = pair.external_id.filled();
        match pair.id.as_str().parse::<CustomerId>() {
            Ok(id) if find::is_of_shop(tx, call, id)? && external_id.is_some() => {
                link(tx, call, id, external_id, None)?;
            }
            _ => notes.push(format!("{} (no such customer)", pair.id.as_str())),
        }
    }
    Ok(Done::from(Answer::ok()).about("ids of customers").notes(notes))
}
