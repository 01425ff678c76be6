-- What a file says beside its documents: for the file itself and for each of its accounts, as written.
alter table bank_import add column around text not null default '[]';
