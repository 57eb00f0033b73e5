//! Limits the memory that decoding one body may take.
//!
//! The budget is a thread-local variable, because decoding is synchronous and stays on one thread. Passed through the
//! `Deserializer`, it would need a wrapper around every deserializer, map and list, and each type of the API would be compiled
//! for those as well. Outside of [`within`] nothing is limited, so that types of the API can be read from a file.
//!
//! Large memory (a list that grows) is charged before it is allocated. A text is charged afterwards, because it is never larger
//! than the body.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::Error;

/// How many bytes are charged between two checks of the caller's stop flag.
const SLICE: u64 = 64 << 10;

/// The bytes that an allocator adds to each allocation.
pub(crate) const OVERHEAD: usize = 16;

thread_local! {
    /// The bytes left in the current slice.
    static SLICE_LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    /// The bytes left in the budget, without the current slice.
    static REST: Cell<u64> = const { Cell::new(0) };
    /// Why decoding stopped early.
    static END: Cell<Option<StopReason>> = const { Cell::new(None) };
    /// Set by a caller that has given up.
    static STOP: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Why decoding stopped before the end of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// The value would take more memory than allowed.
    OverBudget,
    /// The caller has given up.
    Abandoned,
}

/// Runs `decode` with a budget in bytes. If `stop` is set, it stops at the next slice of memory.
pub(crate) fn within<T>(
    bytes: u64,
    stop: Option<Arc<AtomicBool>>,
    decode: impl FnOnce() -> T,
) -> (T, Option<StopReason>) {
    let slice = bytes.min(SLICE);
    let _outer = Outer {
        slice: SLICE_LEFT.replace(slice),
        rest: REST.replace(bytes - slice),
        end: END.take(),
        stop: STOP.replace(stop),
    };
    let value = decode();
    (value, END.get())
}

/// The enclosing budget, which is restored also after a panic.
struct Outer {
    slice: u64,
    rest: u64,
    end: Option<StopReason>,
    stop: Option<Arc<AtomicBool>>,
}

impl Drop for Outer {
    fn drop(&mut self) {
        SLICE_LEFT.set(self.slice);
        REST.set(self.rest);
        END.set(self.end);
        STOP.set(self.stop.take());
    }
}

/// Charges the budget with this many bytes.
#[inline]
pub(crate) fn charge<E: Error>(bytes: usize) -> Result<(), E> {
    let bytes = bytes as u64;
    match SLICE_LEFT.get().checked_sub(bytes) {
        Some(left) => {
            SLICE_LEFT.set(left);
            Ok(())
        }
        None => next_slice(bytes).map_err(|end| {
            E::custom(match end {
                StopReason::OverBudget => "the value takes more memory than allowed",
                StopReason::Abandoned => "the caller has given up",
            })
        }),
    }
}

#[cold]
fn next_slice(bytes: u64) -> Result<(), StopReason> {
    let is_stopped = |stop: &RefCell<Option<Arc<AtomicBool>>>| {
        stop.borrow()
            .as_ref()
            .is_some_and(|stop| stop.load(Ordering::Relaxed))
    };
    let end = if STOP.with(is_stopped) {
        StopReason::Abandoned
    } else {
        let all = SLICE_LEFT.get().saturating_add(REST.get());
        if let Some(left) = all.checked_sub(bytes) {
            let slice = left.min(SLICE);
            SLICE_LEFT.set(slice);
            REST.set(left - slice);
            return Ok(());
        }
        StopReason::OverBudget
    };
    END.set(Some(end));
    Err(end)
}

/// Charges the budget with the memory of a text.
#[inline]
pub(crate) fn charge_text<E: Error>(text: &str) -> Result<(), E> {
    charge(text.len() + OVERHEAD)
}

/// Returns the most bytes that one more entry of a map takes, without the text of its key.
///
/// A node of a B-tree has room for eleven entries and may hold only five, so an entry takes up to 2.2 times its size and a part
/// of the node. The first entry takes a whole node. The hash map that serde_json can use instead grows by doubling, which takes
/// up to three times the size.
pub(crate) fn entry<T>(is_first: bool) -> usize {
    (size_of::<String>() + size_of::<T>()) * if is_first { 12 } else { 4 }
}

/// Charges the budget with one more entry of a map and its key.
pub(crate) fn charge_entry<T, E: Error>(is_first: bool, key: &str) -> Result<(), E> {
    charge(entry::<T>(is_first) + key.len() + OVERHEAD)
}

/// Reserves memory for one more element, as `Vec::push` does, and charges the budget. While a list grows, its old and its new
/// memory are allocated at the same time.
#[inline]
pub(crate) fn grow<T, E: Error>(list: &mut Vec<T>) -> Result<(), E> {
    if list.len() < list.capacity() {
        return Ok(());
    }
    let (size, old) = (size_of::<T>().max(1), list.capacity());
    // Four elements at first; fewer if they are so large that four exceed 1 KiB.
    let more = old.max((1024 / size).clamp(1, 4));
    charge((old + more).saturating_mul(size).saturating_add(OVERHEAD))?;
    list.reserve_exact(more);
    give_back((old * size) as u64);
    Ok(())
}

/// Returns the bytes left, for [`rollback_to`] once the values that were made since are dropped.
pub(crate) fn checkpoint() -> u64 {
    SLICE_LEFT.get().saturating_add(REST.get())
}

/// Gives back the bytes that were charged since the checkpoint.
pub(crate) fn rollback_to(checkpoint: u64) {
    give_back(checkpoint.saturating_sub(SLICE_LEFT.get().saturating_add(REST.get())));
}

/// Gives bytes back to the rest. In the slice they would delay the next check of the stop flag.
fn give_back(bytes: u64) {
    REST.set(REST.get().saturating_add(bytes));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use serde::de::value::Error;

    use super::{StopReason, charge, grow, within};

    fn charged(bytes: usize) -> bool {
        charge::<Error>(bytes).is_ok()
    }

    #[test]
    fn budget_is_spent_to_the_byte_and_ends_with_its_scope() {
        let ((), end) = within(200_000, None, || {
            assert!(charged(50_000) && charged(100_000) && charged(50_000));
            assert!(!charged(1));
        });
        assert_eq!(end, Some(StopReason::OverBudget));
        assert!(charged(1 << 30), "outside of a scope nothing is limited");
    }

    #[test]
    fn inner_budget_leaves_the_outer_one_alone() {
        let ((), end) = within(100, None, || {
            let ((), inner) = within(10, None, || assert!(!charged(11)));
            assert_eq!(inner, Some(StopReason::OverBudget));
            assert!(charged(100));
        });
        assert_eq!(end, None);
    }

    #[test]
    fn abandoned_decoding_ends_at_the_next_slice() {
        let stop = Arc::new(AtomicBool::new(true));
        let ((), end) = within(1 << 30, Some(stop), || {
            assert!(charged(super::SLICE as usize));
            assert!(!charged(1));
        });
        assert_eq!(end, Some(StopReason::Abandoned));
    }

    #[test]
    fn list_is_charged_for_its_memory_and_while_it_grows_for_both() {
        // 4, 8 and 16 bytes of one each: 16 at the end, 24 while it grew, and three pieces of memory.
        let most = 24 + 3 * super::OVERHEAD as u64;
        for (budget, fits) in [(most, true), (most - 1, false)] {
            let (grown, _) = within(budget, None, || {
                let mut list = Vec::<u8>::new();
                (0..9).try_for_each(|byte| {
                    grow::<_, Error>(&mut list)?;
                    list.push(byte);
                    Ok::<_, Error>(())
                })
            });
            assert_eq!(grown.is_ok(), fits);
        }
    }
}
