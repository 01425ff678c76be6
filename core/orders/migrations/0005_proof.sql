-- Why a bank's message was believed, kept in the transaction that keeps the message. Written once.
create table money_proof (
  company_id integer not null,
  id integer not null,
  evidence text not null,
  digest text not null,
  kept_at integer not null,
  primary key (company_id, id)
);
{pg:create function refuse_proof_change() returns trigger language plpgsql as $$ begin raise exception 'a proof is never changed'; end $$;
create trigger money_proof_is_never_changed before update or delete on money_proof for each statement execute function refuse_proof_change();|sqlite:create trigger money_proof_is_not_updated before update on money_proof begin select raise(abort, 'a proof is never changed'); end;
create trigger money_proof_is_not_deleted before delete on money_proof begin select raise(abort, 'a proof is never changed'); end;}
