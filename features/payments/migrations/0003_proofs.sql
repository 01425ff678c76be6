-- Balances as banks state them, beside what the lines of that report came to.
create table bank_statement (
  company_id integer not null,
  id integer not null,
  import_id integer not null,
  n integer not null,
  account text not null,
  currency text not null,
  from_on text not null,
  until_on text not null,
  opening_minor integer,
  closing_minor integer,
  incoming_minor integer,
  outgoing_minor integer,
  came_minor integer not null,
  went_minor integer not null,
  is_copy boolean not null,
  is_final boolean not null,
  received_at integer not null,
  primary key (company_id, id)
);
create unique index bank_statement_import on bank_statement (company_id, import_id, n);
create index bank_statement_until on bank_statement (company_id, account, until_on, id);
create index bank_statement_from on bank_statement (company_id, account, from_on, id);

-- What is missing: seen, asked for, and one day healed. One of a kind and key, however often it is seen.
create table bank_gap (
  company_id integer not null,
  id integer not null,
  account text not null,
  kind text not null,
  gap_key text not null,
  from_on text not null,
  until_on text not null,
  currency text,
  expected_minor integer,
  found_minor integer,
  statement_id integer,
  line_id integer,
  state text not null,
  opened_at integer not null,
  healed_at integer,
  primary key (company_id, id),
  unique (company_id, account, kind, gap_key)
);
create index bank_gap_state on bank_gap (company_id, state, account, id);

-- A line that a push told, and the line of a statement that said the same.
create table bank_confirmation (
  company_id integer not null,
  line_id integer not null,
  by_line_id integer,
  wanted_until integer not null,
  confirmed_at integer,
  primary key (company_id, line_id)
);

-- How far a bank was asked, per account.
create table bank_poll (
  company_id integer not null,
  channel_id integer not null,
  account text not null,
  place text not null,
  asked_at integer,
  reread_at integer,
  failures integer not null,
  next_at integer,
  primary key (company_id, channel_id, account)
);

-- Without its bank a company can go on: two persons, each on their own, say that money came.
create table hand_receipt (
  company_id integer not null,
  id integer not null,
  order_id integer not null,
  order_number text not null,
  invoice_id integer not null,
  reference text not null,
  bank_account_id integer not null,
  account text not null,
  amount_minor integer not null check (amount_minor > 0),
  currency text not null,
  payer_name text not null,
  payer_account text not null,
  number text not null,
  booked_on text not null,
  first_person integer not null,
  first_at integer not null,
  second_person integer,
  second_at integer,
  state text not null,
  line_id integer,
  told_by_line_id integer,
  told_at integer,
  primary key (company_id, id),
  check (second_person is null or second_person <> first_person)
);
-- Of two who say the first word at once one does.
create unique index hand_receipt_waiting on hand_receipt (company_id, invoice_id) where state = 'waiting';
create index hand_receipt_state on hand_receipt (company_id, state, id);
create index hand_receipt_order on hand_receipt (company_id, order_id, id);
create index hand_receipt_account on hand_receipt (company_id, bank_account_id, state, amount_minor, id);
create index hand_receipt_line on hand_receipt (company_id, line_id);

alter table bank_import add column second_voucher_id integer;
create index bank_line_day on bank_line (company_id, own_account_id, booked_on, id);
