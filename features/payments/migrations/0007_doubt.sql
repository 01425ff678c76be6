-- Found from the order that is about to leave, and as a list of what waits beyond its time.
create index bank_confirmation_waiting on bank_confirmation (company_id, wanted_until, line_id) where confirmed_at is null;
