//! The client's own rate limits, with priority for cancels and sign-ins.
//!
//! A call takes a permit from each bucket that counts it: that of the IP address, and the two windows of its account. If one of
//! them is empty, the call takes none and waits. Calls of one class wait in order of arrival. The call at the head checks again
//! when its wait is over, so a waiting call blocks no permit, and a dropped call costs nothing.
//!
//! Each bucket stores the time at which it will be full. Its limit and window are stored separately, so response headers can
//! replace them immediately. `remaining` in a header only ever lowers a bucket, because calls may be on their way that the
//! exchange has not counted yet. A header does not name its bucket: it is the bucket with the limit that the header names, or
//! else the bucket of the call.
//!
//! A tenth of the order-write permits is reserved for cancels, and a tenth of the address's for cancels and sign-in. After a 429,
//! placements continue at the refill rate, and do not refill that tenth first. A 429 to another call does not hold back a cancel.
//!
//! Each process counts for itself. Processes that share an IP address or an account should take a percentage each; see
//! [`RateLimits::percent`](crate::limits::RateLimits::percent).

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
