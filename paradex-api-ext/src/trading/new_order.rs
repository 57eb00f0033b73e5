//! Orders: what they consist of, and the rules that they must meet.

use std::time::Duration;

use paradex_api::Decimal;
use paradex_api::types::{self, OrderFlag, OrderInstruction, OrderSide, OrderType, StpMode};

use super::order_rules::{DEFAULT_WINDOW, known_side, positive, short_string, window};
use crate::error::InvalidInput;

/// An order to place with [`Orders::place`](crate::orders::Orders::place), or the new state of one to
/// [`modify`](crate::orders::Orders::modify).
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::orders::{NewOrder, OrderFlag, OrderInstruction, OrderSide, OrderType};
///
/// // Sell 0.1 at the market price, and only reduce a position.
/// let market = NewOrder::market("BTC-USD-PERP", OrderSide::Sell, "0.1".parse()?)
///     .flag(OrderFlag::ReduceOnly);
///
/// // Buy at 29,500 or lower, at once or not at all (IOC), within 2 s.
/// let limit = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?)
///     .instruction(OrderInstruction::Ioc)
///     .client_id("desk-1")
///     .good_for(Duration::from_secs(2));
///
/// // Close the whole position when the price falls to 25,000.
/// let stop_loss = OrderType::StopLossMarket;
/// let stop = NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, stop_loss, 0.into(), "25000".parse()?);
///
/// for order in [market, limit, stop] {
///     order.check()?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Market, side, type, size and price are signed, from the same fields that are sent. The trigger price, client id,
/// instruction, flags and window are sent and not signed.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewOrder {
    pub(super) market: String,
    pub(super) side: OrderSide,
    pub(super) order_type: OrderType,
    /// Whether the caller asked for a type that this crate does not know.
    unlisted: bool,
    pub(super) size: Decimal,
    pub(super) price: Option<Decimal>,
    pub(super) trigger_price: Option<Decimal>,
    pub(super) instruction: OrderInstruction,
    pub(super) client_id: Option<String>,
    pub(super) flags: Vec<OrderFlag>,
    pub(super) stp: Option<StpMode>,
    pub(super) on_behalf_of: Option<String>,
    pub(super) good_for: Duration,
}

impl NewOrder {
    fn new(market: impl Into<String>, side: OrderSide, order_type: OrderType, size: Decimal) -> Self {
        Self {
            market: market.into(),
            side,
            order_type,
            unlisted: false,
            size,
            price: None,
            trigger_price: None,
            instruction: OrderInstruction::Gtc,
            client_id: None,
            flags: Vec::new(),
            stp: None,
            on_behalf_of: None,
            good_for: DEFAULT_WINDOW,
        }
    }

    /// Creates an order that executes at the best available price.
    pub fn market(market: impl Into<String>, side: OrderSide, size: Decimal) -> Self {
        Self::new(market, side, OrderType::Market, size)
    }

    /// Creates an order that executes at this price or a better one.
    pub fn limit(market: impl Into<String>, side: OrderSide, size: Decimal, price: Decimal) -> Self {
        Self::new(market, side, OrderType::Limit, size).price(price)
    }

    /// Creates an order that waits for a trigger price: a stop, stop-loss or take-profit order.
    ///
    /// Types that end in `Limit` need a [`price`](Self::price) as well; those that end in `Market` must not have one.
    ///
    /// For stop-loss and take-profit types, size 0 means the whole position. Other clients of the exchange send it so; the
    /// published API document does not mention it.
    ///
    /// ```
    /// use paradex_api_ext::orders::{NewOrder, OrderSide, OrderType};
    ///
    /// let price = "25000".parse()?;
    /// NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, OrderType::StopLossMarket, 0.into(), price).check()?;
    /// let stop = NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, OrderType::StopMarket, 0.into(), price);
    /// assert_eq!(stop.check().unwrap_err().field(), "size");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias("stop_loss", "take_profit", "stop", "conditional", "tpsl"))]
    pub fn triggered(
        market: impl Into<String>,
        side: OrderSide,
        order_type: OrderType,
        size: Decimal,
        trigger_price: Decimal,
    ) -> Self {
        Self::new(market, side, order_type, size).trigger_price(trigger_price)
    }

    /// Creates an order of a type that this version of the crate does not know. The type's name is signed as given, and
    /// the crate does not check which prices the type needs.
    pub fn unlisted_type(
        market: impl Into<String>,
        side: OrderSide,
        order_type: &str,
        size: Decimal,
    ) -> Self {
        Self {
            unlisted: true,
            ..Self::new(market, side, OrderType::from(order_type), size)
        }
    }

    /// Sets the price, in the quote currency.
    pub fn price(mut self, price: Decimal) -> Self {
        self.price = Some(price);
        self
    }

    /// Sets the price that triggers the order. It is not signed.
    #[doc(alias("stop_price"))]
    pub fn trigger_price(mut self, price: Decimal) -> Self {
        self.trigger_price = Some(price);
        self
    }

    /// Sets how the order may execute (time in force): good till cancelled (the default), IOC, post-only or RPI.
    #[doc(alias("time_in_force", "tif", "post_only", "ioc", "gtc", "immediate_or_cancel"))]
    pub fn instruction(mut self, instruction: OrderInstruction) -> Self {
        self.instruction = instruction;
        self
    }

    /// Sets an id of your own, of at most 64 characters. With it, an order with an unknown outcome can be
    /// [looked up](crate::orders::Orders::resolve).
    #[doc(alias("client_order_id", "cloid", "idempotency_key"))]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// Adds a flag, such as reduce-only.
    #[doc(alias("reduce_only"))]
    pub fn flag(mut self, flag: OrderFlag) -> Self {
        self.flags.push(flag);
        self
    }

    /// Sets which order is cancelled when the account would trade with itself; by default the incoming one (the taker).
    #[doc(alias("stp"))]
    pub fn self_trade_prevention(mut self, mode: StpMode) -> Self {
        self.stp = Some(mode);
        self
    }

    /// Sets the isolated margin account to trade for.
    #[doc(alias("subaccount", "isolated_margin"))]
    pub fn on_behalf_of(mut self, account: impl Into<String>) -> Self {
        self.on_behalf_of = Some(account.into());
        self
    }

    /// Sets how long after its first signature the order may still be placed: 5 s by default, between 10 ms and 5 min.
    ///
    /// Sending does not begin later, and the exchange does not accept the order later (`recv_window`). If the order has to
    /// be signed again, the second signature is valid for what is left of this time.
    #[doc(alias("recv_window", "ttl", "validity", "expiry"))]
    pub fn good_for(mut self, window: Duration) -> Self {
        self.good_for = window;
        self
    }

    /// Checks whether the order can be placed. [`Orders::place`](crate::orders::Orders::place) does so itself.
    ///
    /// ```
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    ///
    /// let order = NewOrder::market("BTC-USD-PERP", OrderSide::Sell, "0.1".parse()?).price("1".parse()?);
    /// let error = order.check().unwrap_err();
    /// assert_eq!(error.field(), "price");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first field that breaks a rule, with its value.
    #[doc(alias("validate"))]
    pub fn check(&self) -> Result<(), InvalidInput> {
        short_string("market", &self.market)?;
        known_side(&self.side)?;
        short_string("order_type", self.order_type.as_str())?;
        if !(self.size.is_zero() && self.closes_position()) {
            positive("size", self.size)?;
        }
        for (field, price) in [("price", self.price), ("trigger_price", self.trigger_price)] {
            price.map_or(Ok(()), |price| positive(field, price))?;
        }
        if !self.unlisted || self.order_type.is_known() {
            self.check_type()?;
        }
        let unlisted = |field, value: &dyn std::fmt::Display| {
            let rule = "this version of the crate does not know it";
            Err(InvalidInput::new(field, value, rule, "use a listed value"))
        };
        if let Some(mode) = self.stp.as_ref().filter(|mode| !mode.is_known()) {
            return unlisted("self_trade_prevention", mode);
        }
        if let Some(flag) = self.flags.iter().find(|flag| !flag.is_known()) {
            return unlisted("flags", flag);
        }
        if !self.instruction.is_known() {
            return unlisted("instruction", &self.instruction);
        }
        if let Some(id) = &self.client_id
            && (matches!(id.as_str(), "" | "." | "..") || id.chars().count() > 64)
        {
            let rule = "it must have between 1 and 64 characters and must not be `.` or `..`, which cannot be looked up";
            return Err(InvalidInput::new("client_id", id, rule, "choose another id"));
        }
        window(self.good_for)
    }

    /// Whether size 0 means the whole position: stop-loss and take-profit orders only close one.
    fn closes_position(&self) -> bool {
        use OrderType as T;
        matches!(
            self.order_type,
            T::StopLossMarket | T::StopLossLimit | T::TakeProfitMarket | T::TakeProfitLimit
        )
    }

    pub(super) fn market_name(&self) -> &str {
        &self.market
    }

    /// Whether `order` has the size and prices that this carries as a change. `None` if that cannot be said, because the
    /// order omits one of them and differs in none. Size 0 stands for a size that only the exchange knows.
    pub(super) fn matches(&self, order: &types::Order) -> Option<bool> {
        let values = [
            (Some(self.size).filter(|size| !size.is_zero()), order.size),
            (self.price, order.price),
            (self.trigger_price, order.trigger_price),
        ];
        let mut all_shown = true;
        for (wanted, shown) in values {
            match (wanted, shown) {
                (Some(wanted), Some(shown)) if wanted != shown => return Some(false),
                (Some(_), None) => all_shown = false,
                _ => {}
            }
        }
        all_shown.then_some(true)
    }

    /// Checks that the order has the prices that its type needs, and no others.
    fn check_type(&self) -> Result<(), InvalidInput> {
        use OrderType as T;
        let (needs_price, needs_trigger) = match &self.order_type {
            T::Market => (false, false),
            T::Limit => (true, false),
            T::StopMarket | T::StopLossMarket | T::TakeProfitMarket => (false, true),
            T::StopLimit | T::StopLossLimit | T::TakeProfitLimit => (true, true),
            other => {
                let rule = "this version of the crate does not know what must be signed for it";
                let remedy = "use `NewOrder::unlisted_type` if you do";
                return Err(InvalidInput::new("order_type", other, rule, remedy));
            }
        };
        let kind = self.order_type.as_str();
        let prices = [
            ("price", needs_price, self.price, "set it with `price`"),
            (
                "trigger_price",
                needs_trigger,
                self.trigger_price,
                "set it with `trigger_price`",
            ),
        ];
        for (field, needed, given, remedy) in prices {
            match (needed, given) {
                (true, None) => {
                    let rule = format!("a {kind} order needs one");
                    return Err(InvalidInput::new(field, "none", rule, remedy));
                }
                (false, Some(price)) => {
                    let rule = format!("a {kind} order must not have one");
                    return Err(InvalidInput::new(field, price, rule, "leave it out"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{NewOrder, OrderSide, OrderType};
    use paradex_api::Decimal;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn limit() -> NewOrder {
        NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, number("0.1"), number("29500.12"))
    }

    fn refused(order: NewOrder) -> String {
        order.check().unwrap_err().field().to_owned()
    }

    #[test]
    fn price_and_trigger_price_are_required_or_refused_by_type() {
        use OrderType as T;
        let new = |order_type: T| NewOrder::new("BTC-USD-PERP", OrderSide::Sell, order_type, number("1"));
        for (order_type, price, trigger) in [
            (T::Market, false, false),
            (T::Limit, true, false),
            (T::StopMarket, false, true),
            (T::StopLossMarket, false, true),
            (T::TakeProfitMarket, false, true),
            (T::StopLimit, true, true),
            (T::StopLossLimit, true, true),
            (T::TakeProfitLimit, true, true),
        ] {
            for (has_price, has_trigger) in [(false, false), (true, false), (false, true), (true, true)] {
                let mut order = new(order_type.clone());
                if has_price {
                    order = order.price(number("2"));
                }
                if has_trigger {
                    order = order.trigger_price(number("3"));
                }
                let fits = (has_price, has_trigger) == (price, trigger);
                assert_eq!(
                    order.check().is_ok(),
                    fits,
                    "{order_type} {has_price} {has_trigger}"
                );
            }
        }
        assert_eq!(T::KNOWN.len(), 8, "a new type has to be decided above");
    }

    #[test]
    fn invalid_field_is_refused_by_name() {
        limit().check().unwrap();
        assert_eq!(refused(limit().price(number("1.123456789"))), "price");
        assert_eq!(refused(limit().price(number("0"))), "price");
        assert_eq!(refused(limit().price(number("-1"))), "price");
        // Zeros at the end are no digits.
        limit().price(number("1.12345678000")).check().unwrap();
        let sized = |size: &str| NewOrder::market("BTC-USD-PERP", OrderSide::Buy, number(size));
        for size in ["0", "-1", "0.000000001"] {
            assert_eq!(refused(sized(size)), "size", "{size}");
        }
        for market in ["", "a market whose name has more than 31 characters", "BTC–USD"] {
            assert_eq!(
                refused(NewOrder::market(market, OrderSide::Buy, number("1"))),
                "market"
            );
        }
        assert_eq!(
            refused(NewOrder::market("M", OrderSide::from("HOLD"), number("1"))),
            "side"
        );
        assert_eq!(refused(limit().client_id("")), "client_id");
        assert_eq!(refused(limit().client_id("x".repeat(65))), "client_id");
        limit().client_id("x".repeat(64)).check().unwrap();
        assert_eq!(refused(limit().good_for(Duration::from_millis(9))), "good_for");
        assert_eq!(refused(limit().good_for(Duration::from_secs(301))), "good_for");
        assert_eq!(refused(limit().instruction("SOON".into())), "instruction");
    }

    #[test]
    fn size_zero_is_accepted_only_for_types_that_close_a_position() {
        for order_type in OrderType::KNOWN {
            let name = order_type.as_str().to_owned();
            let sized = |size| {
                let mut order = NewOrder::new("M", OrderSide::Sell, order_type.clone(), number(size));
                if name.ends_with("LIMIT") {
                    order = order.price(number("2"));
                }
                if !["LIMIT", "MARKET"].contains(&name.as_str()) {
                    order = order.trigger_price(number("3"));
                }
                order
            };
            let closes = name.starts_with("STOP_LOSS_") || name.starts_with("TAKE_PROFIT_");
            for zero in ["0", "0.000"] {
                assert_eq!(sized(zero).check().is_ok(), closes, "{name}");
            }
            assert_eq!(refused(sized("-1")), "size", "{name}");
            assert_eq!(refused(sized("0.000000001")), "size", "{name}");
        }
        let unlisted = NewOrder::unlisted_type("M", OrderSide::Buy, "BRAND_NEW", number("0"));
        assert_eq!(refused(unlisted), "size");
    }

    #[test]
    fn unknown_type_needs_unlisted_type() {
        let order = |order_type| NewOrder::new("M", OrderSide::Buy, order_type, number("1"));
        assert_eq!(refused(order(OrderType::from("BRAND_NEW"))), "order_type");
        NewOrder::unlisted_type("M", OrderSide::Buy, "BRAND_NEW", number("1"))
            .check()
            .unwrap();
        assert_eq!(
            refused(NewOrder::unlisted_type("M", OrderSide::Buy, "", number("1"))),
            "order_type"
        );
    }
}
