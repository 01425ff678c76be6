-- Whose word counts for the price and the stock of the goods that a feed brings: that feed's own, another feed's of the
-- company, or, where nothing stands, the card's and our own count.
alter table feed add column price_feed_id integer;
alter table feed add column stock_feed_id integer;
update feed set price_feed_id = id;
update feed set stock_feed_id = id where takes_stock = {pg:true|sqlite:1};
alter table feed drop column takes_stock;
-- Of two indexes that are worth the same for a table that was counted while it was empty, PostgreSQL takes the younger:
-- this one looks a SKU up, the one by feed walks through the company's.
{pg:alter table feed_offer drop constraint feed_offer_pkey;
alter table feed_offer add primary key (company_id, sku);|sqlite:}
