//! The engine against a model of the exchange, without a socket, a request or a clock.

mod cursors;
mod interleavings;
mod model;
mod queueing;
mod random;
mod rules;
