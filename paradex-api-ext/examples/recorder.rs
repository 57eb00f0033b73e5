//! Records trades in a CSV file, in which a row says where trades may be missing.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::UNIX_EPOCH;

use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::stream::{Feed, Trade, Update};

/// Writes a row for the next update, and returns what it is.
async fn record(trades: &mut Feed<Trade>, file: &mut impl Write) -> Result<&'static str, Box<dyn Error>> {
    let Some(update) = trades.next().await else {
        return Err(trades.error().map_or("closed".into(), ToString::to_string).into());
    };
    Ok(match update {
        Update::Item(trade) => {
            let at = trade.at.duration_since(UNIX_EPOCH)?.as_micros();
            let (market, id, side) = (trade.market, trade.id.unwrap_or_default(), trade.side);
            writeln!(
                file,
                "trade,{at},{market},{id},{side},{},{}",
                trade.price, trade.size
            )?;
            "trade"
        }
        Update::Lost(lost) => {
            let since = lost.since().duration_since(UNIX_EPOCH)?.as_micros();
            writeln!(file, "lost,{since},,,,,{}", lost.cause().as_str())?;
            "lost"
        }
        _ => "live",
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("1. Subscribe to the trades of a market.");
    let exchange = Simulator::start().await?;
    exchange.set_quotes("BTC-USD-PERP", &[], &[("30010".parse()?, "100".parse()?)])?;
    let client = exchange.client()?;
    let mut trades = client.stream().trades("BTC-USD-PERP");
    let path = std::env::temp_dir().join(format!("paradex-trades-{}.csv", std::process::id()));
    let mut file = BufWriter::new(File::create(&path)?);
    writeln!(file, "row,micros,market,id,side,price,size_or_cause")?;
    while record(&mut trades, &mut file).await? != "live" {}

    println!("2. Trade ten times. The connection breaks at the sixth trade, and the feed connects again.");
    exchange.inject(
        Injection::new(Fault::close_socket(1001))
            .on_channel("trades")
            .skip(5)
            .times(1),
    );
    for trade in 1..=10 {
        let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?);
        client.orders().place(order).await?;
        let until = if trade == 6 { "live" } else { "trade" };
        while record(&mut trades, &mut file).await? != until {}
    }
    file.flush()?;

    let written = std::fs::read_to_string(&path)?;
    std::fs::remove_file(&path)?;
    let rows = |kind| written.lines().filter(|line| line.starts_with(kind)).count();
    println!(
        "   rows: {} of trades, {} of losses",
        rows("trade,"),
        rows("lost,")
    );
    Ok(())
}
