//! Orders, in the exchange's words.

use serde::{Deserialize, Serialize};

use super::ids::{AccountId, AlgoId, MarketId, OrderId};
use super::number::{Money, Price, Size};

/// The side of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Side {
    /// Buys.
    Buy,
    /// Sells.
    Sell,
}

impl Side {
    /// Returns the other side.
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// Returns the change of a position that buys or sells this much.
    pub(super) fn signed(self, size: Size) -> Size {
        match self {
            Self::Buy => size,
            Self::Sell => Size(size.0.saturating_neg()),
        }
    }

    /// Returns whether an order of this side with this limit may trade at a price.
    pub(super) fn accepts(self, limit: Price, price: Price) -> bool {
        match self {
            Self::Buy => price <= limit,
            Self::Sell => price >= limit,
        }
    }
}

/// The type of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderKind {
    /// Executes at its price or better.
    Limit,
    /// Executes at once, and never rests.
    Market,
    /// A limit order that waits for its trigger.
    StopLimit,
    /// A market order that waits for its trigger.
    StopMarket,
    /// A limit order that closes a position at a loss.
    StopLossLimit,
    /// A market order that closes a position at a loss.
    StopLossMarket,
    /// A limit order that closes a position at a profit.
    TakeProfitLimit,
    /// A market order that closes a position at a profit.
    TakeProfitMarket,
}

impl OrderKind {
    /// Returns whether it has a limit price.
    pub(crate) fn has_price(self) -> bool {
        matches!(
            self,
            Self::Limit | Self::StopLimit | Self::StopLossLimit | Self::TakeProfitLimit
        )
    }

    /// Returns whether it waits for a trigger.
    pub(crate) fn has_trigger(self) -> bool {
        !matches!(self, Self::Limit | Self::Market)
    }

    /// Returns whether it closes a position, so that size 0 means the whole position.
    pub(crate) fn closes_position(self) -> bool {
        self.is_stop_loss() || matches!(self, Self::TakeProfitLimit | Self::TakeProfitMarket)
    }

    pub(super) fn is_stop_loss(self) -> bool {
        matches!(self, Self::StopLossLimit | Self::StopLossMarket)
    }
}

/// How an order may execute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Instruction {
    /// Rests until it is filled or cancelled.
    #[default]
    Gtc,
    /// What is not filled at once is cancelled.
    Ioc,
    /// Never takes liquidity.
    PostOnly,
    /// Never takes liquidity, and trades with interactive orders only.
    Rpi,
}

impl Instruction {
    /// Returns whether an order must not take liquidity.
    pub(crate) fn only_makes(self) -> bool {
        matches!(self, Self::PostOnly | Self::Rpi)
    }
}

/// What happens instead of a trade of an account with itself. The taker's mode counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(clippy::enum_variant_names, reason = "the exchange's words")]
pub(crate) enum SelfTradePrevention {
    /// The resting order is cancelled.
    ExpireMaker,
    /// The new order is cancelled.
    #[default]
    ExpireTaker,
    /// Both are cancelled.
    ExpireBoth,
}

/// On which side of the trigger price the mark price triggers an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TriggerWhen {
    /// At the trigger price or above.
    Above,
    /// At the trigger price or below.
    Below,
}

/// The status of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    /// Accepted, and not yet checked.
    New,
    /// Waits for its trigger.
    Untriggered,
    /// Rests in the book.
    Open,
    /// Filled or cancelled.
    Closed,
}

/// Why an order was closed before it was filled. A document of the exchange from 2023 lists these reasons; today's does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CancelReason {
    /// Its owner cancelled it.
    UserCanceled,
    /// The account value is below the initial margin requirement.
    NotEnoughMargin,
    /// A market order found no liquidity at an acceptable price.
    EmptyMarket,
    /// It would have taken liquidity.
    PostOnlyWouldCross,
    /// The rest of an immediate order.
    RemainingIocCancel,
    /// It would have traded with an order of its own account.
    SelfTrade,
    /// Its price is outside the price band around the mark price.
    PriceOutsideBands,
    /// The position could exceed its limit.
    OrderExceedsPositionLimit,
    /// It would not reduce the position, or no more.
    ReduceOnlyWillIncrease,
    /// The account has too many open orders in this market. This reason is invented.
    MaxOpenOrdersExceeded,
    /// The connection that placed it has ended. This reason is invented.
    CancelOnDisconnect,
}

impl CancelReason {
    /// Returns the exchange's name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::UserCanceled => "USER_CANCELED",
            Self::NotEnoughMargin => "NOT_ENOUGH_MARGIN",
            Self::EmptyMarket => "EMPTY_MARKET",
            Self::PostOnlyWouldCross => "POST_ONLY_WOULD_CROSS",
            Self::RemainingIocCancel => "REMAINING_IOC_CANCEL",
            Self::SelfTrade => "SELF_TRADE",
            Self::PriceOutsideBands => "PRICE_OUTSIDE_BANDS",
            Self::OrderExceedsPositionLimit => "ORDER_EXCEEDS_POSITION_LIMIT",
            Self::ReduceOnlyWillIncrease => "REDUCE_ONLY_WILL_INCREASE",
            Self::MaxOpenOrdersExceeded => "MAX_OPEN_ORDERS_EXCEEDED",
            Self::CancelOnDisconnect => "CANCEL_ON_DISCONNECT",
        }
    }
}

/// What a new order asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct NewOrder {
    /// The account.
    pub(crate) account: AccountId,
    /// The market.
    pub(crate) market: MarketId,
    /// The side.
    pub(crate) side: Side,
    /// The type.
    pub(crate) kind: OrderKind,
    /// How it may execute.
    pub(crate) instruction: Instruction,
    /// The size. For an order that closes a position, 0 means the whole position.
    pub(crate) size: Size,
    /// The limit price, for types that have one.
    pub(crate) price: Option<Price>,
    /// The trigger price, for types that have one.
    pub(crate) trigger: Option<Price>,
    /// On which side of the trigger price it triggers. By default, where the mark price is not now.
    pub(crate) trigger_when: Option<TriggerWhen>,
    /// The worst average price of a market order.
    pub(crate) vwap: Option<Price>,
    /// Whether it may only reduce a position.
    pub(crate) reduce_only: bool,
    /// Whether it came with an interactive session: it meets RPI orders, and its fees are those of interactive orders.
    pub(crate) interactive: bool,
    /// What happens instead of a trade of the account with itself.
    pub(crate) stp: SelfTradePrevention,
    /// The client's id, or an empty text. Only one live order of the account may have it.
    pub(crate) client_id: Box<str>,
    /// When it was signed, in milliseconds since the Unix epoch.
    pub(crate) signed_at: u64,
}

impl NewOrder {
    /// A market order without options.
    pub(crate) fn market(account: AccountId, market: MarketId, side: Side, size: Size) -> Self {
        Self {
            account,
            market,
            side,
            kind: OrderKind::Market,
            instruction: Instruction::default(),
            size,
            price: None,
            trigger: None,
            trigger_when: None,
            vwap: None,
            reduce_only: false,
            interactive: false,
            stp: SelfTradePrevention::default(),
            client_id: "".into(),
            signed_at: 0,
        }
    }

    /// A limit order without options.
    pub(crate) fn limit(account: AccountId, market: MarketId, side: Side, size: Size, price: Price) -> Self {
        Self {
            kind: OrderKind::Limit,
            price: Some(price),
            ..Self::market(account, market, side, size)
        }
    }
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Order {
    /// The id.
    pub(crate) id: OrderId,
    /// What it asks for, as last modified.
    pub(crate) terms: NewOrder,
    /// The status.
    pub(crate) status: Status,
    /// Why it was closed, unless it was filled.
    pub(crate) reason: Option<CancelReason>,
    /// How far it is filled.
    pub(crate) execution: Execution,
    /// When it was placed, in nanoseconds since the Unix epoch.
    pub(crate) created_at: i64,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// The sequence number of its last change.
    pub(crate) seq_no: u64,
    /// The algo order that placed it.
    pub(crate) algo: Option<AlgoId>,
    /// Its place in the queue of its price.
    pub(super) priority: u64,
    /// Whether its trigger has fired.
    pub(crate) triggered: bool,
}

impl Order {
    /// Returns whether it can be cancelled.
    pub(crate) fn is_live(&self) -> bool {
        self.status != Status::Closed
    }
}

/// How far an order or an algo order is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Execution {
    /// How much is not filled. A cancelled order keeps it.
    pub(crate) remaining: Size,
    /// How much is filled.
    pub(crate) filled: Size,
    /// The value of the fills.
    pub(crate) value: Money,
}

impl Execution {
    pub(super) fn new(size: Size) -> Self {
        Self {
            remaining: size,
            filled: Size(0),
            value: Money(0),
        }
    }

    pub(super) fn add_fill(&mut self, size: Size, price: Price) {
        self.remaining = self.remaining.minus(size);
        self.filled = self.filled.plus(size);
        self.value = self.value.plus(size.at(price));
    }

    /// Returns the average price of the fills.
    pub(crate) fn average_price(&self) -> Option<Price> {
        average(self.value, self.filled)
    }
}

/// Returns the average price of a value and a size, rounded half up.
pub(super) fn average(value: Money, size: Size) -> Option<Price> {
    let size = i128::from(size.0.checked_abs().filter(|size| *size > 0)?);
    let value = value.0.saturating_abs();
    let rounded = value.saturating_add(size / 2).checked_div(size)?;
    i64::try_from(rounded).ok().map(Price)
}
