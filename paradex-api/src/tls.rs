//! The cryptography that rustls uses.

#[cfg(feature = "rustls")]
use rustls::crypto::CryptoProvider;

use crate::error::BuildError;

/// Installs the cryptography provider of this crate's features as the process's default for rustls, unless the program has
/// installed one.
///
/// With the feature `aws-lc-rs` that is aws-lc-rs, and with `ring` alone it is ring. Without the feature `rustls` this does
/// nothing.
///
/// [`HttpTransport`](crate::HttpTransport) calls this by itself. Call it before you build a client of the re-exported
/// [`reqwest`] yourself, because reqwest panics if there is no provider:
///
/// ```
/// use paradex_api::{reqwest, tls};
///
/// tls::install_default_provider()?;
/// let client = reqwest::Client::new();
/// # Ok::<(), paradex_api::BuildError>(())
/// ```
///
/// A program that wants another provider installs it before it builds its first client, with
/// `rustls::crypto::CryptoProvider::install_default`.
///
/// # Errors
///
/// The feature `rustls` is on without `ring` and `aws-lc-rs`, and the program has installed no provider.
#[doc(alias = "CryptoProvider")]
pub fn install_default_provider() -> Result<(), BuildError> {
    #[cfg(feature = "rustls")]
    if let Some(provider) = missing(CryptoProvider::get_default().is_some(), built_in)? {
        // This fails only if another thread has installed one in the meantime, which then is kept.
        let _ = provider.install_default();
    }
    Ok(())
}

/// The provider of the features.
#[cfg(feature = "rustls")]
fn built_in() -> Option<CryptoProvider> {
    // A program that turns `aws-lc-rs` on asked for it; `ring` may be on only because it is a default.
    #[cfg(feature = "aws-lc-rs")]
    let provider = Some(rustls::crypto::aws_lc_rs::default_provider());
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    let provider = Some(rustls::crypto::ring::default_provider());
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    let provider = None;
    provider
}

/// The provider to install, if any.
#[cfg(feature = "rustls")]
fn missing<P>(is_installed: bool, built_in: impl FnOnce() -> Option<P>) -> Result<Option<P>, BuildError> {
    match is_installed {
        true => Ok(None),
        false => built_in().map(Some).ok_or_else(BuildError::no_tls_provider),
    }
}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    use super::missing;

    #[test]
    fn installed_provider_is_kept() {
        assert_eq!(missing(true, || Some(())).unwrap(), None);
        assert_eq!(missing(true, || None::<()>).unwrap(), None);
    }

    #[test]
    fn absent_provider_is_an_error_that_names_the_features() {
        assert_eq!(missing(false, || Some(())).unwrap(), Some(()));
        let error = missing(false, || None::<()>).unwrap_err().to_string();
        assert!(
            error.contains("`ring`") && error.contains("`aws-lc-rs`"),
            "{error}"
        );
    }
}
