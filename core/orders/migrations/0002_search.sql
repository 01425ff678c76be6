-- Orders are found by the search of the platform. Those that were there before are given to it by a
-- timer of each company, some at a time.
drop table order_word;
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'orders.index_old', '', 'company', company_id, 0, 0, '{"after":0}', 0
from orders
group by company_id;
