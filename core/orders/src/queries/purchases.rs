use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Result, ShopId, Timestamp, money::Money};
use takt_store::{Query, Question, Row, params, sql};

use crate::{order::OrderId, stage::Stage};

/// Of each card the newest are looked at: behind one phone may stand a marketplace with a million orders.
const MOST: i64 = 200;
/// Whoever has more cards is told of the first.
const MOST_CARDS: usize = 50;

/// What a customer has bought in all shops of the company; what was cancelled is not bought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purchases {
    pub orders: i64,
    pub shops: i64,
    /// One sum for each currency.
    pub sums: Vec<Money>,
    /// The newest besides the order that is looked at.
    pub last: Option<LastPurchase>,
    /// There are more than these, which are the newest.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastPurchase {
    pub id: OrderId,
    pub number: String,
    pub at: Timestamp,
}

/// What these customers, who are one person, have bought. `besides` is the order that is looked at.
///
/// # Errors
/// Faults of the store.
pub fn purchases(
    db: &mut dyn Query,
    company: CompanyId,
    customers: &[CustomerId],
    besides: Option<OrderId>,
) -> Result<Purchases> {
    let cards = customers.iter().take(MOST_CARDS);
    let asked: Vec<Question> = cards.map(|customer| newest_of(company, *customer)).collect();
    let mut bought = Purchases { more: customers.len() > MOST_CARDS, ..Purchases::default() };
    let mut shops: Vec<ShopId> = Vec::new();
    for of_card in db.all_at_once(&asked)? {
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        bought.more |= of_card.len() > most;
        for row in of_card.iter().take(most) {
            if Stage::from_code(&row.get::<String>("stage")?)? != Stage::Cancel {
                shops.push(row.get("shop_id")?);
                bought.add(row, besides)?;
            }
        }
    }
    shops.sort_unstable();
    shops.dedup();
    bought.shops = i64::try_from(shops.len()).unwrap_or_default();
    bought.sums.sort_unstable_by_key(|sum| sum.currency().code());
    Ok(bought)
}

/// One more than is looked at.
fn newest_of(company: CompanyId, customer: CustomerId) -> Question {
    Question::new(
        sql!(
            "select id, number, shop_id, stage, currency, total_minor, placed_at
             from orders
             where company_id = :company_id and customer_id = :customer_id
             order by placed_at desc, id desc
             limit :most"
        ),
        params![company_id: company, customer_id: customer, most: MOST + 1],
    )
}

impl Purchases {
    fn add(&mut self, row: &Row, besides: Option<OrderId>) -> Result<()> {
        let sum = row.money("total_minor", "currency")?;
        self.orders += 1;
        match self.sums.iter_mut().find(|known| known.currency() == sum.currency()) {
            Some(known) => *known = known.add(sum)?,
            None => self.sums.push(sum),
        }
        let (id, at): (OrderId, Timestamp) = (row.get("id")?, row.get("placed_at")?);
        let newer = self.last.as_ref().is_none_or(|last| (last.at, last.id) < (at, id));
        if newer && besides != Some(id) {
            self.last = Some(LastPurchase { id, number: row.get("number")?, at });
        }
        Ok(())
    }
}
