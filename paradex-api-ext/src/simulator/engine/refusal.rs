//! Why a command is refused. A refused command changes nothing.

use super::number::{Price, Size};

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no such market.
    #[error("there is no such market")]
    MarketNotFound,
    /// There is no such account.
    #[error("there is no such account")]
    AccountNotFound,
    /// The account has no such order.
    #[error("the account has no such order")]
    OrderNotFound,
    /// The account has no such algo order.
    #[error("there is no such algo order")]
    AlgoNotFound,
    /// The order is closed.
    #[error("the order is closed")]
    OrderIsClosed,
    /// Another live order of the account has the client id.
    #[error("client_id: an open order has the same one")]
    DuplicatedClientId,
    /// The size is 0, negative or too large.
    #[error("size: must be above 0 and at most {}", .0.decimal())]
    SizeOutOfRange(Size),
    /// The size has a remainder.
    #[error("size: must be a multiple of {}", .0.decimal())]
    SizeIncrement(Size),
    /// The value of the order is too small.
    #[error("size: the order must be worth at least {}", .0.decimal())]
    MinNotional(Price),
    /// The new size is not above what is filled.
    #[error("size: must be above the filled size {}", .0.decimal())]
    SizeBelowFilled(Size),
    /// A price is missing, 0, negative or too large.
    #[error("{name}: must be given, above 0 and at most {most}", name = .0, most = Price::MAX.decimal())]
    PriceOutOfRange(&'static str),
    /// A price has a remainder.
    #[error("{name}: must be a multiple of {tick}", name = .0, tick = .1.decimal())]
    PriceTick(&'static str, Price),
    /// The fields contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
    /// A field of another command is out of its range.
    #[error("{0}")]
    OutOfRange(&'static str),
    /// The account has as many active algo orders as it may have.
    #[error(
        "the account has {0} active algo orders, and may not have more; cancel one, or wait until one ends"
    )]
    TooManyAlgos(usize),
    /// The log of commands cannot be written, so the command is not applied.
    #[error("the trading log cannot be written ({0}); nothing was changed")]
    LogNotWritten(Box<str>),
    /// The engine's sums would become too large.
    #[error("the values of this simulation are too large; start a new one")]
    TooLarge,
}

impl Refusal {
    /// Returns the exchange's error code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::MarketNotFound => "MARKET_NOT_FOUND",
            Self::AccountNotFound => "ACCOUNT_NOT_FOUND",
            Self::OrderNotFound => "ORDER_ID_NOT_FOUND",
            Self::AlgoNotFound => "ALGO_ID_NOT_FOUND",
            Self::OrderIsClosed => "ORDER_IS_CLOSED",
            Self::DuplicatedClientId => "DUPLICATED_CLIENT_ID",
            Self::SizeOutOfRange(_)
            | Self::SizeIncrement(_)
            | Self::MinNotional(_)
            | Self::SizeBelowFilled(_) => "INVALID_ORDER_SIZE",
            Self::PriceOutOfRange(_) | Self::PriceTick(..) | Self::Contradiction(_) | Self::OutOfRange(_) => {
                "VALIDATION_ERROR"
            }
            Self::TooManyAlgos(_) => "INVALID_REQUEST_PARAMETER",
            Self::LogNotWritten(_) | Self::TooLarge => "INTERNAL_ERROR",
        }
    }
}
