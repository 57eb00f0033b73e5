//! Prints the best bid and ask of two markets as they change.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::collections::BTreeMap;
use std::error::Error;

use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::stream::Update;
use paradex_api_ext::{Client, Environment};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("1. Subscribe. Public data needs no credential.");
    let exchange = Simulator::start().await?;
    // With the exchange itself this is `Environment::Production`.
    let client = Client::builder(Environment::custom(exchange.url())?).build()?;
    let mut quotes = client.stream().bbo(["BTC-USD-PERP", "ETH-USD-PERP"]);

    println!("2. Print twenty quotes. The feed reconnects by itself, and says when it may have missed one.");
    let mut newest = BTreeMap::new();
    let mut count = 0;
    while count < 20 {
        match quotes.next().await {
            Some(Update::Item(quote)) => {
                count += 1;
                if let (Some(bid), Some(ask)) = (quote.bid, quote.ask) {
                    println!("   {:<13} {:>10} {:>10}", quote.market, bid.price, ask.price);
                }
                newest.insert(quote.market.clone(), quote);
            }
            Some(Update::Lost(lost)) => {
                println!("   lost: {lost}");
                // The quotes from before are not known to hold any more.
                match lost.market() {
                    Some(market) => drop(newest.remove(market)),
                    None => newest.clear(),
                }
            }
            Some(_) => println!("   the feed is complete from here on"),
            None => return Err(quotes.error().map_or("closed".into(), ToString::to_string).into()),
        }
    }
    println!("   markets with a quote: {}", newest.len());
    Ok(())
}
