//! An exchange that logs the truth: orders of one account, their fills, and the events of both.

use std::collections::BTreeMap;
use std::time::SystemTime;
use tokio::time::Instant;

use paradex_api::Decimal;
use paradex_api::types::{Fill, Order, OrderStatus, Position, RequestInfo};
use paradex_api::wire::Wire;

use super::super::engine::{Engine, Listing, Reading};
use super::super::fills::{Fills, Verified};
use super::super::update::AccountUpdate;
use crate::stream::private::{PrivateEvent, Ready};

pub(super) const START: i64 = 1_700_000_000_000;

pub(super) fn engine() -> Engine {
    Engine::new(Fills::new(Verified::from_time(START), []), Vec::new(), 1_000)
}

pub(super) fn ready(connection: u64) -> Ready {
    Ready {
        connection,
        node_id: None,
        schema_version: 2,
        cancel_on_disconnect: false,
        since: SystemTime::UNIX_EPOCH,
        refused: Vec::new(),
    }
}

pub(super) fn order(id: &str, status: OrderStatus, size: i64, remaining: i64, at: i64) -> Order {
    let mut order = Order::blank();
    order.id = Some(id.to_owned());
    order.market = Some("BTC-USD-PERP".to_owned());
    order.status = Some(status);
    order.size = Some(Decimal::from(size));
    order.remaining_size = Some(Decimal::from(remaining));
    order.price = Some(Decimal::ONE_HUNDRED);
    order.created_at = Some(START);
    order.last_updated_at = Some(at);
    order
}

pub(super) fn fill(id: &str, order_id: &str, at: i64) -> Fill {
    let mut fill = Fill::blank();
    fill.id = Some(id.to_owned());
    fill.order_id = Some(order_id.to_owned());
    fill.size = Some(Decimal::ONE);
    fill.created_at = Some(at);
    fill
}

pub(super) fn position(market: &str, size: i64, at: i64) -> Position {
    let mut position = Position::blank();
    position.market = Some(market.to_owned());
    position.size = Some(Decimal::from(size));
    position.last_updated_at = Some(at);
    position
}

pub(super) fn request_info(id: &str, status: &str) -> RequestInfo {
    let mut info = RequestInfo::blank();
    info.id = Some(id.to_owned());
    info.request_type = Some("MODIFY_ORDER".to_owned());
    info.status = Some(status.to_owned());
    info
}

pub(super) fn order_event(order: &Order) -> PrivateEvent {
    PrivateEvent::Order(Box::new(order.clone()))
}

pub(super) fn fill_event(fill: &Fill) -> PrivateEvent {
    PrivateEvent::Fill(Box::new(fill.clone()))
}

/// What happens at the exchange. An order is named by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Place(u8),
    /// One unit of it is filled.
    Fill(u8),
    Cancel(u8),
    /// Its size grows or shrinks by one.
    Grow(u8),
    Shrink(u8),
}

/// The truth, after each event.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    /// Each event with the state of the orders after it.
    pub(super) log: Vec<PrivateEvent>,
    states: Vec<BTreeMap<String, Order>>,
    pub(super) fills: Vec<(usize, Fill)>,
    /// Whether each action has a millisecond of its own.
    ticks: bool,
    /// The size of the position after each fill, if positions are part of the history. Orders with even numbers buy.
    positions: Option<Vec<(usize, Position)>>,
    seq: i64,
}

impl Exchange {
    pub(super) fn new(ticks: bool) -> Self {
        Self {
            log: Vec::new(),
            states: vec![BTreeMap::new()],
            fills: Vec::new(),
            ticks,
            positions: None,
            seq: 0,
        }
    }

    pub(super) fn with_positions() -> Self {
        Self {
            positions: Some(Vec::new()),
            ..Self::new(true)
        }
    }

    pub(super) fn len(&self) -> usize {
        self.log.len()
    }

    fn now(&self) -> &BTreeMap<String, Order> {
        self.states.last().expect("it begins with one")
    }

    /// Does an action, if it is possible.
    pub(super) fn act(&mut self, action: Action) {
        let mut state = self.now().clone();
        let at = START + 1 + if self.ticks { self.len() as i64 } else { 0 };
        let (Action::Place(n) | Action::Fill(n) | Action::Cancel(n) | Action::Grow(n) | Action::Shrink(n)) =
            action;
        let id = format!("o{n}");
        self.seq += 3;
        let seq = self.seq;
        if let Action::Place(_) = action {
            let mut placed = order(&id, OrderStatus::Open, 3, 3, at);
            placed.seq_no = Some(seq);
            if state.insert(id, placed.clone()).is_some() {
                return;
            }
            self.push(order_event(&placed), state);
            return;
        }
        let Some(known) = state
            .get_mut(&id)
            .filter(|order| order.status == Some(OrderStatus::Open))
        else {
            return;
        };
        known.last_updated_at = Some(at);
        known.seq_no = Some(seq);
        let (size, left) = (
            known.size.expect("it has one"),
            known.remaining_size.expect("it has one"),
        );
        match action {
            Action::Fill(_) => known.remaining_size = Some(left - Decimal::ONE),
            Action::Cancel(_) => known.status = Some(OrderStatus::Closed),
            Action::Grow(_) => {
                known.size = Some(size + Decimal::ONE);
                known.remaining_size = Some(left + Decimal::ONE);
            }
            Action::Shrink(_) if left > Decimal::ONE => {
                known.size = Some(size - Decimal::ONE);
                known.remaining_size = Some(left - Decimal::ONE);
            }
            Action::Shrink(_) | Action::Place(_) => return,
        }
        if known.remaining_size == Some(Decimal::ZERO) {
            known.status = Some(OrderStatus::Closed);
        }
        let event = order_event(known);
        if action == Action::Fill(n) {
            let filled = fill(&format!("f{}", self.fills.len()), &id, at);
            // The fill is in the lists of REST from the moment of its event.
            let before = self.now().clone();
            self.push(fill_event(&filled), before);
            self.fills.push((self.len(), filled));
            self.fill_position(n, at);
        }
        self.push(event, state);
    }

    fn fill_position(&mut self, order: u8, at: i64) {
        let before = self.now().clone();
        let listed = self.len() + 1;
        let Some(positions) = &mut self.positions else {
            return;
        };
        let size = positions.last().and_then(|(_, position)| position.size);
        let size = size.unwrap_or(Decimal::ZERO);
        let mut next = position("BTC-USD-PERP", 0, at);
        next.size = Some(match order % 2 {
            0 => size + Decimal::ONE,
            _ => size - Decimal::ONE,
        });
        positions.push((listed, next.clone()));
        self.push(PrivateEvent::Position(Box::new(next)), before);
    }

    /// The list of positions, which has open ones only.
    fn positions_at(&self, at: usize) -> Vec<Position> {
        let positions = self.positions.iter().flatten();
        let last = positions.take_while(|(listed, _)| *listed <= at).last();
        let open = last.filter(|(_, position)| position.size != Some(Decimal::ZERO));
        open.map(|(_, position)| position.clone()).into_iter().collect()
    }

    fn push(&mut self, event: PrivateEvent, state: BTreeMap<String, Order>) {
        self.log.push(event);
        self.states.push(state);
    }

    fn state(&self, at: usize) -> &BTreeMap<String, Order> {
        &self.states[at]
    }

    pub(super) fn open_at(&self, at: usize) -> Vec<Order> {
        let open = self.state(at).values();
        open.filter(|order| order.status == Some(OrderStatus::Open))
            .cloned()
            .collect()
    }

    pub(super) fn fills_at(&self, at: usize, reading: Reading) -> Vec<Fill> {
        let fills = self.fills.iter().filter(|(listed, _)| *listed <= at);
        fills
            .map(|(_, fill)| fill.clone())
            .filter(|fill| fill.created_at >= Some(reading.fills_since))
            .collect()
    }

    /// The lists of REST, each as of another moment.
    pub(super) fn listing(&self, orders: usize, fills: usize, reading: Reading) -> Listing {
        Listing {
            orders: self.open_at(orders),
            fills: self.fills_at(fills, reading),
            positions: self.positions_at(fills),
            summary: None,
        }
    }

    pub(super) fn order_at(&self, id: &str, at: usize) -> Option<Order> {
        self.state(at).get(id).cloned()
    }
}

/// The reader of the stream, who applies what it is given and checks that it makes sense.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) open: BTreeMap<String, Order>,
    position: Option<Decimal>,
    closed: Vec<String>,
    pub(super) fills: Vec<String>,
    is_lost: bool,
    has_begun: bool,
}

impl Reader {
    pub(super) fn read(&mut self, updates: Vec<AccountUpdate>) {
        for update in updates {
            match update {
                AccountUpdate::Order(order) => {
                    assert!(
                        self.has_begun && !self.is_lost,
                        "nothing is yielded while the account is not known"
                    );
                    self.order(*order);
                }
                AccountUpdate::Fill(fill) => {
                    assert!(self.has_begun && !self.is_lost);
                    self.fill(fill.id.expect("it has one"));
                }
                AccountUpdate::Position(position) => {
                    self.position = position.size.filter(|size| *size != Decimal::ZERO);
                }
                AccountUpdate::Lost(_) => {
                    assert!(!self.is_lost, "one word for one loss");
                    self.is_lost = true;
                }
                AccountUpdate::Reconciled(found) => {
                    assert!(!self.has_begun || self.is_lost);
                    (self.has_begun, self.is_lost) = (true, false);
                    found
                        .closed_meanwhile
                        .iter()
                        .cloned()
                        .for_each(|order| self.order(order));
                    let ids = found.fills_found.iter().filter_map(|fill| fill.id.clone());
                    ids.for_each(|id| self.fill(id));
                    self.position = found.positions.first().and_then(|position| position.size);
                    let unresolved = &found.unresolved.orders;
                    for id in self.open.keys() {
                        let is_named = found
                            .orders
                            .iter()
                            .chain(unresolved)
                            .any(|order| order.id.as_ref() == Some(id));
                        assert!(is_named, "{id} vanished: {found:?}");
                    }
                    self.open = found
                        .orders
                        .into_iter()
                        .map(|order| (order.id.clone().expect("it has one"), order))
                        .collect();
                    for id in &self.closed {
                        assert!(!self.open.contains_key(id), "{id} was closed and is open");
                    }
                }
                _ => {}
            }
        }
    }

    fn fill(&mut self, id: String) {
        assert!(!self.fills.contains(&id), "{id} came twice");
        self.fills.push(id);
    }

    fn order(&mut self, order: Order) {
        let id = order.id.clone().expect("it has one");
        assert!(!self.closed.contains(&id), "{id} was closed: {order:?}");
        if let Some(known) = self.open.get(&id) {
            let grows = order.remaining_size > known.remaining_size && order.size <= known.size;
            assert!(!grows, "the remaining size grew from {known:?} to {order:?}");
        }
        match order.status == Some(OrderStatus::Closed) {
            true => {
                self.open.remove(&id);
                self.closed.push(id);
            }
            false => {
                self.open.insert(id, order);
            }
        }
    }
}

type Values = (Option<String>, Option<Decimal>, Option<Decimal>, Option<Decimal>);

fn values(orders: impl IntoIterator<Item = Order>) -> Vec<Values> {
    let values = orders
        .into_iter()
        .map(|order| (order.id, order.size, order.remaining_size, order.price));
    values.collect()
}

/// The engine and its reader have the final state of the exchange.
pub(super) fn assert_equal(exchange: &Exchange, engine: &Engine, reader: &Reader) {
    let truth = values(exchange.open_at(exchange.len()));
    assert!(engine.is_complete());
    assert_eq!(values(engine.open_orders()), truth, "the engine");
    assert_eq!(values(reader.open.values().cloned()), truth, "the reader");
    let sizes = |positions: Vec<Position>| positions.first().and_then(|position| position.size);
    let position = sizes(exchange.positions_at(exchange.len()));
    assert_eq!(sizes(engine.positions()), position, "the engine");
    assert_eq!(reader.position, position, "the reader");
    assert!(engine.unresolved().is_empty());
    let mut fills = reader.fills.clone();
    fills.sort();
    let mut true_fills: Vec<String> = exchange
        .fills
        .iter()
        .filter_map(|(_, fill)| fill.id.clone())
        .collect();
    true_fills.sort();
    assert_eq!(fills, true_fills);
}

/// Reads the account from an exchange that is not behind.
pub(super) fn reconcile(exchange: &Exchange, engine: &mut Engine, reader: &mut Reader) {
    let (now, last) = (Instant::now(), exchange.len());
    let reading = engine.begin_reading().expect("there is a connection");
    let missing = engine
        .merge(reading, exchange.listing(last, last, reading), now)
        .expect("nothing was lost");
    for order in missing {
        let id = order.id.expect("it has one");
        engine.resolve(&id, exchange.order_at(&id, last), now);
    }
    let mut updates = Vec::new();
    assert!(engine.finish(reading, now, &mut updates));
    reader.read(updates);
}
