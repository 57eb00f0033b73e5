//! What happens to accounts, for their channels of the WebSocket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::views::View;
use super::{Trading, trade_id};
use crate::simulator::engine::{
    AccountId, CancelReason, Command, Event, Fill, MarketId, Order, OrderId, OrderUpdate, Status,
};
use crate::simulator::orders::order_json;
use crate::simulator::state::{mixed, seed_of};
use crate::simulator::stream::EventKind;

/// Something that happened to an account, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Change {
    /// The command that caused it. The changes of a command happen at once.
    pub(in crate::simulator) command: u64,
    /// The address of the account.
    pub(in crate::simulator) account: Arc<str>,
    pub(in crate::simulator) kind: EventKind,
    /// The market, or an empty text.
    pub(in crate::simulator) market: Arc<str>,
    /// The sequence number, or 0 if the channel has none.
    pub(in crate::simulator) seq: i64,
    /// In nanoseconds since the Unix epoch.
    pub(in crate::simulator) created_at: i64,
    /// In nanoseconds since the Unix epoch.
    pub(in crate::simulator) updated_at: i64,
    /// The id of the trade, of a fill.
    pub(in crate::simulator) trade: Option<String>,
    /// The payload.
    pub(in crate::simulator) data: Arc<Value>,
    /// The payload as JSON.
    pub(in crate::simulator) text: Arc<str>,
}

/// The accounts whose changes are kept for the WebSocket.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Each with its last summary.
    accounts: BTreeMap<AccountId, Value>,
    changes: Vec<Change>,
    commands: u64,
    /// The last sequence number. REST has other ones.
    last_seq: i64,
    /// How many modifications there were.
    requests: u64,
    /// Whether later events of an order repeat how its last modification ended.
    repeats_requests: bool,
    /// How the last modification of an order ended.
    ended_requests: BTreeMap<OrderId, Value>,
}

impl Watch {
    pub(super) fn new(repeats_requests: bool) -> Self {
        Self {
            repeats_requests,
            ..Self::default()
        }
    }

    fn has(&self, account: AccountId) -> bool {
        self.accounts.contains_key(&account)
    }

    /// Returns the next sequence number: it grows like the time, and skips some.
    fn next_seq(&mut self, now: i64) -> i64 {
        let step = 1 + mixed(self.last_seq.cast_unsigned()) % 1_000;
        self.last_seq = self.last_seq.saturating_add_unsigned(step).max(now);
        self.last_seq
    }

    /// Numbers the changes of a command.
    fn number(&mut self, now: i64, mut changes: Vec<Change>) -> Vec<Change> {
        self.commands += 1;
        for change in &mut changes {
            change.command = self.commands;
            if let Some(fields) = Arc::get_mut(&mut change.data).and_then(Value::as_object_mut)
                && has_seq(change.kind)
            {
                change.seq = self.next_seq(now);
                fields.insert("seq_no".to_owned(), Value::from(change.seq));
            }
            change.text = change.data.to_string().into();
        }
        changes
    }
}

/// Returns whether events of a kind are numbered.
fn has_seq(kind: EventKind) -> bool {
    matches!(kind, EventKind::Order | EventKind::Position | EventKind::Account)
}

/// A modification of an order that is about to be tried.
pub(super) struct Modification {
    id: String,
    before: Order,
}

impl Modification {
    fn info(&self, status: &str, reason: Option<CancelReason>) -> Value {
        json!({
            "id": self.id,
            "message": reason.map_or("", CancelReason::as_str),
            "request_type": "MODIFY_ORDER",
            "status": status,
        })
    }
}

impl Trading {
    /// Sets the accounts whose changes are kept. Like accounts that have placed an order, they have real values from now on.
    pub(in crate::simulator) fn set_watched(&mut self, addresses: &BTreeSet<&str>) {
        let found = addresses.iter().filter_map(|address| self.account(address));
        let wanted: BTreeSet<AccountId> = found.collect();
        self.watch.accounts.retain(|account, _| wanted.contains(account));
        if wanted.is_empty() {
            self.watch.changes.clear();
        }
        for account in wanted {
            if !self.watch.has(account) {
                let summary = View::new(self, account).map(|view| view.summary());
                self.watch.accounts.insert(account, summary.unwrap_or_default());
                self.set_active(account);
            }
        }
    }

    /// Returns whether the changes of any account are kept.
    pub(in crate::simulator) fn is_watched(&self) -> bool {
        !self.watch.accounts.is_empty()
    }

    /// Returns whether there are changes to take.
    pub(super) fn has_changes(&self) -> bool {
        !self.watch.changes.is_empty()
    }

    /// Takes the changes of accounts since the last time.
    pub(in crate::simulator) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.watch.changes)
    }

    /// Adds a change that only its channel shows.
    pub(in crate::simulator) fn add_change(
        &mut self,
        address: &str,
        kind: EventKind,
        market: &str,
        data: Value,
        now: i64,
    ) {
        let change = Change {
            command: 0,
            account: address.into(),
            kind,
            market: market.into(),
            seq: data.get("seq_no").and_then(Value::as_i64).unwrap_or(0),
            created_at: now,
            updated_at: now,
            trade: None,
            text: data.to_string().into(),
            data: Arc::new(data),
        };
        self.watch.commands += 1;
        self.watch.changes.push(Change {
            command: self.watch.commands,
            ..change
        });
    }

    /// Returns the current state of an account, as its channel shows it.
    pub(in crate::simulator) fn current(&mut self, address: &str, kind: EventKind, now: i64) -> Vec<Change> {
        let view = self.account(address).and_then(|account| View::new(self, account));
        let Some(view) = view else { return Vec::new() };
        let changes = match kind {
            EventKind::Account => vec![self.summary_change(&view)],
            EventKind::Position => {
                let open = view.held().filter(|(_, position)| position.size.0 != 0);
                open.map(|(market, position)| {
                    let (created, updated) = (position.opened_at, position.updated_at);
                    self.change(
                        &view,
                        kind,
                        Some(market),
                        (created, updated),
                        view.position(market, position),
                    )
                })
                .collect()
            }
            _ => Vec::new(),
        };
        self.watch.number(now, changes)
    }

    /// Notes the state of an order that a command is to modify.
    pub(super) fn modification(&self, command: &Command) -> Option<Modification> {
        let Command::Modify { account, order, .. } = command else {
            return None;
        };
        let before = self.engine.order(*order).filter(|_| self.watch.has(*account))?;
        Some(Modification {
            id: mixed(seed_of(self.watch.requests, "request")).to_string(),
            before: before.clone(),
        })
    }

    /// Keeps what the last command changed in the accounts that are watched.
    pub(super) fn keep_changes(&mut self, now: i64, modification: Option<Modification>) {
        if !self.is_watched() {
            return;
        }
        let mut ended = BTreeMap::new();
        let mut changes = Vec::new();
        if let Some(modification) = &modification {
            changes.extend(self.order_change(&modification.before, Some(modification.info("PENDING", None))));
            self.watch.requests += 1;
        }
        let mut waits = modification.as_ref();
        let mut last_fill: Option<&Fill> = None;
        let mut touched = BTreeSet::new();
        for event in &self.events {
            match event {
                Event::Order(update) if self.watch.has(update.account) => {
                    touched.insert(update.account);
                    let modified = waits.take_if(|waits| waits.before.id == update.id);
                    let info = modified.map(|modified| modified.info("SUCCESS", None));
                    if let Some(info) = &info {
                        ended.insert(update.id, info.clone());
                    }
                    let repeated = || {
                        let ended = ended
                            .get(&update.id)
                            .or_else(|| self.watch.ended_requests.get(&update.id));
                        ended.filter(|_| self.watch.repeats_requests).cloned()
                    };
                    let order = self.engine.order(update.id).map(|order| as_of(order, update));
                    changes.extend(order.and_then(|order| self.order_change(&order, info.or_else(repeated))));
                }
                Event::ModifyRejected { order, reason } => {
                    if let Some(modified) = waits.take_if(|waits| waits.before.id == *order) {
                        let info = modified.info("REJECTED", Some(*reason));
                        ended.insert(*order, info.clone());
                        changes.extend(self.order_change(&modified.before, Some(info)));
                    }
                }
                Event::Fill(fill) if self.watch.has(fill.account) => {
                    touched.insert(fill.account);
                    last_fill = Some(fill);
                    changes.extend(self.fill_change(fill));
                }
                Event::Position {
                    account,
                    market,
                    position,
                    ..
                } => changes.extend(self.watched_view(*account).map(|view| {
                    let times = (position.opened_at, position.updated_at);
                    let data = view.position(*market, position);
                    self.change(&view, EventKind::Position, Some(*market), times, data)
                })),
                Event::Balance { account, balance, .. } => {
                    let fill = last_fill.filter(|fill| fill.account == *account);
                    let found = fill.zip(self.watched_view(*account));
                    changes.extend(found.map(|(fill, view)| {
                        let data = view.balance_event(fill, *balance);
                        self.change(
                            &view,
                            EventKind::Balance,
                            Some(fill.market),
                            (fill.at, fill.at),
                            data,
                        )
                    }));
                }
                Event::Funding(payment) => changes.extend(self.watched_view(payment.account).map(|view| {
                    let (market, times) = (Some(payment.market), (payment.at, payment.at));
                    self.change(
                        &view,
                        EventKind::FundingPayment,
                        market,
                        times,
                        view.payment(payment),
                    )
                })),
                Event::Prices { market } => touched.extend(self.exposed(*market)),
                _ => {}
            }
        }
        let mut summaries = Vec::new();
        for account in touched {
            let Some(view) = self.watched_view(account) else {
                continue;
            };
            let summary = self.summary_change(&view);
            if self.watch.accounts.get(&account) != Some(&*summary.data) {
                summaries.push((account, Value::clone(&summary.data)));
                changes.push(summary);
            }
        }
        self.watch.accounts.extend(summaries);
        let watch = &mut self.watch;
        if watch.repeats_requests {
            watch.ended_requests.extend(ended);
            for event in &self.events {
                if let Event::Order(update) = event
                    && update.status == Status::Closed
                {
                    watch.ended_requests.remove(&update.id);
                }
            }
        }
        let numbered = watch.number(now, changes);
        watch.changes.extend(numbered);
    }

    fn watched_view(&self, account: AccountId) -> Option<View<'_>> {
        View::new(self, account).filter(|_| self.watch.has(account))
    }

    /// Returns the accounts that are watched and have a position in a market.
    fn exposed(&self, market: MarketId) -> Vec<AccountId> {
        let watched = self.watch.accounts.keys().copied();
        let exposed = watched.filter(|account| {
            let account = self.engine.account(*account);
            account.is_some_and(|account| account.holding(market).position.size.0 != 0)
        });
        exposed.collect()
    }

    fn change(
        &self,
        view: &View<'_>,
        kind: EventKind,
        market: Option<MarketId>,
        (created_at, updated_at): (i64, i64),
        data: Value,
    ) -> Change {
        Change {
            command: 0,
            account: view.address().into(),
            kind,
            market: market.map_or("", |market| self.symbol(market)).into(),
            seq: 0,
            created_at,
            updated_at,
            trade: None,
            data: Arc::new(data),
            text: Arc::default(),
        }
    }

    fn summary_change(&self, view: &View<'_>) -> Change {
        let at = view.updated_at();
        self.change(view, EventKind::Account, None, (at, at), view.summary())
    }

    fn order_change(&self, order: &Order, request_info: Option<Value>) -> Option<Change> {
        let view = View::new(self, order.terms.account)?;
        let mut data = order_json(self, order);
        if let (Some(fields), Some(info)) = (data.as_object_mut(), request_info) {
            fields.insert("request_info".to_owned(), info);
        }
        let times = (order.created_at, order.updated_at);
        Some(self.change(&view, EventKind::Order, Some(order.terms.market), times, data))
    }

    fn fill_change(&self, fill: &Fill) -> Option<Change> {
        let view = View::new(self, fill.account)?;
        let market = Some(fill.market);
        let change = self.change(
            &view,
            EventKind::Fill,
            market,
            (fill.at, fill.at),
            view.fill(fill),
        );
        Some(Change {
            trade: Some(trade_id(fill.trade, fill.at)),
            ..change
        })
    }
}

/// Returns an order as it was after an update.
fn as_of(order: &Order, update: &OrderUpdate) -> Order {
    let mut order = order.clone();
    order.terms.size = update.size;
    order.status = update.status;
    order.reason = update.reason;
    order.execution = update.execution;
    order.updated_at = update.at;
    order
}
