//! Credentials from the environment variables of the process.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use paradex_api::{Secret, visible};

use super::credentials::Credentials;
use super::{secret_file, starknet_key};
use crate::client::environment::Environment;
use crate::error::ConfigurationError;
use crate::signing::AccountAddress;

/// How the names of the variables end that have secrets.
pub(crate) const SECRET_SUFFIXES: [&str; 3] = ["TOKEN", "PRIVATE_KEY", "SUBKEY"];

/// Reads the credential that the variables name, if any. The name of an account becomes part of the variables' names.
pub(crate) fn from_variables(
    environment: &Environment,
    account_name: Option<&str>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<Credentials>, ConfigurationError> {
    let prefix = variable_prefix(account_name)?;
    let [token_name, key_name, subkey_name] = SECRET_SUFFIXES.map(|name| format!("{prefix}_{name}"));
    let account_variable = format!("{prefix}_ACCOUNT");
    let token = secret(&token_name, variable)?;
    let key = secret(&key_name, variable)?;
    let subkey = secret(&subkey_name, variable)?;
    let given = [(&token_name, &token), (&key_name, &key), (&subkey_name, &subkey)];
    let names: Vec<&String> = given
        .iter()
        .filter(|(_, secret)| secret.is_some())
        .map(|(name, _)| *name)
        .collect();
    if let [one, other, ..] = names.as_slice() {
        return Err(ConfigurationError::new(format!(
            "{one} and {other} both name a credential: unset one of them"
        )));
    }
    let account = match variable(&account_variable).map(OsString::into_string) {
        None => None,
        Some(Ok(text)) => Some(
            text.parse::<AccountAddress>()
                .map_err(|error| ConfigurationError::new(format!("{account_variable}: {error}")))?,
        ),
        Some(Err(_)) => {
            return Err(ConfigurationError::new(format!(
                "{account_variable} is not UTF-8 text"
            )));
        }
    };
    if let Some(token) = token {
        return Credentials::bearer(environment.clone(), token).map(Some);
    }
    if let Some(secret) = key {
        return starknet_key::main_key(environment, &key_name, &secret, account).map(Some);
    }
    if let Some(secret) = subkey {
        let Some(account) = account else {
            return Err(ConfigurationError::new(format!(
                "{subkey_name} needs {account_variable}, the address of the account that the subkey acts for"
            )));
        };
        return starknet_key::subkey(environment, &subkey_name, &secret, account).map(Some);
    }
    Ok(None)
}

/// Returns the prefix of the names of an account's variables. The variables of the account `default`, in any case, contain no name.
///
/// # Errors
///
/// The name has other characters than letters, digits, `-` and `_`.
pub fn variable_prefix(account_name: Option<&str>) -> Result<String, ConfigurationError> {
    let name = match account_name {
        Some(name) if !name.eq_ignore_ascii_case("default") => name,
        _ => return Ok("PARADEX".to_owned()),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        let shown = visible(name, 80);
        return Err(ConfigurationError::new(format!(
            "the account name `{shown}` cannot be part of a variable: use 1 to 64 letters, digits, `-` and `_`"
        )));
    }
    Ok(format!("PARADEX_{}", name.to_ascii_uppercase().replace('-', "_")))
}

/// Returns the first place, in words, where an account has a credential: a variable that is not empty, or a systemd credential.
///
/// # Errors
///
/// As for [`variable_prefix`], or CREDENTIALS_DIRECTORY is not a full path.
#[cfg(feature = "fleet")]
pub fn credential_place(account_name: &str) -> Result<Option<String>, ConfigurationError> {
    place(account_name, &|name| std::env::var_os(name))
}

#[cfg(feature = "fleet")]
fn place(
    account_name: &str,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<String>, ConfigurationError> {
    let prefix = variable_prefix(Some(account_name))?;
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    for kind in SECRET_SUFFIXES {
        let name = format!("{prefix}_{kind}");
        if is_set(&name) {
            return Ok(Some(name));
        }
        // A variable that is empty names no file.
        let mut files = files(&name, variable)?.into_iter();
        if let Some((place, _)) = files.find(|(_, path)| !path.as_os_str().is_empty()) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// The files in which a secret of this name can be, with words for each: a systemd credential, and the file that a variable names.
fn files(
    name: &str,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Vec<(String, PathBuf)>, ConfigurationError> {
    let mut files = Vec::new();
    if let Some(folder) = secret_file::systemd_folder(variable)? {
        let path = folder.join(name.to_lowercase().replace('_', "-"));
        // One that cannot be examined is reported when it is read.
        let missing =
            matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound);
        if !missing {
            files.push((format!("the systemd credential {}", path.display()), path));
        }
    }
    let file_variable = format!("{name}_FILE");
    if let Some(path) = variable(&file_variable) {
        files.push((file_variable, PathBuf::from(path)));
    }
    Ok(files)
}

/// Reads a secret by name: a systemd credential, a file that a variable names, or the variable itself. Two places are an error.
fn secret(
    name: &str,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<Secret>, ConfigurationError> {
    let places = files(name, variable)?;
    let plain = match variable(name).map(OsString::into_string) {
        None => None,
        Some(Ok(text)) => Some(Secret::new(text)),
        Some(Err(_)) => return Err(ConfigurationError::new(format!("{name} is not UTF-8 text"))),
    };
    match (places.as_slice(), plain) {
        ([], plain) => Ok(plain),
        ([(place, path)], None) => secret_file::read(place, path).map(Some),
        ([(one, _), (other, _), ..], _) => Err(ConfigurationError::new(format!(
            "{one} and {other} are both set: unset one of them"
        ))),
        ([(place, _)], Some(_)) => Err(ConfigurationError::new(format!(
            "{name} and {place} are both set: keep the file"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use super::from_variables;
    use crate::auth::{Credentials, SessionKind};
    use crate::client::environment::Environment;

    const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";

    fn read(variables: &[(&str, &str)]) -> Result<Option<Credentials>, String> {
        let found = |name: &str| {
            let value = variables.iter().find(|(other, _)| *other == name);
            value.map(|(_, value)| OsString::from(value))
        };
        from_variables(&Environment::Testnet, None, &found).map_err(|error| {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary") && !shown.contains(KEY), "{shown}");
            error.to_string()
        })
    }

    /// A file in a folder of its own, which is removed with the value.
    struct File(PathBuf);

    impl File {
        /// Where there are no modes, `mode` has no effect.
        fn new(name: &str, text: &str, mode: u32) -> Self {
            static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
            let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let folder = std::env::temp_dir().join(format!("paradex-{}-{count}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            #[cfg(unix)]
            {
                let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
                std::fs::set_permissions(&path, mode).unwrap();
            }
            #[cfg(not(unix))]
            let _ = mode;
            Self(path)
        }

        fn path(&self) -> &str {
            self.0.to_str().unwrap()
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
        }
    }

    #[test]
    fn credential_kind_follows_from_the_variable() {
        let kind = |variables: &[(&str, &str)]| read(variables).unwrap().map(|found| found.session_kind());
        assert_eq!(kind(&[]), None);
        assert_eq!(kind(&[("PARADEX_TOKEN", "t")]), Some(SessionKind::Token));
        assert_eq!(
            kind(&[("PARADEX_PRIVATE_KEY", KEY)]),
            Some(SessionKind::MainAccount)
        );
        let account = ("PARADEX_ACCOUNT", "0x1");
        assert_eq!(
            kind(&[("PARADEX_PRIVATE_KEY", KEY), account]),
            Some(SessionKind::MainAccount)
        );
        assert_eq!(
            kind(&[("PARADEX_SUBKEY", KEY), account]),
            Some(SessionKind::Subkey)
        );
    }

    #[test]
    fn token_file_is_read_and_two_places_are_refused() {
        let file = File::new("token", "canary-token\n", 0o600);
        let found = read(&[("PARADEX_TOKEN_FILE", file.path())]).unwrap().unwrap();
        assert_eq!(
            found.id(),
            Credentials::bearer(Environment::Testnet, "canary-token")
                .unwrap()
                .id()
        );
        for variables in [
            vec![("PARADEX_TOKEN_FILE", file.path()), ("PARADEX_TOKEN", "canary")],
            vec![("PARADEX_TOKEN", "canary"), ("PARADEX_PRIVATE_KEY", KEY)],
            vec![
                ("PARADEX_SUBKEY", KEY),
                ("PARADEX_PRIVATE_KEY", KEY),
                ("PARADEX_ACCOUNT", "0x1"),
            ],
            vec![("PARADEX_SUBKEY", KEY)],
            vec![("PARADEX_PRIVATE_KEY", "canary")],
            vec![("PARADEX_PRIVATE_KEY", KEY), ("PARADEX_ACCOUNT", "nobody")],
            vec![("PARADEX_TOKEN_FILE", "/nowhere/token")],
        ] {
            assert!(read(&variables).is_err(), "{variables:?}");
        }
    }

    #[test]
    fn systemd_credential_is_found_by_its_name() {
        let file = File::new("paradex-token", "canary-token", 0o400);
        let folder = file.0.parent().unwrap().to_str().unwrap();
        assert!(read(&[("CREDENTIALS_DIRECTORY", folder)]).unwrap().is_some());
        let both = [("CREDENTIALS_DIRECTORY", folder), ("PARADEX_TOKEN", "canary")];
        assert!(read(&both).unwrap_err().contains("keep the file"));
    }

    #[cfg(unix)]
    #[test]
    fn systemd_credential_that_is_a_dangling_link_is_not_overlooked() {
        let file = File::new("other", "", 0o400);
        let folder = file.0.parent().unwrap();
        std::os::unix::fs::symlink("/nowhere/token", folder.join("paradex-token")).unwrap();
        let variables = [("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())];
        assert!(read(&variables).unwrap_err().contains("systemd credential"));
    }

    #[test]
    fn systemd_folder_must_be_a_full_path() {
        assert_eq!(read(&[("CREDENTIALS_DIRECTORY", "")]).unwrap().map(|_| ()), None);
        for folder in ["credentials", ".", "a\n\u{1b}"] {
            let error = read(&[("CREDENTIALS_DIRECTORY", folder)]).unwrap_err();
            assert!(error.contains("must be a full path"), "{error}");
            assert!(!error.contains(char::is_control), "{error}");
        }
    }

    #[cfg(feature = "fleet")]
    #[test]
    fn place_of_a_credential_is_found() {
        let file = File::new("paradex-desk-1-token", "canary", 0o400);
        let folder = file.0.parent().unwrap().to_str().unwrap();
        let systemd = ("CREDENTIALS_DIRECTORY", folder);
        for (account, variables, expected) in [
            ("default", vec![("PARADEX_TOKEN", "t")], "PARADEX_TOKEN"),
            (
                "Default",
                vec![("PARADEX_SUBKEY_FILE", "/s")],
                "PARADEX_SUBKEY_FILE",
            ),
            ("default", vec![("PARADEX_DEFAULT_TOKEN", "t"), systemd], ""),
            (
                "default",
                vec![("PARADEX_TOKEN", ""), ("PARADEX_TOKEN_FILE", "")],
                "",
            ),
            (
                "desk-1",
                vec![("PARADEX_DESK_1_PRIVATE_KEY", "k")],
                "PARADEX_DESK_1_PRIVATE_KEY",
            ),
            ("desk-1", vec![systemd], file.path()),
            (
                "desk-1",
                vec![("PARADEX_TOKEN", "t"), ("PARADEX_DESK_1_ACCOUNT", "0x1")],
                "",
            ),
        ] {
            let found = |name: &str| {
                let value = variables.iter().find(|(other, _)| *other == name);
                value.map(|(_, value)| OsString::from(value))
            };
            let place = super::place(account, &found).unwrap().unwrap_or_default();
            assert!(place.ends_with(expected), "{account}: {place}");
            assert_eq!(place.is_empty(), expected.is_empty(), "{account}: {place}");
        }
        assert!(super::place("a b", &|_| None).is_err());
    }

    #[test]
    fn named_account_has_variables_of_its_own() {
        let variables = [
            ("PARADEX_TOKEN", "plain"),
            ("PARADEX_DESK_1_TOKEN", "named"),
            ("PARADEX_RESEARCH_SUBKEY", KEY),
        ];
        let credentials = |account: Option<&str>| {
            let found = |name: &str| {
                let value = variables.iter().find(|(other, _)| *other == name);
                value.map(|(_, value)| OsString::from(value))
            };
            from_variables(&Environment::Testnet, account, &found)
        };
        let id = |token: &str| Credentials::bearer(Environment::Testnet, token).unwrap().id();
        for unnamed in [None, Some("default"), Some("Default")] {
            assert_eq!(credentials(unnamed).unwrap().unwrap().id(), id("plain"));
        }
        assert_eq!(credentials(Some("desk-1")).unwrap().unwrap().id(), id("named"));
        assert!(credentials(Some("desk-2")).unwrap().is_none());
        let error = credentials(Some("research")).unwrap_err().to_string();
        assert!(
            error.starts_with("PARADEX_RESEARCH_SUBKEY needs PARADEX_RESEARCH_ACCOUNT"),
            "{error}"
        );
        for name in ["", "a b", "a=b", "é", &"x".repeat(65)] {
            assert!(
                credentials(Some(name))
                    .unwrap_err()
                    .to_string()
                    .contains("letters, digits"),
                "{name}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn secret_file_that_others_can_access_is_refused() {
        let open = File::new("token", "canary", 0o644);
        assert!(read(&[("PARADEX_TOKEN_FILE", open.path())]).is_err());
        let error = crate::auth::secret_file::read("PARADEX_TOKEN_FILE", &open.0).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("chmod 600"), "{source}");
    }

    #[test]
    fn secret_file_that_is_too_long_or_not_text_is_refused() {
        let long = File::new("token", &"x".repeat(70_000), 0o600);
        assert!(
            read(&[("PARADEX_TOKEN_FILE", long.path())])
                .unwrap_err()
                .contains("64 KiB")
        );
        let odd = File::new("token", "", 0o600);
        std::fs::write(&odd.0, b"\xff\xfe").unwrap();
        assert!(
            read(&[("PARADEX_TOKEN_FILE", odd.path())])
                .unwrap_err()
                .contains("UTF-8")
        );
    }
}
