-- Prices of other types than the base one, which is the catalogue's: kept for the shop that told them.
create table retailcrm_price (
  company_id integer not null,
  shop_id integer not null,
  offer_id integer not null,
  code text not null,
  -- Ten-thousandths, as all prices of one unit.
  price integer not null,
  updated_at integer not null,
  primary key (company_id, shop_id, offer_id, code)
);
