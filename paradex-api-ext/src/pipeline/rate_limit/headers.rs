//! The rate-limit headers of a response.

use std::time::Duration;

use paradex_api::reqwest::header::{HeaderMap, HeaderName};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const WINDOW: HeaderName = HeaderName::from_static("x-ratelimit-window");

/// What the headers of a response say about one limit.
#[derive(Clone, Copy)]
pub(super) struct RateLimitHeaders {
    pub(super) limit: Option<u32>,
    pub(super) remaining: Option<u32>,
    pub(super) window: Option<Duration>,
}

impl RateLimitHeaders {
    /// Whether there is anything to read.
    pub(super) fn are_in(headers: &HeaderMap) -> bool {
        headers.contains_key(&LIMIT) || headers.contains_key(&REMAINING)
    }

    pub(super) fn read(headers: &HeaderMap) -> Self {
        let number =
            |name: &HeaderName| -> Option<u32> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
        Self {
            // A limit of 0, or a window longer than the published ones, cannot be kept to and is ignored.
            limit: number(&LIMIT).filter(|limit| *limit > 0),
            remaining: number(&REMAINING),
            window: number(&WINDOW)
                .filter(|window| (1..=60).contains(window))
                .map(|window| Duration::from_secs(window.into())),
        }
    }
}
