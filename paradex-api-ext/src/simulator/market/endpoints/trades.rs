//! The trades of the simulated market.

use hyper::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Outcome, page, text};
use crate::simulator::market::Markets;
use crate::simulator::market::model::{Market, Trade};
use crate::simulator::market::parameters::{Range, cursor, invalid, next_cursor, page_size, selected};
use crate::simulator::state::{Call, mixed, seed_of};

/// A trade in the list of trades.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct ListedTrade {
    /// Its number among the trades of orders; `None` for one of the simulated market.
    pub(in crate::simulator) number: Option<u64>,
    /// When it happened, in milliseconds.
    pub(in crate::simulator) at: i64,
    pub(in crate::simulator) id: String,
    pub(in crate::simulator) price: Decimal,
    pub(in crate::simulator) size: Decimal,
    pub(in crate::simulator) buy: bool,
    pub(in crate::simulator) trade_type: &'static str,
}

/// The trades of orders in a market in a time range, newest first, and whether the simulated market's are listed too.
pub(in crate::simulator) type TradesOfOrders<'a> = dyn Fn(&Market, i64, i64) -> (Vec<ListedTrade>, bool) + 'a;

/// Returns trades, newest first.
pub(super) fn trades(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    trades_data(markets, call, now, &|_, _, _| (Vec::new(), true))
}

/// Returns trades, newest first, with those of orders.
pub(in crate::simulator) fn trades_data(
    markets: &Markets,
    call: &Call<'_>,
    now: i64,
    of_orders: &TradesOfOrders<'_>,
) -> Outcome {
    let found = match (call.query("market"), call.query("baseAsset")) {
        (Some(_), Some(_)) => return Err(invalid("baseAsset: must not be given together with market")),
        (symbol, None) => selected(markets, symbol, StatusCode::BAD_REQUEST)?,
        (None, Some(base)) => {
            let of_base = |market: &&Market| market.spec.option_base() == Some(base);
            markets.0.iter().filter(of_base).collect()
        }
    };
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 1_000)?;
    let cursor = cursor(call)?;
    let mut all: Vec<(i128, &Market, ListedTrade)> = Vec::new();
    for market in found {
        let to = cursor.map_or(to, |place| to.min(time_of(place)));
        let (own, is_simulated) = of_orders(market, from, to);
        let simulated = is_simulated.then(|| market.trades(from, to).rev());
        let simulated = simulated
            .into_iter()
            .flatten()
            .map(|trade| listed(market, &trade));
        for trades in [
            &mut own.into_iter() as &mut dyn Iterator<Item = ListedTrade>,
            &mut { simulated },
        ] {
            let newest = trades.map(|trade| (place(market, &trade), market, trade));
            let newest = newest.filter(|(place, ..)| cursor.is_none_or(|cursor| *place < cursor));
            all.extend(newest.take(size + 1));
        }
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
                "id": trade.id,
                "market": market.spec.symbol,
                "price": text(trade.price),
                "side": if trade.buy { "BUY" } else { "SELL" },
                "size": text(trade.size),
                "trade_type": trade.trade_type,
            })
        })
        .collect();
    Ok(page(next, results))
}

fn listed(market: &Market, trade: &Trade) -> ListedTrade {
    ListedTrade {
        number: None,
        at: trade.at,
        id: trade_id(market, trade),
        price: market.price(trade.price),
        size: market.size(trade.size),
        buy: trade.buy,
        trade_type: "FILL",
    }
}

/// Returns the id of a trade: 28 digits, as those of the exchange.
pub(in crate::simulator) fn trade_id(market: &Market, trade: &Trade) -> String {
    let rest = mixed(seed_of(trade.at.cast_unsigned(), &market.spec.symbol)) % 1_000_000_000_000_000;
    format!("{:013}{rest:015}", trade.at)
}

/// The digits of the market in the place of a trade. The digits before them are the time.
const MARKET_DIGITS: i128 = 1_000_000;

/// Where the trades of orders begin among those of a millisecond.
const ORDER_TRADES: i128 = MARKET_DIGITS / 2;

/// Returns the place of a trade in the list of the trades of all markets.
fn place(market: &Market, trade: &ListedTrade) -> i128 {
    let number = match trade.number {
        Some(number) => ORDER_TRADES + i128::from(number) % ORDER_TRADES,
        None => i128::try_from(market.number).unwrap_or_default() % ORDER_TRADES,
    };
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
