//! When a call is made once more. Pure decisions, no IO.

use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::{Operation, operations};

use crate::pipeline::operation_class::holds;
use crate::pipeline::outcome::{Ambiguity, NotSent, Outcome};

/// How often a call is tried, and how long it waits in between.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::RetryPolicy;
///
/// let patient = RetryPolicy::new().attempts(6).longest_wait(Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
}

impl RetryPolicy {
    /// Three attempts, and waits of up to 200 ms, then up to 400 ms.
    pub const fn new() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }

    /// One attempt.
    pub const fn none() -> Self {
        Self::new().attempts(1)
    }

    /// The attempts in all; 0 counts as 1.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The longest wait before the second attempt. It doubles with each further one, and what is waited is a random part of
    /// it, so that many clients do not come back together.
    pub const fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// What no wait of ours exceeds. One that the exchange asks for is kept all the same.
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Whether another attempt may follow after this many.
    pub(crate) fn allows(self, made: u32) -> bool {
        made < self.attempts
    }

    /// The wait after this many attempts: `part` of 255 of the longest one, and at least what was asked for.
    pub(crate) fn wait(self, made: u32, part: u8, asked: Option<Duration>) -> Duration {
        let doubled = self
            .first_wait
            .saturating_mul(1 << made.saturating_sub(1).min(20));
        let own = doubled.min(self.longest_wait).saturating_mul(u32::from(part)) / 255;
        own.max(asked.unwrap_or_default())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// What it means to send an operation twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// It only reads.
    Safe,
    /// Twice has the effect of once: it ends one thing, by its id.
    Idempotent,
    /// It makes or changes something. It is repeated only if it is certain that it was not carried out.
    NonIdempotent,
}

/// What ends one thing, which is named by its id. Cancelling everything is not here: it would end what was made in
/// between. Nor is a PUT: it would overwrite what somebody else wrote in between.
const ENDS: &[&Operation] = &[
    &operations::CANCEL_ALGO_ORDER,
    &operations::CANCEL_BLOCK_OFFER,
    &operations::CANCEL_BLOCK_TRADE,
    &operations::CANCEL_ORDER,
    &operations::CANCEL_ORDER_BY_CLIENT_ID,
    &operations::CANCEL_ORDERS_BATCH,
    &operations::CANCEL_RFQ,
    &operations::DELETE_RFQ_DRAFT,
    &operations::REVOKE_SUBKEY,
    &operations::REVOKE_TOKEN,
];

pub(crate) fn idempotency(operation: &'static Operation) -> Idempotency {
    if operation.is_read() {
        Idempotency::Safe
    } else if holds(ENDS, operation) {
        Idempotency::Idempotent
    } else {
        Idempotency::NonIdempotent
    }
}

/// Whether another attempt can help, and can do no harm.
pub(crate) fn should_retry(idempotency: Idempotency, outcome: Outcome) -> bool {
    const TRANSIENT: [StatusCode; 5] = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    let harmless = idempotency != Idempotency::NonIdempotent;
    match outcome {
        Outcome::NotSent(NotSent::Connect) | Outcome::RateLimited => true,
        Outcome::Ambiguous(Ambiguity::NoResponse | Ambiguity::Page) => harmless,
        Outcome::Ambiguous(Ambiguity::Status(status)) => harmless && TRANSIENT.contains(&status),
        // The same request would get the same.
        Outcome::NotSent(_)
        | Outcome::Done
        | Outcome::Refused { .. }
        | Outcome::Ambiguous(Ambiguity::Unusable) => false,
    }
}

/// What all calls of a [`ClientGroup`](crate::ClientGroup) may spend on attempts beyond their first, so that an outage is not
/// multiplied by everybody who tries again. Successes earn it back.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u32,
}

impl Budget {
    const FULL: u32 = 500;
    const COST: u32 = 10;

    pub(crate) const fn new() -> Self {
        Self { left: Self::FULL }
    }

    /// Takes one attempt out, if there is enough for it.
    pub(crate) fn spend(&mut self) -> bool {
        match self.left.checked_sub(Self::COST) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    pub(crate) fn earn(&mut self) {
        self.left = (self.left + 1).min(Self::FULL);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paradex_api::operations;
    use paradex_api::reqwest::StatusCode;
    use proptest::prelude::*;

    use super::{Budget, Idempotency, RetryPolicy, idempotency, should_retry};
    use crate::pipeline::outcome::{Ambiguity, NotSent, Outcome};

    /// The table, held against the document: whatever is new has to be decided.
    #[test]
    fn every_operation_that_changes_something_is_decided() {
        let mut ends: Vec<&str> = operations::ALL
            .iter()
            .filter(|operation| idempotency(operation) == Idempotency::Idempotent)
            .map(|operation| operation.id)
            .collect();
        ends.sort_unstable();
        assert_eq!(
            ends,
            [
                "cancel_algo_order",
                "cancel_block_offer",
                "cancel_block_trade",
                "cancel_order",
                "cancel_order_by_client_id",
                "cancel_orders_batch",
                "cancel_rfq",
                "delete_rfq_draft",
                "revoke_subkey",
                "revoke_token",
            ]
        );
        for operation in operations::ALL {
            let method = operation.method.as_str();
            match idempotency(operation) {
                Idempotency::Safe => assert_eq!(method, "GET", "{operation}"),
                Idempotency::Idempotent => assert_eq!(method, "DELETE", "{operation}"),
                Idempotency::NonIdempotent => assert!(
                    method == "POST" || method == "PUT" || operation.id == "cancel_all_orders",
                    "{operation} is new: is it the same once and twice? Decide in `ENDS`"
                ),
            }
        }
    }

    #[test]
    fn change_that_may_have_been_made_is_not_repeated() {
        let status = |status, coded| Outcome::from_status(StatusCode::from_u16(status).unwrap(), || coded);
        for (outcome, non_idempotent, idempotent) in [
            (Outcome::NotSent(NotSent::Connect), true, true),
            (Outcome::NotSent(NotSent::SignIn), false, false),
            (Outcome::NotSent(NotSent::Withheld), false, false),
            (Outcome::NotSent(NotSent::RateLimit), false, false),
            (Outcome::NotSent(NotSent::Stale), false, false),
            (Outcome::Ambiguous(Ambiguity::NoResponse), false, true),
            (Outcome::Ambiguous(Ambiguity::Page), false, true),
            (Outcome::Ambiguous(Ambiguity::Unusable), false, false),
            (status(429, false), true, true),
            (status(408, true), false, true),
            (status(500, true), false, true),
            (status(502, false), false, true),
            (status(503, true), false, true),
            (status(504, false), false, true),
            (status(101, false), false, false),
            (status(307, false), false, false),
            (status(400, true), false, false),
            (status(401, true), false, false),
            (status(403, false), false, false),
            (status(404, false), false, false),
            (status(501, false), false, false),
        ] {
            let retried = |idempotency| should_retry(idempotency, outcome);
            assert_eq!(retried(Idempotency::NonIdempotent), non_idempotent, "{outcome:?}");
            assert_eq!(retried(Idempotency::Idempotent), idempotent, "{outcome:?}");
            assert_eq!(retried(Idempotency::Safe), idempotent, "{outcome:?}");
        }
    }

    proptest! {
        #[test]
        fn unknown_outcome_of_a_change_is_never_retried(status in 100_u16..1_000, coded: bool) {
            let outcome = Outcome::from_status(StatusCode::from_u16(status).unwrap(), || coded);
            prop_assert!(!(outcome.is_unknown() && should_retry(Idempotency::NonIdempotent, outcome)));
            // What one may repeat after, one may repeat a safe call after.
            let non_idempotent = should_retry(Idempotency::NonIdempotent, outcome);
            prop_assert!(!non_idempotent || should_retry(Idempotency::Safe, outcome));
        }
    }

    #[test]
    fn waits_double_and_are_spread_and_what_is_asked_for_is_kept() {
        let policy = RetryPolicy::new().longest_wait(Duration::from_secs(1));
        let longest = |made| policy.wait(made, 255, None).as_millis();
        assert_eq!(
            [longest(1), longest(2), longest(3), longest(4), longest(900)],
            [200, 400, 800, 1_000, 1_000]
        );
        assert_eq!(policy.wait(3, 0, None), Duration::ZERO);
        assert_eq!(
            policy.wait(1, 0, Some(Duration::from_secs(7))),
            Duration::from_secs(7)
        );
        assert!(RetryPolicy::none().allows(0) && !RetryPolicy::none().allows(1));
        assert!(RetryPolicy::new().attempts(0).allows(0));
        assert!(policy.allows(2) && !policy.allows(3));
        let absurd = RetryPolicy::new()
            .first_wait(Duration::MAX)
            .longest_wait(Duration::MAX);
        absurd.wait(u32::MAX, 255, None);
    }

    #[test]
    fn an_outage_uses_the_budget_up_and_successes_earn_it_back() {
        let mut budget = Budget::new();
        let spent = std::iter::repeat_with(|| budget.spend())
            .take_while(|spent| *spent)
            .count();
        assert_eq!(spent, 50);
        for _ in 0..9 {
            budget.earn();
        }
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
        for _ in 0..10_000 {
            budget.earn();
        }
        assert_eq!(budget.left, Budget::FULL);
    }
}
