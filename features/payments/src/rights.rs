//! Who may see and match money. To vouch for it is `orders::VouchForMoney`.

use takt_staff::{
    PermissionInfo,
    Role::{Accountant, Auditor, Manager, Owner},
    permission,
};

permission!(pub SeeMoney, "payments.see");
permission!(
    /// Choose what an unclear receipt pays, and take a choice back.
    pub MatchMoney, "payments.match"
);
permission!(pub ManageBankAccounts, "payments.manage_accounts");
permission!(
    /// Connect a bank and change its keys: whoever can do that can make money be believed.
    pub ManageBankChannels, "payments.manage_channels"
);

pub const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "payments.see", roles: &[Owner, Manager, Accountant, Auditor], scope: None },
    PermissionInfo { code: "payments.match", roles: &[Owner, Accountant], scope: None },
    PermissionInfo { code: "payments.manage_accounts", roles: &[Owner, Accountant], scope: None },
    PermissionInfo { code: "payments.manage_channels", roles: &[Owner, Accountant], scope: None },
];
