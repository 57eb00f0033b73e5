//! The seam between the generated calls and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::body_limits::BodyLimits;
use crate::carried::Carried;
use crate::error::BuildError;
use crate::operation::{Operation, Security};
use crate::response::RawResponse;
use crate::runtime;
use crate::secret::Secret;

/// An error that a transport answers with. It comes out of the call unchanged, inside
/// [`Error::Transport`](crate::Error::Transport), where `downcast_ref` finds it again. A
/// [`DecodeError`](crate::DecodeError) comes out as [`Error::Decode`](crate::Error::Decode).
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The future that [`Transport::send`] returns.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = Result<RawResponse, BoxError>> + Send + 'a>>;

/// Carries one request to the exchange and brings the complete answer back.
///
/// A transport that makes a response of its own tells it what the request carried ([`RawResponse::carrying`]), so that
/// nothing shows a token that a server repeats.
///
/// Every operation, without exception, goes through [`send`](Self::send). A layer that signs, limits,
/// retries or records wraps another transport and is put in its place with
/// [`Client::with_transport`](crate::Client::with_transport); no generated code changes.
///
/// ```
/// use std::sync::Arc;
/// use paradex_api::{BaseUrl, Client, HttpTransport, Operation, Transport, TransportFuture, reqwest};
///
/// struct Counting<T>(T, std::sync::atomic::AtomicUsize);
///
/// impl<T: Transport> Transport for Counting<T> {
///     fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
///         self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         self.0.send(request, operation)
///     }
/// }
///
/// let counting = Counting(HttpTransport::new()?, Default::default());
/// let client = Client::with_transport(BaseUrl::testnet(), Arc::new(counting));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// Only what keeps a complete answer from arriving. A status that reports a failure is an answer.
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a>;
}

/// The plain transport: one request over reqwest, no retry, no limit, redirects never followed.
///
/// It sets no time-out of its own; give one on the [`reqwest::ClientBuilder`].
pub struct HttpTransport {
    client: reqwest::Client,
    bearer: Option<HeaderValue>,
    limits: BodyLimits,
}

impl HttpTransport {
    /// Makes one over a fresh connection pool. It uses no proxy.
    ///
    /// # Errors
    ///
    /// The TLS library could not be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::from_builder(reqwest::Client::builder())
    }

    /// Makes one from the caller's settings, to which "follow no redirects" is applied last.
    ///
    /// It uses the proxies that the settings name with [`proxy`](reqwest::ClientBuilder::proxy), and ignores those of the
    /// environment and the system: `HTTP_PROXY` would send tokens to whoever can set a variable.
    ///
    /// On a redirect to another host reqwest keeps signature headers and the body, so following one
    /// would hand them to whoever the answer names.
    ///
    /// # Errors
    ///
    /// The settings contradict each other or the TLS library could not be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, BuildError> {
        // A proxy for no address: with any proxy named, reqwest does not look for those of the environment, and those that the
        // caller named come first. `no_proxy` would take these away.
        let client = builder
            .proxy(reqwest::Proxy::custom(|_| None::<reqwest::Url>))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()
            .map_err(BuildError::new)?;
        Ok(Self {
            client,
            bearer: None,
            limits: BodyLimits::new(),
        })
    }

    /// How large a response may be. The value is decoded in the task of the caller, whatever its size.
    #[must_use]
    pub fn limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends this token with every operation that wants one, and with no other.
    ///
    /// A token among the default headers of a [`reqwest::ClientBuilder`] would go to every operation, and texts made from
    /// responses would not hide it.
    ///
    /// # Errors
    ///
    /// The token holds characters that no header can carry.
    pub fn bearer(mut self, token: &Secret) -> Result<Self, BuildError> {
        let mut value =
            HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| BuildError::token())?;
        value.set_sensitive(true);
        self.bearer = Some(value);
        Ok(self)
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("bearer", &self.bearer.as_ref().map(|_| ".."))
            .finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        mut request: reqwest::Request,
        operation: &'static Operation,
    ) -> TransportFuture<'a> {
        if let (Some(bearer), Security::Bearer | Security::Optional) = (&self.bearer, operation.security) {
            request
                .headers_mut()
                .entry(AUTHORIZATION)
                .or_insert_with(|| bearer.clone());
        }
        Box::pin(async move {
            let sent = async {
                let carried = Carried::of(&request);
                let mut response = self.client.execute(request).await?;
                let status = response.status();
                let headers = std::mem::take(response.headers_mut());
                let body = self.limits.read(&mut response).await?;
                let response = RawResponse::new(status, headers, body);
                Ok(response.carrying(carried).limits(self.limits))
            };
            runtime::within(sent).await?
        })
    }
}
