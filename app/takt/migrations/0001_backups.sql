-- Copies that were made by the clock, and those that failed: who starts next, and the doctor, look here.
-- Of the whole installation, not of a company.
create table backup_run (
  id integer not null,
  began_at integer not null,
  ended_at integer not null,
  file text,
  bytes integer,
  rows integer,
  failure text,
  primary key (id)
);
create index backup_run_by_end on backup_run (ended_at);
