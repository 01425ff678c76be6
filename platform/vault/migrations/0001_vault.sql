-- Under which key the secrets of this installation are sealed; never the key itself. One row, once something is.
create table vault_key (
  place integer not null,
  key_id text not null,
  since integer not null,
  primary key (place)
);
