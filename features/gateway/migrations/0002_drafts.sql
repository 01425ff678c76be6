-- What a buyer is putting together in a storefront. One row holds all of it, personal data too, so that
-- forgetting a draft is deleting its row. A placed one only keeps which order it became.
create table gateway_draft (
  company_id integer not null,
  shop_id integer not null,
  id integer not null,
  content text not null,
  order_id integer,
  version integer not null,
  created_at integer not null,
  touched_at integer not null,
  primary key (company_id, shop_id, id)
);
