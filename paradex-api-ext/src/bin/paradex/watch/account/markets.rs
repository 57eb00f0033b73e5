//! The markets that are named as a filter.

use std::collections::BTreeSet;
use std::time::Duration;

use paradex_api_ext::suggestion::did_you_mean;
use paradex_api_ext::{CallOptions, Client};

use crate::console::{Failure, line};

const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses a market that the exchange does not list: nothing would ever be shown of it. If the list cannot be read, the stream says why.
pub(super) async fn check(markets: &BTreeSet<String>, client: &Client) -> Result<(), Failure> {
    if markets.is_empty() {
        return Ok(());
    }
    let client = client.with_options(CallOptions::new().deadline(PATIENCE));
    let Ok(listed) = client.api().list_markets().send().await else {
        return Ok(());
    };
    let listed = listed.into_inner().results;
    let known: BTreeSet<&str> = listed
        .iter()
        .filter_map(|market| market.symbol.as_deref())
        .collect();
    match markets.iter().find(|market| !known.contains(market.as_str())) {
        Some(market) if !known.is_empty() => Err(Failure::usage(format!(
            "the exchange lists no market `{}`{}: correct it, or name no market to see all, also those that have expired",
            line(market),
            did_you_mean(market, known)
        ))),
        _ => Ok(()),
    }
}
