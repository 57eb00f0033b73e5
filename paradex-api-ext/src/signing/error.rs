//! Why a value cannot be a key, a field of a message, or signed.

use std::fmt;

/// The field of a key, message or signature that is invalid, and the rule that it breaks.
///
/// It never contains any part of the value, which may be a secret key.
///
/// ```
/// use paradex_api_ext::signing::{Felt, SigningErrorKind, StarknetPrivateKey};
///
/// let error = Felt::from_hex("0x12g4").unwrap_err();
/// assert_eq!(error.kind(), SigningErrorKind::NotHex);
///
/// let error = StarknetPrivateKey::from_hex("0x0").unwrap_err();
/// assert_eq!(error.to_string(), "private key: it must not be zero");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningError {
    field: &'static str,
    kind: SigningErrorKind,
}

/// The rule that a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigningErrorKind {
    /// The text is empty.
    Empty,
    /// Hexadecimal text does not start with `0x`.
    MissingPrefix,
    /// A character after `0x` is no hexadecimal digit.
    NotHex,
    /// A character is no decimal digit.
    NotDecimal,
    /// A character is not printable ASCII.
    NotAscii,
    /// A short string has more than 31 characters.
    TooLong,
    /// The number of digits or bytes is wrong.
    WrongLength,
    /// The value is 0.
    Zero,
    /// The value is above the limit of its kind.
    TooLarge,
    /// The value is below 0.
    Negative,
    /// The number has more than 8 decimal places.
    TooManyDecimals,
    /// The value is not the x coordinate of a point on the curve.
    NotOnCurve,
    /// The text of the signature does not have the form `["r","s"]`.
    Malformed,
    /// The last byte of an Ethereum signature is neither 27 nor 28.
    RecoveryId,
    /// The expiry is not after the start, or too long after it.
    InvalidExpiry,
    /// The time is not between the years 1970 and 9999.
    TimeOutOfRange,
    /// The host name has an invalid character.
    InvalidHost,
    /// The list of trades is empty.
    NoTrades,
    /// No attempt produced a usable number. The probability is negligible.
    Exhausted,
}

impl SigningError {
    pub(super) const fn new(field: &'static str, kind: SigningErrorKind) -> Self {
        Self { field, kind }
    }

    /// Returns the name of the field.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Returns the rule that is broken.
    pub const fn kind(&self) -> SigningErrorKind {
        self.kind
    }

    /// The same error about another field.
    pub(super) const fn with_field(self, field: &'static str) -> Self {
        Self { field, ..self }
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self.kind {
            SigningErrorKind::Empty => "it is empty",
            SigningErrorKind::MissingPrefix => "it must start with 0x",
            SigningErrorKind::NotHex => "it must have only hexadecimal digits after 0x",
            SigningErrorKind::NotDecimal => "it must have only decimal digits",
            SigningErrorKind::NotAscii => "it must have only printable ASCII characters",
            SigningErrorKind::TooLong => "it must have at most 31 characters",
            SigningErrorKind::WrongLength => "it has the wrong length",
            SigningErrorKind::Zero => "it must not be zero",
            SigningErrorKind::TooLarge => "it is too large",
            SigningErrorKind::Negative => "it must not be negative",
            SigningErrorKind::TooManyDecimals => "it has more than 8 decimal places; round it first",
            SigningErrorKind::NotOnCurve => "it is not a point on the curve",
            SigningErrorKind::Malformed => "it is not two decimal numbers in the form [\"r\",\"s\"]",
            SigningErrorKind::RecoveryId => "its last byte must be 27 or 28",
            SigningErrorKind::InvalidExpiry => "the expiry is not after the start, or too long after it",
            SigningErrorKind::TimeOutOfRange => "the year must be between 1970 and 9999",
            SigningErrorKind::InvalidHost => "it must have only letters, digits, `-`, `.` and `:`",
            SigningErrorKind::NoTrades => "there must be at least one trade",
            SigningErrorKind::Exhausted => "no attempt produced a usable number",
        };
        write!(f, "{}: {rule}", self.field)
    }
}

impl std::error::Error for SigningError {}
