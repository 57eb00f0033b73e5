//! The life of one connection and of its successors: attempts and waits, signs of life, the schema version, a suspended machine.
//!
//! It has neither a socket nor a clock. A session of market data or of an account holds one, and decides what is sent on it.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::sbe;

use super::update::StreamError;
use crate::backoff::{ExponentialBackoff, Jitter};

/// A connection on which nothing arrives for this long is asked for a sign of life.
pub(super) const PING_AFTER: Duration = Duration::from_secs(15);
/// A connection that gives no sign of life within this time after a ping is dead.
pub(super) const DEAD_AFTER: Duration = Duration::from_secs(5);
/// A connection that works for less than this counts as a failed attempt.
pub(super) const STABLE_AFTER: Duration = Duration::from_secs(10);
/// If this machine's clock advances by so much more than the time that passed, the machine was suspended.
const SUSPENDED: Duration = Duration::from_secs(30);
/// The first attempt follows at once, and the jitter keeps many clients apart.
const FIRST_RETRY: ExponentialBackoff = ExponentialBackoff::new(
    Duration::from_millis(250),
    Duration::from_millis(250),
    Jitter::Full,
);
pub(super) const RETRY: ExponentialBackoff =
    ExponentialBackoff::new(Duration::from_millis(250), Duration::from_secs(15), Jitter::Half);

/// What the owner of the socket has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Connect, and ask for this schema version.
    Connect { version: u16 },
    /// Send the frame that authenticates, with this id. Only connections of an account do.
    Authenticate { id: u64 },
    /// Send this text frame.
    Send(String),
    /// Send a ping.
    Ping,
    /// Close the connection.
    Close,
}

/// Why a connection could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConnectFailure {
    /// HTTP 400: the schema version is not supported.
    SchemaRefused,
    /// The HTTP client negotiated HTTP/2.
    Http2,
    /// A redirect.
    Redirected { status: u16 },
    /// Another status than 101. With `permanent`, the same request cannot succeed later.
    Status {
        status: u16,
        permanent: bool,
        retry_after: Option<Duration>,
    },
    /// No response, or one that is not of a WebSocket server.
    Unreachable { reason: String },
    /// The HTTP client could not be created.
    NoClient { message: String },
}

impl ConnectFailure {
    pub(crate) fn timed_out(after: Duration) -> Self {
        let reason = format!("no response within {} s", after.as_secs());
        Self::Unreachable { reason }
    }
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SchemaRefused => f.write_str("it responded to the handshake with status 400"),
            Self::Http2 => f.write_str("the server speaks HTTP/2"),
            Self::Redirected { status } | Self::Status { status, .. } => {
                write!(f, "it responded to the handshake with status {status}")
            }
            Self::Unreachable { reason } => f.write_str(reason),
            Self::NoClient { message } => f.write_str(message),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Waiting {
        until: Instant,
    },
    Connecting,
    Connected {
        /// Since when it works.
        works_since: Option<Instant>,
        last_received: Instant,
        pinged: Option<Instant>,
    },
}

/// Which schema version is asked for.
#[derive(Debug, Clone)]
struct Schema {
    version: u16,
    /// Versions that were refused since the last connection.
    refused: Vec<u16>,
}

/// What a look at the clock found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    /// Nothing to do.
    Quiet,
    /// The next attempt is due.
    Due,
    /// The connection is alive.
    Alive,
    /// The connection is dead, or the machine was suspended. The owner loses what it has, and calls [`Link::closed`].
    Dead,
}

pub(super) struct Link {
    address: String,
    state: State,
    actions: VecDeque<Action>,
    failures: u32,
    has_connected: bool,
    connection: u64,
    schema: Schema,
    next_id: u64,
    random: u64,
    last_tick: Option<(Instant, SystemTime)>,
    /// For how long the machine was suspended, while that is being handled.
    suspended: Duration,
    /// Why no further connection is made.
    error: Option<StreamError>,
}

impl Link {
    /// `version` is the schema version to ask for first. `seed` makes the jitter.
    pub(super) fn new(address: String, version: u16, seed: u64) -> Self {
        Self {
            address,
            state: State::Idle,
            actions: VecDeque::new(),
            failures: 0,
            has_connected: false,
            connection: 0,
            schema: Schema {
                version,
                refused: Vec::new(),
            },
            next_id: 1,
            random: seed | 1,
            last_tick: None,
            suspended: Duration::ZERO,
            error: None,
        }
    }

    pub(super) fn action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    pub(super) fn push(&mut self, action: Action) {
        self.actions.push_back(action);
    }

    /// The address, without its query.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(self.state, State::Connected { .. })
    }

    /// Why no further connection is made; `None` while there is hope.
    pub(super) fn error(&self) -> Option<&StreamError> {
        self.error.as_ref()
    }

    /// The number of the connection.
    pub(super) fn connection(&self) -> u64 {
        self.connection
    }

    /// The schema version that was agreed, or is asked for.
    pub(super) fn schema_version(&self) -> u16 {
        self.schema.version
    }

    /// An id for the next request.
    pub(super) fn next_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    pub(super) fn random(&mut self) -> u8 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let [byte, ..] = self.random.to_be_bytes();
        byte
    }

    pub(super) fn connect(&mut self) {
        self.state = State::Connecting;
        let version = self.schema.version;
        self.actions.push_back(Action::Connect { version });
    }

    /// Nothing is wanted, so no further attempt is made until [`connect`](Self::connect).
    pub(super) fn rest(&mut self) {
        self.state = State::Idle;
    }

    /// The connection was made. `number` is its number in the group.
    pub(super) fn connected(&mut self, now: Instant, number: u64) {
        self.state = State::Connected {
            works_since: None,
            last_received: now,
            pinged: None,
        };
        self.has_connected = true;
        self.connection = number;
        self.schema.refused.clear();
    }

    /// The connection works from now on. Once it has done so for [`STABLE_AFTER`], earlier failures are forgotten.
    pub(super) fn works(&mut self, now: Instant) {
        if let State::Connected { works_since, .. } = &mut self.state {
            works_since.get_or_insert(now);
        }
    }

    /// Decides what follows an attempt that failed. An error means that no further attempt is made.
    pub(super) fn connect_failed(
        &mut self,
        now: Instant,
        failure: ConnectFailure,
    ) -> Result<(), StreamError> {
        let address = self.address.clone();
        match failure {
            ConnectFailure::SchemaRefused => {
                let refused = self.schema.version;
                let is_first = self.schema.refused.is_empty();
                self.schema.refused.push(refused);
                // A version that was agreed before is refused now: the exchange may have gone to another one.
                if is_first && refused != sbe::SCHEMA_VERSION {
                    self.schema.version = sbe::SCHEMA_VERSION;
                    self.connect();
                    return Ok(());
                }
                let next = (0..refused)
                    .rev()
                    .find(|version| !self.schema.refused.contains(version));
                match next {
                    Some(version) => {
                        self.schema.version = version;
                        self.connect();
                    }
                    // One was agreed before, so this may be a fault of the exchange that passes.
                    None if self.has_connected => {
                        self.schema.refused.clear();
                        self.schema.version = sbe::SCHEMA_VERSION;
                        self.wait(now, Duration::ZERO);
                    }
                    None => {
                        let versions = std::mem::take(&mut self.schema.refused);
                        let schema = sbe::SCHEMA_ID;
                        return Err(StreamError::Schema { schema, versions });
                    }
                }
            }
            ConnectFailure::Http2 => return Err(StreamError::Http2),
            ConnectFailure::NoClient { message } => return Err(StreamError::HttpClient(message)),
            ConnectFailure::Redirected { status } if !self.has_connected => {
                return Err(StreamError::Redirected { address, status });
            }
            ConnectFailure::Status {
                status,
                permanent: true,
                ..
            } if !self.has_connected => {
                return Err(StreamError::Handshake { address, status });
            }
            ConnectFailure::Status { retry_after, .. } => self.wait(now, retry_after.unwrap_or_default()),
            ConnectFailure::Redirected { .. } | ConnectFailure::Unreachable { .. } => {
                self.wait(now, Duration::ZERO);
            }
        }
        Ok(())
    }

    /// The connection ended, or is given up. The next attempt follows, not before `least` has passed.
    pub(super) fn closed(&mut self, now: Instant, least: Duration) {
        if let State::Connected {
            works_since: Some(since),
            ..
        } = self.state
            && now.saturating_duration_since(since) >= STABLE_AFTER
        {
            self.failures = 0;
            // The exchange may know a newer version by now.
            self.schema.version = sbe::SCHEMA_VERSION;
        }
        self.suspended = Duration::ZERO;
        self.wait(now, least);
    }

    /// Waits before the next attempt, at least this long.
    pub(super) fn wait(&mut self, now: Instant, least: Duration) {
        self.failures = self.failures.saturating_add(1);
        let random = self.random();
        let backoff = if self.failures == 1 { FIRST_RETRY } else { RETRY };
        let delay = backoff.delay_at(self.failures, random).max(least);
        self.state = State::Waiting { until: now + delay };
    }

    /// Ends the wait before the next attempt.
    pub(super) fn hurry(&mut self) {
        if matches!(self.state, State::Waiting { .. }) {
            self.connect();
        }
    }

    /// Makes no further connection.
    pub(super) fn end(&mut self, error: StreamError) {
        self.state = State::Idle;
        self.error = Some(error);
    }

    /// Something arrived.
    pub(super) fn received(&mut self, now: Instant) {
        if let State::Connected {
            last_received,
            pinged,
            ..
        } = &mut self.state
        {
            *last_received = now;
            *pinged = None;
        }
    }

    /// How long ago the last frame arrived, by the clock of this machine.
    pub(super) fn age(&self, now: Instant) -> Duration {
        match self.state {
            State::Connected { last_received, .. } => now
                .saturating_duration_since(last_received)
                .saturating_add(self.suspended),
            _ => Duration::ZERO,
        }
    }

    /// The earliest time at which [`tick`](Self::tick) has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        match self.state {
            State::Idle | State::Connecting => None,
            State::Waiting { until } => Some(until),
            State::Connected {
                last_received,
                pinged,
                ..
            } => Some(match pinged {
                Some(at) => at + DEAD_AFTER,
                None => last_received + PING_AFTER,
            }),
        }
    }

    /// Looks at the clocks. `wall` is the time of this machine's clock.
    pub(super) fn tick(&mut self, now: Instant, wall: SystemTime) -> Tick {
        let ahead = self.last_tick.and_then(|(then, wall_then)| {
            let by_wall = wall.duration_since(wall_then).ok()?;
            by_wall.checked_sub(now.saturating_duration_since(then))
        });
        let suspended = ahead.filter(|ahead| *ahead > SUSPENDED);
        self.last_tick = Some((now, wall));
        match &mut self.state {
            State::Waiting { until } if *until <= now || suspended.is_some() => Tick::Due,
            State::Connected {
                last_received,
                pinged,
                ..
            } => {
                let is_dead = pinged.is_some_and(|at| at + DEAD_AFTER <= now);
                if is_dead || suspended.is_some() {
                    // The monotonic clock may have stood still meanwhile.
                    self.suspended = suspended.unwrap_or_default();
                    self.actions.push_back(Action::Close);
                    return Tick::Dead;
                }
                if pinged.is_none() && *last_received + PING_AFTER <= now {
                    *pinged = Some(now);
                    self.actions.push_back(Action::Ping);
                }
                Tick::Alive
            }
            _ => Tick::Quiet,
        }
    }

    /// Whether the last tick found that the machine was suspended. Until [`closed`](Self::closed).
    pub(super) fn was_suspended(&self) -> bool {
        !self.suspended.is_zero()
    }
}
