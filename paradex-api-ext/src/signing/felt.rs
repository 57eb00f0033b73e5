//! Field elements (felts), and the texts and numbers that are converted to them.

use std::fmt;

use rust_decimal::Decimal;

use super::error::{SigningError, SigningErrorKind};

/// A field element (felt) of Starknet: an integer from 0 to 2^251 + 17·2^192.
///
/// It displays as hexadecimal text in lower case without leading zeros.
///
/// ```
/// use paradex_api_ext::signing::Felt;
///
/// let market = Felt::from_short_string("BTC-USD-PERP")?;
/// assert_eq!(market.to_string(), "0x4254432d5553442d50455250");
/// assert_eq!(Felt::from_hex("0x004254432d5553442d50455250")?, market);
/// assert_eq!(Felt::from_text("12")?, Felt::from(12u64));
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[doc(alias("field_element", "FieldElement"))]
pub struct Felt(pub(super) [u8; 32]);

/// The field's prime, 2^251 + 17·2^192 + 1, in big-endian order.
const PRIME: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 8;
    bytes[7] = 17;
    bytes[31] = 1;
    bytes
};

impl Felt {
    /// 0.
    pub const ZERO: Self = Self([0; 32]);

    /// Parses hexadecimal text: `0x` and 1 to 64 digits, with or without leading zeros.
    ///
    /// # Errors
    ///
    /// The text is malformed, or the number is not below the prime of the field.
    pub fn from_hex(text: &str) -> Result<Self, SigningError> {
        let mut bytes = [0; 32];
        read_hex(text, &mut bytes).map_err(|kind| SigningError::new("felt", kind))?;
        Self::from_bytes(&bytes)
    }

    /// Parses decimal text.
    ///
    /// # Errors
    ///
    /// The text is empty or has other characters than digits, or the number is not below the prime of the field.
    pub fn from_decimal(text: &str) -> Result<Self, SigningError> {
        let refuse = |kind| Err(SigningError::new("felt", kind));
        if text.is_empty() {
            return refuse(SigningErrorKind::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return refuse(SigningErrorKind::NotDecimal);
        }
        let mut bytes = [0; 32];
        for digit in text.bytes() {
            // Multiplies by 10 and adds the digit.
            let mut carry = u16::from(digit - b'0');
            for byte in bytes.iter_mut().rev() {
                let [high, low] = (u16::from(*byte) * 10 + carry).to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
            if carry > 0 {
                return refuse(SigningErrorKind::TooLarge);
            }
        }
        Self::from_bytes(&bytes)
    }

    /// Encodes a Cairo short string: the ASCII codes of at most 31 printable characters as one number; the empty text is 0.
    ///
    /// # Errors
    ///
    /// The text is longer, or has other characters.
    pub fn from_short_string(text: &str) -> Result<Self, SigningError> {
        // No control characters: text with a leading zero byte would have the same number as text without.
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(SigningError::new("text", SigningErrorKind::NotAscii));
        }
        let mut bytes = [0; 32];
        let start = bytes.len().saturating_sub(text.len());
        match bytes.get_mut(start..) {
            Some(room) if start > 0 => room.copy_from_slice(text.as_bytes()),
            _ => return Err(SigningError::new("text", SigningErrorKind::TooLong)),
        }
        Self::from_bytes(&bytes)
    }

    /// Encodes text as the exchange does in its messages: `0x…` is hexadecimal, digits are decimal, and everything else is
    /// a short string.
    ///
    /// This is how the id of an order is signed.
    ///
    /// ```
    /// use paradex_api_ext::signing::Felt;
    ///
    /// assert_eq!(Felt::from_text("1767225600123201709247650000")?.to_decimal(), "1767225600123201709247650000");
    /// assert_eq!(Felt::from_text("abc123")?, Felt::from_short_string("abc123")?);
    /// # Ok::<(), paradex_api_ext::signing::SigningError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_hex`](Self::from_hex), [`from_decimal`](Self::from_decimal) or
    /// [`from_short_string`](Self::from_short_string).
    pub fn from_text(text: &str) -> Result<Self, SigningError> {
        if text.starts_with("0x") {
            Self::from_hex(text)
        } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::from_decimal(text)
        } else {
            Self::from_short_string(text)
        }
    }

    /// Converts 32 bytes in big-endian order.
    ///
    /// # Errors
    ///
    /// The number is not below the prime of the field.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SigningError> {
        if *bytes >= PRIME {
            return Err(SigningError::new("felt", SigningErrorKind::TooLarge));
        }
        Ok(Self(*bytes))
    }

    /// Returns 32 bytes in big-endian order.
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Returns decimal text without leading zeros.
    pub fn to_decimal(&self) -> String {
        let mut rest = self.0;
        let mut digits = Vec::new();
        while rest != [0; 32] {
            // Divides by 10; the remainder is the next digit from the right.
            let mut remainder = 0;
            for byte in &mut rest {
                let value = remainder << 8 | u16::from(*byte);
                *byte = (value / 10) as u8;
                remainder = value % 10;
            }
            digits.push(char::from(b'0' + remainder as u8));
        }
        if digits.is_empty() {
            digits.push('0');
        }
        digits.into_iter().rev().collect()
    }

    /// Returns the same value if it is neither 0 nor above the limit, in big-endian order.
    pub(super) fn within(self, limit: &[u8; 32], field: &'static str) -> Result<Self, SigningError> {
        if self == Self::ZERO {
            Err(SigningError::new(field, SigningErrorKind::Zero))
        } else if self.0 > *limit {
            Err(SigningError::new(field, SigningErrorKind::TooLarge))
        } else {
            Ok(self)
        }
    }

    /// Parses hexadecimal text of a number that is neither 0 nor above the limit.
    pub(super) fn from_hex_within(
        text: &str,
        limit: &[u8; 32],
        field: &'static str,
    ) -> Result<Self, SigningError> {
        Self::from_hex(text)
            .map_err(|error| error.with_field(field))?
            .within(limit, field)
    }
}

impl From<u64> for Felt {
    fn from(value: u64) -> Self {
        u128::from(value).into()
    }
}

impl From<u128> for Felt {
    fn from(value: u128) -> Self {
        let mut bytes = [0; 32];
        for (byte, part) in bytes.iter_mut().rev().zip(value.to_le_bytes()) {
            *byte = part;
        }
        Self(bytes)
    }
}

impl fmt::Display for Felt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let padded = write_hex(&self.0);
        let digits = padded.trim_start_matches(['0', 'x']);
        f.pad(&format!("0x{}", if digits.is_empty() { "0" } else { digits }))
    }
}

impl fmt::Debug for Felt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Felt({self})")
    }
}

/// A size or a price as it is signed: a fixed-point number with 8 decimal places, as an integer of 10^-8 units.
///
/// ```
/// use paradex_api_ext::paradex_api::Decimal;
/// use paradex_api_ext::signing::Scaled;
///
/// let price = Scaled::from_decimal(Decimal::new(2_950_012, 2))?;
/// assert_eq!(price, Scaled::from_integer(2_950_012_000_000));
/// assert!(Scaled::from_decimal(Decimal::new(1, 9)).is_err());
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[doc(alias("quantums", "fixed_point"))]
pub struct Scaled(u128);

impl Scaled {
    /// 0. It is signed for a missing price.
    pub const ZERO: Self = Self(0);
    /// The decimal places of a signed number.
    const DECIMALS: u32 = 8;

    /// Multiplies by 10^8, without rounding.
    ///
    /// # Errors
    ///
    /// The number is negative, or has more than 8 decimal places (trailing zeros do not count).
    pub fn from_decimal(value: Decimal) -> Result<Self, SigningError> {
        let refuse = |kind| SigningError::new("decimal", kind);
        let value = value.normalize();
        let mantissa = u128::try_from(value.mantissa()).map_err(|_| refuse(SigningErrorKind::Negative))?;
        let missing = Self::DECIMALS
            .checked_sub(value.scale())
            .ok_or(refuse(SigningErrorKind::TooManyDecimals))?;
        let scaled = mantissa
            .checked_mul(10u128.pow(missing))
            .ok_or(refuse(SigningErrorKind::TooLarge))?;
        Ok(Self(scaled))
    }

    /// Creates a value from a number that is already multiplied by 10^8.
    pub const fn from_integer(value: u128) -> Self {
        Self(value)
    }

    /// Returns the number multiplied by 10^8.
    pub const fn to_integer(self) -> u128 {
        self.0
    }
}

/// Parses `0x` and at least one digit into the end of `bytes`, which must be zeroed.
pub(super) fn read_hex(text: &str, bytes: &mut [u8]) -> Result<(), SigningErrorKind> {
    if text.is_empty() {
        return Err(SigningErrorKind::Empty);
    }
    let digits = text
        .strip_prefix("0x")
        .ok_or(SigningErrorKind::MissingPrefix)?
        .as_bytes();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(SigningErrorKind::NotHex);
    }
    if digits.len() > 2 * bytes.len() {
        return Err(SigningErrorKind::WrongLength);
    }
    let value = |digit: &u8| match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    };
    for (byte, pair) in bytes.iter_mut().rev().zip(digits.rchunks(2)) {
        *byte = pair.iter().fold(0, |byte, digit| byte << 4 | value(digit));
    }
    Ok(())
}

/// `0x` and two digits for each byte.
pub(super) fn write_hex(bytes: &[u8]) -> String {
    use fmt::Write;

    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("0x");
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
