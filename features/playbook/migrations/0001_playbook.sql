-- Append-only: the last version of a company runs. Going back is a further version with the older text.
create table playbook_version (
  company_id integer not null,
  number integer not null,
  document text not null,
  fingerprint text not null,
  note text not null,
  rolls_back_to integer,
  published_by text not null,
  published_at integer not null,
  primary key (company_id, number)
);

-- Every reaction asks which version runs.
{pg:create trigger playbook_version_is_kept after insert or update or delete on playbook_version for each statement execute function seldom_changed();|sqlite:create trigger playbook_version_is_kept_insert after insert on playbook_version begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger playbook_version_is_kept_update after update on playbook_version begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger playbook_version_is_kept_delete after delete on playbook_version begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
