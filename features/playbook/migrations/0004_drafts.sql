-- What somebody wrote and has not published: each saving is a row of its own, so nothing that was written is lost.
-- A draft in the shadow decides beside the version that runs, from this place of the log on, for its author alone.
create table playbook_draft (
  company_id integer not null,
  id integer not null,
  document text not null,
  note text not null,
  based_on integer not null,
  written_by text not null,
  written_at integer not null,
  shadow_since integer,
  primary key (company_id, id)
);
create index playbook_draft_by_age on playbook_draft (company_id, written_at, id);
create index playbook_draft_in_shadow on playbook_draft (company_id) where shadow_since is not null;

-- A document that is, or was, asked about past orders.
create table playbook_trial (
  company_id integer not null,
  id integer not null,
  draft_id integer not null,
  first_at integer not null,
  last_at integer not null,
  asked_by text not null,
  asked_at integer not null,
  orders integer not null,
  percent integer not null,
  ended_at integer,
  outcome text,
  primary key (company_id, id)
);
create index playbook_trial_by_age on playbook_trial (company_id, asked_at, id);
