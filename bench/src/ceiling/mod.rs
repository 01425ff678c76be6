//! What the machine allows: the same rows by the driver alone, an answer of HTTP with nothing behind
//! it, a sync of the disk. Measured between the rounds of what they are a ceiling of.

pub mod disk;
pub mod facts;
pub mod http;
pub mod lists;
pub mod postgres;
pub mod sqlite;

/// One order with three lines, its customer and a row of an outbox.
const ADDRESS: &str = "Казань, ул. Баумана, 1";
const FACT: &str = r#"{"number":"1001","shop":16390,"external_id":"a-1","source":"api","status":"new","terms":"prepaid","credit_days":0,"currency":"RUB","goods":"1197.00","discount":"0.00","delivery":"300.00","total":"1497.00","in_full":false,"pickup":false,"units":"3","lines":[{"line":17001,"sku":"SKU-00001","known":true,"name":"Рамка для фото","quantity":"1","unit":"pcs","price":"399.00","total":"399.00"}],"customer":17000}"#;

/// Plain tables, with the columns and indexes that no order desk could do without.
const TABLES: &str = "
create table customer (
  company_id bigint not null, id bigint not null, name text not null, phone text, email text,
  created_at bigint not null, primary key (company_id, id));
create table orders (
  company_id bigint not null, id bigint not null, shop_id bigint not null, number text not null,
  external_id text not null, status text not null, currency text not null, customer_id bigint not null,
  delivery_address text, comment text, total_minor bigint not null, placed_at bigint not null,
  primary key (company_id, id));
create index orders_by_status on orders (company_id, status, placed_at, id);
create table order_line (
  company_id bigint not null, order_id bigint not null, id bigint not null, sku text not null, name text not null,
  quantity bigint not null, price bigint not null, total_minor bigint not null,
  primary key (company_id, order_id, id));
create table outbox (
  id bigint not null primary key, company_id bigint not null, kind text not null, at bigint not null,
  body text not null);
";

const INSERT_CUSTOMER: &str = "insert into customer (company_id, id, name, phone, email, created_at)
 values (1, $1, $2, $3, $4, $5)";
const INSERT_ORDER: &str =
    "insert into orders (company_id, id, shop_id, number, external_id, status, currency,
 customer_id, delivery_address, comment, total_minor, placed_at)
 values (1, $1, 7, $2, $3, 'new', 'RUB', $1, $4, 'позвонить', 149700, $5)";
const INSERT_LINE: &str =
    "insert into order_line (company_id, order_id, id, sku, name, quantity, price, total_minor)
 values (1, $1, $2, $3, 'Рамка для фото № 1, дуб светлый', 1000, 39900, 39900)";
const INSERT_OUTBOX: &str =
    "insert into outbox (id, company_id, kind, at, body) values ($1, 1, 'orders.placed', $2, $3)";

/// The values of the n-th order.
struct Row {
    id: i64,
    name: String,
    phone: String,
    email: String,
    number: String,
    at: i64,
}

impl Row {
    fn new(n: i64) -> Self {
        Self {
            id: n * 8,
            name: format!("Иванова Анна {n}"),
            phone: format!("+79{n:09}"),
            email: format!("buyer{n}@example.org"),
            number: n.to_string(),
            at: 1_790_000_000_000_000 + n,
        }
    }

    fn line(&self, place: i64) -> (i64, String) {
        (self.id + place, format!("SKU-{:05}", (self.id + place) % 2_000))
    }
}
