//! Errors: why a call has no value.

mod decode;
mod invalid_request;
mod response;
mod setup;

use reqwest::StatusCode;

pub use decode::DecodeError;
pub(crate) use decode::{DecodeFailure, Malformed};
pub use invalid_request::InvalidRequest;
pub use response::ErrorResponse;
pub use setup::{BuildError, InvalidBaseUrl};

use crate::operation::Operation;
use crate::response::RawResponse;
use crate::transport::BoxError;
use crate::types::ErrorCode;

/// The error of a call.
///
/// It keeps status, headers and body of every response that arrived. Its texts show neither a whole body nor a secret.
///
/// ```
/// # use paradex_api::{Client, Error};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// match client.get_order().order_id("123").send().await {
///     Ok(order) => println!("{:?}", order.status),
///     Err(error) if error.status().is_some_and(|status| status == 404) => println!("no such order"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent, because the call was incomplete or would have addressed another resource.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
    /// The exchange, or a proxy in front of it, returned an error status or a redirect. Redirects are never followed.
    #[error(transparent)]
    Response(Box<ErrorResponse>),
    /// The response has a success status, and its body is not what the OpenAPI document declares.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// No complete response arrived. The source is the error of the transport.
    #[error("{operation}: no complete response arrived")]
    #[non_exhaustive]
    Transport {
        /// The operation that was called.
        operation: &'static Operation,
        /// The error of the transport.
        source: BoxError,
    },
}

impl Error {
    /// Returns the status of the response, if one arrived.
    #[doc(alias = "status code")]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|raw| raw.status)
    }

    /// Returns the error code of the exchange, if the response has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        match self {
            Error::Response(response) => response.code(),
            _ => None,
        }
    }

    /// Returns the response that this error was made from, if one arrived. Its body may hold secrets.
    pub fn response(&self) -> Option<&RawResponse> {
        match self {
            Error::Response(response) => Some(response.raw()),
            Error::Decode(decode) => Some(decode.raw()),
            _ => None,
        }
    }
}

/// Returns the redacted start of a body, or nothing if the response itself holds secrets.
fn excerpt(operation: &Operation, raw: &RawResponse) -> Option<String> {
    if operation.secret_response {
        return None;
    }
    raw.excerpt()
}
