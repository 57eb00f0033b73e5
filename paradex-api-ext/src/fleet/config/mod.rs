//! Accounts from a configuration file, `paradex.toml`.

mod command;
mod document;
mod leak;
mod location;
mod secret_source;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use paradex_api::visible;

pub use secret_source::SecretSource;

use super::Fleet;
use crate::auth::{Credentials, main_key, subkey};
use crate::client::Client;
use crate::client::environment::Environment;
use crate::error::{ConfigurationError, Error};
use crate::private_file;
use crate::signing::AccountAddress;
use crate::suggestion::did_you_mean;

/// The maximum size of a configuration, in MiB.
const MAX_SIZE_MIB: u16 = 1;

/// The accounts of a configuration file, and where the secret of each is. The file never contains a secret.
///
/// ```no_run
/// use paradex_api_ext::fleet::Config;
///
/// # async fn example() -> Result<(), paradex_api_ext::Error> {
/// let client = Config::load("paradex.toml")?.client("desk")?;
/// println!("{} tokens", client.tokens().list().send().await?.len());
/// # Ok(())
/// # }
/// ```
///
/// # Format
///
/// Each account is a table `[accounts.NAME]`. A name has 1 to 64 letters, digits, `-` and `_`.
///
/// ```
/// use paradex_api_ext::fleet::{Config, ProfileKind};
///
/// let config = Config::from_toml(r#"
///     [accounts.desk]
///     environment = "production"                # or "testnet", or the address of a server
///     kind = "subkey"                           # or "token", "private-key"
///     account = "0x1234"                        # the account's address; only a subkey needs it
///     secret = { file = "/run/secrets/desk" }   # where the secret is, never the secret itself
///
///     [accounts.research]
///     environment = "testnet"
///     kind = "token"
///     secret = { command = ["pass", "show", "paradex/research"] }
/// "#)?;
/// assert_eq!(config.profile("desk")?.kind(), ProfileKind::Subkey);
///
/// let error = Config::from_toml("[accounts.desk]\ntoken = \"a secret\"").unwrap_err().to_string();
/// assert!(error.starts_with("line 2: accounts.desk.token: a secret is refused here"));
/// assert!(!error.contains("a secret\""));
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
///
/// The address is that of a server on this machine or in `paradex.trade`; other hosts need
/// [`ClientBuilder::trust_host`](crate::ClientBuilder::trust_host).
///
/// | `secret` | where the secret is |
/// |---|---|
/// | `{ file = "PATH" }` | a file that is closed to others; its group may read it, but not write to it. A relative path starts from the folder of the configuration, and `~/` is the home folder |
/// | `{ fd = 3 }` | an open file descriptor |
/// | `{ systemd = "NAME" }` | a credential that systemd passes to the service (`LoadCredential=`) |
/// | `{ command = ["PROGRAM", "ARGUMENT"] }` | the standard output of a program, which runs without a shell, without input and for at most 60 s |
/// | `{ env = "NAME" }` | an environment variable in capital letters, which other programs of the same user can read |
///
/// A secret is one line of at most 64 KiB; white space around it is ignored. It is read when a client is created, and not
/// before. A file or descriptor can be a pipe, which must be written and closed within 60 s.
///
/// A program that takes longer than 60 s is stopped, and programs that it started may still run. It inherits the environment without
/// variables such as `PARADEX_TOKEN` and `PARADEX_DESK_PRIVATE_KEY`, and every open descriptor that is not closed on `exec`, such as
/// those of `fd`.
///
/// # What is refused
///
/// * A file with a secret in it: a field such as `token` or `private_key`, or a text that looks like a JWT or a key, also in a
///   comment; and a token in the place of a name. Only `account` may have a long hexadecimal number: a key there is refused when the
///   secret is read, if it is the same key. Before that it is shown, shortened.
/// * On Unix: a file that others can write, or that belongs to another user than this one or root. The same holds for its folder,
///   and, if the file is a symbolic link, for the folder of each link and of the target.
/// * An unknown field, and two accounts whose names differ only in case or in `-` and `_`.
#[doc(alias = "paradex.toml")]
#[doc(alias = "profiles")]
#[doc(alias = "multiple accounts")]
#[derive(Debug, Clone)]
pub struct Config {
    path: Option<PathBuf>,
    profiles: Vec<Profile>,
}

/// One account of a [`Config`].
#[derive(Clone)]
pub struct Profile {
    name: String,
    environment: Environment,
    kind: ProfileKind,
    account: Option<AccountAddress>,
    secret: SecretSource,
}

/// The kind of credential that a [`Profile`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileKind {
    /// A bearer token: `kind = "token"`.
    Token,
    /// The account's own Starknet key, in hex: `kind = "private-key"`.
    PrivateKey,
    /// A registered subkey, in hex: `kind = "subkey"`.
    Subkey,
}

impl Config {
    /// Reads a configuration file. It reads no secret.
    ///
    /// # Errors
    ///
    /// The file cannot be read, others can write to it or to its folder, or it is not a valid configuration. The error names the
    /// file, the line, the field and what to do, and never contains a secret.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigurationError> {
        Self::read(path.as_ref()).map_err(|error| error.shown(path.as_ref()))
    }

    fn read(path: &Path) -> Result<Self, LoadError> {
        let text = private_file::protected_text(path, MAX_SIZE_MIB).map_err(LoadError::File)?;
        let absolute = std::path::absolute(path).map_err(LoadError::File)?;
        let folder = absolute.parent().unwrap_or(Path::new(""));
        Ok(Self {
            profiles: document::parse(&text, folder).map_err(LoadError::Text)?,
            path: Some(path.to_owned()),
        })
    }

    /// Reads the file that the variable `PARADEX_CONFIG` names, or else the one at [`default_path`](Self::default_path).
    ///
    /// It returns `None` if the variable is not set and there is no file at the default path.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load).
    pub fn load_default() -> Result<Option<Self>, ConfigurationError> {
        if let Some(path) = std::env::var_os(location::VARIABLE).filter(|path| !path.is_empty()) {
            let named = |error| ConfigurationError::new(format!("{}: {error}", location::VARIABLE));
            return Self::load(path).map(Some).map_err(named);
        }
        let Some(path) = Self::default_path() else {
            return Ok(None);
        };
        // A link whose target is missing is not the same as no file.
        let dangling = |place: &Path| place.is_symlink() && !place.exists();
        match Self::read(&path) {
            Err(LoadError::File(error))
                if error.kind() == io::ErrorKind::NotFound && !path.ancestors().any(dangling) =>
            {
                Ok(None)
            }
            outcome => outcome.map(Some).map_err(|error| error.shown(&path)),
        }
    }

    /// Returns the default path: `$XDG_CONFIG_HOME/paradex/paradex.toml`, or else `~/.config/paradex/paradex.toml`; on Windows
    /// `%APPDATA%\paradex\paradex.toml`.
    ///
    /// It returns `None` if none of these variables is an absolute path.
    pub fn default_path() -> Option<PathBuf> {
        location::standard(cfg!(windows), &|name| std::env::var_os(name))
    }

    /// Parses a configuration. Relative paths of secrets start from the current folder of the process.
    ///
    /// # Errors
    ///
    /// The text is not a valid configuration, or it contains a secret.
    pub fn from_toml(text: &str) -> Result<Self, ConfigurationError> {
        let profiles = document::parse(text, Path::new(""));
        Ok(Self {
            path: None,
            profiles: profiles.map_err(|problem| ConfigurationError::new(problem.to_string()))?,
        })
    }

    /// Returns the path of the file, if it was read from one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the accounts in the order of the file.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter()
    }

    /// Returns the account of this name.
    ///
    /// # Errors
    ///
    /// There is none. The error suggests a name.
    pub fn profile(&self, name: &str) -> Result<&Profile, ConfigurationError> {
        let found = self.profiles.iter().find(|profile| profile.name == name);
        found.ok_or_else(|| {
            let names = || self.profiles.iter().map(Profile::name);
            ConfigurationError::new(format!(
                "{}there is no account `{}`{}; the accounts are {}",
                self.prefix(),
                visible(name, 64),
                did_you_mean(name, names()),
                listed(names())
            ))
        })
    }

    /// Creates the client of an account, with a [`ClientGroup`](crate::ClientGroup) of its own. It reads the secret.
    ///
    /// For other settings, pass [`Profile::credentials`] to a [`ClientBuilder`](crate::ClientBuilder).
    ///
    /// It blocks the thread while it reads the secret.
    ///
    /// # Errors
    ///
    /// There is no such account, its secret cannot be read or is not of its kind, or as for
    /// [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn client(&self, name: &str) -> Result<Client, Error> {
        let profile = self.profile(name)?;
        Client::builder(profile.environment.clone())
            .credentials(profile.credentials()?)
            .build()
    }

    /// Creates a fleet of these accounts, which share connections and rate limits. It reads their secrets, one after the other.
    ///
    /// It blocks the thread while it reads them.
    ///
    /// # Errors
    ///
    /// No account is named, or one twice; they are in different environments; or as for [`client`](Self::client).
    pub fn fleet(&self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Fleet, Error> {
        let names = names.into_iter();
        let profiles: Result<Vec<&Profile>, _> = names.map(|name| self.profile(name.as_ref())).collect();
        let profiles = profiles?;
        let Some(first) = profiles.first() else {
            return Err(no_account().into());
        };
        let environment = first.environment.clone();
        if profiles.iter().any(|profile| profile.environment != environment) {
            return Err(ConfigurationError::new(format!(
                "{}these accounts are in different environments ({}), and a fleet has one: name the accounts of one \
                 environment",
                self.prefix(),
                by_environment(&profiles)
            ))
            .into());
        }
        let group = Client::builder(environment).build_group()?;
        let mut fleet = Fleet::new();
        for profile in profiles {
            fleet = fleet.with(&profile.name, group.client(profile.credentials()?)?)?;
        }
        Ok(fleet)
    }

    fn prefix(&self) -> String {
        let path = self.path.as_ref();
        path.map_or_else(String::new, |path| format!("{}: ", shown(path)))
    }
}

impl Profile {
    /// Returns the name of the account.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the environment of the account.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Returns the kind of credential.
    pub fn kind(&self) -> ProfileKind {
        self.kind
    }

    /// Returns the address of the account, if the file has it.
    pub fn account(&self) -> Option<&AccountAddress> {
        self.account.as_ref()
    }

    /// Returns where the secret is.
    pub fn secret_source(&self) -> &SecretSource {
        &self.secret
    }

    /// Reads the secret, and returns the credential. Nothing is sent.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::fleet::Config;
    ///
    /// # fn example() -> Result<(), paradex_api_ext::Error> {
    /// let config = Config::load("paradex.toml")?;
    /// let profile = config.profile("desk")?;
    /// let client = Client::builder(profile.environment().clone())
    ///     .credentials(profile.credentials()?)
    ///     .read_only()
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It blocks the thread while it reads, for at most about 60 s.
    ///
    /// # Errors
    ///
    /// The secret cannot be read, is not of this kind, is a token of another account, or is in the file as `account`.
    pub fn credentials(&self) -> Result<Credentials, ConfigurationError> {
        let failed = |problem: String| ConfigurationError::new(format!("account `{}`: {problem}", self.name));
        let secret = self.secret.read().map_err(failed)?;
        let secret_as_account = secret.expose().trim().parse::<AccountAddress>().ok();
        if self.account.is_some() && self.account == secret_as_account {
            return Err(failed(
                "the private key is in the file as `account`: replace the key, and write the address of the account".to_owned(),
            ));
        }
        if self.kind == ProfileKind::Token {
            let credentials = Credentials::bearer(self.environment.clone(), secret);
            let credentials = credentials.map_err(|error| failed(format!("{}: {error}", self.secret)))?;
            self.check_account(&credentials).map_err(failed)?;
            return Ok(credentials);
        }
        let place = self.secret.to_string();
        let credentials = match (self.kind, self.account) {
            (ProfileKind::Subkey, Some(account)) => subkey(&self.environment, &place, &secret, account),
            (ProfileKind::Subkey, None) => return Err(failed("a subkey needs `account`".to_owned())),
            (_, account) => main_key(&self.environment, &place, &secret, account),
        };
        credentials.map_err(|error| failed(error.to_string()))
    }

    /// Compares the account with that of a token, if both are known.
    fn check_account(&self, credentials: &Credentials) -> Result<(), String> {
        let named = credentials.token_info().and_then(|info| info.account.as_deref());
        let named = named.and_then(|account| account.parse::<AccountAddress>().ok());
        match (self.account, named) {
            (Some(account), Some(named)) if account != named => Err(format!(
                "{}: the token is for the account {named}, and the file names {}: correct one of them",
                self.secret,
                shortened(&account)
            )),
            _ => Ok(()),
        }
    }
}

impl ProfileKind {
    const ALL: [Self; 3] = [Self::Token, Self::PrivateKey, Self::Subkey];

    /// Returns the name of the kind, as the file has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::PrivateKey => "private-key",
            Self::Subkey => "subkey",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for ProfileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An account in short, because it may be a key in the wrong place.
fn shortened(account: &AccountAddress) -> String {
    let text = account.to_string();
    match (text.get(..6), text.get(text.len().saturating_sub(4)..)) {
        (Some(start), Some(end)) if text.len() > 20 => format!("{start}…{end}"),
        _ => text,
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({self})")
    }
}

/// Shows the account without its secret, and its address in short. `PRODUCTION` stands out.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let environment = self.environment.to_string();
        let environment = match self.environment.is_production() {
            true => environment.replacen("production", "PRODUCTION", 1),
            false => environment,
        };
        write!(f, "{} ({environment}): {}", self.name, self.kind)?;
        if let Some(account) = &self.account {
            write!(f, " for {}", shortened(account))?;
        }
        write!(f, " from {}", self.secret)
    }
}

impl Fleet {
    /// Creates a fleet of all accounts of a configuration file; see [`Config`] for its format.
    ///
    /// ```no_run
    /// use paradex_api_ext::fleet::Fleet;
    ///
    /// # async fn example() -> Result<(), paradex_api_ext::Error> {
    /// let fleet = Fleet::from_config("paradex.toml")?;
    /// println!("{}", fleet.read().await);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It blocks the thread while it reads the secrets. [`Config::fleet`] takes some of the accounts.
    ///
    /// # Errors
    ///
    /// As for [`Config::load`] and [`Config::fleet`].
    pub fn from_config(path: impl AsRef<Path>) -> Result<Self, Error> {
        let config = Config::load(path)?;
        config.fleet(config.profiles().map(Profile::name))
    }
}

/// Why a file was not read. A missing file can be told from the others.
enum LoadError {
    File(io::Error),
    Text(document::Problem),
}

impl LoadError {
    fn shown(self, path: &Path) -> ConfigurationError {
        let path = shown(path);
        ConfigurationError::new(match self {
            Self::File(error) => format!("{path} cannot be read: {error}"),
            Self::Text(problem) => format!("{path}: {problem}"),
        })
    }
}

/// The error of a fleet without accounts, whose audit would find nothing.
pub(super) fn no_account() -> ConfigurationError {
    ConfigurationError::new("no account is named: name at least one")
}

/// The names of accounts, by environment.
fn by_environment(profiles: &[&Profile]) -> String {
    let mut groups: Vec<(&Environment, Vec<&str>)> = Vec::new();
    for profile in profiles {
        match groups
            .iter_mut()
            .find(|(environment, _)| *environment == &profile.environment)
        {
            Some((_, names)) => names.push(&profile.name),
            None => groups.push((&profile.environment, vec![&profile.name])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(environment, names)| format!("{environment}: {}", listed(names)));
    groups.collect::<Vec<_>>().join("; ")
}

/// At most ten names.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let names: Vec<&str> = names.into_iter().collect();
    match names.get(..MOST) {
        Some(first) if names.len() > MOST => format!("{} and {} more", first.join(", "), names.len() - MOST),
        _ => names.join(", "),
    }
}

fn shown(path: &Path) -> String {
    visible(&path.display().to_string(), 400)
}
