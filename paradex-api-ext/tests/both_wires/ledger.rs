//! What was said of each order, to compare with the orders that the simulator has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use paradex_api::types::OrderStatus;
use paradex_api_ext::simulator::{OrderSnapshot, Simulator};
use rust_decimal::Decimal;

/// What is known of an order that was to be placed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    Placed,
    Perhaps,
    Not,
}

/// Size and price.
pub(crate) type Terms = (Decimal, Option<Decimal>);

/// An order that was to be placed.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) claim: Claim,
    /// The id that the exchange gave it, if that is known.
    pub(crate) id: Option<String>,
    /// What it has if nothing else was said.
    pub(crate) terms: Terms,
    /// What it can have besides, because the outcome of a change is not known.
    pub(crate) other_terms: Vec<Terms>,
    /// Whether a request to cancel it was sent, or may have been.
    pub(crate) is_cancelled: bool,
}

/// All orders of an account, by their client ids.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) account: String,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Debug, Default)]
struct Entries {
    by_client_id: HashMap<String, Entry>,
    /// Whether a request to cancel everything is, or may be, on its way.
    is_sweeping: bool,
}

impl Ledger {
    pub(crate) fn new(account: String) -> Self {
        Self {
            account,
            entries: Arc::default(),
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap()
    }

    /// An order is about to be placed.
    pub(crate) fn begin(&self, client_id: &str, terms: Terms) {
        let mut entries = self.entries();
        let entry = Entry {
            claim: Claim::Perhaps,
            id: None,
            terms,
            other_terms: Vec::new(),
            is_cancelled: false,
        };
        let before = entries.by_client_id.insert(client_id.to_owned(), entry);
        assert!(before.is_none(), "{client_id} is new");
    }

    pub(crate) fn change(&self, client_id: &str, change: impl FnOnce(&mut Entry)) {
        change(self.entries().by_client_id.get_mut(client_id).unwrap());
    }

    /// The client said that the order was placed, with this id.
    pub(crate) fn placed(&self, exchange: &Simulator, client_id: &str, id: &str) {
        let order = self.find(exchange, client_id);
        let order = order.unwrap_or_else(|| panic!("{client_id} was said to be placed, and is not there"));
        assert_eq!(order.id, id);
        self.change(client_id, |entry| {
            (entry.claim, entry.id) = (Claim::Placed, Some(id.to_owned()));
        });
    }

    /// The client said that the order was not placed, and will not be.
    pub(crate) fn not_placed(&self, exchange: &Simulator, client_id: &str, why: &str) {
        let order = self.find(exchange, client_id);
        assert!(
            order.is_none(),
            "{client_id} was said not to be placed ({why}): {order:?}"
        );
        self.change(client_id, |entry| entry.claim = Claim::Not);
    }

    /// Everything is cancelled now, or may be at any time from now on.
    pub(crate) fn sweep(&self) {
        self.entries().is_sweeping = true;
    }

    /// Returns the order with this client id, of which there is at most one.
    pub(crate) fn find(&self, exchange: &Simulator, client_id: &str) -> Option<OrderSnapshot> {
        let orders = exchange.orders(&self.account).into_iter();
        let mut found = orders.filter(|order| order.client_id.as_deref() == Some(client_id));
        let first = found.next();
        let second = found.next();
        assert_eq!(second, None, "{client_id} was placed twice");
        first
    }

    /// Compares everything that was said with the orders that there are. Returns how many there are.
    pub(crate) fn check(&self, exchange: &Simulator) -> usize {
        let mut found: HashMap<String, OrderSnapshot> = HashMap::new();
        let orders = exchange.orders(&self.account);
        let count = orders.len();
        for order in orders {
            let client_id = order.client_id.clone().expect("every order has a client id");
            let second = found.insert(client_id, order);
            assert_eq!(second, None, "it was placed twice");
        }
        let entries = self.entries();
        for (client_id, entry) in &entries.by_client_id {
            let order = found.remove(client_id);
            match (entry.claim, &order) {
                (Claim::Placed, Some(order)) => assert_eq!(entry.id.as_ref(), Some(&order.id)),
                (Claim::Not, None) | (Claim::Perhaps, _) => {}
                _ => panic!("{client_id}: {entry:?}, and there is {order:?}"),
            }
            let Some(order) = order else { continue };
            let terms = (order.size, order.price);
            assert!(
                terms == entry.terms || entry.other_terms.contains(&terms),
                "{client_id}: {entry:?}, and there is {order:?}"
            );
            if order.cancel_reason == Some("USER_CANCELED") {
                assert!(
                    entry.is_cancelled || entries.is_sweeping,
                    "nobody cancelled {client_id}: {entry:?}, {order:?}"
                );
            }
        }
        assert!(found.is_empty(), "nobody placed {found:?}");
        count
    }
}

/// Whether an order is closed.
pub(crate) fn is_closed(order: &OrderSnapshot) -> bool {
    order.status == OrderStatus::Closed
}
