use takt_staff::{PermissionInfo, Role, permission};

permission!(pub SeeStock, "stock.see");
permission!(
    /// Receive goods, write down what was counted and where it lies.
    pub MoveStock, "stock.move"
);
permission!(pub ManageWarehouses, "stock.manage_warehouses");

use Role::{Manager, Owner, Warehouse};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "stock.see", roles: &Role::ALL, scope: Some("stock:read") },
    PermissionInfo { code: "stock.move", roles: &[Owner, Manager, Warehouse], scope: Some("stock:write") },
    PermissionInfo { code: "stock.manage_warehouses", roles: &[Owner, Manager], scope: None },
];
