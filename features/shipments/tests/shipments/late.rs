use takt_shipments::{
    Dispatch, Edit, Via,
    carriers::{self, CarrierInput, ServiceInput},
    edit,
};

use crate::desk::{Desk, permit};

const DAY: i64 = 86_400;

takt_testing::on_both_engines! {
    async fn what_has_not_arrived_after_so_many_days_is_asked_for_to_the_minute(place: Place) {
        let desk = Desk::open(place).await;
        let carrier = desk.carrier("Почта", 3).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let shipment = desk.dispatch(order, desk.by(carrier).await).await.expect("left");
        desk.app.advance(3 * DAY - 1).await;
        assert_eq!(desk.tasks(order).await, ["pick: done"]);
        desk.app.advance(1).await;
        assert_eq!(desk.tasks(order).await, ["pick: done", "check_delivery: "]);
        assert!(desk.shipments(order).await[0].overdue_at.is_some());
        desk.app.advance(30 * DAY).await;
        assert_eq!(desk.app.facts_named("shipments.overdue").await, 1);
        desk.deliver(shipment).await.expect("at last");
        assert_eq!(desk.tasks(order).await, ["pick: done", "check_delivery: delivered"]);
    }

    async fn what_arrived_in_time_is_not_asked_for(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let shipment = desk.dispatch(order, Dispatch::default()).await.expect("left");
        desk.app.advance(DAY).await;
        desk.deliver(shipment).await.expect("delivered");
        desk.app.advance(30 * DAY).await;
        assert_eq!(desk.tasks(order).await, ["pick: done"]);
    }

    async fn the_reminder_moves_with_the_carrier_and_its_settings(place: Place) {
        let desk = Desk::open(place).await;
        let (fast, slow) = (desk.carrier("Курьер", 2).await, desk.carrier("Почта", 10).await);
        let company = desk.company;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let shipment = desk.dispatch(order, desk.by(fast).await).await.expect("left");
        let changed = Edit {
            via: Via { carrier: Some(slow), service: None },
            tracking: Some("RB000000001RU".to_owned()),
            places: 2,
            weight_grams: Some(1_500),
        };
        desk.app.write(move |tx| edit(tx, &permit(company), shipment, &changed)).await;
        desk.app.advance(3 * DAY).await;
        assert_eq!(desk.app.facts_named("shipments.overdue").await, 0);
        let sooner = CarrierInput { name: "Почта".to_owned(), remind_after_days: 4, ..CarrierInput::default() };
        desk.app.write(move |tx| carriers::edit(tx, &permit(company), slow, &sooner)).await;
        desk.app.advance(DAY).await;
        assert_eq!(desk.app.facts_named("shipments.overdue").await, 1);
    }

    async fn a_service_has_days_of_its_own_and_zero_means_never(place: Place) {
        let desk = Desk::open(place).await;
        let (carrier, company) = (desk.carrier("Почта", 0).await, desk.company);
        let input = ServiceInput { name: "Экспресс".to_owned(), remind_after_days: Some(1), archived: false };
        let service = desk.app.write(move |tx| carriers::add_service(tx, &permit(company), carrier, &input)).await;
        let (plain, express) = (desk.order("1", &[("TEA-100", 1)]).await, desk.order("2", &[("TEA-100", 1)]).await);
        desk.dispatch(plain, desk.by(carrier).await).await.expect("left");
        let via = Via { carrier: Some(carrier), service: Some(service) };
        desk.dispatch(express, Dispatch { via, ..Dispatch::default() }).await.expect("left");
        desk.app.advance(40 * DAY).await;
        assert_eq!(desk.tasks(plain).await, ["pick: done"]);
        assert_eq!(desk.tasks(express).await, ["pick: done", "check_delivery: "]);
    }
}
