//! `paradex watch`.

use std::sync::{Arc, Mutex};

use paradex_api_ext::simulator::SimulatorBuilder;
use paradex_api_ext::stream::LossCause;

use super::*;
use crate::args::Command;
use crate::watch::{Lines, Output, Seen, Table, Watch, run_to as watch_to};

const BTC: &str = "BTC-USD-PERP";

fn watch(line: &str) -> Watch {
    let words = ["paradex", "watch"].into_iter().chain(line.split_whitespace());
    match Args::try_parse_from(words).unwrap().command {
        Command::Watch(watch) => watch,
        other => panic!("{other:?}"),
    }
}

/// A simulator whose markets stand still, except for what a test does.
async fn still() -> Simulator {
    Simulator::builder().speed(0.0).start().await.unwrap()
}

fn client(exchange: &Simulator) -> Client {
    let environment = Environment::custom(exchange.url()).unwrap();
    Client::builder(environment).build().unwrap()
}

/// Runs a command that ends by itself, and returns the lines that it printed.
async fn lines(exchange: &Simulator, line: &str) -> Vec<Value> {
    let mut out = Vec::new();
    let watched = watch_to(&watch(line), &client(exchange), &mut Lines::new(&mut out), std::future::pending());
    let exit = tokio::time::timeout(Duration::from_secs(20), watched).await.unwrap();
    assert_eq!(exit.unwrap(), Exit::Done);
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
