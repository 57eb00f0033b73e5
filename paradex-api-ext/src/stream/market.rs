//! Markets, as feeds name them.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The symbol of a market, for example `BTC-USD-PERP`. It is cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Market(Arc<str>);

impl Market {
    /// Returns the symbol.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the symbol can be part of a channel name.
    pub(super) fn is_valid(&self) -> bool {
        !self.0.is_empty()
            && self.0.len() <= 64
            && self
                .0
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    }
}

impl From<&str> for Market {
    fn from(symbol: &str) -> Self {
        Self(symbol.into())
    }
}

impl From<String> for Market {
    fn from(symbol: String) -> Self {
        Self(symbol.into())
    }
}

impl From<&Market> for Market {
    fn from(market: &Market) -> Self {
        market.clone()
    }
}

impl Borrow<str> for Market {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Market {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Market {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Market {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// The markets of a feed: one, several, or all of the exchange.
///
/// ```
/// use paradex_api_ext::stream::Markets;
///
/// let one = Markets::from("BTC-USD-PERP");
/// let two = Markets::from(["BTC-USD-PERP", "ETH-USD-PERP"]);
/// assert_ne!(one, two);
/// assert_eq!(Markets::from("ALL"), Markets::All);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Markets {
    /// Every market of the exchange, including those that are listed later.
    All,
    /// These markets.
    Only(Vec<Market>),
}

impl Markets {
    fn from_symbols(symbols: impl IntoIterator<Item = impl Into<Market>>) -> Self {
        let mut markets: Vec<Market> = Vec::new();
        for symbol in symbols {
            let market = symbol.into();
            if market == "ALL" {
                return Self::All;
            }
            if !markets.contains(&market) {
                markets.push(market);
            }
        }
        Self::Only(markets)
    }
}

impl From<&str> for Markets {
    fn from(symbol: &str) -> Self {
        Self::from_symbols([symbol])
    }
}

impl From<String> for Markets {
    fn from(symbol: String) -> Self {
        Self::from_symbols([symbol])
    }
}

impl From<Market> for Markets {
    fn from(market: Market) -> Self {
        Self::from_symbols([market])
    }
}

impl<T: Into<Market>, const N: usize> From<[T; N]> for Markets {
    fn from(symbols: [T; N]) -> Self {
        Self::from_symbols(symbols)
    }
}

impl<T: Into<Market>> From<Vec<T>> for Markets {
    fn from(symbols: Vec<T>) -> Self {
        Self::from_symbols(symbols)
    }
}

impl<T> From<&[T]> for Markets
where
    for<'a> &'a T: Into<Market>,
{
    fn from(symbols: &[T]) -> Self {
        Self::from_symbols(symbols)
    }
}
