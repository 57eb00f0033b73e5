//! Calls that could not be made into a request.

use crate::operation::Operation;
use crate::text::visible;

/// A call that was not sent, because no request can be made from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// A parameter or body that the operation needs was not given.
    #[error("{operation}: `{name}` is missing; set it before `send`")]
    #[non_exhaustive]
    Missing {
        /// The call.
        operation: &'static Operation,
        /// The parameter, or `body`.
        name: &'static str,
    },
    /// The operation has no parameter with this name.
    #[error(
        "{operation}: no parameter is called `{}`; the parameters are: {}",
        visible(name, 80),
        names(operation)
    )]
    #[non_exhaustive]
    UnknownParameter {
        /// The call.
        operation: &'static Operation,
        /// The name.
        name: String,
    },
    /// The operation takes no body.
    #[error("{operation} takes no body")]
    #[non_exhaustive]
    UnexpectedBody {
        /// The call.
        operation: &'static Operation,
    },
    /// A path parameter would have addressed another resource.
    #[error(
        "{operation}: path parameter `{name}` is {value:?}; an empty text, `.` and `..` would address \
         another resource"
    )]
    #[non_exhaustive]
    PathSegment {
        /// The call.
        operation: &'static Operation,
        /// The parameter.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// The value of a header has characters that no header can hold.
    #[error("{operation}: the value of header `{name}` must be visible ASCII, without line breaks")]
    #[non_exhaustive]
    Header {
        /// The call.
        operation: &'static Operation,
        /// The header.
        name: &'static str,
    },
    /// The body could not be serialised as JSON.
    #[error("{operation}: the body cannot be serialised: {reason}")]
    #[non_exhaustive]
    Body {
        /// The call.
        operation: &'static Operation,
        /// Why.
        reason: String,
    },
    /// Base address, path and query do not form a URL.
    #[error("{operation}: the URL is invalid: {reason}")]
    #[non_exhaustive]
    Url {
        /// The call.
        operation: &'static Operation,
        /// Why.
        reason: String,
    },
}

/// The names of an operation's parameters.
fn names(operation: &Operation) -> String {
    let names: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| parameter.name)
        .collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}
