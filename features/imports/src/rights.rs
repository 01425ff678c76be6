use takt_staff::{
    PermissionInfo,
    Role::{Manager, Operator, Owner},
    permission,
};

permission!(
    /// Bring files of customers, products and orders. What comes of a row needs the right for that as well.
    pub BringFiles, "imports.bring"
);

pub(crate) const RIGHTS: &[PermissionInfo] =
    &[PermissionInfo { code: "imports.bring", roles: &[Owner, Manager, Operator], scope: None }];
