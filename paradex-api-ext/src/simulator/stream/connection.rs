//! The task of a connection: reads what the client sends, and writes what waits for it.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame as RawFrame};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::outbox::{Body, Outbox};
use super::requests;
use super::snapshot::SocketEnd;
use super::socket::Encoding;
use crate::simulator::clock::nanoseconds;
use crate::simulator::handle::Running;
use crate::simulator::log::LoggedRequest;
use crate::simulator::state::World;

/// The largest message of a client, in bytes.
const LARGEST_MESSAGE: usize = 1 << 20;

/// How long the client has to take the close frame, and to answer it.
const CLOSING: Duration = Duration::from_secs(5);

/// Why writing ended.
enum Ending {
    /// The connection failed, or the simulator ended it.
    Over,
    /// A close frame was sent.
    Closed(u16),
    HalfOpen,
    /// The connection breaks after these bytes.
    Cut(Vec<u8>),
}

/// Serves a connection whose handshake is done.
pub(in crate::simulator) async fn serve(
    world: Arc<World>,
    encoding: Encoding,
    request: &LoggedRequest,
    stream: TcpStream,
    buffered: Vec<u8>,
    running: Weak<Running>,
) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    let socket = WebSocketStream::from_partially_read(stream, buffered, Role::Server, Some(config)).await;
    let now = world.clock.now();
    let (number, outbox) = world.state().streams.open(request.address, encoding, now);
    let mut open = Open {
        world: &world,
        number,
        outbox: &outbox,
        is_clean: false,
        is_over: false,
    };
    world.wake.notify_one();
    let (mut sink, mut source) = socket.split();
    let ending = {
        let written = pin!(write(&world, &outbox, &mut sink));
        let read = pin!(read(&world, &running, number, &mut source));
        match select(written, read).await {
            Either::Left((ending, _)) => ending,
            Either::Right((is_clean, _)) => {
                open.is_clean = is_clean;
                outbox.end(SocketEnd::Client);
                Ending::Over
            }
        }
    };
    // That a connection is half open shows in a pong that is missing, whenever the client gives it up.
    let unnoticed = match ending {
        Ending::HalfOpen => world.settings.stream.silence(),
        _ => Duration::ZERO,
    };
    open.end(unnoticed);
    match ending {
        Ending::Over => outbox.end(SocketEnd::Broken),
        Ending::Closed(code) => {
            outbox.end(SocketEnd::Closed(code));
            // The client answers the close frame.
            let _ =
                tokio::time::timeout(CLOSING, async { while let Some(Ok(_)) = source.next().await {} }).await;
        }
        Ending::HalfOpen => {
            if let Ok(socket) = sink.reunite(source) {
                let mut stream = socket.into_inner();
                let mut buffer = [0; 1_024];
                while let Ok(1..) = stream.read(&mut buffer).await {}
            }
            outbox.end(SocketEnd::Broken);
        }
        Ending::Cut(bytes) => {
            outbox.end(SocketEnd::Broken);
            if let Ok(socket) = sink.reunite(source) {
                let mut stream = socket.into_inner();
                let _ = tokio::time::timeout(CLOSING, stream.write_all(&bytes)).await;
            }
        }
    }
    drop(open);
}

/// Removes the connection when its task ends, however it ends.
struct Open<'a> {
    world: &'a World,
    number: u64,
    outbox: &'a Outbox,
    /// Whether the client has closed it with a close frame.
    is_clean: bool,
    /// Whether its end has had its effect on orders.
    is_over: bool,
}

impl Open<'_> {
    /// Does what the end of the connection leads to, once. The exchange notices it after a time.
    fn end(&mut self, unnoticed: Duration) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let (mut state, now) = (self.world.state(), self.world.clock.now());
        let noticed_at = now.saturating_add(nanoseconds(unnoticed));
        let mut injections = self.world.injections();
        state.disconnected(self.number, self.is_clean, noticed_at, &mut injections, now);
        drop(injections);
        drop(state);
        self.world.wake.notify_one();
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.outbox.end(SocketEnd::Broken);
        self.end(Duration::ZERO);
        let mut state = self.world.state();
        let state = &mut *state;
        state.streams.remove(self.number, &mut state.trading);
    }
}

/// Reads until the client closes the connection, and returns whether it has sent a close frame.
async fn read(
    world: &World,
    running: &Weak<Running>,
    number: u64,
    source: &mut SplitStream<WebSocketStream<TcpStream>>,
) -> bool {
    let mut is_clean = false;
    while let Some(Ok(message)) = source.next().await {
        match message {
            Message::Text(text) => requests::receive(world, running, number, &text),
            Message::Pong(_) => {
                if let Some(socket) = world.state().streams.socket(number) {
                    socket.keepalive.ponged();
                }
            }
            // Clients speak JSON.
            Message::Binary(_) => {
                if let Some(socket) = world.state().streams.socket(number) {
                    socket.close(1003, "text frames only");
                }
            }
            Message::Close(_) => is_clean = true,
            Message::Ping(_) | Message::Frame(_) => {}
        }
    }
    is_clean
}

/// Writes what waits, until something ends the connection.
async fn write(
    world: &World,
    outbox: &Outbox,
    sink: &mut SplitSink<WebSocketStream<TcpStream>, Message>,
) -> Ending {
    let most = world.settings.stream.untaken_messages;
    loop {
        if outbox.ended().is_some() {
            return Ending::Over;
        }
        let Some(frame) = outbox.pop() else {
            outbox.wake.notified().await;
            continue;
        };
        let messages = match frame.body {
            Body::Text(text) => vec![Message::text(text)],
            Body::Binary(bytes) => vec![Message::binary(bytes)],
            Body::Split { bytes, is_text } => split(bytes, is_text),
            Body::Ping => vec![Message::Ping(Vec::new().into())],
            Body::Close { code, reason } => {
                let code_of = CloseCode::from(code);
                let close = CloseFrame {
                    code: code_of,
                    reason: reason.into(),
                };
                let sent = sink.send(Message::Close(Some(close)));
                let _ = tokio::time::timeout(CLOSING, sent).await;
                return Ending::Closed(code);
            }
            Body::Stall(until) => {
                if stall(world, outbox, until, most).await {
                    continue;
                }
                return Ending::Over;
            }
            Body::HalfOpen => return Ending::HalfOpen,
            Body::Cut(bytes) => {
                let _ = tokio::time::timeout(CLOSING, sink.flush()).await;
                return Ending::Cut(half_a_frame(bytes));
            }
        };
        for message in messages {
            let mut sent = pin!(sink.send(message));
            loop {
                match select(sent.as_mut(), pin!(outbox.wake.notified())).await {
                    Either::Left((Ok(()), _)) => break,
                    Either::Left((Err(_), _)) => return Ending::Over,
                    // The client takes nothing, and more arrives.
                    Either::Right(((), _)) => {
                        if outbox.ended().is_some() {
                            return Ending::Over;
                        }
                        if outbox.waiting() > most {
                            // The runtime can have paused this task, so it tries once more.
                            tokio::task::yield_now().await;
                            match sent.as_mut().now_or_never() {
                                Some(Ok(())) => break,
                                _ => return Ending::Over,
                            }
                        }
                    }
                }
            }
        }
        outbox.written(frame.event);
    }
}

/// Waits until the simulator's clock reaches a time. Returns false if the connection ended, or if too much waits.
async fn stall(world: &World, outbox: &Outbox, until: i64, most: usize) -> bool {
    loop {
        let rest = until.saturating_sub(world.clock.now());
        if rest <= 0 {
            return true;
        }
        if outbox.waiting() > most || outbox.ended().is_some() {
            return false;
        }
        let rest = Duration::from_nanos(rest.unsigned_abs());
        select(pin!(tokio::time::sleep(rest)), pin!(outbox.wake.notified())).await;
    }
}

/// Returns a message in two frames.
fn split(bytes: Vec<u8>, is_text: bool) -> Vec<Message> {
    let kind = if is_text { Data::Text } else { Data::Binary };
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let first = RawFrame::message(first.to_vec(), OpCode::Data(kind), false);
    let second = RawFrame::message(second.to_vec(), OpCode::Data(Data::Continue), true);
    vec![Message::Frame(first), Message::Frame(second)]
}

/// Returns the first half of a frame.
fn half_a_frame(bytes: Vec<u8>) -> Vec<u8> {
    let frame = RawFrame::message(bytes, OpCode::Data(Data::Binary), true);
    let mut formatted = Vec::new();
    // Writing to memory does not fail.
    let _ = frame.format(&mut formatted);
    formatted.truncate(formatted.len() / 2);
    formatted
}
