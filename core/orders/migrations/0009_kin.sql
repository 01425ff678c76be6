-- Orders that have to do with each other, a row from either side: what one is to the other (`split_from`,
-- `copy_of`, `merged_into`, `twin` …). A pair that a person told apart is dismissed.
create table order_kin (
  company_id integer not null,
  order_id integer not null,
  other_id integer not null,
  kin text not null,
  dismissed boolean not null,
  at integer not null,
  primary key (company_id, order_id, kin, other_id),
  foreign key (company_id, order_id) references orders (company_id, id),
  foreign key (company_id, other_id) references orders (company_id, id)
){pg:|sqlite:, without rowid};
