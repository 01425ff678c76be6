-- Since when a card is only a pointer: what comes later is given back when it is separated.
alter table customer add column merged_at integer;

-- Cards that may be of one person, with what tells so; a pair that people told apart stays told apart.
create table customer_likeness (
  company_id integer not null,
  one_id integer not null,
  other_id integer not null,
  evidence text not null,
  found_at integer not null,
  dismissed_at integer,
  primary key (company_id, one_id, other_id),
  foreign key (company_id, one_id) references customer (company_id, id),
  foreign key (company_id, other_id) references customer (company_id, id)
);
create index customer_likeness_other on customer_likeness (company_id, other_id);
create index customer_likeness_open on customer_likeness (company_id, found_at, one_id, other_id) where dismissed_at is null;
