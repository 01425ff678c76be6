-- The catalogue of a shop: where it is read, how it went. One per shop.
create table feed (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  url text not null,
  username text,
  password text,
  interval_seconds integer not null,
  paused boolean not null,
  state text not null,
  format text,
  etag text,
  last_modified text,
  -- Who reads it now: whoever begins raises it, and whoever holds less may write no more.
  claim integer not null,
  begun_at integer,
  pulled_at integer,
  next_at integer,
  failures integer not null,
  may_archive boolean not null,
  bytes integer not null,
  total_bytes integer not null,
  read_count integer not null,
  added_count integer not null,
  changed_count integer not null,
  archived_count integer not null,
  refused_count integer not null,
  vanished_count integer not null,
  offers integer not null,
  problem text,
  refusals text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (company_id, id)
);
create unique index feed_of_shop on feed (company_id, shop_id);

-- Which feed tells of an offer, and a digest of what it told last. A SKU is told of by one feed.
create table feed_offer (
  company_id integer not null,
  feed_id integer not null,
  sku text not null,
  digest integer not null,
  -- The feed has put it into the catalogue, and so may archive it.
  brought boolean not null,
  -- The feed says no more of it, or that it is not sold.
  gone boolean not null,
  primary key (company_id, sku),
  foreign key (company_id, feed_id) references feed (company_id, id)
);
create index feed_offer_of_feed on feed_offer (company_id, feed_id, sku);
