//! Operators, storekeepers and carriers: what they hear, and what they do about it by the verbs of
//! their screens. Whoever gets no answer looks at the screen again and goes on from there.

use takt_kernel::money::Quantity;
use takt_orders::{
    CommentOrders, ConfirmOrders, EditOrders, Order, OrderId, Reserved, Shipped, confirm, steps::Verb,
};
use takt_payments::import::BankLineId;
use takt_playbook::{TickSteps, steps};
use takt_shipments::{
    Dispatch, DispatchOrders, PackOrders, Parcel, ShipmentId, Via, carriers, deliver, dispatch,
    mark_returned, pack,
};
use takt_simulator::Company;
use takt_staff::{Role, Scope};
use takt_stock::{Incoming, MoveStock, receive, shortages};
use takt_store::{Query, RecordedFact, Tx};
use takt_tasks::{DoTasks, Task, TaskId};

use super::world::{Deed, Done, World};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl World {
    pub fn hear(&mut self, fact: &RecordedFact) -> takt_kernel::Result<()> {
        let order = OrderId::new(fact.subject_id);
        let line = BankLineId::new(fact.subject_id);
        match fact.kind.as_str() {
            "tasks.opened" => self.hear_task(TaskId::new(fact.subject_id), &fact.read()?),
            "orders.ready" | "orders.confirmed" | "orders.woken" => {
                self.at_work_within(10 * MINUTE, 4 * HOUR, Deed::Dispatch(order));
            }
            "shipments.dispatched" => {
                let shipment = fact.read::<takt_shipments::facts::Dispatched>()?.shipment;
                let deed =
                    if self.chance.one_in(25) { Deed::Return(shipment) } else { Deed::Deliver(shipment) };
                // Some take so long that somebody is asked to find out why.
                let slow = if self.chance.one_in(10) { 6 * DAY } else { 2 * DAY };
                self.at_work_within(12 * HOUR, slow, deed);
            }
            "orders.delivered" => self.hear_delivered(order),
            "orders.short" if !self.restocking => {
                self.restocking = true;
                self.at_work_within(2 * HOUR, 20 * HOUR, Deed::Restock);
            }
            "payments.suggested" => self.at_work_within(20 * MINUTE, 8 * HOUR, Deed::Accept(line)),
            "payments.matched" if self.chance.one_in(50) => {
                self.at_work_within(HOUR, 2 * DAY, Deed::Undo(line));
            }
            _ => {}
        }
        Ok(())
    }

    fn hear_task(&mut self, task: TaskId, opened: &takt_tasks::facts::Opened) {
        // Now and then somebody is busy elsewhere, or forgets it altogether.
        let late = if self.chance.one_in(12) { 9 * HOUR } else { HOUR };
        match opened.kind.as_str() {
            "call" => {
                if self.chance.one_in(3) {
                    self.at_work_within(MINUTE, 10 * MINUTE, Deed::Take(task));
                }
                self.at_work_within(10 * MINUTE, late, Deed::Call(task));
            }
            "steps_missing" => self.at_work_within(10 * MINUTE, late, Deed::Tick(task)),
            "pick" => self.at_work_within(10 * MINUTE, 2 * late, Deed::Pick(task)),
            _ => self.at_work_within(HOUR, 2 * DAY, Deed::Close(task)),
        }
    }

    fn hear_delivered(&mut self, order: OrderId) {
        let Some(index) = self.of_order.get(&order).copied() else { return };
        if self.life(index).manner == takt_simulator::Manner::OnDelivery {
            self.within(HOUR, 2 * DAY, Deed::Pay(index, takt_simulator::Part::First));
        }
    }

    pub async fn take(&mut self, task: TaskId) -> Done {
        let company = self.company.clone();
        self.write("simulation.take", move |tx| {
            let Some(task) = unfinished(tx, company.id, task)? else { return Ok(()) };
            let permit = company.permit::<DoTasks>(tx, task.role)?;
            takt_tasks::take(tx, &permit, task.id)
        })
        .await
    }

    pub async fn call(&mut self, task: TaskId) -> Done {
        let company = self.company.clone();
        let answer = self.chance.between(1, 24);
        let later = self.chance.between(HOUR, 3 * DAY);
        self.write("simulation.call", move |tx| {
            let Some(task) = unfinished(tx, company.id, task)? else { return Ok(()) };
            if let (3, Some(order)) = (answer, task.order) {
                let permit = company.permit::<EditOrders>(tx, task.role)?;
                return takt_orders::defer(tx, &permit, order, None, tx.now().plus_seconds(later))
                    .map(|_| ());
            }
            // Some tick while they talk, others are asked for it afterwards.
            if let (7..=16, Some(order)) = (answer, task.order) {
                tick_all(tx, &company, order, task.role)?;
            }
            if let (4..=6, Some(order)) = (answer, task.order) {
                let permit = company.permit::<CommentOrders>(tx, task.role)?;
                takt_orders::comment(tx, &permit, order, "Просит позвонить за час до доставки")?;
            }
            let permit = company.permit::<DoTasks>(tx, task.role)?;
            takt_tasks::close(tx, &permit, task.id, if answer <= 2 { "not_reached" } else { "reached" })
        })
        .await
    }

    /// Somebody ticks what the playbook demands and confirms.
    pub async fn tick(&mut self, task: TaskId) -> Done {
        let company = self.company.clone();
        self.tally.count("orders that waited for a step");
        self.write("simulation.tick", move |tx| {
            let Some(task) = unfinished(tx, company.id, task)? else { return Ok(()) };
            let Some(order) = task.order else { return Ok(()) };
            tick_all(tx, &company, order, task.role)?;
            if takt_orders::load(tx, company.id, order)?.may_be_packed().is_err() {
                let permit = company.permit::<DoTasks>(tx, task.role)?;
                return takt_tasks::close(tx, &permit, task.id, "done");
            }
            let permit = company.permit::<ConfirmOrders>(tx, task.role)?;
            confirm(tx, &permit, order).map(|_| ())
        })
        .await
    }

    /// Other tasks: somebody looks into it and says that it is done.
    pub async fn close(&mut self, task: TaskId) -> Done {
        let company = self.company.clone();
        self.write("simulation.close", move |tx| {
            let Some(task) = unfinished(tx, company.id, task)? else { return Ok(()) };
            let permit = company.permit::<DoTasks>(tx, task.role)?;
            takt_tasks::close(tx, &permit, task.id, "done")
        })
        .await
    }

    pub async fn pick(&mut self, task: TaskId) -> Done {
        let company = self.company.clone();
        let waits = self
            .write("simulation.pick", move |tx| {
                let Some(order) = unfinished(tx, company.id, task)?.and_then(|task| task.order) else {
                    return Ok(false);
                };
                let order = takt_orders::load(tx, company.id, order)?;
                if order.reserved != Reserved::All {
                    return Ok(true);
                }
                let permit = company.permit::<PackOrders>(tx, Role::Warehouse)?;
                let parcel = Parcel { lines: Vec::new(), places: 1, weight_grams: Some(900) };
                pack(tx, &permit, order.id, &parcel).map(|_| false)
            })
            .await?;
        if waits {
            self.at_work_within(2 * HOUR, 8 * HOUR, Deed::Pick(task));
        }
        Ok(())
    }

    pub async fn dispatch(&mut self, order: OrderId) -> Done {
        let company = self.company.clone();
        let number = self.chance.digits(10);
        self.write("simulation.dispatch", move |tx| {
            let order = takt_orders::load(tx, company.id, order)?;
            let waits =
                order.confirmed_at.is_none() || order.ready_at.is_none() || order.deferred_until.is_some();
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

    pub async fn deliver(&mut self, shipment: ShipmentId) -> Done {
        let company = self.company.clone();
        self.write("simulation.deliver", move |tx| {
            let permit = company.permit::<DispatchOrders>(tx, Role::Operator)?;
            deliver(tx, &permit, shipment)
        })
        .await
    }

    pub async fn bring_back(&mut self, shipment: ShipmentId) -> Done {
        let company = self.company.clone();
        self.tally.count("parcels that came back");
        self.write("simulation.return", move |tx| {
            let permit = company.permit::<DispatchOrders>(tx, Role::Operator)?;
            mark_returned(tx, &permit, shipment)
        })
        .await
    }

    pub async fn restock(&mut self) -> Done {
        const AT_ONCE: i64 = 200;
        let company = self.company.clone();
        let surplus = self.chance.between(20, 60);
        self.write("simulation.restock", move |tx| {
            let permit = company.permit::<MoveStock>(tx, Role::Warehouse)?;
            let scope = Scope::Company { company: company.id, shops: None };
            for shortage in shortages(tx, &scope, AT_ONCE)? {
                let missing = Quantity::whole(shortage.missing.thousandths().div_euclid(1_000) + 1);
                receive(tx, &permit, &Incoming::of(shortage.offer, missing.add(Quantity::whole(surplus))?))?;
            }
            Ok(())
        })
        .await?;
        self.restocking = false;
        self.tally.count("deliveries of the supplier");
        Ok(())
    }
}

fn tick_all(tx: &mut Tx, company: &Company, order: OrderId, role: Role) -> takt_kernel::Result<()> {
    let permit = company.permit::<TickSteps>(tx, role)?;
    for step in steps::missing(tx, company.id, order, Verb::Confirm)? {
        steps::tick(tx, &permit, order, &step.key)?;
    }
    Ok(())
}

fn unfinished(
    db: &mut dyn Query,
    company: takt_kernel::CompanyId,
    task: TaskId,
) -> takt_kernel::Result<Option<Task>> {
    let scope = Scope::Company { company, shops: None };
    Ok(Some(takt_tasks::get(db, &scope, task)?).filter(|task| !task.is_closed()))
}

fn carrier_of(db: &mut dyn Query, order: &Order) -> takt_kernel::Result<Option<takt_shipments::CarrierId>> {
    let name = if order.delivery.method.as_deref() == Some("Почта") {
        "Почтовая карета"
    } else {
        "Ласточка"
    };
    Ok(carriers::by_name(db, order.company, name)?.map(|carrier| carrier.id))
}
