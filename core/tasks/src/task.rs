use std::str::FromStr;

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Fault, PersonId, Result, ShopId, Timestamp};
use takt_orders::OrderId;
use takt_staff::{Role, RoleSet};
use takt_store::Row;

use crate::TaskId;

/// Something that somebody of a role has to do by a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub company: CompanyId,
    pub id: TaskId,
    pub shop: Option<ShopId>,
    pub order: Option<OrderId>,
    /// A code: `pick`, `call`. Its name is the text `tasks-kind-<code>`.
    pub kind: String,
    pub role: Role,
    /// Who is asked as well since the deadline went by.
    pub escalated_to: Option<Role>,
    pub due_at: Timestamp,
    pub state: State,
    /// What the kind of task needs to know; no personal data.
    pub args: Json,
    pub opened_at: Timestamp,
    /// It was given to whoever has it, and goes back then when nothing is done with it.
    pub leased_until: Option<Timestamp>,
    pub handed: Option<Handed>,
}

/// Whose task it was who is away, and who does it for them; nobody but their role when nobody is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handed {
    pub from: PersonId,
    pub to: Option<PersonId>,
    pub role: Option<Role>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Taken { at: Timestamp, by: Option<PersonId> },
    Closed { at: Timestamp, by: Option<PersonId>, outcome: String },
}

impl State {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken { .. } => "taken",
            Self::Closed { .. } => "closed",
        }
    }
}

/// The columns of [`Task`], in every statement that reads one.
macro_rules! task_columns {
    () => {
        "id, company_id, shop_id, order_id, kind, role, escalated_to, state, assignee, due_at, args, \
         opened_at, taken_at, closed_at, outcome, leased_until, handed_from, handed_to, handed_role"
    };
}
pub(crate) use task_columns;

impl Task {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let by = row.get("assignee")?;
        let state = match row.get::<String>("state")?.as_str() {
            "open" => State::Open,
            "taken" => State::Taken { at: row.get("taken_at")?, by },
            "closed" => State::Closed { at: row.get("closed_at")?, by, outcome: row.get("outcome")? },
            other => return Err(Fault::broken("tasks.state_unknown").arg("given", other)),
        };
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            shop: row.get("shop_id")?,
            order: row.get("order_id")?,
            kind: row.get("kind")?,
            role: Role::from_str(&row.get::<String>("role")?)?,
            escalated_to: row
                .get::<Option<String>>("escalated_to")?
                .map(|code| Role::from_str(&code))
                .transpose()?,
            due_at: row.get("due_at")?,
            state,
            args: row.json("args")?,
            opened_at: row.get("opened_at")?,
            leased_until: row.get("leased_until")?,
            handed: handed(row)?,
        })
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    /// Late and not yet done, or done too late.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        match self.state {
            State::Open | State::Taken { .. } => now > self.due_at,
            State::Closed { at, .. } => at > self.due_at,
        }
    }

    pub fn assignee(&self) -> Option<PersonId> {
        match self.state {
            State::Open => None,
            State::Taken { by, .. } | State::Closed { by, .. } => by,
        }
    }

    /// Whether somebody of these roles may do it.
    pub fn is_for(&self, roles: RoleSet) -> bool {
        let standing_in = self.handed.and_then(|handed| handed.role);
        let asked = [Some(self.role), self.escalated_to, standing_in];
        may_do_all(roles) || asked.into_iter().flatten().any(|role| roles.contains(role))
    }
}

fn handed(row: &Row) -> Result<Option<Handed>> {
    let Some(from) = row.get("handed_from")? else { return Ok(None) };
    let role = row.get::<Option<String>>("handed_role")?.map(|code| Role::from_str(&code)).transpose()?;
    Ok(Some(Handed { from, to: row.get("handed_to")?, role }))
}

/// Managers and owners stand in for everybody.
pub(crate) fn may_do_all(roles: RoleSet) -> bool {
    roles.contains(Role::Manager) || roles.contains(Role::Owner)
}

/// Who is asked next when a deadline went by; none above the owner.
pub(crate) const fn above(role: Role) -> Option<Role> {
    match role {
        Role::Operator | Role::Warehouse | Role::Accountant | Role::Auditor => Some(Role::Manager),
        Role::Manager => Some(Role::Owner),
        Role::Owner => None,
    }
}
