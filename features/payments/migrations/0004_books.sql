-- Who the company is before the law: issues invoices, owns bank accounts, has books of its own.
create table legal_entity (
  company_id integer not null,
  id integer not null,
  name text not null,
  inn text,
  kpp text,
  address text,
  vat_regime text not null,
  director text,
  accountant text,
  is_default boolean not null,
  archived boolean not null,
  created_at integer not null,
  primary key (company_id, id)
);
create unique index legal_entity_one_default on legal_entity (company_id) where is_default;

-- Which entity sells in a shop, when it is not the default one.
create table shop_entity (
  company_id integer not null,
  shop_id integer not null,
  entity_id integer not null,
  primary key (company_id, shop_id)
){pg:|sqlite:, without rowid};

-- These rows are kept in memory until one of them changes.
{pg:create trigger legal_entity_is_kept after insert or update or delete on legal_entity for each statement execute function seldom_changed();
  create trigger shop_entity_is_kept after insert or update or delete on shop_entity for each statement execute function seldom_changed();|sqlite:create trigger legal_entity_is_kept_insert after insert on legal_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger legal_entity_is_kept_update after update on legal_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger legal_entity_is_kept_delete after delete on legal_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger shop_entity_is_kept_insert after insert on shop_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger shop_entity_is_kept_update after update on shop_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;
  create trigger shop_entity_is_kept_delete after delete on shop_entity begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end;}

-- What stands keeps its holders: each holder of an account becomes an entity, the first one the default.
insert into legal_entity (company_id, id, name, inn, kpp, address, vat_regime, director, accountant, is_default, archived, created_at)
select held.company_id, held.id, coalesce(held.holder_name, organisation.name), held.inn, null, null, 'general', null, null,
  held.id = (select min(first.id) from bank_account as first where first.company_id = held.company_id), {pg:false|sqlite:0}, held.created_at
from (
  select company_id, min(id) as id, holder_name, inn, min(created_at) as created_at
  from bank_account
  group by company_id, holder_name, inn
) as held
join organisation on organisation.id = held.company_id;

insert into legal_entity (company_id, id, name, inn, kpp, address, vat_regime, director, accountant, is_default, archived, created_at)
select organisation.id, organisation.id, organisation.name, null, null, null, 'general', null, null, {pg:true|sqlite:1}, {pg:false|sqlite:0}, organisation.created_at
from organisation
where organisation.id in (select company_id from journal_transaction)
  and organisation.id not in (select company_id from bank_account);

alter table bank_account add column entity_id integer not null default 0;
update bank_account
set entity_id = (select entity.id
  from legal_entity as entity
  where entity.company_id = bank_account.company_id
    and coalesce(entity.inn, '') = coalesce(bank_account.inn, '')
    and (bank_account.holder_name is null or entity.name = bank_account.holder_name)
  order by entity.id
  limit 1);

alter table invoice add column entity_id integer not null default 0;
update invoice
set entity_id = (select entity.id from legal_entity as entity where entity.company_id = invoice.company_id and entity.is_default);

-- Money of a line that goes back to whom it came from, or has gone back.
alter table bank_line add column returned_minor integer not null default 0;

-- An allocation may be taken back in parts.
drop index allocation_reversed_once;
create index allocation_reverses on allocation (company_id, reverses, id);

-- All that was posted before stands in the books of the default entity.
{pg:drop trigger journal_transaction_is_append_only on journal_transaction;|sqlite:drop trigger journal_transaction_is_not_updated;}
alter table journal_transaction add column entity_id integer not null default 0;
alter table journal_transaction add column payload_hash text not null default '';
update journal_transaction
set entity_id = (select entity.id from legal_entity as entity where entity.company_id = journal_transaction.company_id and entity.is_default);
{pg:create trigger journal_transaction_is_append_only before update or delete on journal_transaction for each statement execute function refuse_journal_change();|sqlite:create trigger journal_transaction_is_not_updated before update on journal_transaction begin select raise(abort, 'the journal is append-only'); end;}

-- Posted, and not in the chain yet.
create table journal_unsealed (
  company_id integer not null,
  transaction_id integer not null,
  primary key (company_id, transaction_id)
){pg:|sqlite:, without rowid};
insert into journal_unsealed (company_id, transaction_id)
select company_id, id from journal_transaction;

create table journal_seal (
  company_id integer not null,
  number integer not null,
  transaction_id integer not null,
  previous_hash text not null,
  hash text not null,
  sealed_at integer not null,
  primary key (company_id, number)
);
create unique index journal_seal_transaction on journal_seal (company_id, transaction_id);

-- The end of a company's chain, and whether the job that makes it longer was called.
create table journal_head (
  company_id integer not null,
  number integer not null,
  hash text not null,
  called boolean not null,
  primary key (company_id)
);

-- The entries of one account in their order, each with what the account came to: a projection of the sealed journal.
create table account_entry (
  company_id integer not null,
  entity_id integer not null,
  account text not null,
  currency text not null,
  number integer not null,
  transaction_id integer not null,
  n integer not null,
  balance_minor integer not null,
  primary key (company_id, entity_id, account, currency, number)
){pg:|sqlite:, without rowid};

create table journal_balance (
  company_id integer not null,
  entity_id integer not null,
  account text not null,
  currency text not null,
  debit_minor integer not null,
  credit_minor integer not null,
  entries integer not null,
  primary key (company_id, entity_id, account, currency)
){pg:|sqlite:, without rowid};
create index journal_balance_account on journal_balance (company_id, account);

-- What accounts hold that may not be overdrawn, written with each posting to them.
create table guarded_balance (
  company_id integer not null,
  entity_id integer not null,
  account text not null,
  currency text not null,
  balance_minor integer not null,
  primary key (company_id, entity_id, account, currency)
){pg:|sqlite:, without rowid};
insert into guarded_balance (company_id, entity_id, account, currency, balance_minor)
select journal_transaction.company_id, journal_transaction.entity_id, journal_entry.account, journal_entry.currency,
  cast(sum(case journal_entry.side when 'credit' then journal_entry.amount_minor else -journal_entry.amount_minor end) as bigint)
from journal_entry
join journal_transaction on journal_transaction.company_id = journal_entry.company_id and journal_transaction.id = journal_entry.transaction_id
where journal_entry.account like 'customer_credit:%'
group by journal_transaction.company_id, journal_transaction.entity_id, journal_entry.account, journal_entry.currency;

-- From which receipts the credit of a customer is: what of it is not used yet.
create table credit_part (
  company_id integer not null,
  customer_id integer not null,
  line_id integer not null,
  entity_id integer not null,
  currency text not null,
  left_minor integer not null check (left_minor >= 0),
  primary key (company_id, customer_id, line_id)
);
create index credit_part_line on credit_part (company_id, line_id, customer_id);
insert into credit_part (company_id, customer_id, line_id, entity_id, currency, left_minor)
select given.company_id, given.customer_id, given.line_id, given.entity_id, given.currency, cast(sum(given.amount_minor) as bigint)
from (
  select journal_entry.company_id, journal_transaction.entity_id, journal_entry.currency,
    cast(substr(journal_entry.account, 17) as bigint) as customer_id,
    cast({pg:split_part(journal_transaction.source, ':', 1)|sqlite:substr(journal_transaction.source, 1, instr(journal_transaction.source, ':') - 1)} as bigint) as line_id,
    case journal_entry.side when 'credit' then journal_entry.amount_minor else -journal_entry.amount_minor end as amount_minor
  from journal_entry
  join journal_transaction on journal_transaction.company_id = journal_entry.company_id and journal_transaction.id = journal_entry.transaction_id
  where journal_entry.account like 'customer_credit:%' and journal_transaction.kind in ('credit_given', 'credit_undone')
) as given
group by given.company_id, given.customer_id, given.line_id, given.entity_id, given.currency
having sum(given.amount_minor) > 0;

-- What carriers took in for orders and still owe.
create table cash_with_carrier (
  company_id integer not null,
  order_id integer not null,
  amount_minor integer not null check (amount_minor >= 0),
  primary key (company_id, order_id)
){pg:|sqlite:, without rowid};

-- Money that is to go back.
create table refund (
  company_id integer not null,
  id integer not null,
  entity_id integer not null,
  order_id integer,
  customer_id integer,
  cause text not null,
  state text not null,
  amount_minor integer not null check (amount_minor > 0),
  confirmed_minor integer not null,
  currency text not null,
  reason text,
  payee_name text,
  payee_account text,
  payee_bic text,
  ordered_by text,
  ordered_at integer,
  approved_by text,
  sent_at integer,
  closed_at integer,
  created_at integer not null,
  version integer not null,
  primary key (company_id, id)
);
create index refund_state on refund (company_id, state, id);
create index refund_order on refund (company_id, order_id, id);
create index refund_customer on refund (company_id, customer_id, id);

-- From which receipts it goes back.
create table refund_part (
  company_id integer not null,
  refund_id integer not null,
  line_id integer not null,
  amount_minor integer not null check (amount_minor > 0),
  primary key (company_id, refund_id, line_id)
);
create index refund_part_line on refund_part (company_id, line_id, refund_id);

-- The bank's outgoing lines that carried it out.
create table refund_payment (
  company_id integer not null,
  refund_id integer not null,
  line_id integer not null,
  amount_minor integer not null check (amount_minor > 0),
  at integer not null,
  primary key (company_id, line_id)
);
create index refund_payment_refund on refund_payment (company_id, refund_id, line_id);

{pg:create trigger journal_seal_is_append_only before update or delete on journal_seal for each statement execute function refuse_journal_change();|sqlite:create trigger journal_seal_is_not_updated before update on journal_seal begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_seal_is_not_deleted before delete on journal_seal begin select raise(abort, 'the journal is append-only'); end;}
