//! Runs the example, and compares its exit status and its last line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../tests/support/mod.rs"]
mod support;

#[test]
fn example_ends_as_it_says() {
    let example = support::start("observability");
    let last_line = "   list_positions: http.request.resend_count=1 http.response.status_code=200";
    support::check("observability", example, 0, last_line);
}
