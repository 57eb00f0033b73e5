//! Signs in in three ways, lives through several lifetimes of a token with calls under way, and places and cancels a
//! signed order. It runs against a simulator in this process that checks every signature: no account, no network.

use std::error::Error;
use std::time::{Duration, Instant};

use paradex_api_ext::auth::Onboarding;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::signing::{EthereumPrivateKey, StarknetPrivateKey};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::{Client, Credentials, Environment};

/// So short that the example sees a few of them.
const LIFETIME: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::builder().session_lifetime(LIFETIME).start().await?;
    let environment = Environment::custom(exchange.url())?;
    let group = Client::builder(environment.clone()).build_group()?;
    println!(
        "A simulator at {}; a session lives {LIFETIME:?} here\n",
        exchange.url()
    );

    println!("1. With the account's own Starknet key; the address follows from it.");
    let main = group.client(Credentials::starknet_derived(
        environment.clone(),
        exchange.main_key(),
    ))?;
    main.api().list_positions().send().await?;
    if let Some(credentials) = main.credentials() {
        println!("   {:?}, key {}", credentials.session_kind(), credentials.id());
    }

    println!("2. With a subkey that it registers, for trading alone.");
    let subkey = StarknetPrivateKey::from_hex("0x123456789abcdef")?;
    let public = subkey.public_key().to_string();
    let registration = NewSubkey::new("bot", &public, IpAllowlist::parse_entries(["127.0.0.0/8"])?)?;
    main.subkeys().register(registration).await?;
    let account = exchange.main_account().parse()?;
    let bot = group.client(Credentials::subkey(environment.clone(), subkey, account))?;
    bot.api().list_positions().send().await?;
    if let Some(credentials) = bot.credentials() {
        println!("   {:?}, key {}", credentials.session_kind(), credentials.id());
    }

    println!("3. With an Ethereum key, whose account it makes first.");
    let wallet = EthereumPrivateKey::from_hex("0x1234")?;
    let evm = group.client(Credentials::ethereum(environment, wallet))?;
    println!("   made {}", evm.onboard(Onboarding::new()).await?);
    evm.api().list_positions().send().await?;

    println!("4. Four callers, for three lifetimes.");
    let start = Instant::now();
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let bot = bot.clone();
            tokio::spawn(async move {
                let mut calls = 0;
                while start.elapsed() < 3 * LIFETIME {
                    bot.api()
                        .list_positions()
                        .send()
                        .await
                        .map_err(|error| error.to_string())?;
                    calls += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Ok::<_, String>(calls)
            })
        })
        .collect();
    let mut calls = 0;
    for caller in callers {
        calls += caller.await??;
    }
    let sign_ins = exchange
        .requests()
        .iter()
        .filter(|request| request.path().ends_with(&public) && request.path().starts_with("/v1/auth"))
        .count();
    println!("   {calls} calls, none failed; signed in {sign_ins} times");

    println!("5. A signed order, placed and cancelled.");
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?)
        .client_id("example-1");
    let placed = bot.orders().place(order).await?;
    let status = placed
        .status
        .map_or_else(String::new, |status| status.to_string());
    println!("   order {}: {status}", placed.id.unwrap_or_default());
    bot.orders().cancel_by_client_id("example-1").await?;
    println!(
        "   cancelled; open orders: {}",
        bot.api().list_open_orders().send().await?.results.len()
    );
    Ok(())
}
