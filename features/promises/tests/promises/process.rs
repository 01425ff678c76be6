use takt_kernel::Actor;
use takt_orders::{confirm, record_taken};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::{Desk, permit};

on_both_engines! {
    async fn the_process_leads_to_the_orders_that_stand_there(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let operator = desk.signed_in("operator").await;
        let page = operator.get("/process").await.expect_status(200).text();
        assert!(page.contains("Заказов в работе нет") && Texts::missing_in(&page).is_empty());
        let (waits, packed) = (desk.place("A-1").await, desk.place("A-2").await);
        desk.app.write(move |tx| record_taken(tx, company, waits, &Actor::system("test")).map(|_| ())).await;
        desk.app.write(move |tx| confirm(tx, &permit(company), packed).map(|_| ())).await;
        desk.wait(20).await;
        let page = operator.get("/process").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("data-live=\"orders\"") && page.contains("1 поздно"));
        assert!(page.contains("/orders?view=work&amp;milestone=ready"));
        let late = "/orders?view=work&milestone=confirmed&mark=late";
        assert!(page.contains(&format!("href=\"{}\"", late.replace('&', "&amp;"))), "each number is a door: {page}");
        let there = operator.get(late).await.expect_status(200).text();
        assert!(there.contains("A-1") && !there.contains("A-2"));
        let there = operator.get("/orders?view=work&milestone=ready").await.expect_status(200).text();
        assert!(there.contains("A-2") && !there.contains("A-1"));
        let there = operator.get("/orders?view=work&milestone=confirmed").await.expect_status(200).text();
        assert!(there.contains("A-1") && !there.contains("A-2"));
    }
}
