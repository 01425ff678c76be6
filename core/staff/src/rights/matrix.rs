use std::{fmt::Write as _, sync::Arc};

use takt_kernel::{Fault, Result, Slot, Slots};

use super::{Role, RoleSet};

/// Who may do what: a permission, the roles that hold it and the scope of an API token that does.
#[derive(Clone, Copy, Debug)]
pub struct PermissionInfo {
    pub code: &'static str,
    pub roles: &'static [Role],
    /// `orders:write`, for what a shop's program may be allowed; none keeps it to people.
    pub scope: Option<&'static str>,
}

/// Filled by every crate that declares permissions:
/// `Feature::new(…).fill(&staff::PERMISSIONS, "orders", RIGHTS)`.
pub const PERMISSIONS: Slot<&'static [PermissionInfo]> = Slot::new("staff.permissions");

/// The whole matrix as it was wired.
#[derive(Clone)]
pub struct Rights(Arc<Slots>);

impl Rights {
    pub fn new(slots: Arc<Slots>) -> Self {
        Self(slots)
    }

    fn rows(&self) -> impl Iterator<Item = &'static PermissionInfo> {
        self.0.of(&PERMISSIONS).copied().flatten()
    }

    /// A permission that nobody registered is held by nobody.
    pub fn of(&self, code: &str) -> Option<&'static PermissionInfo> {
        self.rows().find(|row| row.code == code)
    }

    pub fn held_by(&self, code: &str, roles: RoleSet) -> bool {
        self.of(code).is_some_and(|row| row.roles.iter().any(|role| roles.contains(*role)))
    }

    pub fn opened_by(&self, code: &str, scopes: &[String]) -> bool {
        self.of(code)
            .and_then(|row| row.scope)
            .is_some_and(|needed| scopes.iter().any(|scope| scope == needed))
    }

    /// All scopes that a token can have, in order.
    pub fn scopes(&self) -> Vec<&'static str> {
        let mut scopes: Vec<_> = self.rows().filter_map(|row| row.scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Reads `orders:write,orders:read`, sorted and without repeats.
    ///
    /// # Errors
    /// `staff.scope_unknown`, `staff.scope_required`.
    pub fn parse_scopes(&self, text: &str) -> Result<Vec<String>> {
        let known = self.scopes();
        let mut scopes = Vec::new();
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            if !known.contains(&word) {
                return Err(Fault::invalid("staff.scope_unknown")
                    .arg("given", word)
                    .arg("known", known.join(", ")));
            }
            scopes.push(word.to_owned());
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Fault::invalid("staff.scope_required"));
        }
        Ok(scopes)
    }
}

/// `docs/permissions.md`. The binary writes it from all features; a test there fails when the
/// checked-in file is stale.
pub fn permissions_markdown(slots: &Slots) -> String {
    let mut rows: Vec<_> = slots.of(&PERMISSIONS).copied().flatten().collect();
    rows.sort_unstable_by_key(|row| row.code);
    let mut text = String::from(
        "# Who may do what\n\n\
         Generated from the code; a test fails when it is stale. A desk's people have, in an engaged\n\
         company, only the roles that the company lent. A token has what its scopes name, in its shop.\n\n\
         | permission |",
    );
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text.push_str(" token scope |\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len() + 1));
    for row in rows {
        let _ = write!(text, "\n| `{}` |", row.code);
        for role in Role::ALL {
            text.push_str(if row.roles.contains(&role) { " yes |" } else { " |" });
        }
        match row.scope {
            Some(scope) => {
                let _ = write!(text, " `{scope}` |");
            }
            None => text.push_str(" |"),
        }
    }
    text.push('\n');
    text
}
