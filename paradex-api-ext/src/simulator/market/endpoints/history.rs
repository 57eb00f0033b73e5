//! Candles and funding data.

use serde_json::{Value, json};

use super::{Outcome, page, text};
use crate::simulator::market::funding::{FUNDING_STEP, Funding};
use crate::simulator::market::klines::PriceKind;
use crate::simulator::market::parameters::{
    Range, cursor, invalid, market, next_cursor, page_size, required,
};
use crate::simulator::market::{Markets, prices};
use crate::simulator::state::Call;

pub(super) fn klines(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let market = market(markets, call.query("symbol").unwrap_or_default())?;
    let minutes = required(call, "resolution")?;
    if ![1, 3, 5, 15, 30, 60].contains(&minutes) {
        return Err(invalid("resolution: must be 1, 3, 5, 15, 30 or 60"));
    }
    let kind = match call.query("price_kind") {
        None | Some("last") => PriceKind::Last,
        Some("mark") => PriceKind::Mark,
        Some("underlying") => PriceKind::Underlying,
        Some(_) => return Err(invalid("price_kind: must be last, mark or underlying")),
    };
    let (from, to) = (required(call, "start_at")?, required(call, "end_at")?);
    if from > to {
        return Err(invalid("start_at: must not be after end_at"));
    }
    let candles = market.candles(kind, minutes, from, to, now);
    let rows: Vec<Value> = candles
        .iter()
        .map(|candle| {
            json!([
                candle.start_at,
                prices::float(candle.open),
                prices::float(candle.high),
                prices::float(candle.low),
                prices::float(candle.close),
                prices::float(candle.volume)
            ])
        })
        .collect();
    Ok(json!({ "results": rows }))
}

/// Returns funding data, newest first.
pub(super) fn funding_data(markets: &Markets, call: &Call<'_>, now: i64) -> Outcome {
    let market = market(markets, call.query("market").unwrap_or_default())?;
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 5_000)?;
    let mut time = match cursor(call)? {
        Some(cursor) => to.min(i64::try_from(cursor).unwrap_or(i64::MAX).saturating_sub(1)),
        None => to,
    };
    let (mut results, mut last, mut more) = (Vec::new(), 0, false);
    while let Some(entry) = market.funding(time).filter(|entry| entry.created_at >= from) {
        if results.len() == size {
            more = true;
            break;
        }
        let spec = &market.spec;
        results.push(funding_json(&spec.symbol, spec.funding_period_hours, &entry));
        last = entry.created_at;
        time = entry.created_at - FUNDING_STEP;
    }
    Ok(page(more.then(|| next_cursor(last)), results))
}

/// Returns an entry of the funding history of a market.
pub(in crate::simulator) fn funding_json(symbol: &str, period_hours: u32, entry: &Funding) -> Value {
    json!({
        "created_at": entry.created_at,
        "funding_index": text(entry.index),
        "funding_period_hours": period_hours,
        "funding_premium": text(entry.premium),
        "funding_rate": text(entry.rate),
        "funding_rate_8h": text(entry.rate_8h),
        "market": symbol,
    })
}
