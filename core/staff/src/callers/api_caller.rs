use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use takt_kernel::{Actor, CompanyId, Fault, Result, ShopId, TokenId};
use takt_store::Query;
use takt_ui::Lang;
use takt_web::{Failure, RequestLang, SIGN_IN_REQUIRED, Web};

use super::known_tokens::KNOWN_TOKENS;
use crate::{
    rights::{Permission, Permit, Rights, RoleSet, Scope},
    secret,
    tokens::{self, Token},
};

/// A shop's program with a live token. It reaches its own shop and what its scopes name.
#[derive(Clone)]
pub struct ApiCaller {
    pub token: TokenId,
    pub company: CompanyId,
    pub shop: ShopId,
    pub scopes: Vec<String>,
    pub lang: Lang,
    rights: Rights,
}

impl ApiCaller {
    pub fn actor(&self) -> Actor {
        Actor::ShopToken { token: self.token, shop: self.shop }
    }

    pub fn scope(&self) -> Scope {
        Scope::Company { company: self.company, shops: Some(vec![self.shop]) }
    }

    /// # Errors
    /// `staff.scope_missing`, naming the scope that the token would need.
    pub fn permit<P: Permission>(&self) -> Result<Permit<P>> {
        if !self.rights.opened_by(P::CODE, &self.scopes) {
            let needed = self.rights.of(P::CODE).and_then(|row| row.scope).unwrap_or("-");
            return Err(Fault::denied("staff.scope_missing").arg("scope", needed));
        }
        let roles = self.rights.of(P::CODE).map_or(RoleSet::EMPTY, |row| RoleSet::from(row.roles));
        Ok(Permit::grant(self.actor(), self.company, Some(self.shop), roles, self.lang))
    }

    /// Whoever has this secret, for protocols that send it elsewhere than in a bearer header.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn of_secret(web: &Web, secret: String) -> Result<Option<Self>> {
        let Some(token) = token_of(web, secret).await? else { return Ok(None) };
        Ok(Some(Self::new(&token, Rights::new(web.db.shared_slots()), Lang::default())))
    }

    /// The program behind a token, for what it asked for earlier and is done only now.
    ///
    /// # Errors
    /// `staff.token_missing`.
    pub fn of_token(db: &mut dyn Query, company: CompanyId, token: TokenId) -> Result<Self> {
        let token =
            tokens::by_id(db, company, token)?.ok_or_else(|| Fault::missing("staff.token_missing"))?;
        let rights = Rights::new(db.slots());
        Ok(Self::new(&token, rights, Lang::default()))
    }

    fn new(token: &Token, rights: Rights, lang: Lang) -> Self {
        let scopes = token.scopes.clone();
        Self { token: token.id, company: token.company, shop: token.shop, scopes, lang, rights }
    }
}

impl FromRequestParts<Web> for ApiCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let RequestLang(lang) = RequestLang::from_request_parts(parts, web).await?;
        let unknown = || Failure(Fault::denied(SIGN_IN_REQUIRED));
        let secret = bearer(parts).ok_or_else(unknown)?;
        let token = token_of(web, secret).await?.ok_or_else(unknown)?;
        let rights = Rights::new(web.db.shared_slots());
        Ok(Self::new(&token, rights, lang))
    }
}

async fn token_of(web: &Web, secret: String) -> Result<Option<Arc<Token>>> {
    let (digest, now) = (secret::digest(&secret), web.db.clock().now());
    let known = web.db.slots().of(&KNOWN_TOKENS).next();
    if let Some(token) = known.and_then(|known| known.get(&digest, now)) {
        return Ok(Some(token));
    }
    let token = web.db.read("staff.api_caller", move |reader| tokens::by_secret(reader, &secret)).await?;
    let Some(token) = token.map(Arc::new) else { return Ok(None) };
    if tokens::is_use_worth_noting(&token, now) {
        let (company, id) = (token.company, token.id);
        web.db.write("staff.note_token_use", move |tx| tokens::note_use(tx, company, id)).await?;
    }
    if let Some(known) = known {
        known.keep(digest, token.clone(), now);
    }
    Ok(Some(token))
}

fn bearer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned())
}
