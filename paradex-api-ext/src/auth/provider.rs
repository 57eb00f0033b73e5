//! Credentials that are loaded when they are needed.

use std::future::Future;
use std::pin::Pin;

use paradex_api::BoxError;

use super::credentials::Credentials;

/// What [`CredentialProvider::credentials`] returns.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Result<Credentials, BoxError>> + Send + 'a>>;

/// Loads a credential from where it is kept: a vault, a file that is replaced, a service.
///
/// ```
/// use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
/// use paradex_api_ext::{Client, Credentials, Environment};
///
/// /// Reads the token anew each time, because another program replaces the file.
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
///
/// It is called before the first call of the client, by
/// [`Client::reload_credentials`](crate::Client::reload_credentials), and once when the exchange rejects a bearer token.
#[doc(alias("vault", "secret_manager", "rotate"))]
pub trait CredentialProvider: Send + Sync + 'static {
    /// Loads the current credential.
    ///
    /// # Errors
    ///
    /// The credential is not available. The call that needed it fails with this error as its source.
    fn credentials(&self) -> CredentialFuture<'_>;
}
