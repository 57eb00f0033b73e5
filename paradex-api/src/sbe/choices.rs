//! Enumerations and sets of flags, which the exchange may extend.

/// Implements conversions and texts of an enumeration. A number without a variant is kept as `Unknown`.
macro_rules! byte_enum {
    ($name:ident { $($variant:ident = $value:literal $text:literal),* $(,)? }) => {
        impl $name {
            /// All values that this version of the crate knows.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),*];

            /// Returns the name in the schema, or `UNKNOWN` for a value that it does not have.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                    $name::Unknown(_) => "UNKNOWN",
                }
            }
        }

        impl From<u8> for $name {
            #[inline]
            fn from(value: u8) -> Self {
                match value {
                    $($value => $name::$variant,)*
                    other => $name::Unknown(other),
                }
            }
        }

        impl From<$name> for u8 {
            fn from(value: $name) -> u8 {
                match value {
                    $($name::$variant => $value,)*
                    $name::Unknown(other) => other,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $name::Unknown(value) => write!(f, "UNKNOWN_{value}"),
                    known => f.pad(known.as_str()),
                }
            }
        }
    };
}
pub(crate) use byte_enum;

/// Implements a set of flags in one byte. Bits without a name are kept.
macro_rules! byte_set {
    ($name:ident { $($constant:ident = $bit:literal $text:literal),* $(,)? }) => {
        impl $name {
            /// All flags that this version of the crate knows.
            pub const KNOWN: $name = $name(0 $(| 1 << $bit)*);

            /// Returns the byte in the frame.
            pub const fn bits(self) -> u8 {
                self.0
            }

            /// Returns whether all flags of `other` are set.
            pub const fn contains(self, other: $name) -> bool {
                self.0 & other.0 == other.0
            }

            /// Returns whether no flag is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// Returns the flags that this version of the crate does not know.
            pub const fn unknown(self) -> $name {
                $name(self.0 & !Self::KNOWN.0)
            }

            /// Returns the names of the flags that are set, as the schema has them. A flag that this version of the crate does not
            /// know has none.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                [$(($name(1 << $bit), $text)),*]
                    .into_iter()
                    .filter(move |(flag, _)| self.contains(*flag))
                    .map(|(_, name)| name)
            }
        }

        impl From<u8> for $name {
            fn from(bits: u8) -> Self {
                $name(bits)
            }
        }

        impl std::ops::BitOr for $name {
            type Output = $name;

            fn bitor(self, other: $name) -> $name {
                $name(self.0 | other.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let unknown = (!self.unknown().is_empty()).then(|| format!("{:#010b}", self.unknown().bits()));
                f.debug_set().entries(self.names()).entries(unknown).finish()
            }
        }
    };
}
pub(crate) use byte_set;
