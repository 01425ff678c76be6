use std::{fmt, marker::PhantomData};

use takt_kernel::{Actor, CompanyId, Fault, Result, ShopId};
use takt_ui::Lang;

use super::{Permission, RoleSet};

/// Proof that somebody may do `P` in one company. Nothing outside this crate can make one except
/// by asking a caller, or by acting as the program itself ([`Permit::system`]).
pub struct Permit<P: Permission> {
    grant: Grant,
    of: PhantomData<fn() -> P>,
}

#[derive(Clone, Debug)]
struct Grant {
    actor: Actor,
    company: CompanyId,
    shop: Option<ShopId>,
    roles: RoleSet,
    lang: Lang,
}

impl<P: Permission> Permit<P> {
    pub(crate) fn grant(
        actor: Actor,
        company: CompanyId,
        shop: Option<ShopId>,
        roles: RoleSet,
        lang: Lang,
    ) -> Self {
        Self { grant: Grant { actor, company, shop, roles, lang }, of: PhantomData }
    }

    /// For what Takt does by itself: reactions, timers, jobs. `listener` names who acts and stands
    /// in every fact that follows. Never for a request: a request has a caller.
    pub fn system(company: CompanyId, listener: &str) -> Self {
        Self::grant(Actor::system(listener), company, None, RoleSet::all(), Lang::default())
    }

    pub fn actor(&self) -> &Actor {
        &self.grant.actor
    }
    pub fn company(&self) -> CompanyId {
        self.grant.company
    }
    /// The roles the actor has there, for rules that ask more than the permission does.
    pub fn roles(&self) -> RoleSet {
        self.grant.roles
    }
    pub fn lang(&self) -> Lang {
        self.grant.lang
    }
    /// The only shop this reaches, when it came from a shop's token.
    pub fn shop(&self) -> Option<ShopId> {
        self.grant.shop
    }

    /// # Errors
    /// `staff.shop_missing` when the permit was given for another shop.
    pub fn reaches_shop(&self, shop: ShopId) -> Result<()> {
        match self.grant.shop {
            Some(only) if only != shop => Err(Fault::missing("staff.shop_missing").arg("given", shop)),
            Some(_) | None => Ok(()),
        }
    }
}

impl<P: Permission> Clone for Permit<P> {
    fn clone(&self) -> Self {
        Self { grant: self.grant.clone(), of: PhantomData }
    }
}
impl<P: Permission> fmt::Debug for Permit<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit<{}> {:?}", P::CODE, self.grant)
    }
}
