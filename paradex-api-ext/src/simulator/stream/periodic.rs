//! Channels that send at intervals: summaries, funding data and the comparison of funding rates.

use std::sync::Arc;

use paradex_api::sbe::FundingRateSource;
use rust_decimal::Decimal;

use super::channel::{Channel, Scope};
use super::item::{ComparisonItem, FundingItem, Item, SummaryItem};
use super::socket::Socket;
use crate::simulator::clock::{MILLISECOND, SECOND};
use crate::simulator::market::model::{Market, step};
use crate::simulator::market::{self, Markets};

/// How often summaries are sent. It is not published.
const SUMMARY_INTERVAL: i64 = SECOND;

/// How often funding data is sent.
const FUNDING_INTERVAL: i64 = 5 * SECOND;

/// The venues of the comparison, each with its difference to the rate here in millionths of a period.
const VENUES: [(FundingRateSource, i64); 4] = [
    (FundingRateSource::Paradex, 0),
    (FundingRateSource::Binance, 3),
    (FundingRateSource::Bybit, -2),
    (FundingRateSource::Hyperliquid, 7),
];

/// When the channels last sent.
#[derive(Debug, Default)]
pub(super) struct Periodic {
    last: Option<i64>,
}

/// Returns the interval of a channel, if it sends at intervals.
fn interval(channel: &Channel) -> Option<i64> {
    match channel {
        Channel::Summary(_) => Some(SUMMARY_INTERVAL),
        Channel::Funding(_) => Some(FUNDING_INTERVAL),
        Channel::FundingComparison(interval) => Some(interval.saturating_mul(MILLISECOND)),
        _ => None,
    }
}

fn channels(sockets: &[Socket]) -> impl Iterator<Item = (&Channel, i64)> {
    let open = sockets.iter().filter(|socket| !socket.is_finished);
    let subscriptions = open.flat_map(|socket| &socket.subscriptions);
    subscriptions.filter_map(|found| Some((&found.channel, interval(&found.channel)?)))
}

impl Periodic {
    /// Returns what is sent by now, with the channel that gets it. Intervals that were missed are not made up for.
    pub(super) fn take(&mut self, sockets: &[Socket], markets: &Markets, now: i64) -> Vec<(Channel, Item)> {
        let last = self.last.replace(now).unwrap_or(now);
        let mut due: Vec<&Channel> = Vec::new();
        for (channel, interval) in channels(sockets) {
            if now.div_euclid(interval) > last.div_euclid(interval) && !due.contains(&channel) {
                due.push(channel);
            }
        }
        let items = due.into_iter().flat_map(|channel| {
            let items = current(channel, markets, now);
            items.into_iter().map(|item| (channel.clone(), item))
        });
        items.collect()
    }

    /// Returns when something is sent next.
    pub(super) fn next_due(&self, sockets: &[Socket], now: i64) -> Option<i64> {
        channels(sockets).map(|(_, interval)| next(interval, now)).min()
    }
}

/// Returns when the next of equal intervals begins.
pub(super) fn next(interval: i64, now: i64) -> i64 {
    step(now, interval).saturating_add(interval)
}

/// Returns what such a channel shows now.
pub(super) fn current(channel: &Channel, markets: &Markets, now: i64) -> Vec<Item> {
    let time = now / MILLISECOND;
    let of = |scope: &Scope, item: &dyn Fn(&Market) -> Option<Item>| -> Vec<Item> {
        let specs = markets.specs();
        let covered = specs.filter(|spec| scope.covers(&spec.symbol, spec.option_base()));
        let found = covered.filter_map(|spec| markets.get(&spec.symbol));
        found.filter_map(item).collect()
    };
    match channel {
        Channel::Summary(scope) => of(scope, &|market| {
            Some(Item::Summary(SummaryItem {
                market: Arc::from(market.spec.symbol.as_str()),
                data: market::summary(market, time),
            }))
        }),
        Channel::Funding(scope) => of(scope, &|market| {
            Some(Item::Funding(FundingItem {
                market: Arc::from(market.spec.symbol.as_str()),
                period_hours: market.spec.funding_period_hours,
                funding: market.funding(time)?,
            }))
        }),
        Channel::FundingComparison(_) => VENUES
            .into_iter()
            .flat_map(|(venue, millionths)| {
                of(&Scope::All, &|market| comparison(market, venue, millionths, now))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn comparison(market: &Market, venue: FundingRateSource, millionths: i64, now: i64) -> Option<Item> {
    let funding = market.funding(now / MILLISECOND)?;
    let rate = funding.rate.checked_add(Decimal::new(millionths, 6))?;
    let hours = Decimal::from(market.spec.funding_period_hours);
    Some(Item::Comparison(ComparisonItem {
        market: Arc::from(market.spec.symbol.as_str()),
        at: funding.created_at.saturating_mul(MILLISECOND),
        asset_kind: market.spec.asset_kind.clone(),
        venue,
        hourly_rate: rate.checked_div(hours)?.round_dp(12),
    }))
}
