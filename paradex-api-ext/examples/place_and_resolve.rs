//! Places two orders whose responses are lost, finds out which of them was placed, and changes and cancels them.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::time::Duration;

use paradex_api_ext::orders::{NewOrder, OrderSide, Resolution};
use paradex_api_ext::paradex_api::operations::CREATE_ORDER;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    let client = exchange.client()?;
    let orders = client.orders();
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);

    println!("1. The exchange places the order, and the connection breaks before the response.");
    exchange.inject(Injection::new(Fault::reset_after()).on(&CREATE_ORDER));
    match orders.place(order.clone().client_id("desk-1")).await {
        Err(error) if error.is_outcome_unknown() => {
            println!("   {error}");
            // The window says when the order was signed, and how long the exchange accepts it.
            let window = error.window().ok_or("there is no window")?;
            show(orders.resolve("desk-1", window).await)?;
        }
        other => return Err(format!("the response was not lost: {other:?}").into()),
    }

    println!("2. The connection breaks before the exchange gets the order.");
    exchange.inject(Injection::new(Fault::reset_before()).on(&CREATE_ORDER));
    let Err(error) = orders.place(order.clone().client_id("desk-2")).await else {
        return Err("the response was not lost".into());
    };
    // Without a window, it is certain that the order was not placed.
    let Some(window) = error.window() else {
        return Err(error.into());
    };
    // As long as the exchange would accept the order, `resolve` can only say that it may still be placed.
    show(orders.resolve("desk-2", window).await)?;

    println!("3. A minute later it can no longer be placed. Place it again.");
    exchange.advance(Duration::from_secs(60));
    // The client follows the clock of the exchange, so it must measure it again.
    client.group().measure_clock().await?;
    show(orders.resolve("desk-2", window).await)?;
    let placed = orders.place(order.client_id("desk-2")).await?;
    let id = placed.id.ok_or("the order has no id")?;

    println!("4. Change the price of that order, and then cancel it.");
    let change = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29000".parse()?);
    let changed = orders.modify(&id, change).await?;
    println!("   price: {}", changed.price.ok_or("the order has no price")?);
    orders.cancel(&id).await?;
    println!("   open orders: {}", orders.open().await?.orders.len());
    Ok(())
}

fn show(resolution: Resolution) -> Result<(), Box<dyn Error>> {
    match resolution {
        Resolution::Found(order) => println!("   it was placed: {}", order.id.unwrap_or_default()),
        Resolution::NotPlaced => println!("   it was not placed, and it is safe to place it again"),
        Resolution::Pending { .. } => println!("   it may still be placed: ask again later"),
        Resolution::StillUnknown(error) => return Err(error.into()),
        other => return Err(format!("{other:?}").into()),
    }
    Ok(())
}
