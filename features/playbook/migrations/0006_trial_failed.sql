-- Why a back-test broke off: the code of a fault. One without an end and without this is under way.
alter table playbook_trial add column failed text;
