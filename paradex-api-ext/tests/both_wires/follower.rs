//! Follows the stream of an account as a program does, and compares what it has with the simulator.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use paradex_api::types::{Fill, Order, OrderStatus};
use paradex_api_ext::Client;
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::{OrderSnapshot, Simulator};
use paradex_api_ext::stream::{AccountStream, AccountUpdate, Reconciliation, StreamError};
use rust_decimal::Decimal;
use tokio::sync::Notify;

use crate::chance::{Counts, give_up};
use crate::ledger::is_closed;
use crate::random::Random;

/// How a stream is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// How many updates may wait.
    pub(crate) queue: usize,
    pub(crate) compare_every: Duration,
    /// One update in so many is the last of a program, which then goes on from its cursor.
    pub(crate) restart_every: u64,
    /// One update in so many is read late.
    pub(crate) pause_every: u64,
}

/// What a program knows from the updates alone.
#[derive(Debug, Default)]
struct Known {
    /// The open orders by their ids; `None` after a loss.
    open: Option<BTreeMap<String, Order>>,
    closed: HashSet<String>,
    /// How often each fill was yielded.
    fills: HashMap<String, usize>,
    positions: BTreeMap<String, Decimal>,
}

pub(crate) struct Follower {
    exchange: Simulator,
    pub(crate) account: String,
    client: Client,
    reading: Reading,
    stream: AccountStream,
    known: Known,
    random: Random,
    counts: Counts,
}

impl Follower {
    /// Begins, and waits until the account was read.
    pub(crate) async fn start(
        exchange: &Simulator,
        (account, client): (&str, Client),
        reading: Reading,
        random: Random,
        counts: &Counts,
    ) -> Self {
        let mut follower = Self {
            exchange: exchange.clone(),
            account: account.to_owned(),
            stream: stream(&client, reading).start(),
            client,
            reading,
            known: Known::default(),
            random,
            counts: counts.clone(),
        };
        while follower.known.open.is_none() {
            let update = follower.stream.next().await.expect("the stream goes on");
            follower.note(update);
        }
        follower
    }

    /// Reads until it is told to stop.
    pub(crate) async fn run(mut self, stop: Arc<Notify>) -> Self {
        let mut stopped = Box::pin(stop.notified());
        loop {
            // A future that is dropped loses nothing.
            let patience = self.random.patience();
            let update = tokio::select! {
                biased;
                () = &mut stopped => return self,
                update = give_up(self.stream.next(), patience) => update,
            };
            let Some(update) = update else {
                tokio::task::yield_now().await;
                continue;
            };
            match update {
                Some(update) => self.note(update),
                None => self.begin_again(),
            }
            if self.random.below(self.reading.restart_every) == 0 {
                self.restart();
            }
            if self.random.below(self.reading.pause_every) == 0 {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
    }

    /// The program ends, and begins again with the cursor that it has stored as text.
    fn restart(&mut self) {
        let Some(cursor) = self.stream.cursor() else {
            return;
        };
        self.counts.add("stream: restarted");
        let text = serde_json::to_string(&cursor).unwrap();
        let cursor = serde_json::from_str(&text).unwrap();
        self.stream = stream(&self.client, self.reading).cursor(cursor).start();
        self.known.open = None;
    }

    /// Before its first connection, a redirect ends a stream.
    fn begin_again(&mut self) {
        let error = self.stream.error();
        assert!(matches!(error, Some(StreamError::Redirected { .. })), "{error:?}");
        self.counts.add("stream: ended by a redirect");
        self.restart();
    }

    fn note(&mut self, update: AccountUpdate) {
        let name = match update {
            AccountUpdate::Order(order) => {
                self.note_order(*order);
                "order"
            }
            AccountUpdate::Fill(fill) => {
                self.note_fill(&fill);
                "fill"
            }
            AccountUpdate::Position(position) => {
                let market = position.market.unwrap();
                self.known.positions.insert(market, position.size.unwrap());
                "position"
            }
            AccountUpdate::Modification(_) => "modification",
            AccountUpdate::Summary(_) => "summary",
            AccountUpdate::Balance(_) => "balance",
            AccountUpdate::Lost(lost) => {
                self.counts.add(format!("lost: {}", lost.cause().as_str()));
                self.known.open = None;
                return;
            }
            AccountUpdate::Reconciled(found) => {
                self.note_reconciled(*found);
                "reconciled"
            }
            other => panic!("{other:?}"),
        };
        self.counts.add(format!("stream: {name}"));
    }

    fn note_order(&mut self, order: Order) {
        let id = order.id.clone().unwrap();
        if order.status == Some(OrderStatus::Closed) {
            self.known.closed.insert(id.clone());
            if let Some(open) = &mut self.known.open {
                open.remove(&id);
            }
            return;
        }
        assert!(
            !self.known.closed.contains(&id),
            "{id} was closed, and is open: {order:?}"
        );
        if let Some(open) = &mut self.known.open {
            open.insert(id, order);
        }
    }

    fn note_fill(&mut self, fill: &Fill) {
        *self.known.fills.entry(fill.id.clone().unwrap()).or_default() += 1;
    }

    fn note_reconciled(&mut self, found: Reconciliation) {
        if !found.fills_found.is_empty() {
            self.counts.add("reconciled: fills found");
        }
        if !found.closed_meanwhile.is_empty() {
            self.counts.add("reconciled: orders closed meanwhile");
        }
        if !found.unresolved.is_empty() {
            self.counts.add("reconciled: not everything is known");
        }
        found.fills_found.iter().for_each(|fill| self.note_fill(fill));
        self.known.open = Some(BTreeMap::new());
        for order in found.closed_meanwhile.into_iter().chain(found.orders) {
            self.note_order(order);
        }
        let positions = found.positions.into_iter();
        let positions = positions.map(|position| (position.market.unwrap(), position.size.unwrap()));
        self.known.positions = positions.collect();
    }

    /// Reads what is left, until everything agrees with the simulator and goes on to agree.
    pub(crate) async fn settle(&mut self) {
        let mut agreed = 0;
        let mut difference = String::new();
        for _ in 0..600 {
            while let Some(update) = self.stream.next().now_or_never() {
                match update {
                    Some(update) => self.note(update),
                    None => self.begin_again(),
                }
            }
            match self.compare().await {
                Ok(()) if agreed == 10 => return,
                Ok(()) => agreed += 1,
                Err(found) => (agreed, difference) = (0, found),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("{} never agrees: {difference}", self.account);
    }

    /// Compares the updates and the state of the stream with the simulator.
    async fn compare(&self) -> Result<(), String> {
        let orders = self.exchange.orders(&self.account);
        let truth: BTreeMap<&str, &OrderSnapshot> = orders
            .iter()
            .filter(|order| !is_closed(order))
            .map(|order| (order.id.as_str(), order))
            .collect();
        let shown = self.stream.orders().ok_or("the stream knows no orders")?;
        let shown: BTreeMap<String, Order> = shown
            .into_iter()
            .map(|order| (order.id.clone().unwrap(), order))
            .collect();
        let folded = self.known.open.as_ref().ok_or("the updates say no orders")?;
        for (name, open) in [("the state", &shown), ("the updates", folded)] {
            let ids: Vec<&str> = open.keys().map(String::as_str).collect();
            let true_ids: Vec<&str> = truth.keys().copied().collect();
            if ids != true_ids {
                return Err(format!("{name}: open are {true_ids:?}, not {ids:?}"));
            }
            for (order, truth) in open.values().zip(truth.values()) {
                let is_same = order.size == Some(truth.size)
                    && order.remaining_size == Some(truth.size - truth.filled)
                    && order.price == truth.price;
                if !is_same {
                    return Err(format!("{name}: {truth:?}, not {order:?}"));
                }
            }
        }
        let unresolved = self.stream.unresolved().unwrap_or_default();
        if !unresolved.is_empty() {
            return Err(format!("unresolved: {unresolved:?}"));
        }
        let api = self.client.api();
        let fills = api.list_fills().page_size(1_000).all(1_000_000).await;
        let fills = fills.map_err(|error| error.to_string())?.into_items();
        let mut known = self.known.fills.clone();
        for fill in &fills {
            let id = fill.id.as_ref().unwrap();
            match known.remove(id) {
                Some(1) => {}
                Some(times) => panic!("{id} was yielded {times} times"),
                None => return Err(format!("the fill {id} is missing")),
            }
        }
        assert!(known.is_empty(), "there are no such fills: {known:?}");
        let positions = api
            .list_positions()
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let positions = positions.into_inner().results.into_iter();
        let truth: BTreeMap<String, Decimal> = positions
            .map(|position| (position.market.unwrap(), position.size.unwrap()))
            .filter(|(_, size)| !size.is_zero())
            .collect();
        let shown = self.stream.positions().ok_or("the stream knows no positions")?;
        let shown = shown
            .into_iter()
            .map(|position| (position.market.unwrap(), position.size.unwrap()));
        for (name, known) in [
            ("the state", shown.collect::<BTreeMap<_, _>>()),
            ("the updates", self.known.positions.clone()),
        ] {
            let known: BTreeMap<_, _> = known.into_iter().filter(|(_, size)| !size.is_zero()).collect();
            if known != truth {
                return Err(format!("{name}: positions are {truth:?}, not {known:?}"));
            }
        }
        Ok(())
    }
}

fn stream(client: &Client, reading: Reading) -> paradex_api_ext::stream::AccountStreamBuilder {
    client
        .account_stream()
        .compare_every(reading.compare_every)
        .queue(reading.queue)
}
