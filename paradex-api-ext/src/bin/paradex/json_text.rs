//! JSON as text: laid out for people, with the secrets hidden, and with every number as it was written.

use paradex_api_ext::paradex_api::operations::SECRET_NAMES;
use serde_json::Value;

/// Replaces a secret.
const HIDDEN: &str = "\"(hidden)\"";

/// Deeper levels are not indented further, because the text would grow with the square of its depth.
const DEEPEST_INDENT: usize = 32;

/// A larger text is not laid out, because indentation could multiply its size.
const LARGEST_LAID_OUT: usize = 1 << 20;

/// Lays out valid JSON. `redact` edits each text of it. With `hide_fields`, values of fields that can hold secrets are hidden.
///
/// The text is not parsed into numbers, because a number with many digits would change.
pub(crate) fn pretty(json: &str, hide_fields: bool, redact: &dyn Fn(&str) -> String) -> String {
    let mut layout = Layout {
        out: String::with_capacity(json.len()),
        depth: 0,
        is_laid_out: json.len() <= LARGEST_LAID_OUT,
    };
    let mut tokens = Tokens(json).peekable();
    // Whether the next token is a value whose field can hold a secret.
    let mut is_secret = false;
    // Inside of an array or object that is hidden as a whole: how deep it is nested.
    let mut hidden_depth = 0_usize;
    while let Some(token) = tokens.next() {
        let opens = matches!(token, "{" | "[");
        let closes = matches!(token, "}" | "]");
        if hidden_depth > 0 {
            hidden_depth = (hidden_depth + usize::from(opens)).saturating_sub(usize::from(closes));
            continue;
        }
        if is_secret && token != ":" {
            is_secret = false;
            let is_nothing = matches!(token, "null" | "\"\"");
            layout.value(if is_nothing { token } else { HIDDEN });
            hidden_depth = usize::from(opens);
            continue;
        }
        match token {
            "{" | "[" => layout.open(
                token,
                tokens.peek().is_some_and(|next| matches!(*next, "}" | "]")),
            ),
            "}" | "]" => layout.close(token),
            "," => layout.separate(),
            ":" => layout.out.push_str(": "),
            text if text.starts_with('"') => {
                let plain: String = serde_json::from_str(text).unwrap_or_default();
                let is_field = tokens.peek() == Some(&":");
                is_secret = is_field && hide_fields && is_secret_name(&plain);
                let shown = redact(&plain);
                match shown == plain {
                    true => layout.value(text),
                    false => layout.value(&Value::String(shown).to_string()),
                }
            }
            other => layout.value(other),
        }
    }
    layout.out
}

fn is_secret_name(field: &str) -> bool {
    SECRET_NAMES.iter().any(|name| name.eq_ignore_ascii_case(field))
}

struct Layout {
    out: String,
    depth: usize,
    is_laid_out: bool,
}

impl Layout {
    fn value(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn open(&mut self, bracket: &str, is_empty: bool) {
        self.out.push_str(bracket);
        self.depth += 1;
        if !is_empty {
            self.new_line();
        }
    }

    fn close(&mut self, bracket: &str) {
        self.depth = self.depth.saturating_sub(1);
        if !self.out.ends_with(['{', '[']) {
            self.new_line();
        }
        self.out.push_str(bracket);
    }

    fn separate(&mut self) {
        self.out.push(',');
        self.new_line();
    }

    fn new_line(&mut self) {
        if !self.is_laid_out {
            return;
        }
        self.out.push('\n');
        self.out
            .extend(std::iter::repeat_n("  ", self.depth.min(DEEPEST_INDENT)));
    }
}

/// The tokens of valid JSON.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start_matches([' ', '\t', '\n', '\r']);
        let first = rest.chars().next()?;
        let length = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => text_length(rest),
            _ => rest
                .find([',', ']', '}', ':', ' ', '\t', '\n', '\r'])
                .unwrap_or(rest.len()),
        };
        let (token, rest) = rest.split_at_checked(length.max(1))?;
        self.0 = rest;
        Some(token)
    }
}

/// The length of the text that begins here, with its quotes.
fn text_length(json: &str) -> usize {
    let mut is_escaped = false;
    for (index, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::pretty;

    fn shown(json: &str) -> String {
        pretty(json, true, &|text| text.replace("mine", "(hidden)"))
    }

    #[test]
    fn secrets_are_hidden_and_numbers_stay() {
        let json = r#"{ "token":"abc", "big":12345678901234567890.10, "list":[1e2,true,null,[],{}],"a\"b":"x mine",
            "signature": ["1", {"r": "2"}], "jwt_token": null, "nested": {"Token": 7, "mine": "token"} }"#;
        assert_eq!(
            shown(json),
            r#"{
  "token": "(hidden)",
  "big": 12345678901234567890.10,
  "list": [
    1e2,
    true,
    null,
    [],
    {}
  ],
  "a\"b": "x (hidden)",
  "signature": "(hidden)",
  "jwt_token": null,
  "nested": {
    "Token": "(hidden)",
    "(hidden)": "token"
  }
}"#
        );
        assert!(pretty(json, false, &|text| text.to_owned()).contains("\"token\": \"abc\""));
        // A field that is not hidden is still redacted.
        assert_eq!(
            pretty(r#"{"token":"mine"}"#, false, &|text| text
                .replace("mine", "(hidden)")),
            "{\n  \"token\": \"(hidden)\"\n}"
        );
    }

    #[test]
    fn deep_text_is_indented_up_to_a_limit() {
        let levels = 1_000;
        let json = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let shown = pretty(&json, true, &|text| text.to_owned());
        assert!(shown.len() < 2 * levels * 70, "{} bytes", shown.len());
        let compact: String = shown.split_whitespace().collect();
        assert_eq!(compact, json);
    }

    #[test]
    fn large_text_does_not_grow() {
        let json = format!("{}{}1{}", "[".repeat(100), "1,".repeat(1 << 20), "]".repeat(100));
        let shown = pretty(&json, true, &|text| text.to_owned());
        assert!(shown == json, "{} bytes became {}", json.len(), shown.len());
    }

    /// Any JSON, with some fields that hold secrets.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            let name = prop_oneof![Just("token".to_owned()), ".*"];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec((name, inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// Whether a field `token` holds anything.
    fn has_secret(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().any(has_secret),
            Value::Object(fields) => fields.iter().any(|(name, value)| match name.as_str() {
                "token" => !(value.is_null() || *value == json!("") || *value == json!("(hidden)")),
                _ => has_secret(value),
            }),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn layout_keeps_the_value_and_hides_secrets(value in any_json()) {
            let keep = |text: &str| text.to_owned();
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let shown: Value = serde_json::from_str(&pretty(&text, false, &keep)).unwrap();
                prop_assert_eq!(&shown, &value);
                let hidden: Value = serde_json::from_str(&pretty(&text, true, &keep)).unwrap();
                prop_assert!(!has_secret(&hidden), "{}", hidden);
            }
        }
    }
}
