//! How the rate limits count an operation.

use paradex_api::{Operation, operations};

use crate::pipeline::operation_class::{cancels_orders, holds, places_orders, signs_in};

/// The class of a call, which decides the limits that count it and the queue in which it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateClass {
    SignIn,
    /// Reading the configuration and the time, which signing needs.
    Setup,
    Order,
    Cancel,
    /// A read of an account's private data.
    AccountRead,
    /// Opening a WebSocket connection.
    #[cfg(feature = "stream")]
    Connection,
    Other,
}

impl RateClass {
    pub(crate) fn new(operation: &'static Operation, has_session: bool) -> Self {
        const SETUP: &[&Operation] = &[&operations::GET_SYSTEM_CONFIG, &operations::GET_SYSTEM_TIME];
        if operation.is_read() {
            match has_session {
                true => Self::AccountRead,
                false if holds(SETUP, operation) => Self::Setup,
                false => Self::Other,
            }
        } else if signs_in(operation) {
            Self::SignIn
        } else if places_orders(operation) {
            Self::Order
        } else if cancels_orders(operation) {
            Self::Cancel
        } else {
            Self::Other
        }
    }

    /// Whether the call may use the reserve: cancels, and the calls that open a session.
    pub(super) fn is_urgent(self) -> bool {
        matches!(self, Self::Cancel | Self::SignIn | Self::Setup)
    }
}
