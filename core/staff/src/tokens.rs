//! API tokens: a shop's program, narrowed to scopes. The secret is shown once; its digest is kept.

use takt_kernel::{CompanyId, Fault, Result, ShopId, Timestamp, TokenId};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{
    callers::known_tokens::KNOWN_TOKENS,
    facts::{self, TokenIssued, TokenRevoked},
    input::required_name,
    rights::{Permit, Rights, own::ManageTokens},
    secret, shops,
};

/// So that a leaked secret can be recognised wherever it turns up.
pub const PREFIX: &str = "takt_";
/// Letters and digits of a key that programs of others take only in this form.
pub const KEY_LENGTH: usize = 32;
/// "Last used" is a hint for people; more exact it would cost a write per request.
const USED_STEP_SECONDS: i64 = 60;

#[derive(Clone, Debug)]
pub struct Token {
    pub id: TokenId,
    pub company: CompanyId,
    pub shop: ShopId,
    pub name: String,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Issues a token; the secret leaves here and never again. `scopes` reads `orders:write,orders:read`.
///
/// # Errors
/// `staff.name_required`, `staff.shop_missing`, `staff.scope_unknown`, `staff.scope_required`.
pub fn issue(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageTokens>,
    shop: ShopId,
    name: &str,
    scopes: &str,
) -> Result<(TokenId, String)> {
    let secret = format!("{PREFIX}{}", secret::new(tx.entropy())?);
    keep(tx, permit, shop, name, scopes, secret)
}

/// Issues a token whose secret is 32 letters and digits without a prefix: 190 bits, in the form that modules of
/// online stores ask their users for.
///
/// # Errors
/// As [`issue`].
pub fn issue_key(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageTokens>,
    shop: ShopId,
    name: &str,
    scopes: &str,
) -> Result<(TokenId, String)> {
    let long = secret::new(tx.entropy())?;
    // The first of the 43 digits are not evenly spread.
    let key = long.get(long.len() - KEY_LENGTH..).unwrap_or(&long).to_owned();
    keep(tx, permit, shop, name, scopes, key)
}

fn keep(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageTokens>,
    shop: ShopId,
    name: &str,
    scopes: &str,
    secret: String,
) -> Result<(TokenId, String)> {
    let name = required_name(name)?;
    let shop = shops::get(tx, permit.company(), shop)?;
    let scopes = Rights::new(tx.slots()).parse_scopes(scopes)?;
    let id: TokenId = tx.new_id();
    tx.put(
        sql!(
            "insert into token (company_id, id, shop_id, name, secret_hash, scopes, created_at)
             values (:company_id, :id, :shop_id, :name, :secret_hash, :scopes, :now)"
        ),
        params![
            company_id: shop.company, id: id, shop_id: shop.id, name: name,
            secret_hash: secret::digest(&secret), scopes: scopes.join(" "), now: tx.now(),
        ],
    )?;
    tx.say(
        facts::about_token(shop.company, id, permit.actor()),
        &TokenIssued { name: name.to_owned(), shop: shop.id, scopes },
    )?;
    Ok((id, secret))
}

/// The token opens nothing from now on. Doing it again changes nothing.
///
/// # Errors
/// `staff.token_missing`.
pub fn revoke(tx: &mut Tx<'_>, permit: &Permit<ManageTokens>, id: TokenId) -> Result<()> {
    let token = by_id(tx, permit.company(), id)?.ok_or_else(|| Fault::missing("staff.token_missing"))?;
    if token.revoked_at.is_some() {
        return Ok(());
    }
    for known in tx.slots().of(&KNOWN_TOKENS) {
        known.forget_all(tx.now());
    }
    tx.put(
        sql!(
            "update token
             set revoked_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![company_id: token.company, id: id, now: tx.now()],
    )?;
    tx.say(facts::about_token(token.company, id, permit.actor()), &TokenRevoked { shop: token.shop })
}

pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Token>> {
    let rows = db.all(
        sql!(
            "select id, company_id, shop_id, name, scopes, created_at, used_at, revoked_at
             from token
             where company_id = :company_id
             order by created_at desc, id desc
             limit 500"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(read).collect()
}

/// The live token behind a secret.
pub(crate) fn by_secret(db: &mut dyn Query, secret: &str) -> Result<Option<Token>> {
    if !secret.starts_with(PREFIX) && !is_key(secret) {
        return Ok(None);
    }
    let row = db.opt(
        sql!(
            "select id, company_id, shop_id, name, scopes, created_at, used_at, revoked_at
             from token
             where secret_hash = :secret_hash and revoked_at is null"
        ),
        params![secret_hash: secret::digest(secret)],
    )?;
    row.as_ref().map(read).transpose()
}

fn is_key(secret: &str) -> bool {
    secret.len() == KEY_LENGTH && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A token by its id, revoked or not.
pub(crate) fn by_id(db: &mut dyn Query, company: CompanyId, id: TokenId) -> Result<Option<Token>> {
    let row = db.opt(
        sql!(
            "select id, company_id, shop_id, name, scopes, created_at, used_at, revoked_at
             from token
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    row.as_ref().map(read).transpose()
}

pub(crate) fn is_use_worth_noting(token: &Token, now: Timestamp) -> bool {
    token.used_at.is_none_or(|used| now.seconds_since(used) >= USED_STEP_SECONDS)
}

pub(crate) fn note_use(tx: &mut Tx<'_>, company: CompanyId, id: TokenId) -> Result<()> {
    tx.put(
        sql!(
            "update token
             set used_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id, now: tx.now()],
    )
}

fn read(row: &Row) -> Result<Token> {
    Ok(Token {
        id: row.get("id")?,
        company: row.get("company_id")?,
        shop: row.get("shop_id")?,
        name: row.get("name")?,
        scopes: row.get::<String>("scopes")?.split(' ').map(str::to_owned).collect(),
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
