-- Where each subject's stream of facts stands; its row is also the lock of that stream.
create table subject_head (
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  n integer not null,
  at integer not null,
  primary key (company_id, subject_kind, subject_id)
){pg:|sqlite:, without rowid};

create table fact (
  id integer not null,
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  n integer not null,
  kind text not null,
  version integer not null,
  at integer not null,
  actor text not null,
  token_id integer,
  cause integer,
  source text,
  body text not null,
  changes text,
  primary key (id),
  unique (company_id, subject_kind, subject_id, n)
);

-- The order in which visible facts are heard. Narrow: whoever waits for a kind reads only this.
create table fact_position (
  position integer not null primary key,
  fact_id integer not null,
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  n integer not null,
  kind text not null,
  lane integer not null
);

create unique index fact_position_fact on fact_position (fact_id);
-- A company's programs read what concerns them from where they stopped.
create index fact_position_of_company on fact_position (company_id, position);

-- Committed facts that the sequencer has not numbered yet (PostgreSQL only).
create table fact_unnumbered (
  at integer not null,
  fact_id integer not null,
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  n integer not null,
  kind text not null,
  lane integer not null,
  primary key (at, fact_id)
){pg:|sqlite:, without rowid};

-- Names, phones and addresses that changes moved: erasable, unlike the log.
create table personal_value (
  company_id integer not null,
  id integer not null,
  value text not null,
  primary key (company_id, id)
);

-- Upper ends of the blocks of numbers that were handed out.
create table number_block (
  company_id integer not null,
  name text not null,
  taken_until integer not null,
  primary key (company_id, name)
){pg:|sqlite:, without rowid};

{pg:create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'facts are append-only'; end $$;
create trigger fact_is_append_only before update or delete on fact for each statement execute function refuse_change();
create trigger fact_position_is_append_only before update or delete on fact_position for each statement execute function refuse_change();|sqlite:create trigger fact_is_not_updated before update on fact begin select raise(abort, 'facts are append-only'); end;
create trigger fact_is_not_deleted before delete on fact begin select raise(abort, 'facts are append-only'); end;
create trigger fact_position_is_not_updated before update on fact_position begin select raise(abort, 'facts are append-only'); end;
create trigger fact_position_is_not_deleted before delete on fact_position begin select raise(abort, 'facts are append-only'); end;}
