-- Firms that order of a shop. Holds personal data where a firm is one person.
create table retailcrm_corporate (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  external_id text,
  nick_name text not null,
  nick_name_s text not null,
  main_address_id integer,
  main_firm_id integer,
  main_contact_id integer,
  combined_into integer,
  body text not null,
  created_at integer not null,
  primary key (company_id, id)
);
create unique index retailcrm_corporate_external on retailcrm_corporate (company_id, shop_id, external_id);
create index retailcrm_corporate_of_shop on retailcrm_corporate (company_id, shop_id, id);

create table retailcrm_corporate_address (
  company_id integer not null,
  id integer not null,
  corporate_id integer not null,
  external_id text,
  name text not null,
  name_s text not null,
  city_s text not null,
  region_s text not null,
  body text not null,
  primary key (company_id, id)
);
create unique index retailcrm_corporate_address_external
  on retailcrm_corporate_address (company_id, corporate_id, external_id);
create index retailcrm_corporate_address_of on retailcrm_corporate_address (company_id, corporate_id, id);

-- The legal entities of a corporate customer: what the protocol calls its companies.
create table retailcrm_corporate_firm (
  company_id integer not null,
  id integer not null,
  corporate_id integer not null,
  external_id text,
  name text not null,
  name_s text not null,
  legal_name_s text not null,
  inn text,
  kpp text,
  active boolean not null,
  address_id integer,
  body text not null,
  created_at integer not null,
  primary key (company_id, id)
);
create unique index retailcrm_corporate_firm_external
  on retailcrm_corporate_firm (company_id, corporate_id, external_id);
create index retailcrm_corporate_firm_of on retailcrm_corporate_firm (company_id, corporate_id, id);
create index retailcrm_corporate_firm_inn on retailcrm_corporate_firm (company_id, inn);

-- Customers who speak for a corporate one.
create table retailcrm_corporate_contact (
  company_id integer not null,
  id integer not null,
  corporate_id integer not null,
  customer_id integer not null,
  primary key (company_id, id)
);
create unique index retailcrm_corporate_contact_once
  on retailcrm_corporate_contact (company_id, corporate_id, customer_id);
create index retailcrm_corporate_contact_customer on retailcrm_corporate_contact (company_id, customer_id);

-- For which of its legal entities a contact speaks.
create table retailcrm_corporate_contact_firm (
  company_id integer not null,
  id integer not null,
  contact_id integer not null,
  firm_id integer not null,
  primary key (company_id, contact_id, firm_id)
);

-- Orders of corporate customers: whose, through whom, for which legal entity.
create table retailcrm_order_corporate (
  company_id integer not null,
  order_id integer not null,
  corporate_id integer not null,
  contact_id integer,
  firm_id integer,
  primary key (company_id, order_id)
);
create index retailcrm_order_corporate_of on retailcrm_order_corporate (company_id, corporate_id, order_id);

create table retailcrm_order_link (
  company_id integer not null,
  order_id integer not null,
  other_id integer not null,
  comment text not null,
  created_at integer not null,
  primary key (company_id, order_id, other_id)
);

-- What a shop notes about its customers (kind customer) and corporate customers (kind corporate). Personal data.
create table retailcrm_note (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  kind text not null,
  subject_id integer not null,
  manager_id integer,
  words text not null,
  words_s text not null,
  created_at integer not null,
  primary key (company_id, id)
);
create index retailcrm_note_of_shop on retailcrm_note (company_id, shop_id, kind, id);
create index retailcrm_note_of_subject on retailcrm_note (company_id, kind, subject_id, id);

-- Which messages of a shop a customer wants.
create table retailcrm_subscription (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  customer_id integer not null,
  channel text not null,
  code text not null,
  active boolean not null,
  changed_at integer not null,
  primary key (company_id, shop_id, customer_id, channel, code)
);

-- What lies in a customer's cart in the shop; emptied, it keeps the moment.
create table retailcrm_cart (
  company_id integer not null,
  shop_id integer not null,
  customer_id integer not null,
  external_id text not null,
  currency text not null,
  link text,
  items text not null,
  dropped_at integer,
  cleared_at integer,
  order_id integer,
  primary key (company_id, shop_id, customer_id)
);
