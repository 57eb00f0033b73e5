// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!Code that `cargo xtask gen` wrote.
pub mod builder;
mod client;
pub mod operations;
#[cfg(feature = "stream")]
pub mod sbe;
#[cfg(all(feature = "stream", feature = "testing"))]
pub mod sbe_encoder;
#[cfg(feature = "stream")]
pub mod stream;
pub mod types;
/// `info.version` of the published document that this crate was generated from.
pub const UPSTREAM_VERSION: &str = "1.132.1";
/// The day on which that document was published or taken in, such as `2026-08-20`. It tells revisions with the same
/// version apart.
pub const UPSTREAM_DATE: &str = "2026-08-20";
/// The corrected OpenAPI document, as JSON.
#[cfg(feature = "document")]
pub const DOCUMENT: &str = include_str!("openapi.json");
