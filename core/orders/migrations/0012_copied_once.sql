-- A form that copies an order may be sent twice, and a program may ask again: the same request makes one copy.
alter table order_kin add column request_key text;
create unique index order_kin_once on order_kin (company_id, order_id, request_key) where request_key is not null;
