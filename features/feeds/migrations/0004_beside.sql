-- What a feed says of an offer that another feed brings into the catalogue: it stands beside and takes nothing away.
create table feed_beside (
  company_id integer not null,
  feed_id integer not null,
  sku text not null,
  name text not null,
  price integer not null,
  currency text not null,
  -- Thousandths; nothing where the feed says nothing of stock, or is not asked for it.
  stock integer,
  gone boolean not null,
  told_at integer not null,
  primary key (company_id, feed_id, sku),
  foreign key (company_id, feed_id) references feed (company_id, id)
){pg:|sqlite:, without rowid};
create index feed_beside_of_sku on feed_beside (company_id, sku, feed_id);
