use takt_staff::{
    PermissionInfo,
    Role::{Manager, Owner},
    permission,
};

permission!(
    /// Say which programs of the company's own are told what happens.
    pub ManageWebhooks, "webhooks.manage"
);
permission!(
    /// Read the log as a program: what happened to orders, and what else the token's scopes open.
    pub SeeFacts, "webhooks.see_facts"
);

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "webhooks.manage", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "webhooks.see_facts", roles: &[], scope: Some("orders:read") },
];
