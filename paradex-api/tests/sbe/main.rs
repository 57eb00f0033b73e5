//! Binary frames: golden frames written by hand, broken frames, and frames of the encoder.

mod broken;
mod check;
mod choices;
mod golden;
mod json;
mod mutations;
mod round_trip;
mod support;
