-- Orders up to this one, all that were in work at the publication, stay with the version before; none: they move.
alter table playbook_version add column stay_up_to integer;
