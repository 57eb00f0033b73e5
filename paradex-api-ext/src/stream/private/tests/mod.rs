//! Private connections without a socket and without a clock, and over real sockets.

mod events;
mod requests;
mod schedules;
mod secrecy;
#[path = "../../../../tests/stream/server.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod server;
mod sessions;
mod sockets;
mod support;

// The server makes some of these.
use crate::stream::tests::frames;
