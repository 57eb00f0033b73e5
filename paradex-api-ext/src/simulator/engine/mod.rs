//! A matching engine: commands in, events out.
//!
//! It is a pure state machine. It has no clock, no sockets and no randomness: the caller passes the time with each command, and
//! the same commands give the same state. A refused command changes nothing.
//!
//! The documentation of [`simulator`](super#trading) says what it does as the exchange does, and what it simplifies.

mod account;
mod book;
mod cancel;
mod command;
mod event;
mod house;
mod ids;
mod liquidation;
mod log;
mod margin;
mod market;
mod matching;
mod modify;
mod number;
mod order;
mod place;
mod position;
mod prices;
mod reduce_only;
mod refusal;
mod settle;
// The benchmark includes this module without the feature.
#[cfg(all(test, feature = "simulator"))]
mod tests;
mod timers;
mod triggers;
mod twap;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

#[allow(unused_imports, reason = "the tests and the benchmark name more")]
mod names {
    pub(crate) use super::account::{Account, AccountKind, Holding};
    pub(crate) use super::book::{Bbo, Book, Depth, Level};
    pub(crate) use super::command::{Command, NewTwap, Outcome};
    pub(crate) use super::event::{Cause, Event, Fill, FundingPayment, Liquidity, OrderUpdate};
    pub(crate) use super::ids::{AccountId, AlgoId, MarketId, OrderId, TradeId};
    pub(crate) use super::log::{ReplayError, log_line, replay};
    pub(crate) use super::margin::Margin;
    pub(crate) use super::market::{Fees, MakerTaker, Market, MarketRules, Prices, Trade};
    pub(crate) use super::number::{Money, Price, Rate, Size};
    pub(crate) use super::order::{
        CancelReason, Execution, Instruction, NewOrder, Order, OrderKind, SelfTradePrevention, Side, Status,
        TriggerWhen,
    };
    pub(crate) use super::position::Position;
    pub(crate) use super::refusal::Refusal;
    pub(crate) use super::twap::Algo;
}

pub(crate) use names::*;

use ids::{Counters, next};

/// How much history is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Kept {
    /// Closed orders of an account, and as many closed algo orders and liquidations.
    pub(crate) closed_orders: usize,
    /// Fills of an account.
    pub(crate) fills: usize,
    /// Funding payments of an account.
    pub(crate) funding: usize,
    /// Trades of a market.
    pub(crate) trades: usize,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            closed_orders: 100_000,
            fills: 100_000,
            funding: 10_000,
            trades: 10_000,
        }
    }
}

/// Sums over all accounts, which show that no money is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Totals {
    /// What accounts began with.
    pub(crate) deposits: Money,
    /// Fees paid.
    pub(crate) fees: Money,
    /// Funding paid, less funding received. It is not 0 while some accounts have not realized theirs.
    pub(crate) funding: Money,
    /// The value of all fills and payments, which limits every sum.
    turnover: Money,
}

/// The matching engine.
///
/// [`apply`](Self::apply) is the only way to change it.
#[derive(Debug)]
pub(crate) struct Engine {
    kept: Kept,
    now: i64,
    counters: Counters,
    markets: Vec<Market>,
    accounts: Vec<Account>,
    account_numbers: BTreeMap<Box<str>, AccountId>,
    orders: BTreeMap<OrderId, Order>,
    algos: BTreeMap<AlgoId, Algo>,
    /// When the active algo orders place their next parts, in nanoseconds since the Unix epoch.
    timers: BTreeSet<(i64, AlgoId)>,
    totals: Totals,
    /// The events of the current command.
    events: Vec<Event>,
    /// The markets whose books the current command changed.
    touched: Vec<MarketId>,
}

impl Engine {
    /// Creates an engine without markets and accounts.
    pub(crate) fn new(kept: Kept) -> Self {
        Self {
            kept,
            now: 0,
            counters: Counters::default(),
            markets: Vec::new(),
            accounts: Vec::new(),
            account_numbers: BTreeMap::new(),
            orders: BTreeMap::new(),
            algos: BTreeMap::new(),
            timers: BTreeSet::new(),
            totals: Totals::default(),
            events: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Does what is due by `now`, then applies a command. The events are added to `events`.
    ///
    /// `now` is in nanoseconds since the Unix epoch. The engine's time never goes back: an earlier time counts as the last one.
    ///
    /// # Errors
    ///
    /// Fails if the command is refused. It has then changed nothing; what was due before it is done.
    pub(crate) fn apply(
        &mut self,
        now: i64,
        command: &Command,
        events: &mut Vec<Event>,
    ) -> Result<Outcome, Refusal> {
        std::mem::swap(&mut self.events, events);
        self.run_timers(now);
        let outcome = self.dispatch(command);
        self.publish();
        std::mem::swap(&mut self.events, events);
        outcome
    }

    fn dispatch(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        match command {
            Command::AddMarket(rules) => self.add_market(rules),
            Command::AddAccount { kind, name, deposit } => self.add_account(*kind, name, *deposit),
            Command::SetPrices {
                market,
                mark,
                index,
                funding_rate,
            } => self.set_prices(*market, *mark, *index, *funding_rate),
            Command::Place(order) => self.place(order),
            Command::Modify {
                account,
                order,
                size,
                price,
                trigger,
                signed_at,
            } => self.modify(*account, *order, *size, *price, *trigger, *signed_at),
            Command::Cancel { account, order } => self.cancel(*account, *order),
            Command::CancelAll { account, market } => self.cancel_all(*account, *market),
            Command::CancelDisconnected { account, orders } => self.cancel_disconnected(*account, orders),
            Command::StartTwap(twap) => self.start_twap(twap),
            Command::CancelAlgo { account, algo } => self.cancel_algo(*account, *algo),
            Command::Quote {
                account,
                market,
                bids,
                asks,
            } => self.quote(*account, *market, bids, asks),
            Command::Advance => Ok(Outcome::Done),
        }
    }

    fn add_market(&mut self, rules: &MarketRules) -> Result<Outcome, Refusal> {
        if !rules.are_valid() {
            return Err(Refusal::OutOfRange("rules: a value is out of its range"));
        }
        if self.market_named(&rules.symbol).is_some() {
            return Err(Refusal::OutOfRange("symbol: another market has the same one"));
        }
        let id = u32::try_from(self.markets.len()).map_err(|_| Refusal::TooLarge)?;
        self.markets.push(Market::new(rules.clone()));
        Ok(Outcome::Market(MarketId(id)))
    }

    fn add_account(&mut self, kind: AccountKind, name: &str, deposit: Money) -> Result<Outcome, Refusal> {
        if self.account_named(name).is_some() {
            return Err(Refusal::OutOfRange("name: another account has the same one"));
        }
        if deposit.0 < 0 || deposit.abs() > Money(10_i128.pow(30)) {
            return Err(Refusal::OutOfRange("deposit: must be 0 to 100000000000000"));
        }
        let id = u32::try_from(self.accounts.len()).map_err(|_| Refusal::TooLarge)?;
        self.accounts.push(Account::new(name, kind, deposit, self.now));
        self.totals.deposits = self.totals.deposits.plus(deposit);
        self.account_numbers.insert(name.into(), AccountId(id));
        Ok(Outcome::Account(AccountId(id)))
    }

    fn change_balance(&mut self, account: AccountId, by: Money) {
        let (now, seq_no) = (self.now, next(&mut self.counters.events));
        if let Some(found) = self.account_mut(account) {
            found.balance = found.balance.plus(by);
            found.updated_at = now;
            let balance = found.balance;
            self.events.push(Event::Balance {
                account,
                balance,
                seq_no,
            });
        }
    }

    /// Ends a command: publishes the changes of books.
    fn publish(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        for market in &touched {
            let (now, events) = (self.now, &mut self.events);
            let Some(found) = self.markets.get_mut(market.0 as usize) else {
                continue;
            };
            let bbo = found.book.publish(now, |seq, side, price, depth| {
                events.push(Event::Level {
                    market: *market,
                    seq,
                    side,
                    price,
                    size: depth.size,
                    interactive_size: depth.total(),
                });
            });
            if let Some(Bbo { bid, ask }) = bbo {
                let seq = found.book.seq;
                events.push(Event::Bbo {
                    market: *market,
                    seq,
                    bid,
                    ask,
                });
            }
        }
        touched.clear();
        self.touched = touched;
    }

    /// Notes that the current command changes a book.
    fn touch(&mut self, market: MarketId) {
        if !self.touched.contains(&market) {
            self.touched.push(market);
        }
    }

    /// Returns the time of the last command, in nanoseconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Returns a market.
    pub(crate) fn market(&self, id: MarketId) -> Option<&Market> {
        self.markets.get(id.0 as usize)
    }

    /// Returns all markets, with their ids.
    pub(crate) fn markets(&self) -> impl Iterator<Item = (MarketId, &Market)> {
        (0..).map(MarketId).zip(&self.markets)
    }

    /// Returns the market with this symbol.
    pub(crate) fn market_named(&self, symbol: &str) -> Option<MarketId> {
        let index = self
            .markets
            .iter()
            .position(|market| &*market.rules.symbol == symbol)?;
        u32::try_from(index).ok().map(MarketId)
    }

    fn market_mut(&mut self, id: MarketId) -> Option<&mut Market> {
        self.markets.get_mut(id.0 as usize)
    }

    /// Returns an account.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(id.0 as usize)
    }

    /// Returns the account with this name.
    pub(crate) fn account_named(&self, name: &str) -> Option<AccountId> {
        self.account_numbers.get(name).copied()
    }

    /// Returns all accounts, with their ids.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        (0..).map(AccountId).zip(&self.accounts)
    }

    fn account_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.accounts.get_mut(id.0 as usize)
    }

    fn holding_mut(&mut self, account: AccountId, market: MarketId) -> Option<&mut Holding> {
        Some(self.account_mut(account)?.holdings.entry(market).or_default())
    }

    /// Returns an order, unless it was closed so long ago that it is no longer kept.
    pub(crate) fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Returns the algo orders of an account that are kept, oldest first.
    pub(crate) fn algos_of(&self, account: AccountId) -> impl DoubleEndedIterator<Item = &Algo> {
        let algos = self.account(account).map(|account| &account.algos);
        algos.into_iter().flatten().filter_map(|id| self.algos.get(id))
    }

    /// Returns an algo order.
    pub(crate) fn algo(&self, id: AlgoId) -> Option<&Algo> {
        self.algos.get(&id)
    }

    /// Returns sums over all accounts.
    #[cfg(test)]
    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Returns when the engine has something to do, in nanoseconds since the Unix epoch.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Returns a hash of the state. Two engines that applied the same commands at the same times have the same one.
    #[cfg(test)]
    pub(crate) fn state_hash(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};

        let mut hasher = DefaultHasher::new();
        let Self {
            kept,
            now,
            counters,
            markets,
            accounts,
            account_numbers,
            orders,
            algos,
            timers,
            totals,
            events: _,
            touched: _,
        } = self;
        (kept, now, counters, markets, accounts, account_numbers).hash(&mut hasher);
        (orders, algos, timers, totals).hash(&mut hasher);
        hasher.finish()
    }
}
