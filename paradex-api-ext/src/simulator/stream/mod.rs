//! The WebSocket half of the simulator: channels in JSON-RPC and SBE, from the same markets and orders as the HTTP half.
//!
//! [`handshake`] negotiates the encoding, [`connection`] is the task of a connection, [`requests`] has the methods of clients and
//! [`streams`] sends what happens. Everything is decided under the lock of the simulator's state, so the log knows the fate of
//! every event; the tasks only write.

mod book;
mod channel;
mod connection;
mod connects;
mod delivery;
mod disconnect;
mod feed;
mod handshake;
mod item;
mod json;
mod keepalive;
mod options;
mod orders;
mod outbox;
mod periodic;
mod private;
mod requests;
mod rpc;
mod sbe;
mod sbe_private;
mod snapshot;
mod socket;
mod streams;

pub(super) use connection::serve;
pub(super) use handshake::PATH;
pub use options::{
    AuthOfNarrowedToken, BatchParameters, CleanClose, DisconnectScope, EventOrder, FirstMessage,
    OrderRefusalCode, PlainConnections, PrivateEncoding, SecondAuth, SharedBbo, SocketOfNarrowedToken,
    SocketOfRevokedSubkey, SocketOfRevokedToken, StreamOptions, UnmatchedTick, VersionTwoLayout,
};
pub use snapshot::{EventFate, EventKind, SocketEnd, SocketEvent, SocketSnapshot};
pub(super) use socket::Encoding;
pub(super) use streams::{Outside, Streams};

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select;
use hyper::StatusCode;

use super::log::LoggedRequest;
use super::response::SimulatedResponse;
use super::state::World;

/// Responds to the request that opens a connection.
pub(super) fn handshake(world: &World, request: &LoggedRequest) -> SimulatedResponse {
    let (_, response) = match handshake::accept(request, &world.settings.stream) {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let now = world.clock.now();
    if !world.state().streams.admits(request.address, now) {
        return SimulatedResponse::message(StatusCode::TOO_MANY_REQUESTS, "too many new connections");
    }
    response
}

/// Returns the encoding that a handshake asks for, if it is accepted.
pub(super) fn negotiated(world: &World, request: &LoggedRequest) -> Option<Encoding> {
    let accepted = handshake::accept(request, &world.settings.stream);
    accepted.ok().map(|(encoding, _)| encoding)
}

/// Sends what has happened by now.
pub(super) fn tick(world: &World) {
    requests::handle_late(world);
    let mut state = world.state();
    if state.streams.is_used() {
        let now = world.clock.now();
        state.with_streams(world, now, |streams, outside| streams.catch_up(outside));
        state.streams.wake_all();
    }
    drop(state);
    world.wake.notify_one();
}

/// Sends what happens while time passes. It ends with the task that runs it.
pub(super) async fn drive(world: Arc<World>) {
    loop {
        requests::handle_late(&world);
        let now = world.clock.now();
        let due = {
            let mut state = world.state();
            if state.streams.is_used() {
                state.with_streams(&world, now, |streams, outside| streams.catch_up(outside));
            }
            let next = state.streams.next_due(now, &state.trading);
            next.into_iter().chain(state.pending.next_due()).min()
        };
        match due {
            None => world.wake.notified().await,
            Some(due) => {
                let rest = due.saturating_sub(world.clock.now()).max(0);
                // A moment more, so that it is due indeed.
                let rest = Duration::from_nanos(rest.unsigned_abs()) + Duration::from_millis(1);
                select(pin!(tokio::time::sleep(rest)), pin!(world.wake.notified())).await;
            }
        }
    }
}
