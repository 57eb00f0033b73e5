//! Revoking and cancelling what the journal names.

use std::time::Duration;

use paradex_api::operations;
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
const LOOKS: usize = 4;

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
        self.is_cleaning = true;
        let cleaned = self.clean_up_once().await;
        self.is_cleaning = false;
        cleaned.map_err(|(what, why)| ProbeError::NotCleanedUp {
            what,
            why: why.text(),
            path: self.journal.path().to_owned(),
            report: None,
        })
    }

    async fn clean_up_once(&mut self) -> Result<Leftovers, (&'static str, Trouble)> {
        let mut leftovers = Leftovers {
            orders: self.cancel_orders().await.map_err(|why| ("orders", why))?,
            ..Leftovers::default()
        };
        for look in 0..2 {
            leftovers.tokens += self.revoke_tokens().await.map_err(|why| ("tokens", why))?;
            leftovers.subkeys += self.revoke_subkeys().await.map_err(|why| ("subkeys", why))?;
            if look == 0 && self.may_something_appear() {
                self.wait(MAY_APPEAR).await.map_err(|why| ("tokens", why))?;
            } else {
                break;
            }
        }
        Ok(leftovers)
    }

    /// Returns whether something was requested and no response has said whether it exists. It may still appear.
    fn may_something_appear(&self) -> bool {
        let entries = &self.journal.entries;
        let is_settled = |requested: &String| {
            entries
                .iter()
                .any(|entry| matches!(entry, Entry::Settled { name } if name == requested))
        };
        entries.iter().any(|entry| match entry {
            Entry::Token { name } | Entry::Subkey { name, .. } => !is_settled(name),
            _ => false,
        })
    }

    /// Returns a client that repeats what can be repeated.
    fn patient(&self) -> Client {
        self.client.with_options(CallOptions::new())
    }

    async fn revoke_tokens(&mut self) -> Result<usize, Trouble> {
        let is_named = |name: &str| {
            self.journal
                .entries
                .iter()
                .any(|entry| matches!(entry, Entry::Token { name: known } if known == name))
        };
        if !self
            .journal
            .entries
            .iter()
            .any(|entry| matches!(entry, Entry::Token { .. }))
        {
            return Ok(0);
        }
        self.calls += 1;
        let listed = self.patient().tokens().list().send().await?;
        let live = listed
            .iter()
            .filter(|token| is_named(token.name()) && token.revoked_at().is_none());
        let live: Vec<String> = live.map(|token| token.lookup_id().to_owned()).collect();
        for lookup_id in &live {
            self.calls += 1;
            self.patient()
                .tokens()
                .revoke(lookup_id)
                .await
                .map_err(Error::from)?;
        }
        Ok(live.len())
    }

    async fn revoke_subkeys(&mut self) -> Result<usize, Trouble> {
        let is_named = |name: &str, key: &str| {
            self.journal.entries.iter().any(|entry| match entry {
                Entry::Subkey {
                    name: known,
                    public_key,
                } => known == name && same_key(public_key, key),
                _ => false,
            })
        };
        if !self
            .journal
            .entries
            .iter()
            .any(|entry| matches!(entry, Entry::Subkey { .. }))
        {
            return Ok(0);
        }
        self.calls += 1;
        let listed = self.patient().subkeys().list().send().await?;
        let live = listed
            .iter()
            .filter(|subkey| is_named(subkey.name(), subkey.public_key()) && subkey.revoked_at().is_none());
        let live: Vec<String> = live.map(|subkey| subkey.public_key().to_owned()).collect();
        for public_key in &live {
            self.calls += 1;
            self.patient()
                .subkeys()
                .revoke(public_key)
                .await
                .map_err(Error::from)?;
        }
        Ok(live.len())
    }

    async fn cancel_orders(&mut self) -> Result<usize, Trouble> {
        if !self
            .journal
            .entries
            .iter()
            .any(|entry| matches!(entry, Entry::Order { .. }))
        {
            return Ok(0);
        }
        let mut cancelled = 0;
        for look in 0..LOOKS {
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
            left => Err(Trouble::Call(format!(
                "{left} orders are still open after they were cancelled"
            ))),
        }
    }

    /// Returns the ids of open orders that the journal names.
    async fn own_open_orders(&mut self) -> Result<Vec<String>, Trouble> {
        let client = self.client.clone();
        let listed = self
            .call(&client, &operations::LIST_OPEN_ORDERS, &[], None)
            .await?;
        let orders = listed.body.get("results").and_then(Value::as_array);
        let Some(orders) = orders.filter(|_| listed.is_done()) else {
            return Err(Trouble::Call(format!(
                "the open orders were not listed: {}",
                listed.evidence()
            )));
        };
        let is_own = |order: &&Value| {
            self.journal
                .entries
                .iter()
                .any(|entry| is_same_order(entry, order))
        };
        let own = orders.iter().filter(is_own);
        let ids = own.filter_map(|order| order.get("id")?.as_str().map(str::to_owned));
        Ok(ids.collect())
    }
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
