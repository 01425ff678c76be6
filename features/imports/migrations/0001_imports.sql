-- A file of rows that is taken in: its columns, what each means, and how far it is.
create table sheet_import (
  company_id integer not null,
  id integer not null,
  kind text not null,
  shop_id integer,
  file_name text not null,
  shape text not null,
  columns text not null,
  mapping text not null,
  state text not null,
  person_id integer not null,
  row_count integer not null,
  done integer not null,
  new_count integer not null,
  changed_count integer not null,
  same_count integer not null,
  refused_count integer not null,
  created_at integer not null,
  primary key (company_id, id)
);

-- Its rows as they stood in the file, and what becomes of each. Holds personal data: what was taken in is emptied at
-- once, the rest with the import.
create table sheet_import_row (
  company_id integer not null,
  import_id integer not null,
  n integer not null,
  cells text not null,
  state text not null,
  notes text not null,
  primary key (company_id, import_id, n),
  foreign key (company_id, import_id) references sheet_import (company_id, id)
){pg:|sqlite:, without rowid};
create index sheet_import_row_state on sheet_import_row (company_id, import_id, state, n);

-- What columns meant the last time that a file of this shape came.
create table sheet_mapping (
  company_id integer not null,
  kind text not null,
  shape text not null,
  mapping text not null,
  primary key (company_id, kind, shape)
){pg:|sqlite:, without rowid};
