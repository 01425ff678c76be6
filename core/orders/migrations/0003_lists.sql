-- A list goes by shop, or by shop and status; a stage is its statuses, a company its shops. Each index
-- costs every order that comes in, so there are no others.
drop index orders_by_age;
drop index orders_by_stage;
drop index orders_by_status;
create index orders_by_status on orders (company_id, shop_id, status, placed_at, id);
