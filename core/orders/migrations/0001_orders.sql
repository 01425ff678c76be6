-- An order is one row of sums; what others know of it stands in their own tables.
-- due_at 9007199254740991 means that nothing is promised: such orders come last in every list.
create table orders (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  desk_id integer not null,
  number text not null,
  external_id text,
  source text not null,
  stage text not null,
  in_work boolean not null,
  status text not null,
  terms text not null,
  credit_days integer not null,
  currency text not null,
  lang text not null,
  customer_id integer,
  contact_name text not null,
  contact_phone text,
  contact_phone_given text,
  contact_email text,
  delivery_method text,
  delivery_address text,
  comment text,
  goods_minor integer not null,
  discount_minor integer not null,
  delivery_minor integer not null,
  vat_minor integer not null,
  total_minor integer not null,
  paid_minor integer not null,
  reserved text not null,
  short boolean not null,
  shipped text not null,
  taken boolean not null,
  holder text,
  holder_since integer not null,
  milestone text,
  due_at integer not null,
  started_at integer,
  confirmed_at integer,
  ready_at integer,
  delivered_at integer,
  deferred_until integer,
  last_comment text,
  cancel_reason text,
  extra text not null,
  version integer not null,
  placed_at integer not null,
  updated_at integer not null,
  primary key (company_id, id)
);
create index orders_of_company_by_promise on orders (company_id, due_at, id) where in_work;
create index orders_of_desk_by_promise on orders (desk_id, due_at, id) where in_work;
create index orders_by_age on orders (company_id, placed_at, id);
create index orders_by_stage on orders (company_id, stage, placed_at, id);
create index orders_by_status on orders (company_id, status, placed_at, id);
create index orders_by_shop on orders (company_id, shop_id, placed_at, id);
create index orders_by_customer on orders (company_id, customer_id, placed_at, id);
create index orders_by_number on orders (company_id, number, id);

create table order_line (
  company_id integer not null,
  order_id integer not null,
  id integer not null,
  place integer not null,
  sku text,
  offer_id integer,
  name text not null,
  unit text not null,
  quantity integer not null,
  price integer not null,
  discount_minor integer not null,
  order_discount_minor integer not null,
  total_minor integer not null,
  vat text not null,
  vat_minor integer not null,
  reserved integer not null,
  shipped integer not null,
  cancelled integer not null,
  returned integer not null,
  extra text not null,
  primary key (company_id, order_id, id),
  foreign key (company_id, order_id) references orders (company_id, id)
){pg:|sqlite:, without rowid};

-- What a shop sent under its own id, so that sending it again is recognised and a difference is
-- named. Holds personal data: erased with the order's.
create table order_intake (
  company_id integer not null,
  shop_id integer not null,
  external_id text not null,
  order_id integer not null,
  digest text not null,
  content text not null,
  primary key (company_id, shop_id, external_id)
);

-- Words by whose beginnings an order is found. Holds personal data.
create table order_word (
  company_id integer not null,
  word text not null,
  order_id integer not null,
  primary key (company_id, word, order_id)
){pg:|sqlite:, without rowid};

create table order_comment (
  company_id integer not null,
  order_id integer not null,
  id integer not null,
  words text not null,
  actor text not null,
  at integer not null,
  primary key (company_id, order_id, id),
  foreign key (company_id, order_id) references orders (company_id, id)
);

create table order_status (
  company_id integer not null,
  code text not null,
  stage text not null,
  name_ru text not null,
  name_en text not null,
  tone text not null,
  place integer not null,
  archived boolean not null,
  primary key (company_id, code)
){pg:|sqlite:, without rowid};
create index order_status_by_place on order_status (company_id, stage, place);

create table order_status_move (
  company_id integer not null,
  from_code text not null,
  to_code text not null,
  role text not null,
  primary key (company_id, from_code, to_code, role)
){pg:|sqlite:, without rowid};

-- Money that was proved, and its uses. Rows are only ever added.
create table order_receipt (
  company_id integer not null,
  id integer not null,
  amount_minor integer not null,
  currency text not null,
  account text not null,
  evidence text not null,
  booked_at integer,
  sent_at integer,
  received_at integer not null,
  kept_at integer not null,
  primary key (company_id, id)
);

create table order_payment (
  company_id integer not null,
  id integer not null,
  order_id integer not null,
  receipt_id integer not null,
  amount_minor integer not null,
  currency text not null,
  reason text,
  actor text not null,
  at integer not null,
  primary key (company_id, id),
  foreign key (company_id, order_id) references orders (company_id, id),
  foreign key (company_id, receipt_id) references order_receipt (company_id, id)
);
create index order_payment_by_order on order_payment (company_id, order_id, id);
create index order_payment_by_receipt on order_payment (company_id, receipt_id, id);

-- How many orders there are, without a row that everybody writes: changes are added as rows and
-- folded into the sums later. The truth is always both together.
create table order_count (
  company_id integer not null,
  shop_id integer not null,
  stage text not null,
  status text not null,
  orders integer not null,
  primary key (company_id, shop_id, stage, status)
){pg:|sqlite:, without rowid};
create table order_count_change (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  stage text not null,
  status text not null,
  orders integer not null,
  primary key (company_id, id)
);
