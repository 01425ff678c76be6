-- What a shop last said of an order, and up to which version it knows the order as it stands here: by these two
-- what the shop changed is told from what it only repeats. Holds personal data: erased with the order's.
create table retailcrm_order (
  company_id integer not null,
  order_id integer not null,
  shop_id integer not null,
  sent text not null,
  seen_version integer not null,
  primary key (company_id, order_id)
);

-- Payments as the shop tells of them. They prove nothing: only a bank's word pays an order.
create table retailcrm_payment (
  company_id integer not null,
  id integer not null,
  order_id integer not null,
  shop_id integer not null,
  external_id text,
  kind text not null,
  status text,
  amount_minor integer,
  paid_at integer,
  comment text,
  primary key (company_id, id)
);
create index retailcrm_payment_of_order on retailcrm_payment (company_id, order_id, id);
create index retailcrm_payment_external on retailcrm_payment (company_id, shop_id, external_id);

-- Customers under the ids that a shop gives them; one person may have several.
create table retailcrm_customer_id (
  company_id integer not null,
  shop_id integer not null,
  external_id text not null,
  customer_id integer not null,
  primary key (company_id, shop_id, external_id)
);
create index retailcrm_customer_id_of on retailcrm_customer_id (company_id, shop_id, customer_id);

-- What a shop says of a customer beyond name and ways to reach them. Holds personal data.
create table retailcrm_customer (
  company_id integer not null,
  shop_id integer not null,
  customer_id integer not null,
  profile text not null,
  created_at integer not null,
  primary key (company_id, shop_id, customer_id)
);

-- What a shop calls its ways of delivery and payment and the like.
create table retailcrm_reference (
  company_id integer not null,
  shop_id integer not null,
  kind text not null,
  code text not null,
  place integer not null,
  body text not null,
  primary key (company_id, shop_id, kind, code)
);
