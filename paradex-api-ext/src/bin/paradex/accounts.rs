//! Accounts from `paradex.toml`, and `paradex config check`.

use std::sync::{Mutex, PoisonError};

use paradex_api_ext::fleet::{Config, Fleet, Profile};
use paradex_api_ext::{Client, ClientGroup, Environment};
use serde::Serialize;

use crate::args::Args;
use crate::client_source::{ClientSource, DEFAULT, FromVariables, group, open_fleet};
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
            None => Some(FromVariables::new(read_only)?),
            Some(_) => None,
        };
        Ok(Self {
            default: config
                .as_ref()
                .map_or(DEFAULT, |config| default_account(config, explicit))
                .to_owned(),
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

    fn client_by_variables(&self, account: &str) -> Result<Client, Failure> {
        let mut variables = self.variables.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *variables {
            Some(variables) => variables.client(account),
            none => none.insert(FromVariables::new(self.read_only)?).client(account),
        }
    }

    fn client_of_profile(&self, config: &Config, profile: &Profile) -> Result<Client, Failure> {
        let name = profile.name();
        if !self.explicit
            && let Some(variable) = credential_variable(name)
        {
            return Err(Failure::usage(format!(
                "the account `{name}` is in {}, and {variable} is set: unset the variable, or pass `--config`",
                file(config)
            )));
        }
        if let Some(environment) = environment_variable()?
            && environment != *profile.environment()
        {
            return Err(Failure::usage(format!(
                "PARADEX_ENVIRONMENT is {environment}, and the account `{name}` in {} is at {}: unset the variable, or name \
                 another account",
                file(config),
                profile.environment()
            )));
        }
        let credentials = profile.credentials();
        let credentials = credentials.map_err(|error| Failure::from_error(Exit::Usage, &error))?;
        Ok(self.group(profile.environment())?.client(credentials)?)
    }
}

impl ClientSource for Accounts {
    fn anonymous(&self) -> Option<Client> {
        let Some(config) = &self.config else {
            let variables = self.variables.lock().unwrap_or_else(PoisonError::into_inner);
            return variables.as_ref().map(FromVariables::anonymous);
        };
        // Public data needs an environment alone: that of the default account.
        let profile = config.profile(&self.default).ok()?;
        Some(self.group(profile.environment()).ok()?.anonymous())
    }

    fn default_account(&self) -> &str {
        &self.default
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        let Some(config) = &self.config else {
            return self.client_by_variables(account);
        };
        match config.profile(account) {
            Ok(profile) => self.client_of_profile(config, profile),
            Err(_) if !self.explicit && is_set("PARADEX_ENVIRONMENT") => self.client_by_variables(account),
            Err(_) if account == DEFAULT && config.profiles().count() > 1 => Err(Failure::usage(format!(
                "{} has several accounts: pass `--account` or `--all`; the accounts are {}",
                file(config),
                names(config).join(", ")
            ))),
            Err(error) => Err(Failure::from_error(Exit::Usage, &error)),
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

/// Opens the accounts that can be opened, and returns why the others cannot.
///
/// For `halt`, which must not fail for all accounts because the secret of one cannot be read. If none can be opened, the
/// first reason is the error.
pub(crate) fn open_available(
    named: &[String],
    source: &dyn ClientSource,
) -> Result<(Fleet, Vec<(String, Failure)>), Failure> {
    if named.is_empty() {
        return Ok((open_fleet([], source)?, Vec::new()));
    }
    let mut fleet = Fleet::new();
    let mut failures: Vec<(String, Failure)> = Vec::new();
    for name in named {
        if fleet.client(name).is_some() || failures.iter().any(|(failed, _)| failed == name) {
            continue;
        }
        let added = source
            .client(name)
            .and_then(|client| Ok(fleet.clone().with(name, client)?));
        match added {
            Ok(larger) => fleet = larger,
            Err(failure) => failures.push((name.clone(), failure)),
        }
    }
    if fleet.accounts().next().is_none() && !failures.is_empty() {
        return Err(failures.swap_remove(0).1);
    }
    Ok((fleet, failures))
}

fn load(args: &Args) -> Result<Option<Config>, Failure> {
    let config = match &args.config {
        Some(path) => Config::load(path).map(Some),
        None => Config::load_default(),
    };
    config.map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// The account of a command that names none: `default`, or the only one of the file, unless variables name a credential.
fn default_account(config: &Config, explicit: bool) -> &str {
    let by_variables = !explicit && is_set("PARADEX_ENVIRONMENT") && credential_variable(DEFAULT).is_some();
    let mut profiles = config.profiles().map(Profile::name);
    match (profiles.next(), profiles.next()) {
        (Some(only), None) if !by_variables => only,
        _ => DEFAULT,
    }
}

/// The first variable that names a credential of an account.
fn credential_variable(account: &str) -> Option<String> {
    let part = match account {
        DEFAULT => String::new(),
        account => format!("{}_", account.to_ascii_uppercase().replace('-', "_")),
    };
    let kinds = ["TOKEN", "PRIVATE_KEY", "SUBKEY"];
    let names = kinds
        .iter()
        .flat_map(|kind| ["", "_FILE"].map(|suffix| format!("PARADEX_{part}{kind}{suffix}")));
    names.into_iter().find(|name| is_set(name))
}

fn environment_variable() -> Result<Option<Environment>, Failure> {
    let Some(value) = std::env::var_os("PARADEX_ENVIRONMENT").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let environment = match value.to_str().unwrap_or_default() {
        "production" => Environment::Production,
        "testnet" => Environment::Testnet,
        other => Environment::custom(other)
            .map_err(|error| Failure::usage(format!("PARADEX_ENVIRONMENT: {error}")))?,
    };
    Ok(Some(environment))
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
            account: profile.account().map(ToString::to_string),
            secret: profile.secret_source().to_string(),
            error,
        });
    }
    console.result(&report, text)?;
    let failed = report.accounts.iter().any(|account| account.error.is_some());
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
