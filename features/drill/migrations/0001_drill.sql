-- How far somebody is who practises. `orders` are the ids of the ready-made orders by the task they are for, as JSON;
-- `worked_seconds` counts the time between what they did, no more than some minutes at once.
create table drill (
  company_id integer not null,
  person_id integer not null,
  orders text not null,
  worked_seconds integer not null,
  seen_at integer not null,
  passed_at integer,
  primary key (company_id)
);
create index drill_passed on drill (person_id, passed_at) where passed_at is not null;
create table drill_done (
  company_id integer not null,
  task text not null,
  done_at integer not null,
  primary key (company_id, task)
){pg:|sqlite:, without rowid};
