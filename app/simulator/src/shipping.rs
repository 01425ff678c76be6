//! What the warehouse and the carriers do.

use takt_kernel::Result;
use takt_orders::{Order, OrderId, Reserved, Shipped};
use takt_shipments::{
    Dispatch, DispatchOrders, PackOrders, Parcel, ShipmentId, Via,
    carriers::{self, CarrierInput},
    deliver, dispatch, pack,
};
use takt_staff::Role;
use takt_store::{Query, Tx};
use takt_tasks::TaskId;

use crate::{
    life::BY_POST,
    outside::Outside,
    simulation::{Deed, Simulation},
    working::unfinished,
};

/// Name, page of tracking, and after how many days somebody asks where the parcel is.
type CarrierRow = (&'static str, &'static str, i64);
const COURIERS: CarrierRow = ("Ласточка", "https://lastochka.example/track/{number}", 4);
const POST: CarrierRow = ("Почтовая карета", "https://kareta.example/track/{number}", 12);

/// The carriers with whom the company works.
pub(crate) fn add_carriers(
    tx: &mut Tx,
    permit: &takt_staff::Permit<takt_shipments::ManageCarriers>,
) -> Result<()> {
    for (name, tracking_url, remind_after_days) in [COURIERS, POST] {
        let input = CarrierInput {
            name: name.to_owned(),
            tracking_url: Some(tracking_url.to_owned()),
            remind_after_days,
            archived: false,
        };
        carriers::add(tx, permit, &input)?;
    }
    Ok(())
}

enum Picked {
    /// Done, or no longer wanted.
    Over,
    /// Not all of it lies there yet.
    Waits,
}

impl<O: Outside> Simulation<O> {
    /// Puts the goods together as soon as they are there.
    pub(crate) async fn pick(&mut self, task: TaskId) -> Result<()> {
        let company = self.company.clone();
        let picked = self
            .db
            .write("simulator.pick", move |tx| {
                let Some(order) = unfinished(tx, company.id, task)?.and_then(|task| task.order) else {
                    return Ok(Picked::Over);
                };
                let order = takt_orders::load(tx, company.id, order)?;
                if order.reserved != Reserved::All {
                    return Ok(Picked::Waits);
                }
                let permit = company.permit::<PackOrders>(tx, Role::Warehouse)?;
                let parcel = parcel(tx, &order)?;
                pack(tx, &permit, order.id, &parcel).map(|_| Picked::Over)
            })
            .await?;
        if let Picked::Waits = picked {
            self.within(6, 10, Deed::Pick(task));
        }
        Ok(())
    }

    /// Hands it over once it is both packed and confirmed; whichever comes last asks again.
    pub(crate) async fn dispatch(&mut self, order: OrderId) -> Result<()> {
        let company = self.company.clone();
        let number = self.chance.digits(10);
        self.db
            .write("simulator.dispatch", move |tx| {
                let order = takt_orders::load(tx, company.id, order)?;
                let waits = order.confirmed_at.is_none() || order.ready_at.is_none();
                if waits || order.shipped != Shipped::None {
                    return Ok(());
                }
                let carrier = carrier_of(tx, &order)?;
                let how = Dispatch {
                    via: Via { carrier, service: None },
                    tracking: carrier.map(|_| format!("TD{number}")),
                    ..Dispatch::default()
                };
                let permit = company.permit::<DispatchOrders>(tx, Role::Warehouse)?;
                dispatch(tx, &permit, order.id, &how).map(|_| ())
            })
            .await
    }

    pub(crate) async fn deliver(&mut self, shipment: ShipmentId) -> Result<()> {
        let company = self.company.clone();
        self.db
            .write("simulator.deliver", move |tx| {
                let permit = company.permit::<DispatchOrders>(tx, Role::Operator)?;
                deliver(tx, &permit, shipment)
            })
            .await
    }
}

/// One box for sixty pieces, of a weight that goes with them.
fn parcel(tx: &mut Tx, order: &Order) -> Result<Parcel> {
    const PIECES_IN_A_BOX: i64 = 60;
    const GRAMS_OF_A_PIECE: i64 = 180;
    let pieces = takt_orders::lines(tx, order.company, order.id)?
        .iter()
        .map(|line| line.quantity.thousandths() / 1_000)
        .sum::<i64>();
    Ok(Parcel {
        lines: Vec::new(),
        places: (1 + pieces / PIECES_IN_A_BOX).min(20),
        weight_grams: Some((pieces * GRAMS_OF_A_PIECE).clamp(200, 900_000)),
    })
}

fn carrier_of(db: &mut dyn Query, order: &Order) -> Result<Option<takt_shipments::CarrierId>> {
    let (name, ..) = if order.delivery.method.as_deref() == Some(BY_POST) { POST } else { COURIERS };
    Ok(carriers::by_name(db, order.company, name)?.map(|carrier| carrier.id))
}
