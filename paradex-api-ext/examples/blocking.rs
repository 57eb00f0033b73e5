//! Manages tokens and places an order in a program without async code.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::time::Duration;

use paradex_api_ext::blocking::Blocking;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::NewToken;

fn main() -> Result<(), Box<dyn Error>> {
    // It runs calls to completion. The outer `?` of a call fails only inside an async program.
    let blocking = Blocking::new()?;
    let exchange = blocking.run(Simulator::start())??;
    let client = exchange.client()?;

    println!("1. Create a token and list the tokens.");
    let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
    let day = Duration::from_secs(24 * 60 * 60);
    let token = NewToken::new("desk", "api_key", day, office)?;
    blocking.run(client.tokens().create(token))??;
    for token in blocking.run(client.tokens().list().send())?? {
        println!("   {token}");
    }

    println!("2. Place three orders.");
    for price in ["29300", "29400", "29500"] {
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, price.parse()?);
        let placed = blocking.run(client.orders().place(order))??;
        println!("   {}", placed.id.unwrap_or_default());
    }

    println!("3. Walk through the history of orders. The next page is requested when it is needed.");
    let mut orders = 0;
    for order in blocking.iter(client.api().list_orders_history().page_size(2).items()) {
        println!("   {}", order?.price.ok_or("an order without a price")?);
        orders += 1;
    }
    println!("   orders in the history: {orders}");
    Ok(())
}
