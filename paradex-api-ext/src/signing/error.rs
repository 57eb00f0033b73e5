//! What can be wrong with what is to be signed.

use std::fmt;

/// Why something cannot be a key, a field of a message, or signed: the field, and the rule that it breaks.
///
/// It never has any part of the value, which may be a key.
///
/// ```
/// use paradex_api_ext::signing::{Felt, SigningErrorKind, StarknetPrivateKey};
///
/// let error = Felt::from_hex("0x12g4").unwrap_err();
/// assert_eq!(error.kind(), SigningErrorKind::NotHex);
///
/// let error = StarknetPrivateKey::from_hex("0x0").unwrap_err();
/// assert_eq!(error.to_string(), "private key: it is zero");
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
    /// There is no text.
    Empty,
    /// Hexadecimal text does not begin with `0x`.
    MissingPrefix,
    /// There is something else than hexadecimal digits after `0x`.
    NotHex,
    /// There is something else than decimal digits.
    NotDecimal,
    /// There is something else than printable ASCII characters.
    NotAscii,
    /// A short string has more than 31 characters.
    TooLong,
    /// There are more, or fewer, digits or bytes than it has.
    WrongLength,
    /// It is 0, which it cannot be.
    Zero,
    /// It is not below the bound of its kind.
    TooLarge,
    /// It is below 0.
    Negative,
    /// It has more than 8 decimals.
    TooManyDecimals,
    /// It is not the x coordinate of a point of the curve.
    NotOnCurve,
    /// The signature does not have the form that goes over the wire.
    Malformed,
    /// The last byte of an Ethereum signature is neither 27 nor 28.
    RecoveryId,
    /// The end is not after the beginning, or too long after it.
    InvalidExpiry,
    /// A time is not between the years 1970 and 9999.
    TimeOutOfRange,
    /// A host name has a character that none can have.
    InvalidHost,
    /// There are no trades.
    NoTrades,
    /// No attempt gave a usable number. That does not happen by chance.
    Exhausted,
}

impl SigningError {
    pub(super) const fn new(field: &'static str, kind: SigningErrorKind) -> Self {
        Self { field, kind }
    }

    /// What the value was to be.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// The rule that is broken.
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
            SigningErrorKind::Empty => "there is no text",
            SigningErrorKind::MissingPrefix => "it does not begin with 0x",
            SigningErrorKind::NotHex => "there must be only hexadecimal digits after 0x",
            SigningErrorKind::NotDecimal => "there must be only decimal digits",
            SigningErrorKind::NotAscii => "there must be only printable ASCII characters",
            SigningErrorKind::TooLong => "it has more than 31 characters",
            SigningErrorKind::WrongLength => "it has the wrong length",
            SigningErrorKind::Zero => "it is zero",
            SigningErrorKind::TooLarge => "it is too large",
            SigningErrorKind::Negative => "it is negative",
            SigningErrorKind::TooManyDecimals => "it has more than 8 decimals; round it first",
            SigningErrorKind::NotOnCurve => "it is no point of the curve",
            SigningErrorKind::Malformed => "it is not two decimal numbers in the form [\"r\",\"s\"]",
            SigningErrorKind::RecoveryId => "the last byte is neither 27 nor 28",
            SigningErrorKind::InvalidExpiry => "the end is not after the beginning, or too long after it",
            SigningErrorKind::TimeOutOfRange => "the year is not between 1970 and 9999",
            SigningErrorKind::InvalidHost => "there must be only letters, digits and - . : in it",
            SigningErrorKind::NoTrades => "there are no trades",
            SigningErrorKind::Exhausted => "no attempt gave a usable number",
        };
        write!(f, "{}: {rule}", self.field)
    }
}

impl std::error::Error for SigningError {}
