//! The book of one channel, which the connection's task writes and feeds copy.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use paradex_api::sbe;

use super::book::{BookSide, OrderBook};
use super::item::time_from_micros;
use super::update::LossCause;

/// Deltas that a comparison keeps at most.
const MOST_RECORDED: usize = 20_000;

/// What an event did to the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BookStep {
    Snapshot,
    Delta,
    Ignored,
    /// The book is not known any more.
    Wrong(LossCause),
}

/// The changes of one delta: side, price and size.
type Changes = Vec<(BookSide, i64, i64)>;

/// A copy of the book, and the deltas since then. It is cheap to clone.
#[derive(Clone)]
struct Recording {
    base: Arc<OrderBook>,
    base_seq: i64,
    deltas: Vec<(i64, Arc<Changes>)>,
}

struct State {
    book: OrderBook,
    /// The sequence number; `None` until there is a snapshot, and after anything was wrong.
    seq: Option<i64>,
    at: SystemTime,
    is_live: bool,
    /// Counts the losses.
    losses: u64,
    /// Counts the deltas.
    deltas: u64,
    recording: Option<Recording>,
}

/// What a feed knows of its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) seq: i64,
    pub(super) at: SystemTime,
    pub(super) losses: u64,
    pub(super) deltas: u64,
}

pub(super) struct SharedBook(Mutex<State>);

impl SharedBook {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            book: OrderBook::default(),
            seq: None,
            at: SystemTime::UNIX_EPOCH,
            is_live: false,
            losses: 0,
            deltas: 0,
            recording: None,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it is locked would leave a half-changed book, which must not be shown.
        self.0.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            let mut state = poisoned.into_inner();
            state.seq = None;
            state.is_live = false;
            state
        })
    }

    /// Waits for a new snapshot.
    pub(super) fn reset(&self) {
        self.lock().seq = None;
    }

    pub(super) fn make_live(&self) {
        let mut state = self.lock();
        state.is_live = state.seq.is_some();
    }

    pub(super) fn lose(&self) {
        let mut state = self.lock();
        if state.is_live {
            state.is_live = false;
            state.losses += 1;
        }
        state.recording = None;
    }

    /// Applies an event of the channel.
    pub(super) fn step(&self, event: &sbe::BookEvent<'_>, may_cross: bool) -> BookStep {
        let mut state = self.lock();
        let state = &mut *state;
        let seq = event.seq();
        let mut is_valid = true;
        match (event.pkg_type(), state.seq) {
            (sbe::PkgType::Snapshot, last) => {
                let mut book = OrderBook::default();
                apply(event, |side, price, size| {
                    is_valid &= size >= 0;
                    book.set(side, price, size);
                });
                if last == Some(seq) && book == state.book {
                    return BookStep::Ignored;
                }
                state.book = book;
                state.recording = None;
            }
            (sbe::PkgType::Delta, None) => return BookStep::Ignored,
            (sbe::PkgType::Delta, Some(last)) => {
                let expected = last.wrapping_add(1);
                // A frame that is only repeated changes nothing.
                if seq == last && is_applied(event, &state.book) {
                    return BookStep::Ignored;
                }
                if seq != expected {
                    state.seq = None;
                    return BookStep::Wrong(LossCause::Sequence { expected, got: seq });
                }
                let book = &mut state.book;
                apply(event, |side, price, size| {
                    is_valid &= size >= 0;
                    book.set(side, price, size);
                });
                state.deltas += 1;
                if let Some(recording) = &mut state.recording {
                    let mut changes = Changes::new();
                    apply(event, |side, price, size| changes.push((side, price, size)));
                    recording.deltas.push((seq, Arc::new(changes)));
                    if recording.deltas.len() > MOST_RECORDED {
                        state.recording = None;
                    }
                }
            }
            (_, _) => {
                state.seq = None;
                return BookStep::Wrong(LossCause::Unreadable);
            }
        }
        if !is_valid {
            state.seq = None;
            return BookStep::Wrong(LossCause::Unreadable);
        }
        if !may_cross && state.book.is_crossed() {
            state.seq = None;
            return BookStep::Wrong(LossCause::Crossed);
        }
        state.seq = Some(seq);
        state.at = time_from_micros(event.ts());
        match event.pkg_type() {
            sbe::PkgType::Snapshot => BookStep::Snapshot,
            _ => BookStep::Delta,
        }
    }

    /// Copies the book; `None` if it is not known to be right.
    pub(super) fn copy_into(&self, copy: &mut OrderBook) -> Option<Copied> {
        let state = self.lock();
        let seq = state.seq.filter(|_| state.is_live)?;
        copy.copy_from(&state.book);
        Some(Copied {
            seq,
            at: state.at,
            losses: state.losses,
            deltas: state.deltas,
        })
    }

    /// Whether the book is known to be right, and nothing was lost since this many losses.
    pub(super) fn is_right_since(&self, losses: u64) -> bool {
        let state = self.lock();
        state.is_live && state.seq.is_some() && state.losses == losses
    }

    /// Starts to keep deltas, so that the book at a later number can be had again. Returns whether the book is known.
    pub(super) fn start_recording(&self) -> bool {
        let mut state = self.lock();
        let Some(base_seq) = state.seq.filter(|_| state.is_live) else {
            return false;
        };
        if state.recording.is_none() {
            state.recording = Some(Recording {
                base: Arc::new(state.book.clone()),
                base_seq,
                deltas: Vec::new(),
            });
        }
        true
    }

    /// The book as it was at this number.
    pub(super) fn recorded_at(&self, seq: i64) -> Recorded {
        let state = self.lock();
        let Some(recording) = &state.recording else {
            return Recorded::Gone;
        };
        if seq < recording.base_seq {
            return Recorded::Before;
        }
        if state.seq.is_none_or(|now| seq > now) {
            return Recorded::NotYet;
        }
        // Applied without the lock, which the connection's task needs.
        let recording = recording.clone();
        drop(state);
        let mut book = OrderBook::clone(&recording.base);
        for (_, changes) in recording.deltas.iter().take_while(|(number, _)| *number <= seq) {
            for (side, price, size) in changes.iter() {
                book.set(*side, *price, *size);
            }
        }
        Recorded::Book(book)
    }

    pub(super) fn stop_recording(&self) {
        self.lock().recording = None;
    }
}

/// The result of [`SharedBook::recorded_at`].
pub(super) enum Recorded {
    Book(OrderBook),
    /// The number is before the recording.
    Before,
    /// The number has not arrived.
    NotYet,
    /// Something was lost.
    Gone,
}

/// Whether the book has all that the event sets.
fn is_applied(event: &sbe::BookEvent<'_>, book: &OrderBook) -> bool {
    let mut is_applied = true;
    apply(event, |side, price, size| {
        is_applied &= book.at(side, price).unwrap_or(0) == size;
    });
    is_applied
}

fn apply(event: &sbe::BookEvent<'_>, mut change: impl FnMut(BookSide, i64, i64)) {
    for level in event.bids() {
        change(BookSide::Bids, level.price_mantissa(), level.size_mantissa());
    }
    for level in event.asks() {
        change(BookSide::Asks, level.price_mantissa(), level.size_mantissa());
    }
}
