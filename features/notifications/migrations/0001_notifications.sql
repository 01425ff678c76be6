-- What was or is to be told to a buyer. Recipient, subject and body are personal and may be erased.
create table notice (
  company_id integer not null,
  id integer not null,
  order_id integer not null,
  fact_id integer not null,
  channel text not null,
  event text not null,
  language text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  message_id text not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'in_doubt')),
  round integer not null,
  attempts integer not null,
  problem text,
  reply text,
  created_at integer not null,
  queued_at integer not null,
  sent_at integer,
  updated_at integer not null,
  primary key (company_id, id),
  unique (company_id, fact_id, channel)
);
create index notice_state on notice (company_id, state, id);
create index notice_order on notice (company_id, order_id, id);
