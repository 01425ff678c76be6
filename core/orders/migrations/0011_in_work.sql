-- All that are in work, a part at a time.
create index orders_in_work on orders (company_id, id) where in_work;
