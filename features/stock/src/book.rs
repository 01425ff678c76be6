//! Brings what is held for orders in line with what they want, and tells them. Everything that
//! reserves or lets go passes here; the callers have locked the orders, by their ids.

use std::collections::BTreeSet;

use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Result, money::Quantity};
use takt_orders::{Line, LineId, Order, record_reserved};
use takt_store::{About, Tx};

use crate::{
    facts::{self, Held, Released, Reserved, Short},
    levels::{self, Deltas},
    plan::{self, Plan, beyond, give_back, plan, sum_of_line, thousandths},
    reservations,
};

pub(crate) struct Account {
    pub order: Order,
    /// What is wanted; none of a cancelled order.
    pub lines: Vec<Line>,
    pub before: Vec<Held>,
    /// What of it may stay. The rest was found not to be there.
    pub kept: Vec<Held>,
    /// The order has to be told even when nothing is held.
    pub new: bool,
}

/// Plans for the accounts in their turn and moves the levels.
fn plan_all(
    tx: &mut Tx,
    company: CompanyId,
    accounts: Vec<Account>,
    mut deltas: Deltas,
) -> Result<Vec<(Account, Plan)>> {
    let mut free = levels::free_of(tx, company, &offers_of(&accounts))?;
    for ((offer, warehouse), delta) in &deltas {
        give_back(&mut free, *offer, *warehouse, delta.on_hand - delta.held);
    }
    for account in &accounts {
        for gone in beyond(&account.before, &account.kept) {
            give_back(&mut free, gone.offer, gone.warehouse, gone.quantity.thousandths());
        }
    }
    let mut planned = Vec::with_capacity(accounts.len());
    for account in accounts {
        let plan = plan(&account.lines, &account.kept, &mut free);
        for one in beyond(&plan.held, &account.before) {
            deltas.entry((one.offer, one.warehouse)).or_default().held += one.quantity.thousandths();
        }
        for one in beyond(&account.before, &plan.held) {
            deltas.entry((one.offer, one.warehouse)).or_default().held -= one.quantity.thousandths();
        }
        planned.push((account, plan));
    }
    levels::apply(tx, company, &deltas)?;
    Ok(planned)
}

/// Holds, lets go and tells the orders. `deltas` says how much arrives or goes missing by the same deed.
/// Answers how many orders got something.
pub(crate) fn settle(
    tx: &mut Tx,
    company: CompanyId,
    accounts: Vec<Account>,
    deltas: Deltas,
    actor: &Actor,
) -> Result<usize> {
    let mut got = 0;
    for (account, plan) in &plan_all(tx, company, accounts, deltas)? {
        let order = &account.order;
        let Some(gained) = write(tx, account, plan, actor)? else { continue };
        record_reserved(tx, order.company, order.id, &told(account, plan), actor)?;
        got += usize::from(gained);
    }
    Ok(got)
}

/// Holds for an order that is being placed; answers how much of each line, for the order to write down.
pub(crate) fn settle_new(
    tx: &mut Tx,
    order: &Order,
    lines: &[Line],
    actor: &Actor,
) -> Result<Vec<(LineId, Quantity)>> {
    let account = Account {
        order: order.clone(),
        lines: lines.to_vec(),
        before: Vec::new(),
        kept: Vec::new(),
        new: true,
    };
    let planned = plan_all(tx, order.company, vec![account], Deltas::new())?;
    let Some((account, plan)) = planned.first() else { return Ok(Vec::new()) };
    write(tx, account, plan, actor)?;
    Ok(told(account, plan))
}

fn offers_of(accounts: &[Account]) -> BTreeSet<OfferId> {
    accounts
        .iter()
        .flat_map(|account| {
            let wanted = account.lines.iter().filter_map(|line| line.offer);
            wanted.chain(account.before.iter().map(|held| held.offer))
        })
        .collect()
}

/// Answers whether the order got something, or nothing when all stays as it was.
fn write(tx: &mut Tx, account: &Account, plan: &Plan, actor: &Actor) -> Result<Option<bool>> {
    let order = &account.order;
    let gained = beyond(&plan.held, &account.before);
    let lost = beyond(&account.before, &plan.held);
    if gained.is_empty() && lost.is_empty() && !account.new {
        return Ok(None);
    }
    reservations::replace(tx, order.company, order.id, &account.before, &plan.held)?;
    reservations::replace_wanted(tx, order, &plan.missing)?;
    let about = || About::new(order.company, facts::of_order(order.id), actor);
    let got = !gained.is_empty();
    if !lost.is_empty() {
        tx.say(about(), &Released { lines: lost })?;
    }
    if got {
        tx.say(about(), &Reserved { lines: gained })?;
    }
    if !plan.missing.is_empty() {
        tx.say(about(), &Short { lines: plan.missing.clone() })?;
    }
    Ok(Some(got))
}

/// How much is held for each line now.
fn told(account: &Account, plan: &Plan) -> Vec<(LineId, Quantity)> {
    let lines: BTreeSet<LineId> = account
        .lines
        .iter()
        .map(|line| line.id)
        .chain(account.before.iter().map(|held| held.line).filter(|_| account.lines.is_empty()))
        .collect();
    lines.into_iter().map(|line| (line, thousandths(plan::sum_of_line(&plan.held, line)))).collect()
}

/// How much of a line is held altogether.
pub(crate) fn held_of_line(held: &[Held], line: LineId) -> Quantity {
    thousandths(sum_of_line(held, line))
}
