-- Where a shop's list and ours are not the same: one row a field, open until both agree or somebody decided.
-- Values that are a person's are never kept here; the screen reads them where they stand.
create table connection_difference (
  company_id integer not null,
  id integer not null,
  connection_id integer not null,
  subject text not null,
  external_id text not null,
  own_id integer,
  field text not null,
  owner text not null,
  theirs text,
  ours text,
  first_seen_at integer not null,
  last_seen_at integer not null,
  resolved_at integer,
  -- agreed, theirs, ours
  resolution text,
  primary key (company_id, id)
);
create unique index connection_difference_once
  on connection_difference (company_id, connection_id, subject, external_id, field);
create index connection_difference_open on connection_difference (company_id, id) where resolved_at is null;
create index connection_difference_open_of
  on connection_difference (company_id, connection_id, id) where resolved_at is null;
create index connection_difference_own on connection_difference (company_id, subject, own_id);
create index connection_difference_resolved
  on connection_difference (company_id, connection_id, resolved_at) where resolved_at is not null;
create index connection_difference_any on connection_difference (first_seen_at) where resolved_at is null;
