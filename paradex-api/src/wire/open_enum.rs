//! Enumerations that the exchange may extend.

use std::fmt;

/// An enum value that this version of the crate does not know. It is written back unchanged.
///
/// Only reading creates one, so an `Unknown` never holds a value that has its own variant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text in JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Implements serde, `FromStr`, `Display` and `as_str` of an enum from one table. A value that the exchange no longer lists is
/// read and written like the others.
macro_rules! open_enum {
    (
        $name:ident { $($variant:ident = $text:literal),* $(,)? }
        $(retired { $($retired:ident = $retired_text:literal),* $(,)? })?
    ) => {
        #[allow(deprecated, reason = "what is retired keeps its text")]
        impl $name {
            /// All values that this version of the crate knows, except those that the exchange no longer lists.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),*];

            /// Returns the text in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)*
                    $($($name::$retired => $retired_text,)*)?
                    $name::Unknown(value) => value.as_str(),
                }
            }

            /// Returns whether this version of the crate knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, $name::Unknown(_))
            }
        }

        #[allow(deprecated, reason = "what is retired keeps its text")]
        impl From<&str> for $name {
            /// Converts a text; one without a variant becomes `Unknown`.
            fn from(text: &str) -> Self {
                match text {
                    $($text => $name::$variant,)*
                    $($($retired_text => $name::$retired,)*)?
                    _ => $name::Unknown($crate::wire::UnknownValue::new(text)),
                }
            }
        }

        $crate::wire::open_enum!(@shared $name);
    };
    (@shared $name:ident) => {
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::wire::scalar::Scalar for $name {
            const EXPECTED: &'static str = concat!("a value of ", stringify!($name));

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }

            fn heap_text(&self) -> Option<&str> {
                match self {
                    $name::Unknown(value) => Some(value.as_str()),
                    _ => None,
                }
            }
        }

        impl $crate::wire::Wire for $name {
            fn blank() -> Self {
                $name::Unknown($crate::wire::UnknownValue::new(""))
            }

            fn read<'de, D: serde::Deserializer<'de>>(
                &mut self,
                from: D,
            ) -> Result<$crate::wire::Found, D::Error> {
                $crate::wire::scalar::read(self, from)
            }

            fn write<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(from)?;
                Ok(Self::from(&*text))
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::wire::UnknownValue;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Kind {
        Kept,
        #[deprecated(note = "no longer listed")]
        Gone,
        Unknown(UnknownValue),
    }
    open_enum!(Kind { Kept = "KEPT" } retired { Gone = "GONE" });

    #[test]
    #[allow(deprecated, reason = "a retired value is what this is about")]
    fn retired_value_is_read_and_written_but_not_listed() {
        let read: Kind = serde_json::from_str("\"GONE\"").unwrap();
        assert_eq!(read, Kind::Gone);
        assert!(read.is_known());
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"GONE\"");
        assert_eq!("GONE".parse(), Ok(Kind::Gone));
        assert_eq!(Kind::KNOWN, [Kind::Kept]);
        assert!(!Kind::from("OTHER").is_known());
    }
}
