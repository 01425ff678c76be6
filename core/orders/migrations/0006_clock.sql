-- Urgent orders come first, whatever was promised to the others: `turn_at` is `due_at`, for an urgent order less
-- 9007199254740992, so that one index sorts both. `pause` is what holds the order up, `waits` the times for
-- which its buyer let us wait; both are JSON.
alter table orders add column urgent boolean not null default false;
alter table orders add column turn_at integer not null default 0;
alter table orders add column milestone_since integer not null default 0;
alter table orders add column pause text;
alter table orders add column waits text not null default '[]';
update orders
set turn_at = due_at, milestone_since = holder_since;
drop index orders_of_company_by_promise;
drop index orders_of_desk_by_promise;
create index orders_of_company_by_turn on orders (company_id, turn_at, id) where in_work;
create index orders_of_desk_by_turn on orders (desk_id, turn_at, id) where in_work;
