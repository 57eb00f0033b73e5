//! What a feed yields: items, and a word for every loss.

use std::fmt;
use std::time::SystemTime;

use super::market::Market;

/// What a feed yields.
///
/// [`Lost`](Self::Lost) comes before the first item after anything was or may have been missed, and [`Live`](Self::Live) when the
/// feed is complete again. Between the two, nothing is claimed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Update<T> {
    /// The next item.
    Item(T),
    /// Items were missed, or may have been.
    Lost(Lost),
    /// From here on the feed is complete.
    Live(Live),
}

impl<T> Update<T> {
    /// Returns the item, if it is one.
    pub fn into_item(self) -> Option<T> {
        match self {
            Self::Item(item) => Some(item),
            _ => None,
        }
    }
}

/// Says that items were missed, or may have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub(super) cause: LossCause,
    pub(super) since: SystemTime,
    pub(super) market: Option<Market>,
    pub(super) dropped: u64,
}

impl Lost {
    /// Returns the cause. If several losses followed each other before the feed was live again, it is that of the first.
    pub fn cause(&self) -> LossCause {
        self.cause
    }

    /// Returns the time up to which the feed was complete, by the clock of this machine.
    pub fn since(&self) -> SystemTime {
        self.since
    }

    /// Returns the market that is affected; `None` for all markets of the feed.
    pub fn market(&self) -> Option<&Market> {
        self.market.as_ref()
    }

    /// Returns how many items arrived and were dropped, because the program was too slow. Items that never arrived are not known
    /// and not counted.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.market {
            Some(market) => write!(f, "{market}: {}", self.cause)?,
            None => write!(f, "{}", self.cause)?,
        }
        if self.dropped > 0 {
            write!(f, "; {} items dropped", self.dropped)?;
        }
        Ok(())
    }
}

/// Why items were missed, or may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LossCause {
    /// The connection ended, or was found dead.
    Disconnected,
    /// A sequence number was not the one that had to follow.
    Sequence {
        /// The number that had to follow.
        expected: i64,
        /// The number that arrived.
        got: i64,
    },
    /// The program did not read the feed fast enough. [`Lost::dropped`] counts the items.
    Lagged,
    /// Nothing arrived for longer than the kind of channel allows; see [`StreamOptions::silence`](super::StreamOptions::silence).
    Silent,
    /// A frame could not be decoded.
    Unreadable,
    /// The exchange sent an unrequested snapshot of the book.
    Replaced,
    /// The best bid of the book was not below the best ask, which only an interactive book may have.
    Crossed,
    /// The book, the open orders or the fills differed from those that the REST API returned.
    Differs,
    /// The credential of the client was replaced or revoked, and the connection of the old one was closed.
    CredentialReplaced,
    /// The exchange no longer accepted the token of the connection, which was closed.
    TokenRejected,
    /// Trading was halted, and the connection that orders were placed over was closed.
    Halted,
}

impl LossCause {
    /// Returns the name of the cause, as metrics have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Sequence { .. } => "sequence",
            Self::Lagged => "lagged",
            Self::Silent => "silent",
            Self::Unreadable => "unreadable",
            Self::Replaced => "replaced",
            Self::Crossed => "crossed",
            Self::Differs => "differs",
            Self::CredentialReplaced => "credential_replaced",
            Self::TokenRejected => "token_rejected",
            Self::Halted => "halted",
        }
    }
}

impl fmt::Display for LossCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence { expected, got } => write!(f, "sequence number {got} instead of {expected}"),
            Self::Disconnected => f.write_str("the connection ended"),
            Self::Lagged => f.write_str("the program read too slowly"),
            Self::Silent => f.write_str("the channel was silent for too long"),
            Self::Unreadable => f.write_str("a frame could not be decoded"),
            Self::Replaced => f.write_str("the exchange replaced the book"),
            Self::Crossed => f.write_str("the book was crossed"),
            Self::Differs => f.write_str("the stream differed from the REST API"),
            Self::CredentialReplaced => f.write_str("the credential was replaced or revoked"),
            Self::TokenRejected => f.write_str("the exchange rejected the token of the connection"),
            Self::Halted => f.write_str("trading was halted"),
        }
    }
}

/// Says that a feed is complete from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub(super) connection: u64,
    pub(super) schema_version: u16,
    pub(super) market: Option<Market>,
    pub(super) after: Option<LossCause>,
}

impl Live {
    /// Returns the number of the connection, which grows with each new connection of the group.
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// Returns the version of the SBE schema that was agreed with the exchange. Fields that are newer than it are `None`.
    pub fn schema_version(&self) -> u16 {
        self.schema_version
    }

    /// Returns the market that is complete; `None` for all markets of the feed.
    pub fn market(&self) -> Option<&Market> {
        self.market.as_ref()
    }

    /// Returns the cause of the loss that ended; `None` if the feed has just begun.
    pub fn after(&self) -> Option<LossCause> {
        self.after
    }
}

/// Why a feed ended for good. Everything else is repeated until it works.
///
/// Once a connection has worked, no status of a later handshake ends its feeds.
///
/// It converts into [`Error`](crate::Error) with `?`, as the errors of calls do.
///
/// ```
/// use paradex_api_ext::stream::StreamError;
/// use paradex_api_ext::Error;
///
/// let error = Error::from(StreamError::Lagged { capacity: 100 });
/// // Another feed may be read faster.
/// assert!(error.is_retryable());
/// if let Error::Task(task) = &error {
///     assert!(task.downcast_ref::<StreamError>().is_some());
/// }
/// assert!(!Error::from(StreamError::NoMarket).is_retryable());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The exchange refused the subscription for a reason that does not pass. Other refusals are repeated.
    #[error("the exchange refused the subscription to `{channel}` with code {code}: {message}{remedy}", remedy = remedy(channel))]
    Refused {
        /// The name of the channel.
        channel: String,
        /// The code of the JSON-RPC error.
        code: i64,
        /// The message of the exchange.
        message: String,
    },
    /// A channel was acknowledged and never sent anything, also after it was subscribed again: at least twice, and on a new
    /// connection unless other channels had data on the present one. It ends a feed of which it was the last channel.
    #[error(
        "`{channel}` was acknowledged and never sent anything; check the market, or set another limit with \
         `StreamOptions::silence`"
    )]
    Silent {
        /// The name of the channel.
        channel: String,
    },
    /// The exchange speaks none of the schema versions that this crate knows.
    #[error(
        "the exchange refused every version of the SBE schema {schema} that this crate knows ({versions:?}); update this crate"
    )]
    Schema {
        /// The id of the schema.
        schema: u16,
        /// The versions that were asked for.
        versions: Vec<u16>,
    },
    /// The address does not accept WebSocket connections.
    #[error(
        "{address} responded to the handshake with status {status}, so it opens no WebSocket; check the environment and its address"
    )]
    Handshake {
        /// The address, without its query.
        address: String,
        /// The status code.
        status: u16,
    },
    /// The address redirects, which is not followed.
    #[error(
        "{address} redirects with status {status}, which is not followed; use the address of the exchange itself"
    )]
    Redirected {
        /// The address, without its query.
        address: String,
        /// The status code.
        status: u16,
    },
    /// The HTTP client negotiated HTTP/2, over which no WebSocket is opened.
    #[error(
        "the HTTP client negotiated HTTP/2, and a WebSocket needs HTTP/1.1; call `http1_only` on the builder that \
         `ClientBuilder::http_client_builder` is given"
    )]
    Http2,
    /// The HTTP client that opens WebSockets could not be created.
    #[error("no WebSocket can be opened: {0}")]
    HttpClient(String),
    /// The exchange refused the credential of a private connection, and another attempt with it cannot succeed.
    #[error("the exchange refused the credential of the connection with code {code}: {message}")]
    CredentialRefused {
        /// The code of the JSON-RPC error.
        code: i64,
        /// The message of the exchange.
        message: String,
    },
    /// The exchange refused to cancel orders when the connection ends.
    #[error("the exchange refused cancel on disconnect with code {code}: {message}")]
    NotArmed {
        /// The code of the JSON-RPC error.
        code: i64,
        /// The message of the exchange.
        message: String,
    },
    /// The client has no credential, and a private connection needs one.
    #[error(
        "this client has no credential, which private channels need: set one with `ClientBuilder::credentials`"
    )]
    NoCredentials,
    /// The cursor of an account stream cannot be used.
    #[error("the cursor cannot be used: {0}")]
    InvalidCursor(String),
    /// Signing in failed in a way that repeating cannot help.
    #[error("a private connection was not made: {0}")]
    SignIn(String),
    /// The queue of a feed with [`Lag::End`](super::Lag::End) was full.
    #[error("the program did not read the feed fast enough: {capacity} updates were waiting")]
    Lagged {
        /// The size of the queue.
        capacity: usize,
    },
    /// A feed was created for an empty list of markets.
    #[error("the list of markets is empty; name a market, or use `Markets::All`")]
    NoMarket,
    /// A market symbol has characters that no symbol has, or is empty.
    #[error(
        "`{0}` is not the symbol of a market; symbols have letters, digits, `-` and `_`, such as `BTC-USD-PERP`"
    )]
    InvalidMarket(String),
    /// The feed was first polled outside of a tokio runtime.
    #[error("there is no tokio runtime, and a feed needs one for its connection; read it inside a runtime")]
    NoRuntime,
    /// The task of a private connection panicked, which is a defect of this crate.
    #[error("the task of the connection panicked; report this, and create another one")]
    Panicked,
}

/// What to do about a refused channel, if it names a market.
fn remedy(channel: &str) -> &'static str {
    match channel.split('.').nth(1) {
        None | Some("ALL") => "",
        Some(_) => "; check the symbol of the market",
    }
}

impl StreamError {
    pub(super) fn invalid_market(market: &Market) -> Self {
        Self::InvalidMarket(paradex_api::visible(market.as_str(), 100).to_string())
    }
}
