//! Addresses of accounts.

use std::fmt;

/// The address of an account: 32 bytes, most significant first.
///
/// It prints as JSON has it, `0x` and hexadecimal digits without leading zeros.
///
/// ```
/// use paradex_api::sbe::AccountAddress;
///
/// let mut bytes = [0; 32];
/// bytes[30] = 0x04;
/// bytes[31] = 0x9d;
/// assert_eq!(AccountAddress::new(bytes).to_string(), "0x49d");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AccountAddress([u8; 32]);

impl AccountAddress {
    /// Creates an address from its bytes, most significant first.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads an address as JSON has it: hexadecimal digits, with or without `0x`, of at most 32 bytes.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        if digits.is_empty() || digits.len() > 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, digit) in digits.bytes().rev().enumerate() {
            let digit = u8::try_from(char::from(digit).to_digit(16)?).ok()?;
            *bytes.get_mut(31 - at / 2)? |= digit << (at % 2 * 4);
        }
        Some(Self(bytes))
    }

    /// Returns the bytes, most significant first.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Written at once: every event of an account has an address, and a formatter takes single characters slowly.
        let mut text = [b'0'; 66];
        let (pairs, _) = text.as_chunks_mut();
        for ([high, low], byte) in pairs.iter_mut().skip(1).zip(self.0) {
            (*high, *low) = (digit(byte >> 4), digit(byte & 15));
        }
        let digits = text.iter().skip(2).take(63);
        let zeros = digits.take_while(|digit| **digit == b'0').count();
        if let Some(mark) = text.get_mut(zeros + 1) {
            *mark = b'x';
        }
        let text = text.get(zeros..).unwrap_or_default();
        f.write_str(std::str::from_utf8(text).unwrap_or_default())
    }
}

/// The hexadecimal digit of a value below 16.
const fn digit(value: u8) -> u8 {
    match value {
        0..10 => b'0' + value,
        _ => b'a' - 10 + (value & 15),
    }
}

impl fmt::Debug for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
