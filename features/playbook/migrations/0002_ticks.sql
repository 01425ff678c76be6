-- What was ticked off on an order: the words of the step before that verb, by who, when. The facts tell the rest.
create table playbook_tick (
  company_id integer not null,
  order_id integer not null,
  step text not null,
  ticked_by integer,
  ticked_at integer not null,
  primary key (company_id, order_id, step)
){pg:|sqlite:, without rowid};
