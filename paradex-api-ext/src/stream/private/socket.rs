//! The handle of a private connection.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::runtime::Handle as Runtime;
use tokio::sync::{Notify, mpsc};

use super::requests::{self, QUEUE, Request};
use super::{PrivateOptions, PrivateSink, PrivateUpdate, Ready, RequestOutcome, Wanted, driver};
use crate::auth::Session;
use crate::client::Client;
use crate::stream::update::{LossCause, StreamError};

/// What handles and the task share.
#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// A handle wants something.
    pub(super) changed: Notify,
}

#[derive(Default)]
struct State {
    control: Control,
    /// The connection that can be used, and the session whose token authenticated it.
    ready: Option<(Ready, Arc<Session>)>,
    /// No further connection is made.
    has_ended: bool,
}

/// What handles want.
#[derive(Default, Clone, Copy)]
pub(super) struct Control {
    /// The connection is closed for good.
    pub(super) is_closed: bool,
    pub(super) give_up: Option<LossCause>,
}

impl Shared {
    /// Locks a value that is whole even after a panic, because every change to it is a single assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take_control(&self) -> Control {
        let mut state = self.state();
        let control = state.control;
        state.control.give_up = None;
        control
    }

    /// Publishes what an update says about the connection of a session.
    pub(super) fn show(&self, update: &PrivateUpdate, session: Option<&Arc<Session>>) {
        match update {
            PrivateUpdate::Ready(ready) => {
                self.state().ready = session.map(|session| (ready.clone(), Arc::clone(session)));
            }
            // The connection goes on.
            PrivateUpdate::Lost(LossCause::Unreadable, _) | PrivateUpdate::Event(_) => {}
            PrivateUpdate::Lost(..) => self.state().ready = None,
            PrivateUpdate::End(_) => self.end(),
        }
    }

    /// There is no connection, and there will be none.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.ready = None;
        state.has_ended = true;
    }
}

/// A connection that reconnects by itself. Its task ends when every handle is dropped.
#[derive(Clone)]
pub(crate) struct PrivateSocket(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close();
    }
}

impl Handle {
    fn close(&self) {
        self.shared.state().control.is_closed = true;
        self.shared.changed.notify_one();
    }
}

impl PrivateSocket {
    /// Connects in the present runtime. Without a runtime, the sink gets `End`.
    ///
    /// The task holds a clone of the client.
    pub(crate) fn open(client: &Client, options: PrivateOptions, sink: Arc<dyn PrivateSink>) -> Self {
        let shared: Arc<Shared> = Arc::default();
        let (requests, received) = mpsc::channel(QUEUE);
        let socket = Self(Arc::new(Handle {
            shared: Arc::clone(&shared),
            requests,
        }));
        match Runtime::try_current() {
            Ok(runtime) => {
                runtime.spawn(driver::run(
                    client.clone(),
                    options,
                    Arc::clone(&shared),
                    sink,
                    received,
                ));
            }
            Err(_) => {
                shared.end();
                sink.update(PrivateUpdate::End(StreamError::NoRuntime));
            }
        }
        socket
    }

    /// The connection as it is now; `None` if it cannot be used.
    pub(crate) fn ready(&self) -> Option<Ready> {
        self.read_ready(None, Ready::clone)
    }

    /// Reads the connection as it is now. With a session, only one that has authenticated with its credential.
    pub(crate) fn read_ready<T>(
        &self,
        session: Option<&Session>,
        read: impl FnOnce(&Ready) -> T,
    ) -> Option<T> {
        let state = self.0.shared.state();
        let (ready, authenticated) = state.ready.as_ref()?;
        let is_its = session.is_none_or(|session| authenticated.is_same(session));
        is_its.then(|| read(ready))
    }

    /// Whether no further connection is made.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.shared.state().has_ended
    }

    /// Gives up the connection and makes a new one.
    pub(crate) fn reconnect(&self, cause: LossCause) {
        self.0.shared.state().control.give_up = Some(cause);
        self.0.shared.changed.notify_one();
    }

    /// Gives up this connection and makes a new one. It does nothing if the connection is another one now, or is not ready.
    pub(crate) fn give_up(&self, connection: u64, cause: LossCause) {
        let mut state = self.0.shared.state();
        if state
            .ready
            .as_ref()
            .is_some_and(|(ready, _)| ready.connection == connection)
        {
            // The task takes this before it makes another connection.
            state.control.give_up = Some(cause);
            self.0.shared.changed.notify_one();
        }
    }

    /// Closes the connection for good, with a close frame. The sink gets nothing more.
    pub(crate) fn close(&self) {
        self.0.close();
    }

    /// Sends a request on this connection only, and never twice, and waits for its response.
    ///
    /// If the future is dropped, the deadline passes or the request is not wanted any more before its frame is written, it is not written.
    pub(crate) async fn request_if(
        &self,
        connection: u64,
        method: &'static str,
        params: Vec<u8>,
        deadline: Instant,
        wanted: Wanted,
    ) -> RequestOutcome {
        requests::send_if(&self.0.requests, connection, method, params, deadline, wanted).await
    }
}

impl fmt::Debug for PrivateSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateSocket")
            .field("ready", &self.ready())
            .finish_non_exhaustive()
    }
}
