//! The markets that are named as a filter.

use std::collections::BTreeSet;

use paradex_api_ext::Client;
use paradex_api_ext::suggestion::did_you_mean;

use super::super::markets::listed;
use crate::console::{Failure, line};

/// Refuses a market that the exchange does not list: nothing would ever be shown of it. If the list cannot be read, the stream says why.
pub(super) async fn check(markets: &BTreeSet<String>, client: &Client) -> Result<(), Failure> {
    if markets.is_empty() {
        return Ok(());
    }
    let Some(listed) = listed(client).await else {
        return Ok(());
    };
    let known: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    match markets.iter().find(|market| !known.contains(market.as_str())) {
        Some(market) => Err(Failure::usage(format!(
            "the exchange lists no market `{}`{}: correct it, or name no market to see all, also those that have expired",
            line(market),
            did_you_mean(market, known)
        ))),
        None => Ok(()),
    }
}
