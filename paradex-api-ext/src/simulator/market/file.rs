//! Files of markets.

use std::fmt;
use std::path::{Path, PathBuf};

use paradex_api::types::{AssetKind, OptionType};
use rust_decimal::Decimal;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use super::spec::MarketSpec;

/// Markets that a simulator cannot have, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidMarkets {
    path: Option<PathBuf>,
    line: Option<usize>,
    message: String,
}

impl InvalidMarkets {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            path: None,
            line: None,
            message: message.into(),
        }
    }

    fn at(self, text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        Self {
            line: Some(before.iter().filter(|byte| **byte == b'\n').count() + 1),
            ..self
        }
    }

    /// Returns the line of the file, counted from 1, if the error is at one.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for InvalidMarkets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => write!(f, "market file {path:?}, line {line}: ")?,
            (Some(path), None) => write!(f, "market file {path:?}: ")?,
            (None, Some(line)) => write!(f, "line {line} of the market file: ")?,
            (None, None) => {}
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidMarkets {}

/// Reads a file of markets.
pub(super) fn read(path: &Path) -> Result<Vec<MarketSpec>, InvalidMarkets> {
    let named = |error: InvalidMarkets| InvalidMarkets {
        path: Some(path.to_owned()),
        ..error
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        named(InvalidMarkets::new(format!(
            "it cannot be read: {error}; check the path"
        )))
    })?;
    parse(&text).map_err(named)
}

/// Parses a file of markets.
pub(super) fn parse(text: &str) -> Result<Vec<MarketSpec>, InvalidMarkets> {
    let file: MarketFile = toml::from_str(text).map_err(|error| {
        let invalid = InvalidMarkets::new(error.message());
        match error.span() {
            Some(span) => invalid.at(text, span.start),
            None => invalid,
        }
    })?;
    let mut markets: Vec<MarketSpec> = Vec::with_capacity(file.market.len());
    for entry in file.market {
        let offset = entry.symbol.span().start;
        let failed = |message: String| InvalidMarkets::new(message).at(text, offset);
        let symbol = entry.symbol.get_ref().clone();
        let market = entry.resolve().map_err(failed)?;
        market
            .check()
            .map_err(|rule| failed(format!("market {symbol:?}: {rule}")))?;
        super::check_against(&market, &markets).map_err(failed)?;
        markets.push(market);
    }
    if markets.is_empty() {
        return Err(InvalidMarkets::new("it has no market; add a table [[market]]"));
    }
    Ok(markets)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketFile {
    #[serde(default)]
    market: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    symbol: toml::Spanned<String>,
    index_price: DecimalText,
    asset_kind: Option<String>,
    base_currency: Option<String>,
    quote_currency: Option<String>,
    settlement_currency: Option<String>,
    price_tick_size: Option<DecimalText>,
    order_size_increment: Option<DecimalText>,
    min_notional: Option<DecimalText>,
    max_order_size: Option<DecimalText>,
    position_limit: Option<DecimalText>,
    index_range: Option<DecimalText>,
    daily_volume: Option<DecimalText>,
    trades_per_minute: Option<u32>,
    funding_period_hours: Option<u32>,
    implied_volatility: Option<DecimalText>,
    option_type: Option<String>,
    strike_price: Option<DecimalText>,
}

impl Entry {
    /// Fills in what the file leaves out.
    fn resolve(self) -> Result<MarketSpec, String> {
        let symbol = self.symbol.into_inner();
        let index_price = self.index_price.0;
        if index_price <= Decimal::ZERO {
            return Err(format!(
                "market {symbol:?}: index_price \"{index_price}\" is invalid; use a number above 0"
            ));
        }
        let mut parts = symbol.split('-');
        let base = parts.next().unwrap_or_default();
        let quote = parts.next().unwrap_or("USD");
        let base = self.base_currency.unwrap_or_else(|| base.to_owned());
        let quote = self.quote_currency.unwrap_or_else(|| quote.to_owned());
        let kind = AssetKind::from(self.asset_kind.as_deref().unwrap_or("PERP"));
        let option_type = self.option_type.as_deref().map(OptionType::from);
        let defaults = match kind {
            AssetKind::PerpOption => {
                let strike = self.strike_price.map_or(Decimal::ZERO, |price| price.0);
                let option_type = option_type.clone().unwrap_or(OptionType::Call);
                MarketSpec::perpetual_option(&base, index_price, strike, option_type)
            }
            AssetKind::Spot => MarketSpec::spot(&base, index_price),
            _ => MarketSpec::perpetual(&base, index_price),
        };
        let or = |given: Option<DecimalText>, default: Decimal| given.map_or(default, |given| given.0);
        Ok(MarketSpec {
            symbol,
            asset_kind: kind,
            base_currency: base,
            quote_currency: quote,
            settlement_currency: self.settlement_currency.unwrap_or(defaults.settlement_currency),
            price_tick_size: or(self.price_tick_size, defaults.price_tick_size),
            order_size_increment: or(self.order_size_increment, defaults.order_size_increment),
            min_notional: or(self.min_notional, defaults.min_notional),
            max_order_size: or(self.max_order_size, defaults.max_order_size),
            position_limit: or(self.position_limit, defaults.position_limit),
            index_price,
            index_range: or(self.index_range, defaults.index_range),
            daily_volume: or(self.daily_volume, defaults.daily_volume),
            trades_per_minute: self.trades_per_minute.unwrap_or(defaults.trades_per_minute),
            funding_period_hours: self.funding_period_hours.unwrap_or(defaults.funding_period_hours),
            implied_volatility: or(self.implied_volatility, defaults.implied_volatility),
            option_type,
            strike_price: self.strike_price.map(|price| price.0),
        })
    }
}

/// A decimal number as a text or a whole number. A TOML float is binary, so it could differ from what the file says.
#[derive(Debug, Clone, Copy)]
struct DecimalText(Decimal);

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = DecimalText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number as a text, for example \"0.1\", or a whole number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DecimalText, E> {
                let read = Decimal::from_str_exact(text).map(DecimalText);
                read.map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<DecimalText, E> {
                Ok(DecimalText(Decimal::from(number)))
            }
        }
        from.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BITCOIN: &str = "[[market]]\nsymbol = \"BTC-USD-PERP\"\nindex_price = \"64000\"\n";

    #[test]
    fn fields_left_out_have_the_defaults_of_the_kind() {
        let markets = parse(BITCOIN).unwrap();
        assert_eq!(markets, [MarketSpec::perpetual("BTC", Decimal::from(64_000))]);
        let option = "[[market]]\nsymbol = \"BTC-USD-65000-P\"\nasset_kind = \"PERP_OPTION\"\nindex_price = 64000\n\
                      strike_price = 65000\noption_type = \"PUT\"\n";
        let price = Decimal::from(64_000);
        let expected = MarketSpec::perpetual_option("BTC", price, Decimal::from(65_000), OptionType::Put);
        assert_eq!(parse(&format!("{BITCOIN}{option}")).unwrap()[1], expected);
    }

    #[test]
    fn mistake_is_named_with_its_line() {
        for (tail, line, part) in [
            ("index = 1", 4, "unknown field `index`"),
            ("index_range = 0.03", 4, "as a text"),
            ("index_range = \"x\"", 4, "as a text"),
            (
                "trades_per_minute = 99",
                2,
                "trades_per_minute \"99\" is invalid; use 1 to 15",
            ),
            ("asset_kind = \"FUTURE\"", 2, "use PERP, PERP_OPTION or SPOT"),
            (
                "[[market]]\nsymbol = \"BTC-USD-PERP\"\nindex_price = 64000",
                5,
                "twice",
            ),
            (
                "[[market]]\nsymbol = \"BTC-USD-2\"\nindex_price = 1",
                5,
                "index_price",
            ),
            (
                "[[market]]\nsymbol = \"ETH-USD-PERP\"\nindex_price = -1",
                5,
                "above 0",
            ),
            (
                "[[market]]\nsymbol = \"ETH-USD-PERP\"",
                4,
                "missing field `index_price`",
            ),
            ("= 1", 4, ""),
        ] {
            let error = parse(&format!("{BITCOIN}{tail}\n")).unwrap_err();
            assert_eq!(error.line(), Some(line), "{tail}: {error}");
            assert!(error.to_string().contains(part), "{tail}: {error}");
        }
        let error = parse("").unwrap_err();
        assert!(error.to_string().contains("add a table [[market]]"), "{error}");
    }

    #[test]
    fn missing_file_is_named() {
        let error = read(Path::new("/nowhere/markets.toml")).unwrap_err().to_string();
        assert!(
            error.contains("/nowhere/markets.toml") && error.contains("check the path"),
            "{error}"
        );
    }
}
