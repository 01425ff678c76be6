-- Who answers for a company: one of its own people, or of the desk that works for it.
create table company_manager (
  company_id integer not null,
  person_id integer not null,
  since integer not null,
  primary key (company_id)
){pg:|sqlite:, without rowid};
