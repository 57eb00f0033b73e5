//! Where a stream of an account has come to, to be stored by the program.

use std::collections::BTreeMap;

use paradex_api::types::{Order, OrderStatus};
use paradex_api::wire::Wire;
use serde::{Deserialize, Serialize};

use super::fills::{Fills, Verified};
use super::queue::Entry;
use super::update::AccountUpdate;
use crate::signing::AccountAddress;

/// Says where an [`AccountStream`](super::AccountStream) has come to. Store it after the updates before it were handled, and pass it
/// to [`AccountStreamBuilder::cursor`](super::AccountStreamBuilder::cursor) after a restart.
///
/// It has the account, the times and ids of the newest fills, and the ids of the open orders. Treat the stored form as opaque.
///
/// ```
/// use paradex_api_ext::paradex_api::serde_json;
/// use paradex_api_ext::stream::AccountCursor;
///
/// # fn example(stored: &str) -> Result<AccountCursor, serde_json::Error> {
/// let cursor: AccountCursor = serde_json::from_str(stored)?;
/// # Ok(cursor)
/// # }
/// ```
#[doc(alias = "resume")]
#[doc(alias = "checkpoint")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCursor {
    pub(super) version: u32,
    /// The exchange, as the base address of its API.
    pub(super) exchange: String,
    pub(super) account: String,
    pub(super) verified: Verified,
    /// The fills that a reading could return again.
    pub(super) fills: Vec<(i64, String)>,
    pub(super) orders: Vec<CursorOrder>,
}

impl AccountCursor {
    /// Returns the account, in the spelling of the exchange.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Says why a client of this exchange cannot begin here.
    pub(super) fn check(&self, exchange: &str) -> Result<(), String> {
        if self.version != VERSION {
            return Err(format!(
                "it has the form {}, and this version reads the form {VERSION}; begin with a time instead",
                self.version
            ));
        }
        if self.exchange != exchange {
            let other = paradex_api::visible(&self.exchange, 100);
            return Err(format!("it belongs to {other}, and the client to {exchange}"));
        }
        Ok(())
    }
}

/// Says why the cursor of an account does not suit the account that the exchange names.
pub(super) fn check_account(expected: &str, account: Option<&str>) -> Result<(), String> {
    let parsed = |text: &str| text.parse::<AccountAddress>().ok();
    match account {
        Some(account)
            if !expected.is_empty() && account != expected && parsed(account) != parsed(expected) =>
        {
            let (expected, account) = (
                paradex_api::visible(expected, 100),
                paradex_api::visible(account, 100),
            );
            Err(format!(
                "it belongs to the account {expected}, and the client to {account}"
            ))
        }
        _ => Ok(()),
    }
}

/// Follows what the program has read, to make a cursor of it.
pub(super) struct Tracker {
    exchange: String,
    account: String,
    fills: Fills,
    orders: BTreeMap<String, CursorOrder>,
    /// There is something to resume from.
    has_begun: bool,
}

impl Tracker {
    pub(super) fn new(exchange: String, cursor: Option<&AccountCursor>) -> Self {
        let mut tracker = Self {
            exchange,
            account: String::new(),
            fills: Fills::new(Verified::default(), []),
            orders: BTreeMap::new(),
            has_begun: false,
        };
        if let Some(cursor) = cursor {
            tracker.account.clone_from(&cursor.account);
            tracker.fills = Fills::new(cursor.verified, cursor.fills.iter().cloned());
            let orders = cursor.orders.iter().cloned();
            tracker.orders = orders.map(|order| (order.id.clone(), order)).collect();
            tracker.has_begun = true;
        }
        tracker
    }

    /// The program has read this.
    pub(super) fn read(&mut self, entry: &Entry) {
        match entry {
            Entry::Verified(verified) => self.fills.set_verified(verified.until),
            Entry::Update(AccountUpdate::Order(order)) => self.order(order),
            Entry::Update(AccountUpdate::Fill(fill)) => {
                self.fills.insert(fill);
            }
            Entry::Update(AccountUpdate::Reconciled(reconciliation)) => {
                if !self.has_begun {
                    self.fills = Fills::new(Verified::from_time(reconciliation.verified.since), []);
                    self.has_begun = true;
                }
                for fill in &reconciliation.fills_found {
                    self.fills.insert(fill);
                }
                self.fills.set_verified(reconciliation.verified.until);
                self.orders.clear();
                let open = reconciliation
                    .orders
                    .iter()
                    .chain(&reconciliation.unresolved.orders);
                open.for_each(|order| self.order(order));
                let account = reconciliation
                    .summary
                    .as_ref()
                    .and_then(|summary| summary.account.clone());
                if let Some(account) = account {
                    self.account = account;
                }
            }
            Entry::Update(_) => {}
        }
    }

    fn order(&mut self, order: &Order) {
        let Some(id) = order.id.as_deref() else {
            return;
        };
        match order.status == Some(OrderStatus::Closed) {
            true => {
                self.orders.remove(id);
            }
            false => {
                self.orders.insert(id.to_owned(), CursorOrder::new(id, order));
            }
        }
    }

    pub(super) fn cursor(&self) -> Option<AccountCursor> {
        self.has_begun.then(|| AccountCursor {
            version: VERSION,
            exchange: self.exchange.clone(),
            account: self.account.clone(),
            verified: self.fills.verified(),
            fills: self
                .fills
                .recent()
                .map(|(time, id)| (time, id.to_owned()))
                .collect(),
            orders: self.orders.values().cloned().collect(),
        })
    }
}

/// The version of the stored form.
pub(super) const VERSION: u32 = 1;

/// An order that was open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CursorOrder {
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) market: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<i64>,
}

impl CursorOrder {
    pub(super) fn new(id: &str, order: &Order) -> Self {
        Self {
            id: id.to_owned(),
            market: order.market.clone(),
            client_id: order.client_id.clone(),
            created_at: order.created_at,
        }
    }

    /// An order with nothing but these fields.
    pub(super) fn into_order(self) -> Order {
        let mut order = Order::blank();
        order.id = Some(self.id);
        order.market = self.market;
        order.client_id = self.client_id;
        order.created_at = self.created_at;
        order
    }
}
