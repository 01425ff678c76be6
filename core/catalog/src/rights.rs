use takt_staff::{PermissionInfo, Role, permission};

permission!(pub SeeCatalog, "catalog.see");
permission!(
    /// Add and edit products and offers, archive and restore them.
    pub EditCatalog, "catalog.edit"
);

use Role::{Accountant, Auditor, Manager, Operator, Owner, Warehouse};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo {
        code: "catalog.see",
        roles: &[Owner, Manager, Operator, Warehouse, Accountant, Auditor],
        scope: Some("catalog:read"),
    },
    PermissionInfo { code: "catalog.edit", roles: &[Owner, Manager], scope: Some("catalog:write") },
];
