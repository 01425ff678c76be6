//! The right to do something, as a value that a command takes.
//!
//! A permission is a type, declared beside its commands with [`permission!`](crate::permission).
//! A [`Permit`] of it comes only out of a caller whose roles hold it (or of the program itself),
//! so a handler cannot forget to ask. Which roles hold what is registered in [`PERMISSIONS`].

mod matrix;
mod of_person;
mod permit;
mod role;
mod scope;

pub use matrix::{PERMISSIONS, PermissionInfo, Rights, permissions_markdown};
pub use of_person::permit_of;
pub use permit::Permit;
pub use role::{Role, RoleSet};
pub use scope::Scope;

/// One thing somebody may be allowed to do. Declared with [`permission!`](crate::permission).
pub trait Permission: Send + Sync + 'static {
    /// `orders.place`: the area and the verb.
    const CODE: &'static str;
}

/// Declares a permission as a type without a value: `permission!(pub PlaceOrders, "orders.place");`
#[macro_export]
macro_rules! permission {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $code:literal) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug)]
        $visibility enum $name {}
        impl $crate::rights::Permission for $name {
            const CODE: &'static str = $code;
        }
    };
}

pub(crate) mod own;
