//! Tests a bot: it quotes, is filled, and closes its position although a response is lost.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;

use paradex_api_ext::Client;
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderFlag, OrderInstruction, OrderSide, Resolution};
use paradex_api_ext::paradex_api::Decimal;
use paradex_api_ext::paradex_api::operations::CREATE_ORDER;
use paradex_api_ext::paradex_api::types::Position;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};

const MARKET: &str = "BTC-USD-PERP";
const SIZE: Decimal = Decimal::ONE;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    let bot = exchange.client()?;

    println!("1. The test offers 29900 and 30100. The bot quotes between them.");
    move_market(&exchange, "29900", "30100")?;
    for (side, price) in [(OrderSide::Buy, "29950"), (OrderSide::Sell, "30050")] {
        let quote =
            NewOrder::limit(MARKET, side, SIZE, price.parse()?).instruction(OrderInstruction::PostOnly);
        bot.orders().place(quote).await?;
    }

    println!("2. The market falls, and fills the bid of the bot.");
    move_market(&exchange, "29800", "29950")?;
    show(&position(&bot).await?);

    println!(
        "3. The market rises. The bot cancels its quotes and closes the position; the response is lost."
    );
    move_market(&exchange, "30000", "30200")?;
    bot.orders().cancel_all(CancelScope::AllMarkets).await?;
    exchange.inject(Injection::new(Fault::reset_after()).on(&CREATE_ORDER));
    close(&bot, "close-1").await?;

    let position = position(&bot).await?;
    show(&position);
    let profit = position.realized_positional_pnl.ok_or("there is no profit")?;
    println!("   profit before fees: {profit} USDC");
    Ok(())
}

/// Closes the position. If the response is lost, finds out whether the order was placed, instead of placing it again.
async fn close(bot: &Client, client_id: &str) -> Result<(), Box<dyn Error>> {
    let order = NewOrder::market(MARKET, OrderSide::Sell, SIZE).flag(OrderFlag::ReduceOnly);
    let Err(error) = bot.orders().place(order.client_id(client_id)).await else {
        return Ok(());
    };
    println!("   {error}");
    let window = error.window().ok_or("the order was not placed")?;
    match bot.orders().resolve(client_id, window).await {
        Resolution::Found(order) => println!("   it was placed: {}", order.id.unwrap_or_default()),
        other => return Err(format!("it is not known to be placed: {other:?}").into()),
    }
    Ok(())
}

fn move_market(exchange: &Simulator, bid: &str, ask: &str) -> Result<(), Box<dyn Error>> {
    Ok(exchange.set_quotes(MARKET, &[(bid.parse()?, SIZE)], &[(ask.parse()?, SIZE)])?)
}

async fn position(bot: &Client) -> Result<Position, Box<dyn Error>> {
    let positions = bot.api().list_positions().send().await?.into_inner().results;
    Ok(positions.into_iter().next().ok_or("there is no position")?)
}

fn show(position: &Position) {
    println!("   position: {}", position.size.unwrap_or_default());
}
