//! The permissions of this crate.

use super::{PermissionInfo, Role};

permission!(
    /// Rename the organisation, its language, zone and settings; open companies and shops.
    pub ManageCompany, "staff.manage_company"
);
permission!(
    /// Invite people, give and take roles.
    pub ManagePeople, "staff.manage_people"
);
permission!(
    /// Lend a company to a desk and end it.
    pub ManageEngagements, "staff.manage_engagements"
);
permission!(
    /// Say that somebody is away, and who does their work.
    pub ManageAbsences, "staff.manage_absences"
);
permission!(
    /// Say who answers for a company.
    pub NameManager, "staff.name_manager"
);
permission!(
    /// Read who answers for a company.
    pub SeeManager, "staff.see_manager"
);
permission!(pub ManageCalendars, "staff.manage_calendars");
permission!(pub ManageTokens, "staff.manage_tokens");
permission!(
    /// Who signed in, from where, and who was refused.
    pub SeeSignIns, "staff.see_sign_ins"
);
permission!(
    /// Read companies, shops and calendars.
    pub SeeStaff, "staff.see"
);
permission!(
    /// Read who works here with which address and role, who is invited, and which desk is engaged.
    pub SeePeople, "staff.see_people"
);

use Role::{Accountant, Auditor, Manager, Operator, Owner, Warehouse};

pub(crate) const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "staff.manage_company", roles: &[Owner], scope: None },
    PermissionInfo { code: "staff.manage_people", roles: &[Owner], scope: None },
    PermissionInfo { code: "staff.manage_engagements", roles: &[Owner], scope: None },
    PermissionInfo { code: "staff.manage_absences", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "staff.name_manager", roles: &[Owner, Manager], scope: Some("company:write") },
    PermissionInfo { code: "staff.see_manager", roles: &Role::ALL, scope: Some("company:read") },
    PermissionInfo { code: "staff.manage_calendars", roles: &[Owner, Manager], scope: None },
    PermissionInfo { code: "staff.manage_tokens", roles: &[Owner], scope: None },
    PermissionInfo { code: "staff.see_sign_ins", roles: &[Owner, Auditor], scope: None },
    PermissionInfo {
        code: "staff.see",
        roles: &[Owner, Manager, Operator, Warehouse, Accountant, Auditor],
        scope: None,
    },
    PermissionInfo { code: "staff.see_people", roles: &[Owner, Manager, Auditor], scope: None },
];
