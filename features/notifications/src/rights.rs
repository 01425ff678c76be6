use takt_staff::{
    PermissionInfo,
    Role::{Auditor, Manager, Operator, Owner},
    permission,
};

permission!(pub SeeNotices, "notifications.see");
permission!(
    /// Send a message again, or say that it did arrive.
    pub ResendNotices, "notifications.resend"
);
permission!(pub ManageTemplates, "notifications.manage_templates");

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "notifications.see", roles: &[Owner, Manager, Operator, Auditor], scope: None },
    PermissionInfo { code: "notifications.resend", roles: &[Owner, Manager, Operator], scope: None },
    PermissionInfo { code: "notifications.manage_templates", roles: &[Owner, Manager], scope: None },
];
