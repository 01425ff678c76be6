-- From where a person paid, found from the person: to forget it.
create index known_payer_of on known_payer (company_id, customer_id);
