//! What is computed from all rows together, and what must not happen by itself in a filled database.

/// (table, statements); for tables that are no longer there nothing is done.
pub const SUMS: &[(&str, &[&str])] = &[
    ("order_count_change", &["delete from order_count_change"]),
    (
        "order_count",
        &[
            "delete from order_count",
            "insert into order_count (company_id, shop_id, stage, status, orders)
             select company_id, shop_id, stage, status, count(*)
             from orders
             group by company_id, shop_id, stage, status",
        ],
    ),
    (
        "slice_filling",
        &[
            "delete from slice_sum",
            "delete from slice_line",
            "delete from slice_order",
            "delete from slice_pending",
            "delete from slice_filling",
            "insert into slice_filling (company_id, after_id) select company_id, 0 from orders group by company_id",
        ],
    ),
    (
        "cabinet_sum",
        &[
            "delete from cabinet_change",
            "delete from cabinet_sum",
            "insert into cabinet_sum (company_id, day, what, holder, currency, orders, minor)
             select company_id, 0, stage, holder, currency, count(*), cast(sum(total_minor) as bigint)
             from cabinet_standing
             group by company_id, stage, holder, currency",
        ],
    ),
    (
        "stock_level",
        &["update stock_level
           set on_hand = coalesce((
                 select sum(quantity) from stock_movement as moved
                 where moved.company_id = stock_level.company_id and moved.offer_id = stock_level.offer_id
                   and moved.warehouse_id = stock_level.warehouse_id), 0),
               held = coalesce((
                 select sum(quantity) from stock_reservation as held
                 where held.company_id = stock_level.company_id and held.offer_id = stock_level.offer_id
                   and held.warehouse_id = stock_level.warehouse_id), 0)"],
    ),
    (
        "invoice",
        &["update number_block set taken_until = (select count(*) from invoice) where name = 'invoices'"],
    ),
    (
        "journal_unsealed",
        &[
            "delete from journal_unsealed",
            "insert into journal_unsealed (company_id, transaction_id)
             select company_id, id
             from journal_transaction
             where not exists (select 1 from journal_seal as sealed
               where sealed.company_id = journal_transaction.company_id
                 and sealed.transaction_id = journal_transaction.id)",
        ],
    ),
    (
        "reaction_cursor",
        &["update reaction_cursor set position = (select coalesce(max(position), 0) from fact_position)"],
    ),
    // In ten years: what is overdue on old orders would otherwise happen while something is measured.
    ("timer", &["update timer set due_at = due_at + 315360000000000, fire_at = fire_at + 315360000000000"]),
];
