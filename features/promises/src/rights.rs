use takt_staff::{
    PermissionInfo,
    Role::{Auditor, Manager, Owner},
    permission,
};

permission!(
    /// To see who held the orders and which promises were missed.
    pub SeeReports, "promises.report"
);

pub(crate) const RIGHTS: &[PermissionInfo] =
    &[PermissionInfo { code: "promises.report", roles: &[Owner, Manager, Auditor], scope: None }];
