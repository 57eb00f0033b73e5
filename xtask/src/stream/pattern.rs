//! Names of channels as patterns: `order_book.{market}.snapshot@15@{rate}[@{tick}]`.
//!
//! `{…}` is a parameter, and `[…]` a part that can be left out, at the end. `paradex_api::stream` reads them in the same way.

use heck::ToShoutySnakeCase;

/// A parameter of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it is in a part that can be left out.
    pub optional: bool,
}

/// A pattern that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// What is always there, with `{}` for parameters.
    pub stem: String,
    /// The words that are no parameters and always there.
    words: String,
}

impl Pattern {
    /// Reads a pattern; `None` if it has another form, or characters that no name of a channel has.
    pub fn read(text: &str) -> Option<Self> {
        let mut pattern = Self::default();
        let mut rest = text;
        let mut optional = false;
        let mut after_optional = false;
        while let Some(c) = rest.chars().next() {
            match c {
                '[' if !optional => optional = true,
                ']' if optional => {
                    optional = false;
                    after_optional = true;
                }
                _ if after_optional && !optional => return None,
                '{' => {
                    let (name, _) = rest.get(1..)?.split_once('}')?;
                    let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(known) {
                        return None;
                    }
                    if pattern.parameters.iter().any(|other| other.name == name) {
                        return None;
                    }
                    if !optional {
                        pattern.stem.push_str("{}");
                        pattern.words.push(' ');
                    }
                    let name = name.to_owned();
                    rest = rest.get(name.len() + 2..)?;
                    // Where a value ends must be visible.
                    if !(rest.is_empty() || rest.starts_with(['.', '@', '[', ']'])) {
                        return None;
                    }
                    pattern.parameters.push(Parameter { name, optional });
                    continue;
                }
                c if c.is_ascii_alphanumeric() || "_.@-".contains(c) => {
                    if !optional {
                        pattern.stem.push(c);
                        pattern.words.push(c);
                    }
                }
                _ => return None,
            }
            rest = rest.get(c.len_utf8()..)?;
        }
        (!optional && !pattern.words.trim().is_empty()).then_some(pattern)
    }

    /// The name of its static: its words, without numbers.
    pub fn constant(&self) -> String {
        let words = self.words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let words = words.filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()));
        words.collect::<Vec<_>>().join("_").to_shouty_snake_case()
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_of_the_exchange_are_read() {
        for (text, constant, stem, parameters) in [
            ("positions", "POSITIONS", "positions", &[][..]),
            (
                "bbo.{market_symbol}",
                "BBO",
                "bbo.{}",
                &[("market_symbol", false)],
            ),
            (
                "bbo.{m}.interactive",
                "BBO_INTERACTIVE",
                "bbo.{}.interactive",
                &[("m", false)],
            ),
            ("rfq[.{rfq_id}]", "RFQ", "rfq", &[("rfq_id", true)]),
            (
                "order_book.{m}.snapshot@15@{rate}[@{tick}]",
                "ORDER_BOOK_SNAPSHOT",
                "order_book.{}.snapshot@15@{}",
                &[("m", false), ("rate", false), ("tick", true)],
            ),
            (
                "rates.ALL@{rate}",
                "RATES_ALL",
                "rates.ALL@{}",
                &[("rate", false)],
            ),
        ] {
            let pattern = Pattern::read(text).unwrap();
            let found: Vec<(&str, bool)> = pattern
                .parameters
                .iter()
                .map(|found| (found.name.as_str(), found.optional))
                .collect();
            assert_eq!(
                (pattern.constant().as_str(), pattern.stem.as_str()),
                (constant, stem)
            );
            assert_eq!(found, parameters, "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "{m}",
            "a.{m",
            "a.}",
            "a.[b",
            "a[.b].c",
            "a[.[b]]",
            "a.{}",
            "a.{m}.{m}",
            "a.{1}",
            "a b",
            "a\n",
            "ä",
            "a.{m}b",
            "a]",
            "[a]",
        ] {
            assert_eq!(Pattern::read(text), None, "{text:?}");
        }
    }
}
