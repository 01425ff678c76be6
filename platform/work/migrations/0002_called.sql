-- Somebody called for a job that was running: it runs once more.
alter table job add column called_at integer;
