use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takt_kernel::Fault;

/// What a person is in an organisation. One person may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Operator,
    Warehouse,
    Accountant,
    Auditor,
}

impl Role {
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Manager, Self::Operator, Self::Warehouse, Self::Accountant, Self::Auditor];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Operator => "operator",
            Self::Warehouse => "warehouse",
            Self::Accountant => "accountant",
            Self::Auditor => "auditor",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Role {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == text.trim())
            .ok_or_else(|| Fault::invalid("staff.role_unknown").arg("given", text))
    }
}

/// Roles held together, written `manager accountant` in the order of [`Role::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RoleSet(u8);

impl RoleSet {
    pub const EMPTY: Self = Self(0);

    pub fn all() -> Self {
        Role::ALL.into_iter().collect()
    }
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }

    /// What a desk's person may do for an engaged company: the roles they hold at the desk, as far
    /// as the company lent them. The owner of a desk stands in for everybody there.
    #[must_use]
    pub fn as_lent(self, lent: Self) -> Self {
        if self.contains(Role::Owner) { lent } else { self.intersection(lent) }
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::EMPTY, Self::with)
    }
}
impl From<Role> for RoleSet {
    fn from(role: Role) -> Self {
        Self::EMPTY.with(role)
    }
}
impl From<&[Role]> for RoleSet {
    fn from(roles: &[Role]) -> Self {
        roles.iter().copied().collect()
    }
}
impl fmt::Display for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, role) in self.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { " " })?;
            f.write_str(role.code())?;
        }
        Ok(())
    }
}
impl fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{self}]")
    }
}
impl FromStr for RoleSet {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        text.split([' ', ',']).filter(|word| !word.is_empty()).map(Role::from_str).collect()
    }
}
impl Serialize for RoleSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
impl<'de> Deserialize<'de> for RoleSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Role>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_brings_only_what_was_lent() {
        for (held, lent, expected) in [
            ("operator", "operator manager", "operator"),
            ("accountant", "operator manager", ""),
            ("manager warehouse", "operator warehouse", "warehouse"),
            ("owner", "operator warehouse", "operator warehouse"),
            ("owner", "", ""),
            ("auditor", "auditor", "auditor"),
        ] {
            let held: RoleSet = held.parse().expect("roles");
            let lent: RoleSet = lent.parse().expect("roles");
            assert_eq!(held.as_lent(lent).to_string(), expected, "{held} of {lent}");
        }
    }

    #[test]
    fn an_unknown_role_is_refused_by_name() {
        assert!("boss".parse::<Role>().is_err_and(|fault| fault.is("staff.role_unknown")));
    }
}
