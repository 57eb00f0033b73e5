// Written by `cargo xtask gen` from openapi/paradex.json; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!Code that `cargo xtask gen` wrote.
pub mod builder;
mod client;
pub mod operations;
pub mod types;
/// `info.version` of the published document that this crate was generated from.
pub const UPSTREAM_VERSION: &str = "1.132.1";
/// The corrected OpenAPI document, as JSON.
#[cfg(feature = "document")]
pub const DOCUMENT: &str = include_str!("openapi.json");
