//! The public endpoints over HTTP, read by the typed client.

use paradex_api::types::{AssetKind, KlineResolution, OrderSide as Side};
use paradex_api_ext::simulator::MarketSpec;

use super::*;

fn anonymous(simulator: &Simulator) -> Client {
    Client::new(simulator.base_url()).unwrap()
}

async fn newest_funding_rate(client: &Client, symbol: &str) -> Option<Decimal> {
    let page = client.list_funding_data().market(symbol).page_size(1);
    page.send().await.unwrap().results[0].funding_rate
}

#[tokio::test]
async fn public_endpoints_agree_over_http() {
    let simulator = Simulator::builder().strict().seed(16).start().await.unwrap();
    let client = anonymous(&simulator);
    let markets = client.list_markets().send().await.unwrap();
    assert_eq!(markets.results.len(), MarketSpec::defaults().len());
    for market in &markets.results {
        let symbol = market.symbol.clone().unwrap();
        let tick = market.price_tick_size.unwrap();
        // The book changes between two requests, but not its state of one number.
        let (book, bbo) = loop {
            let book = client
                .get_orderbook()
                .market(&symbol)
                .depth(5)
                .send()
                .await
                .unwrap();
            let bbo = client.get_bbo().market(&symbol).send().await.unwrap();
            if book.seq_no == bbo.seq_no {
                break (book, bbo);
            }
        };
        assert!(!book.bids.is_empty() && book.bids.len() <= 5 && book.asks.len() == 5);
        assert_eq!(
            (Some(book.bids[0].price), Some(book.bids[0].size)),
            (bbo.bid, bbo.bid_size)
        );
        assert_eq!(
            (Some(book.asks[0].price), Some(book.asks[0].size)),
            (bbo.ask, bbo.ask_size)
        );
        assert_eq!(book.best_bid_api, [book.bids[0].price, book.bids[0].size]);
        assert!(
            book.bids
                .iter()
                .chain(&book.asks)
                .all(|level| (level.price % tick).is_zero())
        );
        let age = i64::try_from(milliseconds()).unwrap() - book.last_updated_at.unwrap();
        assert!((0..60_000).contains(&age), "{age}");

        let trades = client
            .list_trades()
            .market(&symbol)
            .page_size(50)
            .send()
            .await
            .unwrap();
        let newest = trades.results[0].created_at.unwrap();
        let candles = client
            .list_klines()
            .symbol(&symbol)
            .resolution(KlineResolution::OneMinute)
            .start_at(newest - 180_000)
            .end_at(newest)
            .send()
            .await
            .unwrap();
        // The second candle is complete, and its trades are on the page.
        let candle = candles.results[1];
        let mut prices: Vec<Decimal> = trades
            .results
            .iter()
            .filter(|trade| (candle.start_at..candle.start_at + 60_000).contains(&trade.created_at.unwrap()))
            .map(|trade| trade.price.unwrap())
            .collect();
        prices.reverse();
        assert_eq!(
            (prices.first(), prices.last()),
            (Some(&candle.open), Some(&candle.close))
        );
        assert_eq!(
            (prices.iter().max(), prices.iter().min()),
            (Some(&candle.high), Some(&candle.low))
        );

        let earlier = newest_funding_rate(&client, &symbol).await;
        let summary = client
            .list_market_summaries()
            .market(&symbol)
            .send()
            .await
            .unwrap();
        let summary = &summary.results[0];
        // A new entry can be made between the two requests.
        let rates = [earlier, newest_funding_rate(&client, &symbol).await];
        assert!(rates.contains(&summary.funding_rate), "{rates:?} {summary:?}");
        assert!(summary.bid < summary.ask && summary.volume_24h > Some(Decimal::ZERO));
        let impact = client
            .get_impact_price()
            .market(&symbol)
            .size(Decimal::ONE)
            .send()
            .await
            .unwrap();
        assert_eq!(impact.side, Some(Side::Buy));
    }
}

#[tokio::test]
async fn clock_moves_the_market() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = anonymous(&simulator);
    let before = client.get_bbo().market(MARKET).send().await.unwrap();
    simulator.advance(Duration::from_secs(3_600));
    let after = client.get_bbo().market(MARKET).send().await.unwrap();
    let moved = after.last_updated_at.unwrap() - before.last_updated_at.unwrap();
    assert!(moved >= 3_600_000, "{moved}");
    assert!(after.seq_no > before.seq_no);
}

#[tokio::test]
async fn refusals_have_the_codes_of_the_exchange() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    for (path, status, code) in [
        ("/v1/bbo/DOGE-USD-PERP", 400, "MARKET_NOT_FOUND"),
        ("/v1/markets?market=DOGE-USD-PERP", 404, "MARKET_NOT_FOUND"),
        (
            "/v1/orderbook/BTC-USD-PERP?depth=101",
            400,
            "INVALID_REQUEST_PARAMETER",
        ),
    ] {
        let (found, body) = raw(&simulator, "GET", path, "").await;
        assert_eq!((found, &body["error"]), (status, &json!(code)), "{path}");
    }
}

#[tokio::test]
async fn markets_can_be_chosen() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/markets.toml");
    let from_file = Simulator::builder()
        .strict()
        .market_file(path)
        .start()
        .await
        .unwrap();
    let specs = MarketSpec::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
    let given = Simulator::builder()
        .strict()
        .markets(specs)
        .start()
        .await
        .unwrap();
    let (one, other) = (anonymous(&from_file), anonymous(&given));
    let listed = one.list_markets().send().await.unwrap();
    assert_eq!(listed.body(), other.list_markets().send().await.unwrap().body());
    assert_eq!(listed.results.len(), 4);
    for market in &listed.results {
        let symbol = market.symbol.clone().unwrap();
        let bbo = one.get_bbo().market(&symbol).send().await.unwrap();
        assert!(bbo.bid < bbo.ask, "{bbo:?}");
        let funding = one.list_funding_data().market(&symbol).send().await.unwrap();
        assert_eq!(
            funding.results.is_empty(),
            market.asset_kind == Some(AssetKind::Spot)
        );
    }
    let summaries = one.list_market_summaries().market("ALL").send().await.unwrap();
    assert_eq!(summaries.results.len(), 4);
    let error = Simulator::builder()
        .strict()
        .market_file("/nowhere.toml")
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Markets(_)), "{error}");
    let error = Simulator::builder()
        .strict()
        .markets([])
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("give at least one"), "{error}");
    let error = Simulator::builder()
        .strict()
        .speed(-1.0)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("speed -1 is invalid"), "{error}");
}
