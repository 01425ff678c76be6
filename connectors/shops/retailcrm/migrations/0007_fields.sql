-- When a shop said each field for the last time ({field: microseconds}): of a message that waited, only what no
-- later one said is applied. Nothing is known of fields that were said before this column was there.
alter table retailcrm_order add column said_fields text;
alter table retailcrm_word add column said_fields text;
