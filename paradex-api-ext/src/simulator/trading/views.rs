//! What an account sees of its trading: fills, positions, balances and funding.

use paradex_api::operations;
use serde_json::{Value, json};

use super::{Bust, Liquidity, Trading, page};
use crate::signing::Felt;
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{
    Account, AccountId, Cause, Fill, FundingPayment, Liquidity as Role, MarketId, Money, Position, Price,
};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, Settings, mixed, seed_of};

/// The address of USDC on the simulated chain.
const SETTLEMENT_ASSET: &str = "0x51a000000a55e700000000000000000001";

/// Responds to an operation that shows trading. `None` if it is another operation, or if the account has not traded: its values
/// are then samples.
pub(in crate::simulator) fn respond(
    settings: &Settings,
    trading: &Trading,
    call: &Call<'_>,
) -> Option<Result<SimulatedResponse, SimulatedResponse>> {
    let id = call.operation.id;
    let address = call.account();
    if id == operations::GET_ACCOUNT.id
        && let Some(other) = call.query("subaccount_address")
        && !is_same_address(other, address)
    {
        return Some(Err(SimulatedResponse::refused_as(
            &settings.switches.other_account,
            "subaccount_address: must be the account of the session, because the simulator has no subaccounts",
        )));
    }
    let number = trading.account(address)?;
    let is_real = trading.liquidity == Liquidity::Simulated || trading.active.contains(&number);
    let view = View::new(trading, number).filter(|_| is_real)?;
    let body = match id {
        id if id == operations::GET_ACCOUNT.id => Ok(view.summary()),
        id if id == operations::LIST_ACCOUNT_SUMMARIES.id => Ok(json!({ "results": [view.summary()] })),
        id if id == operations::LIST_BALANCES.id => Ok(view.balances()),
        id if id == operations::LIST_POSITIONS.id => Ok(view.positions(settings.lists_closed_positions)),
        id if id == operations::LIST_FILLS.id => view.fills(call),
        id if id == operations::LIST_FUNDING_PAYMENTS.id => view.funding(call),
        id if id == operations::LIST_LIQUIDATIONS.id => Ok(view.liquidations()),
        id if id == operations::LIST_TRADEBUSTS.id => view.busts(call),
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
pub(super) struct View<'a> {
    trading: &'a Trading,
    number: AccountId,
    address: &'a str,
    account: &'a Account,
}

impl<'a> View<'a> {
    pub(super) fn new(trading: &'a Trading, number: AccountId) -> Option<Self> {
        let account = trading.engine.account(number)?;
        Some(Self {
            trading,
            number,
            address: &account.name,
            account,
        })
    }

    pub(super) fn address(&self) -> &'a str {
        self.address
    }

    /// Returns when the account last changed, in nanoseconds since the Unix epoch.
    pub(super) fn updated_at(&self) -> i64 {
        self.account.updated_at
    }

    pub(super) fn summary(&self) -> Value {
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

    /// Returns the positions, with those that are closed or without.
    fn positions(&self, lists_closed: bool) -> Value {
        let held = self
            .held()
            .filter(|(_, position)| lists_closed || position.size.0 != 0)
            .map(|(market, position)| self.position(market, position));
        json!({ "results": held.collect::<Vec<Value>>() })
    }

    /// Returns what the account has or had.
    pub(super) fn held(&self) -> impl Iterator<Item = (MarketId, &'a Position)> {
        let holdings = self.account.holdings.iter();
        let held = holdings.map(|(market, holding)| (*market, &holding.position));
        held.filter(|(_, position)| position.id != 0)
    }

    pub(super) fn position(&self, id: MarketId, position: &Position) -> Value {
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
        let until = self.trading.lag.shown_until(call.now);
        let fills = self.account.fills.iter().rev();
        let entries = fills
            .filter(|fill| fill.at <= until)
            .filter(|fill| self.trading.is_selected(fill.market, call))
            .map(|fill| (fill.id, fill.at, fill));
        page(call, entries, |fill| self.fill(fill))
    }

    pub(super) fn fill(&self, fill: &Fill) -> Value {
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

    fn busts(&self, call: &Call<'_>) -> Result<Value, SimulatedResponse> {
        let own = (1_u64..)
            .zip(&self.trading.busts)
            .filter(|(_, bust)| bust.account == self.number);
        let own: Vec<(u64, &Bust)> = own.collect();
        let entries = own
            .into_iter()
            .rev()
            .map(|(number, bust)| (number, bust.at, bust));
        page(call, entries, |bust| {
            bust_json(self.address, &self.trading.fills.text(bust.fill), bust.at)
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
        page(call, entries, |payment| self.payment(payment))
    }

    pub(super) fn payment(&self, payment: &FundingPayment) -> Value {
        json!({
            "account": self.address,
            "created_at": payment.at / MILLISECOND,
            "fill_id": self.trading.fills.text(payment.fill),
            "id": payment.id.to_string(),
            "index": text(Money(payment.index)),
            "market": self.trading.symbol(payment.market),
            "payment": text(payment.payment),
        })
    }

    /// Returns how a fill changed the balance to this amount.
    pub(super) fn balance_event(&self, fill: &Fill, after: Money) -> Value {
        let change = fill.realized_pnl.decimal() + fill.realized_funding.decimal() - fill.fee.decimal();
        let market = self.trading.engine.market(fill.market);
        let funding_index = market.map_or(0, |market| market.prices.funding_index);
        json!({
            "created_at": fill.at / MILLISECOND,
            "fees": text(fill.fee),
            "fill_id": self.trading.fills.text(fill.id),
            "funding_index": text(Money(funding_index)),
            "market": self.trading.symbol(fill.market),
            "realized_funding": text(fill.realized_funding),
            "realized_pnl": text(fill.realized_pnl),
            "settlement_asset_address": SETTLEMENT_ASSET,
            "settlement_asset_balance_after": text(after),
            "settlement_asset_balance_before": (after.decimal() - change).normalize().to_string(),
            "settlement_asset_name": "USDC",
            "settlement_asset_price": "1",
            "status": "ON_BLOCKCHAIN",
            "type": "TRANSACTION_FILL",
        })
    }
}

/// Returns the JSON of a fill that was undone.
pub(in crate::simulator) fn bust_json(account: &str, fill: &str, at: i64) -> Value {
    json!({ "account": account, "busted_fill_id": fill, "created_at": at / MILLISECOND })
}

/// Returns an amount as a text.
fn text(amount: Money) -> String {
    amount.decimal().to_string()
}
