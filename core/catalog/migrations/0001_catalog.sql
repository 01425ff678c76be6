-- A product is what buyers see as one thing; an offer is what has a SKU, a price and stock.
create table product (
  company_id integer not null,
  id integer not null,
  name text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (company_id, id)
);

create table offer (
  company_id integer not null,
  id integer not null,
  product_id integer not null,
  sku text not null,
  name text not null,
  unit text not null,
  price integer not null,
  currency text not null,
  vat text not null,
  barcode text,
  search text not null,
  archived boolean not null,
  version integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (company_id, id),
  foreign key (company_id, product_id) references product (company_id, id)
);
-- A SKU names one offer of a company, archived ones included.
create unique index offer_sku on offer (company_id, sku);
create index offer_in_order on offer (sku, id);
create index offer_of_product on offer (company_id, product_id);
