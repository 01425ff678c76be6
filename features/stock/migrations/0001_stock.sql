-- Quantities are thousandths of a unit.
-- The warehouse with the empty name is the one every company has; screens name it in their language.
create table warehouse (
  company_id integer not null,
  id integer not null,
  name text not null,
  place integer not null,
  archived boolean not null,
  created_at integer not null,
  primary key (company_id, id)
);
create unique index warehouse_by_name on warehouse (company_id, name);

-- on_hand is the sum of the movements, held the sum of the reservations; held never exceeds on_hand.
create table stock_level (
  company_id integer not null,
  offer_id integer not null,
  warehouse_id integer not null,
  on_hand integer not null,
  held integer not null,
  shelf text,
  counted_at integer,
  updated_at integer not null,
  primary key (company_id, offer_id, warehouse_id),
  foreign key (company_id, warehouse_id) references warehouse (company_id, id),
  check (held >= 0 and on_hand >= held)
);
create index stock_level_by_free on stock_level (company_id, (on_hand - held), offer_id, warehouse_id);
create index stock_level_by_warehouse on stock_level (company_id, warehouse_id);

-- The ledger. Rows are only ever added.
create table stock_movement (
  company_id integer not null,
  id integer not null,
  warehouse_id integer not null,
  offer_id integer not null,
  kind text not null,
  quantity integer not null,
  order_id integer,
  line_id integer,
  note text,
  actor text not null,
  at integer not null,
  primary key (company_id, id),
  foreign key (company_id, warehouse_id) references warehouse (company_id, id)
);
create index stock_movement_by_offer on stock_movement (company_id, offer_id, id);
create index stock_movement_by_time on stock_movement (company_id, at, id);

create table stock_reservation (
  company_id integer not null,
  order_id integer not null,
  line_id integer not null,
  warehouse_id integer not null,
  offer_id integer not null,
  quantity integer not null,
  primary key (company_id, order_id, line_id, warehouse_id),
  foreign key (company_id, offer_id, warehouse_id)
    references stock_level (company_id, offer_id, warehouse_id),
  check (quantity > 0)
);
create index stock_reservation_by_level on stock_reservation (company_id, offer_id, warehouse_id, order_id, line_id);

-- What lines still lack, and since when their order's promise runs (9007199254740991: not yet).
create table stock_wanted (
  company_id integer not null,
  order_id integer not null,
  line_id integer not null,
  offer_id integer not null,
  quantity integer not null,
  promised_since integer not null,
  placed_at integer not null,
  primary key (company_id, order_id, line_id)
);
create index stock_wanted_in_turn on stock_wanted (company_id, offer_id, promised_since, placed_at, order_id, line_id);
