//! A list that somebody kept under a name may hold a buyer's name or phone: erasing the buyer reaches it.

use serde_json::json;
use takt_customers::{EraseCustomers, Reason, erase};
use takt_testing::on_both_engines;

use crate::desk::{Desk, order, permit};

on_both_engines! {
    async fn views_that_tell_a_person_go_with_the_person(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let mut body = order("1001", 1);
        body["recognise"] = json!(true);
        let id = desk.place(body).await;
        let customer = desk.order(id).await.customer.expect("a buyer");
        let (operator, manager) = (desk.signed_in("operator").await, desk.signed_in("manager").await);
        for (name, query) in [
            ("Срочные", "view=work&mark=urgent"),
            ("По телефону", "view=all&q=8+912+345-67-89"),
            ("По почте", "view=all&q=a%40example.org"),
            ("Иванов Пётр", "view=all"),
        ] {
            operator.post_form("/orders/views", &[("name", name), ("query", query)]).await.expect_status(303);
        }
        let query = "view=all&q=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2+%D0%9F%D1%91%D1%82%D1%80";
        manager.post_form("/orders/views/shared", &[("for_all", "Всем"), ("query", query)]).await.expect_status(303);
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), id, None, "").map(|_| ())).await;
        erase(&desk.app.db, &permit::<EraseCustomers>(company), customer, Reason::Asked).await.expect("erased");
        let page = operator.get("/orders?view=work").await.expect_status(200).text();
        assert!(page.contains("<span>Срочные</span>"), "{page}");
        for gone in ["По телефону", "По почте", "Иванов Пётр", "Всем"] {
            assert!(!page.contains(&format!("<span>{gone}</span>")), "{gone} in {page}");
        }
    }
}
