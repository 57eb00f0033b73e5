//! Restricts an API token to an office, step by step, and shows what stops an operator from going wrong.
//!
//! By itself it runs against a simulator in this process: no account, no network. With `PARADEX_ENVIRONMENT` and
//! `PARADEX_PRIVATE_KEY_FILE` (or one of the other variables of `ClientBuilder::from_env`) set it runs against that
//! exchange, says so, and asks before it changes anything. There it needs the main account: its key, or a token of its
//! session, which lives five minutes.

use std::error::Error as StdError;
use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use paradex_api_ext::auth::SessionKind;
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment, Error};

type Outcome<T> = Result<T, Box<dyn StdError>>;

/// The office. These addresses are set aside for documentation, so they are nobody's.
const OFFICE: &str = "203.0.113.0/24";
const DESK: &str = "203.0.113.7";
const STRANGER: &str = "198.51.100.7";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<()> {
    if std::env::var_os("PARADEX_ENVIRONMENT").is_some() {
        return live().await;
    }
    let exchange = Simulator::start().await?;
    println!(
        "No PARADEX_ENVIRONMENT is set: this is a simulator at {}\n",
        exchange.url()
    );
    let environment = Environment::custom(exchange.url())?;
    let client = Client::builder(environment.clone())
        .credentials(Credentials::bearer(environment.clone(), exchange.main_session())?)
        .build()?;

    println!("1. Create a token that works from the office alone, from its first second on.");
    let office = IpAllowlist::parse_entries([OFFICE])?;
    let day = Duration::from_secs(24 * 60 * 60);
    let token = client
        .tokens()
        .create(NewToken::new("desk", "api_key", day, office)?)
        .await?;
    println!("   its text is shown once, and not here: {:?}", token.secret());

    println!("2. List the account's tokens.");
    for token in client.tokens().list().send().await? {
        println!("   {token}");
    }

    println!("3. Plan to move it to other networks, keeping the desk at {DESK} inside.");
    let allowlist = client.tokens().allowlist(token.lookup_id());
    let moved = IpAllowlist::parse_entries(["198.51.100.0/25", "192.0.2.0/24"])?;
    let plan = allowlist.plan(moved).keep([DESK.parse()?]).await?;
    print!("{}", indented(&plan.to_string()));

    println!("4. Apply it. The desk would be locked out, so nothing is sent.");
    match allowlist.apply(&plan).await {
        Err(error @ AllowlistError::WouldLockOut(_)) => println!("   {}", chain(&error)),
        other => return Err(format!("the guard let it pass: {other:?}").into()),
    }

    println!("5. Add a network instead, and see what the exchange stored.");
    let stored = allowlist.add(["192.0.2.0/24".parse()?]).await?;
    println!("   {stored}");

    println!("6. Use the token from the desk, and from somewhere else.");
    for address in [DESK, STRANGER] {
        let address: IpAddr = address.parse()?;
        // Only the simulator can be told where a call comes from.
        let bot = Client::builder(environment.clone())
            .credentials(Credentials::bearer(environment.clone(), token.secret().clone())?)
            .http_client_builder(exchange.http_from(address))
            .build()?;
        match bot.api().list_positions().send().await.map_err(Error::from) {
            Ok(_) => println!("   {address}: allowed"),
            Err(error) => println!("   {address}: {}", chain(&error)),
        }
    }

    println!("7. Open it to the world by leaving things out. That cannot be written:");
    match IpAllowlist::parse_entries(Vec::<String>::new()) {
        Err(error) => println!("   {error}"),
        Ok(list) => return Err(format!("an empty list became {list}").into()),
    }

    println!("8. Revoke it.");
    client.tokens().revoke(token.lookup_id()).await?;
    println!(
        "   done; tokens left: {}",
        client.tokens().list().send().await?.len()
    );
    Ok(())
}

/// The same against a real exchange, as far as it does no harm: it creates a token of its own, restricts it, and
/// revokes it.
async fn live() -> Outcome<()> {
    let client = Client::from_env()?;
    println!("This is {}, and not a simulator.", client.environment());
    let Some(credentials) = client.credentials() else {
        return Err("set PARADEX_PRIVATE_KEY_FILE to a file with the account's key".into());
    };
    if credentials.session_kind() == SessionKind::Subkey {
        return Err(
            "a subkey may not change allowlists: set PARADEX_PRIVATE_KEY_FILE, or PARADEX_TOKEN_FILE to \
                    a file with the main account's token"
                .into(),
        );
    }
    if let Some(info) = credentials.token_info() {
        if info.is_expired(SystemTime::now()) == Some(true) {
            return Err("the token has ended: a session's token lives five minutes, so sign in again".into());
        }
        if !info.is_jwt {
            println!(
                "The token is no JWT, so it is probably an API token. Allowlists can be changed by a session of the \
                 main account alone; a read-only token can list."
            );
        }
    }
    match client.tokens().list().send().await {
        Ok(tokens) => {
            println!("The account has {} live tokens:", tokens.len());
            tokens.iter().for_each(|token| println!("   {token}"));
        }
        Err(error @ Error::Authentication(_)) => {
            return Err(format!("the exchange does not take the token: {}", chain(&error)).into());
        }
        Err(error) => return Err(chain(&error).into()),
    }
    print!("Create a token that lives an hour, restrict it to {OFFICE}, and revoke it? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim() != "y" {
        println!("Nothing was changed.");
        return Ok(());
    }
    let hour = Duration::from_secs(60 * 60);
    // Nobody can use it: these addresses are nobody's.
    let office = IpAllowlist::parse_entries([OFFICE])?;
    let token = client
        .tokens()
        .create(NewToken::new("allowlist-example", "api_key", hour, office)?)
        .await
        .map_err(|error| chain(&error))?;
    println!("Created {}.", token.lookup_id());
    let wider = IpAllowlist::parse_entries([OFFICE, "198.51.100.0/24"])?;
    let changed = async {
        let allowlist = client.tokens().allowlist(token.lookup_id());
        let plan = allowlist.plan(wider).keep([DESK.parse()?]).await?;
        print!("{}", indented(&plan.to_string()));
        Outcome::Ok(allowlist.apply(&plan).await?)
    }
    .await;
    // Whatever became of the change, the token goes.
    let revoked = client.tokens().revoke(token.lookup_id()).await;
    println!("Stored: {}", changed.map_err(|error| chain(&*error))?);
    revoked.map_err(|error| chain(&error))?;
    println!("Revoked.");
    Ok(())
}

/// An error and its causes in one line.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   {line}\n")).collect()
}
