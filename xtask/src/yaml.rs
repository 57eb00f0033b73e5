//! YAML, read within bounds and written. All YAML goes through here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Options};

/// Why a text cannot be read. The message has the line and the column, and not the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum YamlError {
    /// The text is nested too deeply, has too many values, or repeats too much by aliases.
    #[error("{0}")]
    Limit(String),
    /// The text is no YAML, or does not have the form that is asked for.
    #[error("{0}")]
    Form(String),
}

/// Reads a text as YAML 1.2. JSON is YAML too.
///
/// The time is linear in the length of the text: a text that passes a limit is refused there, and the rest of it is not
/// read.
///
/// # Errors
///
/// As in [`YamlError`]; also if a key occurs twice in one map, or the text holds more than one document.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let said = error.to_string();
        // The scanner has a limit for flow collections, which is no budget.
        if matches!(error, Error::Budget { .. }) || said.contains("limit exceeded") {
            YamlError::Limit(said)
        } else {
            YamlError::Form(said)
        }
    })
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            // Every level takes some 16 KiB of the stack in a build without optimisation.
            max_depth: 64,
            // A published document has 15,000 nodes. Aliases count by what they repeat.
            max_nodes: 1_000_000,
            max_events: 2_000_000,
            // One anchor may serve many places; how much is repeated is limited in any case.
            enforce_alias_anchor_ratio: false,
        },
        // `yes` and `on` are strings.
        strict_booleans: true,
        with_snippet: false,
    }
}

/// Writes a value as YAML.
///
/// # Errors
///
/// The value has a form that YAML cannot hold, such as a map with maps for keys.
pub fn write(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_saphyr::to_string(value)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{YamlError, read, write};

    #[test]
    fn plain_words_and_numbers_as_keys_are_strings() {
        assert_eq!(
            read::<Value>("{200: yes, on: no, true: 1h, v: 1.10.0, day: 2026-01-01}").unwrap(),
            json!({"200": "yes", "on": "no", "true": "1h", "v": "1.10.0", "day": "2026-01-01"})
        );
    }

    #[test]
    fn problem_is_named_by_its_line() {
        for text in [
            "a: 1\nb: [",
            "a: 1\na: 2",
            "a: 1\nb: @c",
            "a: 1\nb: *none",
            "a: 1\nb: : c",
        ] {
            let error = read::<Value>(text).unwrap_err();
            assert!(
                matches!(&error, YamlError::Form(said) if said.contains("line 2")),
                "{text:?}: {error}"
            );
        }
    }

    #[test]
    fn second_document_is_refused() {
        assert!(read::<Value>("a: 1\n---\nb: 2\n").is_err());
    }

    #[test]
    fn one_anchor_serves_many_places() {
        let text = format!("a: &a {{b: c}}\nall: [{}]", "*a, ".repeat(1_000));
        let found: Value = read(&text).unwrap();
        assert_eq!(found["all"][999], json!({"b": "c"}));
    }

    #[test]
    fn aliases_that_repeat_aliases_are_refused() {
        let mut text = "a0: &a0 x\n".to_owned();
        for level in 1..=8 {
            let below = level - 1;
            text.push_str(&format!(
                "a{level}: &a{level} [{}]\n",
                format!("*a{below}, ").repeat(10)
            ));
        }
        let error = read::<Value>(&text).unwrap_err();
        assert!(matches!(error, YamlError::Limit(_)), "{error}");
    }

    proptest! {
        #[test]
        fn string_that_is_written_is_read_again(text in "\\PC{0,30}|[a-z0-9 :#'\"{}\\[\\],&*!|>%@`?~.+-]{0,12}|yes|null|0x1|1e3|\\.nan") {
            prop_assert_eq!(read::<String>(&write(&text).unwrap()).unwrap(), text);
        }
    }
}
