-- Up to which position a listener has heard, per lane of subjects.
create table reaction_cursor (
  listener text not null,
  lane integer not null,
  position integer not null,
  primary key (listener, lane)
){pg:|sqlite:, without rowid};

-- Subjects whose fact `n` a listener could not take. Their later facts wait behind it in the log itself.
create table parked_subject (
  listener text not null,
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  lane integer not null,
  n integer not null,
  fact_id integer not null,
  fact_kind text not null,
  parked_at integer not null,
  attempts integer not null,
  retry_at integer not null,
  last_error text not null,
  primary key (listener, company_id, subject_kind, subject_id)
);
create index parked_subject_by_retry on parked_subject (retry_at);
create index parked_subject_by_company on parked_subject (company_id, parked_at);

-- `due_at` is what was asked for, `fire_at` the next attempt: equal until one fails.
create table timer (
  company_id integer not null,
  kind text not null,
  timer_key text not null,
  subject_kind text not null,
  subject_id integer not null,
  due_at integer not null,
  fire_at integer not null,
  payload text not null,
  attempts integer not null,
  last_error text,
  primary key (company_id, kind, timer_key)
);
create index timer_by_fire_at on timer (fire_at, company_id, kind, timer_key);
create index timer_failing on timer (company_id, fire_at) where attempts > 0;

-- `next_at` is when somebody may take it: its time while it waits, the end of its lease while it runs,
-- nothing once it is dead. `claim` names the one run that may finish it.
create table job (
  company_id integer not null,
  id integer not null,
  kind text not null,
  job_key text,
  payload text not null,
  enqueued_at integer not null,
  next_at integer,
  attempts integer not null,
  claim text,
  last_error text,
  died_at integer,
  primary key (company_id, id)
);
create unique index job_by_key on job (company_id, kind, job_key);
create index job_by_next_at on job (kind, next_at, id);
create index job_failing on job (company_id, id) where last_error is not null;
