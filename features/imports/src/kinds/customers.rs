use takt_customers::{Contact, Customer, CustomerId, Edit, EditCustomers, Email, Phone};
use takt_kernel::{Fault, Result};
use takt_staff::{Permit, Scope};
use takt_store::Tx;

use super::{Cells, Cleaned, Outcome, Taken, note};
use crate::{
    clean::{self, unreadable},
    columns::Field,
};

/// A row is a person. Who is known by a phone or an e-mail gets what is new of it; a name is the one that is told last.
pub(super) fn take_in(tx: &mut Tx<'_>, permit: &Permit<EditCustomers>, cells: &Cells) -> Result<Taken> {
    let mut cleaned = Vec::new();
    let region = takt_customers::default_region(tx, permit.company())?;
    let phones = phones(cells, &region, &mut cleaned)?;
    let emails = emails(cells, &mut cleaned)?;
    let given = cells.all(Field::Name).join(" ");
    let name = clean::name(&given);
    note(&mut cleaned, Field::Name, &given, &name);
    if phones.is_empty() && emails.is_empty() {
        return Err(Fault::invalid("imports.nobody_to_reach"));
    }
    let contact = Contact { name, phone: phones.first().cloned(), email: emails.first().cloned() };
    let known = takt_customers::known_by(tx, permit.company(), &contact)?;
    let before = match known.first() {
        Some(known) => {
            let card = customer(tx, permit, *known)?;
            Some(customer(tx, permit, card.merged_into.unwrap_or(card.id))?.version)
        }
        None => None,
    };
    let id = takt_customers::recognise(tx, permit.company(), &contact, permit.actor())?;
    for phone in phones.iter().skip(1) {
        add(tx, permit, id, Edit { add_phone: Some(phone.clone()), ..Edit::default() })?;
    }
    for email in emails.iter().skip(1) {
        add(tx, permit, id, Edit { add_email: Some(email.clone()), ..Edit::default() })?;
    }
    describe(tx, permit, id, &contact.name, cells)?;
    let after = customer(tx, permit, id)?.version;
    let outcome = match before {
        None => Outcome::New,
        Some(before) if before == after => Outcome::Same,
        Some(_) => Outcome::Changed,
    };
    Ok(Taken { outcome, cleaned })
}

fn phones(cells: &Cells, region: &str, cleaned: &mut Vec<Cleaned>) -> Result<Vec<Phone>> {
    let mut phones: Vec<Phone> = Vec::new();
    let given = cells.all(Field::Phone).iter().flat_map(|cell| cell.split([',', ';', '\n', '/']));
    for text in given.map(str::trim).filter(|text| !text.is_empty()) {
        let phone = Phone::parse(text, region).filter(|phone| phone.identity().is_some());
        let phone = phone.ok_or_else(|| unreadable("phone", "imports.phone_unreadable", text))?;
        note(cleaned, Field::Phone, text, phone.identity().as_deref().unwrap_or_default());
        if !phones.iter().any(|known| known.identity() == phone.identity()) {
            phones.push(phone);
        }
    }
    Ok(phones)
}

fn emails(cells: &Cells, cleaned: &mut Vec<Cleaned>) -> Result<Vec<Email>> {
    let mut emails: Vec<Email> = Vec::new();
    let given = cells.all(Field::Email).iter().flat_map(|cell| cell.split([',', ';', '\n']));
    // A name may stand before an address in angle brackets; elsewhere a space is between two.
    let given =
        given.flat_map(|text| if text.contains('<') { vec![text] } else { text.split(' ').collect() });
    for text in given.map(str::trim).filter(|text| !text.is_empty()) {
        let even = clean::email(text);
        let email = Email::parse(&even).map_err(|_| unreadable("email", "imports.email_unreadable", text))?;
        let Some(email) = email else { continue };
        note(cleaned, Field::Email, text, &even);
        if !emails.iter().any(|known| known.identity() == email.identity()) {
            emails.push(email);
        }
    }
    Ok(emails)
}

fn customer(tx: &mut Tx<'_>, permit: &Permit<EditCustomers>, id: CustomerId) -> Result<Customer> {
    takt_customers::get(tx, &Scope::Company { company: permit.company(), shops: None }, id)
}

/// One more way to reach them, unless it is theirs already.
fn add(tx: &mut Tx<'_>, permit: &Permit<EditCustomers>, id: CustomerId, wanted: Edit) -> Result<()> {
    let known = customer(tx, permit, id)?;
    let edit = Edit { name: known.name.clone(), note: known.note.clone(), ..wanted };
    let identity = (edit.add_phone.as_ref().and_then(Phone::identity))
        .or_else(|| edit.add_email.as_ref().map(Email::identity));
    if known.identities.iter().any(|one| Some(&one.value) == identity.as_ref()) {
        return Ok(());
    }
    takt_customers::edit(tx, permit, id, known.version, &edit)
}

/// The name as it is told now, and behind the note whatever it does not say yet.
fn describe(
    tx: &mut Tx<'_>,
    permit: &Permit<EditCustomers>,
    id: CustomerId,
    name: &str,
    cells: &Cells,
) -> Result<()> {
    let known = customer(tx, permit, id)?;
    let mut note = known.note.clone();
    let address = cells.all(Field::Address).join(", ");
    let firm = cells.one(Field::Company).to_owned();
    let rest = cells.all(Field::Note).iter().cloned();
    for piece in [firm, address].into_iter().chain(rest).filter(|piece| !piece.is_empty()) {
        if !note.contains(&piece) {
            note = if note.is_empty() { piece } else { format!("{note}\n{piece}") };
        }
    }
    let name = if name.is_empty() { known.name.clone() } else { name.to_owned() };
    if name == known.name && note == known.note {
        return Ok(());
    }
    takt_customers::edit(tx, permit, id, known.version, &Edit { name, note, ..Edit::default() })
}
