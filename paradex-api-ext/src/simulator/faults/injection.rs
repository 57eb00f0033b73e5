//! Which requests a fault hits.

use std::time::Duration;

use paradex_api::Operation;
use paradex_api::testing::{Document, Operation as DocumentOperation};

use super::{Fault, Kind, edits};
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
    operation: Option<&'static Operation>,
    /// The beginning of the channels' names.
    channel: Option<String>,
    times: usize,
    skip: usize,
    probability: Option<Probability>,
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
            operation: None,
            channel: None,
            times: 1,
            skip: 0,
            probability: None,
        }
    }

    /// Hits only requests of this operation.
    pub fn on(mut self, operation: &'static Operation) -> Self {
        self.operation = Some(operation);
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

    /// Counts something that matches, and returns whether it is hit.
    pub(super) fn hits(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.times == 0 || !self.probability.as_mut().is_none_or(Probability::hits) {
            return false;
        }
        self.times -= 1;
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
        let mut active = Vec::new();
        injections.retain_mut(|injection| {
            let is_stream = matches!(injection.fault.0, Kind::Stream(_));
            if is_stream || injection.operation.is_some() && injection.operation != operation {
                return true;
            }
            if injection.hits() {
                active.push(injection.fault.clone());
            }
            injection.is_left()
        });
        Self(active)
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
