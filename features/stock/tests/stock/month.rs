//! A month of goods under one seed: they arrive, are ordered, counted, leave, come back fit or not. The test keeps a
//! book of its own beside: at the end no piece is lost and none is made.

use std::collections::BTreeMap;

use takt_kernel::{Actor, Kind, Result, money::Quantity};
use takt_orders::{OrderId, ReturnedPart, Unfit, cancel, confirm, record_returned, record_shipped};
use takt_store::{Query, Statement, Tx, checks};
use takt_testing::on_both_engines;

use crate::desk::{Desk, permit};

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most.max(1) as u64).expect("small")
    }

    fn units(&mut self, most: usize) -> i64 {
        1 + i64::try_from(self.below(most)).expect("small")
    }
}

struct Month {
    desk: Desk,
    dice: Dice,
    orders: Vec<OrderId>,
    /// Units: what arrived, what came back fit and what unfit.
    arrived: i64,
    fit: i64,
    unfit: i64,
    tally: BTreeMap<&'static str, usize>,
}

impl Month {
    async fn write<T: Send + 'static>(
        &self,
        command: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.desk.app.try_write(command).await
    }

    async fn live(&mut self, operations: usize) {
        for n in 0..operations {
            let (name, done) = match self.dice.below(20) {
                0..=3 => ("arrive", self.arrive().await),
                4..=9 => ("order", self.order(n).await),
                10..=13 => ("ship", self.ship().await),
                14..=17 => ("return", self.give_back().await),
                _ => ("cancel", self.cancel().await),
            };
            match done {
                Ok(()) => *self.tally.entry(name).or_default() += 1,
                Err(fault) if matches!(fault.kind(), Kind::Conflict | Kind::Invalid | Kind::Missing) => {}
                Err(fault) => unreachable!("{name}: {fault:?}"),
            }
            if self.dice.below(8) == 0 {
                self.desk.app.drain().await;
            }
        }
        self.desk.app.drain().await;
    }

    fn some_order(&mut self) -> OrderId {
        let back = self.dice.below(self.orders.len().min(40));
        self.orders[self.orders.len() - 1 - back]
    }

    async fn arrive(&mut self) -> Result<()> {
        let (units, tea) = (self.dice.units(12), self.dice.below(2) == 0);
        self.desk.receive(if tea { self.desk.tea } else { self.desk.cup }, units).await;
        self.arrived += units;
        Ok(())
    }

    async fn order(&mut self, n: usize) -> Result<()> {
        let lines = [("TEA-100", self.dice.units(4)), ("CUP-7", self.dice.units(4))];
        let number = format!("{n}-{}", self.orders.len());
        self.orders.push(self.desk.try_order(&self.desk.app.db, &number, &lines, "on_delivery").await?);
        Ok(())
    }

    async fn ship(&mut self) -> Result<()> {
        let (company, order, all) = (self.desk.company, self.some_order(), self.dice.below(2) == 0);
        self.write(move |tx| {
            if takt_orders::load(tx, company, order)?.confirmed_at.is_none() {
                confirm(tx, &permit(company), order)?;
            }
            let parts: Vec<_> = takt_orders::lines(tx, company, order)?
                .iter()
                .filter(|line| line.open().is_positive())
                .map(|line| (line.id, if all { line.open() } else { Quantity::whole(1) }))
                .collect();
            record_shipped(tx, company, order, &parts, &Actor::system("test")).map(|_| ())
        })
        .await
    }

    async fn give_back(&mut self) -> Result<()> {
        let (company, order) = (self.desk.company, self.some_order());
        let unfit = (self.dice.below(3) == 0).then_some(Unfit::ALL[self.dice.below(Unfit::ALL.len())]);
        let parts = self
            .write(move |tx| {
                let parts: Vec<ReturnedPart> = takt_orders::lines(tx, company, order)?
                    .iter()
                    .filter(|line| line.shipped > line.returned)
                    .map(|line| ReturnedPart { line: line.id, quantity: Quantity::whole(1), unfit })
                    .collect();
                record_returned(tx, company, order, &parts, &Actor::system("test"))?;
                Ok(parts)
            })
            .await?;
        let units = i64::try_from(parts.len()).expect("small");
        if unfit.is_none() {
            self.fit += units
        } else {
            self.unfit += units
        }
        Ok(())
    }

    async fn cancel(&mut self) -> Result<()> {
        let (company, order) = (self.desk.company, self.some_order());
        self.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await
    }

    /// Σ of thousandths, as units.
    async fn sum(&self, statement: &'static str) -> i64 {
        let sum = Statement::new(statement);
        self.desk.app.read(move |r| r.opt_of(&sum)?.expect("a row").get::<i64>("units")).await / 1_000
    }

    async fn no_piece_is_lost_and_none_is_made(&self) {
        let moved = async |kind: &'static str| {
            self.sum(match kind {
                "issue" => "select cast(coalesce(sum(-quantity), 0) as bigint) as units from stock_movement where kind = 'issue'",
                "return" => "select cast(coalesce(sum(quantity), 0) as bigint) as units from stock_movement where kind = 'return'",
                _ => "select cast(coalesce(sum(-quantity), 0) as bigint) as units from stock_movement where kind = 'write_off'",
            })
            .await
        };
        let lies =
            self.sum("select cast(coalesce(sum(on_hand), 0) as bigint) as units from stock_level").await;
        assert_eq!(lies, self.arrived - moved("issue").await + self.fit, "what lies there");
        assert_eq!(moved("return").await, self.fit + self.unfit, "what came back");
        assert_eq!(moved("write_off").await, self.unfit, "what was written off");
        let back = self.sum("select cast(coalesce(sum(returned), 0) as bigint) as units from order_line");
        assert_eq!(back.await, self.fit + self.unfit, "what orders took back");
        self.desk.is_sound().await;
        let found = self.desk.app.read(|r| {
            checks(r).into_iter().map(|check| Ok((check.code, (check.look)(r)?))).collect::<Result<Vec<_>>>()
        });
        let wrong: Vec<_> = found.await.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

on_both_engines! {
    async fn a_month_loses_no_piece_and_makes_none(place: Place) {
        let asked = std::env::var("TAKT_STOCK_OPERATIONS").ok().and_then(|text| text.parse().ok());
        let operations: usize = asked.unwrap_or(400);
        let desk = Desk::open(place).await;
        let first = desk.order("first", &[("TEA-100", 1), ("CUP-7", 1)]).await;
        let mut month = Month {
            desk, dice: Dice(11), orders: vec![first], arrived: 0, fit: 0, unfit: 0, tally: BTreeMap::new(),
        };
        for _ in 0..4 {
            month.live(operations / 4).await;
            month.no_piece_is_lost_and_none_is_made().await;
        }
        assert!(month.tally.len() == 5 && month.fit > 0 && month.unfit > 0, "{:?}", month.tally);
    }
}
