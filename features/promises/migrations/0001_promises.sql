-- Of every finished order what its clock told: who held it, which promises were kept. Written when the order is
-- finished and again when a fact comes late; `told` is JSON. The month is that of the end in the company's zone.
create table promise_result (
  company_id integer not null,
  month integer not null,
  order_id integer not null,
  shop_id integer not null,
  told text not null,
  primary key (company_id, month, order_id)
){pg:|sqlite:, without rowid};
create unique index promise_result_of_order on promise_result (company_id, order_id);

-- Reports over more results than are added up while somebody waits, kept for a company or a desk; `companies` are
-- those that were added up.
create table promise_report (
  company_id integer not null,
  month integer not null,
  shop_id integer not null,
  companies text not null,
  done integer not null,
  total integer not null,
  stale boolean not null,
  asked_at integer not null,
  counted_at integer,
  body text,
  primary key (company_id, month, shop_id)
);
