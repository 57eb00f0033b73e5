//! Decides when a call is retried. Pure decisions, no IO.
//!
//! Which operations are safe to send twice is one table in this file, and a test compares the table with the document. How many
//! attempts an operation gets by default is decided by `Pipeline::retry_policy`. Waits use exponential backoff with jitter, and
//! are at least as long as `Retry-After` asks. A wait that would end after the deadline of the call, or after the signature in
//! it has expired, is not begun.
//!
//! All clients of a [`ClientGroup`](crate::ClientGroup) draw retries from one budget, which successful calls refill.
//!
//! If one attempt was ambiguous and a later one is refused by a rate limit or for lack of a session, the outcome of the call
//! stays unknown, unless the exchange reports the state of the order or token itself.

use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::{Operation, operations};

use crate::backoff::{ExponentialBackoff, Jitter};
use crate::pipeline::operation_class::holds;
use crate::pipeline::outcome::{Ambiguity, NotSent, Outcome};

/// Sets how often a call is attempted, with exponential backoff and jitter between the attempts.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::RetryPolicy;
///
/// let patient = RetryPolicy::new().max_attempts(6).max_backoff(Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[doc(alias = "backoff")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl RetryPolicy {
    /// Creates the default policy: up to three attempts, with waits of up to 200 ms and then up to 400 ms.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
        }
    }

    /// Creates a policy with one attempt and no retries.
    pub const fn none() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets how many attempts a call may take, the first included; 0 counts as 1.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Sets the longest wait before the second attempt. It doubles with each further attempt.
    ///
    /// The wait itself is a random part of it (full jitter), so that many clients do not come back together.
    #[doc(alias = "jitter")]
    pub const fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the longest wait before any attempt. A longer wait that the exchange asks for is kept all the same.
    pub const fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Whether another attempt may follow after this many.
    pub(crate) fn allows(self, made: u32) -> bool {
        made < self.max_attempts
    }

    /// The wait after this many attempts. It is at least the wait that the exchange asked for.
    pub(crate) fn wait(self, made: u32, random: u8, asked: Option<Duration>) -> Duration {
        let backoff = ExponentialBackoff::new(self.initial_backoff, self.max_backoff, Jitter::Full);
        backoff.delay_at(made, random).max(asked.unwrap_or_default())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// What happens if an operation is sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// The operation only reads.
    Safe,
    /// Sending it twice has the effect of sending it once: it ends one thing, by its id.
    Idempotent,
    /// The operation makes or changes something. It is retried only if it was certainly not carried out.
    NonIdempotent,
}

/// Operations that end one thing, by its id. Cancelling everything is not idempotent, because it would also end what was created
/// in between; nor is a PUT, because it would overwrite a concurrent change.
const IDEMPOTENT: &[&Operation] = &[
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
    } else if holds(IDEMPOTENT, operation) {
        Idempotency::Idempotent
    } else {
        Idempotency::NonIdempotent
    }
}

/// Whether another attempt can help and cannot do harm.
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
        // The same request would get the same response.
        Outcome::NotSent(_)
        | Outcome::Done
        | Outcome::Refused { .. }
        | Outcome::Ambiguous(Ambiguity::Unusable) => false,
    }
}

/// Limits the retries of all calls of a [`ClientGroup`](crate::ClientGroup), so that retries do not multiply an outage. Each retry
/// costs a part of the budget, and each success earns a smaller part back.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: u32,
}

impl RetryBudget {
    const FULL: u32 = 500;
    const COST: u32 = 10;

    pub(crate) const fn new() -> Self {
        Self { left: Self::FULL }
    }

    /// Takes one retry from the budget, if there is enough left.
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

    use super::{Idempotency, RetryBudget, RetryPolicy, idempotency, should_retry};
    use crate::pipeline::outcome::{Ambiguity, NotSent, Outcome};

    /// Compares the table with the document. A new operation has to be decided.
    #[test]
    fn idempotent_operations_are_the_deletes_of_one_thing() {
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
                    "{operation} is new: is it the same once and twice? Decide in `IDEMPOTENT`"
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
            // Where a change may be retried, a safe call may be retried as well.
            let non_idempotent = should_retry(Idempotency::NonIdempotent, outcome);
            prop_assert!(!non_idempotent || should_retry(Idempotency::Safe, outcome));
        }
    }

    #[test]
    fn waits_double_with_jitter_and_retry_after_is_kept() {
        let policy = RetryPolicy::new().max_backoff(Duration::from_secs(1));
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
        assert!(RetryPolicy::new().max_attempts(0).allows(0));
        assert!(policy.allows(2) && !policy.allows(3));
        let absurd = RetryPolicy::new()
            .initial_backoff(Duration::MAX)
            .max_backoff(Duration::MAX);
        absurd.wait(u32::MAX, 255, None);
    }

    #[test]
    fn outage_uses_up_the_budget_and_successes_earn_it_back() {
        let mut budget = RetryBudget::new();
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
        assert_eq!(budget.left, RetryBudget::FULL);
    }
}
