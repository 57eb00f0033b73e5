//! Halts accounts whose programs have just placed orders, and have perhaps ended since.

use std::time::Duration;

use paradex_api_ext::order_socket::{CancelOnDisconnect, WhenDown};
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::simulator::Simulator;
use tokio::task::JoinSet;

use crate::MARKET;
use crate::chance::{Counts, give_up};
use crate::ledger::{Ledger, is_closed};
use crate::random::Random;
use crate::wire::{Desk, Wire, client};
use crate::words::{not_placed_word, unknown_word};

/// Halts one account after another.
pub(crate) struct Halter {
    pub(crate) exchange: Simulator,
    pub(crate) name: String,
    pub(crate) random: Random,
    pub(crate) counts: Counts,
    /// Accounts of which a halt said that nothing is open and nothing is on its way, and all others.
    pub(crate) cleared: Vec<Ledger>,
    pub(crate) others: Vec<Ledger>,
}

impl Halter {
    pub(crate) async fn run(mut self, halts: u64) -> Self {
        for number in 0..halts {
            self.halt(number).await;
        }
        self
    }

    fn wire(&mut self) -> Wire {
        let armed = match self.random.below(2) {
            0 => CancelOnDisconnect::Armed,
            _ => CancelOnDisconnect::NotArmed,
        };
        match self.random.below(5) {
            0 => Wire::Http,
            1 | 2 => Wire::Socket(armed, WhenDown::Refuse),
            _ => Wire::Socket(armed, WhenDown::UseHttp),
        }
    }

    /// Places orders, drops the calls and the client on the way or afterwards, and halts what is left of them.
    async fn halt(&mut self, number: u64) {
        let account = self.exchange.add_account();
        let ledger = Ledger::new(account.clone());
        ledger.sweep();
        let wire = self.wire();
        let desk = Desk::connect(client(&self.exchange, &account), wire, &self.counts).await;
        let name = desk.name();
        let group = desk.group();
        // Another client of the account.
        let credentials = desk.client.credentials().filter(|_| self.random.percent(70));
        let other = credentials.map(|credentials| group.client(credentials).unwrap());
        let mut calls = JoinSet::new();
        for order in 0..1 + self.random.below(4) {
            let client_id = format!("{}-{number}-{order}", self.name);
            let terms = (2.into(), Some(90.into()));
            ledger.begin(&client_id, terms);
            let order = NewOrder::limit(MARKET, OrderSide::Buy, 2.into(), 90.into())
                .client_id(&client_id)
                .good_for(Duration::from_secs(1 + self.random.below(6)));
            let (orders, ledger, exchange) = (desk.client.orders(), ledger.clone(), self.exchange.clone());
            let patience = match self.random.percent(25) {
                true => Some(1 + self.random.below(12)),
                false => None,
            };
            calls.spawn(async move {
                match give_up(orders.place(order), patience).await {
                    None => "dropped".to_owned(),
                    Some(Ok(order)) => {
                        ledger.placed(&exchange, &client_id, &order.id.unwrap());
                        "ok".to_owned()
                    }
                    Some(Err(error)) if error.is_not_placed() => {
                        let word = not_placed_word(&error);
                        ledger.not_placed(&exchange, &client_id, &word);
                        word
                    }
                    Some(Err(error)) => unknown_word(&error),
                }
            });
        }
        // Nothing may have been sent yet, or everything may have a response.
        for _ in 0..self.random.below(60) {
            tokio::task::yield_now().await;
        }
        if self.random.percent(50) {
            if self.random.percent(30) {
                calls.detach_all();
            }
            drop(desk);
        }
        let report = group.halt().await;
        let clear = if report.is_clear() { "clear" } else { "not clear" };
        self.counts.add(format!("halt ({name}): {clear}"));
        if report.is_clear() {
            check_cleared(&self.exchange, &ledger);
            self.cleared.push(ledger);
        } else {
            self.others.push(ledger);
        }
        while let Some(outcome) = calls.join_next().await {
            let outcome = outcome.unwrap();
            self.counts
                .add(format!("order before a halt ({name}): {outcome}"));
        }
        drop(other);
    }
}

/// Checks that nothing is open.
pub(crate) fn check_cleared(exchange: &Simulator, ledger: &Ledger) {
    let orders = exchange.orders(&ledger.account);
    let open = orders.iter().find(|order| !is_closed(order));
    assert_eq!(open, None, "a halt called {} clear", ledger.account);
}
