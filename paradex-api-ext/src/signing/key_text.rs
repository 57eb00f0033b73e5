//! Compares public keys as the API writes them.

/// Whether two texts are the same key: upper case and leading zeros make no difference.
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    key_digits(one) == key_digits(other)
}

/// The digits of a key in lower case, without prefix and leading zeros, so that equal keys have equal digits.
pub(crate) fn key_digits(key: &str) -> String {
    let digits = key.strip_prefix("0x").or_else(|| key.strip_prefix("0X"));
    let digits = digits.unwrap_or(key).trim_start_matches('0');
    digits.to_ascii_lowercase()
}
