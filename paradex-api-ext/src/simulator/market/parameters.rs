//! Parameters of public requests.

use hyper::StatusCode;
use rust_decimal::Decimal;

use super::model::Market;
use super::{MarketSpec, Markets};
use crate::simulator::cursor;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::Call;

/// Returns the refusal of a parameter.
pub(super) fn invalid(message: &str) -> SimulatedResponse {
    SimulatedResponse::error(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", message)
}

/// Returns the refusal of an unknown market. The document declares 404 for some operations and 400 for others.
pub(super) fn market_not_found(status: StatusCode, symbol: &str) -> SimulatedResponse {
    let message = format!("market {symbol:?} does not exist; list the markets with GET /v1/markets");
    SimulatedResponse::error(status, "MARKET_NOT_FOUND", &message)
}

/// Returns the market that a required parameter names.
pub(super) fn market<'a>(markets: &'a Markets, symbol: &str) -> Result<&'a Market, SimulatedResponse> {
    markets
        .get(symbol)
        .ok_or_else(|| market_not_found(StatusCode::BAD_REQUEST, symbol))
}

/// Returns the markets that a parameter selects: one, or all if it is missing or `ALL`.
pub(super) fn selected<'a>(
    markets: &'a Markets,
    symbol: Option<&str>,
    unknown: StatusCode,
) -> Result<Vec<&'a Market>, SimulatedResponse> {
    match symbol {
        None | Some("ALL") => Ok(markets.0.iter().collect()),
        Some(symbol) => match markets.get(symbol) {
            Some(market) => Ok(vec![market]),
            None => Err(market_not_found(unknown, symbol)),
        },
    }
}

/// Returns a whole number of the query.
pub(super) fn number(call: &Call<'_>, name: &str) -> Result<Option<i64>, SimulatedResponse> {
    let parse = |text: &str| {
        text.parse()
            .map_err(|_| invalid(&format!("{name}: {text:?} is not a whole number")))
    };
    call.query(name).map(parse).transpose()
}

/// Returns a required whole number of the query.
pub(super) fn required(call: &Call<'_>, name: &str) -> Result<i64, SimulatedResponse> {
    number(call, name)?.ok_or_else(|| invalid(&format!("{name}: must be given")))
}

/// A time range in milliseconds, both ends included, which ends now at the latest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Range {
    /// Reads `start_at` and `end_at`.
    pub(super) fn read(call: &Call<'_>, now: i64) -> Result<Self, SimulatedResponse> {
        let (from, to) = (number(call, "start_at")?, number(call, "end_at")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(invalid("start_at: must not be after end_at"));
        }
        Ok(Self {
            from: from.unwrap_or(0).max(0),
            to: to.unwrap_or(now).min(now),
        })
    }
}

/// Returns the size of a page.
pub(super) fn page_size(call: &Call<'_>, most: i64) -> Result<usize, SimulatedResponse> {
    let size = number(call, "page_size")?.unwrap_or(100);
    if (1..=most).contains(&size) {
        return Ok(usize::try_from(size).unwrap_or(1));
    }
    Err(invalid(&format!(
        "page_size: must be no less than 1 and no greater than {most}"
    )))
}

/// Returns the `next` of a previous page.
pub(super) fn cursor(call: &Call<'_>) -> Result<Option<i128>, SimulatedResponse> {
    let parse = |text: &str| {
        let number = cursor::decode(text);
        number.ok_or_else(|| invalid("cursor: must be the `next` of a previous page"))
    };
    call.query("cursor").map(parse).transpose()
}

/// Returns the `next` of a page, whose number [`cursor`] reads.
pub(super) fn next_cursor(number: impl Into<i128>) -> String {
    cursor::encode(number.into())
}

/// Returns the number of levels of an order book, 20 by default.
pub(super) fn depth(call: &Call<'_>) -> Result<usize, SimulatedResponse> {
    match number(call, "depth")?.unwrap_or(20) {
        depth @ 1..=100 => Ok(usize::try_from(depth).unwrap_or(1)),
        // The exchange's words for too large a depth.
        101.. => Err(invalid("Depth: must be no greater than 100.")),
        _ => Err(invalid("Depth: must be no less than 1.")),
    }
}

/// Reads a decimal number, also with an exponent (`1E-8`).
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let plain = Decimal::from_str_exact(text);
    plain.or_else(|_| Decimal::from_scientific(text)).ok()
}

/// Returns by how many ticks the levels of an order book are aggregated.
pub(super) fn price_tick(call: &Call<'_>, spec: &MarketSpec) -> Result<i64, SimulatedResponse> {
    let Some(text) = call.query("price_tick") else {
        return Ok(1);
    };
    let tick = spec.price_tick_size;
    let ticks = decimal(text).and_then(|step| step.checked_div(tick));
    ticks
        .filter(|ticks| *ticks >= Decimal::ONE && ticks.is_integer())
        .and_then(|ticks| i64::try_from(ticks).ok())
        .ok_or_else(|| {
            invalid(&format!(
                "price_tick: {text:?} is not a multiple of the market's tick of {}",
                tick.normalize()
            ))
        })
}
