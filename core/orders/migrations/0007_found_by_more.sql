-- Orders are found by their goods, remarks and tracking numbers too. Those that stand already are given to the search
-- anew by a timer of each company, some at a time.
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'orders.index_old', '', 'company', company_id, 0, 0, '{"after":0}', 0
from orders
group by company_id
on conflict do nothing;
