use takt_staff::{PermissionInfo, Role, permission};

permission!(pub ViewTasks, "tasks.view");
permission!(
    /// Take, release and close tasks of one's own role; managers and owners those of every role.
    pub DoTasks, "tasks.do"
);

permission!(
    /// How long what was given stays with somebody, and when the next above is asked.
    pub ManageTasks, "tasks.manage"
);

permission!(
    /// How much everybody has to do and has done.
    pub SeeWorkload, "tasks.see_workload"
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
        scope: Some("tasks:write"),
    },
    PermissionInfo { code: "tasks.manage", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "tasks.see_workload", roles: &[Owner, Manager], scope: None },
];
