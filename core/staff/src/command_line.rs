//! What an operator of the machine may do from its command line, where there is no account to sign
//! in to: open the first company, its shops, people and tokens. Functions only; the binary parses.

use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result, ShopId, TokenId};
use takt_store::{Db, Query};

use crate::{
    access,
    companies::{self, Company, NewCompany},
    input::{self, field},
    invitations, passwords,
    people::{self, NewPerson},
    rights::{Permission, Permit, RoleSet},
    shops::{self, NewShop},
    tokens,
};

const NAME: &str = "command_line";

/// Whoever may start the program on the data of the installation may do everything with it.
pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, NAME)
}

pub fn actor() -> Actor {
    Actor::system(NAME)
}

/// # Errors
/// As [`companies::create`].
pub async fn create_company(db: &Db, new: NewCompany) -> Result<CompanyId> {
    db.write("staff.create_company", move |tx| companies::create(tx, &actor(), &new)).await
}

/// # Errors
/// As [`companies::by_name_or_id`] and [`shops::create`].
pub async fn create_shop(db: &Db, company: &str, new: NewShop) -> Result<ShopId> {
    let company = company.to_owned();
    db.write("staff.create_shop", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?;
        shops::create(tx, &permit(company.id), &new)
    })
    .await
}

pub struct NewUser {
    pub company: String,
    pub email: String,
    pub name: Option<String>,
    pub roles: RoleSet,
    /// The password of the account; none when the person will choose one by a link.
    pub password: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreatedUser {
    Person(PersonId),
    /// The secret of the link `/invite/{secret}`.
    Invitation(String),
}

/// Gives a person a place. Somebody who signs in already keeps their password: the one given here
/// must be the same, or a script would change it for other companies too.
///
/// # Errors
/// `staff.person_has_another_password`, `staff.email_malformed`, `staff.roles_required`,
/// `staff.password_too_short`.
pub async fn create_user(db: &Db, new: NewUser) -> Result<CreatedUser> {
    if new.roles.is_empty() {
        return Err(field("roles", "staff.roles_required"));
    }
    input::email(&new.email)?;
    let Some(password) = &new.password else {
        return db
            .write("staff.invite", move |tx| {
                let company = companies::by_name_or_id(tx, &new.company)?;
                invitations::invite(tx, &permit(company.id), &new.email, new.roles, company.lang)
            })
            .await
            .map(CreatedUser::Invitation);
    };
    let (looked, email) = (new.company.clone(), new.email.clone());
    let (company, known) = db
        .read("staff.find_user", move |reader| {
            Ok((companies::by_name_or_id(reader, &looked)?, people::by_email(reader, &email)?))
        })
        .await?;
    let stored = known.as_ref().and_then(|person| person.password_hash.clone());
    let hash = match stored {
        Some(stored) if passwords::verify(password, Some(stored.clone())).await? => stored,
        Some(_) => return Err(Fault::conflict("staff.person_has_another_password").arg("email", &new.email)),
        None => passwords::hash(db.entropy(), password).await?,
    };
    db.write("staff.create_user", move |tx| place(tx, &company, &new, &hash)).await.map(CreatedUser::Person)
}

fn place(tx: &mut takt_store::Tx<'_>, company: &Company, new: &NewUser, hash: &str) -> Result<PersonId> {
    let person = match people::by_email(tx, &new.email)? {
        Some(known) => {
            people::set_password_hash(tx, known.id, hash)?;
            known.id
        }
        None => {
            let email = new.email.trim();
            let name = new.name.as_deref().unwrap_or_else(|| email.split('@').next().unwrap_or(email));
            people::create(tx, &NewPerson { email, name, lang: company.lang, password_hash: hash })?
        }
    };
    people::join(tx, company.id, person, new.roles, &actor())?;
    Ok(person)
}

/// Sets somebody's password when nobody can sign in any more; all their sessions end.
///
/// # Errors
/// `staff.person_missing`, `staff.password_too_short`.
pub async fn reset_password(db: &Db, email: &str, password: &str) -> Result<PersonId> {
    let hash = passwords::hash(db.entropy(), password).await?;
    let email = email.to_owned();
    db.write("staff.reset_password", move |tx| {
        let person = people::by_email(tx, &email)?.ok_or_else(|| Fault::missing("staff.person_missing"))?;
        people::set_password_hash(tx, person.id, &hash)?;
        let installation = takt_store::About::INSTALLATION;
        crate::sessions::end_all(tx, person.id, installation, None)?;
        tx.say(
            crate::facts::about_person(installation, person.id, &actor()),
            &crate::facts::PasswordChanged {},
        )?;
        Ok(person.id)
    })
    .await
}

/// # Errors
/// As [`companies::by_name_or_id`], [`shops::by_name_or_id`] and [`tokens::issue`].
pub async fn create_token(
    db: &Db,
    company: &str,
    shop: &str,
    name: &str,
    scopes: &str,
) -> Result<(TokenId, String)> {
    let [company, shop, name, scopes] = [company, shop, name, scopes].map(str::to_owned);
    db.write("staff.create_token", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?;
        let shop = shops::by_name_or_id(tx, company.id, &shop)?;
        tokens::issue(tx, &permit(company.id), shop.id, &name, &scopes)
    })
    .await
}

/// The person behind `--by EMAIL`, as somebody of that company, with the roles they have there.
///
/// # Errors
/// `staff.person_missing`, `staff.denied` when their roles do not hold `P`.
pub fn permit_of_person<P: Permission>(
    db: &mut dyn Query,
    company: CompanyId,
    email: &str,
) -> Result<Permit<P>> {
    let person = people::by_email(db, email)?.ok_or_else(|| Fault::missing("staff.person_missing"))?;
    let roles = access::roles_in(db, company, person.id)?;
    if roles.is_empty() {
        return Err(Fault::missing("staff.person_missing"));
    }
    if !crate::rights::Rights::new(db.slots()).held_by(P::CODE, roles) {
        return Err(Fault::denied("staff.denied").arg("permission", P::CODE));
    }
    Ok(Permit::grant(Actor::Person { person: person.id }, company, None, roles, person.lang))
}
