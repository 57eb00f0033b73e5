//! Accounts from a configuration file.

use std::path::PathBuf;

use paradex_api_ext::fleet::{Config, Fleet, ProfileKind, SecretSource};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Environment, Error};
use proptest::prelude::*;

const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIweDEifQ.c2lnbmF0dXJl";
const ADDRESS: &str = "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7";

/// A profile with these lines in the place of its secret.
fn profile(lines: &str) -> String {
    format!("[accounts.desk]\nenvironment = \"testnet\"\nkind = \"token\"\n{lines}\n")
}

/// The error of a text. It never contains a secret, and is one line.
#[track_caller]
fn refusal(text: &str) -> String {
    let error = Config::from_toml(text).expect_err(text);
    assert_quiet(&format!("{error} {error:?}"), text);
    error.to_string()
}

#[track_caller]
fn assert_quiet(shown: &str, text: &str) {
    for secret in [&KEY[2..], JWT, "eyJ", "canary"] {
        assert!(!shown.contains(secret), "{shown}\nof {text}");
    }
    assert!(
        !shown.contains(char::is_control) && shown.len() < 2_000,
        "{shown}"
    );
}

#[test]
fn profiles_keep_the_order_and_fields_of_the_file() {
    let config = Config::from_toml(&format!(
        "[accounts.zulu]\nenvironment = 'production'\nkind = 'private-key'\naccount = '{ADDRESS}'\n\
         secret = {{ file = '/run/secrets/zulu' }}\n\
         [accounts.alpha-1]\nenvironment = 'http://127.0.0.1:9'\nkind = 'subkey'\naccount = '0x1'\n\
         [accounts.alpha-1.secret]\ncommand = ['pass', 'show', 'paradex/alpha']\n\
         [accounts.C]\nenvironment = 'testnet'\nkind = 'token'\nsecret.fd = 3\n"
    ))
    .unwrap();
    let profiles: Vec<_> = config.profiles().collect();
    let shown: Vec<String> = profiles.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "zulu (PRODUCTION): private-key for 0x49d3…4dc7 from the file /run/secrets/zulu".to_owned(),
            "alpha-1 (http://127.0.0.1:9): subkey for 0x1 from the command `pass`".to_owned(),
            "C (testnet): token from file descriptor 3".to_owned(),
        ]
    );
    assert_eq!(profiles[0].environment(), &Environment::Production);
    assert_eq!(
        (profiles[0].kind(), profiles[2].account()),
        (ProfileKind::PrivateKey, None)
    );
    assert_eq!(
        profiles[1].secret_source(),
        &SecretSource::Command(["pass", "show", "paradex/alpha"].map(str::to_owned).to_vec())
    );
    assert_eq!(config.path(), None);
}

#[test]
fn arguments_of_a_command_are_not_shown() {
    let config =
        Config::from_toml(&profile("secret = { command = [\"vault\", \"--token=canary\"] }")).unwrap();
    let profile = config.profile("desk").unwrap();
    for shown in [
        format!("{config:?}"),
        format!("{profile:?} {profile}"),
        format!("{:?} {}", profile.secret_source(), profile.secret_source()),
    ] {
        assert_quiet(&shown, "a command with a secret");
        assert!(shown.contains("`vault`"), "{shown}");
    }
}

#[test]
fn example_of_the_manual_is_valid() {
    let manual = include_str!("../../src/fleet/operators.md");
    let example = manual
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let config = Config::from_toml(example).unwrap();
    let places: Vec<String> = config
        .profiles()
        .map(|profile| profile.secret_source().to_string())
        .collect();
    // It shows every place.
    for place in ["the file", "descriptor", "systemd", "command", "variable"] {
        assert!(
            places.iter().any(|shown| shown.contains(place)),
            "{place}: {places:?}"
        );
    }
}

#[test]
fn secret_in_the_file_is_refused_with_its_line_and_field() {
    for (lines, start) in [
        (
            "token = \"canary\"",
            "line 4: accounts.desk.token: a secret is refused",
        ),
        (
            "private_key = \"canary\"",
            "line 4: accounts.desk.private_key: a secret",
        ),
        ("private-key = 12", "line 4: accounts.desk.private-key: a secret"),
        ("subkey = \"canary\"", "line 4: accounts.desk.subkey: a secret"),
        (
            "secret = \"canary\"",
            "line 4: accounts.desk.secret: it must be a table",
        ),
        (
            "secret = { token = \"canary\" }",
            "line 4: accounts.desk.secret.token: a secret",
        ),
        (
            "secret = [\"canary\"]",
            "line 4: accounts.desk.secret: it must be a table",
        ),
    ] {
        let error = refusal(&profile(lines));
        assert!(error.starts_with(start), "{error}");
        assert!(error.contains("secret = { file = "), "{error}");
    }
    for secret in [KEY, JWT, &KEY[2..]] {
        for (lines, start) in [
            (
                format!("secret = {{ file = \"{secret}\" }}"),
                "line 4: accounts.desk.secret.file: a text that",
            ),
            (
                format!("secret = {{ env = \"{secret}\" }}"),
                "line 4: accounts.desk.secret.env: a text that",
            ),
            (
                format!("secret = {{ systemd = \"{secret}\" }}"),
                "line 4: accounts.desk.secret.systemd: ",
            ),
            (
                format!("secret = {{ command = [\"x\", \"-p{secret}\"] }}"),
                "line 4: accounts.desk.secret.command: ",
            ),
            (
                format!("note = \"{secret}\""),
                "line 4: accounts.desk.note: a text that",
            ),
            (format!("# {secret}"), "line 4: a text that looks like"),
            (format!("\"{secret}\" = 1"), "line 4: accounts.desk: a text that"),
            (
                format!("secret = \"\"\"\n{secret}\"\"\""),
                "line 4: accounts.desk.secret: a text that",
            ),
            (format!("token = {secret}"), "line 4: "),
            (format!("token = {secret} x"), "line 4: a text that"),
            (
                format!("secret = {{ file = \"a\" }}\n[\"{secret}\"]"),
                "line 5: a text that",
            ),
            (
                format!("secret = {{ file = \"a\" }}\n[accounts.\"{secret}\"]"),
                "line 5: accounts: a text that",
            ),
        ] {
            let error = refusal(&profile(&lines));
            assert!(error.starts_with(start), "{lines}: {error}");
        }
    }
    // An escape hides it from a search in the text, and not from the parser.
    let escaped = format!(
        "secret = {{ file = \"\\u0030x{}\\u0063c\" }}",
        &KEY[2..KEY.len() - 2]
    );
    assert!(refusal(&profile(&escaped)).contains("accounts.desk.secret.file: a text that"));
    // A token without a known form in the place of a name.
    let opaque = "a8Kd93canaryfK20dkfLq93kfmQ02x";
    for place in [
        format!("env = \"{opaque}\""),
        format!("systemd = \"{opaque}\""),
        format!("file = \"{opaque}\""),
        format!("command = [\"{opaque}\"]"),
    ] {
        let error = refusal(&profile(&format!("secret = {{ {place} }}")));
        assert!(error.starts_with("line 4: accounts.desk.secret."), "{error}");
    }
    let path = format!("secret = {{ file = \"/run/secrets/{opaque}\" }}");
    Config::from_toml(&profile(&path)).unwrap();
    // An address is as long as a key, and only `account` may have one.
    refusal(&profile(&format!("# desk is {ADDRESS}\nsecret = {{ fd = 3 }}")));
    refusal(&profile(&format!("account = \"{JWT}\"\nsecret = {{ fd = 3 }}")));
    refusal(&format!("account = \"{ADDRESS}\""));
    let named = profile(&format!("account = \"{ADDRESS}\"\nsecret = {{ fd = 3 }}"));
    Config::from_toml(&named).unwrap();
    // A value in the wrong place is not shown, even if it looks like no secret.
    for (value, key) in [("\"testnet\"", "environment"), ("\"token\"", "kind")] {
        for wrong in ["canary 1", "canary-opaque-and-long-secret", "canary1"] {
            let text = profile("secret = { fd = 3 }").replace(value, &format!("\"{wrong}\""));
            let error = refusal(&text);
            assert!(error.contains(&format!("accounts.desk.{key}: ")), "{error}");
        }
    }
    // The text of a broken file is not shown either.
    let error = refusal(&format!("account = \"{KEY}\n"));
    assert!(error.starts_with("line 1: not valid TOML"), "{error}");
}

#[test]
fn unknown_field_is_refused_with_a_suggestion() {
    for (text, start) in [
        (
            "[account.desk]".to_owned(),
            "line 1: account: there is no such field (did you mean `accounts`?)",
        ),
        (
            profile("acount = \"0x1\""),
            "line 4: accounts.desk.acount: there is no such field (did you mean `account`?)",
        ),
        (
            profile("secret = { comand = [] }"),
            "line 4: accounts.desk.secret.comand: there is no such field (did you mean `command`?)",
        ),
        (
            profile("colour = 1"),
            "line 4: accounts.desk.colour: there is no such field; the fields here are environment,",
        ),
        (
            "[accounts.a]\nenvironment = \"testnet\"\nkind = \"private_key\"".to_owned(),
            "line 3: accounts.a.kind: `private_key` is refused (did you mean `private-key`?)",
        ),
        (
            "[accounts.a]\nenvironment = \"prod\"".to_owned(),
            "line 2: accounts.a.environment: the environment is `prod`: did you mean `production`?",
        ),
        (
            profile("secret = { keyring = \"x\" }"),
            "line 4: accounts.desk.secret.keyring: keyrings are not supported",
        ),
    ] {
        let error = refusal(&text);
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn incomplete_or_contradictory_profile_is_refused() {
    for (text, reason) in [
        (String::new(), "there is no account"),
        ("[accounts]".to_owned(), "there is no account"),
        (
            "accounts = 1".to_owned(),
            "line 1: accounts: it is of type integer",
        ),
        (
            "accounts.desk = \"canary\"".to_owned(),
            "accounts.desk: it is of type string",
        ),
        ("[accounts.desk]".to_owned(), "`environment` is missing"),
        (
            "[accounts.desk]\nenvironment = 1".to_owned(),
            "line 2: accounts.desk.environment: it is of type integer",
        ),
        (
            "[accounts.desk]\nenvironment = \"testnet\"".to_owned(),
            "`kind` is missing",
        ),
        (profile(""), "`secret` is missing"),
        (profile("secret = {}"), "exactly one of the fields"),
        (
            profile("secret = { fd = 3, env = \"A\" }"),
            "exactly one of the fields",
        ),
        (profile("secret = { fd = 2 }"), "3 or higher"),
        (profile("secret = { fd = -3 }"), "3 or higher"),
        (profile("secret = { fd = 4294967299 }"), "3 or higher"),
        (profile("secret = { fd = \"3\" }"), "3 or higher"),
        (profile("secret = { file = \"\" }"), "the path is empty"),
        (profile("secret = { file = 1 }"), "it is of type integer"),
        (
            profile("secret = { systemd = \"../x\" }"),
            "not starting with `.`",
        ),
        (profile("secret = { systemd = \"a/b\" }"), "not starting with `.`"),
        (profile("secret = { env = \"$A\" }"), "without `$`"),
        (profile("secret = { env = \"\" }"), "without `$`"),
        (profile("secret = { env = \"desk\" }"), "in capital letters"),
        (profile("secret = { env = \"1A\" }"), "in capital letters"),
        (
            profile("secret = { command = \"pass show x\" }"),
            "a list of texts, because no shell",
        ),
        (profile("secret = { command = [] }"), "a list of texts"),
        (profile("secret = { command = [\"\"] }"), "a list of texts"),
        (profile("secret = { command = [\"pass\", 1] }"), "a list of texts"),
        (profile("secret = { command = [\"./pass\"] }"), "a full path"),
        (
            profile("secret = { command = [\"pass\", \"\\u0000\"] }"),
            "null character",
        ),
        (
            profile("account = \"nobody\"\nsecret = { fd = 3 }"),
            "account: account: ",
        ),
        (
            profile("secret = { fd = 3 }").replace("token", "subkey"),
            "`account` is missing: a subkey",
        ),
        (
            "[accounts.desk]\nenvironment = \"http://example.com\"".to_owned(),
            "line 2: accounts.desk.environment: base URL",
        ),
        ("[accounts.\"a b\"]".to_owned(), "letters, digits"),
        ("[accounts.\"\"]".to_owned(), "letters, digits"),
        (
            "[accounts.desk]\n[accounts.desk]".to_owned(),
            "line 2: not valid TOML",
        ),
        ("\u{0}".to_owned(), "not valid TOML"),
        (format!("a{} = 1", ".a".repeat(100_000)), ""),
        (format!("a = {}", "[".repeat(100_000)), ""),
    ] {
        let error = refusal(&text);
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn accounts_that_could_be_mistaken_for_each_other_are_refused() {
    let two = |one: &str, other: &str, place: &str, other_place: &str| {
        let profile = |name: &str, place: &str| {
            format!(
                "[accounts.{name}]\nenvironment = \"testnet\"\nkind = \"token\"\nsecret = {{ {place} }}\n"
            )
        };
        format!("{}{}", profile(one, place), profile(other, other_place))
    };
    for (one, other) in [("desk", "Desk"), ("desk-1", "desk_1")] {
        let error = refusal(&two(one, other, "fd = 3", "fd = 4"));
        let start = format!("line 5: accounts.{other}: the name differs from `{one}` only in case");
        assert!(error.starts_with(&start), "{error}");
    }
    let error = refusal(&two("a", "b", "fd = 3", "fd = 0x3"));
    assert!(
        error.starts_with("line 5: accounts.b: another account reads descriptor 3"),
        "{error}"
    );
    Config::from_toml(&two("a", "b", "env = \"A\"", "env = \"A\"")).unwrap();
}

#[test]
fn missing_account_is_refused_with_the_names() {
    let config = Config::from_toml(&profile("secret = { fd = 3 }")).unwrap();
    for (name, text) in [
        (
            "dask",
            "there is no account `dask` (did you mean `desk`?); the accounts are desk",
        ),
        ("colo", "there is no account `colo`; the accounts are desk"),
        ("a\nb", "there is no account `a\\nb`; the accounts are desk"),
    ] {
        assert_eq!(config.profile(name).unwrap_err().to_string(), text);
    }
}

/// A folder with a configuration, which is removed with the value.
struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("paradex-config-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let files = Self(path);
        files.set_mode("", 0o700);
        files
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.0.join(name), text).unwrap();
        self.set_mode(name, 0o600);
        self.0.join(name)
    }

    fn set_mode(&self, name: &str, mode: u32) {
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(self.0.join(name), mode).unwrap();
        }
        #[cfg(not(unix))]
        let _ = (name, mode);
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn fleet_from_a_file_reads_secrets_beside_it() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let research = exchange.add_account();
    let files = Files::new();
    files.write("desk.token", &format!("{}\n", exchange.main_session().expose()));
    files.write(
        "research.token",
        exchange.account_session(&research).unwrap().expose(),
    );
    let url = exchange.url();
    let text: String = ["desk", "research"]
        .iter()
        .map(|name| {
            format!(
                "[accounts.{name}]\nenvironment = \"{url}\"\nkind = \"token\"\nsecret = {{ file = \"{name}.token\" }}\n"
            )
        })
        .collect();
    let path = files.write("paradex.toml", &text);
    let fleet = Fleet::from_config(&path).unwrap();
    assert_eq!(fleet.accounts().collect::<Vec<_>>(), ["desk", "research"]);
    assert_eq!(fleet.read().await.failures().count(), 0);
    let config = Config::load(&path).unwrap();
    let client = config.client("research").unwrap();
    let account = client
        .api()
        .get_account()
        .send()
        .await
        .unwrap()
        .into_inner()
        .account;
    assert_eq!(account.as_deref(), Some(research.as_str()));

    let refused = |outcome: Result<Fleet, Error>| outcome.unwrap_err().to_string();
    assert!(refused(config.fleet([] as [&str; 0])).contains("no account is named"));
    assert!(refused(config.fleet(["desk", "desk"])).contains("already has an account"));
    let mixed = text.replacen(url, "production", 1);
    let error = refused(Fleet::from_config(files.write("mixed.toml", &mixed)));
    assert!(
        error.contains(&format!(
            "different environments (production: desk; {url}: research)"
        )),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn secret_that_does_not_fit_its_profile_is_refused() {
    use paradex_api_ext::auth::SessionKind;
    let files = Files::new();
    let path = files.write("secret", "");
    let credentials = |kind: &str, account: &str, secret: &str| {
        std::fs::write(&path, secret).unwrap();
        let config = Config::from_toml(&format!(
            "[accounts.desk]\nenvironment = \"testnet\"\nkind = \"{kind}\"\n{account}\nsecret.file = \"{}\"",
            path.display()
        ));
        let outcome = config.unwrap().profile("desk").unwrap().credentials();
        outcome
            .map(|credentials| credentials.session_kind())
            .map_err(|error| {
                assert_quiet(&format!("{error} {error:?}"), kind);
                error.to_string()
            })
    };
    // The claims of this token name the account 0x1.
    assert_eq!(
        credentials("token", "account = \"0x1\"", JWT),
        Ok(SessionKind::Token)
    );
    assert_eq!(credentials("token", "", "opaque"), Ok(SessionKind::Token));
    assert_eq!(credentials("private-key", "", KEY), Ok(SessionKind::MainAccount));
    assert_eq!(
        credentials("subkey", "account = \"0x1\"", KEY),
        Ok(SessionKind::Subkey)
    );
    for (kind, account, secret, reason) in [
        (
            "token",
            "account = \"0x2\"",
            JWT,
            "the token is for the account 0x1, and the file names 0x2",
        ),
        (
            "private-key",
            &format!("account = \"{KEY}\""),
            KEY,
            "the private key is in the file as `account`",
        ),
        (
            "subkey",
            &format!("account = \"{}\"", KEY.replace("0x", "0x0")),
            KEY,
            "the private key is in the file as `account`",
        ),
        ("token", "", "canary token", "white space"),
        ("private-key", "", JWT, "private key"),
        ("private-key", "", "canary", "private key"),
        ("subkey", "account = \"0x1\"", "", "is empty"),
        ("subkey", "account = \"0x1\"", "canary\ncanary", "2 lines"),
    ] {
        let error = credentials(kind, account, secret).unwrap_err();
        assert!(
            error.starts_with("account `desk`: the ") && error.contains(reason),
            "{error}"
        );
    }
    // A key in the place of the account is only shown in short.
    let pasted = Config::from_toml(&profile(&format!("account = \"{KEY}\"\nsecret = {{ fd = 3 }}"))).unwrap();
    let pasted = pasted.profile("desk").unwrap();
    assert_quiet(&format!("{pasted} {pasted:?}"), "a key as account");
    files.set_mode("secret", 0o644);
    assert!(credentials("token", "", JWT).unwrap_err().contains("chmod 600"));
}

#[cfg(unix)]
#[test]
fn file_that_others_can_write_is_refused() {
    let files = Files::new();
    let text = profile("secret = { fd = 3 }");
    let path = files.write("paradex.toml", &text);
    Config::load(&path).unwrap();
    let refused = |reason: &str| {
        let error = Config::load(&path).unwrap_err().to_string();
        let start = format!("{} cannot be read: ", path.display());
        assert!(error.starts_with(&start) && error.contains(reason), "{error}");
    };
    files.set_mode("paradex.toml", 0o664);
    refused("chmod go-w");
    files.set_mode("paradex.toml", 0o644);
    files.set_mode("", 0o777);
    refused("its folder");
    files.set_mode("", 0o700);
    std::fs::remove_file(&path).unwrap();
    refused("No such file");
    std::fs::create_dir(&path).unwrap();
    refused("not a regular file");
    std::fs::remove_dir(&path).unwrap();
    // The error of a text names the file and the line.
    files.write("paradex.toml", &format!("{text}token = \"canary\""));
    let error = Config::load(&path).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{}: line 5: accounts.desk.token: ", path.display())),
        "{error}"
    );
    std::fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    refused("more than 1 MiB");
    std::fs::write(&path, b"\xff").unwrap();
    refused("utf-8");
}

/// A key or a token, as it may be written by mistake.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "0x[0-9a-f]{60,64}",
        "[0-9A-F]{64}",
        "eyJ[A-Za-z0-9_-]{20,60}\\.[A-Za-z0-9_-]{20,60}\\.[A-Za-z0-9_-]{20,80}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn secret_anywhere_in_the_file_is_refused_and_not_shown(
        secret in secret(),
        at in any::<prop::sample::Index>(),
        quote in prop_oneof![Just(""), Just("\""), Just("'"), Just("\n"), Just("# ")],
    ) {
        let valid = profile("secret = { command = [\"pass\", \"show\", \"desk\"] }");
        // Not directly after a letter or digit, which would make another word of it.
        let places: Vec<usize> = (0..=valid.len())
            .filter(|at| !valid[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
            .collect();
        let (before, after) = valid.split_at(places[at.index(places.len())]);
        let text = format!("{before}{quote}{secret}{quote}{after}");
        let error = Config::from_toml(&text).expect_err(&text);
        let shown = format!("{error} {error:?}");
        prop_assert!(!shown.contains(&secret) && !shown.contains(&secret[3..40]), "{}", shown);
    }

    #[test]
    fn any_text_is_a_configuration_or_one_error_line(text in ".{0,200}", cut in any::<prop::sample::Index>()) {
        let valid = profile("account = \"0x1\"\nsecret = { command = [\"pass\"] }");
        let (before, after) = valid.split_at(cut.index(valid.len()));
        for text in [&text, &format!("{before}{text}{after}")] {
            if let Err(error) = Config::from_toml(text) {
                let error = error.to_string();
                prop_assert!(!error.contains(char::is_control) && error.len() < 2_000, "{}", error);
            }
        }
    }
}
