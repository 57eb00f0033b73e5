//! The transport: what sends requests and returns responses.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::body_limits::BodyLimits;
use crate::error::BuildError;
use crate::operation::{Operation, Security};
use crate::redaction::RequestSecrets;
use crate::response::RawResponse;
use crate::runtime;
use crate::secret::Secret;
use crate::tls;

/// An error of a transport.
///
/// The call returns it unchanged as the source of [`Error::Transport`](crate::Error::Transport), where `downcast_ref` finds it.
/// A boxed [`DecodeError`](crate::DecodeError) becomes [`Error::Decode`](crate::Error::Decode).
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The future that [`Transport::send`] returns.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = Result<RawResponse, BoxError>> + Send + 'a>>;

/// Sends a request to the exchange and returns the complete response.
///
/// Every operation goes through [`send`](Self::send). A middleware that signs, limits, retries or records wraps another
/// transport and is installed with [`Client::with_transport`](crate::Client::with_transport).
///
/// A transport that makes its own responses attaches the secrets of the request to them
/// ([`RawResponse::with_request_secrets`]), so that no text shows a token that the server repeats.
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
#[doc(alias = "middleware")]
#[doc(alias = "interceptor")]
#[doc(alias = "layer")]
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the complete response, whatever its status.
    ///
    /// # Errors
    ///
    /// Returns an error only if no complete response arrives. An error status is a response.
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a>;
}

/// Sends each request once over reqwest, without retries or rate limiting. It never follows redirects.
///
/// It sets no timeout; set one on the [`reqwest::ClientBuilder`].
pub struct HttpTransport {
    client: reqwest::Client,
    bearer: Option<HeaderValue>,
    limits: BodyLimits,
}

impl HttpTransport {
    /// Creates a transport with its own connection pool and without a proxy.
    ///
    /// # Errors
    ///
    /// Fails if the TLS library could not be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::from_builder(reqwest::Client::builder())
    }

    /// Creates a transport from settings of reqwest. Redirects are switched off, whatever the settings say.
    ///
    /// It uses the proxies that the settings name with [`proxy`](reqwest::ClientBuilder::proxy). It ignores those of the
    /// environment and the system, because a variable such as `HTTP_PROXY` could divert tokens.
    ///
    /// Redirects are dangerous because reqwest sends signature headers and the body to the host that the response names.
    ///
    /// If the program has installed no cryptography provider for rustls, this installs one; see
    /// [`tls::install_default_provider`].
    ///
    /// # Errors
    ///
    /// Fails if the settings contradict each other or the TLS library could not be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, BuildError> {
        tls::install_default_provider()?;
        // This proxy matches no address. If a proxy is set, reqwest ignores those of the environment, and it tries the caller's
        // first. `no_proxy` would remove the caller's.
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

    /// Sets the largest response. The body is decoded in the task of the caller, whatever its size.
    #[must_use]
    pub fn limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends this token with every operation that accepts one, and with no other.
    ///
    /// Do not set a token among the default headers of a [`reqwest::ClientBuilder`]: it would be sent with every operation, and it
    /// would not be redacted from texts.
    ///
    /// # Errors
    ///
    /// Fails if the token has characters that no header can hold.
    #[doc(alias = "jwt")]
    #[doc(alias = "api key")]
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
                let secrets = RequestSecrets::from_request(&request);
                let mut response = self.client.execute(request).await?;
                let status = response.status();
                let headers = std::mem::take(response.headers_mut());
                let body = self.limits.read(&mut response).await?;
                let response = RawResponse::new(status, headers, body);
                Ok(response.with_request_secrets(secrets).limits(self.limits))
            };
            runtime::within(sent).await?
        })
    }
}
