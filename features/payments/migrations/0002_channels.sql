-- A way by which a bank itself speaks to us, or we ask it.
create table bank_channel (
  company_id integer not null,
  id integer not null,
  kind text not null,
  name text not null,
  settings text not null,
  paused boolean not null,
  silent_after_seconds integer not null,
  created_at integer not null,
  primary key (company_id, id)
);
-- A push names its channel alone; whose it is is found by it.
create unique index bank_channel_by_id on bank_channel (id);
create index bank_channel_by_kind on bank_channel (kind, id);

-- What we sign in with at the bank, in clear. As secret as the data.
create table bank_channel_secret (
  company_id integer not null,
  channel_id integer not null,
  name text not null,
  value text not null,
  set_at integer not null,
  primary key (company_id, channel_id, name)
);

-- Public keys of the bank: two at a time while it changes them.
create table bank_key (
  company_id integer not null,
  channel_id integer not null,
  kid text not null,
  algorithm text not null,
  public_key blob not null,
  certificate blob,
  not_before integer not null,
  not_after integer,
  revoked_at integer,
  added_at integer not null,
  primary key (company_id, channel_id, kid)
);

-- When a bank was last heard of; written every few seconds at most.
create table bank_channel_contact (
  company_id integer not null,
  channel_id integer not null,
  last_at integer,
  last_good_at integer,
  last_problem_at integer,
  last_problem text,
  silent_since integer,
  refused integer not null,
  primary key (company_id, channel_id)
);

-- What a bank sent, byte by byte, before anybody read it. Kept for ever, except for the oldest of what was refused.
create table bank_message (
  company_id integer not null,
  id integer not null,
  channel_id integer not null,
  received_at integer not null,
  sha256 text not null,
  body blob not null,
  headers text not null,
  peer text not null,
  state text not null,
  outcome text not null,
  outcome_args text not null,
  proof_id integer,
  delivery text,
  sequence integer,
  account text,
  line_ref text,
  content text,
  issued_at integer,
  import_id integer,
  done_at integer,
  primary key (company_id, id)
);
create unique index bank_message_delivery on bank_message (company_id, channel_id, delivery);
create index bank_message_line on bank_message (company_id, channel_id, account, line_ref, id);
create index bank_message_state on bank_message (company_id, channel_id, state, id);
create index bank_message_newest on bank_message (company_id, channel_id, id);

-- How far a bank has counted, per account.
create table bank_sequence (
  company_id integer not null,
  channel_id integer not null,
  account text not null,
  last_sequence integer not null,
  primary key (company_id, channel_id, account)
){pg:|sqlite:, without rowid};

-- For what a bank itself says nobody vouches.
{pg:alter table bank_import alter column voucher_id drop not null;
alter table bank_import add column proof_id bigint;
alter table bank_import add column channel_id bigint;|sqlite:create table bank_import_anew (
  company_id integer not null,
  id integer not null,
  file_name text not null,
  file_hash text not null,
  format text not null,
  state text not null,
  documents integer not null,
  warnings text not null,
  accounts text not null,
  voucher_id integer,
  came_by text not null,
  created_at integer not null,
  proof_id integer,
  channel_id integer,
  primary key (company_id, id)
);
insert into bank_import_anew (company_id, id, file_name, file_hash, format, state, documents, warnings, accounts, voucher_id, came_by, created_at)
select company_id, id, file_name, file_hash, format, state, documents, warnings, accounts, voucher_id, came_by, created_at
from bank_import;
drop table bank_import;
alter table bank_import_anew rename to bank_import;}
