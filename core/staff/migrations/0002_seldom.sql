-- These rows are kept in memory until one of them changes.
{pg:create trigger organisation_is_kept after insert or update or delete on organisation for each statement execute function seldom_changed();|sqlite:create trigger organisation_is_kept_insert after insert on organisation begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger organisation_is_kept_update after update on organisation begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger organisation_is_kept_delete after delete on organisation begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
{pg:create trigger shop_is_kept after insert or update or delete on shop for each statement execute function seldom_changed();|sqlite:create trigger shop_is_kept_insert after insert on shop begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger shop_is_kept_update after update on shop begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger shop_is_kept_delete after delete on shop begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
{pg:create trigger engagement_is_kept after insert or update or delete on engagement for each statement execute function seldom_changed();|sqlite:create trigger engagement_is_kept_insert after insert on engagement begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger engagement_is_kept_update after update on engagement begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger engagement_is_kept_delete after delete on engagement begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
{pg:create trigger setting_is_kept after insert or update or delete on setting for each statement execute function seldom_changed();|sqlite:create trigger setting_is_kept_insert after insert on setting begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger setting_is_kept_update after update on setting begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger setting_is_kept_delete after delete on setting begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
