use takt_staff::{PermissionInfo, Role, permission};

permission!(pub SeeCustomers, "customers.see");
permission!(
    /// Correct a customer's card, merge two of one person, take a merge back.
    pub EditCustomers, "customers.edit"
);

permission!(
    /// Erase a person everywhere. There is no way back.
    pub EraseCustomers, "customers.erase"
);

use Role::{Accountant, Auditor, Manager, Operator, Owner};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo {
        code: "customers.see",
        roles: &[Owner, Manager, Operator, Accountant, Auditor],
        scope: Some("customers:read"),
    },
    PermissionInfo {
        code: "customers.edit",
        roles: &[Owner, Manager, Operator],
        scope: Some("customers:write"),
    },
    PermissionInfo { code: "customers.erase", roles: &[Owner], scope: Some("customers:erase") },
];
