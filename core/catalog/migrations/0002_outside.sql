-- What a shop's own catalogue knows of an offer beside its SKU, and which of its products it belongs to.
alter table offer add column article text;
alter table offer add column external_id text;
alter table offer add column picture text;
alter table product add column group_key text;
create unique index product_group on product (company_id, group_key);
