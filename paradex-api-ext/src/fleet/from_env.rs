//! A fleet from environment variables.

use std::ffi::OsString;

use super::Fleet;
use super::config::no_account;
use crate::auth::{from_variables, variable_prefix};
use crate::client::Client;
use crate::client::from_env::environment;
use crate::error::{ConfigurationError, Error};

impl Fleet {
    /// Creates a fleet from the environment variables of these accounts.
    ///
    /// ```no_run
    /// use paradex_api_ext::fleet::Fleet;
    ///
    /// // Reads PARADEX_ENVIRONMENT, PARADEX_DESK_TOKEN, PARADEX_DESK_PRIVATE_KEY_FILE, PARADEX_RESEARCH_1_SUBKEY and so on.
    /// let fleet = Fleet::from_env(["desk", "research-1"])?;
    /// # Ok::<(), paradex_api_ext::Error>(())
    /// ```
    ///
    /// The variables are those of [`ClientBuilder::from_env`](crate::ClientBuilder::from_env), with the account's name after
    /// `PARADEX_`; those of the account `default` contain no name. All accounts are in the environment `PARADEX_ENVIRONMENT`, and share connections and rate limits.
    ///
    /// # Errors
    ///
    /// No account is named, an account has no credential, two names have the same variables, or as for `from_env`.
    pub fn from_env(names: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, Error> {
        Self::from_variables(names, &|name| std::env::var_os(name))
    }

    fn from_variables(
        names: impl IntoIterator<Item = impl AsRef<str>>,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let environment = environment(variable)?;
        let group = Client::builder(environment.clone()).build_group()?;
        let mut fleet = Self::new();
        let mut prefixes: Vec<(String, String)> = Vec::new();
        for name in names {
            let name = name.as_ref();
            let prefix = variable_prefix(Some(name))?;
            if let Some((_, other)) = prefixes.iter().find(|(known, _)| *known == prefix) {
                return Err(ConfigurationError::new(format!(
                    "the accounts `{other}` and `{name}` have the same variables, which begin with {prefix}_: rename one of them"
                ))
                .into());
            }
            let Some(credentials) = from_variables(&environment, Some(name), variable)? else {
                return Err(ConfigurationError::new(format!(
                    "the account `{name}` has no credential: set {prefix}_PRIVATE_KEY_FILE or {prefix}_TOKEN_FILE"
                ))
                .into());
            };
            fleet = fleet.with(name, group.client(credentials)?)?;
            prefixes.push((prefix, name.to_owned()));
        }
        match prefixes.is_empty() {
            true => Err(no_account().into()),
            false => Ok(fleet),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::Fleet;

    #[test]
    fn each_account_needs_variables_of_its_own() {
        let fleet = |names: &[&str]| {
            let variables = [
                ("PARADEX_ENVIRONMENT", "testnet"),
                ("PARADEX_TOKEN", "canary-unnamed"),
                ("PARADEX_DESK_1_TOKEN", "canary-desk"),
                ("PARADEX_RESEARCH_TOKEN", "canary-research"),
            ];
            let found = |name: &str| {
                let value = variables.iter().find(|(other, _)| *other == name);
                value.map(|(_, value)| OsString::from(value))
            };
            Fleet::from_variables(names, &found).map_err(|error| error.to_string())
        };
        let both = fleet(&["desk-1", "research"]).unwrap();
        assert_eq!(both.accounts().collect::<Vec<_>>(), ["desk-1", "research"]);
        let id = |name: &str| both.client(name).unwrap().credentials().unwrap().id();
        assert_ne!(id("desk-1"), id("research"));
        for (names, reason) in [
            (&[][..], "no account is named"),
            (&["nobody"], "set PARADEX_NOBODY_PRIVATE_KEY_FILE"),
            (&["desk-1", "desk_1"], "begin with PARADEX_DESK_1_"),
            (&["desk-1", "desk-1"], "begin with PARADEX_DESK_1_"),
            (&["a b"], "letters, digits"),
        ] {
            let error = fleet(names).unwrap_err();
            assert!(error.contains(reason) && !error.contains("canary"), "{error}");
        }
    }
}
