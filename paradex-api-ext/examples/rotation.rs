//! Exchanges the tokens of a few bots and a subkey while they are in use, dies in the middle of it, and goes on. It runs
//! against a simulator in this process: no account, no network.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use paradex_api_ext::allowlist::Target;
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
use paradex_api_ext::fleet::{
    RotationProblem, RotationSink, RotationSpec, RotationState, Rotator, SinkFuture,
};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::paradex_api::{Secret, serde_json};
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment};
use tokio::sync::Notify;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A store in memory. A program keeps secrets in a vault and the journal in a file or a table.
#[derive(Default)]
struct Vault {
    contents: Mutex<Contents>,
    /// Whether the process dies with the next secret, and that it has.
    deadly: AtomicBool,
    died: Notify,
}

#[derive(Default)]
struct Contents {
    secrets: HashMap<String, Secret>,
    journal: HashMap<String, String>,
}

impl Vault {
    fn with<T>(&self, work: impl FnOnce(&mut Contents) -> T) -> T {
        work(&mut self.contents.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn key(state: &RotationState) -> String {
        state.new_target().map(|new| new.to_string()).unwrap_or_default()
    }

    /// The rotations that were written down, as another process finds them.
    fn journal(&self) -> Result<Vec<RotationState>, serde_json::Error> {
        self.with(|contents| {
            contents
                .journal
                .values()
                .map(|text| serde_json::from_str(text))
                .collect()
        })
    }
}

impl RotationSink for Vault {
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
        Box::pin(async move {
            println!("      journal: {state}");
            let text = serde_json::to_string(state)?;
            self.with(|contents| contents.journal.insert(state.id().to_owned(), text));
            Ok(())
        })
    }

    fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
        Box::pin(async move {
            self.with(|contents| contents.secrets.insert(Self::key(state), secret.clone()));
            if self.deadly.load(Ordering::SeqCst) {
                // It does not live to say so.
                self.died.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }

    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
        Box::pin(async move { Ok(self.with(|contents| contents.secrets.get(&Self::key(state)).cloned())) })
    }
}

/// Where a bot reads its token: it follows what the vault says is the current one.
#[derive(Clone)]
struct Current {
    environment: Environment,
    token: Arc<Mutex<Secret>>,
}

impl Current {
    fn point_to(&self, secret: Secret) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = secret;
    }
}

impl CredentialProvider for Current {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(async move {
            let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Ok(Credentials::bearer(self.environment.clone(), token)?)
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let exchange = Simulator::start().await?;
    let environment = Environment::custom(exchange.url())?;
    println!("A simulator at {}\n", exchange.url());
    let account = exchange.main_account().parse()?;
    let main = Client::builder(environment.clone())
        .credentials(Credentials::starknet(
            environment.clone(),
            exchange.main_key(),
            account,
        ))
        .build()?;
    let here = IpAllowlist::parse_entries(["127.0.0.0/8"])?;

    println!("1. Three bots, each with a token of its own, make calls without a pause.");
    let (calls, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let (mut bots, mut tasks) = (vec![], vec![]);
    for name in ["maker", "taker", "hedger"] {
        let created = main
            .tokens()
            .create(NewToken::new(name, "api_key", 30 * DAY, here.clone())?)
            .await?;
        let old = Target::Token(created.lookup_id().to_owned());
        let current = Current {
            environment: environment.clone(),
            token: Arc::new(Mutex::new(created.into_secret())),
        };
        let bot = main.group().client_with_provider(current.clone());
        let (calling, calls, over) = (bot.clone(), Arc::clone(&calls), Arc::clone(&over));
        tasks.push(tokio::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                calling
                    .api()
                    .list_positions()
                    .send()
                    .await
                    .map_err(|error| error.to_string())?;
                calls.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<_, String>(())
        }));
        bots.push((old, current, bot));
    }

    println!("2. Make the successor of each. What is written down comes before what is done.");
    let vault = Arc::new(Vault::default());
    let rotator = Rotator::new(main.clone(), Arc::clone(&vault) as Arc<dyn RotationSink>);
    let mut proven = vec![];
    for (old, current, bot) in &bots {
        println!("   {old}");
        let state = rotator.rotate(old.clone(), RotationSpec::new()).await?;
        // The bot follows; calls that are under way end with the old token.
        current.point_to(vault.load(&state).await?.ok_or("the vault lost it")?);
        bot.reload_credentials().await?;
        proven.push(state);
    }

    println!("3. Finish too early, and then when the grace period has passed.");
    for state in proven {
        match rotator.finish(state.clone(), DAY).await {
            Err(error) if matches!(error.problem(), RotationProblem::TooEarly { .. }) => {
                println!("   {error}: {}", error.problem());
            }
            other => return Err(format!("the old token was revoked early: {other:?}").into()),
        }
        // A day is long for an example, so here none is asked for.
        rotator.finish(state, Duration::ZERO).await?;
    }
    over.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await??;
    }
    println!(
        "   {} calls in the meantime, none failed",
        calls.load(Ordering::SeqCst)
    );

    println!("4. A subkey. The process dies while its key is stored.");
    let old = StarknetPrivateKey::from_hex("0x123456789abcdef")?
        .public_key()
        .to_string();
    main.subkeys()
        .register(NewSubkey::new("desk", &old, here)?)
        .await?;
    vault.deadly.store(true, Ordering::SeqCst);
    tokio::select! {
        outcome = rotator.rotate(Target::Subkey(old), RotationSpec::new()) => drop(outcome?),
        () = vault.died.notified() => {}
    }
    vault.deadly.store(false, Ordering::SeqCst);
    println!("   live subkeys: {}", main.subkeys().list().send().await?.len());

    println!("5. Another process reads the journal and goes on.");
    for state in vault.journal()? {
        if !state.is_over() {
            let state = rotator.resume(state).await?;
            rotator.finish(state, Duration::ZERO).await?;
        }
    }

    println!("6. What is left:");
    for token in main.tokens().list().send().await? {
        println!("   {token}");
    }
    for subkey in main.subkeys().list().send().await? {
        println!("   {subkey}");
    }
    Ok(())
}
