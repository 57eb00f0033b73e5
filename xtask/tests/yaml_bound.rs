//! YAML that is nested too deeply is refused where the limit is passed. The allocations tell: a reader that goes
//! through the whole text first allocates more for a longer text, and takes quadratic time for nested flow collections.
//! This is a program of its own, because the counter counts for all threads.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use xtask::source;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many bytes the refusal of a text allocates.
fn allocated(text: &str) -> usize {
    let region = Region::new(ALLOCATOR);
    let error = source::parse(text.as_bytes(), "test", "2026-01-01").unwrap_err();
    let bytes = region.change().bytes_allocated;
    let error = format!("{error:#}");
    assert!(error.contains("nested too deeply"), "{error}");
    assert!(error.contains("line 1"), "{error}");
    bytes
}

#[test]
fn yaml_nested_too_deeply_is_refused_without_reading_the_rest() {
    for open in ["[", "[{a: ", "[{? ", "- "] {
        let text = |levels: usize| format!("{}x", open.repeat(levels));
        let (short, long) = (allocated(&text(1_000)), allocated(&text(8_000)));
        // Other threads of the test program allocate a few bytes now and then.
        assert!(long < short + 1_024, "{open:?}: {short} and {long} bytes");
    }
}
