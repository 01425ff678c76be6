-- What was told of stock last, in thousandths: a document that says a price anew repeats its count beside it.
alter table feed_offer add column stock integer;
