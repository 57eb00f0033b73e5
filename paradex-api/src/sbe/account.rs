//! Addresses of accounts.

use std::fmt::{self, Write as _};

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
        f.write_str("0x")?;
        let nibbles = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut digits = nibbles.skip_while(|nibble| *nibble == 0).peekable();
        if digits.peek().is_none() {
            return f.write_char('0');
        }
        for digit in digits {
            f.write_char(char::from_digit(u32::from(digit), 16).unwrap_or('0'))?;
        }
        Ok(())
    }
}

impl fmt::Debug for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
