use takt_staff::{
    PermissionInfo,
    Role::{Accountant, Auditor, Manager, Operator, Owner, Warehouse},
    permission,
};

permission!(
    /// To see a company as its owner does.
    pub SeeCabinet, "cabinet.see"
);
permission!(
    /// To say that an instruction of the owner was followed.
    pub TickInstructions, "cabinet.tick"
);

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "cabinet.see", roles: &[Owner, Manager, Auditor], scope: None },
    PermissionInfo {
        code: "cabinet.tick",
        roles: &[Owner, Manager, Operator, Warehouse, Accountant],
        scope: None,
    },
];
