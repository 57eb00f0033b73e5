//! Cursors of paged lists: texts that show nothing of what they mean.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Returns the cursor of a number.
pub(super) fn encode(number: i128) -> String {
    BASE64_URL_SAFE_NO_PAD.encode((number ^ MASK).to_be_bytes())
}

/// Returns the number of a cursor. `None` if it is not the cursor of a number from 0 on.
pub(super) fn decode(cursor: &str) -> Option<i128> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let number = i128::from_be_bytes(bytes.try_into().ok()?) ^ MASK;
    (number >= 0).then_some(number)
}

/// Cursors of small numbers should not look like small numbers.
const MASK: i128 = 0x5061_7261_6465_785f_6375_7273_6f72_5f31;

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn cursor_is_read_back() {
        for number in [0, 1, 1_700_000_000_000_000_000, i128::MAX] {
            assert_eq!(decode(&encode(number)), Some(number));
        }
        for other in ["", "1", "-1", "?", &encode(-1), &encode(i128::MIN)] {
            assert_eq!(decode(other), None, "{other}");
        }
    }
}
