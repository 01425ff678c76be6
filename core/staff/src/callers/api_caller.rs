use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use takt_kernel::{Actor, CompanyId, Fault, Result, ShopId, TokenId};
use takt_store::Query;
use takt_ui::Lang;
use takt_web::{Failure, RequestLang, SIGN_IN_REQUIRED, Web};

use crate::{
    rights::{Permission, Permit, Rights, RoleSet, Scope},
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

    fn new(token: Token, rights: Rights, lang: Lang) -> Self {
        Self { token: token.id, company: token.company, shop: token.shop, scopes: token.scopes, lang, rights }
    }
}

impl FromRequestParts<Web> for ApiCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let RequestLang(lang) = RequestLang::from_request_parts(parts, web).await?;
        let unknown = || Failure(Fault::denied(SIGN_IN_REQUIRED));
        let secret = bearer(parts).ok_or_else(unknown)?;
        let (token, rights) = web
            .db
            .read("staff.api_caller", move |reader| {
                Ok((tokens::by_secret(reader, &secret)?, Rights::new(reader.slots())))
            })
            .await?;
        let token = token.ok_or_else(unknown)?;
        if tokens::is_use_worth_noting(&token, web.db.clock().now()) {
            let (company, id) = (token.company, token.id);
            web.db.write("staff.note_token_use", move |tx| tokens::note_use(tx, company, id)).await?;
        }
        Ok(Self::new(token, rights, lang))
    }
}

fn bearer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned())
}
