//! A client for the [Paradex](https://www.paradex.trade) exchange that is hard to use wrongly.
//!
//! ```no_run
//! use paradex_api_ext::net::IpAllowlist;
//! use paradex_api_ext::{Client, Credentials, Environment};
//!
//! # async fn example(jwt: String) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(Environment::Testnet)
//!     .credentials(Credentials::bearer(Environment::Testnet, jwt)?)
//!     .build()?;
//!
//! // Which of the account's tokens work from anywhere?
//! for token in client.tokens().list().send().await? {
//!     println!("{token}");
//! }
//!
//! // Restrict one of them, and be told beforehand what that changes.
//! let allowlist = client.tokens().allowlist("token-id");
//! let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
//! let plan = allowlist.plan_allowlist(office).keep(["203.0.113.7".parse()?]).await?;
//! println!("{plan}");
//! allowlist.apply(&plan).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises
//!
//! * **An allowlist is not opened by accident.** The API writes "from anywhere" as an empty list; here that is a
//!   word, and no list turns into it. What the exchange answers can be unreadable or missing, and then nothing is
//!   changed on the strength of it. See [`net`] and [`Allowlist`](allowlist::Allowlist).
//! * **A change does what it says.** What the exchange stored is compared with what was sent, a lost answer is
//!   resolved by reading, and nothing is blindly sent twice.
//! * **Credentials stay where they belong.** Each names its exchange and goes nowhere else; redirects are not followed,
//!   certificates are checked, and no text of this crate shows a secret.
//! * **A session stays alive.** With a key the client signs in, renews the session in passing and replaces it when the exchange
//!   ends it. See [`auth`].
//! * **An order is signed as it is sent**, after every wait, and never sent twice. See [`Orders`](orders::Orders).
//! * **Every attempt is safe.** What may have been carried out is not repeated, and a call ends when it was told to.
//!   See [`CallOptions`].
//! * **Every change can be taken down**, before it is sent and after it. See [`audit`].
//! * **Trading can be stopped** with one call, on all clones. See [`Client::halt`].
//! * **Limits are kept** before the exchange has to say so. See [`limits`].
//! * **Long lists come page by page**, as a stream. See [`Paged`](pagination::Paged).
//! * **Errors say what to do.** See [`Error`] and the errors of the single calls, such as [`CreateTokenError`](error::CreateTokenError).
//! * **Everything else is there.** [`Client::api`] is the raw client of the whole API, over the same path.
//!
//! # What nobody outside knows
//!
//! No published source says, and so this crate does not claim:
//!
//! * whether the exchange takes IPv6 networks, or networks with bits set beyond the prefix (none are sent);
//! * how soon a changed allowlist takes effect, and what becomes of sessions and WebSockets that are open then;
//! * which error code a 403 on these calls carries, and so whether the session or the account is the reason;
//! * which types of tokens there are.
//!
//! # Features
//!
//! * `rustls` (default) and `native-tls` choose the TLS library; with neither, only http to this machine works.
//! * `http2`: HTTP/2 where the server offers it.
//! * `gzip` and `brotli`: asks for compressed answers.
//! * `evm`: Ethereum keys, for accounts that were made with one.
//! * `signing-vartime`: signs faster, at the price of table look-ups that depend on the secret nonce.
//! * `ipnet`: conversions between [`net::Cidr`] and the types of the crate `ipnet`.
//! * `fleet`: allowlists of many accounts as a policy in TOML or YAML, audits, tokens and subkeys exchanged without downtime,
//!   and changes of an allowlist that undo themselves.
//! * `schemars`: `schemars::JsonSchema` for the types of the API, networks and allowlists.
//! * `blocking`: `Blocking`, which runs calls in programs that are not asynchronous.
//! * `metrics`: counts and times calls in the recorder of the crate `metrics`; see below.
//! * `simulator`: a local exchange in the process, for examples and tests.
//! * `cli`: the program `paradex`, for operators.
//!
//! # Metrics
//!
//! With the feature `metrics`, each call that is not answered by a layer of yours leaves these; times are in seconds. Nothing of a
//! request or an answer is in them.
//!
//! | name | kind | labels | what it says |
//! |---|---|---|---|
//! | `paradex.calls` | counter | `operation`, `outcome` | calls that have ended; signing in is one of `auth`, `auth_evm` or `auth_with_public_key` |
//! | `paradex.retries` | counter | `operation` | attempts beyond the first |
//! | `paradex.in_flight` | gauge | | calls that have begun and not ended |
//! | `paradex.call` | histogram | `operation` | the time of a call, with every attempt and wait |
//! | `paradex.phase` | histogram | `operation`, `phase` | what of that went into a phase: `sign_in` (waiting for a session), `rate_limit` (waiting for this client's rate limit), `exchange` (sending and reading) |
//!
//! `operation` is the [`id`](paradex_api::Operation::id). `outcome` is one of these:
//!
//! | outcome | what happened |
//! |---|---|
//! | `ok` | a success; for a change, one that names what was made |
//! | `rate_limited` | a 429 |
//! | `refused` | another status below 500 |
//! | `failed` | a status of 500 and above |
//! | `unusable` | a success that cannot be used: a page of HTML, a change that is not named, a response beyond the bounds |
//! | `exchange` | it was sent, and no complete response arrived |
//! | `sign_in`, `rate_limit`, `stale`, `connect` | it was not sent, and got this far |
//! | `withheld` | this client held it back for another reason than its rate limit |
//! | `request` | it could not be made into a request |
//! | `given_up` | the caller stopped waiting for it |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
pub mod auth;
mod client;
pub mod error;
#[cfg(feature = "fleet")]
#[cfg_attr(docsrs, doc(cfg(feature = "fleet")))]
pub mod fleet;
pub mod net;
pub mod pagination;
mod pipeline;
#[doc(hidden)]
pub mod private_file;
pub mod signing;
#[cfg(feature = "simulator")]
pub mod simulator;
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
    pub use crate::access::allowlist::{Allowlist, AllowlistPlan, Force, PlanAllowlist, Snapshot, Target};
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
        CancelScope, ChangeResolution, NewAlgoOrder, NewOrder, OrderWindow, Orders, Resolution,
    };
    pub use paradex_api::types::{OrderFlag, OrderInstruction, OrderSide, OrderType, StpMode};
}

/// What [`Client::halt`] reports.
pub mod halt {
    pub use crate::trading::halt::{HaltReport, HaltedAccount, OpenOrders};
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
