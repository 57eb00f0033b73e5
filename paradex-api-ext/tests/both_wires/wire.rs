//! A client with one of the wires, as a program has it that starts and ends.

use std::time::Duration;

use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::order_socket::{CancelOnDisconnect, OrderSocket, WhenDown};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Client, ClientGroup, Credentials, Environment, RetryPolicy};

use crate::DEADLINE;
use crate::chance::Counts;
use crate::words::word;

/// How the orders of a client travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Http,
    Socket(CancelOnDisconnect, WhenDown),
}

impl Wire {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Socket(CancelOnDisconnect::Armed, WhenDown::Refuse) => "armed",
            Self::Socket(CancelOnDisconnect::Armed, WhenDown::UseHttp) => "armed or http",
            Self::Socket(CancelOnDisconnect::NotArmed, WhenDown::Refuse) => "not armed",
            Self::Socket(CancelOnDisconnect::NotArmed, WhenDown::UseHttp) => "not armed or http",
        }
    }
}

pub(crate) fn credentials(exchange: &Simulator, account: &str) -> Credentials {
    let environment = Environment::custom(exchange.url()).unwrap();
    let key = exchange.account_key(account).unwrap();
    Credentials::starknet(environment, key, account.parse().unwrap())
}

/// A client in a group of its own, as in a process of its own.
pub(crate) fn client(exchange: &Simulator, account: &str) -> Client {
    Client::builder(Environment::custom(exchange.url()).unwrap())
        .credentials(credentials(exchange, account))
        .rate_limits(RateLimits::none())
        .timeout(DEADLINE)
        .retry(RetryPolicy::new().initial_backoff(Duration::from_millis(2)))
        .build()
        .unwrap()
}

/// A client whose orders travel over a wire.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) wire: Wire,
    pub(crate) client: Client,
    pub(crate) socket: Option<OrderSocket>,
    measured: tokio::time::Instant,
}

impl Desk {
    /// Connects. If that fails again and again, orders go by HTTP for now.
    pub(crate) async fn connect(base: Client, wire: Wire, counts: &Counts) -> Self {
        let mut desk = Self {
            wire,
            client: base.clone(),
            socket: None,
            measured: tokio::time::Instant::now(),
        };
        let Wire::Socket(cancel, when_down) = wire else {
            return desk;
        };
        for _ in 0..10 {
            let builder = base.order_socket(cancel).when_down(when_down);
            match builder.connect().await {
                Ok(socket) => {
                    counts.add("connect: ok");
                    desk.client = socket.client();
                    desk.socket = Some(socket);
                    break;
                }
                Err(error) => {
                    crate::words::shows_no_secret(&error);
                    counts.add("connect: failed");
                }
            }
        }
        desk
    }

    pub(crate) fn group(&self) -> ClientGroup {
        self.client.group().clone()
    }

    /// The name of the wire that orders of this client travel on.
    pub(crate) fn name(&self) -> &'static str {
        match &self.socket {
            Some(_) => self.wire.name(),
            None => Wire::Http.name(),
        }
    }

    /// Measures the clock, which the run moves.
    pub(crate) async fn keep_time(&mut self, counts: &Counts) {
        if self.measured.elapsed() > Duration::from_secs(5) {
            match self.client.group().measure_clock().await {
                Ok(_) => self.measured = tokio::time::Instant::now(),
                Err(error) => counts.add(format!("clock: {}", word(&error))),
            }
        }
    }
}
