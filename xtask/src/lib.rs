//! How the raw crate is made: from a published document to the code under `paradex-api/`.

pub mod autofix;
pub mod canonical;
pub mod code;
pub mod config;
pub mod diff;
pub mod document;
pub mod documents;
pub mod duplicates;
pub mod generate;
pub mod git;
pub mod licenses;
pub mod output;
pub mod overlay;
pub mod passes;
pub mod release;
pub mod renames;
pub mod report;
pub mod reshape;
pub mod retired;
pub mod sbe;
pub mod source;
pub mod standalone;
pub mod stream;
pub mod tasks;
pub mod version;
pub mod watch;
pub mod yaml;

/// The examples of the README at the top are compiled here, where nothing is published from.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
