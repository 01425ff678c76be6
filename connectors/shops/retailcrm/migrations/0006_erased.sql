-- What a shop told of a customer, found from the customer.
create index retailcrm_customer_of on retailcrm_customer (company_id, customer_id);
create index retailcrm_customer_id_by_customer on retailcrm_customer_id (company_id, customer_id);
create index retailcrm_subscription_of on retailcrm_subscription (company_id, customer_id);
create index retailcrm_cart_of on retailcrm_cart (company_id, customer_id);
