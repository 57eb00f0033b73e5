//! Where a rotation keeps its secrets and its journal.

use std::future::Future;
use std::pin::Pin;

use paradex_api::{BoxError, Secret};

use super::state::RotationState;

/// The future that the methods of a [`RotationSink`] return.
pub type SinkFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// Stores the secrets and the journal of rotations: in files, a vault or a database.
///
/// Each method must have done its work durably when it returns, because the next step relies on it. Keep the new secret
/// beside the old one, under the id of [`RotationState::new_target`], and let programs use it once the state is
/// [`Proven`](super::RotationStep::Proven). [`FolderSink`](crate::fleet::FolderSink) stores in files.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use paradex_api_ext::fleet::{RotationSink, RotationState, SinkFuture};
/// use paradex_api_ext::paradex_api::{Secret, serde_json};
///
/// /// Keeps everything in memory, so a crash loses it: for tests only.
/// #[derive(Default)]
/// struct Memory {
///     secrets: Mutex<HashMap<String, Secret>>,
///     journal: Mutex<HashMap<String, String>>,
/// }
///
/// fn key(state: &RotationState) -> String {
///     state.new_target().map(|new| new.to_string()).unwrap_or_default()
/// }
///
/// impl RotationSink for Memory {
///     fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
///         Box::pin(async move {
///             let text = serde_json::to_string(state)?;
///             self.journal.lock().map_err(|_| "poisoned lock")?.insert(state.id().to_owned(), text);
///             Ok(())
///         })
///     }
///
///     fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
///         Box::pin(async move {
///             self.secrets.lock().map_err(|_| "poisoned lock")?.insert(key(state), secret.clone());
///             Ok(())
///         })
///     }
///
///     fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
///         Box::pin(async move { Ok(self.secrets.lock().map_err(|_| "poisoned lock")?.get(&key(state)).cloned()) })
///     }
/// }
/// ```
#[doc(alias = "secret store")]
#[doc(alias = "vault")]
pub trait RotationSink: Send + Sync + 'static {
    /// Writes the state of a rotation, which holds no secret, over the earlier state with the same [`RotationState::id`].
    ///
    /// # Errors
    ///
    /// Return an error if the state was not written. The step that it announces is then not taken.
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()>;

    /// Stores the new secret: the text of a token, or the private key of a subkey as `0x` hex.
    ///
    /// # Errors
    ///
    /// Return an error if the secret was not stored. A new token is then revoked, and a new subkey is not registered.
    fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()>;

    /// Returns the secret that [`store`](Self::store) stored, when a rotation is resumed.
    ///
    /// Return `None` if it was never stored, or if the store does not give secrets back.
    ///
    /// # Errors
    ///
    /// Return an error if the store cannot tell at present whether it has the secret.
    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>>;
}
