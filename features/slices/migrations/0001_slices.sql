-- What an order contributes to reports: one narrow row that holds nothing of a person. Days are `20261122` and hours
-- those of the company's zone, 0 and -1 for what has not happened. Flags are 0 or 1, so that they add up.
create table slice_order (
  company_id integer not null,
  placed_on integer not null,
  order_id integer not null,
  shop_id integer not null,
  placed_hour integer not null,
  paid_on integer not null,
  paid_hour integer not null,
  shipped_on integer not null,
  shipped_hour integer not null,
  finished_on integer not null,
  finished_hour integer not null,
  city text not null,
  status text not null,
  stage text not null,
  source text not null,
  operator_id integer not null,
  carrier text not null,
  terms text not null,
  currency text not null,
  units integer not null,
  total_minor integer not null,
  cancelled integer not null,
  confirmed integer not null,
  paid integer not null,
  packed integer not null,
  shipped integer not null,
  completed integer not null,
  to_paid integer,
  to_confirmed integer,
  to_packed integer,
  to_shipped integer,
  to_finished integer,
  primary key (company_id, placed_on, order_id)
){pg:|sqlite:, without rowid};
create unique index slice_order_of_order on slice_order (company_id, order_id);
create index slice_order_by_paid on slice_order (company_id, paid_on, order_id) where paid_on > 0;
create index slice_order_by_shipped on slice_order (company_id, shipped_on, order_id) where shipped_on > 0;
create index slice_order_by_finished on slice_order (company_id, finished_on, order_id) where finished_on > 0;

-- Its goods, a row for each product of it; `leads` is 1 for one product of each category. What the order comes to
-- beyond its goods (the delivery) stands under the empty product.
create table slice_line (
  company_id integer not null,
  order_id integer not null,
  product text not null,
  category text not null,
  leads integer not null,
  units integer not null,
  revenue_minor integer not null,
  primary key (company_id, order_id, product)
){pg:|sqlite:, without rowid};

-- The same added up: by what the order is dated by, one dimension, a day (span 0) or a month (span 1, `20261100`).
create table slice_sum (
  company_id integer not null,
  basis integer not null,
  dimension integer not null,
  span integer not null,
  day integer not null,
  shop_id integer not null,
  value text not null,
  currency text not null,
  orders integer not null,
  cancelled integer not null,
  units integer not null,
  revenue_minor integer not null,
  confirmed integer not null,
  paid integer not null,
  packed integer not null,
  shipped integer not null,
  completed integer not null,
  primary key (company_id, basis, dimension, span, day, shop_id, value, currency)
){pg:|sqlite:, without rowid};

-- Orders that changed since their rows were written: the truth is always both together.
create table slice_pending (
  company_id integer not null,
  order_id integer not null,
  position integer not null,
  primary key (company_id, order_id)
){pg:|sqlite:, without rowid};

-- What a person did: confirmed or packed an order, closed a task. `late` is seconds, none when nothing was due.
create table slice_work (
  company_id integer not null,
  kind text not null,
  subject_id integer not null,
  person_id integer not null,
  day integer not null,
  late integer,
  primary key (company_id, kind, subject_id)
){pg:|sqlite:, without rowid};
create index slice_work_by_day on slice_work (company_id, day, person_id, kind);

-- Reports over more orders than are counted while somebody waits, kept for a company or a desk.
create table slice_report (
  company_id integer not null,
  question text not null,
  companies text not null,
  done integer not null,
  total integer not null,
  asked_at integer not null,
  counted_at integer,
  body text,
  primary key (company_id, question)
);

-- Questions under a name: a person's own, or everybody's at a workplace (person 0).
create table slice_saved (
  company_id integer not null,
  id integer not null,
  person_id integer not null,
  name text not null,
  question text not null,
  created_at integer not null,
  primary key (company_id, id)
);
create index slice_saved_by_person on slice_saved (company_id, person_id, id);

-- Orders that were there before are added by a timer of each company, some at a time.
create table slice_filling (
  company_id integer not null,
  after_id integer not null,
  primary key (company_id)
);
insert into slice_filling (company_id, after_id)
select company_id, 0
from orders
group by company_id;
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'slices.fill', '', 'company', company_id, 0, 0, '{}', 0
from orders
group by company_id;
