//! What can go wrong, and what to do about it.
//!
//! Calls return [`Error`], or an error type of their own if a caller can do something about the reasons: [`CreateTokenError`],
//! [`RegisterSubkeyError`], [`RevokeError`], [`AllowlistError`] and [`PlaceOrderError`], and those of the modules `fleet` and
//! `stream`.
//! Each of these types has the same methods, and `?` turns each into an [`Error`] that keeps what they return:
//!
//! | method | what it returns |
//! |---|---|
//! | [`is_outcome_unknown`](Error::is_outcome_unknown) | whether a change may have been made although the call failed |
//! | [`is_retryable`](Error::is_retryable) | whether the same call may succeed later |
//! | [`retry_after`](Error::retry_after) | how long to wait before that |
//! | [`class`](Error::class) | the kind of refusal, such as [`NotFound`](ErrorClass::NotFound) |
//! | [`status`](Error::status), [`code`](Error::code), [`message`](Error::message) | what the exchange responded |
//! | [`request_id`](Error::request_id) | the id to give to the exchange's support |
//!
//! ```no_run
//! use paradex_api_ext::net::IpAllowlist;
//! use paradex_api_ext::orders::NewOrder;
//! use paradex_api_ext::subkeys::NewSubkey;
//! use paradex_api_ext::tokens::NewToken;
//! use paradex_api_ext::{Client, Error};
//!
//! # struct Wanted { token: NewToken, subkey: NewSubkey, list: IpAllowlist, order: NewOrder }
//! async fn set_up(client: &Client, wanted: Wanted) -> Result<(), Error> {
//!     client.tokens().create(wanted.token).await?;
//!     client.tokens().revoke("old-token").await?;
//!     client.subkeys().register(wanted.subkey).await?;
//!     client.tokens().allowlist("token-id").set(wanted.list).await?;
//!     client.orders().place(wanted.order).await?;
//!     client.api().list_markets().send().await?;
//!     Ok(())
//! }
//!
//! # async fn example(client: Client, wanted: Wanted) {
//! match set_up(&client, wanted).await {
//!     Ok(()) => {}
//!     Err(error) if error.is_outcome_unknown() => println!("look before you repeat it: {error}"),
//!     Err(error) if error.is_retryable() => println!("try again after {:?}: {error}", error.retry_after()),
//!     // The variants of each type are still there.
//!     Err(Error::CreateToken(error)) => println!("no token: {error}"),
//!     Err(error) => println!("something must change first: {error}"),
//! }
//! # }
//! ```
//!
//! The text of an error does not repeat the text of its source, so print the whole chain.
//!
//! # Troubleshooting
//!
//! | error | what it means | what to do |
//! |---|---|---|
//! | [`Error::Api`] with class [`Address`](ErrorClass::Address), code `IP_NOT_ALLOWED` | the allowlist of the token does not contain the address that you call from | call from an allowed address, or change the list with another credential |
//! | [`Error::Api`] with class [`Validation`](ErrorClass::Validation) | the exchange rejected a value | read [`message`](Error::message), correct the value |
//! | [`Error::Api`] with class [`Permission`](ErrorClass::Permission) | the account or the session may not do this | use the main account's key; some features must be enabled by the exchange |
//! | [`Error::Api`] with class [`RateLimit`](ErrorClass::RateLimit) (429) | too many requests | wait for [`retry_after`](Error::retry_after) |
//! | [`Error::Api`] without a code, 502 or 503 | something in front of the exchange responded | read [`ApiError::excerpt`]; try again later, after a change only once you know that it was not made |
//! | [`AuthenticationError::NoCredentials`] | the client has no credential | [`ClientBuilder::credentials`](crate::ClientBuilder::credentials) |
//! | [`AuthenticationError::Expired`], [`Refused`](AuthenticationError::Refused) | the token has expired, was revoked, or belongs to another environment | get a new token, or give the client a key, so that it signs in itself |
//! | [`AuthenticationError::SignIn`] | the sign-in failed | read its source, a [`SignInError`](crate::auth::SignInError) |
//! | [`AuthenticationError::MainAccountOnly`] | a subkey cannot do this | use a client with the main account's key |
//! | [`Error::Transport`], nothing sent | there was no session or connection in time | check network, proxy and base address; it can be repeated |
//! | [`Error::Transport`], outcome unknown | the connection broke after a change was sent | look for the change, then decide |
//! | [`Error::Decode`] | a success that cannot be decoded: a newer API than this crate, or a server in between | a change may have been made: look for it; update this crate |
//! | [`Error::Withheld`] | this client did not send the call | see its [`reason`](Withheld::reason): read-only, trading halted, rate limit, market or exchange closed, order socket not connected, audit sink failed |
//! | [`Error::InvalidInput`] | a value breaks a rule that this crate checks | correct [`field`](InvalidInput::field) |
//! | [`Error::Configuration`] | a client or credential cannot be created like this | do what its text says |
//! | `TooManyEntries` of a token, subkey or allowlist | the list has more entries than the exchange accepts | merge entries or remove some |
//! | [`AllowlistError::ConcurrentChange`] | someone else changed the list after it was read | plan again |
//! | [`AllowlistError::WouldLockOut`] | the new list excludes an address that must stay allowed | add its network |
//! | [`AllowlistError::AllowlistMismatch`], [`CreateTokenError::AllowlistMismatch`] | the exchange stored another list than requested | look at the list; a new token is live: revoke it or set its list |
//! | `Forbidden` of a token, subkey or allowlist | the session is not the main account's, or IP restrictions are not enabled for the account | use the main account's key; ask the exchange to enable them |
//! | [`PlaceOrderError::OutcomeUnknown`], [`NotUnderstood`](PlaceOrderError::NotUnderstood) | the order may have been placed | [`Orders::resolve`](crate::orders::Orders::resolve) before you place it again |
//! | [`PlaceOrderError::NotPlaced`], [`Refused`](PlaceOrderError::Refused) | the order was certainly not placed | read the source |

mod allowlist;
mod api;
mod authentication;
pub(crate) mod call;
mod causes;
mod class;
mod configuration;
mod decode;
mod invalid_input;
mod order;
mod outcome;
#[cfg(feature = "signing")]
mod placing;
mod reason;
mod subkey;
pub(crate) mod task;
#[cfg(test)]
pub(crate) mod tests;
mod token;
mod transport;
mod withheld;

use paradex_api::reqwest::{self, StatusCode};
use paradex_api::runtime::NoRuntime;

use crate::net::{CidrError, EditError, InvalidEntries, TooManyEntries, UnknownAllowlist};
use call::{CallFacts, Origin, call_methods};

pub use allowlist::{AllowlistError, AllowlistMismatch, ConcurrentChange, OutcomeUnknown, WouldLockOut};
pub use api::ApiError;
pub(crate) use api::{retry_after, shown_request_id};
pub use authentication::AuthenticationError;
#[doc(hidden)]
pub use causes::text_with_causes;
pub use class::ErrorClass;
pub use configuration::ConfigurationError;
pub use decode::DecodeError;
pub use invalid_input::InvalidInput;
pub use order::{PlaceOrderError, UnconfirmedOrder};
pub use subkey::RegisterSubkeyError;
pub use task::TaskError;
pub use token::{CreateTokenError, RevokeError};

pub use crate::pipeline::phase::Phase;
pub use transport::TransportError;
pub use withheld::{Withheld, WithheldReason};

/// Why a call returned no value.
///
/// All error types of calls convert into it with `?`, and it has the same methods. The [module](self) has a table of errors
/// and what to do about each.
///
/// ```
/// use paradex_api_ext::Error;
/// use paradex_api_ext::paradex_api::reqwest::StatusCode;
/// use paradex_api_ext::paradex_api::{DecodeError, Error as RawError, RawResponse, operations};
///
/// fn advice(error: &Error) -> &'static str {
///     if error.is_outcome_unknown() {
///         "it may have been carried out: look before you repeat it"
///     } else if error.is_retryable() {
///         "the same call may succeed later"
///     } else {
///         "something must change first"
///     }
/// }
///
/// // A success that names no order: the order was probably placed.
/// let response = RawResponse::new(StatusCode::OK, Default::default(), "{}");
/// let error = DecodeError::unusable(&operations::CREATE_ORDER, response, "it does not name an order");
/// let error = Error::from(RawError::Decode(Box::new(error)));
/// assert_eq!(advice(&error), "it may have been carried out: look before you repeat it");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The exchange, or something in front of it, refused. The class says what can be done.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The client has no token, or none that the exchange accepts. Get a new one.
    #[error(transparent)]
    Authentication(Box<AuthenticationError>),
    /// No complete response arrived. [`is_outcome_unknown`](Self::is_outcome_unknown) says whether a change may have been
    /// made.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The exchange reported success in a response that cannot be used. A change was probably made: look for it.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// A value breaks a rule that this crate checks. Nothing was sent. Correct the value.
    #[error(transparent)]
    InvalidInput(Box<InvalidInput>),
    /// This client did not send the call. Its reason says when it will.
    #[error(transparent)]
    Withheld(Box<Withheld>),
    /// A client or credential cannot be created like this. The text names the remedy.
    #[error(transparent)]
    Configuration(Box<ConfigurationError>),
    /// A token was not created, as far as is known.
    #[error(transparent)]
    CreateToken(Box<CreateTokenError>),
    /// A subkey was not registered, as far as is known.
    #[error(transparent)]
    RegisterSubkey(Box<RegisterSubkeyError>),
    /// A token or subkey was not revoked, as far as is known.
    #[error(transparent)]
    Revoke(Box<RevokeError>),
    /// An allowlist was not read or not changed, as far as is known.
    #[error(transparent)]
    Allowlist(Box<AllowlistError>),
    /// An order was not placed or not changed, as far as is known.
    #[error(transparent)]
    PlaceOrder(Box<PlaceOrderError>),
    /// A policy, a plan, a rotation or a confirmed change of the module `fleet` failed, or a feed of the module `stream` ended.
    #[error(transparent)]
    Task(TaskError),
}

impl Error {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::Api(error) => CallFacts::from_origin(Origin::Api(error)),
            Self::Authentication(error) => error.facts(),
            Self::Transport(error) => CallFacts::from_origin(Origin::Transport(error)),
            Self::Decode(error) => CallFacts::from_origin(Origin::Decode(error)),
            Self::Withheld(error) => CallFacts::from_origin(Origin::Withheld(error)),
            Self::InvalidInput(_) | Self::Configuration(_) => CallFacts::LOCAL,
            Self::CreateToken(error) => error.facts(),
            Self::RegisterSubkey(error) => error.facts(),
            Self::Revoke(error) => error.facts(),
            Self::Allowlist(error) => error.facts(),
            Self::PlaceOrder(error) => error.facts(),
            Self::Task(error) => error.facts(),
        }
    }
}

call_methods!(Error);

impl From<paradex_api::Error> for Error {
    fn from(error: paradex_api::Error) -> Self {
        match error {
            paradex_api::Error::InvalidRequest(source) => InvalidInput::from(source).into(),
            paradex_api::Error::Response(response) => {
                let error = ApiError(response);
                if error.status() == StatusCode::UNAUTHORIZED {
                    AuthenticationError::Refused(error).into()
                } else {
                    Self::Api(Box::new(error))
                }
            }
            paradex_api::Error::Decode(source) => {
                let operation = source.operation();
                match source.into_runner_error() {
                    Ok(error) => Self::Transport(Box::new(TransportError::new(operation, error))),
                    Err(source) => DecodeError::new(source).into(),
                }
            }
            paradex_api::Error::Transport {
                operation, source, ..
            } => match source.downcast::<AuthenticationError>() {
                Ok(error) => Self::Authentication(error),
                Err(source) if source.is::<InvalidInput>() => match source.downcast() {
                    Ok(error) => Self::InvalidInput(error),
                    Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
                },
                Err(source) if source.is::<Withheld>() => match source.downcast() {
                    Ok(error) => Self::Withheld(error),
                    Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
                },
                Err(source) if source.is::<NoRuntime>() => ConfigurationError::new(source.to_string()).into(),
                Err(source) if source.downcast_ref().is_some_and(reqwest::Error::is_builder) => {
                    let rule = format!("{operation}: the request cannot be made: {source}");
                    InvalidInput::from_rule("call", rule).into()
                }
                Err(source) => Self::Transport(Box::new(TransportError::new(operation, source))),
            },
            other => InvalidInput::from_rule("call", other.to_string()).into(),
        }
    }
}

impl From<AuthenticationError> for Error {
    fn from(error: AuthenticationError) -> Self {
        Self::Authentication(Box::new(error))
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Decode(Box::new(error))
    }
}

impl From<InvalidInput> for Error {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidInput(Box::new(error))
    }
}

impl From<Withheld> for Error {
    fn from(error: Withheld) -> Self {
        Self::Withheld(Box::new(error))
    }
}

impl From<ConfigurationError> for Error {
    fn from(error: ConfigurationError) -> Self {
        Self::Configuration(Box::new(error))
    }
}

impl From<CreateTokenError> for Error {
    fn from(error: CreateTokenError) -> Self {
        Self::CreateToken(Box::new(error))
    }
}

impl From<RegisterSubkeyError> for Error {
    fn from(error: RegisterSubkeyError) -> Self {
        Self::RegisterSubkey(Box::new(error))
    }
}

impl From<RevokeError> for Error {
    fn from(error: RevokeError) -> Self {
        Self::Revoke(Box::new(error))
    }
}

impl From<AllowlistError> for Error {
    fn from(error: AllowlistError) -> Self {
        Self::Allowlist(Box::new(error))
    }
}

impl From<PlaceOrderError> for Error {
    fn from(error: PlaceOrderError) -> Self {
        Self::PlaceOrder(Box::new(error))
    }
}

impl From<TooManyEntries> for Error {
    fn from(error: TooManyEntries) -> Self {
        AllowlistError::from(error).into()
    }
}

impl From<InvalidEntries> for Error {
    fn from(error: InvalidEntries) -> Self {
        InvalidInput::from_rule("allowlist", error.to_string()).into()
    }
}

impl From<CidrError> for Error {
    fn from(error: CidrError) -> Self {
        InvalidInput::from_rule("network", error.to_string()).into()
    }
}

impl From<EditError> for Error {
    fn from(error: EditError) -> Self {
        AllowlistError::from(error).into()
    }
}

impl From<UnknownAllowlist> for Error {
    fn from(error: UnknownAllowlist) -> Self {
        AllowlistError::from(error).into()
    }
}
