//! An attempt that has ended, with its outcome.

use paradex_api::types::ApiError;
use paradex_api::{BoxError, DecodeError, Operation, RawResponse, reqwest};

use crate::pipeline::outcome::{Outcome, has_error_code};
use crate::pipeline::response_check;

/// The result of an attempt, with its outcome. No other code classifies an attempt.
pub(crate) struct CompletedAttempt {
    outcome: Outcome,
    result: Result<RawResponse, BoxError>,
    /// The error in the body of the response.
    refusal: Option<ApiError>,
}

impl CompletedAttempt {
    /// Classifies the result of an attempt that was sent. A success that does not show the change becomes an error that keeps
    /// the response.
    pub(crate) fn from_result(
        operation: &'static Operation,
        request: Option<&reqwest::Request>,
        result: Result<RawResponse, BoxError>,
    ) -> Self {
        let response = match result {
            Ok(response) => response,
            Err(error) => return Self::from_error(error),
        };
        if response.status.is_success() {
            return match response_check::check(operation, request, &response.body) {
                Ok(()) => Self {
                    outcome: Outcome::Done,
                    result: Ok(response),
                    refusal: None,
                },
                Err(what) => Self::from_error(Box::new(DecodeError::unusable(operation, response, what))),
            };
        }
        let refusal = response.api_error();
        Self {
            outcome: Outcome::from_status(response.status, || refusal.as_ref().is_some_and(has_error_code)),
            result: Ok(response),
            refusal,
        }
    }

    /// Classifies an attempt that ended in an error.
    pub(crate) fn from_error(error: BoxError) -> Self {
        Self {
            outcome: Outcome::from_error(&*error),
            result: Err(error),
            refusal: None,
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    pub(crate) fn result(&self) -> &Result<RawResponse, BoxError> {
        &self.result
    }

    pub(crate) fn into_result(self) -> Result<RawResponse, BoxError> {
        self.result
    }

    /// The error in the body of a response without success, if the body has that form.
    pub(crate) fn refusal(&self) -> Option<&ApiError> {
        self.refusal.as_ref()
    }
}
