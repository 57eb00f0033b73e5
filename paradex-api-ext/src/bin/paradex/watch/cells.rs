//! The cells of a table.

use std::time::{SystemTime, UNIX_EPOCH};

use paradex_api_ext::paradex_api::types::MarketSummary;
use paradex_api_ext::paradex_api::{Decimal, visible};
use paradex_api_ext::stream::{Bbo, Level, Trade};

use super::source::Book;

/// The widest cell, in characters.
pub(super) const CELL: usize = 64;

pub(super) fn bbo_cells(bbo: &Bbo) -> Vec<String> {
    let [bid, bid_size] = level_cells(bbo.bid.as_ref());
    let [ask, ask_size] = level_cells(bbo.ask.as_ref());
    let spread = bbo
        .bid
        .zip(bbo.ask)
        .and_then(|(bid, ask)| spread(bid.price, ask.price));
    vec![bid, bid_size, ask, ask_size, or_dash(spread), time_of_day(bbo.at)]
}

/// The spread in basis points of the middle.
fn spread(bid: Decimal, ask: Decimal) -> Option<Decimal> {
    let twice_the_middle = bid.checked_add(ask)?;
    let ratio = ask.checked_sub(bid)?.checked_div(twice_the_middle)?;
    Some(ratio.checked_mul(Decimal::from(20_000))?.round_dp(2).normalize())
}

pub(super) fn book_lines(book: &Book) -> Vec<Vec<String>> {
    let deepest = book.bids.len().max(book.asks.len());
    (0..deepest)
        .map(|place| {
            let [bid, bid_size] = level_cells(book.bids.get(place));
            let [ask, ask_size] = level_cells(book.asks.get(place));
            vec![bid_size, bid, ask, ask_size]
        })
        .collect()
}

pub(super) fn trade_cells(trade: &Trade) -> Vec<String> {
    vec![
        trade.market.to_string(),
        visible(&trade.side.to_string(), CELL),
        trade.price.to_string(),
        trade.size.to_string(),
        visible(&trade.kind.to_string(), CELL),
        time_of_day(trade.at),
    ]
}

pub(super) fn summary_cells(summary: &MarketSummary) -> Vec<String> {
    let change = summary.price_change_rate_24h;
    let percent = change.and_then(|rate| rate.checked_mul(Decimal::ONE_HUNDRED));
    vec![
        or_dash(summary.last_traded_price),
        or_dash(summary.mark_price.map(|price| price.round_dp(8).normalize())),
        or_dash(
            summary
                .underlying_price
                .map(|price| price.round_dp(8).normalize()),
        ),
        or_dash(summary.funding_rate),
        or_dash(percent.map(|percent| percent.round_dp(2))),
        or_dash(summary.volume_24h.map(|volume| volume.round_dp(0))),
        or_dash(summary.open_interest),
    ]
}

fn level_cells(level: Option<&Level>) -> [String; 2] {
    [
        or_dash(level.map(|level| level.price)),
        or_dash(level.map(|level| level.size)),
    ]
}

fn or_dash(number: Option<Decimal>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// The time of the day in UTC, to the millisecond.
pub(super) fn time_of_day(time: SystemTime) -> String {
    let millis = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (hours, minutes) = (seconds / 3_600 % 24, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{millis:03}Z", seconds % 60)
}
