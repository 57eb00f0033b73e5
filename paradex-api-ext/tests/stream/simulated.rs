//! Feeds against the simulator.

use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::stream::{BookComparison, BookUpdate, Update};
use paradex_api_ext::{Client, Environment};

use super::{next, text};

const MARKET: &str = "BTC-USD-PERP";

async fn start() -> (Simulator, Client) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let environment = Environment::custom(exchange.url()).unwrap();
    let client = Client::builder(environment).build().unwrap();
    (exchange, client)
}

/// Quotes so that each call changes the best bid.
fn change(exchange: &Simulator, number: u32) {
    let bids = [(100.into(), (number + 1).into())];
    exchange
        .set_quotes(MARKET, &bids, &[(110.into(), 2.into())])
        .unwrap();
}

#[tokio::test]
async fn client_reads_the_simulator_and_agrees_with_its_rest_api() {
    let (exchange, client) = start().await;
    change(&exchange, 0);
    let stream = client.stream();
    let mut book = stream.book(MARKET);
    let mut quotes = stream.bbo(MARKET);
    assert!(matches!(next(&mut book).await, BookUpdate::Live(_)));
    assert_eq!(text(&mut quotes).await, "live");
    change(&exchange, 1);
    let seq = loop {
        if let Update::Item(quote) = next(&mut quotes).await
            && quote.bid.is_some_and(|bid| bid.size == 2.into())
        {
            break quote.seq;
        }
    };
    while book.view().is_none_or(|view| view.seq() < seq) {
        next(&mut book).await;
    }
    assert_eq!(book.view().unwrap().best().0.unwrap().size, 2.into());
    let comparison = book.verify(&client).await.unwrap();
    assert!(
        matches!(comparison, BookComparison::Equal { .. }),
        "{comparison:?}"
    );
    assert_eq!(exchange.sockets().len(), 1);
}
