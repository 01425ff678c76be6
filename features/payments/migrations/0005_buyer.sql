-- The bank's own account at the central bank: its payment code asks for it.
alter table bank_account add column correspondent_account text;

-- What a buyer says about having paid. It moves nothing: only what a bank has booked does.
create table payment_claim (
  company_id integer not null,
  id integer not null,
  order_id integer not null,
  order_number text not null,
  currency text not null,
  amount_minor integer not null check (amount_minor > 0),
  paid_on text,
  words text not null,
  state text not null check (state in ('open', 'came', 'answered', 'dismissed')),
  line_id integer,
  answer text,
  said_at integer not null,
  closed_at integer,
  closed_by text,
  primary key (company_id, id)
);
create index payment_claim_state on payment_claim (company_id, state, id);
create index payment_claim_order on payment_claim (company_id, order_id, id);

-- The receipts of a day, counted exactly: how many, how many of them by themselves.
create index bank_line_received on bank_line (company_id, received_at, incoming, state, decided_by);
