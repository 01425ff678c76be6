-- A program of the company's own that is told what happens. The secret signs, so it is kept as it is.
create table webhook_endpoint (
  company_id integer not null,
  id integer not null,
  -- Nothing: the whole company.
  shop_id integer,
  name text not null,
  url text not null,
  -- `orders.* stock.corrected`; empty: all there are.
  kinds text not null,
  -- active, paused, removed (its messages are being forgotten)
  state text not null,
  paused_at integer,
  -- person, gone (it answered 410)
  paused_why text,
  secret text not null,
  old_secret text,
  old_secret_until integer,
  -- What was said up to here is none of its business.
  since_position integer not null,
  created_at integer not null,
  primary key (company_id, id)
);
create index webhook_endpoint_there on webhook_endpoint (state, company_id, id);
{pg:create trigger webhook_endpoint_is_kept after insert or update or delete on webhook_endpoint for each statement execute function seldom_changed();|sqlite:create trigger webhook_endpoint_is_kept_insert after insert on webhook_endpoint begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger webhook_endpoint_is_kept_update after update on webhook_endpoint begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger webhook_endpoint_is_kept_delete after delete on webhook_endpoint begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}

-- One fact for one endpoint, as it is sent. Of the waiting ones of a subject only the first has a `next_at`;
-- `followers` is changed by whoever queues up behind it, so that it cannot leave unseen at the same moment.
create table webhook_message (
  company_id integer not null,
  id integer not null,
  endpoint_id integer not null,
  -- Nothing for a test.
  fact_id integer,
  kind text not null,
  subject_kind text not null,
  subject_id integer not null,
  n integer not null,
  lane integer not null,
  body text not null,
  -- waiting, delivered, failed
  state text not null,
  -- Since it was queued, last.
  attempts integer not null,
  next_at integer,
  followers integer not null,
  created_at integer not null,
  queued_at integer not null,
  settled_at integer,
  primary key (company_id, id)
);
create unique index webhook_message_once on webhook_message (company_id, endpoint_id, fact_id);
create index webhook_message_due on webhook_message (company_id, endpoint_id, lane, next_at, id);
create index webhook_message_line on webhook_message (company_id, endpoint_id, subject_kind, subject_id, n, id)
  where state = 'waiting';
create index webhook_message_by_state on webhook_message (company_id, endpoint_id, state, created_at, id);
create index webhook_message_by_time on webhook_message (company_id, endpoint_id, created_at, id);
create index webhook_message_by_age on webhook_message (company_id, state, queued_at);

create table webhook_attempt (
  company_id integer not null,
  id integer not null,
  message_id integer not null,
  endpoint_id integer not null,
  at integer not null,
  -- Nothing when there was no answer.
  status integer,
  -- Why there was none.
  problem text,
  micros integer not null,
  -- The first bytes of the answer.
  reply text not null,
  primary key (company_id, id)
);
create index webhook_attempt_of_message on webhook_attempt (company_id, message_id, id);
create index webhook_attempt_of_endpoint on webhook_attempt (company_id, endpoint_id, at);
