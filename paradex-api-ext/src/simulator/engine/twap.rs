//! TWAP orders: a size is split into market orders over time.

use super::Engine;
use super::command::{NewTwap, Outcome};
use super::event::Event;
use super::ids::{AccountId, AlgoId, next};
use super::number::Size;
use super::order::{CancelReason, Execution, Instruction, NewOrder, Status};
use super::refusal::Refusal;

/// How many active algo orders an account may have. The exchange publishes no limit.
const MOST_ACTIVE: usize = 100;

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// An algo order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Algo {
    /// The id.
    pub(crate) id: AlgoId,
    /// What it asks for.
    pub(crate) terms: NewTwap,
    /// The status: `Open` or `Closed`.
    pub(crate) status: Status,
    /// Why it was closed, unless it ran to its end.
    pub(crate) reason: Option<CancelReason>,
    /// How far it is filled.
    pub(crate) execution: Execution,
    /// When it was placed, in nanoseconds since the Unix epoch.
    pub(crate) created_at: i64,
    /// When it ends, in nanoseconds since the Unix epoch.
    pub(crate) end_at: i64,
    /// When it last changed, in nanoseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// How many parts are left.
    left: u32,
    /// When it places its next part or ends, in nanoseconds since the Unix epoch.
    next_at: i64,
}

impl Engine {
    pub(super) fn start_twap(&mut self, twap: &NewTwap) -> Result<Outcome, Refusal> {
        if !(30..=86_400).contains(&twap.duration) || !twap.duration.is_multiple_of(30) {
            return Err(Refusal::OutOfRange(
                "duration_seconds: must be a multiple of 30, between 30 and 86400",
            ));
        }
        if !(1..=twap.duration).contains(&twap.frequency) {
            return Err(Refusal::OutOfRange(
                "frequency: must be above 0 and at most duration_seconds",
            ));
        }
        self.validate(&part(twap, twap.size))?;
        let found = self.account(twap.account).ok_or(Refusal::AccountNotFound)?;
        if found.live_algos.len() >= MOST_ACTIVE {
            return Err(Refusal::TooManyAlgos(MOST_ACTIVE));
        }
        let id = AlgoId(next(&mut self.counters.algos));
        let end_at = self
            .now
            .saturating_add(i64::from(twap.duration).saturating_mul(SECOND));
        let algo = Algo {
            id,
            terms: twap.clone(),
            status: Status::Open,
            reason: None,
            execution: Execution::new(twap.size),
            created_at: self.now,
            end_at,
            updated_at: self.now,
            left: twap.duration.checked_div(twap.frequency).unwrap_or(1),
            next_at: self.now,
        };
        self.algos.insert(id, algo);
        if let Some(found) = self.account_mut(twap.account) {
            found.algos.insert(id);
            found.live_algos.insert(id);
        }
        self.place_slice(id);
        Ok(Outcome::Algo(id))
    }

    /// Places the next part of an algo order, or ends it.
    pub(super) fn place_slice(&mut self, id: AlgoId) {
        let now = self.now;
        let Some(algo) = self.algos.get_mut(&id).filter(|algo| algo.status == Status::Open) else {
            return;
        };
        if algo.left == 0 || algo.execution.remaining.0 == 0 {
            self.close_algo(id, None);
            return;
        }
        let left = i64::from(algo.left);
        algo.left = algo.left.saturating_sub(1);
        let (terms, remaining) = (algo.terms.clone(), algo.execution.remaining);
        let next_at = match algo.left {
            0 => algo.end_at,
            _ => now.saturating_add(i64::from(terms.frequency).saturating_mul(SECOND)),
        };
        algo.next_at = next_at;
        let Some(market) = self.market(terms.market) else {
            return;
        };
        let increment = market.rules.increment.0.max(1);
        let share = remaining.0.checked_div(left).unwrap_or(0);
        let size = if left == 1 {
            remaining
        } else {
            Size(share.saturating_sub(share % increment))
        };
        if size.0 > 0 {
            self.submit(part(&terms, size), Some(id));
        }
        if self
            .algos
            .get(&id)
            .is_some_and(|algo| algo.execution.remaining.0 == 0)
        {
            self.close_algo(id, None);
        } else {
            self.timers.insert((next_at, id));
            self.algo_updated(id);
        }
    }

    pub(super) fn cancel_algo(&mut self, account: AccountId, id: AlgoId) -> Result<Outcome, Refusal> {
        let found = self.algos.get(&id).filter(|algo| algo.terms.account == account);
        found
            .filter(|algo| algo.status == Status::Open)
            .ok_or(Refusal::AlgoNotFound)?;
        self.close_algo(id, Some(CancelReason::UserCanceled));
        Ok(Outcome::Algo(id))
    }

    /// Closes an active algo order.
    pub(super) fn close_algo(&mut self, id: AlgoId, reason: Option<CancelReason>) {
        let Some(algo) = self.algos.get_mut(&id) else {
            return;
        };
        algo.status = Status::Closed;
        algo.reason = reason;
        let (account, next_at) = (algo.terms.account, algo.next_at);
        self.timers.remove(&(next_at, id));
        self.algo_updated(id);
        let kept = self.kept.closed_orders;
        let Some(found) = self.account_mut(account) else {
            return;
        };
        found.live_algos.remove(&id);
        found.closed_algos.push_back(id);
        let mut dropped = Vec::new();
        while found.closed_algos.len() > kept {
            let Some(oldest) = found.closed_algos.pop_front() else {
                break;
            };
            found.algos.remove(&oldest);
            dropped.push(oldest);
        }
        for algo in dropped {
            self.algos.remove(&algo);
        }
    }

    fn algo_updated(&mut self, id: AlgoId) {
        let now = self.now;
        let Some(algo) = self.algos.get_mut(&id) else {
            return;
        };
        algo.updated_at = now;
        let account = algo.terms.account;
        self.events.push(Event::Algo { account, algo: id });
    }
}

/// Returns a part of a TWAP order.
fn part(twap: &NewTwap, size: Size) -> NewOrder {
    NewOrder {
        instruction: Instruction::Ioc,
        interactive: twap.interactive,
        ..NewOrder::market(twap.account, twap.market, twap.side, size)
    }
}
