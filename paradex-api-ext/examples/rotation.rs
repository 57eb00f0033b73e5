//! Replaces a token while a bot uses it. No call of the bot fails.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::sync::Arc;
use std::time::Duration;

use paradex_api_ext::allowlist::Target;
use paradex_api_ext::fleet::{FolderSink, RotationSink, RotationSpec, Rotator};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::paradex_api::BoxError;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Error};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let exchange = Simulator::start().await?;
    let client = exchange.client()?;
    let environment = client.environment().clone();

    println!("1. A bot makes calls with its token.");
    let here = IpAllowlist::parse_entries(["127.0.0.0/8"])?;
    let old = client
        .tokens()
        .create(NewToken::new("maker", "api_key", 30 * DAY, here)?)
        .await?;
    let bot = client
        .group()
        .client(Credentials::bearer(environment.clone(), old.secret().clone())?)?;
    let calls = tokio::spawn(call_until_a_call_fails(bot.clone()));

    println!("2. Create the successor. The folder keeps its secret, and a journal for the case of a crash.");
    let folder = std::env::temp_dir().join(format!("paradex-rotation-{}", std::process::id()));
    let sink = FolderSink::open(&folder)?;
    let rotator = Rotator::new(client.clone(), Arc::new(sink.clone()));
    let old = Target::Token(old.lookup_id().to_owned());
    let proven = rotator.rotate(old, RotationSpec::new()).await?;
    println!("   {proven}");

    println!("3. The bot switches to it. Calls that are under way end with the old token.");
    let secret = sink.load(&proven).await?.ok_or("the folder has no secret")?;
    bot.replace_credentials(Credentials::bearer(environment, secret)?)?;

    println!("4. Revoke the old token: refused during the grace period.");
    match rotator.finish(proven.clone(), DAY).await {
        Ok(finished) => return Err(format!("it is too early: {finished}").into()),
        Err(error) => println!("   {error}: {}", error.problem()),
    }

    println!("5. Revoke it after the grace period, which is zero here.");
    println!("   {}", rotator.finish(proven, Duration::ZERO).await?);
    std::fs::remove_dir_all(&folder)?;
    // The old token is gone, so this proves that the bot uses the new one.
    bot.api().list_positions().send().await?;
    if calls.is_finished() {
        return Err(calls.await?.into());
    }
    println!("   no call of the bot failed");
    Ok(())
}

async fn call_until_a_call_fails(bot: Client) -> Error {
    loop {
        if let Err(error) = bot.api().list_positions().send().await {
            return error.into();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
