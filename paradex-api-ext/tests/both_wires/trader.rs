//! Places, changes and cancels orders of an account, and checks what it is told.

use std::time::Duration;

use futures_util::future::join_all;
use paradex_api::types::{Order, OrderInstruction, OrderType};
use paradex_api_ext::Error;
use paradex_api_ext::error::PlaceOrderError;
use paradex_api_ext::orders::{CancelScope, ChangeResolution, NewOrder, OrderSide, OrderWindow, Resolution};
use paradex_api_ext::simulator::Simulator;
use rust_decimal::Decimal;

use crate::MARKET;
use crate::chance::{Counts, give_up};
use crate::ledger::{Ledger, Terms, is_closed};
use crate::random::Random;
use crate::wire::{Desk, client};
use crate::words::{not_placed_word, unknown_word, word};

/// How long an order may be on its way.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// An order that rests in the book, as far as is known.
#[derive(Debug, Clone)]
struct Resting {
    client_id: String,
    id: String,
    side: OrderSide,
    is_limit: bool,
}

/// A change whose outcome is not known.
#[derive(Debug)]
struct UnknownChange {
    order: Resting,
    change: NewOrder,
    terms: Terms,
    window: OrderWindow,
}

/// One of the programs that trade for an account.
pub(crate) struct Trader {
    pub(crate) exchange: Simulator,
    pub(crate) name: String,
    pub(crate) desk: Desk,
    pub(crate) ledger: Ledger,
    pub(crate) random: Random,
    pub(crate) counts: Counts,
    /// Whether it may cancel everything and halt, so that others find their orders cancelled.
    pub(crate) sweeps: bool,
    pub(crate) placed: u64,
    resting: Vec<Resting>,
    unknown: Vec<(String, OrderWindow)>,
    unknown_changes: Vec<UnknownChange>,
}

impl Trader {
    pub(crate) fn new(
        exchange: &Simulator,
        name: String,
        desk: Desk,
        ledger: &Ledger,
        random: Random,
        counts: &Counts,
        sweeps: bool,
    ) -> Self {
        Self {
            exchange: exchange.clone(),
            name,
            desk,
            ledger: ledger.clone(),
            random,
            counts: counts.clone(),
            sweeps,
            placed: 0,
            resting: Vec::new(),
            unknown: Vec::new(),
            unknown_changes: Vec::new(),
        }
    }

    pub(crate) async fn run(mut self, orders: u64) -> Self {
        while self.placed < orders {
            self.desk.keep_time(&self.counts).await;
            let pause = Duration::from_millis(self.random.below(1_000));
            tokio::time::sleep(pause).await;
            match self.random.below(100) {
                0..44 => self.place().await,
                44..50 => self.place_several().await,
                50..58 => self.place_batch().await,
                58..66 => self.modify().await,
                66..80 => self.cancel().await,
                80..88 => self.cancel_batch().await,
                88..90 if self.sweeps => self.cancel_all().await,
                90..94 if !self.unknown.is_empty() => {
                    let at = self.random.below(self.unknown.len() as u64) as usize;
                    self.resolve(at).await;
                }
                94..96 => self.restart().await,
                96 if self.sweeps => self.halt().await,
                _ => drop(
                    self.desk
                        .client
                        .orders()
                        .open()
                        .await
                        .map_err(|error| word(&error)),
                ),
            }
        }
        self
    }

    fn count(&self, kind: &str, outcome: &str) {
        self.counts
            .add(format!("{kind} ({}): {outcome}", self.desk.name()));
    }

    /// An order with a client id that no other has, and what it will be in the book.
    fn order(&mut self) -> (NewOrder, String, Terms) {
        self.placed += 1;
        let client_id = format!("{}-{}", self.name, self.placed);
        let side = match self.random.below(2) {
            0 => OrderSide::Buy,
            _ => OrderSide::Sell,
        };
        let terms @ (size, price) = self.terms();
        let order = match self.random.below(20) {
            0..3 => {
                let order = NewOrder::market(MARKET, side, size);
                return self.with_id(order, client_id, (size, None));
            }
            number => {
                let order = NewOrder::limit(MARKET, side, size, price.unwrap());
                match number {
                    3 => order.instruction(OrderInstruction::Ioc),
                    4 => order.instruction(OrderInstruction::PostOnly),
                    _ => order,
                }
            }
        };
        self.with_id(order, client_id, terms)
    }

    fn with_id(&self, order: NewOrder, client_id: String, terms: Terms) -> (NewOrder, String, Terms) {
        let order = order.client_id(&client_id).good_for(GOOD_FOR);
        self.ledger.begin(&client_id, terms);
        (order, client_id, terms)
    }

    fn terms(&mut self) -> Terms {
        let size = Decimal::from(1 + self.random.below(5));
        (size, Some(Decimal::from(95 + self.random.below(11))))
    }

    async fn place(&mut self) {
        let (order, client_id, _) = self.order();
        let patience = self.random.patience();
        let outcome = give_up(self.desk.client.orders().place(order), patience).await;
        self.note(client_id, outcome).await;
    }

    /// Places orders at the same time.
    async fn place_several(&mut self) {
        let several: Vec<_> = (0..3).map(|_| self.order()).collect();
        let orders = self.desk.client.orders();
        let calls = several.into_iter().map(|(order, client_id, _)| {
            let (orders, patience) = (orders.clone(), self.random.patience());
            async move { (client_id, give_up(orders.place(order), patience).await) }
        });
        let calls: Vec<_> = calls.collect();
        for (client_id, outcome) in join_all(calls).await {
            self.note(client_id, outcome).await;
        }
    }

    /// Notes what became of an order; `None` if the call was dropped.
    async fn note(&mut self, client_id: String, outcome: Option<Result<Order, PlaceOrderError>>) {
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => return self.count("order", "dropped"),
        };
        match outcome {
            Ok(order) => {
                self.count("order", "ok");
                self.note_placed(client_id, order);
            }
            Err(error) => self.note_failure("order", &[client_id], &error).await,
        }
    }

    fn note_placed(&mut self, client_id: String, order: Order) {
        let id = order.id.expect("an order that was placed has an id");
        self.ledger.placed(&self.exchange, &client_id, &id);
        self.resting.push(Resting {
            client_id,
            id,
            side: order.side.unwrap(),
            is_limit: order.type_ == Some(OrderType::Limit),
        });
    }

    async fn note_failure(&mut self, kind: &str, client_ids: &[String], error: &PlaceOrderError) {
        if error.is_not_placed() {
            let word = not_placed_word(error);
            self.count(kind, &word);
            for client_id in client_ids {
                self.ledger.not_placed(&self.exchange, client_id, &word);
            }
            self.wait(&word).await;
        } else {
            let word = unknown_word(error);
            self.count(kind, &word);
            let window = error.window().expect("an order that may be there has a window");
            let unknown = client_ids.iter().map(|client_id| (client_id.clone(), window));
            self.unknown.extend(unknown);
            // What arrives late is not there yet.
            if self.random.percent(30) {
                self.resolve(self.unknown.len() - 1).await;
            }
        }
    }

    /// Waits when nothing is sent anyway.
    async fn wait(&self, word: &str) {
        if word.contains("authentication") || word.contains("socket") || word.contains("armed") {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn place_batch(&mut self) {
        let batch: Vec<_> = (0..3).map(|_| self.order()).collect();
        let client_ids: Vec<String> = batch.iter().map(|(_, client_id, _)| client_id.clone()).collect();
        let orders = batch.into_iter().map(|(order, ..)| order).collect();
        let patience = self.random.patience();
        let outcome = give_up(self.desk.client.orders().place_batch(orders), patience).await;
        match outcome {
            None => self.count("batch", "dropped"),
            Some(Ok(response)) => {
                self.count("batch", "ok");
                let mut left = client_ids;
                for order in response.orders {
                    let client_id = order.client_id.clone().unwrap();
                    left.retain(|other| *other != client_id);
                    self.note_placed(client_id, order);
                }
                for client_id in left {
                    self.ledger
                        .not_placed(&self.exchange, &client_id, "an error of a batch");
                }
            }
            Some(Err(error)) => self.note_failure("batch", &client_ids, &error).await,
        }
    }

    /// Takes one of the newest orders.
    fn take(&mut self, is_limit: bool) -> Option<Resting> {
        let newest = self.resting.len().saturating_sub(20);
        let fits = |order: &Resting| order.is_limit || !is_limit;
        let found: Vec<usize> = (newest..self.resting.len())
            .filter(|at| fits(&self.resting[*at]))
            .collect();
        let at = *self.random.pick(&found)?;
        Some(self.resting.remove(at))
    }

    async fn modify(&mut self) {
        let Some(order) = self.take(true) else { return };
        let terms @ (size, price) = self.terms();
        let change = NewOrder::limit(MARKET, order.side.clone(), size, price.unwrap()).good_for(GOOD_FOR);
        // From here on it can happen at any time.
        self.ledger
            .change(&order.client_id, |entry| entry.other_terms.push(terms));
        let patience = self.random.patience();
        let outcome = give_up(
            self.desk.client.orders().modify(&order.id, change.clone()),
            patience,
        )
        .await;
        match outcome {
            None => self.count("modify", "dropped"),
            Some(Ok(changed)) if is_rejected(&changed) => {
                self.count("modify", "rejected");
                self.ledger.change(&order.client_id, |entry| {
                    entry.other_terms.pop();
                });
                self.resting.push(order);
            }
            Some(Ok(changed)) => {
                self.count("modify", "ok");
                self.ledger.change(&order.client_id, |entry| {
                    (entry.terms, entry.other_terms) = (terms, Vec::new());
                });
                let found = self.ledger.find(&self.exchange, &order.client_id).unwrap();
                assert_eq!(
                    (found.size, found.price),
                    terms,
                    "{changed:?} was said to be made of {found:?}"
                );
                self.resting.push(order);
            }
            Some(Err(error)) if error.is_not_placed() => {
                let word = not_placed_word(&error);
                self.count("modify", &word);
                self.ledger.change(&order.client_id, |entry| {
                    entry.other_terms.pop();
                });
                self.resting.push(order);
                self.wait(&word).await;
            }
            Some(Err(error)) => {
                self.count("modify", &unknown_word(&error));
                let window = error.window().expect("a change that may be made has a window");
                // It must not be changed again before that is known.
                self.unknown_changes.push(UnknownChange {
                    order,
                    change,
                    terms,
                    window,
                });
            }
        }
    }

    async fn cancel(&mut self) {
        let Some(order) = self.take(false) else { return };
        let was_cancelled = self.begin_cancel(&order);
        let orders = self.desk.client.orders();
        let by_client_id = self.random.percent(30);
        let patience = self.random.patience();
        let outcome = match by_client_id {
            true => give_up(orders.cancel_by_client_id(&order.client_id), patience).await,
            false => give_up(orders.cancel(&order.id), patience).await,
        };
        let found = self.ledger.find(&self.exchange, &order.client_id).unwrap();
        match outcome {
            None => self.count("cancel", "dropped"),
            Some(Ok(())) => {
                self.count("cancel", "ok");
                assert!(is_closed(&found), "{found:?} was said to be cancelled");
            }
            Some(Err(error)) => {
                let word = word(&error);
                self.count("cancel", &word);
                let is_unknown = error.is_outcome_unknown();
                let says_closed = error
                    .code()
                    .is_some_and(|code| code.as_str() == "ORDER_IS_CLOSED");
                assert!(
                    !says_closed || is_closed(&found),
                    "{found:?} was said to be closed"
                );
                if !is_unknown && !says_closed {
                    self.end_cancel(&order, was_cancelled);
                }
                self.resting.push(order);
                self.wait(&word).await;
            }
        }
    }

    /// From here on an order can be cancelled. Returns whether it could before.
    fn begin_cancel(&self, order: &Resting) -> bool {
        let mut before = false;
        self.ledger.change(&order.client_id, |entry| {
            before = std::mem::replace(&mut entry.is_cancelled, true);
        });
        before
    }

    /// A cancel was said to have done nothing, and will not do anything.
    fn end_cancel(&self, order: &Resting, was_cancelled: bool) {
        self.ledger
            .change(&order.client_id, |entry| entry.is_cancelled = was_cancelled);
    }

    async fn cancel_batch(&mut self) {
        let several: Vec<Resting> = (0..4).filter_map(|_| self.take(false)).collect();
        if several.is_empty() {
            return;
        }
        let before: Vec<bool> = several.iter().map(|order| self.begin_cancel(order)).collect();
        let ids = several.iter().map(|order| order.id.clone()).collect();
        let patience = self.random.patience();
        let outcome = give_up(self.desk.client.orders().cancel_batch(ids), patience).await;
        match outcome {
            None => self.count("cancel batch", "dropped"),
            Some(Ok(response)) => {
                self.count("cancel batch", "ok");
                assert_eq!(response.results.len(), several.len());
                for (order, result) in several.iter().zip(&response.results) {
                    let status = result.status.as_ref().map(|status| status.as_str());
                    let closes = matches!(status, Some("QUEUED_FOR_CANCELLATION" | "ALREADY_CLOSED"));
                    assert!(closes, "{result:?}");
                    let found = self.ledger.find(&self.exchange, &order.client_id).unwrap();
                    assert!(is_closed(&found), "{found:?} was said to be cancelled");
                }
            }
            Some(Err(error)) => {
                let word = word(&error);
                self.count("cancel batch", &word);
                if !error.is_outcome_unknown() {
                    for (order, before) in several.iter().zip(before) {
                        self.end_cancel(order, before);
                    }
                }
                self.resting.extend(several);
                self.wait(&word).await;
            }
        }
    }

    async fn cancel_all(&mut self) {
        let scope = match self.random.below(2) {
            0 => CancelScope::AllMarkets,
            _ => CancelScope::Market(MARKET.to_owned()),
        };
        self.ledger.sweep();
        let before = self.open_ids();
        let patience = self.random.patience();
        let outcome: Option<Result<(), Error>> =
            give_up(self.desk.client.orders().cancel_all(scope), patience).await;
        match outcome {
            None => self.count("cancel all", "dropped"),
            Some(Ok(())) => {
                self.count("cancel all", "ok");
                let still: Vec<String> = self.open_ids();
                let still = still.into_iter().find(|id| before.contains(id));
                assert_eq!(still, None, "everything was said to be cancelled");
            }
            Some(Err(error)) => {
                let word = word(&error);
                self.count("cancel all", &word);
                self.wait(&word).await;
            }
        }
    }

    fn open_ids(&self) -> Vec<String> {
        let orders = self.exchange.orders(&self.ledger.account).into_iter();
        orders
            .filter(|order| !is_closed(order))
            .map(|order| order.id)
            .collect()
    }

    /// Asks for an order whose outcome is not known.
    async fn resolve(&mut self, at: usize) {
        let (client_id, window) = self.unknown.remove(at);
        if !self.settle(&client_id, window).await {
            self.unknown.push((client_id, window));
        }
    }

    /// Returns whether the outcome of an order is known now.
    async fn settle(&mut self, client_id: &str, window: OrderWindow) -> bool {
        match self.desk.client.orders().resolve(client_id, window).await {
            Resolution::Found(order) => {
                self.counts.add("resolve: found");
                self.note_placed(client_id.to_owned(), *order);
                true
            }
            Resolution::NotPlaced => {
                self.counts.add("resolve: not placed");
                self.ledger.not_placed(&self.exchange, client_id, "resolve");
                true
            }
            Resolution::Pending { .. } => {
                self.counts.add("resolve: pending");
                false
            }
            Resolution::StillUnknown(error) => {
                self.counts.add(format!("resolve: {}", word(&error)));
                false
            }
            other => panic!("{other:?}"),
        }
    }

    /// The program ends, with calls of its own on their way, and begins again.
    async fn restart(&mut self) {
        let several: Vec<_> = (0..2).map(|_| self.order()).collect();
        for (order, ..) in several {
            let polls = 1 + self.random.below(8);
            let orders = self.desk.client.orders();
            let outcome = give_up(orders.place(order), Some(polls)).await;
            self.count(
                "last order",
                if outcome.is_some() {
                    "an outcome"
                } else {
                    "dropped"
                },
            );
        }
        let base = client(&self.exchange, &self.ledger.account);
        let wire = self.desk.wire;
        if let Some(socket) = &self.desk.socket
            && self.random.percent(50)
        {
            socket.close();
        }
        self.counts.add("restart");
        self.desk = Desk::connect(base, wire, &self.counts).await;
    }

    /// Halts, checks what that says, and goes on.
    async fn halt(&mut self) {
        self.ledger.sweep();
        let before = self.open_ids();
        let report = self.desk.client.halt().await;
        if report.is_clear() {
            self.counts.add("halt of one client: clear");
            // Others may have placed orders meanwhile.
            let still = self.open_ids().into_iter().find(|id| before.contains(id));
            assert_eq!(still, None, "{report}");
        } else {
            self.counts.add("halt of one client: not clear");
        }
        let (order, client_id, _) = self.order();
        let refused = self.desk.client.orders().place(order).await;
        let refused = refused.expect_err("orders are halted");
        // It closes the socket too, and there may be no session.
        let word = not_placed_word(&refused);
        assert!(word.starts_with("not placed"), "{word}");
        self.ledger.not_placed(&self.exchange, &client_id, "halted");
        self.desk.client.resume();
    }

    /// Finds out about everything that is not known. No fault is left, and every window is over.
    pub(crate) async fn settle_all(&mut self) {
        self.desk.client = client(&self.exchange, &self.ledger.account);
        self.desk.client.group().measure_clock().await.unwrap();
        for (client_id, window) in std::mem::take(&mut self.unknown) {
            let is_known = self.settle(&client_id, window).await;
            assert!(is_known, "{client_id} is never resolved");
        }
        for unknown in std::mem::take(&mut self.unknown_changes) {
            self.settle_change(unknown).await;
        }
    }

    async fn settle_change(&mut self, unknown: UnknownChange) {
        let UnknownChange {
            order,
            change,
            terms,
            window,
        } = unknown;
        let orders = self.desk.client.orders();
        let resolution = orders.resolve_change(&order.id, &change, window).await;
        let found = self.ledger.find(&self.exchange, &order.client_id).unwrap();
        let is_made = (found.size, found.price) == terms;
        match resolution {
            ChangeResolution::Made(_) => {
                self.counts.add("resolve change: made");
                assert!(is_made, "{found:?} was said to have {terms:?}");
            }
            ChangeResolution::NotInForce(_) => {
                self.counts.add("resolve change: not in force");
                assert!(!is_made, "{found:?} was said not to have {terms:?}");
            }
            // A change has the window of the exchange, which is longer than the run.
            ChangeResolution::Pending { .. } => {
                self.counts.add("resolve change: pending");
                assert!(!is_made && !is_closed(&found), "{found:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Whether the exchange took a change, and left the order as it was.
fn is_rejected(order: &Order) -> bool {
    let info = order.request_info.as_ref();
    info.and_then(|info| info.status.as_deref()) == Some("REJECTED")
}
