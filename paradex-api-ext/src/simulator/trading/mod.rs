//! Trading: the matching engine behind the requests, and what the simulator keeps beside it.

mod books;
mod changes;
mod feed;
mod ids;
mod lag;
mod liquidity;
mod log;
mod options;
mod page;
#[cfg(test)]
mod tests;
mod trades;
mod views;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use hyper::StatusCode;
use rust_decimal::Decimal;

pub(super) use books::respond_book;
pub(super) use changes::Change;
pub use liquidity::Liquidity;
pub use log::InvalidLog;
pub(super) use page::page;
pub(super) use trades::{respond_trades, trade_id};
pub(super) use views::{bust_json, respond};
pub(super) use words::{flags, kind, kind_of, side, side_of, status};

use super::clock::{MILLISECOND, nanoseconds};
use super::engine::{
    Account, AccountId, AccountKind, AlgoId, Command, Engine, Event, Kept, MarketId, MarketRules, Money,
    Order, OrderId, Outcome, Refusal,
};
use super::market::Markets;
use super::market::model::BOOK_STEP;
use super::response::SimulatedResponse;
use super::state::{Settings, seed_of};
use changes::Watch;
use ids::IdSpace;
use lag::Lag;
use log::Log;
use options::Options;

/// What a new account has.
const DEPOSIT: i64 = 1_000_000;

/// The name of the account that quotes. No address is spelled like this.
const HOUSE: &str = "house";

/// The matching engine, and the names of what is in it.
pub(super) struct Trading {
    engine: Engine,
    log: Option<Log>,
    /// The events of the last command.
    events: Vec<Event>,
    /// Trades and changes of books for WebSocket connections, each with its time. `None` while nobody listens.
    published: Option<Vec<(i64, Event)>>,
    /// The accounts whose changes WebSocket connections see.
    watch: Watch,
    lag: Lag,
    /// The fills that a test has busted, oldest first.
    busts: Vec<Bust>,
    /// The markets in which a test has quoted: their public order book is that of the orders.
    quoted_by_test: BTreeSet<MarketId>,
    /// Accounts that have placed an order.
    active: HashSet<AccountId>,
    house: Option<AccountId>,
    liquidity: Liquidity,
    /// The step at which the simulated market last quoted in a market.
    quoted: BTreeMap<MarketId, i64>,
    orders: IdSpace,
    algos: IdSpace,
    fills: IdSpace,
}

/// A fill that was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bust {
    account: AccountId,
    fill: u64,
    at: i64,
}

impl Trading {
    /// Creates the state of trading, or continues with that of a log.
    pub(super) fn open(settings: &Settings, markets: &Markets) -> Result<Self, InvalidLog> {
        let (seed, liquidity) = (settings.seed, settings.liquidity);
        let (log, engine) = match &settings.trading_log {
            Some(path) => {
                let (log, engine) = Log::open(path, &Options::new(settings, markets))?;
                (Some(log), engine)
            }
            None => (None, Engine::new(Kept::default())),
        };
        let mut trading = Self {
            engine,
            log,
            events: Vec::new(),
            published: None,
            busts: Vec::new(),
            watch: Watch::new(settings.stream.repeats_requests()),
            lag: Lag::new(nanoseconds(settings.list_delay)),
            quoted_by_test: BTreeSet::new(),
            active: HashSet::new(),
            house: None,
            liquidity,
            quoted: BTreeMap::new(),
            orders: IdSpace::new(seed_of(seed, "order")),
            algos: IdSpace::new(seed_of(seed, "algo")),
            fills: IdSpace::new(seed_of(seed, "fill")),
        };
        if let (Err(refusal), Some(path)) = (
            trading.add(HOUSE, AccountKind::House, Decimal::ZERO),
            &settings.trading_log,
        ) {
            return Err(InvalidLog::new(path, "written", refusal));
        }
        trading.house = trading.account(HOUSE);
        trading.resume_quotes(markets);
        trading.quoted_by_test = trading.quoted_markets();
        let traded = trading
            .engine
            .accounts()
            .filter(|(_, account)| !account.orders.is_empty());
        trading.active = traded.map(|(id, _)| id).collect();
        Ok(trading)
    }

    /// Adds an account, unless the log has it already.
    fn add(&mut self, name: &str, kind: AccountKind, deposit: Decimal) -> Result<(), Refusal> {
        if self.account(name).is_some() {
            return Ok(());
        }
        let deposit = Money::from_decimal(deposit).unwrap_or_default();
        let name = name.into();
        self.apply(0, &Command::AddAccount { kind, name, deposit })
            .map(drop)
    }

    /// Adds the account of an address.
    pub(super) fn add_account(&mut self, address: &str) {
        // It fails only if the log cannot be written; requests of the account are then refused.
        let _ = self.add(address, AccountKind::Trader, Decimal::from(DEPOSIT));
    }

    /// Records a command in the log, then applies it. If it cannot be recorded, it is not applied.
    pub(super) fn apply(&mut self, now: i64, command: &Command) -> Result<Outcome, Refusal> {
        self.events.clear();
        // The log has the time that counts: idle commands move the engine's time and are not in it.
        let now = now.max(self.engine.now());
        let is_idle = *command == Command::Advance && self.engine.next_due().is_none_or(|due| due > now);
        if let Some(log) = self.log.as_mut().filter(|_| !is_idle) {
            log.record(now, command)
                .map_err(|error| Refusal::LogNotWritten(error.to_string().into()))?;
        }
        let modification = self.modification(command);
        let outcome = self.engine.apply(now, command, &mut self.events);
        self.lag.keep(now, &self.engine, &self.events);
        if let Some(published) = &mut self.published {
            let public = |event: &&Event| matches!(event, Event::Level { .. } | Event::Trade(_));
            published.extend(self.events.iter().filter(public).map(|event| (now, *event)));
        }
        self.keep_changes(now, modification.filter(|_| outcome.is_ok()));
        outcome
    }

    /// Begins or stops to keep trades and changes of books for [`take_published`](Self::take_published).
    pub(super) fn set_published(&mut self, is_published: bool) {
        match is_published {
            true => drop(self.published.get_or_insert_default()),
            false => self.published = None,
        }
    }

    /// Returns whether there is something to take.
    pub(super) fn has_published(&self) -> bool {
        let published = self.published.as_ref();
        self.has_changes() || published.is_some_and(|published| !published.is_empty())
    }

    /// Returns when something happens next without a request, in nanoseconds since the Unix epoch.
    pub(super) fn next_due(&self, now: i64) -> Option<i64> {
        let interval = BOOK_STEP.saturating_mul(MILLISECOND);
        let begun = now.div_euclid(interval).saturating_mul(interval);
        let step = (!self.quoted.is_empty()).then(|| begun.saturating_add(interval));
        step.into_iter().chain(self.engine.next_due()).min()
    }

    /// Takes the trades and changes of books since the last time, each with its time.
    pub(super) fn take_published(&mut self) -> Vec<(i64, Event)> {
        self.published.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Returns whether orders trade with the simulated market.
    pub(super) fn follows_simulated_market(&self) -> bool {
        self.liquidity == Liquidity::Simulated
    }

    /// Returns whether the public order book of a market is that of the orders. Otherwise it is that of the simulated market.
    pub(super) fn shows_orders(&self, symbol: &str) -> bool {
        let is_quoted = |id| self.quoted_by_test.contains(&id);
        self.follows_simulated_market() || self.known_market(symbol).is_some_and(is_quoted)
    }

    /// Ends the log, because the simulator stops. A request that is still handled cannot change anything then.
    pub(super) fn close_log(&mut self) {
        if let Some(log) = &mut self.log {
            log.close();
        }
    }

    /// Returns the account of an address.
    pub(super) fn account(&self, address: &str) -> Option<AccountId> {
        self.engine.account_named(address)
    }

    /// Returns the address of an account.
    pub(super) fn address(&self, account: AccountId) -> &str {
        self.engine.account(account).map_or("", |account| &account.name)
    }

    /// Notes that an account has placed an order: from now on, its fills, positions and balances are real.
    pub(super) fn set_active(&mut self, account: AccountId) {
        self.active.insert(account);
    }

    /// Notes that a fill was busted. Returns the address of its account, or `None` if there is no such fill.
    pub(super) fn bust(&mut self, id: &str, now: i64) -> Option<String> {
        let fill = self.fills.number(id)?;
        let mut accounts = self.engine.accounts();
        let has = |account: &Account| account.fills.iter().any(|found| found.id == fill);
        let (account, found) = accounts.find(|(_, account)| has(account))?;
        let address = found.name.to_string();
        self.busts.push(Bust {
            account,
            fill,
            at: now,
        });
        Some(address)
    }

    /// Returns the engine.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns an order as lists show it, or `None` if they do not show it yet.
    pub(super) fn listed<'a>(&'a self, order: &'a Order, now: i64) -> Option<&'a Order> {
        self.lag.shown(order, now)
    }

    /// Returns the events of the last command.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the market with this symbol, if an order or a price was ever given for it.
    pub(super) fn known_market(&self, symbol: &str) -> Option<MarketId> {
        self.engine.market_named(symbol)
    }

    /// Returns the market with this symbol. Without liquidity, it has no limits.
    pub(super) fn market(&mut self, markets: &Markets, symbol: &str, now: i64) -> Result<MarketId, Refusal> {
        if let Some(id) = self.known_market(symbol) {
            return Ok(id);
        }
        let rules = markets.rules(symbol)?;
        let rules = match self.liquidity {
            Liquidity::Simulated => rules,
            Liquidity::None => MarketRules {
                fees: rules.fees,
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
        let missing = matches!(refusal, Refusal::OrderNotFound | Refusal::AlgoNotFound);
        let status = match refusal {
            _ if missing => StatusCode::NOT_FOUND,
            Refusal::TooLarge | Refusal::LogNotWritten(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::error(status, refusal.code(), &refusal.to_string())
    }
}
