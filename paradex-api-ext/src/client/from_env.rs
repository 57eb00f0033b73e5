//! The settings that come from environment variables.

use std::ffi::OsString;

use super::builder::ClientBuilder;
use super::environment::Environment;
use crate::auth::from_variables;
use crate::error::{ConfigurationError, Error};

impl ClientBuilder {
    /// Reads the environment and the credential from environment variables.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `PARADEX_ENVIRONMENT` | `production`, `testnet`, or the address of a server on this machine or in `paradex.trade`; other hosts need [`trust_host`](Self::trust_host). Required |
    /// | `PARADEX_TOKEN` | a bearer token |
    /// | `PARADEX_PRIVATE_KEY` | the account's own Starknet key, in hex |
    /// | `PARADEX_SUBKEY` | a subkey, in hex; needs `PARADEX_ACCOUNT` |
    /// | `PARADEX_ACCOUNT` | the address of the account; if it is not set, it is derived from the key |
    ///
    /// Keys need the feature `signing`, which is on by default.
    ///
    /// At most one of the three secrets may be set, and in one place only. The places, the safest first:
    ///
    /// 1. a systemd credential with the same name in lower case and with hyphens (`paradex-private-key`);
    /// 2. a file, whose path is in the variable with `_FILE` appended. It must be closed to others; its group may read it, but not
    ///    write to it. It may be a pipe or a descriptor (`/dev/fd/3`), which is read for at most 60 s;
    /// 3. the variable itself, which other programs of the same user can read.
    ///
    /// For several accounts see `fleet::Config` and `fleet::Fleet::from_env` (feature `fleet`).
    ///
    /// Variables cannot loosen where a credential may be sent: [`trust_host`](Self::trust_host) and
    /// [`Environment::production_proxy`] are for the program alone. The process keeps its variables in memory as long as it runs. The
    /// crate overwrites its own copies of keys; see [`auth`](crate::auth).
    ///
    /// # Errors
    ///
    /// A variable is missing or has an invalid value, more than one secret is set, or the file cannot be read.
    #[doc(alias = "environment variables")]
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let environment = environment(&variable)?;
        let credentials = from_variables(&environment, None, &variable)?;
        let mut builder = Self::new(environment);
        builder.credentials = credentials;
        Ok(builder)
    }
}

/// Reads `PARADEX_ENVIRONMENT`, which must be set.
pub(crate) fn environment(
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Environment, ConfigurationError> {
    let unset = || {
        ConfigurationError::new(
            "PARADEX_ENVIRONMENT is not set: set it to `production`, `testnet`, or an address such as `https://HOST`",
        )
    };
    Environment::from_variables(variable)?.ok_or_else(unset)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::ClientBuilder;
    use crate::client::environment::Environment;

    fn from(variables: &[(&str, &str)]) -> Result<ClientBuilder, String> {
        let found = |name: &str| {
            let value = variables.iter().find(|(other, _)| *other == name);
            value.map(|(_, value)| OsString::from(value))
        };
        ClientBuilder::from_variables(found).map_err(|error| error.to_string())
    }

    #[test]
    fn environment_is_required_and_has_no_default() {
        for (text, environment) in [
            ("production", Environment::Production),
            ("testnet", Environment::Testnet),
            ("https://api.prod.paradex.trade/v1", Environment::Production),
            (
                "http://127.0.0.1:8080",
                Environment::custom("http://127.0.0.1:8080").unwrap(),
            ),
        ] {
            assert_eq!(
                from(&[("PARADEX_ENVIRONMENT", text)]).unwrap().environment,
                environment
            );
        }
        for variables in [
            vec![],
            vec![("PARADEX_TOKEN", "t")],
            vec![("PARADEX_ENVIRONMENT", "")],
            vec![("PARADEX_ENVIRONMENT", "Production")],
            vec![("PARADEX_ENVIRONMENT", "prod\n\u{1b}[31m")],
            vec![("PARADEX_ENVIRONMENT", "http://example.com")],
        ] {
            let error = from(&variables).unwrap_err();
            assert!(
                error.contains("PARADEX_ENVIRONMENT") || error.contains("https"),
                "{error}"
            );
            assert!(!error.contains(char::is_control), "{error}");
        }
    }

    #[test]
    fn credential_from_env_still_needs_a_trusted_host() {
        let token = ("PARADEX_TOKEN", "canary");
        let made = from(&[("PARADEX_ENVIRONMENT", "testnet"), token]).unwrap();
        assert_eq!(
            made.credentials.as_ref().unwrap().environment(),
            &Environment::Testnet
        );
        made.build().unwrap();
        // A host that is not the exchange's must be trusted by the program.
        let proxied = || from(&[("PARADEX_ENVIRONMENT", "https://proxy.example.com"), token]).unwrap();
        assert!(proxied().build().is_err());
        proxied()
            .trust_host("proxy.example.com")
            .unwrap()
            .build()
            .unwrap();
        // Without a credential there is a client for public data.
        assert!(
            from(&[("PARADEX_ENVIRONMENT", "testnet")])
                .unwrap()
                .build()
                .unwrap()
                .credentials()
                .is_none()
        );
    }
}
