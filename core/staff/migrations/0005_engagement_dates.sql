-- What is agreed for later begins and ends by a timer; what stands gets its own.
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'staff.engagement', id || '/began', 'company', company_id, from_at, from_at, 'null', 0
from engagement
where from_at > {pg:cast(extract(epoch from now()) as bigint)|sqlite:cast(strftime('%s', 'now') as integer)} * 1000000;
insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
select company_id, 'staff.engagement', id || '/ended', 'company', company_id, until_at, until_at, 'null', 0
from engagement
where until_at > {pg:cast(extract(epoch from now()) as bigint)|sqlite:cast(strftime('%s', 'now') as integer)} * 1000000;
