//! Which requests a fault hits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paradex_api::Operation;
use paradex_api::stream::Method;
use paradex_api::testing::{Document, Operation as DocumentOperation};
use serde_json::Value;

use super::{Fault, Kind, SocketFault, edits};
use crate::simulator::Simulator;
use crate::simulator::log::LoggedRequest;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::sample_responses::edit;
use crate::simulator::server::Ending;
use crate::simulator::state::mixed;

/// Selects the requests that a [`Fault`] hits. By default it is the next request, whatever its operation.
///
/// ```
/// use paradex_api_ext::paradex_api::operations;
/// use paradex_api_ext::simulator::{Fault, Injection};
///
/// // The first request that lists tokens succeeds, and the second and third fail.
/// let injection = Injection::new(Fault::reset_before())
///     .on(&operations::LIST_TOKENS)
///     .skip(1)
///     .times(2);
/// ```
#[derive(Debug, Clone)]
pub struct Injection {
    fault: Fault,
    target: Option<InjectionTarget>,
    /// The beginning of the channels' names.
    channel: Option<String>,
    times: usize,
    skip: usize,
    probability: Option<Probability>,
    hits: InjectionHits,
}

/// How often an [`Injection`] has hit; see [`Injection::hits`].
#[derive(Debug, Clone, Default)]
pub struct InjectionHits(Arc<AtomicUsize>);

impl InjectionHits {
    /// Returns the number of requests, events or subscriptions that were hit.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an [`Injection`] hits: requests of an operation, or of a method of the WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InjectionTarget(Target);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Operation(&'static Operation),
    Method(&'static Method),
}

impl From<&'static Operation> for InjectionTarget {
    fn from(operation: &'static Operation) -> Self {
        Self(Target::Operation(operation))
    }
}

impl From<&'static Method> for InjectionTarget {
    fn from(method: &'static Method) -> Self {
        Self(Target::Method(method))
    }
}

/// Hits requests at random. Seed and order of the requests determine which.
#[derive(Debug, Clone, Copy)]
struct Probability {
    percent: u8,
    state: u64,
}

impl Probability {
    /// Draws the next random number (SplitMix64).
    fn hits(&mut self) -> bool {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.state) % 100 < u64::from(self.percent)
    }
}

impl Injection {
    /// Hits the next request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            target: None,
            channel: None,
            times: 1,
            skip: 0,
            probability: None,
            hits: InjectionHits::default(),
        }
    }

    /// Returns the counter of what it hits, to read after it was injected. Clones of the injection count together.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::paradex_api::Client;
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let simulator = Simulator::start().await?;
    /// let injection = Injection::new(Fault::reset_before());
    /// let hits = injection.hits();
    /// simulator.inject(injection);
    /// assert!(Client::new(simulator.base_url())?.list_markets().send().await.is_err());
    /// assert_eq!(hits.count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "count")]
    pub fn hits(&self) -> InjectionHits {
        self.hits.clone()
    }

    /// Hits only requests of this operation, or requests of this method over a WebSocket.
    ///
    /// On a method, most faults of requests act as over HTTP: a response is refused, delayed, edited or lost, or the connection
    /// breaks. Delays are then by the simulator's clock. [`truncated`](Fault::truncated), [`drip`](Fault::drip) and
    /// [`unknown_enum_values`](Fault::unknown_enum_values) have no effect.
    ///
    /// ```
    /// use paradex_api_ext::paradex_api::{operations, stream::methods};
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let over_http = Injection::new(Fault::reset_after()).on(&operations::CREATE_ORDER);
    /// let over_websocket = Injection::new(Fault::reset_after()).on(&methods::ORDER_CREATE);
    /// ```
    pub fn on(mut self, target: impl Into<InjectionTarget>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Hits only events of this channel, or of all channels that begin with these parts.
    ///
    /// `order_book` selects all order books, and `order_book.BTC-USD-PERP` those of a market. It has no effect on faults of
    /// requests.
    ///
    /// ```
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let injection = Injection::new(Fault::duplicate_event()).on_channel("order_book.BTC-USD-PERP").times(3);
    /// ```
    #[doc(alias = "websocket")]
    pub fn on_channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Hits this many requests. Default: 1.
    #[doc(alias = "repeat")]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Skips this many requests first.
    #[doc(alias = "after")]
    pub fn skip(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Hits each request with this probability in percent, without end unless [`times`](Self::times) is set afterwards.
    ///
    /// The seed determines which requests are hit: the same requests in the same order are hit again.
    ///
    /// ```
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let one_in_twenty = Injection::new(Fault::truncated()).with_probability(5, 42);
    /// ```
    #[doc(alias = "random")]
    #[doc(alias = "chance")]
    pub fn with_probability(mut self, percent: u8, seed: u64) -> Self {
        self.times = usize::MAX;
        self.probability = Some(Probability {
            percent,
            state: mixed(seed),
        });
        self
    }
}

impl Injection {
    pub(super) fn fault(&self) -> &Fault {
        &self.fault
    }

    pub(super) fn matches_channel(&self, channel: &str) -> bool {
        let Some(wanted) = &self.channel else {
            return true;
        };
        let rest = channel.strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '@']))
    }

    /// Returns whether it hits requests over HTTP, of this operation.
    fn matches_operation(&self, operation: Option<&Operation>) -> bool {
        let is_http = !matches!(self.fault.0, Kind::Stream(_) | Kind::Socket(_));
        is_http
            && match self.target {
                None => true,
                Some(InjectionTarget(Target::Operation(wanted))) => Some(wanted) == operation,
                Some(InjectionTarget(Target::Method(_))) => false,
            }
    }

    /// Returns whether it hits requests of a method of the WebSocket.
    fn matches_method(&self, method: &str) -> bool {
        let is_wanted = match self.target {
            Some(InjectionTarget(Target::Method(wanted))) => Some(wanted.name == method),
            Some(InjectionTarget(Target::Operation(_))) => Some(false),
            None => None,
        };
        match self.fault.0 {
            Kind::Stream(_) | Kind::Socket(SocketFault::KeepOrders) => false,
            Kind::Socket(_) => is_wanted.unwrap_or(true),
            // Without a method, it is meant for HTTP.
            _ => is_wanted.unwrap_or(false),
        }
    }

    /// Counts something that matches, and returns whether it is hit.
    pub(super) fn is_hit(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.times == 0 || !self.probability.as_mut().is_none_or(Probability::hits) {
            return false;
        }
        self.times -= 1;
        self.hits.0.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Returns whether it can hit anything more.
    pub(super) fn is_left(&self) -> bool {
        self.times > 0
    }
}

impl From<Fault> for Injection {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

/// The faults of one request, in the order in which they were injected.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct ActiveFaults(Vec<Fault>);

impl ActiveFaults {
    /// Counts a request in all injections that match it, and removes those that are used up.
    pub(in crate::simulator) fn take(injections: &mut Vec<Injection>, operation: Option<&Operation>) -> Self {
        Self::take_if(injections, |injection| injection.matches_operation(operation))
    }

    /// The same for a request over a WebSocket.
    pub(in crate::simulator) fn take_for_method(injections: &mut Vec<Injection>, method: &str) -> Self {
        Self::take_if(injections, |injection| injection.matches_method(method))
    }

    fn take_if(injections: &mut Vec<Injection>, matches: impl Fn(&Injection) -> bool) -> Self {
        let mut active = Vec::new();
        injections.retain_mut(|injection| {
            if !matches(injection) {
                return true;
            }
            if injection.is_hit() {
                active.push(injection.fault.clone());
            }
            injection.is_left()
        });
        Self(active)
    }

    /// Returns whether a fault of a request over a WebSocket has hit.
    pub(in crate::simulator) fn has_socket(&self, wanted: SocketFault) -> bool {
        self.0
            .iter()
            .any(|fault| matches!(fault.0, Kind::Socket(found) if found == wanted))
    }

    /// The code with which the connection is closed before the request is handled, or after it.
    pub(in crate::simulator) fn close(&self, before: bool) -> Option<u16> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::Socket(SocketFault::CloseBefore(code)) if before => Some(code),
            Kind::Socket(SocketFault::CloseAfter(code)) if !before => Some(code),
            _ => None,
        })
    }

    /// The response that replaces that of a handled request.
    pub(in crate::simulator) fn response_after(&self) -> Option<&SimulatedResponse> {
        self.0.iter().rev().find_map(|fault| match &fault.0 {
            Kind::RespondAfter(response) => Some(response),
            _ => None,
        })
    }

    /// Edits the response of a method.
    pub(in crate::simulator) fn edit_method(&self, response: &mut Value) {
        for fault in &self.0 {
            match &fault.0 {
                Kind::Nulls(depth) => {
                    if let Some(result) = response.get_mut("result") {
                        edits::nulls(result, *depth);
                    }
                }
                Kind::Edit(by) => by(response),
                _ => {}
            }
        }
    }

    fn has(&self, wanted: fn(&Kind) -> bool) -> bool {
        self.0.iter().any(|fault| wanted(&fault.0))
    }

    pub(in crate::simulator) fn reset_before(&self) -> bool {
        self.has(|kind| matches!(kind, Kind::ResetBefore))
    }

    /// How the connection ends without a response.
    pub(in crate::simulator) fn ending(&self) -> Option<Ending> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::End(ending) => Some(ending),
            _ => None,
        })
    }

    pub(in crate::simulator) fn truncated(&self) -> bool {
        self.has(|kind| matches!(kind, Kind::Truncated))
    }

    /// The pause after each byte of the body.
    pub(in crate::simulator) fn drip(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::Drip(pause) => Some(pause),
            _ => None,
        })
    }

    /// How long the response is delayed.
    pub(in crate::simulator) fn delay_after(&self) -> Duration {
        self.0.iter().fold(Duration::ZERO, |sum, fault| match &fault.0 {
            Kind::DelayAfter(duration) => sum.saturating_add(*duration),
            _ => sum,
        })
    }

    /// How long the handling is delayed.
    pub(in crate::simulator) fn delay_before(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::DelayBefore(duration) => Some(duration),
            _ => None,
        })
    }

    /// The closures that run before the request is handled.
    pub(in crate::simulator) fn run_before(
        &self,
    ) -> impl Iterator<Item = &(dyn Fn(&Simulator) + Send + Sync)> {
        self.0.iter().filter_map(|fault| match &fault.0 {
            Kind::RunBefore(action) => Some(&**action),
            _ => None,
        })
    }

    /// The response to a request that is not handled.
    pub(in crate::simulator) fn response_before(&self, request: &LoggedRequest) -> Option<SimulatedResponse> {
        self.0.iter().find_map(|fault| match &fault.0 {
            Kind::RespondBefore(response) => Some(response.clone()),
            Kind::Echo(status) => Some(edits::echo(*status, request)),
            _ => None,
        })
    }

    /// Edits the response of a handled request.
    pub(in crate::simulator) fn edit(
        &self,
        response: &mut SimulatedResponse,
        document: &Document,
        operation: Option<&DocumentOperation>,
    ) {
        let success = response.status.is_success();
        for fault in &self.0 {
            match &fault.0 {
                Kind::UnknownEnumValues if success => {
                    if let Some(schema) = operation.and_then(edits::response_schema) {
                        edit(response, |body| {
                            edits::unknown_enum_values(document, schema, body, 0)
                        });
                    }
                }
                Kind::Nulls(depth) if success => edit(response, |body| edits::nulls(body, *depth)),
                Kind::Edit(by) => edit(response, |body| by(body)),
                Kind::RespondAfter(instead) => *response = instead.clone(),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paradex_api::operations;

    use super::{ActiveFaults, Injection};
    use crate::simulator::faults::Fault;

    #[test]
    fn injection_skips_counts_and_is_used_up() {
        let list = &operations::LIST_TOKENS;
        let fault = Fault::delay_after(Duration::ZERO);
        let mut injections = vec![
            Injection::new(fault.clone()).on(list).skip(1).times(2),
            Injection::new(fault).times(0),
        ];
        let mut hit = |operation| ActiveFaults::take(&mut injections, operation).0.len();
        assert_eq!(hit(Some(&operations::LIST_MARKETS)), 0);
        assert_eq!(hit(None), 0);
        assert_eq!([(); 4].map(|()| hit(Some(list))), [0, 1, 1, 0]);
        assert!(injections.is_empty());
    }

    #[test]
    fn probability_is_kept_and_depends_on_the_seed_alone() {
        let hits = |seed| {
            let mut injections = vec![Injection::new(Fault::truncated()).with_probability(5, seed)];
            let hit = std::iter::repeat_with(|| ActiveFaults::take(&mut injections, None).truncated());
            hit.take(10_000).collect::<Vec<bool>>()
        };
        let number = hits(1).into_iter().filter(|is_hit| *is_hit).count();
        assert!((400..600).contains(&number), "{number}");
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
    }
}
