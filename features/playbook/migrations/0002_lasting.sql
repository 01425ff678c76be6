-- What lasts: one row for each rule about a state and each subject, from its beginning to its end. While it
-- has not been acted upon, a timer `playbook.lasted` is set to due_at.
create table playbook_occasion (
  company_id integer not null,
  subject_kind text not null,
  subject_id integer not null,
  rule text not null,
  since integer not null,
  due_at integer not null,
  acted_at integer,
  fact_id integer,
  primary key (company_id, subject_kind, subject_id, rule)
){pg:|sqlite:, without rowid};

-- Orders that were in work before are looked at once, some at a time.
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'playbook.review', '', 'company', company_id, 0, 0, '{"orders_after":0}', 0
from orders
group by company_id;
