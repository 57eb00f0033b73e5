//! The public order book of a market whose orders trade with the simulated market: with the orders of clients.

use paradex_api::operations;

use super::Trading;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{MarketId, Side};
use crate::simulator::market;
use crate::simulator::market::book::{Book as PublicBook, Level};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State, World};

/// Responds to an operation that shows an order book. `None` if it is another operation, or if orders do not trade with the
/// simulated market.
pub(in crate::simulator) fn respond_book(
    world: &World,
    state: &mut State,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let (is_bbo, rpi) = match call.operation.id {
        id if id == operations::GET_BBO.id => (true, false),
        id if id == operations::GET_BBO_INTERACTIVE.id => (true, true),
        id if id == operations::GET_ORDERBOOK.id => (false, false),
        id if id == operations::GET_ORDERBOOK_INTERACTIVE.id => (false, true),
        _ => return None,
    };
    let trading = &mut state.trading;
    let found = world.markets.get(call.path("market"))?;
    if !trading.shows_orders(&found.spec.symbol) {
        return None;
    }
    let id = trading
        .market(&world.markets, &found.spec.symbol, call.now)
        .ok()?;
    trading.follow(&world.markets, id, call.now);
    let rules = &trading.engine.market(id)?.rules;
    let found = &found.with_units(rules.tick.decimal(), rules.increment.decimal());
    let body = match is_bbo {
        true => Ok(market::bbo_data(found, &trading.public_book(id, rpi)?)),
        false => {
            let books = (trading.public_book(id, false)?, trading.public_book(id, true)?);
            market::orderbook_data(found, call, books, rpi)
        }
    };
    Some(body.map(|body| SimulatedResponse::ok(&body)))
}

impl Trading {
    /// Returns the order book of a market, in ticks and increments.
    fn public_book(&self, id: MarketId, rpi: bool) -> Option<PublicBook> {
        let found = self.engine.market(id)?;
        let book = &found.book;
        let levels = |side: Side| -> Vec<Level> {
            let levels = book.levels(side).filter_map(|level| {
                let size = if rpi {
                    level.depth.total()
                } else {
                    level.depth.size
                };
                Some(Level {
                    price: level.price.0.checked_div(found.rules.tick.0)?,
                    // A level of RPI orders alone is not in the book without them.
                    size: Some(size.0.checked_div(found.rules.increment.0)?).filter(|size| *size > 0)?,
                })
            });
            levels.collect()
        };
        Some(PublicBook {
            seq_no: i64::try_from(book.seq).unwrap_or(i64::MAX),
            updated_at: book.updated_at / MILLISECOND,
            bids: levels(Side::Buy),
            asks: levels(Side::Sell),
        })
    }
}
