//! Checks requests against the OpenAPI document and creates sample values, for tests and simulators.
//!
//! It does no HTTP. A mock server passes the parts of a request as text. It gets the operation, or all violations.
//!
//! ```
//! use paradex_api::testing::{Document, Request};
//!
//! let document = Document::parse(paradex_api::DOCUMENT)?;
//! let request = Request {
//!     method: "PUT",
//!     path: "/v1/account/tokens/abc/allowed-cidrs",
//!     query: "",
//!     headers: &[],
//!     body: br#"{"allowed_cidrs": "everybody"}"#,
//! };
//! let violations = document.check_request(&request).unwrap_err();
//! assert_eq!(violations[0].place, "body/allowed_cidrs");
//! assert_eq!(violations[0].rule, "must be a list");
//! # Ok::<(), paradex_api::testing::DocumentError>(())
//! ```

mod check;
mod deviation;
mod document;
mod sample;
#[cfg(feature = "stream")]
pub mod sbe;

pub use check::{Matched, Request, Violation};
pub use deviation::Deviation;
pub use document::{Document, DocumentError, Operation};
pub use sample::{Arguments, SampleResponse};
