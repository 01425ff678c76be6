-- The version of our order that was last held beside the shop's word: while neither changed, both need not be looked at.
alter table shop_order add column compared integer;
