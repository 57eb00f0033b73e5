//! Restricts an API token to an office, and shows which mistakes are caught.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials};

// Addresses that are reserved for documentation.
const DESK: &str = "203.0.113.7";
const HOME: &str = "198.51.100.7";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    // For the exchange itself, use `Client::from_env()?`.
    let client = exchange.client()?;

    println!("1. Create a token that works from the office only.");
    let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
    let day = Duration::from_secs(24 * 60 * 60);
    let token = client
        .tokens()
        .create(NewToken::new("desk", "api_key", day, office)?)
        .await?;
    println!("   created {}", token.lookup_id());

    println!("2. Plan to move it to another network. The desk must keep access.");
    let allowlist = client.tokens().allowlist(token.lookup_id());
    let moved = IpAllowlist::parse_entries(["192.0.2.0/24"])?;
    let plan = allowlist.plan(moved).keep([DESK.parse()?]).await?;
    println!("{plan}");

    println!("3. Apply the plan. It would lock out the desk, so it is refused and nothing is sent.");
    match allowlist.apply(&plan).await {
        Ok(stored) => return Err(format!("the desk is locked out by {stored}").into()),
        Err(error) => println!("   {error}"),
    }

    println!("4. Add the network instead.");
    println!("   stored: {}", allowlist.add(["192.0.2.0/24".parse()?]).await?);

    println!("5. Use the token from the desk and from home.");
    let environment = client.environment();
    for address in [DESK, HOME] {
        let bot = Client::builder(environment.clone())
            .credentials(Credentials::bearer(environment.clone(), token.secret().clone())?)
            // The simulator takes the address of a caller from a header.
            .http_client_builder(exchange.http_from(address.parse::<IpAddr>()?))
            .build()?;
        match bot.api().list_positions().send().await {
            Ok(_) => println!("   {address}: allowed"),
            Err(error) => println!("   {address}: {error}"),
        }
    }

    println!("6. Revoke it.");
    client.tokens().revoke(token.lookup_id()).await?;
    println!("   tokens left: {}", client.tokens().list().send().await?.len());
    Ok(())
}
