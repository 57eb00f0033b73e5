//! Revoking and cancelling what the journal names.

use std::collections::BTreeMap;
use std::time::Duration;

use paradex_api::operations;
use paradex_api::reqwest::StatusCode;
use serde_json::Value;

use super::error::{ProbeError, Trouble};
use super::journal::Entry;
use super::run::Run;
use crate::client::options::CallOptions;
use crate::signing::key_text::same_key;
use crate::{Client, Error};

/// How long to wait before looking again for something that was requested and has not appeared.
const MAY_APPEAR: Duration = Duration::from_secs(5);
/// How often to look whether orders are gone.
const MOST_POLLS: usize = 4;

/// What was cleaned up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leftovers {
    /// How many tokens were revoked.
    pub tokens: usize,
    /// How many subkeys were revoked.
    pub subkeys: usize,
    /// How many orders were cancelled.
    pub orders: usize,
}

impl Run {
    /// Revokes and cancels everything that the journal names and that still exists.
    pub(super) async fn clean_up(&mut self) -> Result<Leftovers, ProbeError> {
        if self.journal.entries.is_empty() {
            return Ok(Leftovers::default());
        }
        self.ignores_stop = true;
        let cleaned = self.clean_up_once().await;
        self.ignores_stop = false;
        cleaned.map_err(|(what, why)| ProbeError::NotCleanedUp {
            what,
            why: why.text(),
            path: self.journal.path().to_owned(),
            report: None,
        })
    }

    async fn clean_up_once(&mut self) -> Result<Leftovers, (&'static str, Trouble)> {
        let mut leftovers = Leftovers::default();
        let mut look = 0;
        loop {
            let mut failed = None;
            // After a failure the others are tried too, so that as little as possible is left.
            let cleaned = [
                ("orders", self.cancel_orders().await, &mut leftovers.orders),
                ("tokens", self.revoke_tokens().await, &mut leftovers.tokens),
                ("subkeys", self.revoke_subkeys().await, &mut leftovers.subkeys),
            ];
            for (what, cleaned, total) in cleaned {
                match cleaned {
                    Ok(count) => *total += count,
                    Err(why) => failed = failed.or(Some((what, why))),
                }
            }
            if look > 0 || !self.may_something_appear() {
                return failed.map_or(Ok(leftovers), Err);
            }
            look += 1;
            self.wait(MAY_APPEAR).await.map_err(|why| ("orders", why))?;
        }
    }

    /// Returns whether something was requested that may still appear: an order, or a token or subkey of which no response has
    /// said whether it exists.
    fn may_something_appear(&self) -> bool {
        let mut open: BTreeMap<&str, i64> = BTreeMap::new();
        for entry in &self.journal.entries {
            match entry {
                Entry::Token { name } | Entry::Subkey { name, .. } => *open.entry(name).or_default() += 1,
                Entry::Settled { name } => *open.entry(name).or_default() -= 1,
                // An accepted order may be listed only later.
                Entry::Order { .. } => return true,
                _ => {}
            }
        }
        open.into_values().any(|requests| requests > 0)
    }

    /// Returns a client that repeats what can be repeated.
    fn retrying_client(&self) -> Client {
        self.client.with_options(CallOptions::new())
    }

    async fn revoke_tokens(&mut self) -> Result<usize, Trouble> {
        let is_named = |name: &str| {
            self.journal
                .has(|entry| matches!(entry, Entry::Token { name: known } if known == name))
        };
        if !self.journal.has(|entry| matches!(entry, Entry::Token { .. })) {
            return Ok(0);
        }
        self.calls += 1;
        let listed = self.retrying_client().tokens().list().send().await?;
        let now = self.client.group().now();
        let named = listed
            .iter()
            .filter(|token| is_named(token.name()) && token.revoked_at().is_none());
        let named: Vec<(String, bool)> = named
            .map(|token| (token.lookup_id().to_owned(), token.is_live(now)))
            .collect();
        let (mut revoked, mut failed) = (0, None);
        for (lookup_id, is_live) in named {
            self.calls += 1;
            match self.retrying_client().tokens().revoke(&lookup_id).await {
                Ok(_) => revoked += 1,
                // An expired token may be listed, and refused as one that does not exist.
                Err(error) if !is_live && is_refusal(error.status()) => {}
                Err(error) => failed = failed.or(Some(Error::from(error))),
            }
        }
        failed.map_or(Ok(revoked), |error| Err(error.into()))
    }

    async fn revoke_subkeys(&mut self) -> Result<usize, Trouble> {
        let is_named = |name: &str, key: &str| {
            self.journal.has(|entry| match entry {
                Entry::Subkey {
                    name: known,
                    public_key,
                } => known == name && same_key(public_key, key),
                _ => false,
            })
        };
        if !self.journal.has(|entry| matches!(entry, Entry::Subkey { .. })) {
            return Ok(0);
        }
        self.calls += 1;
        let listed = self.retrying_client().subkeys().list().send().await?;
        let live = listed
            .iter()
            .filter(|subkey| is_named(subkey.name(), subkey.public_key()) && subkey.revoked_at().is_none());
        let live: Vec<String> = live.map(|subkey| subkey.public_key().to_owned()).collect();
        let (mut revoked, mut failed) = (0, None);
        for public_key in &live {
            self.calls += 1;
            match self.retrying_client().subkeys().revoke(public_key).await {
                Ok(_) => revoked += 1,
                Err(error) => failed = failed.or(Some(Error::from(error))),
            }
        }
        failed.map_or(Ok(revoked), |error| Err(error.into()))
    }

    async fn cancel_orders(&mut self) -> Result<usize, Trouble> {
        if !self.journal.has(|entry| matches!(entry, Entry::Order { .. })) {
            return Ok(0);
        }
        let mut cancelled = 0;
        for look in 0..MOST_POLLS {
            let open = self.own_open_orders().await?;
            if open.is_empty() {
                return Ok(cancelled);
            }
            if look > 0 {
                self.wait(Duration::from_secs(1)).await?;
            }
            cancelled = cancelled.max(open.len());
            for id in &open {
                self.calls += 1;
                let client = self.client.clone();
                // A refusal may mean that it was closed in the meantime; the next look shows it.
                self.call(&client, &operations::CANCEL_ORDER, &[("order_id", id)], None)
                    .await?;
            }
        }
        match self.own_open_orders().await?.len() {
            0 => Ok(cancelled),
            left => Err(Trouble::Unexpected(format!(
                "{left} orders are still open after they were cancelled"
            ))),
        }
    }

    /// Returns the ids of open orders that the journal names.
    async fn own_open_orders(&mut self) -> Result<Vec<String>, Trouble> {
        let orders = self.open_orders().await?.map_err(Trouble::Unexpected)?;
        let is_own = |order: &&Value| self.is_own_order(order);
        let own = orders.iter().filter(is_own);
        let ids = own.filter_map(|order| order.get("id")?.as_str().map(str::to_owned));
        Ok(ids.collect())
    }

    /// Returns how many open orders the journal does not name, or why that is not known.
    pub(super) async fn other_open_orders(&mut self) -> Result<Result<usize, String>, Trouble> {
        let orders = self.open_orders().await?;
        Ok(orders.map(|orders| orders.iter().filter(|order| !self.is_own_order(order)).count()))
    }

    /// Returns the open orders of the account, or why they are not known.
    async fn open_orders(&mut self) -> Result<Result<Vec<Value>, String>, Trouble> {
        let client = self.client.clone();
        let mut listed = self
            .call(&client, &operations::LIST_OPEN_ORDERS, &[], None)
            .await?;
        let is_done = listed.is_done();
        Ok(match listed.body.get_mut("results").map(Value::take) {
            Some(Value::Array(orders)) if is_done => Ok(orders),
            _ => Err(format!("the open orders were not listed: {}", listed.evidence())),
        })
    }

    fn is_own_order(&self, order: &Value) -> bool {
        self.journal.has(|entry| is_same_order(entry, order))
    }
}

/// Returns whether the exchange refuses this request, whenever it is sent.
fn is_refusal(status: Option<StatusCode>) -> bool {
    status.is_some_and(|status| matches!(status.as_u16(), 400 | 404 | 409 | 410 | 422))
}

/// Returns whether an entry names this order: by its client id, or by everything that was signed.
fn is_same_order(entry: &Entry, order: &Value) -> bool {
    let Entry::Order {
        market,
        price,
        size,
        signature_timestamp,
        client_id,
    } = entry
    else {
        return false;
    };
    let text = |name: &str| order.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some(client_id) = client_id {
        return text("client_id") == client_id;
    }
    let is_number = |name: &str, number: &str| match (text(name).parse(), number.parse()) {
        (Ok::<paradex_api::Decimal, _>(one), Ok::<paradex_api::Decimal, _>(other)) => one == other,
        _ => false,
    };
    text("market") == market
        && is_number("price", price)
        && is_number("size", size)
        && order.get("timestamp").and_then(Value::as_u64) == Some(*signature_timestamp)
}
