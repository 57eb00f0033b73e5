//! The markets that a mistyped one is like.

use std::time::Duration;

use paradex_api_ext::stream::StreamError;
use paradex_api_ext::suggestion::distance;
use paradex_api_ext::{CallOptions, Client};

use super::Watch;
use crate::console::{Exit, Failure};

const PATIENCE: Duration = Duration::from_secs(10);
/// The most markets that are named.
const NAMED: usize = 3;

/// The failure of a feed that has ended. If its error can be that of a market that the exchange does not list, it names those
/// that are like it.
pub(super) async fn failure(error: &StreamError, watch: &Watch, client: &Client) -> Failure {
    let refused = Failure::from_error(Exit::Failed, error);
    if watch.account().is_some() || !matches!(error, StreamError::Refused { .. } | StreamError::Silent { .. })
    {
        return refused;
    }
    let Some(listed) = listed(client).await else {
        return refused;
    };
    let mut known: Vec<&str> = listed.iter().map(String::as_str).collect();
    if !matches!(watch, Watch::Book { .. }) {
        known.push("ALL");
    }
    let unlisted = watch
        .markets()
        .iter()
        .find(|market| !known.contains(&market.as_str()));
    match unlisted {
        Some(market) => {
            let like = similar(market, &known);
            let like = match &like[..] {
                [] => String::new(),
                like => format!("; did you mean {}?", like.join(" or ")),
            };
            Failure::new(
                Exit::Failed,
                format!("there is no market `{market}`{like} (`paradex api GET /v1/markets` lists them)"),
            )
        }
        None => refused,
    }
}

/// The symbols that the exchange lists; `None` if the list is empty or cannot be read.
pub(super) async fn listed(client: &Client) -> Option<Vec<String>> {
    let client = client.with_options(CallOptions::new().deadline(PATIENCE));
    let markets = client
        .api()
        .list_markets()
        .send()
        .await
        .ok()?
        .into_inner()
        .results;
    let symbols: Vec<String> = markets.into_iter().filter_map(|market| market.symbol).collect();
    (!symbols.is_empty()).then_some(symbols)
}

/// The known markets that are most like a text, in backquotes: those that begin with it, and those with few other characters.
fn similar(text: &str, known: &[&str]) -> Vec<String> {
    let plain = |text: &str| text.to_ascii_uppercase().replace(['_', '/', '.'], "-");
    let text = plain(text);
    // No symbol is longer, and the distance takes quadratic time.
    if text.is_empty() || text.len() > 64 {
        return Vec::new();
    }
    let mut found: Vec<(usize, usize, &str)> = known
        .iter()
        .filter_map(|symbol| {
            let other = plain(symbol);
            let distance = match other.strip_prefix(&text) {
                Some("") => 0,
                // All of the text fits.
                Some(rest) if rest.starts_with('-') => 1,
                _ => distance(&text, &other),
            };
            (distance <= (text.chars().count() / 3).max(1)).then_some((distance, symbol.len(), *symbol))
        })
        .collect();
    found.sort_unstable();
    let least = found.first().map(|(distance, ..)| *distance);
    found
        .iter()
        .filter(|(distance, ..)| Some(*distance) == least)
        .take(NAMED)
        .map(|(.., symbol)| format!("`{symbol}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn similar_markets_begin_with_the_text_or_differ_in_few_characters() {
        let known = [
            "BTC-USD-PERP",
            "ETH-USD-PERP",
            "BTC-USD-85000-C",
            "SOL-USD-PERP",
            "ALL",
        ];
        for (text, expected) in [
            ("BTC-USD", "`BTC-USD-PERP` `BTC-USD-85000-C`"),
            ("btc", "`BTC-USD-PERP` `BTC-USD-85000-C`"),
            ("btc-usd-perp", "`BTC-USD-PERP`"),
            ("ETH/USD_PERP", "`ETH-USD-PERP`"),
            ("SOLL-USD-PERP", "`SOL-USD-PERP`"),
            ("all", "`ALL`"),
            ("NO-SUCH-MARKET", ""),
            ("", ""),
        ] {
            assert_eq!(similar(text, &known).join(" "), expected, "{text}");
        }
    }
}
