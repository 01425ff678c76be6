-- What a shop said of a buyer, found from the buyer.
create index shop_customer_of on shop_customer (company_id, customer_id);
