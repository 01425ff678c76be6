//! What must hold of money whatever happened.

use takt_store::{Check, rows_wrong, sql};

use crate::journal::chain;

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("payments.books_balance", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, transaction_id, currency,
                   cast(sum(case side when 'debit' then amount_minor else -amount_minor end) as bigint) as off_minor
                 from journal_entry
                 group by company_id, transaction_id, currency
                 having sum(case side when 'debit' then amount_minor else -amount_minor end) <> 0
                 order by company_id, transaction_id, currency
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.orders_are_paid_by_allocations", |db| {
        rows_wrong(
            db,
            sql!(
                "select paid.company_id, paid.order_id, cast(sum(paid.by_orders) as bigint) as paid_minor,
                   cast(sum(paid.by_allocations) as bigint) as allocated_minor
                 from (
                   select company_id, order_id, amount_minor as by_orders, 0 as by_allocations
                   from order_payment
                   union all
                   select company_id, order_id, 0, amount_minor
                   from allocation
                 ) as paid
                 group by paid.company_id, paid.order_id
                 having sum(paid.by_orders) <> sum(paid.by_allocations)
                 order by paid.company_id, paid.order_id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.lines_pay_what_they_were_allotted", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.amount_minor, line.allocated_minor, line.credit_minor,
                   line.returned_minor, cast(coalesce(allotted.amount_minor, 0) as bigint) as allotted_minor
                 from bank_line as line
                 left join (
                   select company_id, line_id, sum(amount_minor) as amount_minor
                   from allocation
                   group by company_id, line_id
                 ) as allotted on allotted.company_id = line.company_id and allotted.line_id = line.id
                 where line.allocated_minor <> coalesce(allotted.amount_minor, 0)
                   or line.allocated_minor < 0 or line.credit_minor < 0 or line.returned_minor < 0
                   or line.allocated_minor + line.credit_minor + line.returned_minor > line.amount_minor
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.allocations_are_undone_within_themselves", |db| {
        rows_wrong(
            db,
            sql!(
                "select undone.company_id, undone.reverses, undone.amount_minor, allocation.amount_minor as allocated_minor
                 from (
                   select company_id, reverses, min(line_id) as line_id, max(line_id) as last_line_id,
                     min(order_id) as order_id, max(order_id) as last_order_id, max(amount_minor) as least_minor,
                     cast(sum(amount_minor) as bigint) as amount_minor
                   from allocation
                   where reverses is not null
                   group by company_id, reverses
                 ) as undone
                 left join allocation
                   on allocation.company_id = undone.company_id and allocation.id = undone.reverses
                 where allocation.id is null or undone.least_minor >= 0
                   or undone.amount_minor + allocation.amount_minor < 0
                   or undone.line_id <> allocation.line_id or undone.last_line_id <> allocation.line_id
                   or undone.order_id <> allocation.order_id or undone.last_order_id <> allocation.order_id
                 order by undone.company_id, undone.reverses
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.invoices_ask_for_what_is_owed", |db| {
        rows_wrong(
            db,
            sql!(
                "select invoice.company_id, invoice.id, invoice.reference, invoice.state, invoice.residual_minor,
                   orders.total_minor, orders.paid_minor
                 from invoice
                 left join orders on orders.company_id = invoice.company_id and orders.id = invoice.order_id
                 where orders.id is null
                   or (invoice.state in ('open', 'paid')
                     and (invoice.residual_minor <> case when orders.total_minor > orders.paid_minor
                         then orders.total_minor - orders.paid_minor else 0 end
                       or (invoice.state = 'paid') <> (invoice.residual_minor = 0)))
                 order by invoice.company_id, invoice.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.movements_are_those_of_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select movement.company_id, movement.key, movement.line_id
                 from bank_movement as movement
                 left join bank_line as line
                   on line.company_id = movement.company_id and line.id = movement.line_id
                 where line.id is null
                 order by movement.company_id, movement.key
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.files_have_all_their_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select file.company_id, file.id, file.documents, count(line.id) as lines
                 from bank_import as file
                 left join bank_line as line on line.company_id = file.company_id and line.import_id = file.id
                 where file.state = 'accepted'
                 group by file.company_id, file.id, file.documents
                 having count(line.id) <> file.documents
                 order by file.company_id, file.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.journal_is_chained", chain::broken_links),
    Check::scan("payments.journal_is_sealed_or_waits", |db| {
        rows_wrong(
            db,
            sql!(
                "select posted.company_id, posted.id, count(place.transaction_id) as places
                 from journal_transaction as posted
                 left join (
                   select company_id, transaction_id from journal_seal
                   union all
                   select company_id, transaction_id from journal_unsealed
                 ) as place on place.company_id = posted.company_id and place.transaction_id = posted.id
                 group by posted.company_id, posted.id
                 having count(place.transaction_id) <> 1
                 order by posted.company_id, posted.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.balances_are_those_of_the_journal", |db| {
        rows_wrong(
            db,
            sql!(
                "select part.company_id, part.entity_id, part.account, part.currency,
                   cast(sum(part.kept_minor) as bigint) as kept_minor,
                   cast(sum(part.entered_minor) as bigint) as entered_minor
                 from (
                   select company_id, entity_id, account, currency, debit_minor - credit_minor as kept_minor,
                     0 as entered_minor, entries as kept, 0 as entered
                   from journal_balance
                   union all
                   select entry.company_id, posted.entity_id, entry.account, entry.currency, 0,
                     case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end, 0, 1
                   from journal_seal as seal
                   join journal_transaction as posted on posted.company_id = seal.company_id
                     and posted.id = seal.transaction_id
                   join journal_entry as entry on entry.company_id = seal.company_id
                     and entry.transaction_id = seal.transaction_id
                 ) as part
                 group by part.company_id, part.entity_id, part.account, part.currency
                 having sum(part.kept_minor) <> sum(part.entered_minor) or sum(part.kept) <> sum(part.entered)
                 order by part.company_id, part.entity_id, part.account
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.accounts_run_on", |db| {
        rows_wrong(
            db,
            sql!(
                "select place.company_id, place.entity_id, place.account, place.currency, place.number
                 from (
                   select place.company_id, place.entity_id, place.account, place.currency, place.number,
                     place.balance_minor, seal.number as sealed,
                     case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end as signed_minor,
                     lag(place.number, 1, 0) over (partition by place.company_id, place.entity_id, place.account, place.currency
                       order by place.number) as before,
                     lag(seal.number, 1, 0) over (partition by place.company_id, place.entity_id, place.account, place.currency
                       order by place.number) as sealed_before,
                     lag(place.balance_minor, 1, 0) over (partition by place.company_id, place.entity_id, place.account,
                       place.currency order by place.number) as balance_before
                   from account_entry as place
                   left join journal_seal as seal on seal.company_id = place.company_id
                     and seal.transaction_id = place.transaction_id
                   left join journal_entry as entry on entry.company_id = place.company_id
                     and entry.transaction_id = place.transaction_id and entry.n = place.n
                     and entry.account = place.account and entry.currency = place.currency
                 ) as place
                 where place.number <> place.before + 1 or place.sealed is null or place.sealed < place.sealed_before
                   or place.signed_minor is null
                   or place.balance_minor <> place.balance_before + place.signed_minor
                 order by place.company_id, place.entity_id, place.account, place.number
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.guarded_accounts_are_not_overdrawn", |db| {
        rows_wrong(
            db,
            sql!(
                "select part.company_id, part.entity_id, part.account, part.currency,
                   cast(sum(part.kept_minor) as bigint) as kept_minor,
                   cast(sum(part.entered_minor) as bigint) as entered_minor
                 from (
                   select company_id, entity_id, account, currency, balance_minor as kept_minor, 0 as entered_minor
                   from guarded_balance
                   union all
                   select entry.company_id, posted.entity_id, entry.account, entry.currency, 0,
                     case entry.side when 'credit' then entry.amount_minor else -entry.amount_minor end
                   from journal_entry as entry
                   join journal_transaction as posted on posted.company_id = entry.company_id
                     and posted.id = entry.transaction_id
                   where entry.account like 'customer_credit:%' or entry.account like 'refund_payable:%'
                 ) as part
                 group by part.company_id, part.entity_id, part.account, part.currency
                 having sum(part.kept_minor) <> sum(part.entered_minor) or sum(part.entered_minor) < 0
                 order by part.company_id, part.entity_id, part.account
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.credit_is_of_receipts", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.credit_minor,
                   cast(coalesce(part.left_minor, 0) as bigint) as left_minor
                 from bank_line as line
                 left join (
                   select company_id, line_id, sum(left_minor) as left_minor
                   from credit_part
                   group by company_id, line_id
                 ) as part on part.company_id = line.company_id and part.line_id = line.id
                 where line.credit_minor <> coalesce(part.left_minor, 0)
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.refunds_are_of_receipts", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.returned_minor,
                   cast(coalesce(part.amount_minor, 0) as bigint) as refunded_minor
                 from bank_line as line
                 left join (
                   select refund_part.company_id, refund_part.line_id, sum(refund_part.amount_minor) as amount_minor
                   from refund_part
                   join refund on refund.company_id = refund_part.company_id and refund.id = refund_part.refund_id
                   where refund.state <> 'kept'
                   group by refund_part.company_id, refund_part.line_id
                 ) as part on part.company_id = line.company_id and part.line_id = line.id
                 where line.returned_minor <> coalesce(part.amount_minor, 0)
                   and line.outcome <> 'payments.receipt_reversed'
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.refunds_are_confirmed_by_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select refund.company_id, refund.id, refund.state, refund.amount_minor, refund.confirmed_minor,
                   cast(coalesce(paid.amount_minor, 0) as bigint) as paid_minor
                 from refund
                 left join (
                   select company_id, refund_id, sum(amount_minor) as amount_minor
                   from refund_payment
                   group by company_id, refund_id
                 ) as paid on paid.company_id = refund.company_id and paid.refund_id = refund.id
                 where refund.confirmed_minor <> coalesce(paid.amount_minor, 0)
                   or refund.confirmed_minor > refund.amount_minor
                   or (refund.state = 'closed') <> (refund.confirmed_minor = refund.amount_minor)
                 order by refund.company_id, refund.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.reversals_make_up", |db| {
        rows_wrong(
            db,
            sql!(
                "select part.company_id, part.id, part.account, part.currency, cast(sum(part.signed_minor) as bigint) as off_minor
                 from (
                   select posted.company_id, posted.id, entry.account, entry.currency,
                     case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end as signed_minor
                   from journal_transaction as posted
                   join journal_entry as entry on entry.company_id = posted.company_id and entry.transaction_id = posted.id
                   where posted.reverses is not null
                   union all
                   select posted.company_id, posted.id, entry.account, entry.currency,
                     case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end
                   from journal_transaction as posted
                   join journal_entry as entry on entry.company_id = posted.company_id
                     and entry.transaction_id = posted.reverses
                   where posted.reverses is not null
                 ) as part
                 group by part.company_id, part.id, part.account, part.currency
                 having sum(part.signed_minor) <> 0
                 order by part.company_id, part.id, part.account
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.carriers_owe_what_they_took_in", |db| {
        rows_wrong(
            db,
            sql!(
                "select part.company_id, cast(sum(part.entered_minor) as bigint) as entered_minor,
                   cast(sum(part.kept_minor) as bigint) as kept_minor
                 from (
                   select company_id, 0 as entered_minor, amount_minor as kept_minor
                   from cash_with_carrier
                   union all
                   select company_id, case side when 'debit' then amount_minor else -amount_minor end, 0
                   from journal_entry
                   where account = 'cash_on_delivery'
                 ) as part
                 group by part.company_id
                 having sum(part.entered_minor) <> sum(part.kept_minor)
                 order by part.company_id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.buyers_owe_what_their_orders_do", |db| {
        rows_wrong(
            db,
            sql!(
                "select part.company_id, part.currency, cast(sum(part.entered_minor) as bigint) as entered_minor,
                   cast(sum(part.owed_minor) as bigint) as owed_minor
                 from (
                   select orders.company_id, orders.currency, 0 as entered_minor,
                     case orders.stage when 'cancel' then 0 else orders.total_minor end - orders.paid_minor as owed_minor
                   from orders
                   where exists (select 1 from invoice
                     where invoice.company_id = orders.company_id and invoice.order_id = orders.id)
                   union all
                   select company_id, currency, case side when 'debit' then amount_minor else -amount_minor end, 0
                   from journal_entry
                   where account = 'cash_on_delivery' or account like 'receivable:%'
                 ) as part
                 group by part.company_id, part.currency
                 having sum(part.entered_minor) <> sum(part.owed_minor)
                 order by part.company_id, part.currency
                 limit 20"
            ),
        )
    }),
];
