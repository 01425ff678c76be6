//! What the company's people do, by the same verbs as their screens, each in their own name.

use takt_kernel::{
    CompanyId, Result,
    money::{Money, Quantity},
};
use takt_orders::{CommentOrders, EditOrders, OrderId};
use takt_payments::{
    import::{BankLineId, LineState},
    invoices::InvoiceId,
    queries::visible_line,
    rights::MatchMoney,
    settle,
};
use takt_staff::{Role, Scope};
use takt_stock::{Incoming, MoveStock, receive, shortages};
use takt_store::{Query, RecordedFact, Tx, facts};
use takt_tasks::{DoTasks, Task, TaskId};

use crate::{
    company::Company,
    life::Manner,
    outside::Outside,
    payment::Part,
    simulation::{Deed, Simulation},
};

const FACTS_AT_ONCE: i64 = 500;
const SHORTAGES_AT_ONCE: i64 = 200;

impl<O: Outside> Simulation<O> {
    /// Hears what has happened since the last time and decides who will do something about it.
    pub(crate) async fn listen(&mut self) -> Result<()> {
        loop {
            let after = self.heard;
            let said = self
                .db
                .read("simulator.listen", move |reader| facts::after(reader, after, FACTS_AT_ONCE))
                .await?;
            let Some(last) = said.last() else { return Ok(()) };
            self.heard = last.position;
            let company = self.company.id;
            for fact in said.iter().filter(|fact| fact.company == company) {
                self.hear(fact)?;
            }
        }
    }

    fn hear(&mut self, fact: &RecordedFact) -> Result<()> {
        let order = OrderId::new(fact.subject_id);
        match fact.kind.as_str() {
            "tasks.opened" => self.hear_task(TaskId::new(fact.subject_id), &fact.read()?),
            "orders.ready" | "orders.confirmed" => self.within(5, 16, Deed::Dispatch(order)),
            // It may have been packed and confirmed before it was put off.
            "orders.woken" => self.within(45, 80, Deed::Dispatch(order)),
            "shipments.dispatched" => {
                let shipment = fact.read::<takt_shipments::facts::Dispatched>()?.shipment;
                self.within(40, 90, Deed::Deliver(shipment));
            }
            "orders.delivered" => self.hear_delivered(order),
            "orders.short" if !self.restocking => {
                self.restocking = true;
                self.within(30, 55, Deed::Restock);
            }
            // Some are left for whoever is watching.
            "payments.suggested" if !self.chance.one_in(4) => {
                self.within(18, 45, Deed::Accept(BankLineId::new(fact.subject_id)));
            }
            _ => {}
        }
        Ok(())
    }

    fn hear_task(&mut self, task: TaskId, opened: &takt_tasks::facts::Opened) {
        // Now and then somebody is busy elsewhere.
        let delay = if self.chance.one_in(9) { 60 } else { 0 };
        match opened.kind.as_str() {
            "call" => {
                self.within(3 + delay, 12 + delay, Deed::Take(task));
                self.within(14 + delay, 30 + delay, Deed::Call(task));
            }
            "pick" => {
                self.within(8 + delay, 20 + delay, Deed::Take(task));
                self.within(22 + delay, 40 + delay, Deed::Pick(task));
            }
            _ => {}
        }
    }

    fn hear_delivered(&mut self, order: OrderId) {
        let index = self.of_order.get(&order).copied();
        if let Some(index) = index.filter(|index| self.plan.life(*index).manner == Manner::OnDelivery) {
            self.within(4, 12, Deed::Pay(index, Part::First));
        }
    }

    pub(crate) async fn take(&mut self, task: TaskId) -> Result<()> {
        let company = self.company.clone();
        self.db
            .write("simulator.take", move |tx| {
                let role = unfinished(tx, company.id, task)?.map(|task| task.role);
                let Some(role) = role else { return Ok(()) };
                let permit = company.permit::<DoTasks>(tx, role)?;
                takt_tasks::take(tx, &permit, task)
            })
            .await
    }

    /// Most buyers answer; of the others some are called again, some want it later.
    pub(crate) async fn call(&mut self, task: TaskId) -> Result<()> {
        let answer = match self.chance.between(1, 24) {
            1 | 2 => Answer::Nobody,
            3 => Answer::Later,
            4..=12 => Answer::Talked(self.chance.pick(&TALKS)),
            _ => Answer::Reached,
        };
        let company = self.company.clone();
        self.db
            .write("simulator.call", move |tx| {
                let Some(task) = unfinished(tx, company.id, task)? else { return Ok(()) };
                carry_out(tx, &company, &task, answer)
            })
            .await
    }

    /// Whatever lies on the shelves and is not enough: the supplier's car brings it.
    pub(crate) async fn restock(&mut self) -> Result<()> {
        self.restocking = false;
        let company = self.company.clone();
        let surplus = self.chance.between(6, 30);
        self.db
            .write("simulator.restock", move |tx| {
                let permit = company.permit::<MoveStock>(tx, Role::Warehouse)?;
                let scope = Scope::Company { company: company.id, shops: None };
                for shortage in shortages(tx, &scope, SHORTAGES_AT_ONCE)? {
                    let quantity = whole(shortage.missing).add(Quantity::whole(surplus))?;
                    receive(tx, &permit, &Incoming::of(shortage.offer, quantity))?;
                }
                Ok(())
            })
            .await
    }

    /// The accountant takes the best candidate, as far as it goes.
    pub(crate) async fn accept(&mut self, line: BankLineId) -> Result<()> {
        let company = self.company.clone();
        self.db
            .write("simulator.accept", move |tx| {
                let scope = Scope::Company { company: company.id, shops: None };
                let found = visible_line(tx, &scope, line)?.line;
                let best = found.candidates.first().filter(|_| found.outcome.state == LineState::Suggested);
                let Some(best) = best else { return Ok(()) };
                let permit = company.permit::<MatchMoney>(tx, Role::Accountant)?;
                let chosen: [(InvoiceId, Money); 1] = [(InvoiceId::new(best.invoice), best.amount)];
                settle::accept(tx, &permit, line, &chosen, true)
            })
            .await
    }
}

/// How a call ended.
#[derive(Clone, Copy)]
enum Answer {
    Reached,
    /// Reached, and something was agreed.
    Talked(&'static str),
    Nobody,
    Later,
}

/// Whoever asks for later means a few minutes: nobody who watches would wait for longer.
const PUT_OFF_SECONDS: i64 = 150;

const TALKS: [&str; 6] = [
    "Адрес верный, ждёт завтра с утра",
    "Просит позвонить за час до доставки",
    "Примет консьерж, покупатель предупредит",
    "Попросил положить открытку",
    "Спрашивал про скидку на следующий заказ",
    "Всё подходит, торопится к празднику",
];

fn carry_out(tx: &mut Tx, company: &Company, task: &Task, answer: Answer) -> Result<()> {
    if let (Answer::Later, Some(order)) = (answer, task.order) {
        // The task is closed by what follows from putting the order off.
        let until = tx.now().plus_seconds(PUT_OFF_SECONDS);
        let permit = company.permit::<EditOrders>(tx, task.role)?;
        return takt_orders::defer(tx, &permit, order, None, until).map(|_| ());
    }
    if let (Answer::Talked(about), Some(order)) = (answer, task.order) {
        let permit = company.permit::<CommentOrders>(tx, task.role)?;
        takt_orders::comment(tx, &permit, order, about)?;
    }
    let outcome = if let Answer::Nobody = answer { "not_reached" } else { "reached" };
    let permit = company.permit::<DoTasks>(tx, task.role)?;
    takt_tasks::close(tx, &permit, task.id, outcome)
}

/// Nothing when somebody has done it.
pub(crate) fn unfinished(db: &mut dyn Query, company: CompanyId, task: TaskId) -> Result<Option<Task>> {
    let scope = Scope::Company { company, shops: None };
    Ok(Some(takt_tasks::get(db, &scope, task)?).filter(|task| !task.is_closed()))
}

/// Up to the next whole unit.
fn whole(quantity: Quantity) -> Quantity {
    Quantity::whole(quantity.thousandths().div_euclid(1_000) + 1)
}
