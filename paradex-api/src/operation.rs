//! Static descriptions of operations: names, address, parameters.

use std::fmt;

/// Describes one operation of the REST API.
///
/// Every call passes its operation to the [`Transport`](crate::Transport), so that a layer can decide by name, method, path or
/// security and does not have to parse the URL.
///
/// ```
/// use paradex_api::operations;
///
/// let operation = &operations::UPDATE_TOKEN_ALLOWED_CIDRS;
/// assert_eq!(operation.method.as_str(), "PUT");
/// assert_eq!(operation.path, "/v1/account/tokens/{lookup_id}/allowed-cidrs");
/// ```
#[derive(Debug, PartialEq, Eq)]
#[doc(alias = "endpoint")]
#[non_exhaustive]
pub struct Operation {
    /// The name of the method on [`Client`](crate::Client), for example `update_token_allowed_cidrs`.
    pub id: &'static str,
    /// The `operationId` of the published document, if it has one.
    pub upstream_id: Option<&'static str>,
    /// The HTTP method.
    pub method: Method,
    /// The path from the root of the host, with its parameters in braces.
    pub path: &'static str,
    /// Whether it needs a bearer token.
    pub security: Security,
    /// Whether it takes a body.
    pub body: Body,
    /// Whether its results are paged.
    pub paging: Paging,
    /// Whether its response holds a secret, so that no part of the body may be shown.
    pub secret_response: bool,
    /// Path, query and header parameters.
    pub parameters: &'static [Parameter],
}

impl Operation {
    /// Returns whether the operation only reads, which means that its method is GET.
    pub fn is_read(&self) -> bool {
        matches!(self.method, Method::Get)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method.as_str(), self.path)
    }
}

/// An HTTP method that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
    /// PATCH
    Patch,
}

impl Method {
    /// Returns the method in capitals.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
            Method::Patch => "PATCH",
        }
    }
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
            Method::Patch => reqwest::Method::PATCH,
        }
    }
}

/// Whether an operation needs a bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Security {
    /// It needs none, and none is sent.
    Public,
    /// A token is sent in `Authorization: Bearer …`.
    Bearer,
    /// It works without a token, and returns more with one.
    Optional,
}

/// Whether an operation takes a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Body {
    /// No body is sent.
    None,
    /// A JSON body may be sent.
    OptionalJson,
    /// A JSON body must be sent.
    Json,
}

/// Whether the results of an operation are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// One response has all results.
    None,
    /// The query parameter `cursor` takes the `next` of the previous response.
    Cursor {
        /// The largest `page_size` that the OpenAPI document allows, if it names one.
        max_page_size: Option<u32>,
    },
}

/// A parameter of an operation.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where in the request it is.
    pub location: Location,
    /// Whether a call without it fails.
    pub required: bool,
}

impl Parameter {
    /// Creates a row of the generated table.
    pub(crate) const fn new(name: &'static str, location: Location, required: bool) -> Self {
        Self {
            name,
            location,
            required,
        }
    }
}

/// Where in the request a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A request header.
    Header,
}
