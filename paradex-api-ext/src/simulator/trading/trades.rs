//! The public trades of markets whose order book is that of the orders.

use paradex_api::operations;

use super::Trading;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{Side, Trade, TradeId};
use crate::simulator::market::{self, ListedTrade};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, State, World, mixed, seed_of};

/// Responds to the operation that lists trades. `None` if it is another operation, or if no order has met another in a market
/// that shows orders.
pub(in crate::simulator) fn respond_trades(
    world: &World,
    state: &State,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let trading = &state.trading;
    if call.operation.id != operations::LIST_TRADES.id || !trading.has_public_trades() {
        return None;
    }
    let of_orders = |found: &market::model::Market, from: i64, to: i64| {
        let symbol = &found.spec.symbol;
        if !trading.shows_orders(symbol) {
            return (Vec::new(), true);
        }
        let id = trading.known_market(symbol);
        let trades = id
            .and_then(|id| trading.engine.market(id))
            .map(|market| &market.trades);
        let newest = trades.into_iter().flatten().rev();
        let within = newest.filter(|trade| (from..=to).contains(&(trade.at / MILLISECOND)));
        (within.map(listed).collect(), trading.follows_simulated_market())
    };
    let body = market::trades_data(&world.markets, call, call.now / MILLISECOND, &of_orders);
    Some(body.map(|body| SimulatedResponse::ok(&body)))
}

impl Trading {
    /// Returns whether the public list of trades differs from that of the simulated market.
    fn has_public_trades(&self) -> bool {
        let mut markets = self.engine.markets();
        markets.any(|(id, market)| match self.follows_simulated_market() {
            true => !market.trades.is_empty(),
            false => self.quoted_by_test.contains(&id),
        })
    }
}

fn listed(trade: &Trade) -> ListedTrade {
    ListedTrade {
        number: Some(trade.id.0),
        at: trade.at / MILLISECOND,
        id: trade_id(trade.id, trade.at),
        price: trade.price.decimal(),
        size: trade.size.decimal(),
        buy: trade.side == Side::Buy,
        trade_type: trade.cause.as_str(),
    }
}

/// Returns the public id of a trade: 28 digits that begin with the time, as those of the simulated market.
pub(in crate::simulator) fn trade_id(trade: TradeId, at: i64) -> String {
    let rest = mixed(seed_of(trade.0, "trade")) % 1_000_000_000_000_000;
    format!("{:013}{rest:015}", at / MILLISECOND)
}
