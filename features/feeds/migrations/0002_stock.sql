-- Whether what the document says of stock becomes ours. It is the shop's count only where somebody said so.
alter table feed add column takes_stock boolean not null default false;
