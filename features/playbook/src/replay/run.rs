//! A back-test over all orders of a company, page by page: two pages at a time, and never more than those in memory.

use std::sync::Arc;

use futures::future::join;
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_orders::OrderId;
use takt_playbook_language::Playbook;
use takt_staff::shops;
use takt_store::{Db, Query as _};
use takt_tasks::past::usual_seconds;

use super::{
    backtest::{BackTest, Span, compare},
    board::Usual,
    company::CompanyPast,
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

/// What a document would have done with the orders of a span. Reads only.
///
/// # Errors
/// `playbook.span_unfit`, faults of the store.
pub async fn backtest(
    db: &Db,
    company: CompanyId,
    playbook: Arc<Playbook>,
    span: Span,
    mut progress: impl FnMut(Progress),
) -> Result<BackTest> {
    let seconds = span.to.micros_since(span.from) / 1_000_000;
    if seconds <= 0 || seconds > LONGEST_SECONDS {
        return Err(Fault::field("to", "playbook.span_unfit"));
    }
    let (ground, shops) = db
        .read("playbook.backtest_ground", move |reader| {
            let ground = Ground {
                past: CompanyPast::load(reader, company)?,
                usual: usual_seconds(reader, company, span.from, span.to.plus_seconds(AFTERMATH_SECONDS))?,
                playbook,
                now: reader.now(),
            };
            Ok((Arc::new(ground), shops::list(reader, company)?))
        })
        .await?;
    let mut whole = BackTest::default();
    let count = i64::try_from(shops.len()).unwrap_or(1).max(1);
    for (number, shop) in (0..).zip(shops) {
        let mut after = After { placed_at: span.from.plus_micros(-1), order: OrderId::new(i64::MAX) };
        loop {
            let shop = shop.id;
            let page = db
                .read("playbook.backtest_orders", move |reader| {
                    orders_after(reader, company, shop, after, span.to, 2 * ORDERS_AT_ONCE)
                })
                .await?;
            let Some(last) = page.last().copied() else { break };
            let (one, other) = page.split_at(page.len().div_ceil(2));
            let (one, other) = join(asked(db, &ground, one), asked(db, &ground, other)).await;
            whole.add(one?);
            whole.add(other?);
            let passed = last.placed_at.micros_since(span.from) / 1_000_000;
            let percent = (number * 100 + passed.saturating_mul(100) / seconds.max(1)) / count;
            progress(Progress { orders: whole.orders, percent: percent.clamp(0, 100) });
            after = last;
        }
    }
    Ok(whole)
}

async fn asked(db: &Db, ground: &Arc<Ground>, orders: &[After]) -> Result<BackTest> {
    let orders: Vec<OrderId> = orders.iter().map(|after| after.order).collect();
    if orders.is_empty() {
        return Ok(BackTest::default());
    }
    let ground = Arc::clone(ground);
    db.read("playbook.backtest_page", move |reader| {
        let mut test = BackTest::default();
        for story in stories(reader, ground.past.company, &orders)? {
            test.add(compare(&story.facts, &ground.past, &ground.playbook, &ground.usual, ground.now)?);
        }
        Ok(test)
    })
    .await
}
