use takt_staff::{PermissionInfo, Role, permission};

permission!(pub SeeShipments, "shipments.see");
permission!(
    /// Pick and pack.
    pub PackOrders, "shipments.pack"
);
permission!(
    /// Hand parcels over, and say what became of them.
    pub DispatchOrders, "shipments.dispatch"
);
permission!(pub ManageCarriers, "shipments.manage_carriers");

use Role::{Manager, Operator, Owner, Warehouse};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "shipments.see", roles: &Role::ALL, scope: Some("shipments:read") },
    PermissionInfo { code: "shipments.pack", roles: &[Owner, Manager, Operator, Warehouse], scope: None },
    PermissionInfo { code: "shipments.dispatch", roles: &[Owner, Manager, Operator, Warehouse], scope: None },
    PermissionInfo { code: "shipments.manage_carriers", roles: &[Owner, Manager], scope: None },
];
