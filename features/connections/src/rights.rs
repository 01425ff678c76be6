use takt_staff::{PermissionInfo, Role, permission};

permission!(
    /// Connect a shop's system, see what it sent, apply it again, change its key.
    pub ManageConnections, "connections.manage"
);

pub(crate) const RIGHTS: &[PermissionInfo] =
    &[PermissionInfo { code: "connections.manage", roles: &[Role::Owner, Role::Manager], scope: None }];
