//! Every command against a simulator, with what it prints and how it ends.

use std::io::Cursor;
use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::paradex_api::operations;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment, RetryPolicy};
use serde_json::{Value, json};

use crate::args::Args;
use crate::console::{Console, Exit, Failure};
use crate::run;
use crate::world::ClientSource;

const HOUR: Duration = Duration::from_secs(3_600);
const OFFICE: &str = "203.0.113.0/24";
const COLO: &str = "198.51.100.0/24";

/// A simulator whose accounts are `desk` and `research`.
struct Local {
    exchange: Simulator,
    environment: Environment,
    research: String,
}

impl ClientSource for Local {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, account: &str) -> Result<Client, Failure> {
        let address = match account {
            "desk" => self.exchange.main_account(),
            "research" => self.research.clone(),
            other => return Err(Failure::usage(format!("no account `{other}`"))),
        };
        let session = self.exchange.account_session(&address)?;
        let credentials = Credentials::bearer(self.environment.clone(), session)?;
        let builder = Client::builder(self.environment.clone()).retry(RetryPolicy::none());
        Ok(builder.credentials(credentials).build()?)
    }
}

/// What a command came to.
struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn ends(self, exit: Exit) -> Self {
        assert_eq!(self.exit, exit, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.out.contains(part), "{}\nlacks {part}", self.out);
        }
        self
    }

    #[track_caller]
    fn warns(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{}\nlacks {part}", self.err);
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl Local {
    async fn start() -> Self {
        let exchange = Simulator::start().await.unwrap();
        Self {
            environment: Environment::custom(exchange.url()).unwrap(),
            research: exchange.add_account(),
            exchange,
        }
    }

    /// The same, and every client takes it for production.
    async fn production() -> Self {
        let mut local = Self::start().await;
        local.environment = Environment::production_proxy(local.exchange.url()).unwrap();
        local
    }

    async fn token(&self, name: &str, list: &[&str]) -> String {
        let list = match list {
            [] => IpAllowlist::Unrestricted,
            some => IpAllowlist::parse_entries(some).unwrap(),
        };
        let token = NewToken::new(name, "api_key", HOUR, list).unwrap();
        let created = self.client("desk").unwrap().tokens().create(token).await.unwrap();
        created.lookup_id().to_owned()
    }

    fn stored(&self, token: &str) -> Vec<String> {
        self.exchange.token(token).unwrap().allowed_cidrs.unwrap()
    }

    /// Requests that change something.
    fn changes(&self) -> usize {
        let requests = self.exchange.requests();
        let operations = requests.iter().filter_map(|request| request.operation());
        operations.filter(|operation| !operation.is_read()).count()
    }

    async fn run(&self, line: &str) -> Ran {
        self.run_at(line, None).await
    }

    /// Runs a command; `answer` is typed at a terminal, if there is one.
    async fn run_at(&self, line: &str, answer: Option<&str>) -> Ran {
        run_in(self, line, answer).await
    }
}

/// Runs a command somewhere; `answer` is typed at a terminal, if there is one.
async fn run_in(world: &dyn ClientSource, line: &str, answer: Option<&str>) -> Ran {
    let words = std::iter::once("paradex").chain(line.split_whitespace());
    let args = match Args::try_parse_from(words) {
        Ok(args) => args,
        Err(error) => {
            return Ran {
                exit: Exit::Usage,
                out: String::new(),
                err: error.to_string(),
            };
        }
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut input = answer.map(|answer| Cursor::new(answer.as_bytes().to_vec()));
    let mut console = Console {
        out: &mut out,
        err: &mut err,
        input: input.as_mut().map(|input| input as _),
        json: args.json,
        yes: args.yes,
    };
    let outcome = run(&args, world, &mut console).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (exit, failure) = match outcome {
        Ok(exit) => (exit, String::new()),
        Err(failure) => (failure.exit, format!("error: {failure}\n")),
    };
    Ran {
        exit,
        out: text(out),
        err: text(err) + &failure,
    }
}

/// A folder of its own, which is removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("paradex-cli-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A file for its owner alone, as a plan has to be.
    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.set_mode(name, 0o600);
        self.path(name)
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

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// A policy with one range for all tokens of `desk`.
    fn policy(&self, range: &str) -> String {
        let text = format!(
            "[ranges]\nplace = ['{range}']\n[[rules]]\naccount = 'desk'\nkind = 'token'\nallow = ['place']\n"
        );
        self.write("policy.toml", &text)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_commands_are_well_formed() {
    Args::command().debug_assert();
}

#[tokio::test]
async fn tokens_are_listed() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let gone = local.token("gone", &[COLO]).await;
    local
        .client("desk")
        .unwrap()
        .tokens()
        .revoke(&gone)
        .await
        .unwrap();
    let ran = local.run("tokens list").await.ends(Exit::Done);
    let ran = ran.says(&["ACCOUNT  KIND     ID", &id, "quoter", "live", COLO]);
    assert!(!ran.out.contains(&gone), "{}", ran.out);
    local
        .run("tokens list --all")
        .await
        .ends(Exit::Done)
        .says(&[&gone, "revoked"]);

    let ran = local
        .run("tokens list --json --account desk --account research")
        .await;
    let value = ran.ends(Exit::Done).json();
    let member = &value["members"][0];
    assert_eq!(member["account"], "desk");
    assert_eq!(member["target"], json!({"token": id}));
    assert_eq!(member["name"], "quoter");
    assert_eq!(member["kind"], "api_key");
    assert_eq!(member["status"], "live");
    assert_eq!(member["allowlist"], json!([COLO]));
    assert_eq!(member["unknown"], Value::Null);
    assert!(member["seconds_to_expiry"].as_u64().unwrap() <= 3_600);
    assert_eq!(value["failures"], json!([]));

    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    local
        .exchange
        .inject(Injection::new(away).on(&operations::LIST_TOKENS));
    let two = "tokens list --account desk --account research";
    local
        .run(two)
        .await
        .ends(Exit::Partly)
        .says(&["could not be read: "]);
    local
        .run("tokens list --account nobody")
        .await
        .ends(Exit::Usage)
        .warns(&["nobody"]);
}

#[tokio::test]
async fn a_token_is_created_and_its_text_goes_where_it_is_told() {
    let local = Local::start().await;
    let folder = Folder::new();
    let file = folder.path("token");
    let create =
        format!("tokens create quoter --lifetime 30d --from {COLO} --from {OFFICE} --secret-file {file}");
    let ran = local.run(&format!("{create} --dry-run")).await.ends(Exit::Done);
    let ran = ran.says(&[
        "would create a token",
        COLO,
        &file,
        "dry run: nothing was changed",
    ]);
    assert!(!ran.out.contains("simulated-token-"));
    assert_eq!((local.changes(), std::fs::exists(&file).unwrap()), (0, false));

    let ran = local.run(&create).await.ends(Exit::Done);
    let ran = ran.says(&[
        "created token ",
        "name       quoter",
        "account    desk at http://127.0.0.1:",
    ]);
    assert!(!ran.out.contains("simulated-token-") && !ran.err.contains("simulated-token-"));
    let secret = folder.read("token");
    assert!(
        secret.starts_with("simulated-token-") && secret.ends_with('\n'),
        "{secret}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }
    // A file that is there is not overwritten, and no token is made for it.
    let changes = local.changes();
    local
        .run(&create)
        .await
        .ends(Exit::Failed)
        .warns(&["cannot be created", &file]);
    assert_eq!((local.changes(), folder.read("token")), (changes, secret));

    let ran = local
        .run("tokens create open --lifetime 60s --unrestricted --show-secret --json")
        .await;
    let value = ran.ends(Exit::Done).json();
    assert!(value["secret"].as_str().unwrap().starts_with("simulated-token-"));
    assert_eq!(value["allowlist"], "unrestricted");
    assert_eq!(value["secret_to"], "the screen");
    let id = value["target"]["token"].as_str().unwrap();
    assert!(local.stored(id).is_empty());
}

#[tokio::test]
async fn leaving_something_out_is_wrong_usage_and_widens_nothing() {
    let local = Local::start().await;
    for line in [
        "tokens create quoter --lifetime 1d --show-secret",
        "tokens create quoter --lifetime 1d --from --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --unrestricted --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24",
        "tokens create quoter --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.7/24 --show-secret",
        "tokens create quoter --lifetime 1 --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 9999999999999999999d --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 30s --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd 1",
        "tokens revoke",
        "subkeys create bot --show-secret",
        "subkeys create bot --from 203.0.113.0/24",
        "subkeys create bot --from 203.0.113.0/24 --public-key 7",
        "subkeys create bot --from 203.0.113.0/24 --public-key 0x7 --show-secret",
        "allow set --token x",
        "allow set 203.0.113.0/24",
        "allow set --token x --subkey 0x7 203.0.113.0/24",
        "allow add --token x",
        "allow remove --token x",
        "allow clear --token x",
        "allow plan",
        "allow apply",
        "allow apply --plan p --policy q",
        "allow apply --plan p --widen",
        "audit --prometheus --json",
        "allow show --token x --account desk --account research",
        "",
    ] {
        let ran = local.run(line).await;
        assert_eq!(ran.exit, Exit::Usage, "{line}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty(), "{line}");
    }
    assert_eq!(local.changes(), 0);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn descriptor_of_a_file_that_others_can_read_takes_no_secret() {
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::PermissionsExt as _;
    let local = Local::start().await;
    let folder = Folder::new();
    folder.write("open", "");
    let path = folder.path("open");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let line = format!(
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd {}",
        file.as_raw_fd()
    );
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["open to everybody", "chmod 600"]);
    assert_eq!(
        (local.changes(), std::fs::read_to_string(&path).unwrap().as_str()),
        (0, "")
    );
}

/// A simulated exchange with one session, whose token is known.
struct Known(Environment, String);

impl ClientSource for Known {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, _: &str) -> Result<Client, Failure> {
        let credentials = Credentials::bearer(self.0.clone(), self.1.as_str())?;
        let builder = Client::builder(self.0.clone()).retry(RetryPolicy::none());
        Ok(builder.credentials(credentials).build()?)
    }
}

#[tokio::test]
async fn output_shows_no_token_that_the_server_repeats() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    use paradex_api_ext::paradex_api::reqwest::header::HeaderMap;
    let local = Local::start().await;
    let session = local
        .exchange
        .account_session(&local.exchange.main_account())
        .unwrap();
    let token = session.expose().to_owned();
    let world = Known(local.environment.clone(), token.clone());
    let repeated = format!("GET: authorization: Bearer {token}");
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", token.parse().unwrap());
    let mut page = headers.clone();
    page.insert("content-type", "text/html".parse().unwrap());
    for line in [
        "tokens list",
        "subkeys list",
        "allow show --token x",
        "audit",
        "audit --json",
        "tokens revoke x --yes",
    ] {
        for (status, headers, body) in [
            (
                StatusCode::BAD_REQUEST,
                &headers,
                json!({"error": token, "message": repeated}).to_string(),
            ),
            (StatusCode::BAD_GATEWAY, &page, format!("<p>{repeated}</p>")),
            (StatusCode::OK, &page, format!("<p>{repeated}</p>")),
            (StatusCode::OK, &headers, json!(repeated).to_string()),
        ] {
            let fault = Fault::raw(status, headers.clone(), body);
            local.exchange.inject(Injection::new(fault).times(1_000));
            let ran = run_in(&world, line, None).await;
            local.exchange.clear_injections();
            assert_ne!(ran.exit, Exit::Done, "{line}: {}", ran.out);
            let text = format!("{} {}", ran.out, ran.err);
            for part in token.as_bytes().windows(12) {
                let part = std::str::from_utf8(part).unwrap();
                assert!(!text.contains(part), "{line}: {part} is in {text}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_whose_text_is_lost_is_revoked() {
    let local = Local::start().await;
    let ids = |local: &Local| {
        let requests = local.exchange.requests();
        let revoked = requests
            .iter()
            .filter(|request| request.operation() == Some(&operations::REVOKE_TOKEN));
        revoked.count()
    };
    let full = "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-file";
    #[cfg(target_os = "linux")]
    {
        // Everything that is written there fails; it is not a new file, so it comes as a descriptor.
        use std::os::fd::AsRawFd as _;
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let line = format!(
            "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd {}",
            device.as_raw_fd()
        );
        local.run(&line).await.ends(Exit::Failed).warns(&[
            "the secret cannot be written to descriptor",
            "the new token was revoked",
        ]);
        assert_eq!(ids(&local), 1);
    }
    let folder = Folder::new();
    let file = folder.path("token");
    let other = Fault::edit_response(|answer| answer["api_token"]["allowed_cidrs"] = json!([]));
    local
        .exchange
        .inject(Injection::new(other).on(&operations::CREATE_TOKEN));
    let before = ids(&local);
    let ran = local.run(&format!("{full} {file}")).await.ends(Exit::Failed);
    ran.warns(&["unrestricted is stored", "the new token was revoked"]);
    assert_eq!(
        (ids(&local), std::fs::exists(&file).unwrap()),
        (before + 1, false)
    );

    // No answer: nobody knows, and the file is gone.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN));
    let ran = local.run(&format!("{full} {file}")).await.ends(Exit::Partly);
    ran.warns(&["look for its name in the list"]);
    assert!(!std::fs::exists(&file).unwrap());
}

#[tokio::test]
async fn a_token_is_revoked_by_its_id() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let ran = local
        .run(&format!("tokens revoke {id} --dry-run"))
        .await
        .ends(Exit::Done);
    ran.says(&[&format!("would revoke token {id} `quoter`"), "dry run"]);
    assert!(!local.exchange.token(&id).unwrap().revoked);
    let ran = local
        .run(&format!("tokens revoke {id} --json"))
        .await
        .ends(Exit::Done);
    assert_eq!(
        ran.json(),
        json!({"account": "desk", "target": {"token": id}, "name": "quoter", "revoked": true, "dry_run": false})
    );
    assert!(local.exchange.token(&id).unwrap().revoked);
    local
        .run("tokens revoke quoter")
        .await
        .ends(Exit::Failed)
        .warns(&["the account has no token quoter"]);

    let lost = Injection::new(Fault::reset_before()).on(&operations::REVOKE_TOKEN);
    local.exchange.inject(lost);
    local
        .run(&format!("tokens revoke {id}"))
        .await
        .ends(Exit::Partly)
        .warns(&["revoke it again"]);
}

#[tokio::test]
async fn a_token_is_exchanged_in_steps_that_can_be_taken_up_again() {
    let local = Local::start().await;
    let folder = Folder::new();
    let old = local.token("quoter", &["127.0.0.0/8"]).await;
    let place = folder.path("rotations");
    let of = |command: &str| format!("tokens rotate {command} {old} --folder {place}");
    let ran = local
        .run(&format!("{} --dry-run", of("start")))
        .await
        .ends(Exit::Done);
    ran.says(&[
        &format!("would make a successor of token {old} `quoter`"),
        "dry run",
    ]);
    assert!(!std::fs::exists(&place).unwrap() && local.changes() == 1);

    // The answer with the text is lost: nothing usable is left, and it can be gone on with.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN));
    local
        .run(&of("start"))
        .await
        .ends(Exit::Failed)
        .warns(&["did not go on", "was revoked"]);
    let value = local
        .run(&format!("{} --json", of("resume")))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["rotation"]["step"]["at"], "proven");
    let new = value["rotation"]["step"]["new"].as_str().unwrap().to_owned();
    let file = value["secret_file"].as_str().unwrap();
    let secret = std::fs::read_to_string(file).unwrap();
    assert!(secret.starts_with("simulated-token-") && !value.to_string().contains(&secret));
    // One at a time.
    local
        .run(&of("start"))
        .await
        .ends(Exit::Failed)
        .warns(&["proven; both work is under way"]);
    local
        .run(&of("resume"))
        .await
        .ends(Exit::Done)
        .says(&[": proven; both work", "  secret  "]);
    let list = format!("tokens rotate list --folder {place}");
    local
        .run(&list)
        .await
        .ends(Exit::Done)
        .says(&[&format!("token {old} -> token {new}: proven")]);
    assert_eq!(
        local.run(&format!("{list} --json")).await.json()[0]["old"],
        json!({"token": old})
    );

    let finish = format!("{} --grace", of("finish"));
    let early = local.run(&format!("{finish} 1d")).await.ends(Exit::Failed);
    early.warns(&["the grace period has ", "proven; both work"]);
    let dry = local
        .run(&format!("{finish} 0s --dry-run"))
        .await
        .ends(Exit::Done);
    dry.says(&["would revoke the old one", "dry run"]);
    assert!(!local.exchange.token(&old).unwrap().revoked);
    let done = local.run(&format!("{finish} 0s")).await.ends(Exit::Done);
    done.says(&[&format!("token {old} -> token {new}: finished")]);
    assert!(local.exchange.token(&old).unwrap().revoked && !local.exchange.token(&new).unwrap().revoked);

    local
        .run(&format!("{finish} 0s"))
        .await
        .ends(Exit::Failed)
        .warns(&["has no rotation of token"]);
    let subkeys = list.replace("tokens", "subkeys");
    local.run(&subkeys).await.ends(Exit::Done).says(&["none"]);
    for (line, said) in [
        (of("finish"), "--grace"),
        (format!("tokens rotate start {old}"), "--folder"),
        (format!("tokens rotate resume --folder {place}"), "<ID>"),
    ] {
        local.run(&line).await.ends(Exit::Usage).warns(&[said]);
    }
}

#[tokio::test]
async fn a_rotation_that_does_not_work_from_here_is_vouched_for_or_given_up() {
    let local = Local::start().await;
    let folder = Folder::new();
    for (name, end, at) in [
        ("vouched", "proven", "proven"),
        ("given-up", "abandon", "abandoned"),
    ] {
        let old = local.token(name, &[COLO]).await;
        let of = |command: &str| format!("tokens rotate {command} {old} --folder {}", folder.path("r"));
        let ran = local.run(&of("start")).await.ends(Exit::Partly);
        ran.warns(&[
            "a call with the new one failed",
            "IP_NOT_ALLOWED",
            "stored, and not proven",
        ]);
        let value = local
            .run(&format!("{} --json", of(end)))
            .await
            .ends(Exit::Done)
            .json();
        assert_eq!(value["rotation"]["step"]["at"], at);
        assert!(!local.exchange.token(&old).unwrap().revoked);
    }
}

#[tokio::test]
async fn a_subkey_is_exchanged_in_the_same_steps() {
    let local = Local::start().await;
    let folder = Folder::new();
    let made = "subkeys create signer --from 127.0.0.0/8 --show-secret --json";
    let made = local.run(made).await.ends(Exit::Done).json();
    let old = made["target"]["subkey"].as_str().unwrap();
    let of = |command: &str| format!("subkeys rotate {command} {old} --folder {}", folder.path("r"));
    let value = local
        .run(&format!("{} --json", of("start")))
        .await
        .ends(Exit::Done)
        .json();
    let secret = std::fs::read_to_string(value["secret_file"].as_str().unwrap()).unwrap();
    assert!(secret.starts_with("0x"));
    let ran = local.run(&of("resume")).await.ends(Exit::Done);
    ran.says(&[&format!("subkey {old} -> subkey 0x"), "proven; both work"]);
    let finish = format!("{} --grace 0s", of("finish"));
    local.run(&finish).await.ends(Exit::Done).says(&["finished"]);
    let refused = format!("{} --lifetime 1d", of("start"));
    local
        .run(&refused)
        .await
        .ends(Exit::Failed)
        .warns(&["the subkey is revoked"]);
}

#[tokio::test]
async fn subkeys_are_listed_made_and_revoked() {
    let local = Local::start().await;
    let folder = Folder::new();
    let file = folder.path("key");
    let create = format!("subkeys create signer --from {COLO} --secret-file {file}");
    let ran = local.run(&format!("{create} --dry-run")).await.ends(Exit::Done);
    ran.says(&["would create a subkey", "dry run"]);
    assert!(!std::fs::exists(&file).unwrap());
    let value = local
        .run(&format!("{create} --json"))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["secret"], Value::Null);
    let public = value["target"]["subkey"].as_str().unwrap().to_owned();
    // What was written is the private key of what was registered.
    let secret = folder.read("key");
    let key = paradex_api_ext::signing::StarknetPrivateKey::from_hex(secret.trim()).unwrap();
    assert_eq!(key.public_key().to_string(), public);
    assert_eq!(
        local.exchange.subkey(&public).unwrap().allowed_cidrs.unwrap(),
        [COLO]
    );

    local
        .run("subkeys create laptop --unrestricted --public-key 0x1a97")
        .await
        .ends(Exit::Done)
        .says(&[
            "created subkey 0x1a97",
            "warning    the allowlist is unrestricted",
        ]);
    // One that is refused leaves no key behind.
    let again = folder.path("again");
    let refused = Fault::raw(
        paradex_api_ext::paradex_api::reqwest::StatusCode::FORBIDDEN,
        Default::default(),
        r#"{"error":"REQUEST_NOT_ALLOWED","message":"no"}"#,
    );
    local
        .exchange
        .inject(Injection::new(refused).on(&operations::REGISTER_SUBKEY));
    let line = format!("subkeys create other --from {COLO} --secret-file {again}");
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["refused: the session is not the main account's"]);
    assert!(!std::fs::exists(&again).unwrap());
    // One that may be registered does.
    local
        .exchange
        .inject(Injection::new(Fault::reset_after()).on(&operations::REGISTER_SUBKEY));
    local
        .run(&line)
        .await
        .ends(Exit::Partly)
        .warns(&["look for it in the list"]);
    assert!(folder.read("again").starts_with("0x"));

    let list = local.run("subkeys list").await.ends(Exit::Done);
    list.says(&["subkey", "0x1a97", "laptop", "unrestricted", "signer", "never"]);
    local
        .run("subkeys revoke 0x1a97 --dry-run")
        .await
        .ends(Exit::Done)
        .says(&["would revoke subkey 0x1a97 `laptop`"]);
    local
        .run("subkeys revoke 0x1a97")
        .await
        .ends(Exit::Done)
        .says(&["revoked subkey 0x1a97"]);
    local
        .run("subkeys list --all")
        .await
        .ends(Exit::Done)
        .says(&["revoked"]);
    local
        .run("subkeys revoke 0x9")
        .await
        .ends(Exit::Failed)
        .warns(&["has no subkey 0x9"]);
    let shown = local
        .run(&format!("subkeys create x --from {COLO} --show-secret"))
        .await;
    shown.ends(Exit::Done).says(&["  secret     0x"]);
}

#[tokio::test]
async fn one_list_is_shown_set_added_to_and_taken_from() {
    let local = Local::start().await;
    let id = local.token("quoter", &[COLO]).await;
    let target = format!("--token {id}");
    local
        .run(&format!("allow show {target}"))
        .await
        .ends(Exit::Done)
        .says(&[&format!("token {id}: {COLO}\n"), "  warning: "]);
    let value = local.run(&format!("allow show {target} --json")).await.json();
    assert_eq!(
        (&value["allowlist"], &value["unknown"]),
        (&json!([COLO]), &Value::Null)
    );

    let line = format!("allow set {target} {OFFICE} --keep 203.0.113.7");
    let ran = local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
    ran.says(&[
        "- 198.51.100.0/24",
        "+ 203.0.113.0/24",
        "203.0.113.7: stays inside",
        "dry run: nothing",
    ]);
    assert_eq!(local.stored(&id), [COLO]);
    local.run(&line).await.ends(Exit::Done).says(&["applied"]);
    assert_eq!(local.stored(&id), [OFFICE]);
    // Nothing to do is done.
    let changes = local.changes();
    let value = local.run(&format!("{line} --json")).await.ends(Exit::Done).json();
    assert_eq!((&value["applied"], local.changes()), (&json!(false), changes));

    let line = format!("allow add {target} {COLO} --json");
    let value = local.run(&line).await.ends(Exit::Done).json();
    assert_eq!(value["before"], json!([OFFICE]));
    assert_eq!(value["after"], json!([OFFICE, COLO]));
    assert_eq!(
        (&value["applied"], &value["dry_run"]),
        (&json!(true), &json!(false))
    );
    local
        .run(&format!("allow remove {target} {OFFICE}"))
        .await
        .ends(Exit::Done)
        .says(&["closes"]);
    assert_eq!(local.stored(&id), [COLO]);
    let last = local
        .run(&format!("allow remove {target} {COLO}"))
        .await
        .ends(Exit::Failed);
    last.warns(&["this is the last entry", "`allow clear --unrestricted`"]);
    local
        .run(&format!("allow set {target} {OFFICE} --keep 198.51.100.7"))
        .await
        .ends(Exit::Failed)
        .warns(&[
            "198.51.100.7: LOCKED OUT",
            "nothing was changed: 198.51.100.7 would be outside",
        ]);
    assert_eq!(local.stored(&id), [COLO]);

    let ran = local
        .run(&format!("allow clear {target} --unrestricted"))
        .await
        .ends(Exit::Done);
    ran.says(&[
        "198.51.100.0/24 -> unrestricted",
        "warning: the allowlist is unrestricted",
        "applied",
    ]);
    assert!(local.stored(&id).is_empty());
    // Adding to "anywhere" would narrow it.
    local
        .run(&format!("allow add {target} {COLO}"))
        .await
        .ends(Exit::Failed)
        .warns(&["unrestricted"]);

    // What is not known is replaced as a whole, and in no other way.
    local.exchange.set_token_allowlist(&id, json!(["here"])).unwrap();
    let odd = local
        .run(&format!("allow show {target} --json"))
        .await
        .ends(Exit::Done)
        .json();
    let unknown = odd["unknown"].as_str().unwrap();
    assert!(unknown.contains("entry [0] is not a network"), "{odd}");
    local
        .run(&format!("allow add {target} {COLO}"))
        .await
        .ends(Exit::Failed)
        .warns(&["not known"]);
    local
        .run(&format!("allow set {target} {COLO}"))
        .await
        .ends(Exit::Done)
        .says(&["unreadable", "applied"]);
    assert_eq!(local.stored(&id), [COLO]);

    local
        .exchange
        .inject(Injection::new(Fault::reset_before()).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
    local
        .run(&format!("allow set {target} {OFFICE}"))
        .await
        .ends(Exit::Partly)
        .warns(&["whether the change was made is unknown"]);
    local
        .run("allow show --subkey 0x7")
        .await
        .ends(Exit::Failed)
        .warns(&["look it up in the list"]);
}

#[tokio::test]
async fn a_policy_is_checked_planned_and_applied() {
    let local = Local::start().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");

    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Drift)
        .says(&["1 drifted"]);
    let value = local
        .run(&format!("allow check --policy {policy} --json"))
        .await
        .ends(Exit::Drift)
        .json();
    assert_eq!(value["rows"][0]["state"], "drifted");
    let line = format!("allow plan --policy {policy} --out {plan}");
    local
        .run(&line)
        .await
        .ends(Exit::Done)
        .says(&[&format!("{COLO} -> {OFFICE}")]);
    local
        .run(&line)
        .await
        .ends(Exit::Failed)
        .warns(&["plan.json cannot be written"]);
    let ran = local
        .run(&format!("allow apply --policy {policy} --dry-run"))
        .await
        .ends(Exit::Done);
    ran.says(&["dry run: nothing was changed"]);
    let changes = local.changes();

    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Done);
    ran.says(&["1 applied, 0 skipped"])
        .warns(&[&format!("[1/1] desk token {id} `quoter`: applied")]);
    assert_eq!(
        (local.stored(&id), local.changes()),
        (vec![OFFICE.to_owned()], changes + 1)
    );
    // Applied again, also from the policy, it changes nothing.
    let value = local
        .run(&format!("allow apply --plan {plan} --json"))
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(
        (&value["rows"][0]["outcome"], &value["rows"][0]["reason"]),
        (&json!("skipped"), &json!("already_so"))
    );
    local
        .run(&format!("allow apply --policy {policy}"))
        .await
        .ends(Exit::Done);
    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Done)
        .says(&["1 in_sync"]);
    assert_eq!(local.changes(), changes + 1);

    // A move: widen, verify, narrow.
    let policy = folder.policy("192.0.2.0/24");
    let ran = local
        .run(&format!("allow apply --policy {policy} --widen"))
        .await
        .ends(Exit::Done);
    ran.warns(&["opens 192.0.2.0/24"]);
    assert_eq!(local.stored(&id), [OFFICE, "192.0.2.0/24"]);
    local
        .run(&format!("allow check --policy {policy} --widen"))
        .await
        .ends(Exit::Done);
    local
        .run(&format!("allow check --policy {policy}"))
        .await
        .ends(Exit::Drift);
    local
        .run(&format!("allow apply --policy {policy}"))
        .await
        .ends(Exit::Done);
    assert_eq!(local.stored(&id), ["192.0.2.0/24"]);

    // The plan of then is not the plan of now, and says so.
    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Failed);
    ran.says(&["skipped, changed since the plan"]);
    // Somebody who must stay inside does.
    let back = folder.policy(OFFICE);
    let ran = local
        .run(&format!("allow apply --policy {back} --keep 192.0.2.7"))
        .await
        .ends(Exit::Failed);
    ran.says(&["failed", "192.0.2.7"]);
    // Half of it is exit 3.
    local.token("other", &["10.0.0.0/8"]).await;
    local
        .exchange
        .inject(Injection::new(Fault::reset_before()).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
    let ran = local
        .run(&format!("allow apply --policy {back}"))
        .await
        .ends(Exit::Partly);
    ran.says(&["1 applied, 0 skipped, 0 failed, 1 unknown"]);
}

#[tokio::test]
async fn a_policy_or_plan_that_cannot_be_used_is_said_with_its_file() {
    let local = Local::start().await;
    let folder = Folder::new();
    local.token("quoter", &[COLO]).await;
    let odd = folder.write("odd.toml", "[ranges]\na = ['10.0.0.1/8']\n");
    local
        .run(&format!("allow check --policy {odd}"))
        .await
        .ends(Exit::Failed)
        .warns(&["odd.toml: line 1: missing field `rules`"]);
    let missing = folder.path("missing.yaml");
    let ran = local
        .run(&format!("audit --policy {missing}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["missing.yaml cannot be read"]);
    let other = folder.write("policy.txt", "");
    let ran = local
        .run(&format!("allow plan --policy {other}"))
        .await
        .ends(Exit::Usage);
    ran.warns(&["ends in .toml, .yaml, .yml or .json"]);
    let nobody = folder.write(
        "nobody.yaml",
        "rules: [{account: desk, name: nobody, allow: unrestricted}]",
    );
    let ran = local
        .run(&format!("allow check --policy {nobody}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["nobody.yaml: line 1: rules[0].name: `nobody` is refused: it matches no token"]);
    let plan = folder.write("plan.json", "{\"version\": 2}");
    let ran = local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Failed);
    ran.warns(&["plan.json: version 2 of a plan cannot be read"]);
    assert_eq!(local.changes(), 1, "that which made the token");
}

#[tokio::test]
async fn hidden_characters_of_a_file_do_not_reach_the_terminal() {
    let local = Local::start().await;
    let folder = Folder::new();
    let hidden = "\u{1b}[31m\u{7}\u{85}\u{202e}";
    let field = json!({ hidden: 1 }).to_string();
    // The words of a command are divided at white space, which U+0085 is.
    let argument = hidden.replace('\u{85}', "");
    let plan = folder.write("plan.json", &field);
    let policy = folder.write("policy.json", &field);
    let rotations = folder.path("rotations");
    local
        .run(&format!("tokens rotate list --folder {rotations}"))
        .await
        .ends(Exit::Done);
    folder.write("rotations/rotation-x.json", &field);
    for line in [
        format!("allow apply --plan {plan}"),
        format!("allow check --policy {policy}"),
        format!("tokens rotate list --folder {rotations}"),
        format!("allow check --policy {argument}.toml"),
        format!("allow apply --plan {argument}"),
        format!("whoami --account {argument}"),
    ] {
        let ran = local.run(&line).await;
        assert!(matches!(ran.exit, Exit::Failed | Exit::Usage), "{line}");
        let err = ran.err.trim_end_matches('\n');
        assert!(
            !err.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{err:?}"
        );
        assert!(err.contains("\\u{202e}"), "{err:?}");
    }
}

#[tokio::test]
async fn hidden_characters_are_escaped_in_json() {
    let local = Local::start().await;
    let folder = Folder::new();
    let name = "ä\u{7f}\u{85}\u{202e}\u{e0041}";
    let id = local.token(name, &[COLO]).await;
    let is_plain = |text: &str| {
        let is_hidden = |c: char| c != '\n' && c.is_control() || "\u{202e}\u{e0041}".contains(c);
        !text.contains(is_hidden) && text.contains("ä\\u007f\\u0085\\u202e\\udb40\\udc41")
    };
    let ran = local.run("tokens list --json").await.ends(Exit::Done);
    assert!(is_plain(&ran.out), "{:?}", ran.out);
    assert_eq!(ran.json()["members"][0]["name"], name);
    let (policy, plan) = (folder.policy(OFFICE), folder.path("plan.json"));
    local
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done);
    assert!(is_plain(&folder.read("plan.json")));
    local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Done);
    assert_eq!(local.stored(&id), [OFFICE]);
    // A label of a metric is text for a terminal as well.
    let metrics = local.run("audit --prometheus").await;
    let label = r#"name="ä\\u{7f}\\u{85}\\u{202e}\\u{e0041}""#;
    metrics.says(&[label]);
}

#[cfg(unix)]
#[tokio::test]
async fn plan_that_others_can_read_or_that_is_too_large_is_refused() {
    let local = Local::start().await;
    let folder = Folder::new();
    let plan = folder.write("plan.json", "{}");
    let apply = format!("allow apply --plan {plan}");
    for (mode, said) in [
        (0o644, "chmod 600"),
        (0o660, "chmod 600"),
        (0o600, "missing field"),
    ] {
        folder.set_mode("plan.json", mode);
        local.run(&apply).await.ends(Exit::Failed).warns(&[said]);
    }
    let policy = folder.policy(OFFICE);
    for (name, mib, line) in [
        ("plan.json", 64_u64, apply),
        ("policy.toml", 16, format!("allow check --policy {policy}")),
    ] {
        let file = std::fs::OpenOptions::new().append(true).open(folder.path(name));
        file.unwrap().set_len((mib << 20) + 1).unwrap();
        let said = format!("it has more than {mib} MiB");
        local.run(&line).await.ends(Exit::Failed).warns(&[name, &said]);
    }
}

#[tokio::test]
async fn an_audit_says_what_is_wrong_in_three_ways() {
    let local = Local::start().await;
    let folder = Folder::new();
    local
        .run("audit")
        .await
        .ends(Exit::Done)
        .says(&["0 of 0 with findings"]);
    let id = local.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    local
        .run("audit --within 30m")
        .await
        .ends(Exit::Done)
        .says(&["0 of 1 with findings"]);
    local
        .run("audit")
        .await
        .ends(Exit::Drift)
        .says(&[&id, "expiring"]);
    let ran = local
        .run(&format!("audit --within 30m --policy {policy}"))
        .await
        .ends(Exit::Drift);
    ran.says(&["broader than the policy by 198.51.100.0/24"]);
    let value = local
        .run("audit --json --account desk --account research")
        .await
        .ends(Exit::Drift)
        .json();
    assert_eq!(value["rows"][0]["findings"], json!([{"finding": "expiring"}]));
    let ran = local.run("audit --prometheus").await.ends(Exit::Drift);
    ran.says(&[
        "# TYPE paradex_token_seconds_to_expiry gauge\n",
        &format!("id=\"{id}\""),
    ]);
}

#[tokio::test]
async fn whoami_says_who_this_is_and_whether_it_works() {
    let local = Local::start().await;
    let ran = local.run("whoami").await.ends(Exit::Done);
    ran.says(&[
        "environment  http://127.0.0.1:",
        &format!(
            "desk\n  account     {}\n  session     token\n  credential  token-",
            local.exchange.main_account()
        ),
    ]);
    let value = local
        .run("whoami --json --account research")
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(value["accounts"][0]["account"], json!(local.research));
    let refused = json!({"error": "INVALID_TOKEN", "message": "no"}).to_string();
    let refused = Fault::raw(
        paradex_api_ext::paradex_api::reqwest::StatusCode::UNAUTHORIZED,
        Default::default(),
        refused,
    );
    local
        .exchange
        .inject(Injection::new(refused).on(&operations::GET_ACCOUNT).times(2));
    local
        .run("whoami")
        .await
        .ends(Exit::Failed)
        .says(&["not signed in: ", "INVALID_TOKEN"]);
}

#[tokio::test]
async fn halting_cancels_every_order_of_the_accounts() {
    let local = Local::start().await;
    let account = local.exchange.main_account();
    let environment = Environment::custom(local.exchange.url()).unwrap();
    let key = local.exchange.main_key();
    let trader = Client::builder(environment.clone())
        .credentials(Credentials::starknet(environment, key, account.parse().unwrap()))
        .build()
        .unwrap();
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into());
    trader.orders().place(order).await.unwrap();
    let open = || {
        let orders = local.exchange.orders(&account);
        orders
            .iter()
            .filter(|order| order.status.as_str() != "CLOSED")
            .count()
    };
    assert_eq!(open(), 1);
    let ran = local
        .run("halt --dry-run --account desk --account research")
        .await
        .ends(Exit::Done);
    ran.says(&[
        "desk: 1 orders and 0 algo orders would be cancelled",
        "research: 0 orders",
    ]);
    assert_eq!(open(), 1);
    let value = local.run("halt --json").await.ends(Exit::Done).json();
    assert_eq!(value["accounts"][0]["clear"], json!(true));
    assert_eq!((&value["accounts"][0]["open_orders"], open()), (&json!(0), 0));

    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    local
        .exchange
        .inject(Injection::new(away).on(&operations::LIST_OPEN_ORDERS).times(9));
    local
        .run("halt")
        .await
        .ends(Exit::Partly)
        .says(&["what is open is not known"]);
}

#[tokio::test]
async fn account_that_is_stuck_does_not_keep_others_from_being_halted() {
    let local = Local::start().await;
    let accounts = [local.exchange.main_account(), local.research.clone()];
    for account in &accounts {
        let key = local.exchange.account_key(account).unwrap();
        let credentials = Credentials::starknet(local.environment.clone(), key, account.parse().unwrap());
        let trader = Client::builder(local.environment.clone())
            .credentials(credentials)
            .build()
            .unwrap();
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into());
        trader.orders().place(order).await.unwrap();
    }
    let open = || {
        let orders = accounts.iter().flat_map(|account| local.exchange.orders(account));
        orders.filter(|order| order.status.as_str() != "CLOSED").count()
    };
    assert_eq!(open(), 2);
    // The first cancel is stuck, of whichever account it is.
    let stuck = Injection::new(Fault::delay_before(HOUR)).on(&operations::CANCEL_ALL_ORDERS);
    local.exchange.inject(stuck);
    let other_is_clear = async {
        while open() > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    // The limit only ends a run that would fail; it is shorter than the time-out of the stuck call.
    let guarded = tokio::time::timeout(Duration::from_secs(15), other_is_clear);
    tokio::select! {
        ran = local.run("halt --account desk --account research") => panic!("{}", ran.out),
        cleared = guarded => cleared.unwrap(),
    }
    let ran = local.run("halt --json --account research --account desk").await;
    let value = ran.ends(Exit::Done).json();
    let names = [0, 1].map(|index| value["accounts"][index]["name"].clone());
    assert_eq!(names, ["research", "desk"]);
    assert_eq!(open(), 0);
}

#[tokio::test]
async fn dry_run_of_halt_counts_orders_that_cannot_be_read() {
    let local = Local::start().await;
    for (operation, says) in [
        (
            &operations::LIST_OPEN_ORDERS,
            "desk: 2 orders and 0 algo orders would",
        ),
        (
            &operations::LIST_OPEN_ALGO_ORDERS,
            "desk: 0 orders and 2 algo orders would",
        ),
    ] {
        let odd = Fault::edit_response(|answer| answer["results"] = json!([{"id": "1"}, "odd"]));
        local.exchange.inject(Injection::new(odd).on(operation));
        let ran = local.run("halt --dry-run").await;
        ran.ends(Exit::Done).says(&[says]);
        for no_list in [json!({}), json!({"results": null}), json!({"results": "none"})] {
            let fault = Fault::edit_response(move |answer| *answer = no_list.clone());
            local.exchange.inject(Injection::new(fault).on(operation));
            let ran = local.run("halt --dry-run").await;
            ran.ends(Exit::Failed)
                .warns(&["account `desk`: ", operation.id, "holds no list"]);
        }
    }
}

#[tokio::test]
async fn production_is_changed_only_by_somebody_who_says_so() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[COLO]).await;
    let before = local.changes();
    let file = folder.path("token");
    let policy = folder.policy(OFFICE);
    let lines = [
        format!("tokens create new --lifetime 1d --from {COLO} --secret-file {file}"),
        format!("tokens revoke {id}"),
        format!("subkeys create new --from {COLO} --secret-file {file}"),
        format!("allow set --token {id} {OFFICE}"),
        format!("tokens rotate start {id} --folder {}", folder.path("rotations")),
        format!("allow add --token {id} {OFFICE}"),
        format!("allow clear --token {id} --unrestricted"),
        format!("allow apply --policy {policy}"),
        "halt".to_owned(),
    ];
    for line in &lines {
        // Nobody to ask.
        let ran = local.run(line).await;
        assert_eq!(ran.exit, Exit::Usage, "{line}: {}", ran.err);
        let ran = ran.warns(&[
            "account `desk` (token-",
            "production by way of http://127.0.0.1:",
            "say `--yes`",
        ]);
        assert!(ran.out.is_empty(), "{}", ran.out);
        // Somebody who does not say yes.
        for answer in ["n\n", "\n", "", "yess\n"] {
            let ran = local.run_at(line, Some(answer)).await;
            assert_eq!(ran.exit, Exit::Failed, "{line}: {}", ran.err);
            ran.warns(&["Go on? [y/N] ", "error: nothing was changed"]);
        }
        // A dry run asks nothing.
        local.run(&format!("{line} --dry-run")).await.ends(Exit::Done);
        assert_eq!(local.changes(), before, "{line}");
        assert!(!std::fs::exists(&file).unwrap());
    }
    // Reading asks nothing either.
    local.run("tokens list").await.ends(Exit::Done);
    local.run("allow check --policy").await.ends(Exit::Usage);
    let ran = local.run_at(&lines[6], Some("y\n")).await.ends(Exit::Done);
    ran.warns(&[&format!(
        "change the allowlist of token {id}, which will be OPEN TO ANY ADDRESS, account `desk` (token-"
    )]);
    assert!(local.stored(&id).is_empty());
    local.run(&format!("{} --yes", lines[3])).await.ends(Exit::Done);
    assert_eq!(local.stored(&id), [OFFICE]);
    // Nothing to change is nothing to ask about.
    local.run(&lines[7]).await.ends(Exit::Done).says(&["already so"]);
}

#[tokio::test]
async fn stored_plan_that_was_edited_opens_nothing_in_production() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &[OFFICE]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");
    local
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done)
        .says(&["1 in_sync"]);
    let mut edited: Value = serde_json::from_str(&folder.read("plan.json")).unwrap();
    edited["rows"][0]["wanted"] = json!("unrestricted");
    let before = local.changes();
    let apply = |name: &str| format!("allow apply --plan {}", folder.path(name));

    // Its state no longer agrees with its lists.
    folder.write("edited.json", &edited.to_string());
    for line in [
        apply("edited.json"),
        format!("{} --dry-run", apply("edited.json")),
    ] {
        let ran = local.run(&line).await.ends(Exit::Failed);
        ran.warns(&[
            "edited.json: rows[0].state",
            &id,
            "`in_sync` is refused",
            "plan again",
        ]);
    }
    // A consistent edit is a plan to open the token, and is named and asked as one.
    edited["rows"][0]["state"] = json!("drifted");
    edited["rows"][0]["open_to"] = json!("any_address");
    folder.write("open.json", &edited.to_string());
    let open = apply("open.json");
    let dry = local.run(&format!("{open} --dry-run")).await.ends(Exit::Done);
    dry.says(&["OPEN TO ANY ADDRESS: 203.0.113.0/24 -> unrestricted", "1 drifted"]);
    let question =
        format!("change 1 allowlist; desk token {id} `quoter` will be OPEN TO ANY ADDRESS, account `desk`");
    for line in [open.clone(), format!("{open} --json")] {
        let ran = local.run(&line).await.ends(Exit::Usage);
        ran.warns(&[&question, "say `--yes`"]);
    }
    local
        .run_at(&open, Some("n\n"))
        .await
        .ends(Exit::Failed)
        .warns(&[&question]);
    assert_eq!(
        (local.changes(), local.stored(&id)),
        (before, vec![OFFICE.to_owned()])
    );
}

#[tokio::test]
async fn stored_plan_of_another_exchange_is_refused_before_anything_is_asked() {
    let testnet = Local::start().await;
    let production = Local::production().await;
    let folder = Folder::new();
    testnet.token("quoter", &[COLO]).await;
    let policy = folder.policy(OFFICE);
    let plan = folder.path("plan.json");
    testnet
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done);
    for line in [
        format!("allow apply --plan {plan}"),
        format!("allow apply --plan {plan} --dry-run"),
    ] {
        let ran = production.run_at(&line, Some("y\n")).await.ends(Exit::Failed);
        assert!(!ran.err.contains("Go on?"), "{}", ran.err);
        ran.warns(&["the plan was made for http://127.0.0.1:", "plan again here"]);
    }
}

#[tokio::test]
async fn commands_that_open_a_whole_family_say_so_in_their_question() {
    let local = Local::production().await;
    let folder = Folder::new();
    let id = local.token("quoter", &["0.0.0.0/1"]).await;
    let open = local.token("open", &[]).await;
    let whole = folder.policy("0.0.0.0/0");
    let (any, v4, v6) = ("ANY ADDRESS", "ANY IPv4 ADDRESS", "ANY IPv6 ADDRESS");
    let secret = folder.path("secret");
    let rotations = folder.path("rotations");
    let before = local.changes();
    for (line, to) in [
        (format!("allow set --token {id} 0.0.0.0/0"), v4),
        (format!("allow set --token {id} 0.0.0.0/0 ::/0"), any),
        (format!("allow set --token {id} 2000::/3"), v6),
        (format!("allow set --token {id} 0.0.0.0/1 128.0.0.0/1"), v4),
        (
            format!("allow set --token {id} 0.0.0.0/1 128.0.0.0/2 192.0.0.0/3"),
            v4,
        ),
        (format!("allow add --token {id} 128.0.0.0/2 192.0.0.0/3"), v4),
        (format!("allow clear --token {id} --unrestricted"), any),
        (format!("allow apply --policy {whole}"), v4),
        (format!("allow apply --policy {whole} --widen"), v4),
        (
            format!("tokens create x --lifetime 1d --unrestricted --secret-file {secret}"),
            any,
        ),
        (
            format!("tokens create x --lifetime 1d --from 0.0.0.0/0 --secret-file {secret}"),
            v4,
        ),
        (
            format!("subkeys create x --from 2000::/3 --secret-file {secret}"),
            v6,
        ),
        ("subkeys create x --unrestricted --public-key 0x7".to_owned(), any),
        (format!("tokens rotate start {open} --folder {rotations}"), any),
        (
            format!("tokens rotate start {id} --from 0.0.0.0/0 --folder {rotations}"),
            v4,
        ),
        (
            format!("tokens rotate start {id} --unrestricted --folder {rotations}"),
            any,
        ),
    ] {
        let ran = local.run(&line).await.ends(Exit::Usage);
        let said = format!("will be OPEN TO {to}");
        let question = ran.err.lines().last().unwrap();
        assert!(
            question.contains(&said) && question.contains("say `--yes`"),
            "{line}: {}",
            ran.err
        );
        // The dry run says it as well.
        let said = format!("OPEN TO {to}");
        local
            .run(&format!("{line} --dry-run"))
            .await
            .ends(Exit::Done)
            .says(&[&said]);
    }
    assert_eq!(local.changes(), before);
    // A list that is wide and leaves a part out is no opening.
    let ran = local.run(&format!("allow set --token {id} 128.0.0.0/1")).await;
    assert!(!ran.err.contains("OPEN"), "{}", ran.err);

    let value = local
        .run(&format!("allow set --token {id} 0.0.0.0/0 --dry-run --json"))
        .await
        .json();
    assert_eq!(value["open_to"], "any_ipv4");
    let value = local
        .run(&format!(
            "tokens create x --lifetime 1d --unrestricted --secret-file {secret} --dry-run --json"
        ))
        .await
        .json();
    assert_eq!(value["open_to"], "any_address");
}

#[tokio::test]
async fn rotation_that_is_resumed_asks_as_opening() {
    let local = Local::production().await;
    let folder = Folder::new();
    let place = folder.path("rotations");
    let old = local.token("quoter", &[]).await;
    let lost = Injection::new(Fault::reset_after()).on(&operations::CREATE_TOKEN);
    local.exchange.inject(lost);
    local
        .run(&format!("tokens rotate start {old} --folder {place} --yes"))
        .await
        .ends(Exit::Failed);
    let resume = format!("tokens rotate resume {old} --folder {place}");
    local
        .run(&resume)
        .await
        .ends(Exit::Usage)
        .warns(&["the new one will be OPEN TO ANY ADDRESS"]);
    local
        .run(&format!("{resume} --dry-run"))
        .await
        .ends(Exit::Done)
        .says(&["the new one will be OPEN TO ANY ADDRESS"]);
}
