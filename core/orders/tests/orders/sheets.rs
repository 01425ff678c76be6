use calamine::{Data, Reader, Xlsx};
use takt_testing::on_both_engines;

use crate::desk::{Desk, order};

on_both_engines! {
    async fn orders_in_work_are_taken_away_with_one_click(place: Place) {
        let desk = Desk::open(place).await;
        for number in 1..=3 {
            desk.place(order(&format!("100{number}"), number)).await;
        }
        let operator = desk.signed_in("operator").await;
        let list = operator.get("/orders").await.expect_status(200).text();
        assert!(list.contains("href=\"/orders/list.xlsx\"") || list.contains("/orders/list.xlsx?"), "{list}");
        let answer = operator.get("/orders/list.xlsx").await.expect_status(200);
        let named = answer.header("content-disposition").unwrap_or_default().to_owned();
        assert_eq!(named, "attachment; filename=\"takt-orders-2026-11-02.xlsx\"");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(answer.body.to_vec())).expect("a workbook");
        let range = book.worksheet_range("Заказы").expect("a sheet");
        assert_eq!(range.height(), 4);
        let column = |name: &str| {
            range.rows().next().expect("a head").iter().position(|cell| *cell == Data::String(name.to_owned())).expect("a column")
        };
        let row = range.rows().nth(1).expect("a row");
        assert_eq!(row[column("Телефон")], Data::String("+7 912 345-67-89".to_owned()));
        assert_eq!(row[column("Источник")], Data::String("Магазин".to_owned()), "as the list says it");
        assert_eq!(row[column("Город")], Data::String("Казань".to_owned()));
        assert!(matches!(row[column("Итого")], Data::Float(total) if total > 0.0), "{row:?}");
        assert!(matches!(row[column("Принят")], Data::DateTime(_)), "{row:?}");
        assert!(row[column("Состав")].to_string().contains("TEA-100"), "{row:?}");
    }

    async fn a_file_has_what_the_list_shows_and_no_more(place: Place) {
        let desk = Desk::open(place).await;
        desk.place(order("1001", 1)).await;
        desk.place(order("1002", 1)).await;
        let manager = desk.signed_in("manager").await;
        let rows = async |path: &str| manager.get(path).await.expect_status(200).text().lines().count() - 1;
        assert_eq!(rows("/orders/list.csv").await, 2);
        assert_eq!(rows("/orders/list.csv?view=complete").await, 0);
        assert_eq!(rows("/orders/list.csv?view=all&q=иванов").await, 2);
        assert_eq!(rows("/orders/list.csv?view=all&q=петровский").await, 0);
        assert_eq!(manager.get("/orders/list.xlsx?view=nowhere").await.status, 422);
        assert_eq!(desk.app.client().get("/orders/list.xlsx").await.status, 303);
    }
}
