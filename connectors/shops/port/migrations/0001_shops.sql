-- What a shop's system last said of an order, and what we wrote to it: by these what it changed is told from
-- what it only repeats. Holds personal data: erased with the order's.
create table shop_order (
  company_id integer not null,
  connection_id integer not null,
  external_id text not null,
  order_id integer,
  said text,
  modified_at integer not null,
  gone boolean not null,
  written text,
  primary key (company_id, connection_id, external_id)
);
create index shop_order_of on shop_order (company_id, order_id, connection_id, external_id);

-- Deliveries that came: each is taken in once. Forgotten after a month.
create table shop_delivery (
  company_id integer not null,
  connection_id integer not null,
  delivery text not null,
  message_id integer not null,
  received_at integer not null,
  primary key (company_id, connection_id, delivery)
);
create index shop_delivery_old on shop_delivery (company_id, connection_id, received_at);

-- Buyers under the ids of a shop's system.
create table shop_customer (
  company_id integer not null,
  connection_id integer not null,
  external_id text not null,
  customer_id integer,
  modified_at integer not null,
  gone boolean not null,
  primary key (company_id, connection_id, external_id)
);

-- Products and variations under the ids of a shop's system, and what it last said of them.
create table shop_product (
  company_id integer not null,
  connection_id integer not null,
  external_id text not null,
  parent_id text,
  sku text,
  said text,
  modified_at integer not null,
  gone boolean not null,
  stock text,
  stock_differs boolean not null,
  stock_mark integer not null,
  primary key (company_id, connection_id, external_id)
);
create index shop_product_by_sku on shop_product (company_id, sku);
create index shop_product_stock on shop_product (company_id, connection_id, external_id) where stock_differs;

-- How far a shop was asked for what its messages did not say. Everything before the cursor is stored.
create table shop_poll (
  company_id integer not null,
  connection_id integer not null,
  cursor_at integer not null,
  finished_at integer,
  not_before integer,
  failures integer not null,
  problem text,
  asked integer not null,
  found integer not null,
  primary key (company_id, connection_id)
);
