-- What a shop last listed of an order that was known: its list beside ours. Holds personal data: erased with the order's.
alter table retailcrm_order add column listed text;
