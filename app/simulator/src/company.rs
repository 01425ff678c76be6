//! The company that the demonstration is about: its people, shops, account, catalogue and stock.

use takt_catalog::{EditCatalog, OfferInput, offers_by_sku, upsert};
use takt_kernel::{
    Actor, CompanyId, Fault, PersonId, Result, ShopId,
    money::{Currency, Quantity, VatRate},
};
use takt_payments::{accounts, rights::ManageBankAccounts};
use takt_staff::{
    ManageCalendars, Permission, Permit, Role,
    calendar::{self, Holidays, Week},
    command_line::{self, CreatedUser, NewUser},
    companies::{NewCompany, OrganisationKind},
    permit_of,
    shops::NewShop,
};
use takt_stock::{Correction, ManageWarehouses, MoveStock, WarehouseId, set_many, set_shelf, warehouses};
use takt_store::{Db, Query, Tx};
use takt_ui::Lang;

use crate::{bank, chance::Chance, shipping::add_carriers, slice::Slice};

const NAME: &str = "Подарки и свет";
const ZONE: &str = "Europe/Moscow";
const SHOPS: [&str; 2] = ["podarki-i-svet.example", "teplo-doma.example"];
const WAREHOUSES: [&str; 2] = ["Склад на Мельничной", "Склад на Заречной"];
const SCOPES: &str = "orders:write orders:read";
/// Offers that are written at once: the one writer of an embedded database serves others in between.
const BATCH: usize = 100;

/// Somebody of the company, as they sign in.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub person: PersonId,
    pub email: &'static str,
    pub role: Role,
}

const PEOPLE: [(&str, &str, Role); 6] = [
    ("Вера Ильина", "vera@podarki.example", Role::Owner),
    ("Роман Титов", "roman@podarki.example", Role::Manager),
    ("Алина Гусева", "alina@podarki.example", Role::Operator),
    ("Егор Комаров", "egor@podarki.example", Role::Warehouse),
    ("Ольга Беляева", "olga@podarki.example", Role::Accountant),
    ("Николай Киселёв", "nikolai@podarki.example", Role::Auditor),
];

#[derive(Clone)]
pub struct Shop {
    pub id: ShopId,
    /// The secret of its API token.
    pub token: String,
}

#[derive(Clone)]
pub struct Company {
    pub id: CompanyId,
    pub name: &'static str,
    pub shops: [Shop; 2],
    pub people: Vec<Colleague>,
    pub zone: jiff::tz::TimeZone,
}

impl Company {
    /// Founds it in an empty database. All its people sign in with this password. `progress` hears
    /// how many products are on their shelves, of how many.
    ///
    /// # Errors
    /// What the verbs refuse; nothing, on a fresh database.
    pub async fn found(
        db: &Db,
        slice: &Slice,
        seed: u64,
        lang: Lang,
        password: &str,
        progress: &mut (dyn FnMut(usize, usize) + Send),
    ) -> Result<Self> {
        let new = NewCompany {
            name: NAME.to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: ZONE.to_owned(),
            lang,
        };
        let id = command_line::create_company(db, new).await?;
        let zone =
            db.read("simulator.zone", move |reader| takt_staff::companies::get(reader, id)).await?.zone;
        let company = Self {
            id,
            name: NAME,
            people: people(db, id, password).await?,
            shops: [shop(db, id, SHOPS[0]).await?, shop(db, id, SHOPS[1]).await?],
            zone,
        };
        let places = db.write("simulator.settle_in", move |tx| settle_in(tx, id)).await?;
        let stock = first_stock(slice, seed);
        for (number, batch) in stock.chunks(BATCH).enumerate() {
            progress(number * BATCH, stock.len());
            let batch = batch.to_vec();
            db.write("simulator.fill_shelves", move |tx| fill_shelves(tx, id, places, &batch)).await?;
        }
        progress(stock.len(), stock.len());
        Ok(company)
    }

    /// Who has this role; the owner for roles nobody has.
    ///
    /// # Errors
    /// `simulator.nobody`: a company without people.
    pub fn colleague(&self, role: Role) -> Result<&Colleague> {
        let of_role = self.people.iter().find(|colleague| colleague.role == role);
        of_role.or(self.people.first()).ok_or_else(|| Fault::broken("simulator.nobody"))
    }

    /// What somebody of this role may do, asked anew as for a person at a screen.
    ///
    /// # Errors
    /// `staff.denied` when the role does not hold it.
    pub fn permit<P: Permission>(&self, db: &mut dyn Query, role: Role) -> Result<Permit<P>> {
        permit_of(db, self.colleague(role)?.person, self.id)
    }

    /// Today, where the company is.
    pub fn day(&self, now: takt_kernel::Timestamp) -> String {
        now.to_jiff().to_zoned(self.zone.clone()).date().to_string()
    }
}

async fn people(db: &Db, company: CompanyId, password: &str) -> Result<Vec<Colleague>> {
    let mut people = Vec::new();
    for (name, email, role) in PEOPLE {
        let new = NewUser {
            company: company.to_string(),
            email: email.to_owned(),
            name: Some(name.to_owned()),
            roles: role.into(),
            password: Some(password.to_owned()),
        };
        if let CreatedUser::Person(person) = command_line::create_user(db, new).await? {
            people.push(Colleague { person, email, role });
        }
    }
    Ok(people)
}

async fn shop(db: &Db, company: CompanyId, name: &str) -> Result<Shop> {
    let company = company.to_string();
    let new = NewShop { name: name.to_owned(), currency: None };
    let id = command_line::create_shop(db, &company, new).await?;
    let (_, token) = command_line::create_token(db, &company, &id.to_string(), "simulator", SCOPES).await?;
    Ok(Shop { id, token })
}

/// It never closes, or nothing could be watched in the evening; its bank account and warehouses.
fn settle_in(tx: &mut Tx, company: CompanyId) -> Result<[WarehouseId; 2]> {
    let calendar = command_line::permit::<ManageCalendars>(company);
    calendar::edit(tx, &calendar, &Week::round_the_clock(), Holidays::None)?;
    let account = accounts::NewBankAccount {
        account: bank::ACCOUNT.to_owned(),
        bic: bank::BIC.to_owned(),
        bank_name: Some(bank::BANK.to_owned()),
        holder_name: Some(bank::HOLDER.to_owned()),
        inn: Some(bank::INN.to_owned()),
        currency: Currency::RUB,
    };
    accounts::open(tx, &command_line::permit::<ManageBankAccounts>(company), &account)?;
    add_carriers(tx, &command_line::permit(company))?;
    let permit = command_line::permit::<ManageWarehouses>(company);
    let main = warehouses::main(tx, company, &Actor::system("simulator"))?.id;
    warehouses::edit(tx, &permit, main, WAREHOUSES[0], 1)?;
    Ok([main, warehouses::add(tx, &permit, WAREHOUSES[1])?])
}

/// A product and how much of it lies where.
#[derive(Clone)]
struct Shelf {
    offer: OfferInput,
    /// Which warehouse, how many, on which shelf.
    lies: Vec<(usize, i64, String)>,
}

/// Most lie in plenty, one in forty is short: not enough of it even for the first orders.
fn first_stock(slice: &Slice, seed: u64) -> Vec<Shelf> {
    slice
        .products
        .iter()
        .map(|(sku, product)| {
            let mut chance = Chance::of(seed, ("stock", sku.as_str()));
            let plenty = product.wanted.saturating_mul(2) + 60;
            let count = if chance.one_in(40) { chance.between(0, 10) } else { plenty };
            let shelf = |chance: &mut Chance| {
                format!(
                    "{}-{:02}-{}",
                    chance.pick(&["A", "B", "C", "D"]),
                    chance.between(1, 24),
                    chance.between(1, 5)
                )
            };
            let first = shelf(&mut chance);
            let lies = match chance.between(1, 6) {
                1 => vec![(1, count, first)],
                2 => vec![(0, count / 2, first), (1, count - count / 2, shelf(&mut chance))],
                _ => vec![(0, count, first)],
            };
            let offer = OfferInput {
                sku: sku.clone(),
                name: product.name.clone(),
                unit: "шт".to_owned(),
                price: product.price,
                currency: Currency::RUB,
                vat: VatRate::Percent(2_200),
                barcode: None,
                details: None,
            };
            Shelf { offer, lies }
        })
        .collect()
}

fn fill_shelves(tx: &mut Tx, company: CompanyId, places: [WarehouseId; 2], shelves: &[Shelf]) -> Result<()> {
    let offers: Vec<OfferInput> = shelves.iter().map(|shelf| shelf.offer.clone()).collect();
    upsert(tx, &command_line::permit::<EditCatalog>(company), &offers)?;
    let skus: Vec<&str> = offers.iter().map(|offer| offer.sku.as_str()).collect();
    let known = offers_by_sku(tx, company, &skus)?;
    let permit = command_line::permit::<MoveStock>(company);
    let mut counted = Vec::new();
    for shelf in shelves {
        let Some(offer) = known.get(&shelf.offer.sku) else { continue };
        for (place, count, name) in &shelf.lies {
            let warehouse = Some(places[*place]);
            counted.push(Correction {
                warehouse,
                offer: offer.id,
                quantity: Quantity::whole(*count),
                note: None,
            });
            set_shelf(tx, &permit, warehouse, offer.id, name)?;
        }
    }
    set_many(tx, &permit, None, &counted).map(|_| ())
}
