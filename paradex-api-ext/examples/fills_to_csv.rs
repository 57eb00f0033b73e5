//! Writes all fills of a month to a CSV file.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::Simulator;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "1. Trade once a day for 40 days. The simulator's clock is set back, so that they pass in a moment."
    );
    let exchange = Simulator::builder()
        .session_lifetime(50 * DAY)
        // The client signs with the real time, which is up to 40 days ahead.
        .clock_tolerance(50 * DAY)
        .start()
        .await?;
    exchange.rewind(40 * DAY);
    let client = exchange.client()?;
    let size = "100".parse()?;
    exchange.set_quotes("BTC-USD-PERP", &[], &[("30010".parse()?, size)])?;
    for day in 1..=40 {
        exchange.advance(DAY);
        let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?);
        let order = order.client_id(format!("day {day}, \"small\""));
        client.orders().place(order).await?;
    }

    println!("2. Write the fills. The next page is requested when it is needed.");
    let path = std::env::temp_dir().join(format!("paradex-fills-{}.csv", std::process::id()));
    let mut file = BufWriter::new(File::create(&path)?);
    writeln!(file, "created_at,id,market,client_id,side,price,size,fee")?;
    let time = client.api().get_system_time().send().await?.into_inner();
    let end: i64 = time.server_time.ok_or("there is no time")?.parse()?;
    let start = end - 30 * i64::try_from(DAY.as_millis())?;
    // The range is over, so no new fill can move the pages while they are read.
    let fills = client.api().list_fills().start_at(start).end_at(end).page_size(7);
    let (mut fills, mut rows) = (fills.items(), 0);
    while let Some(fill) = fills.next().await {
        let fill = fill?;
        let side = fill.side.map(|side| side.to_string());
        let texts = [fill.id, fill.market, fill.client_id, side];
        let numbers = [fill.price, fill.size, fill.fee].map(|number| Some(number?.to_string()));
        let time = fill.created_at.map(|time| time.to_string());
        let columns = [time].into_iter().chain(texts).chain(numbers);
        let columns: Vec<String> = columns.map(quoted).collect();
        writeln!(file, "{}", columns.join(","))?;
        rows += 1;
    }
    file.flush()?;

    let written = std::fs::read_to_string(&path)?;
    println!("   newest: {}", written.lines().nth(1).unwrap_or_default());
    std::fs::remove_file(&path)?;
    println!("   fills in the month: {rows}");
    Ok(())
}

/// Quotes a column if it needs quotes (RFC 4180).
fn quoted(column: Option<String>) -> String {
    let column = column.unwrap_or_default();
    if column.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", column.replace('"', "\"\""));
    }
    column
}
