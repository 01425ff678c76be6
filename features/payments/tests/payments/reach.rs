//! Who sees one shop alone sees its money alone, and nothing of what belongs to no shop.

use takt_kernel::{ShopId, Timestamp};
use takt_orders::CancelOrders;
use takt_payments::{
    claims,
    import::LineState,
    queries::{counts, imports, lines_in, receipts_since, visible_import, visible_line},
    refunds::{self, State},
};
use takt_staff::{Permit, Scope, command_line, shops::NewShop};
use takt_store::{params, sql};
use takt_testing::on_both_engines;

use crate::{
    desk::{Desk, pay},
    refunds::{claim, paid_order, permit},
};

const STATES: [LineState; 4] = [LineState::Posted, LineState::Suggested, LineState::Held, LineState::Other];

/// How many refunds, claims, lines and files a scope sees: in its lists, and one by one.
async fn seen(desk: &Desk, shops: Option<Vec<ShopId>>) -> [usize; 4] {
    let whole = Scope::Company { company: desk.company, shops: None };
    let scope = Scope::Company { company: desk.company, shops };
    desk.app
        .read(move |r| {
            let refunds = refunds::in_state(r, &scope, State::Payable, 10)?;
            let mut visible = 0;
            for refund in refunds::in_state(r, &whole, State::Payable, 10)? {
                visible += usize::from(refunds::visible(r, &scope, refund.id).is_ok());
            }
            assert_eq!(refunds.len(), visible);
            let (mut lines, mut visible) = (0, 0);
            for state in STATES {
                lines += lines_in(r, &scope, state, None, 10)?.len();
                for listed in lines_in(r, &whole, state, None, 10)? {
                    visible += usize::from(visible_line(r, &scope, listed.line.id).is_ok());
                }
            }
            assert_eq!(lines, visible);
            let files = imports(r, &scope, 10)?.len();
            let mut visible = 0;
            for (_, file) in imports(r, &whole, 10)? {
                visible += usize::from(visible_import(r, &scope, file.id).is_ok());
            }
            assert_eq!(files, visible);
            let receipts = receipts_since(r, &scope, Timestamp::from_micros(0))?.all;
            assert_eq!(usize::try_from(receipts).expect("few"), lines);
            assert!(counts(r, &scope)?.values().all(|count| lines > 0 || *count == 0));
            Ok([refunds.len(), claims::open(r, &scope, 10)?.len(), lines, files])
        })
        .await
}

on_both_engines! {
    async fn who_sees_one_shop_sees_the_money_of_its_orders_and_of_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let by = permit(&desk, "chief@example.org").await;
        let refunded = paid_order(&desk, "1", "Анна Петрова", "100.00").await;
        let claimed = desk.order("2", "Иван Орлов", "55.00").await;
        desk.bank_reports(&[pay("9", "7.00", "Спасибо за чай")]).await;
        desk.app
            .write(move |tx| {
                let cancels = Permit::<CancelOrders>::system(company, "test");
                takt_orders::cancel(tx, &cancels, refunded.order, None, "")?;
                tx.put(
                    sql!(
                        "insert into payment_claim (company_id, id, order_id, order_number, currency, amount_minor, words,
                           state, said_at)
                         values (:company_id, 1, :order_id, '2', 'RUB', 5500, '', 'open', 1)"
                    ),
                    params![company_id: company, order_id: claimed.order],
                )
            })
            .await;
        claim(&desk, &by, refunded.order, "100.00").await.expect("payable");
        let new = NewShop { name: "Багет".to_owned(), currency: None };
        let other = command_line::create_shop(&desk.app.db, &company.to_string(), new).await.expect("a shop");
        for (shops, sees) in [
            (None, [1, 1, 2, 2]),
            (Some(vec![desk.shop]), [1, 1, 0, 0]),
            (Some(vec![other, desk.shop]), [1, 1, 0, 0]),
            (Some(vec![other]), [0, 0, 0, 0]),
            (Some(Vec::new()), [0, 0, 0, 0]),
        ] {
            assert_eq!(seen(&desk, shops.clone()).await, sees, "{shops:?}");
        }
    }
}
