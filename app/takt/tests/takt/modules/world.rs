//! A company with shops whose modules are connected, and goods enough for all of them.

use futures::future::join_all;
use takt_connections::{ConnectionId, ManageConnections, NewConnection, create};
use takt_kernel::money::Quantity;
use takt_staff::{Permit, command_line, shops::NewShop};
use takt_stock::{Incoming, MoveStock};
use takt_store::Db;
use takt_testing::Place;

use super::{
    deliver::{Line, Story},
    plan,
    told::{Outcome, Summary, Told},
};
use crate::crash::{
    beside::Beside,
    dice::Dice,
    rest,
    world::{SKUS, World},
};

const SHOPS: usize = 2;
const PLENTY: i64 = 1_000_000;
/// Longer than a stored message is left to the node that stored it.
const PASSES: i64 = 180 * 1_000_000;

pub struct Shop {
    pub connection: ConnectionId,
    /// The module's.
    pub key: String,
    /// The desk's program.
    pub token: String,
}

pub struct Shops {
    pub world: World,
    pub shops: Vec<Shop>,
    pub stories: Vec<Story>,
}

impl Shops {
    pub async fn open(place: Place, orders: usize, dice: &mut Dice) -> Self {
        let world = World::found(place).await;
        let db = world.open().await;
        let mut shops = Vec::new();
        let mut stories = Vec::new();
        for number in 0..SHOPS {
            shops.push(connect(&world, &db, number).await);
            let lives = plan::shop(number, orders, dice);
            stories.extend(lives.into_iter().map(|life| Story { life, told: Told::default() }));
        }
        let company = world.company;
        db.write("test.goods", move |tx| {
            for sku in SKUS {
                let offer = takt_stock::offer_of(tx, company, sku)?;
                let permit = Permit::<MoveStock>::system(company, "test");
                takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(PLENTY)))?;
            }
            Ok(())
        })
        .await
        .expect("goods");
        db.close().await;
        Self { world, shops, stories }
    }

    pub fn count(&self) -> usize {
        self.shops.len()
    }

    pub fn left(&self) -> usize {
        self.stories.iter().map(|story| story.life.queue.len()).sum()
    }

    /// Everybody delivers their share at once, until it is through or nobody answers.
    pub async fn work(&mut self, address: &str, mut dice: Dice, most: usize) {
        let share = most / self.stories.len().max(1) + 1;
        let (http, shops) = (&self.world.http, &self.shops);
        let all = self.stories.iter_mut().map(|story| {
            let mut line =
                Line { http, address, shop: &shops[story.life.shop], dice: Dice::new(dice.roll()) };
            async move { line.deliver(story, share).await }
        });
        join_all(all).await;
    }

    /// While the program is down: everything that happened is older than it was, the dead hold nothing, and one
    /// shop is paused.
    pub async fn time_passes(&self, paused: Option<usize>) {
        rest::an_hour_passes(&self.world).await;
        let beside = Beside::open(&self.world.starter.database).await;
        for (table, column) in [
            ("connection_message", "received_at"),
            ("retailcrm_word", "said_at"),
            ("stock_level", "counted_at"),
            ("stock_movement", "at"),
        ] {
            beside
                .execute(&format!(
                    "update {table} set {column} = {column} - {PASSES} where {column} > {PASSES}"
                ))
                .await;
        }
        for table in ["retailcrm_order", "retailcrm_word"] {
            let earlier = match &beside {
                Beside::Sqlite(_) => {
                    format!("json_group_object(key, value - {PASSES}) from json_each(said_fields)")
                }
                Beside::Postgres(_) => format!(
                    "cast(json_object_agg(key, cast(value as bigint) - {PASSES}) as text)
                     from json_each_text(cast(said_fields as json))"
                ),
            };
            beside
                .execute(&format!(
                    "update {table} set said_fields = (select {earlier}) where said_fields is not null"
                ))
                .await;
        }
        beside.execute("update connection set paused = false").await;
        if let Some(shop) = paused {
            let id = self.shops[shop].connection;
            beside.execute(&format!("update connection set paused = true where id = {id}")).await;
        }
    }

    /// What is looked at every minute is looked at now.
    pub async fn hurry(&self) {
        let beside = Beside::open(&self.world.starter.database).await;
        beside.execute("update timer set fire_at = 1 where kind = 'connections.apply_unfinished'").await;
    }

    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for (_, outcome) in self.stories.iter().flat_map(|story| &story.told.log) {
            match outcome {
                Outcome::Unanswered => summary.unanswered += 1,
                Outcome::Stored => {
                    summary.stored += 1;
                    summary.answered += 1;
                }
                _ => summary.answered += 1,
            }
        }
        summary.orders = self.stories.iter().filter(|story| story.told.order() != [None].into()).count();
        summary
    }
}

async fn connect(world: &World, db: &Db, number: usize) -> Shop {
    let (company, name) = (world.company, world.company.to_string());
    let new = NewShop { name: format!("Module {number}"), currency: None };
    let id = command_line::create_shop(db, &name, new).await.expect("a shop");
    let (connection, key) = db
        .write("test.connection", move |tx| {
            let permit = Permit::<ManageConnections>::system(company, "test");
            create(
                tx,
                &permit,
                &NewConnection { shop: id, kind: "retailcrm".to_owned(), name: String::new() },
            )
        })
        .await
        .expect("a connection");
    let scopes = "orders:write orders:read";
    let (_, token) =
        command_line::create_token(db, &name, &id.to_string(), "desk", scopes).await.expect("a token");
    Shop { connection, key, token }
}
