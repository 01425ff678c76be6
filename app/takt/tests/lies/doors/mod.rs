//! Every way by which something from outside reaches the payment of an order, each with its lies.

mod asked;
mod brought;
mod buyer;
mod files;
mod folder;
mod hand;
mod orders;
mod push;
mod retailcrm;
mod shops;

pub use files::{Credit, one_c};

use takt_simulator::Chance;

use crate::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// A bank tells by itself.
    Push,
    /// A bank is asked: DirectBank, REST.
    Asked,
    /// An accountant takes a file in.
    File,
    Folder,
    /// A person says that money came.
    Hand,
    /// Orders of a shop's program.
    Api,
    RetailCrm,
    WooCommerce,
    Shopify,
    /// A table of orders that somebody brings, and a file of lines on the command line.
    Table,
    Lines,
    /// The buyer's own page.
    Buyer,
}

impl Door {
    pub const ALL: [Self; 12] = [
        Self::Push,
        Self::Asked,
        Self::File,
        Self::Folder,
        Self::Hand,
        Self::Api,
        Self::RetailCrm,
        Self::WooCommerce,
        Self::Shopify,
        Self::Table,
        Self::Lines,
        Self::Buyer,
    ];

    /// How often of a thousand: what is told without proof often, what takes its time seldom.
    const fn share(self) -> i64 {
        match self {
            Self::Push => 440,
            Self::Asked | Self::Folder | Self::Table => 5,
            Self::File => 125,
            Self::Hand => 100,
            Self::Api | Self::RetailCrm => 80,
            Self::WooCommerce => 50,
            Self::Shopify | Self::Lines => 30,
            Self::Buyer => 50,
        }
    }

    pub fn by_chance(chance: &mut Chance) -> Self {
        let whole = Self::ALL.iter().map(|door| door.share()).sum::<i64>();
        let mut place = chance.between(0, whole - 1);
        for door in Self::ALL {
            place -= door.share();
            if place < 0 {
                return door;
            }
        }
        Self::Push
    }
}

/// What was tried.
pub struct Lied {
    pub what: &'static str,
    /// Whoever believed it would have moved money.
    pub grave: bool,
}

impl Lied {
    pub const fn gravely(what: &'static str) -> Self {
        Self { what, grave: true }
    }

    pub const fn idly(what: &'static str) -> Self {
        Self { what, grave: false }
    }
}

pub struct Doors {
    push: push::Banks,
    asked: asked::Liar,
    files: files::Files,
    folder: folder::Folder,
    hand: hand::Words,
    retailcrm: retailcrm::Module,
    shops: shops::Shops,
    brought: brought::Tables,
}

impl Doors {
    pub async fn open(world: &mut World) -> Self {
        let doors = Self {
            push: push::Banks::open(world).await,
            asked: asked::Liar::open(world).await,
            files: files::Files::open(world).await,
            folder: folder::Folder::open(world).await,
            hand: hand::Words::default(),
            retailcrm: retailcrm::Module::open(world).await,
            shops: shops::Shops::open(world).await,
            brought: brought::Tables::open(world).await,
        };
        world.app.drain().await;
        doors
    }

    /// Other orders wait now.
    pub async fn renew(&mut self, world: &mut World) {
        self.push.renew(world);
        self.hand = hand::Words::default();
        self.retailcrm.renew();
    }

    pub async fn lie(&mut self, world: &mut World, door: Door) -> Lied {
        match door {
            Door::Push => self.push.lie(world).await,
            Door::Asked => self.asked.lie(world).await,
            Door::File => self.files.lie(world).await,
            Door::Folder => self.folder.lie(world).await,
            Door::Hand => self.hand.lie(world).await,
            Door::Api => orders::lie(world).await,
            Door::RetailCrm => self.retailcrm.lie(world).await,
            Door::WooCommerce => self.shops.woocommerce(world).await,
            Door::Shopify => self.shops.shopify(world).await,
            Door::Table => self.brought.lie(world).await,
            Door::Lines => brought::lines(world).await,
            Door::Buyer => buyer::lie(world).await,
        }
    }

    pub async fn every_refusal_is_kept(&self, world: &World) {
        self.push.every_refusal_is_kept(world).await;
    }
}
