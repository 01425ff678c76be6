use takt_staff::{
    PermissionInfo,
    Role::{Auditor, Manager, Owner},
    permission,
};

permission!(pub SeeFeeds, "feeds.see");
permission!(
    /// Say where a shop's catalogue is read, pause it, and let it archive much at once.
    pub ManageFeeds, "feeds.manage"
);

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "feeds.see", roles: &[Owner, Manager, Auditor], scope: None },
    PermissionInfo { code: "feeds.manage", roles: &[Owner, Manager], scope: None },
];
