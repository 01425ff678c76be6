//! The company that is measured: four shops with their programs, an accountant, goods on a shelf.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    engine::Place,
    http::{Answer, Connection, Request},
    orders,
    server::{Server, Takt},
};

const SHOPS: usize = 4;
const SCOPES: &str = "orders:write,orders:read,catalog:write,stock:write";
const PASSWORD: &str = "correct horse battery";
pub const OWNER: &str = "owner@example.org";
pub const ACCOUNT: &str = "40702810200000000001";
const LEVELS_AT_ONCE: usize = 500;
/// Nothing runs out while it is measured.
const ON_SHELF: &str = "100000000";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Desk {
    pub company: i64,
    pub shops: Vec<i64>,
    /// One per shop.
    pub tokens: Vec<String>,
    pub goods: usize,
}

impl Desk {
    /// Opens the company in an empty database.
    pub async fn open(takt: &Takt, place: &Place, goods: usize) -> Result<Self> {
        let run = |arguments: &[&str], input: &str| takt.run(arguments, place, input);
        let company = run(&["company", "create", "--name", "Bench", "--currency", "RUB"], "")?;
        run(
            &[
                "user",
                "create",
                "--company",
                &company,
                "--email",
                OWNER,
                "--role",
                "owner,manager,accountant",
            ],
            PASSWORD,
        )?;
        let account = ["account", "create", "--company", &company, "--bank-account", ACCOUNT, "--bic"];
        run(&[&account[..], &["044525225"]].concat(), "")?;
        let mut desk = Self { company: company.parse()?, shops: Vec::new(), tokens: Vec::new(), goods };
        for number in 1..=SHOPS {
            let name = format!("Shop {number}");
            let shop = run(&["shop", "create", "--company", &company, "--name", &name], "")?;
            let token = ["token", "create", "--company", &company, "--shop", &shop, "--scope", SCOPES];
            desk.tokens.push(run(&token, "")?);
            desk.shops.push(shop.parse()?);
        }
        let server = takt.serve(place).await?;
        desk.fill_the_shelf(&server).await?;
        server.stop().await?;
        Ok(desk)
    }

    async fn fill_the_shelf(&self, server: &Server) -> Result<()> {
        let mut connection = Connection::open(server.address).await?;
        let token = self.tokens.first().context("no shop")?;
        let put = |path: &str, body: serde_json::Value| {
            Request::new("PUT", path).json(body.to_string()).token(token)
        };
        for good in 0..self.goods {
            let product = json!({
                "name": orders::name(good), "unit": "pcs", "price": orders::price(good), "currency": "RUB",
                "vat": "22",
            });
            let path = format!("/api/v1/products/{}", orders::sku(good));
            succeeded(connection.ask(put(&path, product)).await?)?;
        }
        let goods: Vec<usize> = (0..self.goods).collect();
        for goods in goods.chunks(LEVELS_AT_ONCE) {
            let levels: Vec<_> =
                goods.iter().map(|good| json!({"sku": orders::sku(*good), "quantity": ON_SHELF})).collect();
            succeeded(connection.ask(put("/api/v1/stock", json!(levels))).await?)?;
        }
        Ok(())
    }
}

/// The cookie of the owner's session.
pub async fn sign_in(server: &Server) -> Result<String> {
    let mut connection = Connection::open(server.address).await?;
    let form = format!("email={}&password={}", OWNER.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let answer = succeeded(connection.ask(Request::new("POST", "/sign-in").form(&form)).await?)?;
    if answer.cookies.is_empty() {
        bail!("the owner was not let in");
    }
    Ok(answer.cookies.join("; "))
}

pub fn succeeded(answer: Answer) -> Result<Answer> {
    if answer.is_success() { Ok(answer) } else { bail!("{}: {}", answer.status, answer.text()) }
}
