//! Where credentials come from, and how they are exchanged while the program runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use paradex_api::BoxError;
use tokio::sync::Mutex;

use super::credentials::Credentials;
use super::session::Session;
use crate::client::ClientGroup;
use crate::error::AuthenticationError;

/// What [`CredentialProvider::credentials`] returns.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Result<Credentials, BoxError>> + Send + 'a>>;

/// Gets a credential from wherever it is kept: a vault, a file that is replaced, a service.
///
/// It is asked before the first call, and again by [`Client::reload_credentials`](crate::Client::reload_credentials). A
/// bearer token that the exchange does not take is asked for once more, too.
///
/// ```
/// use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
/// use paradex_api_ext::{Client, Credentials, Environment};
///
/// /// Reads the token anew each time, because something else replaces the file.
/// struct TokenFile(std::path::PathBuf);
///
/// impl CredentialProvider for TokenFile {
///     fn credentials(&self) -> CredentialFuture<'_> {
///         Box::pin(async move {
///             let text = std::fs::read_to_string(&self.0)?;
///             Ok(Credentials::bearer(Environment::Testnet, text)?)
///         })
///     }
/// }
///
/// let client = Client::builder(Environment::Testnet)
///     .credential_provider(TokenFile("/run/secrets/paradex".into()))
///     .build()?;
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
pub trait CredentialProvider: Send + Sync + 'static {
    /// Gets the credential that holds now.
    ///
    /// # Errors
    ///
    /// It cannot be had at present. The call that needed it fails with this error as its source.
    fn credentials(&self) -> CredentialFuture<'_>;
}

/// Where the session of a client comes from. All clones of the client share it.
pub(crate) struct SessionSource {
    current: RwLock<Option<Arc<Session>>>,
    provider: Option<Arc<dyn CredentialProvider>>,
    /// Locked while the provider is asked, so that it is asked once. Holds its last failure.
    asking: Mutex<Option<(Instant, Failure)>>,
}

/// Why a provider had none, for everybody who waited for it.
type Failure = Arc<dyn std::error::Error + Send + Sync>;

impl SessionSource {
    pub(crate) fn fixed(session: Option<Arc<Session>>) -> Self {
        Self {
            current: RwLock::new(session),
            provider: None,
            asking: Mutex::new(None),
        }
    }

    pub(crate) fn from_provider(provider: Arc<dyn CredentialProvider>) -> Self {
        Self {
            current: RwLock::new(None),
            provider: Some(provider),
            asking: Mutex::new(None),
        }
    }

    /// The session in use. Whoever has it keeps it until the call has ended.
    pub(crate) fn current(&self) -> Option<Arc<Session>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn replace(&self, session: Arc<Session>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
    }

    pub(crate) fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// The session in use, or else the provider's.
    pub(crate) async fn session(
        &self,
        group: &ClientGroup,
    ) -> Result<Option<Arc<Session>>, AuthenticationError> {
        match self.current() {
            Some(session) => Ok(Some(session)),
            None => self.ask(None, group).await,
        }
    }

    /// Asks the provider anew, unless somebody else has replaced `old` in the meantime. Those who waited for an answer
    /// that failed have that failure, instead of asking one after the other.
    pub(crate) async fn ask(
        &self,
        old: Option<&Arc<Session>>,
        group: &ClientGroup,
    ) -> Result<Option<Arc<Session>>, AuthenticationError> {
        let Some(provider) = &self.provider else {
            return Ok(self.current());
        };
        let began = Instant::now();
        let mut failed = self.asking.lock().await;
        if let Some((at, failure)) = &*failed
            && *at > began
        {
            return Err(AuthenticationError::Provider(Arc::clone(failure)));
        }
        if let Some(current) = self.replaced(old) {
            return Ok(Some(current));
        }
        let outcome = match provider.credentials().await {
            Ok(credentials) => group.session(credentials).map_err(BoxError::from),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(session) => {
                *failed = None;
                // Whoever replaced the credential while the provider was asked meant to.
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                if same(current.as_ref(), old) {
                    *current = Some(session);
                }
                Ok(current.clone())
            }
            Err(error) => {
                let failure: Failure = Arc::from(error);
                *failed = Some((Instant::now(), Arc::clone(&failure)));
                Err(AuthenticationError::Provider(failure))
            }
        }
    }

    /// The session that has taken the place of `old`, if one has.
    fn replaced(&self, old: Option<&Arc<Session>>) -> Option<Arc<Session>> {
        let current = self.current()?;
        (!same(Some(&current), old)).then_some(current)
    }
}

fn same(one: Option<&Arc<Session>>, other: Option<&Arc<Session>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}
