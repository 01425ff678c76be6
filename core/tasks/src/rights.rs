use takt_staff::{PermissionInfo, Role, permission};

permission!(pub ViewTasks, "tasks.view");
permission!(
    /// Take, release and close tasks of one's own role; managers and owners those of every role.
    pub DoTasks, "tasks.do"
);

use Role::{Accountant, Auditor, Manager, Operator, Owner, Warehouse};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo {
        code: "tasks.view",
        roles: &[Owner, Manager, Operator, Warehouse, Accountant, Auditor],
        scope: Some("tasks:read"),
    },
    PermissionInfo {
        code: "tasks.do",
        roles: &[Owner, Manager, Operator, Warehouse, Accountant],
        scope: None,
    },
];
