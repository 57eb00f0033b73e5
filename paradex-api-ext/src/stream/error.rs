//! What a call's error says of the error of a feed.

use super::update::StreamError;
use crate::error::call::CallFacts;
use crate::error::task::Task;

impl Task for StreamError {
    fn facts(&self) -> CallFacts<'_> {
        CallFacts::LOCAL.with_retryable(matches!(self, Self::Silent { .. } | Self::Lagged { .. }))
    }
}
