//! A page of the log as one program sees it.

use std::collections::BTreeMap;

use serde::Serialize;
use takt_kernel::{CompanyId, Result, ShopId, TokenId};
use takt_orders::OrderId;
use takt_staff::ApiCaller;
use takt_store::{Db, Query, RecordedFact, facts};
use utoipa::ToSchema;

use crate::{
    body::FactBody,
    kinds::{Chosen, PUBLISHED},
};

/// How much of the log one question looks at: most of it may be of other companies.
const WINDOW: i64 = 5_000;
/// Windows that one page looks through before it answers with nothing.
const WINDOWS: usize = 8;
const REVOKED: &str = "staff.token_revoked";

/// Facts in the order in which they became visible.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactPage {
    pub items: Vec<FactBody>,
    /// Give it as `after` to get what comes next. Larger than the position of the last item where the log
    /// holds what is not told here.
    #[schema(example = 1042)]
    pub next: i64,
    /// More of the log may be there right now.
    pub more: bool,
    /// Who asks may not ask any more.
    #[serde(skip)]
    pub over: bool,
}

impl FactPage {
    /// Worth answering with before the time is over.
    pub fn has_something(&self) -> bool {
        !self.items.is_empty() || self.more || self.over
    }
}

/// What one program asks for and may know.
#[derive(Clone)]
pub(super) struct Reading {
    company: CompanyId,
    shop: ShopId,
    token: TokenId,
    /// `,orders.placed,orders.paid,`
    kinds: String,
    limit: i64,
}

impl Reading {
    pub fn of(caller: &ApiCaller, chosen: &Chosen, limit: i64) -> Self {
        let open = |scope: &str| caller.scopes.iter().any(|there| there == scope);
        let mut kinds = format!(",{REVOKED},");
        for published in PUBLISHED.iter().filter(|it| open(it.scope) && chosen.covers(it.kind)) {
            kinds.push_str(published.kind);
            kinds.push(',');
        }
        Self { company: caller.company, shop: caller.shop, token: caller.token, kinds, limit }
    }

    pub async fn page(&self, db: &Db, after: i64) -> Result<FactPage> {
        let reading = self.clone();
        db.read("webhooks.facts", move |reader| reading.read(reader, after)).await
    }

    fn read(&self, db: &mut dyn Query, after: i64) -> Result<FactPage> {
        let mut page = FactPage { items: Vec::new(), next: after, more: true, over: false };
        for _ in 0..WINDOWS {
            // Positions become visible in their order, so what is up to the end is all there will ever be.
            let end = facts::window_end(db, page.next, WINDOW)?;
            if end == page.next {
                page.more = false;
                return Ok(page);
            }
            let found = facts::of_company(db, self.company, &self.kinds, page.next, end, self.limit)?;
            let full = found.len() as i64 == self.limit;
            page.next = if full { found.last().map_or(end, |fact| fact.position) } else { end };
            page.over = found.iter().any(|fact| self.ends(fact));
            page.items = self.visible(db, found)?;
            if page.over || !page.items.is_empty() {
                page.more = full || facts::window_end(db, page.next, 1)? > page.next;
                return Ok(page);
            }
        }
        Ok(page)
    }

    fn ends(&self, fact: &RecordedFact) -> bool {
        fact.kind == REVOKED && fact.subject_id == self.token.get()
    }

    /// Without what is of other shops.
    fn visible(&self, db: &mut dyn Query, found: Vec<RecordedFact>) -> Result<Vec<FactBody>> {
        let of_order = |fact: &RecordedFact| fact.subject_kind == takt_orders::facts::SUBJECT;
        let mut orders: Vec<OrderId> =
            found.iter().filter(|fact| of_order(fact)).map(|fact| OrderId::new(fact.subject_id)).collect();
        orders.sort_unstable();
        orders.dedup();
        let shops: BTreeMap<i64, ShopId> = if orders.is_empty() {
            BTreeMap::new()
        } else {
            let orders = takt_orders::briefs(db, self.company, &orders)?;
            orders.into_iter().map(|order| (order.id.get(), order.shop)).collect()
        };
        Ok(found
            .iter()
            .filter(|fact| fact.kind != REVOKED)
            .filter(|fact| !of_order(fact) || shops.get(&fact.subject_id) == Some(&self.shop))
            .map(FactBody::of)
            .collect())
    }
}
