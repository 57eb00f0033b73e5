//! What a market is: its symbol, steps and limits, and the level at which its price moves.

use paradex_api::types::{AssetKind, OptionType};
use rust_decimal::Decimal;

use super::file::{self, InvalidMarkets};

/// A market of the simulator.
///
/// ```
/// use paradex_api_ext::simulator::{MarketSpec, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut doge = MarketSpec::perpetual("DOGE", "0.11".parse()?);
/// doge.price_tick_size = "0.00001".parse()?;
/// doge.order_size_increment = "1".parse()?;
///
/// let mut markets = MarketSpec::defaults();
/// markets.push(doge);
/// let simulator = Simulator::builder().markets(markets).start().await?;
/// let bbo = simulator.client()?.api().get_bbo().market("DOGE-USD-PERP").send().await?;
/// assert!(bbo.bid < bbo.ask);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[doc(alias = "instrument")]
#[doc(alias = "ticker")]
pub struct MarketSpec {
    /// The symbol, for example `BTC-USD-PERP`.
    pub symbol: String,
    /// The kind: `PERP`, `PERP_OPTION` or `SPOT`.
    pub asset_kind: AssetKind,
    /// The base currency. Markets of the same base and quote currency share one index price.
    pub base_currency: String,
    /// The quote currency.
    pub quote_currency: String,
    /// The settlement currency.
    pub settlement_currency: String,
    /// The step of prices, in the quote currency; at least 0.00000001.
    #[doc(alias = "tick size")]
    pub price_tick_size: Decimal,
    /// The step of sizes, in the base currency; at least 0.00000001.
    #[doc(alias = "lot size")]
    #[doc(alias = "step size")]
    pub order_size_increment: Decimal,
    /// The smallest value of an order, in USD; at most 1,000,000,000.
    pub min_notional: Decimal,
    /// The largest size of an order, in the base currency; above 0 and at most 1,000,000,000.
    pub max_order_size: Decimal,
    /// The largest position, in the base currency; above 0 and at most 1,000,000,000.
    pub position_limit: Decimal,
    /// The level around which the index price moves, in the quote currency; at least 100 ticks.
    pub index_price: Decimal,
    /// How far the index price moves from its level, as a fraction; `0.03` is 3%. At most 0.5.
    pub index_range: Decimal,
    /// The usual volume of a day, in the quote currency.
    pub daily_volume: Decimal,
    /// The largest number of trades in a minute, 1 to 15. Every minute has at least one.
    pub trades_per_minute: u32,
    /// The funding period, in hours, 1 to 24.
    pub funding_period_hours: u32,
    /// The implied volatility of an option at the strike price, as a fraction per year.
    pub implied_volatility: Decimal,
    /// Whether an option is a call or a put.
    pub option_type: Option<OptionType>,
    /// The strike price of an option.
    pub strike_price: Option<Decimal>,
}

impl MarketSpec {
    /// Creates a perpetual future in USD, for example `BTC-USD-PERP` for the base currency `BTC`.
    ///
    /// Its tick is about a 100,000th of the price, and its size increment is worth at most 0.1 USD.
    pub fn perpetual(base_currency: &str, index_price: Decimal) -> Self {
        Self {
            symbol: format!("{base_currency}-USD-PERP"),
            asset_kind: AssetKind::Perp,
            base_currency: base_currency.to_owned(),
            quote_currency: "USD".to_owned(),
            settlement_currency: "USDC".to_owned(),
            price_tick_size: power_of_ten_near(index_price, 5),
            order_size_increment: power_of_ten_near(
                Decimal::ONE.checked_div(index_price).unwrap_or(Decimal::ONE),
                1,
            ),
            min_notional: Decimal::TEN,
            max_order_size: size_worth(1_000_000, index_price),
            position_limit: size_worth(10_000_000, index_price),
            index_price,
            index_range: Decimal::new(3, 2),
            daily_volume: Decimal::from(8_000_000),
            trades_per_minute: 4,
            funding_period_hours: 8,
            implied_volatility: Decimal::ZERO,
            option_type: None,
            strike_price: None,
        }
    }

    /// Creates a spot market in USDC, for example `DIME-USDC` for the base currency `DIME`.
    pub fn spot(base_currency: &str, index_price: Decimal) -> Self {
        Self {
            symbol: format!("{base_currency}-USDC"),
            asset_kind: AssetKind::Spot,
            quote_currency: "USDC".to_owned(),
            daily_volume: Decimal::from(300_000),
            ..Self::perpetual(base_currency, index_price)
        }
    }

    /// Creates a perpetual option in USD, for example `BTC-USD-30000-C`.
    ///
    /// `index_price` is the level of the underlying asset.
    pub fn perpetual_option(
        base_currency: &str,
        index_price: Decimal,
        strike_price: Decimal,
        option_type: OptionType,
    ) -> Self {
        let letter = if option_type == OptionType::Put { "P" } else { "C" };
        let strike = strike_price.normalize();
        let perpetual = Self::perpetual(base_currency, index_price);
        Self {
            symbol: format!("{base_currency}-USD-{strike}-{letter}"),
            asset_kind: AssetKind::PerpOption,
            price_tick_size: power_of_ten_near(index_price, 6),
            order_size_increment: Decimal::new(1, 3),
            min_notional: Decimal::ONE_HUNDRED,
            max_order_size: Decimal::TWO,
            position_limit: Decimal::TEN,
            daily_volume: Decimal::from(100_000),
            trades_per_minute: 2,
            funding_period_hours: 24,
            implied_volatility: Decimal::new(6, 1),
            option_type: Some(option_type),
            strike_price: Some(strike_price),
            ..perpetual
        }
    }

    /// Returns the markets that a simulator has by default.
    ///
    /// ```
    /// use paradex_api_ext::simulator::MarketSpec;
    ///
    /// let markets = MarketSpec::defaults();
    /// let symbols: Vec<&str> = markets.iter().map(|market| market.symbol.as_str()).collect();
    /// assert_eq!(
    ///     symbols,
    ///     [
    ///         "BTC-USD-PERP", "ETH-USD-PERP", "SOL-USD-PERP", "BODEN-USD-PERP", "BTC-USD-31000-C",
    ///         "BTC-USD-30000-P"
    ///     ]
    /// );
    /// ```
    pub fn defaults() -> Vec<Self> {
        let bitcoin = Decimal::from(30_500);
        let option = |strike: i64, option_type| Self {
            price_tick_size: Decimal::new(1, 2),
            ..Self::perpetual_option("BTC", bitcoin, Decimal::from(strike), option_type)
        };
        vec![
            Self {
                price_tick_size: Decimal::new(1, 1),
                order_size_increment: Decimal::new(1, 5),
                max_order_size: Decimal::ONE_HUNDRED,
                position_limit: Decimal::from(500),
                daily_volume: Decimal::from(30_000_000),
                trades_per_minute: 6,
                ..Self::perpetual("BTC", bitcoin)
            },
            Self {
                price_tick_size: Decimal::new(1, 2),
                order_size_increment: Decimal::new(1, 3),
                max_order_size: Decimal::ONE_THOUSAND,
                position_limit: Decimal::from(5_000),
                daily_volume: Decimal::from(20_000_000),
                trades_per_minute: 5,
                ..Self::perpetual("ETH", Decimal::from(1_900))
            },
            Self {
                price_tick_size: Decimal::new(1, 3),
                order_size_increment: Decimal::new(1, 2),
                max_order_size: Decimal::from(20_000),
                position_limit: Decimal::from(100_000),
                index_range: Decimal::new(6, 2),
                ..Self::perpetual("SOL", Decimal::from(145))
            },
            // Steps and limits as the exchange had them.
            Self {
                price_tick_size: Decimal::new(1, 5),
                order_size_increment: Decimal::ONE,
                min_notional: Decimal::from(200),
                max_order_size: Decimal::from(520_000),
                position_limit: Decimal::from(2_000_000),
                index_range: Decimal::new(2, 1),
                daily_volume: Decimal::from(100_000),
                trades_per_minute: 2,
                ..Self::perpetual("BODEN", Decimal::new(1234, 5))
            },
            option(31_000, OptionType::Call),
            option(30_000, OptionType::Put),
        ]
    }

    /// Parses a file of markets in TOML.
    ///
    /// Each market is a table `[[market]]` with the fields of [`MarketSpec`]. A decimal is a text or a whole number. Only
    /// `symbol` and `index_price` are required; the others have the values of [`perpetual`](Self::perpetual),
    /// [`spot`](Self::spot) or [`perpetual_option`](Self::perpetual_option), whichever `asset_kind` names (default: `PERP`).
    ///
    /// ```
    /// use paradex_api_ext::simulator::MarketSpec;
    ///
    /// let markets = MarketSpec::from_toml(
    ///     r#"
    ///     [[market]]
    ///     symbol = "BTC-USD-PERP"
    ///     index_price = 64000
    ///     price_tick_size = "0.1"
    ///
    ///     [[market]]
    ///     symbol = "BTC-USD-65000-C"
    ///     asset_kind = "PERP_OPTION"
    ///     index_price = 64000
    ///     strike_price = 65000
    ///     option_type = "CALL"
    ///     "#,
    /// )?;
    /// assert_eq!(markets.len(), 2);
    ///
    /// let error = MarketSpec::from_toml("[[market]]\nsymbol = \"BTC-USD-PERP\"\nindex_price = 0.5").unwrap_err();
    /// assert_eq!(error.line(), Some(3));
    /// # Ok::<(), paradex_api_ext::simulator::InvalidMarkets>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails, with the line, if the text is not TOML, has an unknown field, or has a value that breaks a rule.
    pub fn from_toml(text: &str) -> Result<Vec<Self>, InvalidMarkets> {
        file::parse(text)
    }

    /// Returns the names and the values of all fields but the symbol.
    pub(in crate::simulator) fn fields(&self) -> Vec<(&'static str, String)> {
        let Self {
            symbol: _,
            asset_kind,
            base_currency,
            quote_currency,
            settlement_currency,
            price_tick_size,
            order_size_increment,
            min_notional,
            max_order_size,
            position_limit,
            index_price,
            index_range,
            daily_volume,
            trades_per_minute,
            funding_period_hours,
            implied_volatility,
            option_type,
            strike_price,
        } = self;
        let number = |value: &Decimal| value.normalize().to_string();
        let none = || "none".to_owned();
        vec![
            ("asset_kind", asset_kind.as_str().to_owned()),
            ("base_currency", base_currency.clone()),
            ("quote_currency", quote_currency.clone()),
            ("settlement_currency", settlement_currency.clone()),
            ("price_tick_size", number(price_tick_size)),
            ("order_size_increment", number(order_size_increment)),
            ("min_notional", number(min_notional)),
            ("max_order_size", number(max_order_size)),
            ("position_limit", number(position_limit)),
            ("index_price", number(index_price)),
            ("index_range", number(index_range)),
            ("daily_volume", number(daily_volume)),
            ("trades_per_minute", trades_per_minute.to_string()),
            ("funding_period_hours", funding_period_hours.to_string()),
            ("implied_volatility", number(implied_volatility)),
            (
                "option_type",
                option_type
                    .as_ref()
                    .map_or_else(none, |kind| kind.as_str().to_owned()),
            ),
            ("strike_price", strike_price.as_ref().map_or_else(none, number)),
        ]
    }

    /// Checks the fields of one market. An error says which field breaks which rule.
    pub(super) fn check(&self) -> Result<(), String> {
        let smallest = Decimal::new(1, 8);
        let largest = Decimal::from(10_000_000);
        let fail = |name: &str, value: &dyn std::fmt::Display, rule: &str| {
            Err(format!(
                "{name} {value:?} is invalid; {rule}",
                value = value.to_string()
            ))
        };
        let short = |text: &str| {
            !text.is_empty() && text.len() <= 31 && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        for (name, text) in [
            ("symbol", &self.symbol),
            ("base_currency", &self.base_currency),
            ("quote_currency", &self.quote_currency),
            ("settlement_currency", &self.settlement_currency),
        ] {
            // An order signs its market as a short string.
            if !short(text) || text.contains(['/', '?', '#', '%']) {
                return fail(name, text, "use 1 to 31 visible ASCII characters without / ? # %");
            }
        }
        let steps = [
            ("price_tick_size", self.price_tick_size),
            ("order_size_increment", self.order_size_increment),
        ];
        for (name, value) in steps {
            if value < smallest || value > largest || value.normalize().scale() > 8 {
                return fail(
                    name,
                    &value,
                    "use 0.00000001 to 10000000, with at most 8 decimal places",
                );
            }
        }
        if self.index_price > largest || self.index_price < self.price_tick_size * Decimal::ONE_HUNDRED {
            let rule = "use at least 100 times price_tick_size, and at most 10000000";
            return fail("index_price", &self.index_price, rule);
        }
        if self.index_range < Decimal::ZERO || self.index_range > Decimal::new(5, 1) {
            return fail("index_range", &self.index_range, "use 0 to 0.5");
        }
        let huge = Decimal::from(1_000_000_000_000_i64);
        if self.daily_volume < Decimal::ZERO || self.daily_volume > huge {
            return fail("daily_volume", &self.daily_volume, "use 0 to 1000000000000");
        }
        // The matching engine has no larger numbers, and no more decimal places.
        let billion = Decimal::from(1_000_000_000);
        let fits = |value: Decimal| value <= billion && value.normalize().scale() <= 8;
        if self.min_notional < Decimal::ZERO || !fits(self.min_notional) {
            let rule = "use 0 to 1000000000, with at most 8 decimal places";
            return fail("min_notional", &self.min_notional, rule);
        }
        for (name, value) in [
            ("max_order_size", self.max_order_size),
            ("position_limit", self.position_limit),
        ] {
            if value <= Decimal::ZERO || !fits(value) {
                let rule = "use above 0 and at most 1000000000, with at most 8 decimal places";
                return fail(name, &value, rule);
            }
        }
        let unit = self.price_tick_size * self.order_size_increment;
        if self
            .daily_volume
            .checked_div(unit)
            .is_none_or(|units| units > most_units())
        {
            let rule = "use less, or larger steps of prices and sizes";
            return fail("daily_volume", &self.daily_volume, rule);
        }
        if !(1..=15).contains(&self.trades_per_minute) {
            return fail("trades_per_minute", &self.trades_per_minute, "use 1 to 15");
        }
        if !(1..=24).contains(&self.funding_period_hours) {
            return fail("funding_period_hours", &self.funding_period_hours, "use 1 to 24");
        }
        self.check_kind(largest)
    }

    /// Checks the fields that depend on the kind.
    fn check_kind(&self, largest: Decimal) -> Result<(), String> {
        match self.asset_kind {
            AssetKind::Perp | AssetKind::Spot => {
                if self.option_type.is_some() || self.strike_price.is_some() {
                    let kind = self.asset_kind.as_str();
                    return Err(format!(
                        "option_type and strike_price are for options, and this market is {kind}; remove them"
                    ));
                }
            }
            AssetKind::PerpOption => {
                let known = matches!(self.option_type, Some(OptionType::Call | OptionType::Put));
                if !known {
                    return Err("option_type is missing or unknown; use CALL or PUT".to_owned());
                }
                if self
                    .strike_price
                    .is_none_or(|price| price <= Decimal::ZERO || price > largest)
                {
                    return Err(
                        "strike_price is missing or invalid; use above 0 and at most 10000000".to_owned(),
                    );
                }
                let volatility = self.implied_volatility;
                if volatility < Decimal::new(1, 2) || volatility > Decimal::TEN {
                    return Err(format!(
                        "implied_volatility \"{volatility}\" is invalid; use 0.01 to 10"
                    ));
                }
            }
            _ => {
                let kind = self.asset_kind.as_str();
                return Err(format!(
                    "asset_kind {kind:?} is not supported; use PERP, PERP_OPTION or SPOT"
                ));
            }
        }
        Ok(())
    }

    /// Returns whether the market pays funding.
    pub(in crate::simulator) fn has_funding(&self) -> bool {
        self.asset_kind != AssetKind::Spot
    }

    /// Returns whether the market is an option.
    pub(in crate::simulator) fn is_option(&self) -> bool {
        self.asset_kind == AssetKind::PerpOption
    }

    /// Returns the base asset if the market is an option.
    pub(in crate::simulator) fn option_base(&self) -> Option<&str> {
        self.is_option().then_some(self.base_currency.as_str())
    }
}

/// Returns the largest daily volume in ticks times increments, so that the volume of centuries is a [`Decimal`].
fn most_units() -> Decimal {
    Decimal::from_i128_with_scale(1_000_000_000_000_000_000_000_000, 0)
}

/// Returns the largest power of ten that is not above a value, moved down by some digits, within the limits of a step.
fn power_of_ten_near(value: Decimal, digits: u32) -> Decimal {
    let smallest = Decimal::new(1, 8);
    let mut power = Decimal::from(10_000_000);
    while power > value && power > smallest {
        power /= Decimal::TEN;
    }
    for _ in 0..digits {
        if power > smallest {
            power /= Decimal::TEN;
        }
    }
    power.normalize()
}

/// Returns the size that is worth about this many units of the quote currency, as a power of ten.
fn size_worth(units: i64, price: Decimal) -> Decimal {
    let size = Decimal::from(units).checked_div(price).unwrap_or(Decimal::ONE);
    power_of_ten_near(size, 0).max(Decimal::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_markets_are_valid() {
        super::super::check(&MarketSpec::defaults()).unwrap();
    }

    #[test]
    fn constructed_markets_are_valid_at_all_prices() {
        for price in ["0.00001", "0.002", "0.9", "1", "31", "999", "70000", "10000000"] {
            let price: Decimal = price.parse().unwrap();
            for spec in [
                MarketSpec::perpetual("X", price),
                MarketSpec::spot("X", price),
                MarketSpec::perpetual_option("X", price, price, OptionType::Call),
            ] {
                assert_eq!(spec.check(), Ok(()), "{spec:?}");
            }
        }
        let spec = MarketSpec::perpetual("X", Decimal::from(30_000));
        assert_eq!(spec.price_tick_size.to_string(), "0.1");
        assert_eq!(spec.order_size_increment.to_string(), "0.000001");
    }

    #[test]
    fn broken_rule_is_named() {
        type Edit = fn(&mut MarketSpec);
        let cases: [(Edit, &str); 19] = [
            (|spec| spec.symbol = String::new(), "symbol"),
            (|spec| spec.symbol = "A/B".to_owned(), "symbol"),
            (|spec| spec.base_currency = "B C".to_owned(), "base_currency"),
            (|spec| spec.price_tick_size = Decimal::ZERO, "price_tick_size"),
            (
                |spec| spec.price_tick_size = Decimal::new(15, 10),
                "price_tick_size",
            ),
            (
                |spec| spec.order_size_increment = -Decimal::ONE,
                "order_size_increment",
            ),
            (|spec| spec.index_price = Decimal::new(1, 1), "index_price"),
            (|spec| spec.index_range = Decimal::ONE, "index_range"),
            (|spec| spec.min_notional = -Decimal::ONE, "min_notional"),
            (|spec| spec.min_notional = Decimal::new(1, 9), "min_notional"),
            (|spec| spec.max_order_size = Decimal::ZERO, "max_order_size"),
            (
                |spec| spec.max_order_size = Decimal::from(1_000_000_001),
                "max_order_size",
            ),
            (|spec| spec.position_limit = Decimal::ZERO, "position_limit"),
            (|spec| spec.position_limit = Decimal::new(1, 9), "position_limit"),
            (|spec| spec.daily_volume = Decimal::MAX, "daily_volume"),
            (|spec| spec.trades_per_minute = 0, "trades_per_minute"),
            (|spec| spec.funding_period_hours = 25, "funding_period_hours"),
            (|spec| spec.strike_price = Some(Decimal::ONE), "strike_price"),
            (|spec| spec.asset_kind = AssetKind::Future, "asset_kind"),
        ];
        for (edit, field) in cases {
            let mut spec = MarketSpec::perpetual("BTC", Decimal::from(30_000));
            edit(&mut spec);
            let error = spec.check().unwrap_err();
            assert!(error.contains(field), "{field}: {error}");
        }
        let mut option = MarketSpec::perpetual_option(
            "BTC",
            Decimal::from(30_000),
            Decimal::from(30_000),
            OptionType::Put,
        );
        option.implied_volatility = Decimal::ZERO;
        assert!(option.check().unwrap_err().contains("implied_volatility"));
        option.strike_price = None;
        assert!(option.check().unwrap_err().contains("strike_price"));
        option.option_type = None;
        assert!(option.check().unwrap_err().contains("option_type"));
    }
}
