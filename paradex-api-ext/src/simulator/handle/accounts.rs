//! Accounts of a simulator, with their keys, clients and sessions.

use paradex_api::Secret;

use super::{NotFound, Simulator};
use crate::signing::{EthereumAddress, StarknetPrivateKey};
use crate::simulator::accounts::{self, Account};
use crate::simulator::session::Session;
use crate::simulator::subkeys;
use crate::{Client, Credentials, Environment, Error};

impl Simulator {
    /// Returns a client of the main account. It signs in with the account's key at its first call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let client = simulator.client()?;
    /// assert!(client.tokens().list().send().await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the client cannot be set up; see [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn client(&self) -> Result<Client, Error> {
        let environment = Environment::custom(self.url())?;
        let credentials = Credentials::starknet_derived(environment.clone(), self.main_key());
        Client::builder(environment).credentials(credentials).build()
    }

    /// Returns the address of the main account, which exists from the start.
    pub fn main_account(&self) -> String {
        let state = self.world().state();
        let main = state.accounts.first();
        main.map(|account| account.address.to_string())
            .unwrap_or_default()
    }

    /// Returns the private key of the main account. It depends on the seed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    /// use paradex_api_ext::{Client, Credentials, Environment};
    ///
    /// let simulator = Simulator::start().await?;
    /// let environment = Environment::custom(simulator.url())?;
    /// let credentials = Credentials::starknet_derived(environment.clone(), simulator.main_key());
    /// let client = Client::builder(environment).credentials(credentials).build()?;
    /// client.api().list_positions().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn main_key(&self) -> StarknetPrivateKey {
        accounts::derive_key(self.world().settings.seed, 0)
    }

    /// Returns the private key of an account that the simulator created.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let other = simulator.account_key(&simulator.add_account())?;
    /// assert_ne!(other.public_key(), simulator.main_key().public_key());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such account, or if the simulator does not have its key: it was onboarded, or it belongs to an
    /// Ethereum account.
    pub fn account_key(&self, account: &str) -> Result<StarknetPrivateKey, NotFound> {
        self.key_of(account, Account::private_key)
    }

    /// Returns the private key of an account that the simulator created as a hexadecimal text, for other clients.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let key = simulator.account_key_text(&simulator.main_account())?;
    /// assert!(key.expose().starts_with("0x"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails as [`account_key`](Self::account_key) does.
    pub fn account_key_text(&self, account: &str) -> Result<Secret, NotFound> {
        self.key_of(account, Account::private_key_text)
    }

    /// Returns the key of an account in the form in which `read` returns it. `read` gets the simulator's seed.
    fn key_of<T>(&self, account: &str, read: fn(&Account, u64) -> Option<T>) -> Result<T, NotFound> {
        let state = self.world().state();
        let found = state
            .account(account)
            .ok_or_else(|| NotFound::new("account", account))?;
        read(found, state.seed).ok_or_else(|| NotFound::new("key for the account", account))
    }

    /// Creates an account and returns its address.
    #[doc(alias = "subaccount")]
    pub fn add_account(&self) -> String {
        self.world().state().add_account()
    }

    /// Creates the account of an Ethereum address, unless it exists, and returns its address.
    ///
    /// It signs in at `POST /v2/auth`, and trades with a subkey that it registers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let owner = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266".parse()?;
    /// let account = simulator.add_ethereum_account(owner);
    /// assert_eq!(simulator.add_ethereum_account(owner), account);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_ethereum_account(&self, owner: EthereumAddress) -> String {
        self.world().state().add(Account::from_ethereum_address(owner))
    }

    /// Creates a session of the main account.
    #[doc(alias = "jwt")]
    pub fn main_session(&self) -> Secret {
        self.create_session(self.main_account(), None)
    }

    /// Creates a session of an account.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let other = simulator.account_session(&simulator.add_account())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such account.
    pub fn account_session(&self, account: &str) -> Result<Secret, NotFound> {
        let found = {
            let state = self.world().state();
            state.account(account).map(|account| account.address.to_string())
        };
        let account = found.ok_or_else(|| NotFound::new("account", account))?;
        Ok(self.create_session(account, None))
    }

    /// Creates a session of a subkey, for the account that registered it.
    ///
    /// The subkey may be pending or revoked; requests with its session then get 401.
    ///
    /// # Errors
    ///
    /// Fails if no account has registered this public key.
    pub fn subkey_session(&self, public_key: &str) -> Result<Secret, NotFound> {
        let key = subkeys::canonical(public_key);
        let account = {
            let state = self.world().state();
            let found = state
                .subkeys
                .iter()
                .find(|subkey| Some(&subkey.canonical) == key.as_ref());
            found.map(|subkey| subkey.account().to_owned())
        };
        let account = account.ok_or_else(|| NotFound::new("subkey", public_key))?;
        Ok(self.create_session(account, key))
    }

    fn create_session(&self, account: String, subkey: Option<String>) -> Secret {
        let world = self.world();
        let now = world.clock.now();
        let session = Session {
            account,
            subkey,
            ..Session::default()
        };
        Secret::new(world.state().create_session(session, &world.settings, now))
    }

    /// Ends all sessions, so that requests with them get 401. API tokens stay valid.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let session = simulator.main_session();
    /// simulator.revoke_sessions();
    /// assert_eq!(simulator.session(session.expose()), None);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "log out")]
    pub fn revoke_sessions(&self) {
        self.world().state().revoke_sessions();
    }
}
