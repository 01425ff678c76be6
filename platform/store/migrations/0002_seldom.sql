-- Another number after every change of a table whose rows are kept in memory (seldom.rs).
create table seldom_stamp (
  id integer not null primary key,
  stamp integer not null
);
insert into seldom_stamp (id, stamp) values (1, 0);

{pg:create function seldom_changed() returns trigger language plpgsql as $$ begin update seldom_stamp set stamp = cast(random() * 9007199254740990 as bigint) where id = 1; return null; end $$;|sqlite:}
