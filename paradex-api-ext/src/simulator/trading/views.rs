//! What an account sees of its trading: fills, positions, balances and funding.

use hyper::StatusCode;
use paradex_api::operations;
use serde_json::{Value, json};

use super::{Liquidity, Trading, page};
use crate::signing::Felt;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{
    Account, AccountId, Cause, Fill, FundingPayment, Holding, Liquidity as Role, MarketId, Money, Price,
};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, mixed, seed_of};

/// Responds to an operation that shows trading. `None` if it is another operation, or if the account has not traded: its values
/// are then samples.
pub(in crate::simulator) fn respond(
    trading: &Trading,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let id = call.operation.id;
    let address = call.account();
    if id == operations::GET_ACCOUNT.id
        && let Some(other) = call.query("subaccount_address")
        && !is_same_address(other, address)
    {
        return Some(Err(SimulatedResponse::error(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST_PARAMETER",
            "subaccount_address: must be the account of the session, because the simulator has no subaccounts",
        )));
    }
    let number = trading.account(address)?;
    let is_real = trading.liquidity == Liquidity::Simulated || trading.active.contains(&number);
    let account = trading.engine.account(number).filter(|_| is_real)?;
    let view = View {
        trading,
        number,
        address,
        account,
    };
    let body = match id {
        id if id == operations::GET_ACCOUNT.id => Ok(view.summary()),
        id if id == operations::LIST_ACCOUNT_SUMMARIES.id => Ok(json!({ "results": [view.summary()] })),
        id if id == operations::LIST_BALANCES.id => Ok(view.balances()),
        id if id == operations::LIST_POSITIONS.id => Ok(view.positions()),
        id if id == operations::LIST_FILLS.id => view.fills(call),
        id if id == operations::LIST_FUNDING_PAYMENTS.id => view.funding(call),
        id if id == operations::LIST_LIQUIDATIONS.id => Ok(view.liquidations()),
        id if id == operations::LIST_TRADEBUSTS.id => {
            Ok(json!({ "next": null, "prev": null, "results": [] }))
        }
        _ => return None,
    };
    Some(body.map(|body| SimulatedResponse::ok(&body)))
}

/// Whether two texts are the same address. Letters may be upper case, and zeros may lead.
fn is_same_address(one: &str, other: &str) -> bool {
    let number = |text| Felt::from_hex(text).ok();
    one == other || number(one).is_some_and(|one| number(other) == Some(one))
}

/// An account, as its owner sees it.
struct View<'a> {
    trading: &'a Trading,
    number: AccountId,
    address: &'a str,
    account: &'a Account,
}

impl View<'_> {
    fn summary(&self) -> Value {
        let margin = self.trading.engine.margin(self.number).unwrap_or_default();
        let cushion = margin.account_value.decimal() - margin.maintenance.decimal();
        json!({
            "account": self.address,
            "account_value": text(margin.account_value),
            "free_collateral": text(margin.free_collateral()),
            "initial_margin_requirement": text(margin.initial),
            "maintenance_margin_requirement": text(margin.maintenance),
            "margin_cushion": cushion.normalize().to_string(),
            "seq_no": self.account.updated_at,
            "settlement_asset": "USDC",
            "status": "ACTIVE",
            "total_collateral": text(margin.balance),
            "updated_at": self.account.updated_at / MILLISECOND,
        })
    }

    fn balances(&self) -> Value {
        let balance = json!({
            "last_updated_at": self.account.updated_at / MILLISECOND,
            "size": text(self.account.balance),
            "token": "USDC",
        });
        json!({ "results": [balance] })
    }

    /// Returns the positions, closed ones included.
    fn positions(&self) -> Value {
        let held = self.account.holdings.iter();
        let held = held.filter(|(_, holding)| holding.position.id != 0);
        let results: Vec<Value> = held
            .map(|(market, holding)| self.position(*market, holding))
            .collect();
        json!({ "results": results })
    }

    fn position(&self, id: MarketId, holding: &Holding) -> Value {
        let position = &holding.position;
        let market = self.trading.engine.market(id);
        let funding_index = market.map_or(0, |market| market.prices.funding_index);
        let funding = position.unrealized_funding(funding_index);
        let reference = market.and_then(|market| market.reference());
        let pnl = reference.map_or(Money(0), |price| position.unrealized_pnl(price));
        let pnl = pnl.decimal() + funding.decimal();
        let price =
            |price: Option<Price>| price.map_or_else(|| "0".to_owned(), |price| price.decimal().to_string());
        json!({
            "account": self.address,
            "average_entry_price": price(position.entry_price()),
            "average_entry_price_usd": price(position.entry_price()),
            "average_exit_price": price(position.exit_price()),
            "cached_funding_index": text(Money(position.funding_index)),
            "closed_at": position.closed_at / MILLISECOND,
            "cost": text(position.cost),
            "cost_usd": text(position.cost),
            "created_at": position.opened_at / MILLISECOND,
            "id": format!("{}-{}", self.address, self.trading.symbol(id)),
            "last_fill_id": position.last_fill.map_or_else(String::new, |fill| self.trading.fills.text(fill)),
            "last_updated_at": position.updated_at / MILLISECOND,
            "leverage": "",
            "liquidation_price": "",
            "market": self.trading.symbol(id),
            "realized_positional_funding_pnl": text(position.realized_funding),
            "realized_positional_pnl": text(position.realized_pnl),
            "seq_no": position.updated_at,
            "side": if position.size.0 < 0 { "SHORT" } else { "LONG" },
            "size": position.size.decimal().to_string(),
            "status": if position.size.0 == 0 { "CLOSED" } else { "OPEN" },
            "unrealized_funding_pnl": text(funding),
            "unrealized_pnl": pnl.normalize().to_string(),
        })
    }

    fn fills(&self, call: &Call<'_>) -> Result<Value, SimulatedResponse> {
        let fills = self.account.fills.iter().rev();
        let entries = fills
            .filter(|fill| self.trading.is_selected(fill.market, call))
            .map(|fill| (fill.id, fill.at, fill));
        page(call, entries, |fill| self.fill(fill))
    }

    fn fill(&self, fill: &Fill) -> Value {
        let order = self.trading.engine.order(fill.order);
        let client_id = order.map_or("", |order| &order.terms.client_id);
        let named = [
            (fill.fast, "fastfill"),
            (fill.interactive, "interactive"),
            (fill.cause == Cause::Rpi, "rpi"),
        ];
        let flags: Vec<&str> = named
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, name)| *name)
            .collect();
        json!({
            "account": self.address,
            "client_id": client_id,
            "created_at": fill.at / MILLISECOND,
            "fee": text(fill.fee),
            "fee_currency": "USDC",
            "fill_type": fill.cause.as_str(),
            "flags": flags,
            "id": self.trading.fills.text(fill.id),
            "liquidity": match fill.liquidity {
                Role::Maker => "MAKER",
                Role::Taker => "TAKER",
            },
            "market": self.trading.symbol(fill.market),
            "order_id": self.trading.order_id(fill.order),
            "orderbook_seq_no": fill.seq,
            "price": fill.price.decimal().to_string(),
            "realized_funding": text(fill.realized_funding),
            "realized_pnl": text(fill.realized_pnl),
            "remaining_size": fill.remaining.decimal().to_string(),
            "side": super::side_of(fill.side).as_str(),
            "size": fill.size.decimal().to_string(),
            "underlying_price": fill.index.unwrap_or(fill.price).decimal().to_string(),
        })
    }

    /// Returns the liquidations, newest first. No transaction has the hash that is the id of one.
    fn liquidations(&self) -> Value {
        let times = self.account.liquidations.iter().rev();
        let results: Vec<Value> = times
            .map(|at| {
                let hash = mixed(seed_of(at.cast_unsigned(), self.address));
                json!({ "created_at": at / MILLISECOND, "id": format!("0x{hash:016x}") })
            })
            .collect();
        json!({ "results": results })
    }

    fn funding(&self, call: &Call<'_>) -> Result<Value, SimulatedResponse> {
        let payments = self.account.funding.iter().rev();
        let entries = payments
            .filter(|payment| self.trading.is_selected(payment.market, call))
            .map(|payment| (payment.id, payment.at, payment));
        page(call, entries, |payment: &FundingPayment| {
            json!({
                "account": self.address,
                "created_at": payment.at / MILLISECOND,
                "fill_id": self.trading.fills.text(payment.fill),
                "id": payment.id.to_string(),
                "index": text(Money(payment.index)),
                "market": self.trading.symbol(payment.market),
                "payment": text(payment.payment),
            })
        })
    }
}

/// Returns an amount as a text.
fn text(amount: Money) -> String {
    amount.decimal().to_string()
}
