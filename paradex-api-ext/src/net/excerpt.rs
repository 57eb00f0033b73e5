//! The start of a text from outside, safe to print.

use std::fmt;

/// The start of a text from outside, for an error message.
///
/// It uses no heap memory, so that errors are small and can be constants. It holds the longest spelling of a network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Excerpt {
    bytes: [u8; 52],
    len: u8,
    cut: bool,
}

impl Excerpt {
    /// The most characters that are printed, escapes included.
    const MAX_PRINTED: usize = 72;

    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; 52];
        let mut len = 0u8;
        let mut cut = false;
        for character in text.chars() {
            let from = usize::from(len);
            let Some(room) = bytes.get_mut(from..from + character.len_utf8()) else {
                cut = true;
                break;
            };
            character.encode_utf8(room);
            len += character.len_utf8() as u8;
        }
        Self { bytes, len, cut }
    }
}

/// In quotes, on one line. Control and format characters are escaped.
impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        let mut cut = self.cut;
        let mut printed = 0;
        f.write_str("\"")?;
        for character in std::str::from_utf8(bytes).unwrap_or_default().chars() {
            let mut text = [0; 4];
            let escaped = paradex_api::visible(character.encode_utf8(&mut text), usize::MAX);
            printed += escaped.chars().count();
            if printed > Self::MAX_PRINTED {
                cut = true;
                break;
            }
            f.write_str(&escaped)?;
        }
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn excerpt_is_cut_by_its_printed_length() {
        assert!(Excerpt::new(&"\u{1b}".repeat(60)).to_string().len() < 80);
        assert_eq!(Excerpt::new(&"é".repeat(60)).to_string().chars().count(), 29);
    }
}
