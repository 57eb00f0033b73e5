//! What calls leave in traces. These tests have a process of their own, because it is decided once for all threads of a process
//! which spans and events are collected.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod echo;
mod spans;
#[path = "../support/mod.rs"]
mod support;
