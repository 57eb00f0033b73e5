//! Faults of requests over WebSocket connections, and of their end.

use super::injection::Injection;
use super::{Fault, Kind};

/// What goes wrong with a request over a WebSocket, or when a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum SocketFault {
    LoseRequest,
    LoseResponse,
    CloseBefore(u16),
    CloseAfter(u16),
    RevokeToken,
    /// Of the end of a connection.
    KeepOrders,
}

/// Counts the end of a connection whose orders would be cancelled, and returns whether they stay.
pub(in crate::simulator) fn keeps_orders(injections: &mut Vec<Injection>) -> bool {
    let mut keeps = false;
    injections.retain_mut(|injection| {
        if !matches!(injection.fault().0, Kind::Socket(SocketFault::KeepOrders)) {
            return true;
        }
        keeps |= injection.is_hit();
        injection.is_left()
    });
    keeps
}

/// Faults of requests over the simulator's WebSocket. Each hits one request, whatever its method; [`Injection::on`] selects a method.
impl Fault {
    const fn socket(fault: SocketFault) -> Self {
        Self(Kind::Socket(fault))
    }

    /// Does not handle a request over a WebSocket, and does not respond. The connection stays open.
    #[doc(alias = "timeout")]
    pub fn lose_request() -> Self {
        Self::socket(SocketFault::LoseRequest)
    }

    /// Handles a request over a WebSocket, and does not respond. The connection stays open.
    ///
    /// ```
    /// use paradex_api_ext::paradex_api::stream::methods;
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// // One order in twenty is placed without a word.
    /// let injection = Injection::new(Fault::lose_response()).on(&methods::ORDER_CREATE).with_probability(5, 42);
    /// ```
    #[doc(alias = "answer lost")]
    #[doc(alias = "timeout")]
    pub fn lose_response() -> Self {
        Self::socket(SocketFault::LoseResponse)
    }

    /// Closes the connection with this code instead of handling a request over a WebSocket.
    pub fn close_before(code: u16) -> Self {
        Self::socket(SocketFault::CloseBefore(code))
    }

    /// Handles a request over a WebSocket, and closes the connection with this code instead of responding.
    pub fn close_after(code: u16) -> Self {
        Self::socket(SocketFault::CloseAfter(code))
    }

    /// Revokes the token of the connection, or ends its session, before a request over a WebSocket is handled.
    ///
    /// What happens to the connection is set by [`StreamOptions::revoked_tokens`](crate::simulator::StreamOptions::revoked_tokens).
    pub fn revoke_token() -> Self {
        Self::socket(SocketFault::RevokeToken)
    }

    /// Does not cancel the orders of a connection that ends, although the client has asked for it.
    ///
    /// It hits the end of a connection with cancel on disconnect, so methods do not select it.
    #[doc(alias = "cancel on disconnect")]
    pub fn keep_orders_on_disconnect() -> Self {
        Self::socket(SocketFault::KeepOrders)
    }
}
