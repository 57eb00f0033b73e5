//! The client against the simulator, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod allowlists;
mod audit;
mod blocking;
mod building;
mod failures;
mod halting;
mod limits;
mod metrics;
mod orders;
mod outcomes;
mod pages;
mod retries;
mod runtime;
mod secrets;
mod sessions;
mod subkeys;
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "rustls")]
mod tls;
mod tokens;
mod trading;

use std::net::IpAddr;

use paradex_api::Secret;
use paradex_api_ext::net::{Cidr, IpAllowlist};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::{CreatedToken, NewToken};
use paradex_api_ext::{Client, ClientBuilder, Credentials, Environment, RetryPolicy};

use support::{HOUR, bearer, count, environment, list, main_key, start_trading, trader};

/// A running exchange and the main account's client.
async fn start() -> (Simulator, Client) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    (exchange, client)
}

fn builder(exchange: &Simulator, token: Secret) -> ClientBuilder {
    // One attempt, so that a test sees what it injected; `retries.rs` is about the others.
    Client::builder(environment(exchange))
        .credentials(bearer(exchange, &token))
        .retry(RetryPolicy::none())
}

fn main_client(exchange: &Simulator) -> Client {
    builder(exchange, exchange.main_session()).build().unwrap()
}

/// A client of the simulator with this credential.
fn client_with(exchange: &Simulator, credentials: impl FnOnce(Environment) -> Credentials) -> Client {
    let environment = environment(exchange);
    Client::builder(environment.clone())
        .credentials(credentials(environment))
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

/// A client that the simulator takes to call from this address.
fn client_from(exchange: &Simulator, token: &Secret, address: &str) -> Client {
    let address: IpAddr = address.parse().unwrap();
    builder(exchange, Secret::new(token.expose()))
        .http_client_builder(exchange.http_from(address))
        .build()
        .unwrap()
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

async fn create(client: &Client, name: &str, allowlist: IpAllowlist) -> CreatedToken {
    let token = NewToken::new(name, "api_key", HOUR, allowlist).unwrap();
    client.tokens().create(token).await.unwrap()
}

/// The bodies that arrived for one operation.
fn bodies(exchange: &Simulator, id: &str) -> Vec<String> {
    exchange
        .requests()
        .iter()
        .filter(|request| request.operation().is_some_and(|operation| operation.id == id))
        .map(|request| String::from_utf8(request.body().to_vec()).unwrap())
        .collect()
}

/// An error's text and those of all its causes.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
