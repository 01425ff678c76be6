-- When the shop said its last of a customer, a firm or a cart: a message that waited and is applied later takes
-- back nothing that the shop said since.
create table retailcrm_word (
  company_id integer not null,
  shop_id integer not null,
  about text not null,
  said_at integer not null,
  primary key (company_id, shop_id, about)
);
