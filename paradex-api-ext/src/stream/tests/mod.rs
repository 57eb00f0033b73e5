//! The core without a socket and without a clock.

mod books;
mod connections;
pub(super) mod frames;
mod schedules;
mod subscriptions;
mod support;
