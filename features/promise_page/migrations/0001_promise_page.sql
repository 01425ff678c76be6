-- What signs the links of a company's orders. Without a row there are none yet.
create table promise_key (
  company_id integer not null,
  secret text not null,
  made_at integer not null,
  primary key (company_id)
);

-- Orders whose first link was revoked: only the link of this round opens their page.
create table promise_round (
  company_id integer not null,
  order_id integer not null,
  round integer not null,
  renewed_at integer not null,
  primary key (company_id, order_id)
);

-- The key is kept in memory until one changes.
{pg:create trigger promise_key_is_kept after insert or update or delete on promise_key for each statement execute function seldom_changed();|sqlite:create trigger promise_key_is_kept_insert after insert on promise_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger promise_key_is_kept_update after update on promise_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger promise_key_is_kept_delete after delete on promise_key begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}
