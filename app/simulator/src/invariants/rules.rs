/// A count that must be zero.
pub struct Rule {
    pub never: &'static str,
    pub question: &'static str,
}

/// Holds after every commit, besides the checks that the features bring themselves.
pub const ALWAYS: &[Rule] = &[
    // Orders.
    Rule {
        never: "orders placed twice under one external id",
        question: "select count(*) as n
             from (
               select 1 as one
               from orders
               where external_id is not null
               group by company_id, shop_id, external_id
               having count(*) > 1
             ) as doubled",
    },
    Rule {
        never: "external ids that are not those of their order",
        question: "select count(*) as n
             from order_intake
             left join orders on orders.company_id = order_intake.company_id
               and orders.id = order_intake.order_id
               and orders.external_id = order_intake.external_id
             where orders.id is null",
    },
    Rule {
        never: "orders that were not said to be placed, or over before they came, exactly once",
        question: "select count(*) as n
             from orders
             where 1 <> (select count(*)
               from fact
               where fact.company_id = orders.company_id and fact.subject_kind = 'order'
                 and fact.subject_id = orders.id and fact.kind in ('orders.placed', 'orders.recorded'))",
    },
    Rule {
        never: "orders without lines",
        question: "select count(*) as n
             from orders
             where not exists (select 1 from order_line
               where order_line.company_id = orders.company_id and order_line.order_id = orders.id)",
    },
    Rule {
        never: "counts per shop, stage and status that are not their orders",
        question: "select count(*) as n
             from (
               select 1 as one
               from (
                 select company_id, shop_id, stage, status, 1 as orders from orders
                 union all
                 select company_id, shop_id, stage, status, -orders from order_count
                 union all
                 select company_id, shop_id, stage, status, -orders from order_count_change
               ) as counted
               group by company_id, shop_id, stage, status
               having sum(orders) <> 0
             ) as wrong",
    },
    // Money.
    Rule {
        never: "currencies in which a company's books do not balance",
        question: "select count(*) as n
             from (
               select 1 as one
               from journal_entry
               group by company_id, currency
               having sum(case side when 'debit' then amount_minor else -amount_minor end) <> 0
             ) as unbalanced",
    },
    Rule {
        never: "postings that do not balance",
        question: "select count(*) as n
             from (
               select 1 as one
               from journal_transaction
               left join journal_entry on journal_entry.company_id = journal_transaction.company_id
                 and journal_entry.transaction_id = journal_transaction.id
               group by journal_transaction.company_id, journal_transaction.id, journal_entry.currency
               having coalesce(sum(case side when 'debit' then amount_minor else -amount_minor end), 1) <> 0
             ) as unbalanced",
    },
    Rule {
        never: "orders whose payments are not their allocations",
        question: "select count(*) as n
             from orders
             where paid_minor <> (select coalesce(sum(amount_minor), 0) from allocation
               where allocation.company_id = orders.company_id and allocation.order_id = orders.id)",
    },
    Rule {
        never: "orders whose payments are not proved",
        question: "select count(*) as n
             from orders
             where paid_minor <> (select coalesce(sum(amount_minor), 0) from order_payment
               where order_payment.company_id = orders.company_id and order_payment.order_id = orders.id)",
    },
    Rule {
        never: "orders paid beyond their total",
        question: "select count(*) as n from orders where paid_minor > total_minor",
    },
    Rule {
        never: "receipts used beyond their amount",
        question: "select count(*) as n
             from order_receipt
             where amount_minor < (select coalesce(sum(amount_minor), 0) from order_payment
               where order_payment.company_id = order_receipt.company_id
                 and order_payment.receipt_id = order_receipt.id)",
    },
    Rule {
        never: "lines that pay more than came",
        question: "select count(*) as n from bank_line where allocated_minor + credit_minor > amount_minor",
    },
    Rule {
        never: "lines whose allocations are others than written on them",
        question: "select count(*) as n
             from bank_line
             where allocated_minor <> (select coalesce(sum(amount_minor), 0) from allocation
               where allocation.company_id = bank_line.company_id and allocation.line_id = bank_line.id)",
    },
    // Goods.
    Rule {
        never: "levels held beyond what lies there",
        question: "select count(*) as n from stock_level where held > on_hand or held < 0",
    },
    Rule {
        never: "levels that are not their movements",
        question: "select count(*) as n
             from stock_level
             where on_hand <> (select coalesce(sum(quantity), 0) from stock_movement
               where stock_movement.company_id = stock_level.company_id
                 and stock_movement.offer_id = stock_level.offer_id
                 and stock_movement.warehouse_id = stock_level.warehouse_id)",
    },
    Rule {
        never: "levels that are not their reservations",
        question: "select count(*) as n
             from stock_level
             where held <> (select coalesce(sum(quantity), 0) from stock_reservation
               where stock_reservation.company_id = stock_level.company_id
                 and stock_reservation.offer_id = stock_level.offer_id
                 and stock_reservation.warehouse_id = stock_level.warehouse_id)",
    },
    Rule {
        never: "lines that believe something else to be held for them than is",
        question: "select count(*) as n
             from order_line
             where reserved <> (select coalesce(sum(quantity), 0) from stock_reservation
               where stock_reservation.company_id = order_line.company_id
                 and stock_reservation.order_id = order_line.order_id
                 and stock_reservation.line_id = order_line.id)",
    },
    Rule {
        never: "lines shipped beyond their quantity",
        question: "select count(*) as n from order_line where shipped > quantity",
    },
    // Reactions.
    Rule {
        never: "tasks opened twice for one occasion",
        question: "select count(*) as n
             from (
               select 1 as one
               from task
               where order_id is not null
               group by company_id, order_id, kind, args
               having count(*) > 1
             ) as doubled",
    },
    Rule {
        never: "orders to be picked or called about twice at a time",
        question: "select count(*) as n
             from (
               select 1 as one
               from task
               where order_id is not null and kind in ('pick', 'call') and state <> 'closed'
               group by company_id, order_id, kind
               having count(*) > 1
             ) as doubled",
    },
    Rule {
        never: "facts said twice about one subject for one cause",
        question: "select count(*) as n
             from (
               select 1 as one
               from fact
               where cause is not null
               group by company_id, subject_kind, subject_id, kind, cause, body
               having count(*) > 1
             ) as doubled",
    },
    Rule {
        never: "notices under another's Message-ID",
        question: "select count(*) as n
             from (
               select 1 as one
               from notice
               group by company_id, message_id
               having count(*) > 1
             ) as doubled",
    },
];

/// Holds once nothing is left to do.
pub const AT_REST: &[Rule] = &[
    Rule { never: "facts that nobody has numbered", question: "select count(*) as n from fact_unnumbered" },
    Rule {
        never: "subjects that a listener could not take",
        question: "select count(*) as n from parked_subject",
    },
    Rule { never: "timers that failed", question: "select count(*) as n from timer where attempts > 0" },
    Rule { never: "dead jobs", question: "select count(*) as n from job where died_at is not null" },
    Rule {
        never: "lines nobody has looked at",
        question: "select count(*) as n
             from bank_line
             join bank_import on bank_import.company_id = bank_line.company_id
               and bank_import.id = bank_line.import_id
             where bank_line.state = 'waiting' and bank_import.state = 'accepted'",
    },
    Rule {
        never: "lines of a file that lacks others",
        question: "select count(*) as n
             from bank_import
             where state = 'accepted' and documents <> (select count(*) from bank_line
               where bank_line.company_id = bank_import.company_id and bank_line.import_id = bank_import.id)",
    },
    Rule {
        never: "lines of files that were never taken in",
        question: "select count(*) as n
             from bank_line
             left join bank_import on bank_import.company_id = bank_line.company_id
               and bank_import.id = bank_line.import_id and bank_import.state = 'accepted'
             where bank_import.id is null",
    },
    Rule {
        never: "notices left in the middle",
        question: "select count(*) as n from notice where state = 'sending'",
    },
    Rule {
        never: "paid orders in work that nobody is asked to do anything about",
        question: "select count(*) as n
             from orders
             where stage in ('new', 'approval', 'assembling') and paid_minor >= total_minor
               and not exists (select 1 from task where task.company_id = orders.company_id
                 and task.order_id = orders.id and task.state <> 'closed')
               and confirmed_at is null and deferred_until is null",
    },
];
