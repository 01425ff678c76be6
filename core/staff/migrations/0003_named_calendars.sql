-- Working hours beside the usual ones of an organisation: of its warehouse, its call centre, its supplier.
-- `exceptions` are dates with hours of their own, as JSON.
create table named_calendar (
  organisation_id integer not null,
  name text not null,
  zone text not null,
  week text not null,
  holidays text not null,
  exceptions text not null,
  primary key (organisation_id, name)
);
