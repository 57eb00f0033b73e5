//! Accounts from `paradex.toml`, and `paradex config check`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use paradex_api_ext::auth::{credential_place, variable_prefix};
use paradex_api_ext::fleet::{Config, Profile};
use paradex_api_ext::{Client, ClientGroup, Environment};
use serde::Serialize;

use crate::args::{Args, Command};
use crate::client_source::{ClientSource, DEFAULT, FromVariables, Opener, environment_variable, group};
use crate::console::{Console, Exit, Failure, chain, line};

/// The accounts of a configuration file, and those of environment variables.
///
/// Without a file, all accounts come from variables. If an option or a variable names the file, all accounts come from it. If
/// it is at its default path, an account that it lacks comes from variables, and an account may not be in both.
pub(crate) struct Accounts {
    config: Option<Config>,
    /// Whether `--config` or PARADEX_CONFIG names the file.
    explicit: bool,
    read_only: bool,
    default: String,
    groups: Mutex<Vec<ClientGroup>>,
    variables: Mutex<Option<FromVariables>>,
}

impl Accounts {
    pub(crate) fn open(args: &Args, read_only: bool) -> Result<Self, Failure> {
        let explicit = args.config.is_some() || is_set("PARADEX_CONFIG");
        let config = load(args)?;
        // Without a file, missing variables are reported before anything else.
        let variables = match config {
            None => Some(FromVariables::new(read_only, environment(args))?),
            Some(_) => None,
        };
        Ok(Self {
            default: match &config {
                Some(config) => default_account(config, explicit)?.to_owned(),
                None => DEFAULT.to_owned(),
            },
            config,
            explicit,
            read_only,
            groups: Mutex::default(),
            variables: Mutex::new(variables),
        })
    }

    /// Accounts in one environment share connections and rate limits.
    fn group(&self, environment: &Environment) -> Result<ClientGroup, Failure> {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(group) = groups.iter().find(|group| group.environment() == environment) {
            return Ok(group.clone());
        }
        let group = group(Client::builder(environment.clone()), self.read_only)?;
        groups.push(group.clone());
        Ok(group)
    }

    fn by_variables<T>(&self, run: impl FnOnce(&FromVariables) -> T) -> Result<T, Failure> {
        let mut variables = self.variables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(variables) = &*variables {
            return Ok(run(variables));
        }
        Ok(run(variables.insert(FromVariables::new(self.read_only, None)?)))
    }

    fn profile_opener(&self, config: &Config, profile: &Profile) -> Result<Opener, Failure> {
        let name = profile.name();
        if !self.explicit
            && let Some(place) = place(name)?
        {
            return Err(Failure::usage(format!(
                "the account `{name}` is in {}, and {place} is set: remove it, or pass `--config`",
                file(config)
            )));
        }
        let group = self.group_of_profile(config, profile)?;
        let profile = profile.clone();
        Ok(Box::new(move || {
            let credentials = profile.credentials();
            let credentials = credentials.map_err(|error| Failure::from_error(Exit::Usage, &error))?;
            Ok(group.client(credentials)?)
        }))
    }

    /// The group of an account, unless PARADEX_ENVIRONMENT is another environment.
    fn group_of_profile(&self, config: &Config, profile: &Profile) -> Result<ClientGroup, Failure> {
        if let Some(environment) = environment_variable()?
            && environment != *profile.environment()
        {
            return Err(Failure::usage(format!(
                "PARADEX_ENVIRONMENT is {environment}, and the account `{}` in {} is at {}: unset the variable, or name \
                 another account",
                profile.name(),
                file(config),
                profile.environment()
            )));
        }
        self.group(profile.environment())
    }

    /// An account that the file lacks, by its variables.
    fn absent_opener(&self, config: &Config, account: &str, absent: Failure) -> Result<Opener, Failure> {
        // No variable can have this name.
        if variable_prefix(Some(account)).is_err() {
            return Err(absent);
        }
        if let Some(same) = same_variables(config, account) {
            return Err(Failure::usage(format!(
                "{} has no account `{}`, and its variables would be those of `{same}`: did you mean `{same}`?",
                file(config),
                line(account)
            )));
        }
        match (environment_variable()?, place(account)?) {
            (Some(_), Some(_)) => self.by_variables(|variables| variables.opener(account)),
            (None, Some(place)) => Err(Failure::usage(format!(
                "{place} is set and PARADEX_ENVIRONMENT is not: set it, or name an account of {} with `--account`: {}",
                file(config),
                names(config).join(", ")
            ))),
            (Some(_), None) => {
                let open = self.by_variables(|variables| variables.opener(account))?;
                Ok(Box::new(move || {
                    open().map_err(|failure| Failure::new(failure.exit, format!("{failure}; {absent}")))
                }))
            }
            (None, None) => Err(absent),
        }
    }
}

impl ClientSource for Accounts {
    fn anonymous(&self) -> Result<Option<Client>, Failure> {
        let Some(config) = &self.config else {
            return self.by_variables(FromVariables::anonymous).map(Some);
        };
        // Public data needs an environment alone: that of the default account.
        match config.profile(&self.default) {
            Ok(profile) => Ok(Some(self.group_of_profile(config, profile)?.anonymous())),
            Err(_) => Ok(None),
        }
    }

    fn is_without_account(&self) -> bool {
        self.config.is_none() && matches!(place(DEFAULT), Ok(None))
    }

    fn default_account(&self) -> &str {
        &self.default
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        self.opener(account)?()
    }

    fn opener(&self, account: &str) -> Result<Opener, Failure> {
        let Some(config) = &self.config else {
            return self.by_variables(|variables| variables.opener(account));
        };
        let absent = match config.profile(account) {
            Ok(profile) => return self.profile_opener(config, profile),
            Err(_) if account == DEFAULT && config.profiles().count() > 1 => Failure::usage(format!(
                "{} has several accounts: pass `--account` or `--all`; the accounts are {}",
                file(config),
                names(config).join(", ")
            )),
            Err(error) => Failure::from_error(Exit::Usage, &error),
        };
        match self.explicit {
            true => Err(absent),
            false => self.absent_opener(config, account, absent),
        }
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        let Some(config) = &self.config else {
            return Err(no_file(
                "`--all` means all accounts of the configuration file, and ",
            ));
        };
        let mut profiles = config.profiles();
        let first = profiles.next().map(Profile::environment);
        if let Some(other) = profiles.find(|profile| Some(profile.environment()) != first) {
            let first = first.map(ToString::to_string).unwrap_or_default();
            return Err(Failure::usage(format!(
                "{} has accounts at {first} and at {}, and a command works in one environment: name the accounts with \
                 `--account`",
                file(config),
                other.environment()
            )));
        }
        Ok(names(config))
    }
}

/// The accounts that the arguments name, or all with `--all`.
pub(crate) fn named(args: &Args, source: &dyn ClientSource) -> Result<Vec<String>, Failure> {
    match args.all {
        true => source.all(),
        false => Ok(args.account.clone()),
    }
}

/// The clients of accounts by name, and why the others could not be opened.
pub(crate) type Opened = (Vec<(String, Client)>, Vec<(String, Failure)>);

/// Opens the accounts that can be opened, and returns why the others cannot.
///
/// For `halt`, which must not fail or wait for all accounts because of the secret of one. Once an account is open, the others get
/// this much more time. If none can be opened, the first reason is the error.
pub(crate) async fn open_available(
    named: &[String],
    source: &dyn ClientSource,
    patience: Duration,
) -> Result<Opened, Failure> {
    let mut names: Vec<&str> = Vec::new();
    for name in named {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.push(source.default_account());
    }
    let mut outcomes = open_each(&names, source, patience).await;
    let (mut clients, mut failures) = (Vec::new(), Vec::new());
    for (index, name) in names.into_iter().enumerate() {
        let late = || {
            Err(Failure::new(
                Exit::Failed,
                format!(
                    "its secret was not read within {} s after that of another account",
                    patience.as_secs_f64()
                ),
            ))
        };
        match outcomes.remove(&index).unwrap_or_else(late) {
            Ok(client) => clients.push((name.to_owned(), client)),
            Err(failure) => failures.push((name.to_owned(), failure)),
        }
    }
    if clients.is_empty() && !failures.is_empty() {
        return Err(failures.swap_remove(0).1);
    }
    Ok((clients, failures))
}

/// Opens accounts concurrently. The outcomes of those that were too late are missing.
async fn open_each(
    names: &[&str],
    source: &dyn ClientSource,
    patience: Duration,
) -> HashMap<usize, Result<Client, Failure>> {
    let mut outcomes = HashMap::new();
    let (sender, mut opened) = tokio::sync::mpsc::unbounded_channel();
    for (index, name) in names.iter().enumerate() {
        let open = match source.opener(name) {
            Ok(open) => open,
            Err(failure) => {
                outcomes.insert(index, Err(failure));
                continue;
            }
        };
        let (sender, runtime) = (sender.clone(), tokio::runtime::Handle::current());
        // Not a thread of the runtime, which would wait at its end until the secret is read.
        let started = std::thread::Builder::new().spawn(move || {
            let _entered = runtime.enter();
            // It is ignored after the deadline.
            let _ = sender.send((index, open()));
        });
        if let Err(error) = started {
            outcomes.insert(index, Err(Failure::from(error)));
        }
    }
    drop(sender);
    let mut deadline = None;
    loop {
        let next = match deadline {
            None => opened.recv().await,
            Some(at) => tokio::time::timeout_at(at, opened.recv()).await.ok().flatten(),
        };
        let Some((index, outcome)) = next else {
            return outcomes;
        };
        if outcome.is_ok() && deadline.is_none() {
            deadline = Some(tokio::time::Instant::now() + patience);
        }
        outcomes.insert(index, outcome);
    }
}

/// The environment that the command names, if it can.
fn environment(args: &Args) -> Option<&Environment> {
    match &args.command {
        Command::Probe(probe) => probe.environment.as_ref(),
        _ => None,
    }
}

fn load(args: &Args) -> Result<Option<Config>, Failure> {
    let config = match &args.config {
        Some(path) => Config::load(path).map(Some),
        None => Config::load_default(),
    };
    config.map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// The account of a command that names none: `default`, or the only one of the file, unless `default` has a credential elsewhere.
fn default_account(config: &Config, explicit: bool) -> Result<&str, Failure> {
    let elsewhere = !explicit && place(DEFAULT)?.is_some();
    let mut profiles = config.profiles().map(Profile::name);
    Ok(match (profiles.next(), profiles.next()) {
        (Some(only), None) if !elsewhere => only,
        _ => DEFAULT,
    })
}

/// Where an account has a credential outside of the file: a variable, or a systemd credential.
fn place(account: &str) -> Result<Option<String>, Failure> {
    credential_place(account).map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// The account of the file that has the same variables as this name.
fn same_variables<'a>(config: &'a Config, account: &str) -> Option<&'a str> {
    let prefix = |name: &str| variable_prefix(Some(name)).ok();
    let wanted = prefix(account)?;
    let mut names = config.profiles().map(Profile::name);
    names.find(|name| prefix(name).as_ref() == Some(&wanted))
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn names(config: &Config) -> Vec<String> {
    config
        .profiles()
        .map(|profile| profile.name().to_owned())
        .collect()
}

/// The path of the file, for messages.
fn file(config: &Config) -> String {
    let path = config.path();
    path.map_or_else(
        || "the configuration".to_owned(),
        |path| line(&path.display().to_string()),
    )
}

fn no_file(why: &str) -> Failure {
    let place = match Config::default_path() {
        Some(path) => format!("create {}, or pass", path.display()),
        None => "pass".to_owned(),
    };
    Failure::usage(format!("{why}there is none: {place} `--config FILE`"))
}

#[derive(Serialize)]
struct Checked {
    name: String,
    environment: String,
    production: bool,
    kind: &'static str,
    account: Option<String>,
    secret: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Report {
    file: String,
    accounts: Vec<Checked>,
}

/// Reads the configuration and the secret of each account. Nothing is sent, and no secret is shown.
pub(crate) fn check(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Some(config) = load(args)? else {
        return Err(no_file("a configuration file is needed, and "));
    };
    let mut profiles: Vec<&Profile> = Vec::new();
    for name in &args.account {
        let profile = config.profile(name);
        profiles.push(profile.map_err(|error| Failure::from_error(Exit::Usage, &error))?);
    }
    if profiles.is_empty() {
        profiles.extend(config.profiles());
    }
    let mut report = Report {
        file: file(&config),
        accounts: Vec::new(),
    };
    let mut text = format!("{}\n", report.file);
    for profile in profiles {
        let error = profile.credentials().err().map(|error| chain(&error));
        text.push_str(&format!("\n{}\n", line(&profile.to_string())));
        text.push_str(&match &error {
            None => "  its secret can be read\n".to_owned(),
            Some(error) => format!("  NOT USABLE: {error}\n"),
        });
        report.accounts.push(Checked {
            name: profile.name().to_owned(),
            environment: profile.environment().to_string(),
            production: profile.environment().is_production(),
            kind: profile.kind().name(),
            // A key in the place of the account is only recognized if the secret can be read.
            account: profile
                .account()
                .filter(|_| error.is_none())
                .map(ToString::to_string),
            secret: profile.secret_source().to_string(),
            error,
        });
    }
    console.result(&report, text)?;
    let failed = report.accounts.iter().any(|account| account.error.is_some());
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
