//! One order on its way to the exchange: when it is signed, and whether it may be sent again.

use std::pin::pin;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::types::ErrorCode;
use paradex_api::{Operation, operations, runtime};

use super::order_rules::{LONGEST_WINDOW, SHORTEST_WINDOW};
use super::order_window::OrderWindow;
use crate::auth::AccountSigner;
use crate::client::Client;
use crate::error::{
    AuthenticationError, ConfigurationError, Error, InvalidInput, PlaceOrderError, Withheld, WithheldReason,
};
use crate::monotonic;
use crate::time::integer;

/// Signs and sends an order. If the exchange refuses its timestamp, which proves that nothing was placed, the order is
/// signed and sent once more with a corrected clock. All signatures share one window, which begins with the first: a later
/// signature is valid for what is left of it.
pub(super) struct Placement<'a> {
    client: &'a Client,
    operation: &'static Operation,
    good_for: Duration,
    /// The end of the call's time.
    deadline: Instant,
    /// When the first signature was begun.
    first_signed_at: Option<Instant>,
    /// How long the exchange accepts what was signed last.
    window: Option<OrderWindow>,
    asked_at: Instant,
    clock_corrected: bool,
}

/// The time of a signature, and how long the exchange is to accept it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SigningTime {
    pub(super) signed_at: SystemTime,
    good_for: Duration,
}

impl SigningTime {
    pub(super) fn expires_at(self) -> Option<SystemTime> {
        self.signed_at.checked_add(self.good_for)
    }

    /// The window in milliseconds, as the API takes it.
    pub(super) fn recv_window(self) -> i64 {
        integer(self.good_for.as_millis())
    }
}

impl<'a> Placement<'a> {
    pub(super) fn new(client: &'a Client, operation: &'static Operation, good_for: Duration) -> Self {
        let now = monotonic::now();
        Self {
            client,
            operation,
            good_for,
            deadline: now.checked_add(client.total()).unwrap_or(now + LONGEST_WINDOW),
            first_signed_at: None,
            window: None,
            asked_at: now,
            clock_corrected: false,
        }
    }

    /// Waits for the session, so that nothing has to be waited for between signing and sending.
    pub(super) async fn signer(&mut self) -> Result<AccountSigner, PlaceOrderError> {
        let signer = self.in_time(self.client.account_signer(self.deadline)).await?;
        let signer = signer.map_err(PlaceOrderError::before_sending)?;
        self.asked_at = monotonic::now();
        self.window = None;
        Ok(signer)
    }

    /// Returns the time for the next signature, and what is left of the window.
    pub(super) fn signing_time(&mut self, signer: &AccountSigner) -> Result<SigningTime, PlaceOrderError> {
        let (now, signed_at) = (monotonic::now(), signer.now());
        let first = *self.first_signed_at.get_or_insert(now);
        let left = self.good_for.saturating_sub(now.saturating_duration_since(first));
        // The API counts whole milliseconds; rounding up would outlive the window.
        let good_for = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        if good_for < SHORTEST_WINDOW {
            return Err(PlaceOrderError::NotPlaced(too_late(self.good_for)));
        }
        // A change carries no window, so the exchange's own applies.
        let accepted_for = match std::ptr::eq(self.operation, &operations::MODIFY_ORDER) {
            true => LONGEST_WINDOW,
            false => good_for,
        };
        let window = OrderWindow::new(signed_at, accepted_for);
        self.window = Some(self.window.map_or(window, |earlier| earlier.join(window)));
        Ok(SigningTime { signed_at, good_for })
    }

    /// Returns a client with the session that signed. It sends nothing once the window has passed.
    pub(super) fn api(&self, signer: &AccountSigner) -> paradex_api::Client {
        let now = monotonic::now();
        let until = self.first_signed_at.unwrap_or(now) + self.good_for;
        let left = self.deadline.saturating_duration_since(now);
        self.client.api_signed_by(signer.session(), until, left)
    }

    /// Does some work before sending, within the time of the call and unless trading is halted.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, PlaceOrderError> {
        let late = |_| PlaceOrderError::NotPlaced(AuthenticationError::timed_out().into());
        let client = self.client;
        let work = pin!(async {
            let work = pin!(tokio::time::timeout_at(self.deadline.into(), work));
            client.unless_halted(work).await
        });
        let outcome = runtime::within(work)
            .await
            .map_err(|error| PlaceOrderError::NotPlaced(ConfigurationError::from(error).into()))?;
        match outcome {
            Some(outcome) => outcome.map_err(late),
            None => Err(PlaceOrderError::NotPlaced(
                Withheld::new(self.operation, WithheldReason::Halted).into(),
            )),
        }
    }

    /// Returns `Ok` if the order is to be signed and sent again, or else the error of the placement.
    pub(super) async fn retry_or_fail(&mut self, error: paradex_api::Error) -> Result<(), PlaceOrderError> {
        let error = Error::from(error);
        let wrong_time = error.code() == Some(&ErrorCode::InvalidTimestamp)
            && !error.is_outcome_unknown()
            && !std::mem::replace(&mut self.clock_corrected, true);
        if wrong_time
            && self
                .in_time(self.client.group().correct_clock(self.asked_at))
                .await?
                .is_ok()
        {
            return Ok(());
        }
        let window = self
            .window
            .unwrap_or_else(|| OrderWindow::new(self.client.group().now(), self.good_for));
        Err(PlaceOrderError::of(error, window))
    }
}

impl OrderWindow {
    /// The smallest window that contains both.
    fn join(self, other: Self) -> Self {
        Self {
            signed_at: self.signed_at.min(other.signed_at),
            valid_until: self.valid_until.max(other.valid_until),
        }
    }
}

fn too_late(good_for: Duration) -> Error {
    let rule = "this time was over before the order could be placed; nothing was placed";
    let remedy = "place it again if you still want it, or allow more time";
    InvalidInput::new("good_for", format_args!("{good_for:?}"), rule, remedy).into()
}
