//! A Rust client for the REST and WebSocket APIs of [Paradex](https://www.paradex.trade): live order books, quotes and trades, signed
//! orders, account events, and API tokens and subkeys with IP allowlists.
//!
//! This is not a product of Paradex, and nothing in it was tested against the live exchange.
//!
//! # Install
//!
//! ```sh
//! cargo add paradex-api-ext
//! cargo add tokio --features macros,rt-multi-thread,time
//! ```
//!
//! # A first program
//!
//! ```no_run
//! use paradex_api_ext::Client;
//! use paradex_api_ext::net::IpAllowlist;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // PARADEX_ENVIRONMENT=testnet PARADEX_PRIVATE_KEY_FILE=/run/secrets/paradex
//!     let client = Client::from_env()?;
//!     let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
//!
//!     for token in client.tokens().list().send().await? {
//!         if token.name() != "quoter" {
//!             continue;
//!         }
//!         let allowlist = client.tokens().allowlist(token.lookup_id());
//!         // Nothing is changed yet. `apply` refuses a plan that locks out an address of `keep`.
//!         let plan = allowlist.plan(office.clone()).keep(["203.0.113.7".parse()?]).await?;
//!         println!("{plan}");
//!         allowlist.apply(&plan).await?;
//!     }
//!     Ok(())
//! }
//! ```
//!
//! To try it without an account, add the feature `simulator` and make the client like this:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // feature `simulator`; it stops when `exchange` is dropped
//! let exchange = paradex_api_ext::simulator::Simulator::start().await?;
//! let client = exchange.client()?;
//! # assert!(client.tokens().list().send().await?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The [README](https://github.com/paradex-rs/paradex-rs#readme) has programs that place an order, replace a token
//! without downtime and audit accounts in CI.
//!
//! # I want to…
//!
//! | | where | example |
//! |---|---|---|
//! | make a client, set its credential | [`Client::from_env`], [`Client::builder`], [`Credentials`] | |
//! | restrict a token or a subkey to my addresses | [`allowlist`], [`net`] | [`allowlist`][e-allowlist] |
//! | create, list and revoke tokens | [`tokens`] | [`allowlist`][e-allowlist] |
//! | register a subkey for a trading bot | [`subkeys`] | |
//! | replace a token or a subkey that is in use | feature `fleet`, `fleet::Rotator` | [`rotation`][e-rotation] |
//! | check the allowlists of many accounts in CI | feature `fleet`, `fleet::Fleet` | [`audit_accounts`][e-audit] |
//! | share connections and rate limits among accounts | [`ClientGroup`] | [`many_accounts`][e-many] |
//! | sign in with my own signer | [`auth`] | [`external_signer`][e-signer] |
//! | place, change and cancel orders | [`orders`] | [`place_and_resolve`][e-place] |
//! | place orders over a WebSocket, cancel them when it ends | feature `stream`, `Client::order_socket` | [`market_maker`][e-maker] |
//! | follow my orders, fills, positions and balances | feature `stream`, `Client::account_stream` | [`market_maker`][e-maker] |
//! | find out whether an order was placed | [`Orders::resolve`](orders::Orders::resolve) | [`place_and_resolve`][e-place] |
//! | stop all trading | [`Client::halt`], [`ClientGroup::halt`] | [`many_accounts`][e-many] |
//! | call any other operation | [`Client::api`], the raw client | [`blocking`][e-blocking] |
//! | walk through a long list | [`pagination`] | [`blocking`][e-blocking] |
//! | write all fills of a month to a CSV file | [`pagination`] | [`fills_to_csv`][e-fills] |
//! | set a deadline, retries, rate limits and response limits | [`CallOptions`], [`RetryPolicy`], [`limits`] | |
//! | handle errors | [`Error`], [`error`] | |
//! | log every change | [`audit`] | |
//! | export metrics and traces | [`observability`] | [`observability`][e-observability] |
//! | read quotes, trades and order books as they change | feature `stream`, `Client::stream` | [`ticker`][e-ticker], [`order_book`][e-order-book] |
//! | record trades in a file | feature `stream`, `Client::stream` | [`recorder`][e-recorder] |
//! | use it without async | feature `blocking` | [`blocking`][e-blocking] |
//! | test my program without an account | feature `simulator` | [`bot`][e-bot] |
//!
//! [e-allowlist]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/allowlist.rs
//! [e-audit]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/audit_accounts.rs
//! [e-blocking]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/blocking.rs
//! [e-bot]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/bot.rs
//! [e-fills]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/fills_to_csv.rs
//! [e-maker]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/market_maker.rs
//! [e-many]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/many_accounts.rs
//! [e-observability]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/observability/observability.rs
//! [e-order-book]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/order_book.rs
//! [e-place]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/place_and_resolve.rs
//! [e-recorder]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/recorder.rs
//! [e-rotation]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/rotation.rs
//! [e-signer]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/external_signer/main.rs
//! [e-ticker]: https://github.com/paradex-rs/paradex-rs/blob/main/paradex-api-ext/examples/ticker.rs
//!
//! # What it promises
//!
//! * **An allowlist is not opened by accident.** The API writes "from anywhere" as an empty list; here it is
//!   [`Unrestricted`](net::IpAllowlist::Unrestricted). A list that is unreadable or not reported cannot be edited,
//!   only replaced as a whole.
//! * **A change of an allowlist is verified.** The stored list is compared with the sent one; if the response is lost,
//!   the list is read.
//! * **A credential goes to its own environment only.** Redirects are not followed, certificates are checked, and no
//!   error, log or `Debug` text shows a secret.
//! * **An order is signed just before it is sent**, and is not sent again if it may have been placed.
//! * **A change that may have been executed is repeated only if that is safe**, such as revoking a token by its id.
//!   Every call ends at its deadline.
//!
//! # What is not documented
//!
//! No published source answers these questions, so this crate makes no claim about them. `paradex probe` asks those with a name,
//! and the simulator can be set to any answer; see the modules `assumptions` and `probe`.
//!
//! <!-- questions of the table -->
//!
//! * What does a connection without SBE get on public channels? (`plain-connection`)
//! * What does a token get that tries to change an allowlist? (`rights-refusal`)
//! * Does the exchange ignore unknown fields of a body? (`unknown-field`)
//! * What happens to an open WebSocket when its token is revoked? (`socket-of-revoked-token`)
//! * Which types of tokens exist?
//! * Does an allowlist accept IPv6 networks? (`ipv6-networks`)
//! * What happens to a network with bits set beyond its prefix? (`host-bits`)
//! * What happens to an empty text in an allowlist? (`blank-network`)
//! * How soon does a changed allowlist take effect? (`allowlist-delay`)
//! * What happens to an open WebSocket when the allowlist of its token is narrowed? (`socket-of-narrowed-token`)
//! * Does the allowlist of a token apply to authenticating a WebSocket? (`auth-of-narrowed-token`)
//! * Which error code says that an account may not use allowlists at all?
//! * Must the main key sign the registration of a subkey? (`subkey-signature`)
//! * Can a signature be used for two sign-ins? (`sign-in-signature-again`)
//! * What happens to an open session when the allowlist of its subkey is narrowed? (`session-of-narrowed-subkey`)
//! * What happens to an open session when its subkey is revoked? (`session-of-revoked-subkey`)
//! * Can the client id of a closed order be used again? (`used-client-id`)
//! * Does the same signed order without a client id make two orders? (`same-order-twice`)
//! * How soon does cancel on disconnect act? (`disconnect-delay`)
//! * Which orders does cancel on disconnect cancel? (`disconnect-scope`)
//! * Does cancel on disconnect act when the client closes the connection with a close frame? (`disconnect-by-close`)
//!
//! <!-- end -->
//!
//! # Features
//!
//! * `ring` (default), `aws-lc-rs`, `rustls` and `native-tls`: choose the TLS library. `ring` and `aws-lc-rs` are rustls with that
//!   cryptography. ring builds faster; aws-lc-rs takes precedence if both are on. With `rustls` alone, the program installs a
//!   cryptography provider before it builds a client. A provider that the program has installed is always kept; see
//!   [`paradex_api::tls`]. Without any of the four, only plain http to this machine works.
//! * `signing` (default): Starknet keys, which sign in, register subkeys and sign orders. Without it the only credentials are bearer
//!   tokens, and no curve is compiled. `evm`, `signing-vartime`, `fleet`, `simulator` and `cli` turn it on.
//! * `http2`: uses HTTP/2 if the server supports it.
//! * `gzip` and `brotli`: request compressed responses.
//! * `evm`: Ethereum keys, for accounts that were created with one.
//! * `signing-vartime`: signs faster, with table look-ups whose timing depends on the secret nonce; for machines with one tenant.
//! * `ipnet`: conversions between [`net::Cidr`] and the types of the crate `ipnet`.
//! * `fleet`: allowlists of many accounts from a policy in TOML or YAML, audits, rotation of tokens and subkeys without downtime, and
//!   allowlist changes that roll back unless they are confirmed.
//! * `schemars`: `schemars::JsonSchema` for the types of the API, networks and allowlists.
//! * `blocking`: runs calls in synchronous programs, with `blocking::Blocking`.
//! * `metrics`: counts and times calls in the recorder of the crate `metrics`; see [`observability`].
//! * `probe`: asks an exchange the questions that no published source answers; see the module `probe`.
//! * `stream`: market data, the events of an account, and orders by WebSocket; every loss is reported.
//! * `simulator`: simulates the exchange in the process, for examples and tests.
//! * `cli`: the program `paradex`, for operators.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
#[cfg(any(feature = "probe", feature = "simulator"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "probe", feature = "simulator"))))]
pub mod assumptions;
pub mod auth;
mod backoff;
mod client;
pub mod error;
#[cfg(feature = "fleet")]
#[cfg_attr(docsrs, doc(cfg(feature = "fleet")))]
pub mod fleet;
mod monotonic;
pub mod net;
pub mod observability;
pub mod pagination;
mod pipeline;
#[doc(hidden)]
pub mod private_file;
#[cfg(feature = "probe")]
#[cfg_attr(docsrs, doc(cfg(feature = "probe")))]
pub mod probe;
#[cfg(any(feature = "probe", feature = "simulator"))]
#[doc(hidden)]
pub mod process_lock;
pub mod signing;
#[cfg(feature = "simulator")]
#[cfg_attr(docsrs, doc(cfg(feature = "simulator")))]
pub mod simulator;
#[cfg(feature = "stream")]
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub mod stream;
#[cfg(any(feature = "fleet", feature = "probe", feature = "simulator"))]
#[doc(hidden)]
pub mod suggestion;
pub mod time;
mod trading;
mod visible_json;

pub use paradex_api;

#[doc(hidden)]
pub use visible_json::visible_json;

pub use auth::Credentials;
pub use client::environment::{CustomUrl, Environment};
pub use client::options::CallOptions;
pub use client::{Client, ClientBuilder, ClientGroup};
pub use error::Error;
pub use pipeline::audit;
pub use pipeline::retry::RetryPolicy;

/// API tokens: list, create and revoke them.
pub mod tokens {
    pub use crate::access::tokens::{
        ApiToken, CreatedToken, ListTokens, NewToken, TokenAllowlistMismatch, TokenKind, Tokens,
    };
}

/// Subkeys: list, register and revoke them.
pub mod subkeys {
    pub use crate::access::subkeys::{Activation, ListSubkeys, NewSubkey, Subkey, SubkeyState, Subkeys};
}

/// The IP allowlist of a token or subkey: read it, change it, plan a change.
pub mod allowlist {
    pub use crate::access::allowlist::Allowlist;
    pub use crate::access::allowlist::plan::{AllowlistPlan, AllowlistPlanBuilder, Force};
    pub use crate::access::allowlist::snapshot::AllowlistSnapshot;
    pub use crate::access::target::Target;
}

/// Orders: place, change and cancel them, and resolve unknown outcomes.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
/// let placed = client.orders().place(order).await?;
/// println!("{:?} {:?}", placed.id, placed.status);
///
/// client.orders().cancel_all(CancelScope::AllMarkets).await?;
/// # Ok(())
/// # }
/// ```
pub mod orders {
    pub use crate::trading::{
        CancelScope, ChangeResolution, NewAlgoOrder, NewOrder, OpenOrders, OrderWindow, Orders, Resolution,
    };
    pub use paradex_api::types::{OrderFlag, OrderInstruction, OrderSide, OrderType, StpMode};
}

#[cfg(feature = "stream")]
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub mod order_socket {
    //! Orders over a WebSocket.
    #![doc = include_str!("trading/order_socket/cancel_on_disconnect.md")]
    pub use crate::trading::order_socket::{
        CancelOnDisconnect, OrderSocket, OrderSocketBuilder, OrderSocketError, OrderSocketEvent,
        OrderSocketEvents, WhenDown,
    };
}

/// What [`Client::halt`] reports.
pub mod halt {
    pub use crate::trading::halt::{HaltReport, HaltedAccount};
}

/// The rate limits that a client keeps, and the limits of what it reads.
pub mod limits {
    pub use crate::pipeline::rate_limit::{LimitKind, RateLimit, RateLimits};
    pub use crate::pipeline::response_limits::ResponseLimits;
}

/// Calls for programs that are not asynchronous.
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking {
    pub use crate::client::blocking::{Blocking, BlockingIter};
}

/// The examples of the README are compiled as well.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
