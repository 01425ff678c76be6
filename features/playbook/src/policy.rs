//! What a company may decide about the playbook.

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Result};
use takt_staff::{
    PermissionInfo, Permit,
    Role::{self, Auditor, Manager, Operator, Owner, Warehouse},
    permission, settings,
};
use takt_store::{Query, Tx};

permission!(pub ManagePlaybook, "playbook.manage");
permission!(
    /// Say that what the playbook demands before a verb was done.
    pub TickSteps, "playbook.tick"
);

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "playbook.manage", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "playbook.tick", roles: &[Owner, Manager, Operator, Warehouse], scope: None },
];

const CONFIRM_UP_TO: &str = "orders.confirm_up_to_units";
const TASK_MINUTES: &str = "playbook.task_minutes";
const CALL_ROLE: &str = "playbook.call_role";
const CALL_AGAIN: &str = "playbook.call_again_minutes";
/// What rules may ask of the company.
pub(crate) const KEYS: [&str; 4] = [CONFIRM_UP_TO, TASK_MINUTES, CALL_ROLE, CALL_AGAIN];

/// Company settings; minutes are working minutes of the company's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// An order of so many units, all held, is confirmed at once; 0: none is.
    pub confirm_up_to_units: i64,
    pub task_minutes: i64,
    pub call_again_minutes: i64,
    pub call_role: Role,
}

impl Default for Policy {
    fn default() -> Self {
        Self { confirm_up_to_units: 5, task_minutes: 15, call_again_minutes: 60, call_role: Manager }
    }
}

impl Policy {
    pub const MOST_UNITS: i64 = 1_000_000;
    pub const MOST_MINUTES: i64 = 60 * 24 * 7;
    /// Who may be asked to call: anybody who does tasks.
    pub const CALLERS: [Role; 3] = [Manager, Operator, Owner];

    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        let usual = Self::default();
        let role = settings::get::<Role>(db, company, CALL_ROLE)?;
        Ok(Self {
            confirm_up_to_units: settings::get(db, company, CONFIRM_UP_TO)?
                .unwrap_or(usual.confirm_up_to_units),
            task_minutes: settings::get(db, company, TASK_MINUTES)?.unwrap_or(usual.task_minutes),
            call_again_minutes: settings::get(db, company, CALL_AGAIN)?.unwrap_or(usual.call_again_minutes),
            call_role: role.filter(|role| *role != Auditor).unwrap_or(usual.call_role),
        })
    }

    /// Takes in a setting that was changed. Answers whether it was one of these.
    pub(crate) fn take(&mut self, key: &str, value: &serde_json::Value) -> bool {
        let number = || value.as_i64();
        match key {
            CONFIRM_UP_TO => self.confirm_up_to_units = number().unwrap_or(self.confirm_up_to_units),
            TASK_MINUTES => self.task_minutes = number().unwrap_or(self.task_minutes),
            CALL_AGAIN => self.call_again_minutes = number().unwrap_or(self.call_again_minutes),
            CALL_ROLE => {
                let role: Option<Role> = serde_json::from_value(value.clone()).ok();
                self.call_role = role.filter(|role| *role != Auditor).unwrap_or(Self::default().call_role);
            }
            _ => return false,
        }
        true
    }

    /// # Errors
    /// Faults of the store.
    pub fn save(&self, tx: &mut Tx, permit: &Permit<ManagePlaybook>) -> Result<()> {
        let (company, actor) = (permit.company(), permit.actor());
        settings::set(tx, company, CONFIRM_UP_TO, &self.confirm_up_to_units, actor)?;
        settings::set(tx, company, TASK_MINUTES, &self.task_minutes, actor)?;
        settings::set(tx, company, CALL_AGAIN, &self.call_again_minutes, actor)?;
        settings::set(tx, company, CALL_ROLE, &self.call_role, actor)
    }
}
