//! Binary frames: golden frames written by hand, broken frames, and frames of the encoder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod broken;
mod check;
mod choices;
mod golden;
mod json;
mod mutations;
mod round_trip;
mod support;
