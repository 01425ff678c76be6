-- What somebody has to do, by when. desk_id and shop_id are those of the company or order when the
-- task was opened; desk_id follows engagements.
create table task (
  company_id integer not null,
  id integer not null,
  desk_id integer not null,
  shop_id integer,
  order_id integer,
  kind text not null,
  role text not null,
  escalated_to text,
  state text not null,
  assignee integer,
  due_at integer not null,
  escalates_at integer,
  task_key text,
  args text not null,
  opened_at integer not null,
  taken_at integer,
  closed_at integer,
  outcome text,
  primary key (company_id, id)
);
-- Opening the same thing twice opens it once.
create unique index task_once on task (company_id, task_key);
create index task_of_order on task (company_id, order_id, id);
create index task_of_company on task (company_id, state, due_at, id);
create index task_of_desk on task (desk_id, state, due_at, id);
create index task_of_person on task (assignee, state, due_at, id);
