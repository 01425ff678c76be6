-- Buyers of a company, over all its shops. A merge is a pointer, so it can be taken back.
create table customer (
  company_id integer not null,
  id integer not null,
  name text not null,
  phone text,
  email text,
  note text not null,
  search text not null,
  merged_into integer,
  version integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (company_id, id),
  foreign key (company_id, merged_into) references customer (company_id, id)
);
create index customer_by_age on customer (id);
create index customer_merged on customer (company_id, merged_into);

-- What a customer is recognised by. The key is what keeps two orders that arrive together from
-- making two customers of one person.
create table customer_identity (
  company_id integer not null,
  kind text not null,
  value text not null,
  customer_id integer not null,
  original text not null,
  added_at integer not null,
  primary key (company_id, kind, value),
  foreign key (company_id, customer_id) references customer (company_id, id)
);
create index customer_identity_of on customer_identity (company_id, customer_id);

-- A phone and an e-mail of one order that belong to two customers: perhaps one person.
create table customer_conflict (
  company_id integer not null,
  by_phone integer not null,
  by_email integer not null,
  found_at integer not null,
  dismissed_at integer,
  primary key (company_id, by_phone, by_email),
  foreign key (company_id, by_phone) references customer (company_id, id),
  foreign key (company_id, by_email) references customer (company_id, id)
);
create index customer_conflict_by_email on customer_conflict (company_id, by_email);
