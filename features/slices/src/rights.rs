use takt_staff::{
    PermissionInfo,
    Role::{Auditor, Manager, Owner},
    permission,
};

permission!(
    /// To see what was ordered, earned and done, added up.
    pub SeeSlices, "slices.see"
);

permission!(
    /// To have everything that was added up counted anew.
    pub FillSlices, "slices.fill"
);

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "slices.see", roles: &[Owner, Manager, Auditor], scope: None },
    PermissionInfo { code: "slices.fill", roles: &[Owner], scope: None },
];
