-- The city an order goes to, folded for comparing, and who of our people took it. Orders that were there before get
-- their city by a timer of each company, some at a time.
alter table orders add column city text;
alter table orders add column taken_by integer;
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'orders.name_cities', '', 'company', company_id, 0, 0, '{"after":0}', 0
from orders
group by company_id;

-- Lists that people keep under a name; for everybody of the organisation where it names no person. `query` is the
-- query of the list's address.
create table order_view (
  company_id integer not null,
  id integer not null,
  person_id integer,
  name text not null,
  query text not null,
  place integer not null,
  primary key (company_id, id)
);
create index order_view_by_person on order_view (company_id, person_id, place, id);

-- The columns that somebody sees where no view says otherwise, by their codes.
create table order_columns (
  company_id integer not null,
  person_id integer not null,
  columns text not null,
  primary key (company_id, person_id)
){pg:|sqlite:, without rowid};

-- What somebody did last, to many orders or to one: what came of it, and how it is taken back.
create table order_deed (
  company_id integer not null,
  id integer not null,
  person_id integer not null,
  at integer not null,
  content text not null,
  primary key (company_id, id)
);
create index order_deed_by_person on order_deed (company_id, person_id, id);
