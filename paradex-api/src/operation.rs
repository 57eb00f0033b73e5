//! What is known of an operation before it is called: its names, its address, what it takes.

use std::fmt;

/// One operation of the REST API, as a static value.
///
/// Every call hands its operation to the [`Transport`](crate::Transport), so that a layer can decide by
/// name, method, path or security, and never by looking at the URL.
///
/// ```
/// use paradex_api::operations;
///
/// let operation = &operations::UPDATE_TOKEN_ALLOWED_CIDRS;
/// assert_eq!(operation.method.as_str(), "PUT");
/// assert_eq!(operation.path, "/v1/account/tokens/{lookup_id}/allowed-cidrs");
/// ```
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the method on [`Client`](crate::Client), for example `update_token_allowed_cidrs`.
    pub id: &'static str,
    /// The `operationId` of the published document, where it has one.
    pub upstream_id: Option<&'static str>,
    /// The HTTP method.
    pub method: Method,
    /// The path from the root of the host, with its parameters in braces.
    pub path: &'static str,
    /// Whether a bearer token goes with it.
    pub security: Security,
    /// Whether it takes a body.
    pub body: Body,
    /// How its answer is paged.
    pub paging: Paging,
    /// Whether its answer carries a secret, so that no part of the body may be shown.
    pub secret_answer: bool,
    /// Path, query and header parameters.
    pub parameters: &'static [Parameter],
}

impl Operation {
    /// Whether the operation only reads: GET and HEAD.
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
    /// The method as it stands in a request line.
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

/// Whether an operation wants a bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Security {
    /// Anybody may call it; no token is sent.
    Public,
    /// A token is sent in `Authorization: Bearer …`.
    Bearer,
    /// It answers without a token, and answers more with one.
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

/// How the answer of an operation is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// One answer holds everything.
    None,
    /// The query parameter `cursor` takes the `next` of the answer before.
    Cursor {
        /// The largest `page_size` that the document allows, where it names one.
        max_page_size: Option<u32>,
    },
}

/// A parameter of an operation.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// Whether the call is refused without it.
    pub required: bool,
}

impl Parameter {
    /// One row of the generated table.
    pub(crate) const fn new(name: &'static str, location: Location, required: bool) -> Self {
        Self {
            name,
            location,
            required,
        }
    }
}

/// Where a parameter travels.
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
