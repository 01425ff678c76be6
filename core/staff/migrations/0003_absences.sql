-- Who is away from an organisation, from when until when, and who does their work meanwhile.
create table absence (
  organisation_id integer not null,
  id integer not null,
  person_id integer not null,
  from_at integer not null,
  until_at integer not null,
  substitute_person integer,
  substitute_role text,
  -- planned, running, over or withdrawn
  state text not null,
  created_at integer not null,
  primary key (organisation_id, id)
);
create index absence_of_person on absence (person_id, state, until_at);
create index absence_of_organisation on absence (organisation_id, state, from_at, id);
