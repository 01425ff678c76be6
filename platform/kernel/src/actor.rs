use serde::{Deserialize, Serialize};

use crate::Id;

pub enum OrganisationTag {}
pub enum ShopTag {}
pub enum PersonTag {}
pub enum TokenTag {}
pub enum BuyerLinkTag {}

/// A company or a desk.
pub type OrganisationId = Id<OrganisationTag>;
/// The organisation that owns a row: always a company, and the first part of every key.
pub type CompanyId = OrganisationId;
pub type ShopId = Id<ShopTag>;
pub type PersonId = Id<PersonTag>;
pub type TokenId = Id<TokenTag>;
pub type BuyerLinkId = Id<BuyerLinkTag>;

/// Who did it. Written with every fact, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    Person {
        person: PersonId,
    },
    ShopToken {
        token: TokenId,
        shop: ShopId,
    },
    BuyerLink {
        link: BuyerLinkId,
    },
    /// A reaction, timer or job of ours; `version` is that of the rule that acted.
    System {
        listener: String,
        version: i64,
    },
}

impl Actor {
    pub fn system(listener: &str) -> Self {
        Self::System { listener: listener.to_owned(), version: 1 }
    }

    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { person } => Some(*person),
            Self::ShopToken { .. } | Self::BuyerLink { .. } | Self::System { .. } => None,
        }
    }

    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::ShopToken { token, .. } => Some(*token),
            Self::Person { .. } | Self::BuyerLink { .. } | Self::System { .. } => None,
        }
    }
}
