create table bank_account (
  company_id integer not null,
  id integer not null,
  account text not null,
  bic text not null,
  bank_name text,
  holder_name text,
  inn text,
  currency text not null,
  archived boolean not null,
  created_at integer not null,
  primary key (company_id, id),
  unique (company_id, account)
);

create table invoice (
  company_id integer not null,
  id integer not null,
  reference text not null,
  order_id integer not null,
  order_number text not null,
  external_id text,
  customer_id integer,
  payer_name text not null,
  payer_inn text,
  currency text not null,
  total_minor integer not null,
  residual_minor integer not null check (residual_minor >= 0),
  state text not null,
  superseded_by integer,
  issued_on text not null,
  issued_at integer not null,
  primary key (company_id, id),
  unique (company_id, reference)
);
create index invoice_order on invoice (company_id, order_id, id);
create index invoice_customer on invoice (company_id, customer_id, state, id);
create index invoice_residual on invoice (company_id, state, currency, residual_minor, id);

-- Everything a payer may call an invoice by, in the form in which texts are compared.
create table invoice_number (
  company_id integer not null,
  key text not null,
  invoice_id integer not null,
  primary key (company_id, key, invoice_id)
){pg:|sqlite:, without rowid};

-- Taxpayer numbers and accounts from which a customer has paid before.
create table known_payer (
  company_id integer not null,
  kind text not null,
  value text not null,
  customer_id integer not null,
  first_receipt_id integer not null,
  primary key (company_id, kind, value, customer_id)
);

create table bank_import (
  company_id integer not null,
  id integer not null,
  file_name text not null,
  file_hash text not null,
  format text not null,
  state text not null,
  documents integer not null,
  warnings text not null,
  accounts text not null,
  voucher_id integer not null,
  came_by text not null,
  created_at integer not null,
  primary key (company_id, id)
);

create table bank_line (
  company_id integer not null,
  id integer not null,
  import_id integer not null,
  n integer not null,
  state text not null,
  outcome text not null,
  outcome_args text not null,
  document text not null,
  own_account_id integer,
  incoming boolean,
  amount_minor integer not null,
  currency text not null,
  booked_on text,
  number text not null,
  payer_name text not null,
  payer_account text not null,
  payee_account text not null,
  purpose text not null,
  tier text,
  reasons text not null,
  candidates text not null,
  allocated_minor integer not null,
  credit_minor integer not null,
  received_at integer not null,
  decided_by text,
  decided_at integer,
  primary key (company_id, id)
);
create unique index bank_line_import on bank_line (company_id, import_id, n);
create index bank_line_like on bank_line (company_id, import_id, amount_minor, number);
create index bank_line_state on bank_line (company_id, state, id);

-- One movement of money has one row here, whatever files and channels report it.
create table bank_movement (
  company_id integer not null,
  key text not null,
  line_id integer not null,
  bank_id text,
  primary key (company_id, key)
){pg:|sqlite:, without rowid};

-- Which receipt paid which invoice. Undoing is a further row with the amount negated.
create table allocation (
  company_id integer not null,
  id integer not null,
  line_id integer not null,
  invoice_id integer not null,
  order_id integer not null,
  amount_minor integer not null check (amount_minor <> 0),
  currency text not null,
  tier text,
  actor text not null,
  at integer not null,
  reverses integer,
  primary key (company_id, id)
);
create index allocation_line on allocation (company_id, line_id, id);
create index allocation_order on allocation (company_id, order_id, id);
create unique index allocation_reversed_once on allocation (company_id, reverses);

create table journal_transaction (
  company_id integer not null,
  id integer not null,
  kind text not null,
  source text not null,
  effective_on text not null,
  recorded_at integer not null,
  reverses integer,
  primary key (company_id, id),
  unique (company_id, kind, source)
);

create table journal_entry (
  company_id integer not null,
  transaction_id integer not null,
  n integer not null,
  account text not null,
  side text not null check (side in ('debit', 'credit')),
  amount_minor integer not null check (amount_minor > 0),
  currency text not null,
  primary key (company_id, transaction_id, n)
);
create index journal_entry_account on journal_entry (company_id, account, transaction_id);

create table watched_folder (
  company_id integer not null,
  id integer not null,
  path text not null,
  person_id integer not null,
  bound_at integer not null,
  revoked_at integer,
  last_looked_at integer,
  last_problem text,
  seen text not null,
  primary key (company_id, id)
);

{pg:create function refuse_journal_change() returns trigger language plpgsql as $$ begin raise exception 'the journal is append-only'; end $$;
create trigger journal_transaction_is_append_only before update or delete on journal_transaction for each statement execute function refuse_journal_change();
create trigger journal_entry_is_append_only before update or delete on journal_entry for each statement execute function refuse_journal_change();
create trigger allocation_is_append_only before update or delete on allocation for each statement execute function refuse_journal_change();|sqlite:create trigger journal_transaction_is_not_updated before update on journal_transaction begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_transaction_is_not_deleted before delete on journal_transaction begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_entry_is_not_updated before update on journal_entry begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_entry_is_not_deleted before delete on journal_entry begin select raise(abort, 'the journal is append-only'); end;
create trigger allocation_is_not_updated before update on allocation begin select raise(abort, 'the journal is append-only'); end;
create trigger allocation_is_not_deleted before delete on allocation begin select raise(abort, 'the journal is append-only'); end;}
