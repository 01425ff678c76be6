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
permission!(
    /// Order money back to whom it came from, and let customers' credit pay their orders.
    pub OrderRefunds, "payments.refund"
);
permission!(
    /// Say above what amount a refund needs a second person: not for whoever orders refunds.
    pub LimitRefunds, "payments.limit_refunds"
);
permission!(
    /// Accept goods that came back.
    pub AcceptReturns, "payments.accept_returns"
);
permission!(
    /// Choose which rules settle by themselves, up to what amount, and whose payments a person looks at.
    pub SetRules, "payments.set_rules"
);
permission!(pub ManageBankAccounts, "payments.manage_accounts");
permission!(
    /// Connect a bank and change its keys: whoever can do that can make money be believed.
    pub ManageBankChannels, "payments.manage_channels"
);

pub const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "payments.see", roles: &[Owner, Manager, Accountant, Auditor], scope: None },
    PermissionInfo { code: "payments.match", roles: &[Owner, Accountant], scope: None },
    PermissionInfo { code: "payments.refund", roles: &[Owner, Accountant], scope: None },
    PermissionInfo { code: "payments.limit_refunds", roles: &[Owner], scope: None },
    PermissionInfo { code: "payments.accept_returns", roles: &[Owner, Manager, Accountant], scope: None },
    PermissionInfo { code: "payments.set_rules", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "payments.manage_accounts", roles: &[Owner, Accountant], scope: None },
    PermissionInfo { code: "payments.manage_channels", roles: &[Owner, Accountant], scope: None },
];
