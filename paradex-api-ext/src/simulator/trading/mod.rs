//! Trading: the matching engine behind the requests, and what the simulator keeps beside it.

mod ids;
mod liquidity;
mod views;
mod words;

use std::collections::{HashMap, HashSet};

use hyper::StatusCode;
use rust_decimal::Decimal;

pub use liquidity::Liquidity;
pub(super) use views::respond;
pub(super) use words::{flags, kind, kind_of, side, side_of, status};

use super::engine::{
    AccountId, AccountKind, AlgoId, Command, Engine, Event, Kept, MarketId, MarketRules, Money, Order,
    OrderId, Outcome, Refusal,
};
use super::market::Markets;
use super::response::SimulatedResponse;
use super::state::seed_of;
use ids::IdSpace;

/// What a new account has.
const DEPOSIT: i64 = 1_000_000;

/// The matching engine, and the names of what is in it.
pub(super) struct Trading {
    engine: Engine,
    /// The events of the last command.
    events: Vec<Event>,
    accounts: HashMap<String, AccountId>,
    /// The address of each account.
    addresses: HashMap<AccountId, String>,
    /// Accounts that have placed an order.
    active: HashSet<AccountId>,
    house: Option<AccountId>,
    liquidity: Liquidity,
    /// When the simulated market last quoted in a market, in milliseconds.
    quoted: HashMap<MarketId, i64>,
    orders: IdSpace,
    algos: IdSpace,
    fills: IdSpace,
}

impl Trading {
    pub(super) fn new(seed: u64, liquidity: Liquidity) -> Self {
        let mut trading = Self {
            engine: Engine::new(Kept::default()),
            events: Vec::new(),
            accounts: HashMap::new(),
            addresses: HashMap::new(),
            active: HashSet::new(),
            house: None,
            liquidity,
            quoted: HashMap::new(),
            orders: IdSpace::new(seed_of(seed, "order")),
            algos: IdSpace::new(seed_of(seed, "algo")),
            fills: IdSpace::new(seed_of(seed, "fill")),
        };
        trading.house = trading.new_account(AccountKind::House, Decimal::ZERO);
        trading
    }

    fn new_account(&mut self, kind: AccountKind, deposit: Decimal) -> Option<AccountId> {
        let deposit = Money::from_decimal(deposit)?;
        match self.apply(0, &Command::AddAccount { kind, deposit }) {
            Ok(Outcome::Account(id)) => Some(id),
            _ => None,
        }
    }

    /// Adds the account of an address.
    pub(super) fn add_account(&mut self, address: &str) {
        if let Some(id) = self.new_account(AccountKind::Trader, Decimal::from(DEPOSIT)) {
            self.accounts.insert(address.to_owned(), id);
            self.addresses.insert(id, address.to_owned());
        }
    }

    /// Applies a command.
    pub(super) fn apply(&mut self, now: i64, command: &Command) -> Result<Outcome, Refusal> {
        self.events.clear();
        self.engine.apply(now, command, &mut self.events)
    }

    /// Returns the account of an address.
    pub(super) fn account(&self, address: &str) -> Option<AccountId> {
        self.accounts.get(address).copied()
    }

    /// Returns the address of an account.
    pub(super) fn address(&self, account: AccountId) -> &str {
        self.addresses.get(&account).map_or("", String::as_str)
    }

    /// Notes that an account has placed an order: from now on, its fills, positions and balances are real.
    pub(super) fn set_active(&mut self, account: AccountId) {
        self.active.insert(account);
    }

    /// Returns the engine.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the events of the last command.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the market with this symbol, if an order or a price was ever given for it.
    pub(super) fn known_market(&self, symbol: &str) -> Option<MarketId> {
        self.engine.market_named(symbol)
    }

    /// Returns the market with this symbol. Without liquidity, every symbol is a market without limits.
    pub(super) fn market(&mut self, markets: &Markets, symbol: &str, now: i64) -> Result<MarketId, Refusal> {
        if let Some(id) = self.known_market(symbol) {
            return Ok(id);
        }
        let rules = match (markets.rules(symbol), self.liquidity) {
            (Some(rules), Liquidity::Simulated) => rules,
            (None, Liquidity::Simulated) => return Err(Refusal::MarketNotFound),
            (rules, Liquidity::None) => MarketRules {
                fees: rules.map(|rules| rules.fees).unwrap_or_default(),
                ..MarketRules::unlimited(symbol)
            },
        };
        match self.apply(now, &Command::AddMarket(Box::new(rules)))? {
            Outcome::Market(id) => Ok(id),
            _ => Err(Refusal::MarketNotFound),
        }
    }

    /// Returns the symbol of a market.
    pub(super) fn symbol(&self, id: MarketId) -> &str {
        self.engine.market(id).map_or("", |market| &market.rules.symbol)
    }

    /// Returns the text of an order's id.
    pub(super) fn order_id(&self, id: OrderId) -> String {
        self.orders.text(id.0)
    }

    /// Returns the text of an algo order's id.
    pub(super) fn algo_id(&self, id: AlgoId) -> String {
        self.algos.text(id.0)
    }

    /// Returns the number of an algo order's id.
    pub(super) fn algo(&self, id: &str) -> Option<AlgoId> {
        self.algos.number(id).map(AlgoId)
    }

    /// Returns the order of an account with this id.
    pub(super) fn order(&self, account: AccountId, id: &str) -> Option<&Order> {
        let order = self.engine.order(OrderId(self.orders.number(id)?))?;
        Some(order).filter(|order| order.terms.account == account)
    }
}

impl From<Refusal> for SimulatedResponse {
    fn from(refusal: Refusal) -> Self {
        let missing = matches!(
            refusal,
            Refusal::OrderNotFound | Refusal::ClientIdNotFound | Refusal::AlgoNotFound
        );
        let status = match refusal {
            _ if missing => StatusCode::NOT_FOUND,
            Refusal::TooLarge => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::error(status, refusal.code(), &refusal.to_string())
    }
}
