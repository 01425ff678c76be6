-- What a connector needs to keep in clear: what a shop signs with, and our keys to the shop. As secret as the data.
create table connection_secret (
  company_id integer not null,
  connection_id integer not null,
  name text not null,
  value text not null,
  set_at integer not null,
  ends_at integer,
  primary key (company_id, connection_id, name),
  foreign key (company_id, connection_id) references connection (company_id, id)
);
-- A webhook names its connection alone; whose it is is found by it.
create unique index connection_by_id on connection (id);
create index connection_by_kind on connection (kind);
