//! Keeps an order book, which is right or not shown.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;

use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::stream::BookUpdate;

const MARKET: &str = "BTC-USD-PERP";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("1. Subscribe to the book. A snapshot comes first, and then each change.");
    let exchange = Simulator::start().await?;
    let client = exchange.client()?;
    let (size, price) = ("1".parse()?, |price: &str| price.parse());
    let bids = [(price("29990")?, size), (price("29980")?, size)];
    let asks = [(price("30010")?, size), (price("30020")?, size)];
    exchange.set_quotes(MARKET, &bids, &asks)?;
    let mut book = client.stream().book(MARKET);

    println!("2. Place ten orders. The exchange loses the fourth change, so that the book has a gap.");
    exchange.inject(
        Injection::new(Fault::skip_event())
            .on_channel("order_book")
            .skip(4)
            .times(1),
    );
    let (mut losses, mut placed) = (0, 0);
    loop {
        match book.next().await {
            Some(BookUpdate::Lost(lost)) => {
                losses += 1;
                // There is no view until the next snapshot, which the feed asks for by itself.
                println!("   lost: {lost}; the book is shown: {}", book.view().is_some());
            }
            Some(BookUpdate::Live(_) | BookUpdate::Changed(_)) => {
                let Some(view) = book.view() else { continue };
                let (bids, asks) = view.depth(3);
                let sizes: Vec<_> = bids
                    .iter()
                    .rev()
                    .chain(&asks)
                    .map(|level| level.size.to_string())
                    .collect();
                println!(
                    "   {} sizes from the third bid to the third ask: {}",
                    view.seq(),
                    sizes.join(" ")
                );
            }
            Some(_) => {}
            None => return Err(book.error().map_or("closed".into(), ToString::to_string).into()),
        }
        if placed == 10 && book.view().is_some() {
            break;
        }
        // Two orders after each update, so that one follows the change that is lost.
        let more = 2.min(10 - placed);
        placed += more;
        for _ in 0..more {
            let order = NewOrder::limit(MARKET, OrderSide::Buy, "0.1".parse()?, "29970".parse()?);
            client.orders().place(order).await?;
        }
    }

    println!("3. Compare the book with the one of the REST API.");
    println!("   {:?}", book.verify(&client).await?);
    println!("   losses: {losses}");
    Ok(())
}
