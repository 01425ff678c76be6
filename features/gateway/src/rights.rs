use takt_staff::{PermissionInfo, Role, permission};

permission!(
    /// Decide what goes without saying in the orders of a shop.
    pub ManageIntake, "gateway.manage"
);

pub(crate) const RIGHTS: &[PermissionInfo] =
    &[PermissionInfo { code: "gateway.manage", roles: &[Role::Owner, Role::Manager], scope: None }];
