//! Trades for 20 accounts that share one connection pool and one rate limit.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;

use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Client, Credentials, Environment};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    let environment = Environment::custom(exchange.url())?;

    println!(
        "1. Make a group. The exchange limits calls by IP address, so the clients of a group share one count."
    );
    // This process may use half of the limit; another process behind the same address has the rest.
    let group = Client::builder(environment.clone())
        .rate_limits(RateLimits::published().percent(50))
        .build_group()?;

    println!("2. Make a client for each account.");
    let mut clients = Vec::new();
    for _ in 0..20 {
        let key = exchange.account_key(&exchange.add_account())?;
        clients.push(group.client(Credentials::starknet_derived(environment.clone(), key))?);
    }

    println!("3. Place an order with each. A client signs in at its first call.");
    for client in &clients {
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
        client.orders().place(order).await?;
    }
    println!("   connections: {}", exchange.open_connections());
    for limit in group.anonymous().rate_limits() {
        println!("   {limit}");
    }

    println!("4. Stop trading: cancel the orders of all accounts, and refuse new ones.");
    let report = group.halt().await;
    let clear = report
        .accounts()
        .iter()
        .filter(|account| account.is_clear())
        .count();
    println!("   accounts without open orders: {clear}");
    Ok(())
}
