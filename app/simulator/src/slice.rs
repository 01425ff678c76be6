//! The slice of Online Retail that lies in `data/online-retail`, inside the binary: what was really
//! ordered, when and for how much. Prices become roubles at a fixed rate, names stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{Fault, Result, money::UnitPrice};

/// Roubles for a pound: round, so that everybody can reckon back.
pub const ROUBLES_PER_POUND: i64 = 100;

const ORDERS: &str = include_str!("../../../data/online-retail/orders.csv");
const PRODUCTS: &str = include_str!("../../../data/online-retail/products.csv");

/// Orders in the order in which they came, and every product that they name.
pub struct Slice {
    pub orders: Vec<RetailOrder>,
    pub products: BTreeMap<String, Product>,
}

pub struct RetailOrder {
    pub invoice: String,
    /// The number the source gives; `None` where it knows no customer.
    pub customer: Option<String>,
    pub lines: Vec<RetailLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetailLine {
    pub sku: String,
    pub quantity: i64,
    /// In roubles.
    pub price: UnitPrice,
}

pub struct Product {
    pub name: String,
    /// In roubles, as it was last sold.
    pub price: UnitPrice,
    /// How many the whole slice asks for.
    pub wanted: i64,
}

impl Slice {
    /// # Errors
    /// `simulator.data_unreadable`: the files in the binary are not what they should be.
    pub fn embedded() -> Result<Self> {
        Self::read(ORDERS, PRODUCTS)
    }

    /// The first of the orders, and only what they name.
    #[must_use]
    pub fn of_first(mut self, orders: usize) -> Self {
        self.orders.truncate(orders);
        let named: BTreeSet<&str> =
            self.orders.iter().flat_map(|order| &order.lines).map(|line| line.sku.as_str()).collect();
        self.products.retain(|sku, _| named.contains(sku.as_str()));
        self
    }

    fn read(orders: &str, products: &str) -> Result<Self> {
        let mut slice = Self { orders: Vec::new(), products: BTreeMap::new() };
        for (number, row) in rows(products) {
            let [sku, name] = columns(number, row)?;
            slice.products.insert(sku, Product { name, price: UnitPrice::default(), wanted: 0 });
        }
        for (number, row) in rows(orders) {
            slice.take(number, columns(number, row)?)?;
        }
        Ok(slice)
    }

    fn take(&mut self, number: usize, row: [String; 7]) -> Result<()> {
        let [_, invoice, customer, _, sku, quantity, price] = row;
        let unreadable = || unreadable(number);
        let quantity = quantity.parse::<i64>().map_err(|_| unreadable())?;
        let price = roubles(UnitPrice::parse(&price).map_err(|_| unreadable())?);
        let product = self.products.get_mut(&sku).ok_or_else(unreadable)?;
        product.price = price;
        product.wanted += quantity;
        let line = RetailLine { sku, quantity, price };
        match self.orders.last_mut() {
            Some(last) if last.invoice == invoice => last.lines.push(line),
            _ => {
                let customer = Some(customer).filter(|customer| !customer.is_empty());
                self.orders.push(RetailOrder { invoice, customer, lines: vec![line] });
            }
        }
        Ok(())
    }
}

fn roubles(pounds: UnitPrice) -> UnitPrice {
    UnitPrice::from_ten_thousandths(pounds.ten_thousandths().saturating_mul(ROUBLES_PER_POUND))
}

/// Rows with their line numbers, without the heading.
fn rows(file: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(file.lines()).skip(1).filter(|(_, row)| !row.is_empty())
}

fn columns<const N: usize>(number: usize, row: &str) -> Result<[String; N]> {
    let mut columns = vec![String::new()];
    let mut quoted = false;
    for letter in row.chars() {
        match (letter, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) => columns.push(String::new()),
            _ => columns.last_mut().ok_or_else(|| unreadable(number))?.push(letter),
        }
    }
    columns.try_into().map_err(|_| unreadable(number))
}

fn unreadable(line: usize) -> Fault {
    Fault::broken("simulator.data_unreadable").arg("line", line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slice_in_the_binary_is_what_its_readme_says() {
        let slice = Slice::embedded().expect("the embedded data");
        assert_eq!(slice.orders.len(), 1_500);
        assert_eq!(slice.orders.iter().map(|order| order.lines.len()).sum::<usize>(), 8_723);
        assert_eq!(slice.products.len(), 1_699);
        assert!(slice.products.values().all(|product| product.wanted > 0 && !product.name.is_empty()));
    }

    #[test]
    fn pounds_become_roubles_at_the_fixed_rate_and_quoted_names_keep_their_commas() {
        let slice = Slice::embedded().expect("the embedded data");
        let first = &slice.orders[0];
        assert_eq!((first.invoice.as_str(), first.customer.as_deref()), ("573747", Some("13697")));
        assert_eq!(first.lines[0].price.to_decimal_string(), "125.00");
        assert_eq!(slice.products["21111"].name, "SWISS ROLL TOWEL, CHOCOLATE SPOTS");
    }
}
