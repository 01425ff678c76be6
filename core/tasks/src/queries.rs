use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp};
use takt_orders::OrderId;
use takt_staff::{Role, RoleSet, Scope};
use takt_store::{Query, Statement, params, sql};

use crate::{
    Task, TaskId,
    task::{may_do_all, task_columns},
};

const LARGEST_PAGE: i64 = 200;

/// Whose tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    All,
    /// Taken by this person.
    Of(PersonId),
    /// Asked of somebody with these roles, themselves or for somebody who is away, which may differ from company to company.
    OfRoles(Vec<(CompanyId, RoleSet)>),
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Unfinished,
    /// Unfinished, and their time is over.
    Late,
    ClosedSince(Timestamp),
    All,
}

#[derive(Clone, Debug)]
pub struct Filter {
    pub whose: Whose,
    pub order: Option<OrderId>,
    pub which: Which,
    pub limit: i64,
    /// The last task of the page before.
    pub cursor: Option<TaskId>,
}

impl Filter {
    pub fn unfinished(whose: Whose, limit: i64) -> Self {
        Self { whose, order: None, which: Which::Unfinished, limit, cursor: None }
    }
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Task>,
    pub next_cursor: Option<TaskId>,
}

/// Tasks within the scope, the nearest deadline first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, LARGEST_PAGE);
    let start = Statement::new(concat!("select ", task_columns!(), " from task\nwhere "));
    let now = db.now();
    let mut statement = which(of_whom(within(start, scope), &filter.whose), filter.which, now).and_if(
        filter.order,
        "\nand order_id = :order_id",
        "order_id",
    );
    if let Some(cursor) = filter.cursor {
        statement = statement
            .push("\nand (due_at, id) > (select due_at, id from task where id = :cursor and company_id in ")
            .push(&scope.sql_list())
            .push(")")
            .bind("cursor", cursor);
    }
    let statement = statement.push("\norder by due_at, id\nlimit :limit").bind("limit", limit + 1);
    let mut items = db.all_of(&statement)?.iter().map(Task::read).collect::<Result<Vec<_>>>()?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next_cursor = items.last().filter(|_| more).map(|last| last.id);
    Ok(Page { items, next_cursor })
}

fn which(statement: Statement, which: Which, now: Timestamp) -> Statement {
    match which {
        Which::All => statement,
        Which::Unfinished => statement.push("\nand state in ('open', 'taken')"),
        Which::Late => statement.push("\nand state in ('open', 'taken') and due_at < :now").bind("now", now),
        Which::ClosedSince(since) => {
            statement.push("\nand state = 'closed' and closed_at >= :since").bind("since", since)
        }
    }
}

/// A desk reads by its own index; what is no longer engaged drops out.
fn within(statement: Statement, scope: &Scope) -> Statement {
    let statement = match scope {
        Scope::Desk { desk, .. } => {
            statement.push("desk_id = :desk_id and company_id in ").bind("desk_id", *desk)
        }
        Scope::Company { .. } => statement.push("company_id in "),
    }
    .push(&scope.sql_list());
    match scope {
        Scope::Company { shops: Some(shops), .. } => {
            let shops: Vec<String> = shops.iter().map(ToString::to_string).collect();
            let shops = if shops.is_empty() { "null".to_owned() } else { shops.join(", ") };
            statement.push(&format!("\nand shop_id in ({shops})"))
        }
        Scope::Company { shops: None, .. } | Scope::Desk { .. } => statement,
    }
}

fn of_whom(statement: Statement, whose: &Whose) -> Statement {
    match whose {
        Whose::All => statement,
        Whose::Of(person) => statement.push("\nand assignee = :assignee").bind("assignee", *person),
        Whose::OfRoles(companies) => statement.push(&format!("\nand ({})", of_roles(companies))),
    }
}

/// Companies in which one has the same roles share a condition. Ids and role codes are ours, so they
/// may stand in the text.
fn of_roles(companies: &[(CompanyId, RoleSet)]) -> String {
    let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (company, roles) in companies.iter().filter(|(_, roles)| !roles.is_empty()) {
        let codes: Vec<String> = roles.iter().map(|role| format!("'{}'", role.code())).collect();
        alike.entry(codes.join(", ")).or_default().push(company.to_string());
    }
    let conditions: Vec<String> = alike
        .into_iter()
        .map(|(codes, companies)| {
            format!(
                "company_id in ({}) and (role in ({codes}) or escalated_to in ({codes}) or handed_role in ({codes}))",
                companies.join(", ")
            )
        })
        .collect();
    if conditions.is_empty() { "1 = 0".to_owned() } else { conditions.join("\nor ") }
}

/// # Errors
/// `tasks.missing` also for one that the scope leaves out.
pub fn get(db: &mut dyn Query, scope: &Scope, task: TaskId) -> Result<Task> {
    let start = Statement::new(concat!("select ", task_columns!(), " from task\nwhere id = :id and "))
        .bind("id", task);
    let row = db
        .opt_of(&within(start, scope))?
        .ok_or_else(|| Fault::missing("tasks.missing").arg("given", task))?;
    Task::read(&row)
}

/// All tasks an order has had, in the order they were opened.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Task>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where company_id = :company_id and order_id = :order_id
              order by opened_at, id
              limit 500"
        )),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(Task::read).collect()
}

/// How many unfinished tasks there are, and how many of them are late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub unfinished: i64,
    pub overdue: i64,
}

/// # Errors
/// Faults of the store.
pub fn count(db: &mut dyn Query, scope: &Scope, whose: &Whose) -> Result<Count> {
    let now: Timestamp = db.now();
    let start = Statement::new(
        "select count(*) as unfinished,
           cast(coalesce(sum(case when due_at < :now then 1 else 0 end), 0) as bigint) as overdue
         from task
         where ",
    )
    .bind("now", now);
    let statement = of_whom(within(start, scope), whose).push("\nand state in ('open', 'taken')");
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::broken("tasks.uncounted"))?;
    Ok(Count { unfinished: row.get("unfinished")?, overdue: row.get("overdue")? })
}

/// The roles whose tasks somebody may do: managers and owners those of all.
pub fn roles_reached(roles: RoleSet) -> RoleSet {
    if may_do_all(roles) { Role::ALL.into_iter().collect() } else { roles }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_with_the_same_roles_share_a_condition() {
        let (one, two, three) = (CompanyId::new(1), CompanyId::new(2), CompanyId::new(3));
        let operator = RoleSet::from(Role::Operator);
        let condition = of_roles(&[(one, operator), (two, Role::Warehouse.into()), (three, operator)]);
        assert_eq!(
            condition,
            "company_id in (1, 3) and (role in ('operator') or escalated_to in ('operator') or handed_role in ('operator'))\n\
             or company_id in (2) and (role in ('warehouse') or escalated_to in ('warehouse') or handed_role in ('warehouse'))"
        );
        assert_eq!(of_roles(&[(one, RoleSet::EMPTY)]), "1 = 0");
    }
}
