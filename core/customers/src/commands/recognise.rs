use takt_kernel::{Actor, CompanyId, Result};
use takt_store::{About, Change, Query, Question, Tx, params, sql};

use crate::{
    Contact, CustomerId,
    contact::{Identity, IdentityKind},
    facts::{self, Appeared, ConflictFound, Edited},
    rows,
};

/// A customer whom one of the given identities is known to belong to.
struct Known {
    kind: IdentityKind,
    customer: CustomerId,
    nameless: bool,
}

/// Whose order this is. The first identity that is known decides, a phone before an e-mail; what was
/// not known is added to that customer. Nobody known: a new customer. A phone and an e-mail of two
/// customers are never merged here, only put before people as a suggestion.
///
/// One question and a few writes without answers: this runs in every intake of an order.
///
/// # Errors
/// Faults of the store.
pub fn recognise(tx: &mut Tx, company: CompanyId, contact: &Contact, actor: &Actor) -> Result<CustomerId> {
    let identities = contact.identities();
    let known = if identities.is_empty() { Vec::new() } else { known_by(tx, company, &identities)? };
    let Some(first) = known.iter().min_by_key(|known| known.kind) else {
        return appear(tx, company, contact, &identities, actor);
    };
    let customer = first.customer;
    let unknown: Vec<&Identity> =
        identities.iter().filter(|identity| known.iter().all(|known| known.kind != identity.kind)).collect();
    let name = if first.nameless && !contact.name.is_empty() { Some(contact.name.as_str()) } else { None };
    if name.is_some() || !unknown.is_empty() {
        learn(tx, company, customer, name, &unknown, actor)?;
    } else {
        rows::touch(tx, company, customer)?;
    }
    if let Some(other) = known.iter().find(|known| known.customer != customer) {
        suggest(tx, company, customer, other.customer, actor)?;
    }
    Ok(customer)
}

/// What [`recognise`] asks of this contact, so that it can be asked together with other things.
pub fn recognise_asked(company: CompanyId, contact: &Contact) -> Option<Question> {
    let identities = contact.identities();
    (!identities.is_empty()).then(|| known_asked(company, &identities))
}

fn known_asked(company: CompanyId, identities: &[Identity]) -> Question {
    let value = |kind| {
        identities.iter().find(|identity| identity.kind == kind).map(|identity| identity.value.as_str())
    };
    Question::new(
        sql!(
            "select identity.kind, customer.id, customer.name, customer.merged_into
             from customer_identity identity
             join customer on customer.company_id = identity.company_id and customer.id = identity.customer_id
             where identity.company_id = :company_id and identity.kind = 'phone' and identity.value = :phone
             union all
             select identity.kind, customer.id, customer.name, customer.merged_into
             from customer_identity identity
             join customer on customer.company_id = identity.company_id and customer.id = identity.customer_id
             where identity.company_id = :company_id and identity.kind = 'email' and identity.value = :email"
        ),
        params![company_id: company, phone: value(IdentityKind::Phone), email: value(IdentityKind::Email)],
    )
}

fn known_by(tx: &mut Tx, company: CompanyId, identities: &[Identity]) -> Result<Vec<Known>> {
    let rows = tx.all_at_once(&[known_asked(company, identities)])?.pop().unwrap_or_default();
    rows.iter()
        .map(|row| {
            let customer = match row.get::<Option<CustomerId>>("merged_into")? {
                Some(into) => rows::standing_for(tx, company, into)?,
                None => row.get("id")?,
            };
            Ok(Known {
                kind: IdentityKind::from_code(&row.get::<String>("kind")?)?,
                customer,
                nameless: row.get::<String>("name")?.is_empty(),
            })
        })
        .collect()
}

fn appear(
    tx: &mut Tx,
    company: CompanyId,
    contact: &Contact,
    identities: &[Identity],
    actor: &Actor,
) -> Result<CustomerId> {
    let customer = tx.new_id();
    let now = tx.now();
    // A phone that could not be read is still the phone they gave.
    let phone =
        contact.phone.as_ref().map(|phone| phone.identity().unwrap_or_else(|| phone.original().to_owned()));
    let email = contact.email.as_ref().map(|email| email.as_str().to_owned());
    let given = contact.phone.as_ref().map(crate::Phone::original);
    let reached_by = [phone.as_deref(), given, email.as_deref()];
    tx.put(
        sql!(
            "insert into customer (company_id, id, name, phone, email, note, search, merged_into, version, created_at, updated_at)
             values (:company_id, :id, :name, :phone, :email, '', :search, null, 1, :now, :now)"
        ),
        params![
            company_id: company, id: customer, name: &contact.name, phone: phone.clone(), email: email.clone(),
            search: rows::search_text(&contact.name, "", reached_by.into_iter().flatten()), now: now,
        ],
    )?;
    for identity in identities {
        rows::put_identity(tx, company, customer, identity)?;
    }
    let name = Some(contact.name.clone()).filter(|name| !name.is_empty());
    let changes = [("name", name), ("phone", phone), ("email", email)]
        .into_iter()
        .filter(|(_, value)| value.is_some())
        .map(|(path, value)| Change::of(path, None, value).personal())
        .collect();
    let known_by = identities.iter().map(|identity| identity.kind.code().to_owned()).collect();
    tx.say_changes(About::new(company, facts::subject(customer), actor), &Appeared { known_by }, changes)?;
    Ok(customer)
}

/// A known customer told us something new: a second phone, an e-mail, at last a name.
fn learn(
    tx: &mut Tx,
    company: CompanyId,
    customer: CustomerId,
    name: Option<&str>,
    unknown: &[&Identity],
    actor: &Actor,
) -> Result<()> {
    let now = tx.now();
    let value = |kind| unknown.iter().find(|identity| identity.kind == kind);
    let phone = value(IdentityKind::Phone).map(|identity| identity.value.clone());
    let email = value(IdentityKind::Email).map(|identity| identity.original.clone());
    let reached_by =
        unknown.iter().flat_map(|identity| [identity.value.as_str(), identity.original.as_str()]);
    let learned = rows::search_text(name.unwrap_or_default(), "", reached_by);
    tx.put(
        sql!(
            "update customer
             set name = coalesce(:name, name),
               phone = coalesce(phone, :phone),
               email = coalesce(email, :email),
               search = search || ' ' || :learned,
               version = version + 1,
               updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            name: name, phone: phone.clone(), email: email.clone(), learned: learned, now: now,
            company_id: company, id: customer,
        ],
    )?;
    for identity in unknown {
        rows::put_identity(tx, company, customer, identity)?;
    }
    let learned: Vec<(&str, String)> =
        [("name", name.map(str::to_owned)), ("phone", phone), ("email", email)]
            .into_iter()
            .filter_map(|(path, value)| Some((path, value?)))
            .collect();
    let fields = learned.iter().map(|(path, _)| (*path).to_owned()).collect();
    let changes =
        learned.into_iter().map(|(path, value)| Change::of(path, None, Some(value)).personal()).collect();
    tx.say_changes(About::new(company, facts::subject(customer), actor), &Edited { fields }, changes)
}

/// Said once for a pair, however often they order so; a pair that people told apart stays told apart.
fn suggest(
    tx: &mut Tx,
    company: CompanyId,
    by_phone: CustomerId,
    by_email: CustomerId,
    actor: &Actor,
) -> Result<()> {
    let now = tx.now();
    let added = tx.execute(
        sql!(
            "insert into customer_conflict (company_id, by_phone, by_email, found_at, dismissed_at)
             values (:company_id, :by_phone, :by_email, :found_at, null)
             on conflict (company_id, by_phone, by_email) do nothing"
        ),
        params![company_id: company, by_phone: by_phone, by_email: by_email, found_at: now],
    )?;
    if added > 0 {
        let fact = ConflictFound { by_phone, by_email };
        tx.say(About::new(company, facts::subject(by_phone), actor), &fact)?;
    }
    Ok(())
}
