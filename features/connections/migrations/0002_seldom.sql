-- Every request of a shop's system asks for its connection.
{pg:create trigger connection_is_kept after insert or update or delete on connection for each statement execute function seldom_changed();|sqlite:create trigger connection_is_kept_insert after insert on connection begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger connection_is_kept_update after update on connection begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger connection_is_kept_delete after delete on connection begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
{pg:create trigger connection_key_is_kept after insert or update or delete on connection_key for each statement execute function seldom_changed();|sqlite:create trigger connection_key_is_kept_insert after insert on connection_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger connection_key_is_kept_update after update on connection_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger connection_key_is_kept_delete after delete on connection_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
