//! Why a response that arrived cannot be used.

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{CONTENT_TYPE, HeaderValue};
use paradex_api::{Operation, RawResponse, visible};
use tokio::task::JoinError;

/// Whether a response is a page of HTML.
pub(crate) fn is_html(response: &RawResponse) -> bool {
    const HTML: &[u8] = b"text/html";
    let kind = response.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let start = kind.and_then(|kind| kind.get(..HTML.len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case(HTML))
}

/// A page of HTML with a success status. It comes from a server in between, such as a login or maintenance page.
#[derive(Debug, thiserror::Error)]
#[error("a server between this client and the exchange responded with {status} and a page of HTML: {start}")]
pub(crate) struct HtmlPage {
    status: StatusCode,
    start: String,
}

impl HtmlPage {
    pub(crate) fn new(operation: &'static Operation, response: &RawResponse) -> Self {
        // More than is shown, because a secret is masked before the text is cut.
        const START: usize = 16 << 10;
        let start = match operation.secret_response {
            true => &[],
            false => response.body.get(..START).unwrap_or(&response.body),
        };
        let start = String::from_utf8_lossy(start);
        // Masked first: masking sees through a line break within a secret, and not through a space.
        let start = response.request_secrets.redact(&start);
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            status: response.status,
            start: visible(&start, 120),
        }
    }
}

/// A response whose decoding did not finish.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotDecoded(&'static str);

impl NotDecoded {
    pub(crate) fn no_runtime() -> Self {
        Self("there is no tokio runtime")
    }
}

impl From<JoinError> for NotDecoded {
    fn from(error: JoinError) -> Self {
        Self(match error.is_panic() {
            true => "decoding it panicked, which is a defect of this client",
            false => "the tokio runtime is shutting down",
        })
    }
}

/// A response that exceeds one of [`ResponseLimits`](crate::limits::ResponseLimits).
#[derive(Debug, thiserror::Error)]
#[error(
    "the {what} of the response exceeds the limit of {limit}; raise it with `ClientBuilder::response_limits`"
)]
pub(crate) struct TooLarge {
    pub(crate) what: &'static str,
    pub(crate) limit: usize,
}
