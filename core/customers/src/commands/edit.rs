use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_staff::Permit;
use takt_store::{About, Change, Query, Tx, params, sql};

use crate::{
    CustomerId, EditCustomers, Email, Phone,
    contact::{Identity, IdentityKind},
    facts::{self, Edited},
    rows,
};

/// What a person changes on a customer's card.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub name: String,
    pub note: String,
    pub add_phone: Option<Phone>,
    pub add_email: Option<Email>,
    /// Kind and value of identities that are no longer theirs.
    pub forget: Vec<(IdentityKind, String)>,
}

/// Changes the card, unless somebody else did since it was read.
///
/// # Errors
/// `customers.missing`, `customers.changed_meanwhile`, and by field `customers.phone_unreadable`,
/// `customers.identity_taken`.
pub fn edit(
    tx: &mut Tx,
    permit: &Permit<EditCustomers>,
    customer: CustomerId,
    expected_version: i64,
    edit: &Edit,
) -> Result<()> {
    let company = permit.company();
    let row = tx
        .opt(
            sql!(
                "select id, name, note, phone, email, version
                 from customer
                 where company_id = :company_id and id = :id
                 {pg:for update|sqlite:}"
            ),
            params![company_id: company, id: customer],
        )?
        .ok_or_else(|| Fault::missing("customers.missing").arg("given", customer))?;
    if row.get::<i64>("version")? != expected_version {
        return Err(Fault::conflict("customers.changed_meanwhile"));
    }
    let old_name: String = row.get("name")?;
    let old_note: String = row.get("note")?;
    let mut changes: Vec<Change> =
        [Change::if_any("name", &old_name, &edit.name), Change::if_any("note", &old_note, &edit.note)]
            .into_iter()
            .flatten()
            .collect();
    changes.extend(forget(tx, company, customer, &edit.forget)?);
    changes.extend(add(tx, company, customer, edit)?);
    if changes.is_empty() {
        return Ok(());
    }
    let unread: Option<String> = row.get("phone")?;
    write(tx, company, customer, edit, unread)?;
    let mut fields: Vec<String> = changes.iter().map(|change| change.path.clone()).collect();
    fields.dedup();
    let changes = changes.into_iter().map(Change::personal).collect();
    tx.say_changes(About::new(company, facts::subject(customer), permit.actor()), &Edited { fields }, changes)
}

fn forget(
    tx: &mut Tx,
    company: CompanyId,
    customer: CustomerId,
    identities: &[(IdentityKind, String)],
) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (kind, value) in identities {
        let gone = tx.execute(
            sql!(
                "delete from customer_identity
                 where company_id = :company_id and kind = :kind and value = :value and customer_id = :customer_id"
            ),
            params![company_id: company, kind: kind.code(), value: value, customer_id: customer],
        )?;
        if gone > 0 {
            changes.push(Change::of(kind.code(), Some(value.clone()), None));
        }
    }
    Ok(changes)
}

fn add(tx: &mut Tx, company: CompanyId, customer: CustomerId, edit: &Edit) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    let phone = match &edit.add_phone {
        Some(phone) => Some(
            Identity::of_phone(phone).ok_or_else(|| Fault::field("phone", "customers.phone_unreadable"))?,
        ),
        None => None,
    };
    for identity in phone.into_iter().chain(edit.add_email.as_ref().map(Identity::of_email)) {
        match owner(tx, company, &identity)? {
            Some(owner) if owner == customer => {}
            Some(owner) => {
                return Err(Fault::from_fields(vec![FieldFault {
                    path: identity.kind.code().to_owned(),
                    code: "customers.identity_taken".into(),
                    args: vec![("customer".into(), owner.to_string())],
                }]));
            }
            None => {
                rows::put_identity(tx, company, customer, &identity)?;
                changes.push(Change::of(identity.kind.code(), None, Some(identity.value)));
            }
        }
    }
    Ok(changes)
}

fn owner(tx: &mut Tx, company: CompanyId, identity: &Identity) -> Result<Option<CustomerId>> {
    tx.opt(
        sql!(
            "select customer_id
             from customer_identity
             where company_id = :company_id and kind = :kind and value = :value"
        ),
        params![company_id: company, kind: identity.kind.code(), value: &identity.value],
    )?
    .map(|row| row.get("customer_id"))
    .transpose()
}

/// The first phone and e-mail that are left are the ones shown in lists. A phone that never could be
/// read stays shown until a readable one takes its place.
fn write(
    tx: &mut Tx,
    company: CompanyId,
    customer: CustomerId,
    edit: &Edit,
    shown_phone: Option<String>,
) -> Result<()> {
    let now = tx.now();
    let identities = rows::identities(tx, company, customer)?;
    let first = |kind| identities.iter().find(|identity| identity.kind == kind);
    let unread = shown_phone.filter(|phone| !phone.starts_with('+'));
    let phone = first(IdentityKind::Phone).map(|identity| identity.value.clone()).or(unread);
    let email = first(IdentityKind::Email).map(|identity| identity.original.clone());
    let reached_by = identities
        .iter()
        .flat_map(|identity| [identity.value.as_str(), identity.original.as_str()])
        .chain(phone.as_deref());
    let search = rows::search_text(&edit.name, &edit.note, reached_by);
    tx.put(
        sql!(
            "update customer
             set name = :name, note = :note, phone = :phone, email = :email, search = :search,
               version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            name: &edit.name, note: &edit.note, phone: phone, email: email, search: search, now: now,
            company_id: company, id: customer,
        ],
    )
}
