-- Of what is ours and changed, only what stands open is asked for; erasing a person asks for all of theirs by the other
-- index.
create index connection_difference_own_open
  on connection_difference (company_id, subject, own_id) where resolved_at is null;

-- Companies of which something stands open, or did today: kept in memory, so that those with nothing are never asked.
create table connection_differing (
  company_id integer not null,
  primary key (company_id)
);
insert into connection_differing (company_id)
select distinct company_id from connection_difference where resolved_at is null;

{pg:create trigger connection_differing_is_kept after insert or delete on connection_differing for each row execute function seldom_changed();|sqlite:create trigger connection_differing_is_kept_insert after insert on connection_differing begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger connection_differing_is_kept_delete after delete on connection_differing begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
