//! The text of a configuration, and the checks that turn it into profiles.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use paradex_api::visible;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Profile, ProfileKind, SecretSource, leak};
use crate::auth::variable_prefix;
use crate::client::environment::Environment;
use crate::fleet::policy::line_of;
use crate::signing::AccountAddress;
use crate::suggestion::did_you_mean;

const PROFILE_FIELDS: [&str; 4] = ["environment", "account", "kind", "secret"];
const SECRET_FIELDS: [&str; 5] = ["file", "fd", "systemd", "command", "env"];

/// How to say where a secret is.
const REMEDY: &str = "store the secret in a file that only you can read, and write `secret = { file = \"…\" }`; a secret that was \
                      in this file should be replaced";

/// Why a text is not a configuration. It never contains a value that may be a secret.
#[derive(Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) line: Option<usize>,
    key: String,
    rule: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.rule)
    }
}

/// A text, and the folder from which relative paths start.
struct Document<'a> {
    text: &'a str,
    folder: &'a Path,
}

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

/// Parses and checks a configuration. Relative paths start from `folder`.
pub(super) fn parse(text: &str, folder: &Path) -> Result<Vec<Profile>, Problem> {
    let document = Document { text, folder };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => return Err(document.syntax(&error)),
    };
    document.refuse_secrets(table.get_ref())?;
    document.profiles(table.get_ref())
}

impl Document<'_> {
    fn problem(&self, at: Range<usize>, key: &str, rule: impl Into<String>) -> Problem {
        Problem {
            line: Some(line_of(self.text, at.start)),
            key: key.to_owned(),
            rule: rule.into(),
        }
    }

    /// An unquoted token is not TOML, so a secret is looked for first.
    fn syntax(&self, error: &toml::de::Error) -> Problem {
        let is_account = |at: &Range<usize>| {
            let before = self.text.get(..at.start).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            line.split('=')
                .next()
                .unwrap_or_default()
                .trim_end()
                .ends_with("account")
        };
        if let Some(at) = leak::find(self.text).into_iter().find(|at| !is_account(at)) {
            return self.leaked(at, "");
        }
        let message = error.message();
        Problem {
            line: error.span().map(|span| line_of(self.text, span.start)),
            key: String::new(),
            rule: match leak::find(message).is_empty() {
                true => format!("not valid TOML: {}", visible(message, 200)),
                false => "not valid TOML".to_owned(),
            },
        }
    }

    fn leaked(&self, at: Range<usize>, key: &str) -> Problem {
        let rule = format!(
            "a text that looks like a private key or a token is refused here, because this file never contains secrets; \
             {REMEDY}"
        );
        self.problem(at, key, rule)
    }

    /// Refuses whatever looks like a secret, also in comments and in names. Only `account` may have a long number.
    fn refuse_secrets(&self, table: &Table<'_>) -> Result<(), Problem> {
        let mut accounts = Vec::new();
        self.refuse_secrets_in(table, &mut Vec::new(), &mut accounts)?;
        let is_account = |at: &Range<usize>| {
            accounts
                .iter()
                .any(|span: &Range<usize>| span.start <= at.start && at.end <= span.end)
        };
        match leak::find(self.text).into_iter().find(|at| !is_account(at)) {
            Some(at) => Err(self.leaked(at, "")),
            None => Ok(()),
        }
    }

    /// The decoded names and values, which may differ from the text by escapes. `accounts` collects where accounts are.
    fn refuse_secrets_in<'t>(
        &self,
        table: &'t Table<'_>,
        path: &mut Vec<&'t str>,
        accounts: &mut Vec<Range<usize>>,
    ) -> Result<(), Problem> {
        for (name, value) in table {
            if !leak::find(name.get_ref()).is_empty() {
                return Err(self.leaked(name.span(), &dotted(path)));
            }
            path.push(name.get_ref());
            self.refuse_secrets_in_value(value, path, accounts)?;
            path.pop();
        }
        Ok(())
    }

    fn refuse_secrets_in_value<'t>(
        &self,
        value: &'t Value<'_>,
        path: &mut Vec<&'t str>,
        accounts: &mut Vec<Range<usize>>,
    ) -> Result<(), Problem> {
        match value.get_ref() {
            DeValue::String(text) => {
                if let ["accounts", _, "account"] = path.as_slice()
                    && text.parse::<AccountAddress>().is_ok()
                {
                    accounts.push(value.span());
                } else if !leak::find(text).is_empty() {
                    return Err(self.leaked(value.span(), &dotted(path)));
                }
                Ok(())
            }
            DeValue::Array(values) => values
                .iter()
                .try_for_each(|value| self.refuse_secrets_in_value(value, path, accounts)),
            DeValue::Table(table) => self.refuse_secrets_in(table, path, accounts),
            // A number is the same in the text.
            _ => Ok(()),
        }
    }

    /// A field that does not exist.
    fn unknown(
        &self,
        name: &Spanned<impl AsRef<str>>,
        parent: &str,
        known: &[&str],
        value: &Value<'_>,
    ) -> Problem {
        let text = name.get_ref().as_ref();
        let key = joined(parent, text);
        if leak::is_secret_name(text) && !value.get_ref().is_table() {
            let rule = format!("a secret is refused here, because this file never contains one; {REMEDY}");
            return self.problem(name.span(), &key, rule);
        }
        let rule = format!(
            "there is no such field{}; the fields here are {}",
            did_you_mean(text, known.iter().copied()),
            known.join(", ")
        );
        self.problem(name.span(), &key, rule)
    }

    fn profiles(&self, document: &Table<'_>) -> Result<Vec<Profile>, Problem> {
        for (name, value) in document {
            if name.get_ref() != "accounts" {
                return Err(self.unknown(name, "", &["accounts"], value));
            }
        }
        let none = |at| {
            let rule = "there is no account: add a table such as [accounts.desk]";
            Err(self.problem(at, "", rule))
        };
        let Some(accounts) = document.get("accounts") else {
            return none(0..0);
        };
        let Some(table) = accounts.get_ref().as_table() else {
            return Err(self.wrong_type(
                accounts,
                "accounts",
                "a table of accounts, such as [accounts.desk]",
            ));
        };
        if table.is_empty() {
            return none(accounts.span());
        }
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let mut variables: HashMap<String, &str> = HashMap::new();
        let mut descriptors = HashSet::new();
        let mut profiles = Vec::new();
        for (name, value) in entries {
            let text: &str = name.get_ref();
            let key = joined("accounts", text);
            let prefix = variable_prefix(Some(text));
            let prefix = prefix.map_err(|error| self.problem(name.span(), "accounts", error.to_string()))?;
            if let Some(other) = variables.insert(prefix, text) {
                let rule = format!(
                    "the name differs from `{other}` only in case or in `-` and `_`: rename one of them"
                );
                return Err(self.problem(name.span(), &key, rule));
            }
            let Some(table) = value.get_ref().as_table() else {
                // A secret may have been written in the place of the table.
                return Err(self.wrong_type(
                    value,
                    &key,
                    "a table with the fields environment, kind and secret",
                ));
            };
            let profile = self.profile(text, name.span(), &key, table)?;
            if let SecretSource::Descriptor(number) = profile.secret
                && !descriptors.insert(number)
            {
                let rule = format!(
                    "another account reads descriptor {number} too: use one descriptor for each account"
                );
                return Err(self.problem(name.span(), &key, rule));
            }
            profiles.push(profile);
        }
        Ok(profiles)
    }

    fn profile(
        &self,
        name: &str,
        at: Range<usize>,
        key: &str,
        table: &Table<'_>,
    ) -> Result<Profile, Problem> {
        for (field, value) in table {
            if !PROFILE_FIELDS.contains(&field.get_ref().as_ref()) {
                return Err(self.unknown(field, key, &PROFILE_FIELDS, value));
            }
        }
        let required = |field: &str, example: &str| {
            table.get(field).ok_or_else(|| {
                self.problem(
                    at.clone(),
                    key,
                    format!("`{field}` is missing: add a line such as `{field} = {example}`"),
                )
            })
        };
        let environment = required("environment", "\"testnet\"")?;
        let environment_key = joined(key, "environment");
        let text = self.string(
            environment,
            &environment_key,
            "\"production\", \"testnet\" or the address of a server",
        )?;
        if !text.contains("://") && !is_word(text) {
            let rule = "it must be `production`, `testnet`, or the address of a server on this machine or in `paradex.trade`";
            return Err(self.problem(environment.span(), &environment_key, rule));
        }
        let environment = Environment::from_setting("the environment", text)
            .map_err(|error| self.problem(environment.span(), &environment_key, error.to_string()))?;

        let kind = required("kind", "\"token\", \"private-key\" or \"subkey\"")?;
        let kind_key = joined(key, "kind");
        let text = self.string(kind, &kind_key, "\"token\", \"private-key\" or \"subkey\"")?;
        let Some(kind) = ProfileKind::from_name(text) else {
            let known = ProfileKind::ALL.map(ProfileKind::name);
            let shown = match is_word(text) {
                true => format!("`{text}` is refused{}", did_you_mean(text, known)),
                false => "the value is refused".to_owned(),
            };
            let rule = format!("{shown}: the kinds are {}", known.join(", "));
            return Err(self.problem(kind.span(), &kind_key, rule));
        };

        let account = match table.get("account") {
            None => None,
            Some(value) => {
                let key = joined(key, "account");
                let text = self.string(value, &key, "an address, such as \"0x1234\"")?;
                let address = text
                    .parse::<AccountAddress>()
                    .map_err(|error| self.problem(value.span(), &key, error.to_string()))?;
                Some(address)
            }
        };
        if kind == ProfileKind::Subkey && account.is_none() {
            let rule = "`account` is missing: a subkey needs the address of the account that it acts for";
            return Err(self.problem(at, key, rule));
        }

        let secret = required("secret", "{ file = \"/run/secrets/desk\" }")?;
        let secret_key = joined(key, "secret");
        let Some(place) = secret.get_ref().as_table() else {
            let rule = format!("it must be a table that says where the secret is; {REMEDY}");
            return Err(self.problem(secret.span(), &secret_key, rule));
        };
        Ok(Profile {
            name: name.to_owned(),
            environment,
            kind,
            account,
            secret: self.secret_source(secret, &secret_key, place)?,
        })
    }

    fn secret_source(&self, at: &Value<'_>, key: &str, place: &Table<'_>) -> Result<SecretSource, Problem> {
        for (field, value) in place {
            let name: &str = field.get_ref();
            if name == "keyring" {
                let rule = "keyrings are not supported directly; read them by a command, such as `{ command = [\"secret-tool\", \
                            \"lookup\", \"paradex\", \"desk\"] }`";
                return Err(self.problem(field.span(), &joined(key, name), rule));
            }
            if !SECRET_FIELDS.contains(&name) {
                return Err(self.unknown(field, key, &SECRET_FIELDS, value));
            }
        }
        let mut fields = place.iter();
        let (Some((field, value)), None) = (fields.next(), fields.next()) else {
            let rule = format!(
                "it must have exactly one of the fields {}",
                SECRET_FIELDS.join(", ")
            );
            return Err(self.problem(at.span(), key, rule));
        };
        let field: &str = field.get_ref();
        let key = joined(key, field);
        let refused = |rule: &str| Err(self.problem(value.span(), &key, rule));
        // A path is told from a token by its separators.
        let is_path = |text: &str| field == "file" && text.contains(['/', '\\']);
        if let Some(text) = value.get_ref().as_str()
            && !is_path(text)
            && leak::may_be_token(text)
        {
            return Err(self.leaked(value.span(), &key));
        }
        match field {
            "file" => match self.string(value, &key, "a path")? {
                "" => refused("the path is empty"),
                path => match self.path(path) {
                    Some(path) => Ok(SecretSource::File(path)),
                    None => refused(
                        "`~` cannot be replaced, because the home folder is not known: write the full path",
                    ),
                },
            },
            "fd" => {
                let number = value.get_ref().as_integer().and_then(|number| {
                    u32::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
                });
                match number {
                    Some(number) if number >= 3 => Ok(SecretSource::Descriptor(number)),
                    _ => refused("it must be the number of an open file descriptor, 3 or higher, such as 3"),
                }
            }
            "systemd" => {
                let name = self.string(value, &key, "the name of a systemd credential")?;
                let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                if name.is_empty() || name.starts_with('.') || !name.chars().all(fits) {
                    return refused(
                        "it must be the name of a systemd credential: letters, digits, `-`, `_` and `.`, not starting with `.`",
                    );
                }
                Ok(SecretSource::Systemd(name.to_owned()))
            }
            "env" => {
                let name = self.string(value, &key, "the name of a variable")?;
                let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                // Tokens have small letters, and are not to be shown as names.
                if name.is_empty()
                    || name.starts_with(|c: char| c.is_ascii_digit())
                    || !name.chars().all(fits)
                {
                    return refused(
                        "it must be the name of an environment variable in capital letters, digits and `_`, without `$`",
                    );
                }
                Ok(SecretSource::Variable(name.to_owned()))
            }
            _ => self.command(value, &key),
        }
    }

    fn command(&self, value: &Value<'_>, key: &str) -> Result<SecretSource, Problem> {
        const EXPECTED: &str = "a list of texts, because no shell runs it: the program and its arguments, such as \
                                [\"pass\", \"show\", \"paradex/desk\"]";
        let words = value.get_ref().as_array();
        let words: Option<Vec<String>> = words.and_then(|words| {
            let texts = words.iter().map(|word| word.get_ref().as_str());
            texts.map(|text| text.map(str::to_owned)).collect()
        });
        let Some(words) = words else {
            return Err(self.wrong_type(value, key, EXPECTED));
        };
        match words.first() {
            Some(program) if !program.is_empty() => {
                if !program.contains(['/', '\\']) && leak::may_be_token(program) {
                    return Err(self.leaked(value.span(), key));
                }
                let path = Path::new(program);
                if path.is_relative() && path.components().count() > 1 {
                    let rule = "the program must be a name that is found in PATH, or a full path";
                    return Err(self.problem(value.span(), key, rule));
                }
                if words.iter().any(|word| word.contains('\0')) {
                    return Err(self.problem(value.span(), key, "an argument contains a null character"));
                }
                Ok(SecretSource::Command(words))
            }
            _ => Err(self.wrong_type(value, key, EXPECTED)),
        }
    }

    /// A path: `~/` is the home folder, and a relative path starts from the folder of the configuration.
    fn path(&self, text: &str) -> Option<PathBuf> {
        match text.strip_prefix("~/") {
            Some(rest) => Some(super::location::home()?.join(rest)),
            None => Some(self.folder.join(text)),
        }
    }

    fn string<'t>(&self, value: &'t Value<'_>, key: &str, expected: &str) -> Result<&'t str, Problem> {
        let text = value.get_ref().as_str();
        text.ok_or_else(|| self.wrong_type(value, key, expected))
    }

    fn wrong_type(&self, value: &Value<'_>, key: &str, expected: &str) -> Problem {
        let found = value.get_ref().type_str();
        self.problem(
            value.span(),
            key,
            format!("it is of type {found}; it must be {expected}"),
        )
    }
}

/// Whether a value is one plain word, which may be shown. Anything else may be a secret in the wrong place.
fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
    text.len() <= 20 && text.chars().all(fits)
}

/// A key below another one, escaped and cut for an error message.
fn joined(parent: &str, name: &str) -> String {
    let name = visible(name, 64);
    match parent {
        "" => name,
        parent => format!("{parent}.{name}"),
    }
}

fn dotted(path: &[&str]) -> String {
    path.iter()
        .fold(String::new(), |parent, name| joined(&parent, name))
}
