-- Every order in work as the cabinet counts it. `due_at` is 9007199254740991 when nothing is promised; `waits` when
-- it is nobody's of ours: the buyer, the carrier or the owner is waited for, or it is put off or held up.
create table cabinet_standing (
  company_id integer not null,
  order_id integer not null,
  stage text not null,
  holder text not null,
  currency text not null,
  total_minor integer not null,
  due_at integer not null,
  moved_at integer not null,
  waits boolean not null,
  primary key (company_id, order_id)
);
create index cabinet_standing_by_due on cabinet_standing (company_id, due_at, order_id);
create index cabinet_standing_by_stage on cabinet_standing (company_id, stage, due_at, order_id);
create index cabinet_standing_by_holder on cabinet_standing (company_id, holder, due_at, order_id);
create index cabinet_standing_unmoved on cabinet_standing (company_id, moved_at, order_id) where not waits;

-- What happened to which order on which day of the company (20261121), for two months.
create table cabinet_deed (
  company_id integer not null,
  day integer not null,
  deed text not null,
  order_id integer not null,
  primary key (company_id, day, deed, order_id)
){pg:|sqlite:, without rowid};

-- Sums without a row that everybody writes: changes are rows of their own and are folded now and then, the truth is
-- both together. Of day 0 `what` is a stage and what stands there now, of others a deed.
create table cabinet_sum (
  company_id integer not null,
  day integer not null,
  what text not null,
  holder text not null,
  currency text not null,
  orders integer not null,
  minor integer not null,
  primary key (company_id, day, what, holder, currency)
){pg:|sqlite:, without rowid};
create table cabinet_change (
  company_id integer not null,
  id integer not null,
  day integer not null,
  what text not null,
  holder text not null,
  currency text not null,
  orders integer not null,
  minor integer not null,
  primary key (company_id, id)
);

insert into cabinet_standing (company_id, order_id, stage, holder, currency, total_minor, due_at, moved_at, waits)
select company_id, id, stage, coalesce(holder, ''), currency, total_minor, due_at, updated_at,
  deferred_until is not null or pause is not null or coalesce(holder, '') in ('buyer', 'carrier', 'owner')
from orders
where in_work;
insert into cabinet_sum (company_id, day, what, holder, currency, orders, minor)
select company_id, 0, stage, holder, currency, count(*), cast(sum(total_minor) as bigint)
from cabinet_standing
group by company_id, stage, holder, currency;

-- What somebody asked somebody by a comment, until that one comments themself.
create table cabinet_question (
  company_id integer not null,
  comment_id integer not null,
  person_id integer not null,
  order_id integer not null,
  asked_by integer,
  asked_at integer not null,
  due_at integer not null,
  answered_at integer,
  primary key (company_id, comment_id, person_id)
);
create index cabinet_question_of_order on cabinet_question (company_id, order_id, asked_at, comment_id, person_id);
create index cabinet_question_answered on cabinet_question (company_id, person_id, answered_at)
  where answered_at is not null;

-- What the owner wants done before anything else: a comment that stands on top of the card until somebody ticks it.
create table cabinet_instruction (
  company_id integer not null,
  comment_id integer not null,
  order_id integer not null,
  given_by integer,
  given_at integer not null,
  done_by integer,
  done_at integer,
  primary key (company_id, comment_id)
);
create index cabinet_instruction_of_order on cabinet_instruction (company_id, order_id, given_at, comment_id);
