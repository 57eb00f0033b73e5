//! The documents of the WebSocket API: AsyncAPI has its channels, OpenRPC its methods.
//!
//! [`merge`] puts them beside the OpenAPI document, corrections are applied, and [`unify`] makes one schema of those that
//! both have. [`settle`] checks what only corrections can say, such as whether a channel is private.

pub mod canonical;
mod differences;
mod merge;
mod operations;
pub mod pattern;
mod settle;
mod unify;

pub use merge::merge;
pub use operations::{KINDS, as_operations};
pub use settle::{channels, error_codes, methods, operations, settle};
pub use unify::unify;

/// The member of the merged document that holds channels and methods.
pub const MEMBER: &str = "x-stream";

/// How the names of the components of the WebSocket API begin, until [`unify`].
pub const PREFIX: &str = "stream.";

/// The error code of a method that needs an authenticated connection.
pub const NEEDS_AUTHENTICATION: i64 = 40_300;
