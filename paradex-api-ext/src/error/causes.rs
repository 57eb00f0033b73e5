//! An error as one text.

use std::error::Error as StdError;

/// Returns an error and its causes on one line, without causes that the text before already ends with.
pub fn text_with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = cause.source();
    }
    text
}
