//! A back-test over all orders of a company, page by page: two pages at a time, and never more than those in memory.

use std::{collections::VecDeque, sync::Arc};

use futures::future::join;
use takt_kernel::{CompanyId, Fault, Result, ShopId, Timestamp};
use takt_orders::OrderId;
use takt_playbook_language::Playbook;
use takt_staff::shops;
use takt_store::{Db, Query as _};
use takt_tasks::past::usual_seconds;
use takt_ui::Lang;

use super::{
    backtest::{BackTest, Span, compare},
    board::Usual,
    company::{CompanyPast, Needed},
    story::{After, orders_after, stories},
};

const ORDERS_AT_ONCE: i64 = 100;
/// A year of a company at a time is enough, and the numbers by day stay few.
const LONGEST_SECONDS: i64 = 370 * 86_400;
/// Deadlines of the orders of a span lie a little behind it.
const AFTERMATH_SECONDS: i64 = 7 * 86_400;

/// How far it is: orders so far, and percent of the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub orders: u64,
    pub percent: i64,
}

/// What everything is asked against.
struct Ground {
    past: CompanyPast,
    usual: Usual,
    playbook: Arc<Playbook>,
    now: Timestamp,
}

/// A back-test under way.
pub struct Running {
    db: Db,
    ground: Arc<Ground>,
    span: Span,
    shops: VecDeque<ShopId>,
    all_shops: usize,
    after: After,
    whole: BackTest,
}

impl Span {
    /// # Errors
    /// `playbook.span_unfit`.
    pub fn check(&self) -> Result<()> {
        let seconds = self.seconds();
        if seconds <= 0 || seconds > LONGEST_SECONDS {
            return Err(Fault::field("to", "playbook.span_unfit"));
        }
        Ok(())
    }

    fn seconds(&self) -> i64 {
        self.to.micros_since(self.from) / 1_000_000
    }

    fn before(&self) -> After {
        After { placed_at: self.from.plus_micros(-1), order: OrderId::new(i64::MAX) }
    }
}

impl Running {
    /// What a document would have done with the orders of a span. Reads only.
    ///
    /// # Errors
    /// `playbook.span_unfit`, faults of the store.
    pub async fn begin(db: &Db, company: CompanyId, playbook: Arc<Playbook>, span: Span) -> Result<Self> {
        span.check()?;
        let (ground, shops) = db
            .read("playbook.backtest_ground", move |reader| {
                let until = span.to.plus_seconds(AFTERMATH_SECONDS);
                let ground = Ground {
                    past: CompanyPast::load(reader, company, Lang::Ru, Needed::All)?,
                    usual: usual_seconds(reader, company, span.from, until)?,
                    playbook,
                    now: reader.now(),
                };
                Ok((Arc::new(ground), shops::list(reader, company)?))
            })
            .await?;
        let shops: VecDeque<ShopId> = shops.into_iter().map(|shop| shop.id).collect();
        let (all_shops, after) = (shops.len(), span.before());
        Ok(Self { db: db.clone(), ground, span, shops, all_shops, after, whole: BackTest::default() })
    }

    /// The next pages. `None` when there are no more.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn step(&mut self) -> Result<Option<Progress>> {
        let Some(shop) = self.shops.front().copied() else { return Ok(None) };
        let (company, after, before) = (self.ground.past.company, self.after, self.span.to);
        let page = self
            .db
            .read("playbook.backtest_orders", move |reader| {
                orders_after(reader, company, shop, after, before, 2 * ORDERS_AT_ONCE)
            })
            .await?;
        match page.last() {
            Some(last) => {
                let (one, other) = page.split_at(page.len().div_ceil(2));
                let (one, other) = join(self.asked(one), self.asked(other)).await;
                self.whole.add(one?);
                self.whole.add(other?);
                self.after = *last;
            }
            None => {
                self.shops.pop_front();
                self.after = self.span.before();
            }
        }
        Ok(Some(Progress { orders: self.whole.orders, percent: self.percent() }))
    }

    fn percent(&self) -> i64 {
        let count = |shops: usize| i64::try_from(shops).unwrap_or(1);
        let passed = self.after.placed_at.micros_since(self.span.from).max(0) / 1_000_000;
        let of_shop = passed.saturating_mul(100) / self.span.seconds().max(1);
        let through = count(self.all_shops - self.shops.len());
        ((through * 100 + of_shop) / count(self.all_shops).max(1)).clamp(0, 100)
    }

    /// What came of it so far.
    pub fn end(self) -> BackTest {
        self.whole
    }

    async fn asked(&self, orders: &[After]) -> Result<BackTest> {
        let orders: Vec<OrderId> = orders.iter().map(|after| after.order).collect();
        if orders.is_empty() {
            return Ok(BackTest::default());
        }
        let ground = Arc::clone(&self.ground);
        self.db
            .read("playbook.backtest_page", move |reader| {
                let mut test = BackTest::default();
                for story in stories(reader, ground.past.company, &orders)? {
                    let of_order =
                        compare(&story.facts, &ground.past, &ground.playbook, &ground.usual, ground.now)?;
                    test.add(of_order);
                }
                Ok(test)
            })
            .await
    }
}
