//! Public keys as text.

use crate::error::InvalidInput;

/// Whether two texts are the same key. Upper and lower case and leading zeros make no difference.
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    key_digits(one) == key_digits(other)
}

/// Returns the canonical digits of a key: lower case, without `0x` and leading zeros.
pub(crate) fn key_digits(key: &str) -> String {
    let digits = key.strip_prefix("0x").or_else(|| key.strip_prefix("0X"));
    let digits = digits.unwrap_or(key).trim_start_matches('0');
    digits.to_ascii_lowercase()
}

/// Checks a public key that is to be sent.
pub(super) fn check_key(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let fits = (1..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(())
    } else {
        Err(InvalidInput::new(
            field,
            text,
            "a public key is `0x` and 1 to 64 hex digits",
            "check the key",
        ))
    }
}
