-- When a person was erased: the card stands as who ordered, and tells nothing of them.
alter table customer add column erased_at integer;
