//! The raw client.

use std::fmt;
use std::sync::Arc;

use crate::base_url::BaseUrl;
use crate::error::BuildError;
use crate::transport::{HttpTransport, Transport};

/// The raw client, with one method for each operation of the API.
///
/// Cloning is cheap, and clones share the transport.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use paradex_api::{BaseUrl, Client};
///
/// let client = Client::new(BaseUrl::production())?;
/// let markets = client.list_markets().market("BTC-USD-PERP").send().await?;
/// for market in &markets.results {
///     println!("{:?} {:?}", market.symbol, market.price_tick_size);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[doc(alias = "sdk")]
pub struct Client {
    pub(crate) base: Arc<BaseUrl>,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Client {
    /// Creates a client over the plain [`HttpTransport`], without a token.
    ///
    /// # Errors
    ///
    /// Fails if the TLS library could not be set up.
    pub fn new(base: BaseUrl) -> Result<Self, BuildError> {
        Ok(Self::with_transport(base, Arc::new(HttpTransport::new()?)))
    }

    /// Creates a client that sends every call through this transport.
    pub fn with_transport(base: BaseUrl, transport: Arc<dyn Transport>) -> Self {
        Self {
            base: Arc::new(base),
            transport,
        }
    }

    /// Returns the address that calls are sent to.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
