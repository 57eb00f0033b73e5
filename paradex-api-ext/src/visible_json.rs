//! JSON that is safe to show in a terminal.

use std::fmt::Write as _;

use paradex_api::visible;

/// Escapes the characters of a JSON text that [`visible`] escapes, as `\uXXXX`.
///
/// The value stays the same: such characters occur only in strings. Line breaks are kept: they occur only between values.
pub fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if !is_hidden(c) {
            shown.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String does not fail.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    }
    shown
}

fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        // In JSON the other control characters occur only between values.
        return c == '\u{7f}';
    }
    let mut bytes = [0; 4];
    let text: &str = c.encode_utf8(&mut bytes);
    visible(text, usize::MAX) != text
}

#[cfg(test)]
mod tests {
    use paradex_api::visible;
    use proptest::prelude::*;

    use super::visible_json;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn json_keeps_its_value_and_hides_nothing(
            text in any::<String>(),
            hidden in "[\u{7f}-\u{a0}\u{ad}\u{200b}-\u{202e}\u{2066}\u{feff}\u{e0041}\"\\\\ä\n]{0,9}",
        ) {
            let value = serde_json::json!({ text.as_str(): [hidden.as_str(), text.as_str()] });
            for json in [value.to_string(), format!("{value:#}")] {
                let shown = visible_json(&json);
                prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&shown).unwrap(), &value);
                for line in shown.lines() {
                    prop_assert_eq!(visible(line, usize::MAX), line);
                }
            }
        }
    }
}
