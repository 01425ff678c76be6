create table carrier (
  company_id integer not null,
  id integer not null,
  name text not null,
  tracking_url text,
  remind_after_days integer not null,
  archived boolean not null,
  primary key (company_id, id)
);
create unique index carrier_by_name on carrier (company_id, name);

create table carrier_service (
  company_id integer not null,
  id integer not null,
  carrier_id integer not null,
  name text not null,
  remind_after_days integer,
  archived boolean not null,
  primary key (company_id, id),
  foreign key (company_id, carrier_id) references carrier (company_id, id)
);
create unique index carrier_service_by_name on carrier_service (company_id, carrier_id, name);

-- order_number is a copy for the register; search holds it and the tracking number, folded.
create table shipment (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  order_id integer not null,
  order_number text not null,
  state text not null,
  carrier_id integer,
  service_id integer,
  tracking text,
  places integer not null,
  weight_grams integer,
  search text not null,
  packed_at integer not null,
  handed_over_at integer,
  overdue_at integer,
  finished_at integer,
  primary key (company_id, id),
  foreign key (company_id, carrier_id) references carrier (company_id, id),
  foreign key (company_id, service_id) references carrier_service (company_id, id)
);
create index shipment_of_order on shipment (company_id, order_id, id);
create index shipment_by_age on shipment (company_id, id);
create index shipment_by_state on shipment (company_id, state, id);
create index shipment_by_carrier on shipment (company_id, carrier_id, state, id);

create table shipment_line (
  company_id integer not null,
  shipment_id integer not null,
  line_id integer not null,
  quantity integer not null,
  primary key (company_id, shipment_id, line_id),
  foreign key (company_id, shipment_id) references shipment (company_id, id)
);

-- What a picker has found of a line so far; gone once the order is packed.
create table pick_mark (
  company_id integer not null,
  order_id integer not null,
  line_id integer not null,
  found integer not null,
  at integer not null,
  primary key (company_id, order_id, line_id)
);
