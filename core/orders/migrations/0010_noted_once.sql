-- A remark that a browser kept while there was no line is sent until it is answered, and written once.
alter table order_comment add column request_key text;
create unique index order_comment_once on order_comment (company_id, order_id, request_key) where request_key is not null;
