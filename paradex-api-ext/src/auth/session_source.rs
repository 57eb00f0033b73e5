//! Where a client gets its session from, and how it is replaced while the program runs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use paradex_api::BoxError;
use tokio::sync::{Mutex, watch};

use super::provider::CredentialProvider;
use super::session::Session;
use crate::client::ClientGroup;
use crate::error::AuthenticationError;
use crate::monotonic;

/// The session of a client, and the provider that can replace it. All clones of the client share it.
pub(crate) struct SessionSource {
    current: RwLock<Option<Arc<Session>>>,
    provider: Option<Arc<dyn CredentialProvider>>,
    /// Locked while the provider is called, so that it is called once. Holds when and how it failed last.
    last_failure: Mutex<Option<(Instant, Failure)>>,
    /// Notified when the session is replaced or revoked.
    changed: watch::Sender<()>,
}

/// Why the provider failed, for all calls that waited for it.
type Failure = Arc<dyn std::error::Error + Send + Sync>;

impl SessionSource {
    pub(crate) fn fixed(session: Option<Arc<Session>>) -> Self {
        Self {
            current: RwLock::new(session),
            provider: None,
            last_failure: Mutex::new(None),
            changed: watch::Sender::new(()),
        }
    }

    pub(crate) fn from_provider(provider: Arc<dyn CredentialProvider>) -> Self {
        Self {
            current: RwLock::new(None),
            provider: Some(provider),
            last_failure: Mutex::new(None),
            changed: watch::Sender::new(()),
        }
    }

    /// The session in use. A call keeps it until it has ended.
    pub(crate) fn current(&self) -> Option<Arc<Session>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn replace(&self, session: Arc<Session>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        self.changed.send_replace(());
    }

    /// The credential of a session was revoked.
    pub(crate) fn revoked(&self, session: &Session) {
        session.set_revoked();
        self.changed.send_replace(());
    }

    /// Notified when the session is replaced or revoked.
    #[cfg(feature = "stream")]
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Returns the session in use, or else asks the provider.
    pub(crate) async fn session(
        &self,
        group: &ClientGroup,
    ) -> Result<Option<Arc<Session>>, AuthenticationError> {
        match self.current() {
            Some(session) => Ok(Some(session)),
            None => self.ask(None, group).await,
        }
    }

    /// Asks the provider, unless `old` was replaced concurrently. Calls that waited for a request that failed get that failure,
    /// instead of asking one after the other.
    pub(crate) async fn ask(
        &self,
        old: Option<&Arc<Session>>,
        group: &ClientGroup,
    ) -> Result<Option<Arc<Session>>, AuthenticationError> {
        let Some(provider) = &self.provider else {
            return Ok(self.current());
        };
        let asked_at = monotonic::now();
        let mut last_failure = self.last_failure.lock().await;
        if let Some((at, failure)) = &*last_failure
            && *at > asked_at
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
                *last_failure = None;
                // A credential that was set while the provider was asked takes precedence.
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                if same(current.as_ref(), old) {
                    *current = Some(session);
                    self.changed.send_replace(());
                }
                Ok(current.clone())
            }
            Err(error) => {
                let failure: Failure = Arc::from(error);
                *last_failure = Some((monotonic::now(), Arc::clone(&failure)));
                Err(AuthenticationError::Provider(failure))
            }
        }
    }

    /// The session that has replaced `old`, if any.
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
