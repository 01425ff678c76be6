-- These rows are kept in memory until one of them changes.
{pg:create trigger order_status_is_kept after insert or update or delete on order_status for each statement execute function seldom_changed();|sqlite:create trigger order_status_is_kept_insert after insert on order_status begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger order_status_is_kept_update after update on order_status begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger order_status_is_kept_delete after delete on order_status begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
