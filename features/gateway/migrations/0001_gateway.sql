-- What a request was called by who sent it, so that repeating it does nothing. Forgotten after a week.
create table gateway_request (
  company_id integer not null,
  shop_id integer not null,
  request_key text not null,
  digest text not null,
  order_id integer not null,
  at integer not null,
  primary key (company_id, shop_id, request_key)
);
create index gateway_request_by_age on gateway_request (company_id, at);
