//! Pages of what the engine keeps of an account.

use serde_json::{Value, json};

use super::Trading;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::cursor;
use crate::simulator::engine::MarketId;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::Call;

/// The default number of entries on a page.
const PAGE: usize = 100;

impl Trading {
    /// Returns whether a market is that of the query, if it names one.
    pub(in crate::simulator) fn is_selected(&self, market: MarketId, call: &Call<'_>) -> bool {
        let symbol = call.query("market");
        symbol.is_none_or(|symbol| symbol == self.symbol(market))
    }
}

/// Returns a page of entries from the period of the query. The entries come newest first: their number, time and content.
pub(in crate::simulator) fn page<'e, T: 'e>(
    call: &Call<'_>,
    entries: impl Iterator<Item = (u64, i64, &'e T)>,
    show: impl Fn(&T) -> Value,
) -> Result<Value, SimulatedResponse> {
    let time = |name: &str| call.query(name).and_then(|text| text.parse::<i64>().ok());
    let (start, end) = (time("start_at"), time("end_at"));
    let before = match call.query("cursor") {
        None => u64::MAX,
        Some(text) => cursor::decode(text)
            .and_then(|number| u64::try_from(number).ok())
            .ok_or_else(|| SimulatedResponse::invalid("cursor: must be the `next` of a previous page"))?,
    };
    let size = call.query("page_size").and_then(|text| text.parse().ok());
    let selected = |at: i64| {
        let at = at / MILLISECOND;
        start.is_none_or(|start| at >= start) && end.is_none_or(|end| at <= end)
    };
    let mut found = entries
        .filter(|(id, at, _)| *id < before && selected(*at))
        .peekable();
    let (mut results, mut last) = (Vec::new(), 0);
    for (id, _, entry) in found.by_ref().take(size.unwrap_or(PAGE).max(1)) {
        results.push(show(entry));
        last = id;
    }
    let next = found.peek().map(|_| cursor::encode(i128::from(last)));
    Ok(json!({ "next": next, "prev": null, "results": results }))
}
