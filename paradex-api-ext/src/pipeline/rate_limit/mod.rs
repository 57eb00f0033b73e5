//! The client's own rate limits, with priority for cancels and sign-ins.

mod account;
mod bucket;
mod class;
mod headers;
mod limiter;
mod limits;

pub(crate) use account::AccountLimits;
pub(crate) use class::RateClass;
pub(crate) use limiter::RateLimiter;
pub use limits::{LimitKind, RateLimit, RateLimits};
