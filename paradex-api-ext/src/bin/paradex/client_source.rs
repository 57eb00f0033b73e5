//! Where clients come from: environment variables, or a simulator in this process.

use std::time::Duration;

use paradex_api_ext::auth::variable_prefix;
use paradex_api_ext::fleet::Fleet;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::paradex_api::Decimal;
use paradex_api_ext::signing::AccountAddress;
use paradex_api_ext::simulator::{Liquidity, Simulator};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, ClientBuilder, ClientGroup, Credentials, Environment};

use crate::console::{Exit, Failure, line};

/// Reads the secret of an account, and creates its client.
pub(crate) type Opener = Box<dyn FnOnce() -> Result<Client, Failure> + Send>;

/// Creates the clients of accounts by name.
pub(crate) trait ClientSource: Sync {
    /// The account of a command that names none.
    fn default_account(&self) -> &str;

    fn client(&self, account: &str) -> Result<Client, Failure>;

    /// What is left to do to create a client, which may wait for a secret.
    fn opener(&self, account: &str) -> Result<Opener, Failure> {
        let client = self.client(account)?;
        Ok(Box::new(|| Ok(client)))
    }

    /// A client without a credential, for public data.
    fn anonymous(&self) -> Result<Option<Client>, Failure> {
        Ok(None)
    }

    /// Whether no account has a credential, so that only public data can be read.
    fn is_without_account(&self) -> bool {
        false
    }

    /// The names of all accounts, for `--all`.
    fn all(&self) -> Result<Vec<String>, Failure>;
}

/// The environment and the credentials from the environment variables of this process.
pub(crate) struct FromVariables {
    group: ClientGroup,
}

/// The account whose variables contain no account name.
pub(crate) const DEFAULT: &str = "default";

impl FromVariables {
    /// `environment` is that of an option, which takes the place of a variable that is not set.
    pub(crate) fn new(read_only: bool, environment: Option<&Environment>) -> Result<Self, Failure> {
        let environment = environment_variable()?.or_else(|| environment.cloned());
        let environment = environment.ok_or_else(|| {
            Failure::usage(
                "PARADEX_ENVIRONMENT is not set: set it to `production`, `testnet`, or an address such as `https://HOST`; or name accounts in a configuration file, or try `--simulator`",
            )
        })?;
        Ok(Self {
            group: group(Client::builder(environment), read_only)?,
        })
    }

    pub(crate) fn anonymous(&self) -> Client {
        self.group.anonymous()
    }

    pub(crate) fn opener(&self, account: &str) -> Opener {
        let (group, account) = (self.group.clone(), account.to_owned());
        Box::new(move || {
            let usage = |error| Failure::from_error(Exit::Usage, &error);
            let found = Credentials::from_env(group.environment(), Some(&account));
            if let Some(credentials) = found.map_err(usage)? {
                return Ok(group.client(credentials)?);
            }
            let prefix = variable_prefix(Some(&account)).map_err(usage)?;
            Err(Failure::usage(format!(
                "the account `{account}` has no credential: set {prefix}_PRIVATE_KEY_FILE or {prefix}_TOKEN_FILE"
            )))
        })
    }
}

/// The environment in PARADEX_ENVIRONMENT, if it is set.
pub(crate) fn environment_variable() -> Result<Option<Environment>, Failure> {
    Environment::from_env().map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// Builds the group of clients of this program.
pub(crate) fn group(builder: ClientBuilder, read_only: bool) -> Result<ClientGroup, Failure> {
    let mut builder = builder.user_agent(concat!("paradex/", env!("CARGO_PKG_VERSION")));
    if read_only {
        builder = builder.read_only();
    }
    Ok(builder.build_group()?)
}

/// A simulated exchange with sample accounts. It ends with the command.
pub(crate) struct DemoExchange {
    simulator: Simulator,
    group: ClientGroup,
    accounts: Vec<(&'static str, String)>,
}

impl DemoExchange {
    pub(crate) async fn start(read_only: bool) -> Result<Self, Failure> {
        let simulator = Simulator::builder()
            .liquidity(Liquidity::Simulated)
            .start()
            .await?;
        let accounts = vec![
            ("desk", simulator.main_account()),
            ("research", simulator.add_account()),
        ];
        let builder = || Ok::<_, Failure>(Client::builder(Environment::custom(simulator.url())?));
        let mut demo = Self {
            group: builder()?.build_group()?,
            simulator: simulator.clone(),
            accounts,
        };
        demo.fill().await?;
        if read_only {
            demo.group = builder()?.read_only().build_group()?;
        }
        Ok(demo)
    }

    /// Lets each account have a position, and orders that rest near the market.
    pub(crate) async fn trade(&self) -> Result<(), Failure> {
        const MARKET: &str = "BTC-USD-PERP";
        let environment = self.group.environment();
        let size = Decimal::ONE;
        for (name, _) in &self.accounts {
            let client = Client::builder(environment.clone()).credentials(self.credentials(name)?);
            let client = client.build()?;
            let bbo = client.api().get_bbo().market(MARKET).send().await?.into_inner();
            let (Some(bid), Some(ask)) = (bbo.bid, bbo.ask) else {
                continue;
            };
            let orders = client.orders();
            orders
                .place(NewOrder::market(MARKET, OrderSide::Buy, size))
                .await?;
            for (id, distance) in [("near", 50), ("far", 500)] {
                let distance = Decimal::from(distance);
                for (side, price) in [
                    (OrderSide::Buy, bid - distance),
                    (OrderSide::Sell, ask + distance),
                ] {
                    let client_id = format!("{side}-{id}").to_lowercase();
                    orders
                        .place(NewOrder::limit(MARKET, side, size, price).client_id(client_id))
                        .await?;
                }
            }
        }
        Ok(())
    }

    fn credentials(&self, account: &str) -> Result<Credentials, Failure> {
        let found = self.accounts.iter().find(|(name, _)| *name == account);
        let Some((_, address)) = found else {
            return Err(Failure::usage(format!(
                "the simulator has no account `{}`: use `desk` or `research`",
                line(account)
            )));
        };
        let key = self.simulator.account_key(address)?;
        let address: AccountAddress = address.parse()?;
        Ok(Credentials::starknet(
            self.group.environment().clone(),
            key,
            address,
        ))
    }

    async fn fill(&self) -> Result<(), Failure> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        const COLO: &str = "198.51.100.16/28";
        const OFFICE: &str = "203.0.113.0/24";
        let list = |entries: &[&str]| match entries {
            [] => Ok(IpAllowlist::Unrestricted),
            some => IpAllowlist::parse_entries(some),
        };
        for (account, name, days, entries) in [
            ("desk", "quoter", 30, &[COLO][..]),
            ("desk", "hedger", 90, &[OFFICE]),
            ("desk", "reporter", 5, &[]),
            ("desk", "old-quoter", 30, &[COLO]),
            ("research", "backtest", 60, &[OFFICE, "192.0.2.0/24"]),
        ] {
            let token = NewToken::new(name, "api_key", days * DAY, list(entries)?)?;
            let tokens = self.client(account)?.tokens();
            let created = tokens.create(token).await?;
            if name == "old-quoter" {
                tokens.revoke(created.lookup_id()).await?;
            }
        }
        for (name, key, entries) in [("signer", "0x5160", &[COLO][..]), ("laptop", "0x1a97", &[OFFICE])] {
            let subkey = NewSubkey::new(name, key, list(entries)?)?;
            // Registered with a token, hence unsigned: these keys are not points of the curve. The simulator accepts that.
            let session = self.simulator.main_session();
            let credentials = Credentials::bearer(self.group.environment().clone(), session)?;
            self.group.client(credentials)?.subkeys().register(subkey).await?;
        }
        Ok(())
    }
}

impl ClientSource for DemoExchange {
    fn anonymous(&self) -> Result<Option<Client>, Failure> {
        Ok(Some(self.group.anonymous()))
    }

    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        Ok(self.group.client(self.credentials(account)?)?)
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        Ok(self.accounts.iter().map(|(name, _)| (*name).to_owned()).collect())
    }
}

/// The account of a command that works on one account.
pub(crate) fn single_account<'a>(
    named: &'a [String],
    source: &'a dyn ClientSource,
) -> Result<(&'a str, Client), Failure> {
    let name = match named {
        [] => source.default_account(),
        [name] => name,
        _ => {
            return Err(Failure::usage(
                "this command works on one account: pass `--account` once",
            ));
        }
    };
    Ok((name, source.client(name)?))
}

/// The named accounts, or the default account if none is named.
pub(crate) fn open_fleet<'a>(
    named: impl IntoIterator<Item = &'a str>,
    source: &dyn ClientSource,
) -> Result<Fleet, Failure> {
    let mut fleet = Fleet::new();
    for name in named {
        if fleet.client(name).is_none() {
            fleet = fleet.with(name, source.client(name)?)?;
        }
    }
    if fleet.accounts().next().is_none() {
        let name = source.default_account();
        fleet = fleet.with(name, source.client(name)?)?;
    }
    Ok(fleet)
}
