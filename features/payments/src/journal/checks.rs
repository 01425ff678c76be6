//! What must hold of the books.

use takt_store::{Check, rows_wrong, sql};

use super::proof;

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
    Check::scan("payments.journal_is_chained", proof::broken_links),
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
