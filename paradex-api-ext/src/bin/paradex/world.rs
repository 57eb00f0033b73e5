//! Where clients come from: the environment of the process, or a simulator in it.

use std::time::Duration;

use paradex_api_ext::auth::SessionKind;
use paradex_api_ext::fleet::Fleet;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::signing::AccountAddress;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, ClientBuilder, ClientGroup, Credentials, Environment as Exchange};
use serde::Serialize;

use crate::console::{Console, Exit, Failure, chain, line};

/// Makes the clients of accounts by name.
pub(crate) trait ClientSource: Sync {
    /// The account that is meant when none is named.
    fn default_account(&self) -> &str;

    fn client(&self, account: &str) -> Result<Client, Failure>;
}

/// The exchange and the credentials that the variables of the process name.
pub(crate) struct Environment {
    group: ClientGroup,
}

/// The name of the account whose variables have no name in them.
const DEFAULT: &str = "default";

impl Environment {
    pub(crate) fn new(read_only: bool) -> Result<Self, Failure> {
        let unset = |error| {
            let mut failure = Failure::of(Exit::Usage, &error);
            if std::env::var_os("PARADEX_ENVIRONMENT").is_none() {
                failure = Failure::usage(format!("{failure}, or try `--simulator`"));
            }
            failure
        };
        let mut builder = ClientBuilder::from_env().map_err(unset)?;
        builder = builder.user_agent(concat!("paradex/", env!("CARGO_PKG_VERSION")));
        if read_only {
            builder = builder.read_only();
        }
        Ok(Self {
            group: builder.build_group()?,
        })
    }
}

impl ClientSource for Environment {
    fn default_account(&self) -> &str {
        DEFAULT
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        let name = (account != DEFAULT).then_some(account);
        let found = Credentials::from_env(self.group.environment(), name);
        match found.map_err(|error| Failure::of(Exit::Usage, &error))? {
            Some(credentials) => Ok(self.group.client(credentials)?),
            None => {
                let part = name.map_or_else(String::new, |name| {
                    format!("{}_", name.to_ascii_uppercase().replace('-', "_"))
                });
                Err(Failure::usage(format!(
                    "there is no credential for the account `{account}`: set PARADEX_{part}PRIVATE_KEY_FILE or \
                     PARADEX_{part}TOKEN_FILE"
                )))
            }
        }
    }
}

/// A simulator with accounts that have something to show. It ends with the command.
pub(crate) struct DemoExchange {
    exchange: Simulator,
    group: ClientGroup,
    accounts: Vec<(&'static str, String)>,
}

impl DemoExchange {
    pub(crate) async fn start(read_only: bool) -> Result<Self, Failure> {
        let exchange = Simulator::start().await?;
        let accounts = vec![
            ("desk", exchange.main_account()),
            ("research", exchange.add_account()),
        ];
        let builder = || Ok::<_, Failure>(Client::builder(Exchange::custom(exchange.url())?));
        let mut sample = Self {
            group: builder()?.build_group()?,
            exchange: exchange.clone(),
            accounts,
        };
        sample.fill().await?;
        if read_only {
            sample.group = builder()?.read_only().build_group()?;
        }
        Ok(sample)
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
            // Unsigned, because these are no points of the curve; the simulator does not mind.
            let session = self.exchange.main_session();
            let credentials = Credentials::bearer(self.group.environment().clone(), session)?;
            self.group.client(credentials)?.subkeys().register(subkey).await?;
        }
        Ok(())
    }
}

impl ClientSource for DemoExchange {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        let found = self.accounts.iter().find(|(name, _)| *name == account);
        let Some((_, address)) = found else {
            return Err(Failure::usage(format!(
                "the simulator has no account `{}`: it has `desk` and `research`",
                line(account)
            )));
        };
        let key = self.exchange.account_key(address)?;
        let address: AccountAddress = address.parse()?;
        let credentials = Credentials::starknet(self.group.environment().clone(), key, address);
        Ok(self.group.client(credentials)?)
    }
}

/// The one account that a command is about.
pub(crate) fn one<'a>(
    named: &'a [String],
    world: &'a dyn ClientSource,
) -> Result<(&'a str, Client), Failure> {
    let name = match named {
        [] => world.default_account(),
        [name] => name,
        _ => return Err(Failure::usage("this command is about one account: name one")),
    };
    Ok((name, world.client(name)?))
}

/// The accounts that are named, or else the default one.
pub(crate) fn fleet<'a>(
    named: impl IntoIterator<Item = &'a str>,
    world: &dyn ClientSource,
) -> Result<Fleet, Failure> {
    let mut fleet = Fleet::new();
    for name in named {
        if fleet.client(name).is_none() {
            fleet = fleet.with(name, world.client(name)?)?;
        }
    }
    if fleet.accounts().next().is_none() {
        let name = world.default_account();
        fleet = fleet.with(name, world.client(name)?)?;
    }
    Ok(fleet)
}

#[derive(Serialize)]
struct Who {
    name: String,
    credential: Option<String>,
    session: &'static str,
    account: Option<String>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Whoami {
    environment: String,
    address: String,
    accounts: Vec<Who>,
}

pub(crate) async fn whoami(
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = fleet(named.iter().map(String::as_str), world)?;
    let mut who = Whoami {
        environment: String::new(),
        address: String::new(),
        accounts: Vec::new(),
    };
    for name in fleet.accounts() {
        let Some(client) = fleet.client(name) else {
            continue;
        };
        who.environment = client.environment().to_string();
        who.address = client.environment().base_url().as_str().to_owned();
        let asked = client
            .api()
            .get_account()
            .send()
            .await
            .map_err(paradex_api_ext::Error::from);
        let (account, error) = match asked {
            Ok(answer) => (answer.into_inner().account, None),
            Err(error) => (None, Some(chain(&error))),
        };
        who.accounts.push(Who {
            name: name.to_owned(),
            credential: client.credentials().map(|credentials| credentials.id()),
            session: match client.session_kind() {
                Some(SessionKind::MainAccount) => "main_account",
                Some(SessionKind::Subkey) => "subkey",
                Some(SessionKind::Token) => "token",
                _ => "none",
            },
            account,
            error,
        });
    }
    let mut text = format!("environment  {}\naddress      {}\n", who.environment, who.address);
    for account in &who.accounts {
        let told = match (&account.account, &account.error) {
            (Some(address), _) => line(address),
            (None, Some(error)) => format!("not signed in: {error}"),
            (None, None) => "not told".to_owned(),
        };
        text.push_str(&format!(
            "\n{}\n  account     {told}\n  session     {}\n  credential  {}\n",
            line(&account.name),
            account.session,
            line(account.credential.as_deref().unwrap_or("none")),
        ));
    }
    console.result(&who, text)?;
    let failed = who.accounts.iter().any(|account| account.error.is_some());
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
