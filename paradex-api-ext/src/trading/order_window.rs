//! How long the exchange accepts an order.

use std::time::{Duration, SystemTime};

/// When an order that may have been placed was signed, and how long the exchange accepts it, in the exchange's time.
///
/// It comes with the error of [`Orders::place`](crate::orders::Orders::place); see
/// [`PlaceOrderError::window`](crate::error::PlaceOrderError::window). A program that stores its client ids can also make one
/// after a restart:
///
/// ```no_run
/// use std::time::{Duration, SystemTime};
/// use paradex_api_ext::Client;
/// use paradex_api_ext::orders::OrderWindow;
///
/// # async fn example(client: Client, stored_time: SystemTime) {
/// let window = OrderWindow::new(stored_time, Duration::from_secs(5));
/// println!("{:?}", client.orders().resolve("desk-1", window).await);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias("recv_window", "validity", "expiry"))]
pub struct OrderWindow {
    pub(super) signed_at: SystemTime,
    pub(super) valid_until: SystemTime,
}

impl OrderWindow {
    /// Creates the window of an order that was signed at this time and was [good for](crate::orders::NewOrder::good_for) this
    /// long.
    pub fn new(signed_at: SystemTime, good_for: Duration) -> Self {
        Self {
            signed_at,
            valid_until: signed_at.checked_add(good_for).unwrap_or(signed_at),
        }
    }

    /// Returns when the order was signed.
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }

    /// Returns how long the exchange accepts the order.
    pub fn valid_until(&self) -> SystemTime {
        self.valid_until
    }

    /// When the outcome is final: the exchange may work on an order, and write its history, this long after the window.
    pub(super) fn settled_at(self) -> SystemTime {
        const MARGIN: Duration = Duration::from_secs(10);
        self.valid_until.checked_add(MARGIN).unwrap_or(self.valid_until)
    }
}
