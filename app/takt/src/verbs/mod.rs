//! The short commands: each prints only its result on standard output, so that scripts can call it.

pub mod backup;
mod bank_channels;
mod connections;
mod customers;
mod doctor;
mod import_bank;
mod import_orders;
mod input;
mod keep;
mod long_work;
mod output;
pub mod playbook;
mod restore;
mod store_copy;
mod verify;
mod words;
mod work;

pub use input::Input;
pub use keep::keep;
pub use output::{Output, Piece, show_milestone, show_progress};
pub use words::Words;

use takt_feature::{Feature, Tier};
use takt_kernel::{Fault, Result, money::Currency};
use takt_orders::VouchForMoney;
use takt_payments::{accounts, journal::balances, rights::ManageBankAccounts, watched_folder};
use takt_staff::{
    command_line::{self, CreatedUser, NewUser},
    companies::{self, NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::Db;
use takt_ui::Lang;

use crate::arguments::{
    AccountVerb, BooksVerb, CompanyVerb, ImportVerb, SecretsVerb, ShopVerb, StoreVerb, TokenVerb, UserVerb,
    Verb, WatchVerb,
};

/// The texts of the command line.
pub fn feature() -> Feature {
    Feature::new("takt", Tier::Connector)
        .texts("ru", include_str!("../../texts/ru.ftl"))
        .migrations(backup::MIGRATIONS)
        .texts("ru", include_str!("../../texts/keep/ru.ftl"))
        .texts("en", include_str!("../../texts/keep/en.ftl"))
        .texts("ru", include_str!("../../texts/store/ru.ftl"))
        .texts("en", include_str!("../../texts/en.ftl"))
        .texts("en", include_str!("../../texts/store/en.ftl"))
}

/// Runs one verb to its end. Answers the exit code; a refusal is said on standard error.
pub async fn run(verb: &Verb, input: &Input, db: &Db, words: &Words, output: &Output) -> u8 {
    match attempt(verb, input, db, words, output).await {
        Ok(()) => 0,
        Err(fault) => {
            output.error(format!("takt: {}\n", words.fault(&fault))).await;
            1
        }
    }
}

async fn attempt(verb: &Verb, input: &Input, db: &Db, words: &Words, output: &Output) -> Result<()> {
    let said = match verb {
        Verb::Company(CompanyVerb::Create { name, currency, timezone, language, desk, .. }) => {
            let new = NewCompany {
                name: name.clone(),
                kind: if *desk { OrganisationKind::Desk } else { OrganisationKind::Company },
                currency: Currency::from_code(currency)?,
                zone: timezone.clone(),
                lang: language.parse::<Lang>()?,
            };
            command_line::create_company(db, new).await?.to_string()
        }
        Verb::Shop(ShopVerb::Create { company, name, currency, .. }) => {
            let currency = currency.as_deref().map(Currency::from_code).transpose()?;
            let new = NewShop { name: name.clone(), currency };
            command_line::create_shop(db, company, new).await?.to_string()
        }
        Verb::User(UserVerb::Create { company, email, role, name, invite, .. }) => {
            let password = if *invite { None } else { Some(input.first_line()?) };
            let new = NewUser {
                company: company.clone(),
                email: email.clone(),
                name: name.clone(),
                roles: role.replace(',', " ").parse()?,
                password,
            };
            match command_line::create_user(db, new).await? {
                CreatedUser::Person(person) => person.to_string(),
                CreatedUser::Invitation(secret) => secret,
            }
        }
        Verb::User(UserVerb::Password { email, .. }) => {
            command_line::reset_password(db, email, &input.first_line()?).await?.to_string()
        }
        Verb::Account(verb) => open_account(db, verb).await?,
        Verb::Books(BooksVerb::Rebuild { company, .. }) => {
            let company = company.clone();
            db.write("takt.rebuild_books", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?.id;
                balances::rebuild(tx, company)?;
                Ok(company)
            })
            .await?
            .to_string()
        }
        Verb::BankChannel(verb) => bank_channels::run(db, verb, input).await?,
        Verb::Connection(verb) => connections::run(db, verb, input).await?,
        Verb::Customer(verb) => customers::run(db, verb).await?,
        Verb::Playbook(verb) => playbook::run(db, verb, words, output, input).await?,
        Verb::Work(verb) => {
            let said = work::run(db, verb, words).await?;
            if !said.is_empty() {
                output.out(said + "\n").await;
            }
            return Ok(());
        }
        Verb::Token(TokenVerb::Create { company, shop, scope, name, .. }) => {
            command_line::create_token(db, company, shop, name, &scope.join(" ")).await?.1
        }
        Verb::Import(ImportVerb::Bank { file, company, by, .. }) => {
            return import_bank::import_bank(db, words, output, file, company, by, input).await;
        }
        Verb::Import(ImportVerb::Orders { company, shop, .. }) => {
            return import_orders::import_orders(db, words, output, company, shop, input).await;
        }
        Verb::Secrets(SecretsVerb::Rotate { .. }) => {
            let (key, sealed) = takt_vault::rotate(db).await?;
            tracing::info!(%key, sealed, "secrets are sealed under a new key");
            key
        }
        Verb::Store(StoreVerb::Copy { to, dry_run, .. }) => {
            return store_copy::copy(db, words, output, to, *dry_run).await;
        }
        Verb::Watch(WatchVerb::Bank { folder, company, by, .. }) => {
            let (folder, company, by) = (folder.clone(), company.clone(), by.clone());
            db.write("takt.watch_bank", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?;
                let permit = command_line::permit_of_person::<VouchForMoney>(tx, company.id, &by)?;
                watched_folder::bind(tx, &permit, &folder)
            })
            .await?
            .to_string()
        }
    };
    output.out(format!("{said}\n")).await;
    Ok(())
}

async fn open_account(db: &Db, verb: &AccountVerb) -> Result<String> {
    let AccountVerb::Create { company, bank_account, bic, currency, bank, holder, inn, .. } = verb.clone();
    let currency = currency.as_deref().map(Currency::from_code).transpose()?;
    db.write("takt.open_account", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?;
        let new = accounts::NewBankAccount {
            account: bank_account.clone(),
            bic: bic.clone(),
            bank_name: bank.clone(),
            holder_name: holder.clone(),
            inn: inn.clone(),
            currency: currency.unwrap_or(company.currency),
        };
        accounts::open(tx, &command_line::permit::<ManageBankAccounts>(company.id), &new)
    })
    .await
    .map(|id| id.to_string())
}

/// What a verb needs and was not given.
fn lacking(code: &'static str) -> Fault {
    Fault::invalid(code)
}
