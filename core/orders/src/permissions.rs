//! What one may do with orders, and which roles may.

use takt_staff::{PermissionInfo, Role, permission};

permission!(pub SeeOrders, "orders.see");
permission!(pub PlaceOrders, "orders.place");
permission!(pub EditOrders, "orders.edit");
permission!(pub SetStatus, "orders.set_status");
permission!(pub ConfirmOrders, "orders.confirm");
permission!(pub CancelOrders, "orders.cancel");
permission!(pub CommentOrders, "orders.comment");
permission!(
    /// Lists under a name for everybody at the workplace.
    pub ShareViews, "orders.share_views"
);
permission!(
    /// To stop an order in the owner's name, and to give instructions that must be followed first.
    pub HoldOrders, "orders.hold"
);
permission!(pub ManageStatuses, "orders.manage_statuses");
permission!(
    /// To stand in by name for money having come: the accountant's right.
    pub VouchForMoney, "money.vouch"
);

const DESK: &[Role] = &[Role::Owner, Role::Manager, Role::Operator];

pub const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "orders.see", roles: &Role::ALL, scope: Some("orders:read") },
    PermissionInfo { code: "orders.place", roles: DESK, scope: Some("orders:write") },
    PermissionInfo { code: "orders.edit", roles: DESK, scope: Some("orders:write") },
    PermissionInfo {
        code: "orders.set_status",
        roles: &[Role::Owner, Role::Manager, Role::Operator, Role::Warehouse],
        scope: Some("orders:write"),
    },
    PermissionInfo { code: "orders.confirm", roles: DESK, scope: None },
    PermissionInfo { code: "orders.cancel", roles: DESK, scope: Some("orders:write") },
    PermissionInfo {
        code: "orders.comment",
        roles: &[Role::Owner, Role::Manager, Role::Operator, Role::Warehouse, Role::Accountant],
        scope: Some("orders:write"),
    },
    PermissionInfo { code: "orders.share_views", roles: &[Role::Owner, Role::Manager], scope: None },
    PermissionInfo { code: "orders.hold", roles: &[Role::Owner], scope: None },
    PermissionInfo { code: "orders.manage_statuses", roles: &[Role::Owner, Role::Manager], scope: None },
    PermissionInfo { code: "money.vouch", roles: &[Role::Owner, Role::Accountant], scope: None },
];
