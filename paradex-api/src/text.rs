//! Makes untrusted text safe to show.

/// Returns an untrusted text in a form that is safe to show: on one line, visible, and at most `max_chars` characters.
///
/// Control characters, format characters (direction overrides, zero-width characters, soft hyphens, variation selectors), line
/// and paragraph separators and unusual spaces are written as escapes. So they can neither move the cursor of a terminal nor
/// hide or reorder what people read. A text that is too long is cut and ends in `…`.
///
/// ```
/// use paradex_api::visible;
///
/// assert_eq!(visible("desk 3", 40), "desk 3");
/// assert_eq!(visible("a\n\u{202e}b", 40), "a\\n\\u{202e}b");
/// assert_eq!(visible("a long name", 7), "a long…");
/// ```
#[doc(alias = "escape")]
#[doc(alias = "sanitize")]
#[doc(alias = "log injection")]
pub fn visible(text: &str, max_chars: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(max_chars));
    let mut count = 0;
    // Where the text is cut if it is too long, leaving room for the `…`.
    let mut cut = 0;
    for c in text.chars() {
        let before = shown.len();
        if is_hidden(c) {
            match c {
                '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
                _ => shown.extend(c.escape_unicode()),
            }
            count += shown.get(before..).map_or(0, str::len);
        } else {
            shown.push(c);
            count += 1;
        }
        if count > max_chars {
            shown.truncate(cut);
            if max_chars > 0 {
                shown.push('…');
            }
            break;
        }
        if count < max_chars {
            cut = shown.len();
        }
    }
    shown
}

/// Returns the longest start of a text that has at most `max_bytes` bytes and ends between characters.
pub(crate) fn start(text: &str, max_bytes: usize) -> &str {
    let mut end = max_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Returns whether a character is invisible or changes how others are displayed: control (Cc), format (Cf), separators except
/// the space, variation selectors, and letters without a glyph.
pub(crate) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{13440}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_hidden, visible};

    #[test]
    fn hidden_characters_are_escaped_and_others_stay() {
        for (text, shown) in [
            (
                "plain ünï 標準 🙂 e\u{301} \"q\" \\",
                "plain ünï 標準 🙂 e\u{301} \"q\" \\",
            ),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("\u{1b}[31m\u{7f}\u{85}", "\\u{1b}[31m\\u{7f}\\u{85}"),
            (
                "\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}",
                "\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{ad}",
            ),
            (
                "\u{2028}\u{2029}\u{a0}\u{3000}",
                "\\u{2028}\\u{2029}\\u{a0}\\u{3000}",
            ),
            ("\u{fe0f}\u{e0101}\u{e0041}", "\\u{fe0f}\\u{e0101}\\u{e0041}"),
        ] {
            assert_eq!(visible(text, 100), shown);
        }
    }

    #[test]
    fn long_text_is_cut() {
        for (most, shown) in [(0, ""), (1, "…"), (2, "é…"), (3, "éé…"), (4, "éééé"), (9, "éééé")]
        {
            assert_eq!(visible("éééé", most), shown, "{most}");
        }
        // An escape is shown whole or not at all.
        for (most, shown) in [
            (1, "…"),
            (2, "a…"),
            (8, "a…"),
            (9, "a\\u{202e}"),
            (10, "a\\u{202e}"),
        ] {
            assert_eq!(visible("a\u{202e}", most), shown, "{most}");
        }
    }

    proptest! {
        #[test]
        fn text_of_hidden_characters_is_escaped(
            text in proptest::collection::vec(prop_oneof![
                Just('\u{202e}'), Just('\u{200b}'), Just('\u{fe0f}'), Just('\n'), Just('x'), Just('é'),
                any::<char>(),
            ], 0..40),
            most in 0_usize..200,
        ) {
            let text: String = text.into_iter().collect();
            let shown = visible(&text, most);
            prop_assert!(shown.chars().count() <= most);
            prop_assert!(!shown.chars().any(is_hidden), "{shown:?}");
        }
    }
}
