//! Closed sets of words that stand in rows, facts and JSON as short codes.

/// Declares an enum whose variants are codes: `code()`, `from_code()`, `ALL`, serde and `Display`.
/// A code that is not in the set is our own mistake when it comes from a row, so `from_code` says
/// so with the name of the set; edges map it to the fault of their field.
macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$note:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$note])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// # Errors
            /// `orders.unknown_code`.
            pub fn from_code(code: &str) -> takt_kernel::Result<Self> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(takt_kernel::Fault::broken("orders.unknown_code")
                        .arg("set", stringify!($name))
                        .arg("given", code)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(&code).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use coded;
