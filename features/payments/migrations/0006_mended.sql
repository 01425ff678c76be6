-- Since when, and for which reasons, people were called for what a bank was refused.
alter table bank_channel_contact add column alarmed_at integer;
alter table bank_channel_contact add column alarmed text;

-- Messages that wait for a statement, of all channels.
create index bank_message_outcome on bank_message (company_id, state, outcome, id);

-- Refunds on their way to one account.
create index refund_payee on refund (company_id, state, payee_account, id);

-- Lines under the bank's own id, whatever became of them.
create index bank_movement_bank_id on bank_movement (company_id, bank_id, line_id);

-- Lines by their amount: what a buyer says to have paid, what a bank takes back.
create index bank_line_amount on bank_line (company_id, amount_minor, id);
