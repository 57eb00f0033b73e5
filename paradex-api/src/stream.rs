//! The channels and methods of the WebSocket API. Needs the feature `stream`.
//!
//! This crate opens no WebSocket. For a program that does, it has the types of all messages in [`types`](crate::types), and the tables
//! [`CHANNELS`] and [`METHODS`]: which names channels have, who may subscribe, what they send and how it is numbered.
//!
//! ```
//! use paradex_api::stream::{self, channels};
//!
//! let name = channels::TRADES.name(&[("market_symbol", "BTC-USD-PERP")])?;
//! assert_eq!(name, "trades.BTC-USD-PERP");
//!
//! let (channel, parameters) = stream::find(&name).ok_or("no such channel")?;
//! assert_eq!(channel.payload, Some("Trade"));
//! assert_eq!(parameters, [("market_symbol", "BTC-USD-PERP")]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The tables are made from the AsyncAPI and OpenRPC documents of the exchange, and from corrections where those are wrong.

use std::fmt;

use crate::Operation;
pub use crate::generated::stream::{CHANNELS, METHODS, channels, methods};

/// Describes one channel of the WebSocket API.
///
/// Its messages come as `{"method": "subscription", "params": {"channel": NAME, "data": PAYLOAD}}`.
#[derive(Debug, PartialEq, Eq)]
#[doc(alias = "topic")]
#[doc(alias = "subscription")]
#[non_exhaustive]
pub struct Channel {
    /// The name as a pattern: `{…}` is a parameter, and a part in `[…]` can be left out.
    pub pattern: &'static str,
    /// The parameters of the name, in order.
    pub parameters: &'static [Parameter],
    /// Whether the connection must be authenticated before it can subscribe.
    pub private: bool,
    /// Whether `subscribe` also takes [`base_name`](Self::base_name) with a `base_asset`, for all options markets of an asset.
    pub by_base_asset: bool,
    /// The name of the type in [`types`](crate::types) that its JSON messages hold. `None` if no document describes them.
    pub payload: Option<&'static str>,
    /// How its JSON messages are numbered.
    pub sequence: Sequence,
    /// The name of the SBE message that a binary connection gets instead of JSON, if there is one.
    pub sbe: Option<&'static str>,
}

/// A parameter in the name of a channel.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name in the pattern.
    pub name: &'static str,
    /// The values that the exchange lists. If it lists none, any value is sent.
    pub values: &'static [&'static str],
    /// Whether the name of the channel must have it.
    pub required: bool,
    /// Whether `ALL` is a value and stands for every market.
    pub all: bool,
}

/// How the messages of a channel are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sequence {
    /// They are not numbered: a lost message cannot be noticed.
    None,
    /// Each number is the one before plus one. Any other number means that messages were lost.
    Consecutive {
        /// The field of the payload that holds the number.
        field: &'static str,
    },
    /// Numbers grow, with gaps that mean nothing. They order messages and show duplicates, but no loss.
    Increasing {
        /// The field of the payload that holds the number.
        field: &'static str,
    },
}

/// Describes one method of the WebSocket API, a JSON-RPC request.
#[derive(Debug, PartialEq, Eq)]
#[doc(alias = "rpc")]
#[non_exhaustive]
pub struct Method {
    /// The name on the wire, such as `order.create`.
    pub name: &'static str,
    /// The operation of the REST API that does the same, if there is one.
    pub operation: Option<&'static Operation>,
    /// The name of the type in [`types`](crate::types) that is sent as `params`.
    pub params: &'static str,
    /// The name of the type in [`types`](crate::types) that is returned as `result`.
    pub result: &'static str,
    /// Whether the connection must be authenticated.
    pub needs_auth: bool,
    /// The error codes that the exchange documents.
    pub errors: &'static [i64],
}

impl Parameter {
    /// Creates a row of the generated table.
    #[allow(dead_code, reason = "not every document has channels with parameters")]
    pub(crate) const fn new(
        name: &'static str,
        values: &'static [&'static str],
        required: bool,
        all: bool,
    ) -> Self {
        Self {
            name,
            values,
            required,
            all,
        }
    }
}

impl Channel {
    /// Returns the name to subscribe to, with these values for its parameters.
    ///
    /// ```
    /// use paradex_api::stream::channels::ORDER_BOOK_SNAPSHOT;
    ///
    /// let name = ORDER_BOOK_SNAPSHOT.name(&[("market_symbol", "BTC-USD-PERP"), ("refresh_rate", "100ms")])?;
    /// assert_eq!(name, "order_book.BTC-USD-PERP.snapshot@15@100ms");
    /// assert!(ORDER_BOOK_SNAPSHOT.name(&[("market_symbol", "BTC-USD-PERP")]).is_err());
    /// # Ok::<(), paradex_api::stream::InvalidChannel>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a required parameter is missing, if there is no such parameter, or if a value is empty, has a character
    /// that separates parts of a name (`.` or `@`), or is not one that the exchange lists.
    pub fn name(&self, parameters: &[(&str, &str)]) -> Result<String, InvalidChannel> {
        let invalid = |parameter: &str, problem| InvalidChannel {
            pattern: self.pattern,
            parameter: parameter.to_owned(),
            problem,
        };
        for (index, (name, value)) in parameters.iter().enumerate() {
            let Some(known) = self.parameters.iter().find(|known| known.name == *name) else {
                return Err(invalid(name, Problem::Unknown));
            };
            if parameters.iter().take(index).any(|(other, _)| other == name) {
                return Err(invalid(name, Problem::Twice));
            }
            if !is_value(value) {
                return Err(invalid(name, Problem::Form((*value).to_owned())));
            }
            let is_all = *value == ALL;
            let is_market = known.name.starts_with("market");
            let is_listed = known.values.is_empty() || known.values.contains(value);
            if !is_listed || is_all && is_market && !known.all {
                return Err(invalid(name, Problem::Value((*value).to_owned(), known.values)));
            }
        }
        let value = |name: &str| parameters.iter().find(|(other, _)| *other == name);
        let mut built = String::new();
        for part in Parts::new(self.pattern) {
            let is_wanted = |part: &str| {
                pieces(part).any(|piece| piece.parameter().is_some_and(|name| value(name).is_some()))
            };
            if part.optional && !is_wanted(part.text) {
                continue;
            }
            for piece in pieces(part.text) {
                match piece {
                    Piece::Literal(text) => built.push_str(text),
                    Piece::Parameter(name) => match value(name) {
                        Some((_, value)) => built.push_str(value),
                        None => return Err(invalid(name, Problem::Missing)),
                    },
                }
            }
        }
        Ok(built)
    }

    /// Returns the parameters of a name, or `None` if it is not a name of this channel.
    ///
    /// Values are not checked against those that the exchange lists, because it may add some.
    ///
    /// ```
    /// use paradex_api::stream::channels::MARKETS_SUMMARY;
    ///
    /// assert_eq!(MARKETS_SUMMARY.parse("markets_summary"), Some(vec![]));
    /// let found = MARKETS_SUMMARY.parse("markets_summary.BTC-USD-PERP");
    /// assert_eq!(found, Some(vec![("market_symbol", "BTC-USD-PERP")]));
    /// assert_eq!(MARKETS_SUMMARY.parse("markets"), None);
    /// ```
    pub fn parse<'a>(&self, name: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
        if self.base_name() == Some(name) {
            return Some(Vec::new());
        }
        let mut rest = name;
        let mut found = Vec::new();
        for part in Parts::new(self.pattern) {
            match matched(part.text, rest) {
                Some((values, after)) => {
                    found.extend(values);
                    rest = after;
                }
                None if part.optional => {}
                None => return None,
            }
        }
        rest.is_empty().then_some(found)
    }

    /// Returns the name that `subscribe` takes together with a `base_asset`, if the channel has one: `bbo` or `trades`.
    pub fn base_name(&self) -> Option<&'static str> {
        let (base, _) = self.pattern.split_once('.')?;
        self.by_base_asset.then_some(base)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Returns the channel with this name, and the parameters of the name.
///
/// ```
/// use paradex_api::stream;
///
/// let (channel, _) = stream::find("order_book.BTC-USD-PERP.deltas").ok_or("no such channel")?;
/// assert!(matches!(channel.sequence, stream::Sequence::Consecutive { field: "seq_no" }));
/// assert!(stream::find("no.such.channel").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(name: &str) -> Option<(&'static Channel, Vec<(&'static str, &str)>)> {
    let mut all = CHANNELS.iter();
    all.find_map(|channel| Some((*channel, channel.parse(name)?)))
}

/// Returns the method with this name.
pub fn find_method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name).copied()
}

/// The value that stands for every market.
const ALL: &str = "ALL";

/// How many characters of a caller's text an error shows.
const SHOWN: usize = 100;

/// The name of a channel could not be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidChannel {
    pattern: &'static str,
    parameter: String,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Missing,
    Unknown,
    Twice,
    Form(String),
    Value(String, &'static [&'static str]),
}

impl InvalidChannel {
    /// Returns the name of the parameter that is wrong or missing.
    pub fn parameter(&self) -> &str {
        &self.parameter
    }
}

impl fmt::Display for InvalidChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pattern, parameter, ..
        } = self;
        let parameter = crate::visible(parameter, SHOWN);
        match &self.problem {
            Problem::Missing => write!(f, "channel {pattern} needs a value for {parameter}"),
            Problem::Unknown => write!(f, "channel {pattern} has no parameter {parameter}"),
            Problem::Twice => write!(f, "channel {pattern} was given two values for {parameter}"),
            Problem::Form(value) => write!(
                f,
                "channel {pattern} cannot have {:?} for {parameter}: a value is not empty and has no `.`, `@`, space or \
                 bracket",
                crate::visible(value, SHOWN)
            ),
            Problem::Value(value, []) => write!(
                f,
                "channel {pattern} cannot have {} for {parameter}; name one market",
                crate::visible(value, SHOWN)
            ),
            Problem::Value(value, values) => write!(
                f,
                "channel {pattern} cannot have {} for {parameter}; the exchange lists {}",
                crate::visible(value, SHOWN),
                values.join(", ")
            ),
        }
    }
}

impl std::error::Error for InvalidChannel {}

/// Whether a text can stand for a parameter: it must be visible in the name where it ends.
fn is_value(value: &str) -> bool {
    let separates = |c: char| ".@{}[]".contains(c) || c.is_whitespace() || c.is_control();
    !value.is_empty() && !value.contains(separates)
}

/// A part of a pattern that is there as a whole or not at all.
struct Part<'a> {
    text: &'a str,
    optional: bool,
}

/// The parts of a pattern, in order.
struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn new(pattern: &'a str) -> Self {
        Self { rest: pattern }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (text, rest, optional) = match self.rest.strip_prefix('[') {
            Some(inner) => match inner.split_once(']') {
                Some((text, rest)) => (text, rest, true),
                None => (inner, "", true),
            },
            None => match self.rest.find('[') {
                Some(at) => {
                    let (text, rest) = self.rest.split_at(at);
                    (text, rest, false)
                }
                None => (self.rest, "", false),
            },
        };
        self.rest = rest;
        Some(Part { text, optional })
    }
}

/// What a part consists of.
enum Piece<'a> {
    Literal(&'a str),
    Parameter(&'a str),
}

impl<'a> Piece<'a> {
    fn parameter(&self) -> Option<&'a str> {
        match self {
            Piece::Literal(_) => None,
            Piece::Parameter(name) => Some(name),
        }
    }
}

/// The pieces of a part, in order.
fn pieces(part: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = part;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            rest = after;
            return Some(Piece::Parameter(name));
        }
        // A brace that is never closed counts as text.
        let at = rest.char_indices().skip(1).find(|(_, c)| *c == '{');
        let (text, after) = rest.split_at(at.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(Piece::Literal(text))
    })
}

/// The values with which a part is the beginning of a text, and the rest of that text.
fn matched<'p, 'a>(part: &'p str, text: &'a str) -> Option<(Vec<(&'p str, &'a str)>, &'a str)> {
    let mut rest = text;
    let mut found = Vec::new();
    for piece in pieces(part) {
        match piece {
            Piece::Literal(literal) => rest = rest.strip_prefix(literal)?,
            Piece::Parameter(name) => {
                let (value, after) = rest.split_at(rest.find(['.', '@']).unwrap_or(rest.len()));
                if !is_value(value) {
                    return None;
                }
                found.push((name, value));
                rest = after;
            }
        }
    }
    Some((found, rest))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{ALL, CHANNELS, Channel, METHODS, Sequence, channels, find, find_method, methods};

    /// A channel, and values for some of its parameters, all required ones among them.
    fn named() -> impl Strategy<Value = (&'static Channel, Vec<(&'static str, String)>)> {
        (0..CHANNELS.len()).prop_flat_map(|index| {
            let channel = CHANNELS[index];
            let values = channel.parameters.iter().map(|parameter| {
                let value = match parameter.values {
                    [] => "[A-Za-z0-9_-]{1,12}".boxed(),
                    values => proptest::sample::select(values).prop_map(str::to_owned).boxed(),
                };
                let is_given = if parameter.required {
                    Just(true).boxed()
                } else {
                    any::<bool>().boxed()
                };
                (Just(parameter.name), value, is_given)
            });
            let values = values.collect::<Vec<_>>().prop_map(|values| {
                let given = values.into_iter().filter(|(_, _, is_given)| *is_given);
                given.map(|(name, value, _)| (name, value)).collect()
            });
            (Just(channel), values)
        })
    }

    proptest! {
        #[test]
        fn name_is_found_again_with_its_parameters((channel, values) in named()) {
            let given: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            prop_assume!(given.iter().all(|(_, value)| *value != ALL));
            let name = channel.name(&given).unwrap();
            let (found, parameters) = find(&name).unwrap();
            prop_assert_eq!(found, channel, "{}", name);
            prop_assert_eq!(parameters, given);
        }

        #[test]
        fn any_text_is_read_and_what_is_found_can_be_built(text in "\\PC{0,40}|(bbo|order_book|markets|rfq)[.@A-Za-z0-9\\[\\]{}]{0,30}") {
            for channel in CHANNELS {
                if let Some(parameters) = channel.parse(&text)
                    && let Ok(name) = channel.name(&parameters)
                {
                    prop_assert_eq!(&name, &text);
                }
            }
        }

        #[test]
        fn any_value_makes_a_name_or_an_error(value in any::<String>(), other in any::<String>()) {
            for channel in CHANNELS {
                let known = channel.parameters.first().map_or("market_symbol", |first| first.name);
                for parameters in [vec![(known, value.as_str())], vec![(other.as_str(), value.as_str())], vec![]] {
                    match channel.name(&parameters) {
                        Ok(name) => prop_assert!(channel.parse(&name).is_some(), "{}", name),
                        Err(error) => prop_assert!(!error.to_string().contains('\n')),
                    }
                }
            }
        }
    }

    #[test]
    fn wrong_parameters_are_refused_with_the_reason() {
        let book = &channels::ORDER_BOOK_SNAPSHOT;
        let market = ("market_symbol", "BTC-USD-PERP");
        for (channel, parameters, said) in [
            (book, vec![market], "needs a value for refresh_rate"),
            (
                book,
                vec![market, ("refresh_rate", "25ms")],
                "the exchange lists 100ms, 50ms",
            ),
            (book, vec![market, ("rate", "50ms")], "has no parameter rate"),
            (
                book,
                vec![market, market],
                "was given two values for market_symbol",
            ),
            (
                &channels::BBO,
                vec![("market_symbol", "")],
                "a value is not empty",
            ),
            (
                &channels::BBO,
                vec![("market_symbol", "A.B")],
                "cannot have \"A.B\" for market_symbol",
            ),
            (
                &channels::ORDER_BOOK_DELTAS,
                vec![("market_symbol", "ALL")],
                "name one market",
            ),
        ] {
            let error = channel.name(&parameters).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        assert_eq!(
            channels::BBO.name(&[("market_symbol", "ALL")]).unwrap(),
            "bbo.ALL"
        );
        assert_eq!(channels::RFQ.name(&[]).unwrap(), "rfq");
        let full = [market, ("price_tick", "0_1"), ("refresh_rate", "50ms")];
        assert_eq!(
            book.name(&full).unwrap(),
            "order_book.BTC-USD-PERP.snapshot@15@50ms@0_1"
        );
    }

    #[test]
    fn name_of_a_channel_is_not_taken_for_another() {
        for (name, channel) in [
            ("bbo.A", Some(&channels::BBO)),
            ("bbo.A.interactive", Some(&channels::BBO_INTERACTIVE)),
            ("bbo", Some(&channels::BBO)),
            ("trades", Some(&channels::TRADES)),
            ("fills", None),
            ("order_book.A.deltas", Some(&channels::ORDER_BOOK_DELTAS)),
            ("order_book.A.deltas@15@50ms", None),
            (
                "order_book.A.interactive@15@400ms",
                Some(&channels::ORDER_BOOK_INTERACTIVE),
            ),
            ("markets_summary", Some(&channels::MARKETS_SUMMARY)),
            ("markets.", None),
            ("rfq.1", Some(&channels::RFQ)),
            ("rfq.1.2", None),
            ("", None),
        ] {
            assert_eq!(find(name).map(|(found, _)| found), channel, "{name}");
        }
    }

    #[test]
    fn tables_say_what_is_known_of_the_wire() {
        let private: BTreeSet<&str> = CHANNELS
            .iter()
            .filter(|channel| channel.private)
            .map(|channel| channel.pattern)
            .collect();
        assert_eq!(
            private.into_iter().collect::<Vec<_>>(),
            [
                "account",
                "balance_events",
                "block_trades",
                "fills.{market_symbol}",
                "funding_payments.{market_symbol}",
                "mmp",
                "orders.{market_symbol}",
                "positions",
                "rfq[.{rfq_id}]",
                "tradebusts",
                "transaction",
                "transfers",
            ]
        );
        let consecutive = CHANNELS
            .iter()
            .filter(|channel| matches!(channel.sequence, Sequence::Consecutive { .. }));
        assert_eq!(
            consecutive.map(|channel| channel.to_string()).collect::<Vec<_>>(),
            [
                "order_book.{market_symbol}.deltas",
                "order_book.{market_symbol}.interactive_deltas"
            ]
        );
        assert_eq!(
            channels::POSITIONS.sequence,
            Sequence::Increasing { field: "seq_no" }
        );
        assert_eq!(
            (channels::ORDERS.payload, channels::ORDERS.sbe),
            (Some("Order"), Some("OrderEvent"))
        );
        assert_eq!(channels::ORDER_BOOK_INTERACTIVE_DELTAS.sbe, Some("BookEvent"));
        assert_eq!(channels::BALANCE_EVENTS.sbe, None);
        // A method that trades needs an authenticated connection and does what an operation does, but for the switch.
        for method in METHODS {
            let trades = method.name.starts_with("order.");
            assert_eq!(method.needs_auth, trades, "{method}");
            assert_eq!(
                method.operation.is_some(),
                trades && *method != &methods::ORDER_CANCEL_ON_DISCONNECT,
                "{method}"
            );
        }
        let create = find_method("order.create").unwrap();
        assert_eq!(
            (create.params, create.result),
            ("OrderRequest", "OrderCreateResult")
        );
        assert_eq!(create.operation, Some(&crate::operations::CREATE_ORDER));
        assert_eq!(methods::ORDER_MODIFY.params, "ModifyOrderRequest");
        assert!(find_method("order").is_none());
    }
}
