//! Any bytes are an error, or a message that can be read, converted and written again.
//!
//! Run with `cargo +nightly fuzz run sbe` in `paradex-api-ext`. The golden frames of `paradex-api/tests/sbe` are good seeds.

#![no_main]

#[path = "../../../paradex-api/tests/sbe/check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check::check(bytes));
