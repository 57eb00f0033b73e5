//! The trades of the simulated market.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{Outcome, page, text};
use crate::simulator::market::Markets;
use crate::simulator::market::model::{Market, Trade};
use crate::simulator::market::parameters::{Range, cursor, invalid, next_cursor, page_size, selected};
use crate::simulator::state::{Call, mixed, seed_of};

/// Returns trades, newest first.
pub(super) fn trades(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let found = match (call.query("market"), call.query("baseAsset")) {
        (Some(_), Some(_)) => return Err(invalid("baseAsset: must not be given together with market")),
        (symbol, None) => selected(markets, symbol, StatusCode::BAD_REQUEST)?,
        (None, Some(base)) => {
            let of_base = |market: &&Market| market.spec.is_option() && market.spec.base_currency == base;
            markets.0.iter().filter(of_base).collect()
        }
    };
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 1_000)?;
    let cursor = cursor(call)?;
    let mut all: Vec<(i128, &Market, Trade)> = Vec::new();
    for market in found {
        let to = cursor.map_or(to, |place| to.min(time_of(place)));
        let newest = market
            .trades(from, to)
            .rev()
            .map(|trade| (place(market, &trade), market, trade));
        all.extend(
            newest
                .filter(|(place, ..)| cursor.is_none_or(|cursor| *place < cursor))
                .take(size + 1),
        );
    }
    all.sort_unstable_by_key(|(place, ..)| std::cmp::Reverse(*place));
    let more = all.len() > size;
    all.truncate(size);
    let next = all.last().filter(|_| more).map(|(place, ..)| next_cursor(*place));
    let results: Vec<Value> = all
        .iter()
        .map(|(_, market, trade)| {
            json!({
                "created_at": trade.at,
                "id": trade_id(market, trade),
                "market": market.spec.symbol,
                "price": text(market.price(trade.price)),
                "side": if trade.buy { "BUY" } else { "SELL" },
                "size": text(market.size(trade.size)),
                "trade_type": "FILL",
            })
        })
        .collect();
    Ok(page(next, results))
}

/// Returns the id of a trade: 28 digits, as those of the exchange.
pub(in crate::simulator) fn trade_id(market: &Market, trade: &Trade) -> String {
    let rest = mixed(seed_of(trade.at.cast_unsigned(), &market.spec.symbol)) % 1_000_000_000_000_000;
    format!("{:013}{rest:015}", trade.at)
}

/// The digits of the market in the place of a trade. The digits before them are the time.
const MARKET_DIGITS: i128 = 1_000_000;

/// Returns the place of a trade in the list of the trades of all markets.
fn place(market: &Market, trade: &Trade) -> i128 {
    let number = i128::try_from(market.number).unwrap_or_default();
    i128::from(trade.at) * MARKET_DIGITS + number
}

/// Returns the time in the place of a trade, or the latest that an `i64` holds.
fn time_of(place: i128) -> i64 {
    i64::try_from(place / MARKET_DIGITS).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{MARKET_DIGITS, time_of};

    #[test]
    fn time_of_a_place_saturates() {
        for (place, time) in [(0, 0), (7 * MARKET_DIGITS + 3, 7), (i128::MAX, i64::MAX)] {
            assert_eq!(time_of(place), time, "{place}");
        }
    }
}
