//! The raw client of the [Paradex](https://www.paradex.trade) REST API: every operation, generated from
//! the exchange's OpenAPI document and nothing invented on top.
//!
//! ```
//! use std::sync::Arc;
//! use paradex_api::{BaseUrl, Client, Operation, RawResponse, Transport, TransportFuture, reqwest};
//!
//! /// Stands in for the exchange, so that this example runs anywhere. Leave it out, and make the client
//! /// with `Client::new(BaseUrl::production())`.
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
//! // A value that is newer than this crate fails nothing.
//! assert_eq!(market.asset_kind.as_ref().map(|kind| kind.as_str()), Some("SOMETHING_NEW"));
//! # Ok(())
//! # }
//! ```
//!
//! Most programs want the crate `paradex-api-ext` instead: it puts sign-in, allowlists that cannot be
//! opened by accident, typed errors and more on top, and hands out this client for everything else.
//!
//! # What it promises
//!
//! * **Nothing is lost.** Status, headers and body of an answer are at hand whatever it was, in
//!   [`Response`] and in [`Error`]. An unknown enumeration value is kept and written back; a value that a
//!   field cannot hold stays in the record's `undecoded()` (see [`wire`]). Decimals are exact or not read.
//! * **Nothing is sent by accident.** A call that lacks a parameter, or whose path parameter would address
//!   another resource (an empty text, `.` or `..`), fails before it is sent. Redirects are never followed.
//! * **Secrets are a type.** Tokens, signatures and encrypted keys are [`Secret`]s; neither `Debug` nor an
//!   error nor a serialised answer shows them. Nor do they show what a request carried, if a server or proxy repeats it
//!   in its response (see [`Carried`]).
//! * **Memory is bounded.** A response takes at most eight times the bound of its body, whatever the server sends; see
//!   [`BodyLimits`].
//! * **One path.** Every call goes through one function and one [`Transport`], which can be replaced.
//!
//! It neither retries, limits nor signs, and sets no time-out.
//!
//! # Finding an operation
//!
//! Methods on [`Client`] begin with a verb. The documentation of each names the path and the
//! `operationId` of the exchange's own documentation, so the search box finds either.
//! [`operations`] holds the same as a table.
//!
//! # Features
//!
//! * `rustls` (default) and `native-tls` choose the TLS library; with neither, only http works.
//! * `http2`: HTTP/2 where the server offers it.
//! * `gzip` and `brotli`: asks for compressed answers.
//! * `schemars`: `schemars::JsonSchema` for every type.
//! * `document`: the corrected OpenAPI document, as `DOCUMENT`.
//! * `testing`: the module `testing`, with a request checker and sample values for tests and simulators.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
mod call;
mod carried;
mod decoding;
mod error;
#[rustfmt::skip]
mod generated;
mod body_limits;
mod operation;
mod response;
pub mod runtime;
mod secret;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod transport;
pub mod wire;

pub use base_url::BaseUrl;
pub use body_limits::{BodyLimits, BodyTooLarge};
pub use bytes::Bytes;
pub use call::Client;
pub use carried::Carried;
pub use decoding::{DecodeFuture, DecodeJob, DecodeRunner};
pub use error::{BuildError, DecodeError, Error, ErrorResponse, InvalidBaseUrl, InvalidRequest};
#[cfg(feature = "document")]
pub use generated::DOCUMENT;
pub use generated::{UPSTREAM_VERSION, builder, operations, types};
pub use operation::{Body, Location, Method, Operation, Paging, Parameter, Security};
pub use reqwest;
pub use response::{RawResponse, Response};
pub use rust_decimal::Decimal;
pub use secret::Secret;
pub use serde_json;
pub use text::visible;
pub use transport::{BoxError, HttpTransport, Transport, TransportFuture};

/// The examples of the README are compiled as well.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
