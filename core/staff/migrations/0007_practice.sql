-- Companies in which somebody practises: nothing leaves them, and they end by themselves. `ended_at` is when nobody
-- could reach them any more.
create table practice (
  company_id integer not null,
  person_id integer not null,
  began_at integer not null,
  ends_at integer not null,
  ended_at integer,
  primary key (company_id)
);
create index practice_of_person on practice (person_id, began_at);
create index practice_living on practice (ends_at) where ended_at is null;
{pg:create trigger practice_is_kept after insert or update or delete on practice for each statement execute function seldom_changed();|sqlite:create trigger practice_is_kept_insert after insert on practice begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger practice_is_kept_update after update on practice begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger practice_is_kept_delete after delete on practice begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
