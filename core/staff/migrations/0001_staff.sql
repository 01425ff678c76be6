-- An organisation is a company, which owns data, or a desk, which works on data of companies.
create table organisation (
  id integer not null,
  kind text not null,
  name text not null,
  name_s text not null,
  currency text not null,
  zone text not null,
  lang text not null,
  created_at integer not null,
  primary key (id)
);
create index organisation_by_name on organisation (name_s);

create table shop (
  company_id integer not null,
  id integer not null,
  name text not null,
  name_s text not null,
  currency text not null,
  created_at integer not null,
  primary key (company_id, id)
){pg:|sqlite:, without rowid};
create unique index shop_by_name on shop (company_id, name_s);

-- A person is one for the whole installation, known by e-mail; without a password nobody can sign
-- in as them.
create table person (
  id integer not null,
  email text not null,
  email_s text not null,
  name text not null,
  password_hash text,
  lang text not null,
  theme text,
  workplace_id integer,
  created_at integer not null,
  primary key (id)
);
create unique index person_by_email on person (email_s);

create table membership (
  organisation_id integer not null,
  person_id integer not null,
  role text not null,
  since integer not null,
  primary key (organisation_id, person_id, role)
);
create index membership_by_person on membership (person_id);

-- A company lends a desk roles for a time. Rows are never removed: who could see what, and when,
-- stays answerable.
create table engagement (
  company_id integer not null,
  id integer not null,
  desk_id integer not null,
  from_at integer not null,
  until_at integer,
  roles text not null,
  created_at integer not null,
  primary key (company_id, id)
);
create index engagement_by_desk on engagement (desk_id, from_at);

create table invitation (
  organisation_id integer not null,
  id integer not null,
  secret_hash blob not null,
  email text not null,
  email_s text not null,
  roles text not null,
  lang text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer,
  primary key (organisation_id, id)
);
create unique index invitation_by_secret on invitation (secret_hash);

create table session (
  id integer not null,
  secret_hash blob not null,
  person_id integer not null,
  workplace_id integer not null,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null,
  ip text not null,
  agent text not null,
  primary key (id)
);
create unique index session_by_secret on session (secret_hash);
create index session_by_person on session (person_id, seen_at);

-- Failed sign-ins of an address or an account in a window; shared by all nodes.
create table sign_in_attempts (
  key text not null,
  failures integer not null,
  until_at integer not null,
  primary key (key)
);
create index sign_in_attempts_by_end on sign_in_attempts (until_at);

-- Who came in and who was refused, as the owner of an organisation may see it.
create table sign_in (
  organisation_id integer not null,
  id integer not null,
  at integer not null,
  person_id integer not null,
  outcome text not null,
  ip text not null,
  agent text not null,
  primary key (organisation_id, id)
);
create index sign_in_by_time on sign_in (organisation_id, at);

create table token (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  name text not null,
  secret_hash blob not null,
  scopes text not null,
  created_at integer not null,
  revoked_at integer,
  used_at integer,
  primary key (company_id, id)
);
create unique index token_by_secret on token (secret_hash);

create table calendar (
  organisation_id integer not null,
  week text not null,
  holidays text not null,
  primary key (organisation_id)
);

create table calendar_exception (
  organisation_id integer not null,
  day text not null,
  hours text not null,
  note text not null,
  primary key (organisation_id, day)
);

create table setting (
  organisation_id integer not null,
  key text not null,
  value text not null,
  primary key (organisation_id, key)
){pg:|sqlite:, without rowid};
