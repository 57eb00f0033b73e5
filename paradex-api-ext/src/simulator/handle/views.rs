//! What a test can inspect in a simulator, and change behind the back of its clients.

use std::sync::atomic::Ordering;

use serde_json::Value;

use super::{NotFound, Simulator};
use crate::simulator::log::LoggedRequest;
use crate::simulator::orders::OrderSnapshot;
use crate::simulator::session::SessionSnapshot;
use crate::simulator::stream::SocketSnapshot;
use crate::simulator::subkeys::{self, SubkeySnapshot};
use crate::simulator::tokens::TokenSnapshot;

impl Simulator {
    /// Returns a session by its text. Expired sessions are found, and revoked ones are not.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().opaque_sessions().start().await?;
    /// let session = simulator.session(simulator.main_session().expose()).ok_or("unknown session")?;
    /// assert_eq!((session.account, session.interactive), (simulator.main_account(), false));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(&self, text: &str) -> Option<SessionSnapshot> {
        let world = self.world();
        let now = world.clock.now();
        world.state().session(text, now)
    }

    /// Returns the orders of an account, oldest first and closed ones included.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// assert!(simulator.orders(&simulator.main_account()).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn orders(&self, account: &str) -> Vec<OrderSnapshot> {
        let world = self.world();
        let now = world.clock.now();
        let mut state = world.state();
        state.trading.advance(&world.markets, now);
        let found = state.account(account).map(|account| account.address.to_string());
        found.map_or_else(Vec::new, |account| state.orders_of(&account))
    }

    /// Returns how many connections are open: in use, kept alive by a client, or half closed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::Client;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let client = Client::new(simulator.base_url())?;
    /// client.list_markets().send().await?;
    /// assert_eq!(simulator.open_connections(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_connections(&self) -> usize {
        self.world().connections.load(Ordering::Relaxed)
    }

    /// Returns the requests that arrived, oldest first.
    ///
    /// The newest 10,000 are kept, or fewer if their bodies exceed 64 MiB.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::Client;
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// Client::new(simulator.base_url())?.list_markets().send().await?;
    /// let requests = simulator.requests();
    /// let [request] = requests.as_slice() else { return Err("expected one request".into()) };
    /// assert_eq!((request.path(), request.status()), ("/v1/markets", Some(200)));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "log")]
    #[doc(alias = "record")]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world().log().requests()
    }

    /// Returns the WebSocket connections in the order of their handshakes, with every event that each was to get.
    ///
    /// The newest 1,000 connections that have ended are kept.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// assert!(simulator.sockets().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "websocket")]
    #[doc(alias = "log")]
    pub fn sockets(&self) -> Vec<SocketSnapshot> {
        self.world().state().streams.snapshots()
    }

    /// Returns an API token by its `lookup_id`. Expired and revoked ones are found as well.
    #[doc(alias = "api key")]
    pub fn token(&self, lookup_id: &str) -> Option<TokenSnapshot> {
        let world = self.world();
        let now = world.clock.now();
        let state = world.state();
        let token = state.tokens.iter().find(|token| token.lookup_id == lookup_id)?;
        Some(token.snapshot(world.settings.time_unit, now))
    }

    /// Replaces the stored allowlist of a token with any JSON, which no client could do.
    ///
    /// `list` can be a list of texts, `None::<Vec<String>>` or any other JSON. `null` and an empty list admit every address; a
    /// value that is not a list, or a list without a valid entry, admits none.
    ///
    /// ```
    /// # use paradex_api_ext::simulator::{NotFound, Simulator};
    /// # fn test(simulator: &Simulator, lookup_id: &str) -> Result<(), NotFound> {
    /// simulator.set_token_allowlist(lookup_id, vec!["192.0.2.0/24"])?;
    /// simulator.set_token_allowlist(lookup_id, "not a list")?;
    /// assert_eq!(simulator.token(lookup_id).and_then(|token| token.allowed_cidrs), None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such token.
    #[doc(alias = "whitelist")]
    pub fn set_token_allowlist(&self, lookup_id: &str, list: impl Into<Value>) -> Result<(), NotFound> {
        let world = self.world();
        let (now, unit) = (world.clock.now(), world.settings.time_unit);
        let mut state = world.state();
        let token = state
            .tokens
            .iter_mut()
            .find(|token| token.lookup_id == lookup_id)
            .ok_or_else(|| NotFound::new("token", lookup_id))?;
        token.set_allowlist(list.into(), unit, now);
        Ok(())
    }

    /// Returns a subkey by its public key. Revoked ones are found as well.
    pub fn subkey(&self, public_key: &str) -> Option<SubkeySnapshot> {
        let key = subkeys::canonical(public_key)?;
        let world = self.world();
        let state = world.state();
        let subkey = state.subkeys.iter().find(|subkey| subkey.canonical == key)?;
        Some(subkey.snapshot(world.settings.time_unit))
    }

    /// Replaces the stored allowlist of a subkey with any JSON; see [`set_token_allowlist`](Self::set_token_allowlist).
    ///
    /// # Errors
    ///
    /// Fails if no account has registered this public key.
    #[doc(alias = "whitelist")]
    pub fn set_subkey_allowlist(&self, public_key: &str, list: impl Into<Value>) -> Result<(), NotFound> {
        let key = subkeys::canonical(public_key);
        let world = self.world();
        let (now, unit) = (world.clock.now(), world.settings.time_unit);
        let mut state = world.state();
        let subkey = state
            .subkeys
            .iter_mut()
            .find(|subkey| Some(&subkey.canonical) == key.as_ref())
            .ok_or_else(|| NotFound::new("subkey", public_key))?;
        subkey.set_allowlist(list.into(), unit, now);
        Ok(())
    }
}
