//! A client for every operation of the [Paradex](https://www.paradex.trade) REST API, generated from its OpenAPI document.
//!
//! It sends requests and decodes responses, and nothing more: no signing, no retries, no rate limiting and no timeout. Most
//! programs want the crate `paradex-api-ext`, which adds these and gives access to this client as well.
//!
//! ```
//! use std::sync::Arc;
//! use paradex_api::{BaseUrl, Client, Operation, RawResponse, Transport, TransportFuture, reqwest};
//!
//! /// A mock of the exchange, so that this example runs anywhere. To call the exchange, use
//! /// `Client::new(BaseUrl::production())` instead.
//! struct Canned;
//!
//! impl Transport for Canned {
//!     fn send<'a>(&'a self, _: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
//!         let body = r#"{"results": [{"symbol": "BTC-USD-PERP", "price_tick_size": "0.1",
//!                                     "asset_kind": "SOMETHING_NEW"}]}"#;
//!         Box::pin(async move { Ok(RawResponse::new(reqwest::StatusCode::OK, Default::default(), body)) })
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::with_transport(BaseUrl::production(), Arc::new(Canned));
//! let markets = client.list_markets().send().await?;
//! let market = &markets.results[0];
//! assert_eq!(market.price_tick_size, Some("0.1".parse()?));
//! // An enum value that is newer than this crate is not an error.
//! assert_eq!(market.asset_kind.as_ref().map(|kind| kind.as_str()), Some("SOMETHING_NEW"));
//! # Ok(())
//! # }
//! ```
//!
//! # Finding an operation
//!
//! Methods of [`Client`] begin with a verb. The documentation of each method names its path and its `operationId` in the
//! exchange's documentation, so the search box finds any of them. [`operations`] is a table of all operations. [`Client::call`]
//! calls one that is chosen at run time.
//!
//! # Responses and errors
//!
//! A call returns a [`Response`], which dereferences to the decoded value and also has status, headers and body. Every
//! [`Error`] keeps the response that it was made from. A call that lacks a parameter, or whose path parameter would address
//! another resource (an empty text, `.` or `..`), fails before it is sent.
//!
//! # Lenient decoding
//!
//! One unexpected value does not fail a response. An unknown enum value is kept and written back. A value that a field cannot
//! hold stays in the record's `undecoded()`. Decimals are read exactly or not at all. See [`wire`].
//!
//! # Secrets
//!
//! Tokens, signatures and encrypted keys have the type [`Secret`], which neither `Debug` nor an error nor a serialised response
//! shows. If a server or proxy repeats secrets of a request in its response, they are redacted from texts; see
//! [`RequestSecrets`].
//!
//! # Transport and limits
//!
//! Every call goes through one [`Transport`], which can be replaced or wrapped. [`HttpTransport`], the default, never follows
//! redirects. Whatever the server sends, a response takes at most eight times the limit of its body; see [`BodyLimits`].
//!
//! # WebSocket
//!
//! This crate opens no WebSocket. For a connection of your own, the feature `stream` has the module `sbe`, which decodes the binary
//! frames of market data, the module `stream` with tables of all channels and methods, and the types of their JSON messages.
//!
//! # Features
//!
//! | feature | default | effect |
//! |---|---|---|
//! | `ring` | yes | TLS by rustls with the cryptography of ring, which builds faster than aws-lc-rs |
//! | `aws-lc-rs` | | TLS by rustls with the cryptography of aws-lc-rs, which takes precedence if both are on |
//! | `rustls` | by `ring` | TLS by rustls; without `ring` and `aws-lc-rs` the program installs a cryptography provider |
//! | `native-tls` | | TLS by the library of the system; without it and `rustls`, only http to this machine works |
//! | `http2` | | HTTP/2, if the server offers it |
//! | `gzip`, `brotli` | | requests compressed responses |
//! | `schemars` | | `schemars::JsonSchema` for every type of the API |
//! | `document` | | the corrected OpenAPI document as `DOCUMENT` |
//! | `stream` | | channels, methods, JSON messages and binary frames of the WebSocket API |
//! | `testing` | | the module `testing`: a request checker and sample values, for tests and simulators |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
mod body_limits;
mod call;
mod client;
mod decoding;
mod error;
#[rustfmt::skip]
mod generated;
mod operation;
mod raw_call;
mod redaction;
mod response;
pub mod runtime;
#[cfg(feature = "stream")]
pub mod sbe;
mod secret;
#[cfg(feature = "stream")]
pub mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod tls;
mod transport;
pub mod wire;

pub use base_url::BaseUrl;
pub use body_limits::{BodyLimits, BodyTooLarge};
pub use bytes::Bytes;
pub use client::Client;
pub use decoding::{DecodeFuture, DecodeJob, DecodeRunner};
pub use error::{BuildError, DecodeError, Error, ErrorResponse, InvalidBaseUrl, InvalidRequest};
#[cfg(feature = "document")]
pub use generated::DOCUMENT;
pub use generated::{UPSTREAM_DATE, UPSTREAM_VERSION, builder, operations, types};
pub use operation::{Body, Location, Method, Operation, Paging, Parameter, Security};
pub use raw_call::RawCall;
pub use redaction::RequestSecrets;
/// The HTTP library.
///
/// A client of reqwest that you build yourself needs a cryptography provider for rustls: call [`tls::install_default_provider`]
/// first.
pub use reqwest;
pub use response::{RawResponse, Response};
pub use rust_decimal::Decimal;
pub use secret::Secret;
pub use serde_json;
pub use text::visible;
pub use transport::{BoxError, HttpTransport, Transport, TransportFuture};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
