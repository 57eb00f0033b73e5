//! The core without a socket and without a clock.

mod books;
mod connections;
mod frames;
mod schedules;
mod subscriptions;
mod support;
