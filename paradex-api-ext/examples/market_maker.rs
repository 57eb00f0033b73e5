//! Makes a market: it quotes around the middle of the book, is killed, and comes back without losing a fill or an order.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::collections::HashSet;
use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use paradex_api_ext::Client;
use paradex_api_ext::order_socket::{CancelOnDisconnect, OrderSocket};
use paradex_api_ext::orders::{NewOrder, OrderInstruction, OrderSide, Resolution};
use paradex_api_ext::paradex_api::types::Fill;
use paradex_api_ext::paradex_api::{Decimal, serde_json};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::stream::{AccountStream, AccountUpdate, BookUpdate};

const MARKET: &str = "BTC-USD-PERP";
const SIZE: Decimal = Decimal::ONE;
/// The client ids of its quotes begin with this.
const OWN: &str = "mm-";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let exchange = Simulator::start().await?;
    let client = exchange.client()?;
    let cursor = std::env::temp_dir().join(format!("market-maker-{}.json", std::process::id()));
    // What the market maker keeps in a database: the fills that it has booked.
    let mut booked = HashSet::new();

    println!("1. The market maker starts, and quotes around the middle of the book.");
    move_market(&exchange, "29900", "30100")?;
    let mut maker = Maker::start(&client, &cursor, &mut booked).await?;
    maker.quote("1", &[OrderSide::Buy, OrderSide::Sell]).await?;

    println!("2. The market falls, and fills its bid. It places another one.");
    move_market(&exchange, "29800", "29950")?;
    maker.run_until(&mut booked, 1).await?;
    maker.quote("2", &[OrderSide::Buy]).await?;

    println!("3. The market rises and fills its ask, and the market maker is killed before it notices.");
    // This order was placed by HTTP, so cancel on disconnect does not cover it.
    let by_http = NewOrder::limit(MARKET, OrderSide::Buy, SIZE, "29000".parse()?);
    client.orders().place(by_http.client_id("mm-by-http")).await?;
    move_market(&exchange, "30050", "30200")?;
    drop(maker);

    println!("4. It comes back, and quotes again.");
    move_market(&exchange, "30000", "30200")?;
    let maker = Maker::start(&client, &cursor, &mut booked).await?;
    maker.quote("3", &[OrderSide::Buy, OrderSide::Sell]).await?;

    let (fills, open) = (booked.len(), client.orders().open().await?.orders.len());
    println!("   fills: {fills}, each booked once; open orders: {open}");
    std::fs::remove_file(&cursor)?;
    Ok(())
}

struct Maker {
    account: AccountStream,
    /// Its orders go over a WebSocket, and the exchange cancels them when the WebSocket ends.
    socket: OrderSocket,
    client: Client,
    cursor: PathBuf,
}

impl Maker {
    /// Finds out what happened since the cursor was stored, and cleans up.
    async fn start(client: &Client, cursor: &Path, booked: &mut HashSet<String>) -> Result<Self> {
        let mut builder = client.account_stream();
        match std::fs::read(cursor) {
            Ok(stored) => builder = builder.cursor(serde_json::from_slice(&stored)?),
            // It is the first start. After any other error it must not begin anew, because it would miss fills.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let mut maker = Self {
            account: builder.start(),
            socket: client.order_socket(CancelOnDisconnect::Armed).connect().await?,
            client: client.clone(),
            cursor: cursor.to_owned(),
        };
        let found = loop {
            match maker.next().await? {
                AccountUpdate::Reconciled(found) => break found,
                update => println!("   {update:?}"),
            }
        };
        println!("   {found}");
        for fill in &found.fills_found {
            book(fill, booked)?;
        }
        maker.store_cursor()?;
        // The orders of its former life are cancelled, and those of others are left alone. An unresolved order may be open.
        for order in found.orders.iter().chain(&found.unresolved.orders) {
            if let (Some(id), Some(client_id)) = (&order.id, &order.client_id)
                && client_id.starts_with(OWN)
            {
                println!("   cancels `{client_id}`");
                // The exchange may just have done that.
                if let Err(error) = maker.socket.client().orders().cancel(id).await {
                    println!("   {error}");
                }
            }
        }
        // The exchange is asked again for unresolved orders.
        while maker.account.unresolved().is_none_or(|orders| !orders.is_empty()) {
            maker.handle_next(booked).await?;
        }
        Ok(maker)
    }

    /// Places orders of these sides around the middle of the book.
    async fn quote(&self, round: &str, sides: &[OrderSide]) -> Result<()> {
        let mut feed = self.client.stream().book(MARKET);
        while !matches!(feed.next().await, Some(BookUpdate::Live(_)) | None) {}
        let (bid, ask) = feed.view().ok_or("the book is not known")?.best();
        let (bid, ask) = bid.zip(ask).ok_or("one side of the book is empty")?;
        let middle = ((bid.price + ask.price) / Decimal::TWO).round();
        let distance = Decimal::from(50);
        for side in sides {
            let price = match side {
                OrderSide::Buy => middle - distance,
                _ => middle + distance,
            };
            let client_id = format!("{OWN}{round}-{side}");
            println!("   {side} at {price}");
            let order = NewOrder::limit(MARKET, side.clone(), SIZE, price)
                .instruction(OrderInstruction::PostOnly)
                .client_id(&client_id);
            self.place(order, &client_id).await?;
        }
        Ok(())
    }

    /// Places an order. If the connection ends before the response, finds out whether the order was placed.
    async fn place(&self, order: NewOrder, client_id: &str) -> Result<()> {
        let orders = self.socket.client().orders();
        let Err(error) = orders.place(order).await else {
            return Ok(());
        };
        let Some(window) = error.window() else {
            return Err(error.into());
        };
        match orders.resolve(client_id, window).await {
            Resolution::Found(_) => Ok(()),
            other => Err(format!("`{client_id}` is not known to be placed: {other:?}").into()),
        }
    }

    /// Books fills until there are so many.
    async fn run_until(&mut self, booked: &mut HashSet<String>, fills: usize) -> Result<()> {
        while booked.len() < fills {
            self.handle_next(booked).await?;
        }
        Ok(())
    }

    /// Books the fills of the next update, and then stores how far it has come.
    async fn handle_next(&mut self, booked: &mut HashSet<String>) -> Result<()> {
        match self.next().await? {
            AccountUpdate::Fill(fill) => book(&fill, booked)?,
            AccountUpdate::Reconciled(found) => {
                for fill in &found.fills_found {
                    book(fill, booked)?;
                }
            }
            // Its orders are not known until the next `Reconciled`, so a real one would not quote.
            AccountUpdate::Lost(lost) => println!("   lost: {lost}"),
            _ => {}
        }
        self.store_cursor()
    }

    async fn next(&mut self) -> Result<AccountUpdate> {
        match self.account.next().await {
            Some(update) => Ok(update),
            None => Err(self
                .account
                .error()
                .map_or("closed".into(), ToString::to_string)
                .into()),
        }
    }

    /// Stores how far it has come, after what came before was handled.
    fn store_cursor(&self) -> Result<()> {
        if let Some(cursor) = self.account.cursor() {
            // The file has the old cursor or the new one, also after a crash.
            let new = self.cursor.with_extension("new");
            std::fs::write(&new, serde_json::to_vec(&cursor)?)?;
            std::fs::rename(&new, &self.cursor)?;
        }
        Ok(())
    }
}

fn book(fill: &Fill, booked: &mut HashSet<String>) -> Result<()> {
    let id = fill.id.clone().ok_or("the fill has no id")?;
    // After a crash between booking a fill and storing the cursor, the fill comes again.
    if booked.insert(id) {
        println!(
            "   filled: {} at {}",
            fill.client_id.as_deref().unwrap_or_default(),
            fill.price.unwrap_or_default()
        );
    }
    Ok(())
}

fn move_market(exchange: &Simulator, bid: &str, ask: &str) -> Result<()> {
    Ok(exchange.set_quotes(MARKET, &[(bid.parse()?, SIZE)], &[(ask.parse()?, SIZE)])?)
}
