//! How much memory the decoding of one body may take.
//!
//! The budget belongs to the thread. Decoding is synchronous and stays on one thread, and everything that allocates reaches the
//! budget from where it stands; passed through the `Deserializer`, it would need a wrapper around every deserializer, map and
//! list, and each type of the API would be compiled for those as well. Outside of [`within`] nothing is limited, so that
//! types of the API can be read from a file.
//!
//! A charge is made before memory is taken that can be large (a list that grows), and right after a text was made, which is never
//! larger than the body.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::Error;

/// What is charged at once without a look at the flag of the caller.
const SLICE: u64 = 64 << 10;

/// What an allocator keeps beside each piece of memory.
pub(crate) const OVERHEAD: usize = 16;

thread_local! {
    /// What is left of the present slice.
    static SLICE_LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    /// What is left of the budget without the present slice.
    static REST: Cell<u64> = const { Cell::new(0) };
    /// Why decoding ended early.
    static END: Cell<Option<End>> = const { Cell::new(None) };
    /// Set by a caller who has given up.
    static STOP: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Why decoding ended before the end of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The value would take more memory than allowed.
    OverBudget,
    /// Nobody waits for the value any more.
    Abandoned,
}

/// Runs `decode` with a budget of so many bytes. It ends early when `stop` is set, at the next slice of memory.
pub(crate) fn within<T>(
    bytes: u64,
    stop: Option<Arc<AtomicBool>>,
    decode: impl FnOnce() -> T,
) -> (T, Option<End>) {
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

/// What was there before, put back also after a panic.
struct Outer {
    slice: u64,
    rest: u64,
    end: Option<End>,
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

/// Takes so many bytes out of the budget.
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
                End::OverBudget => "the value takes more memory than allowed",
                End::Abandoned => "nobody waits for the value any more",
            })
        }),
    }
}

#[cold]
fn next_slice(bytes: u64) -> Result<(), End> {
    let is_stopped = |stop: &RefCell<Option<Arc<AtomicBool>>>| {
        stop.borrow()
            .as_ref()
            .is_some_and(|stop| stop.load(Ordering::Relaxed))
    };
    let end = if STOP.with(is_stopped) {
        End::Abandoned
    } else {
        let all = SLICE_LEFT.get().saturating_add(REST.get());
        if let Some(left) = all.checked_sub(bytes) {
            let slice = left.min(SLICE);
            SLICE_LEFT.set(slice);
            REST.set(left - slice);
            return Ok(());
        }
        End::OverBudget
    };
    END.set(Some(end));
    Err(end)
}

/// Takes the memory of a text out of the budget.
#[inline]
pub(crate) fn charge_text<E: Error>(text: &str) -> Result<(), E> {
    charge(text.len() + OVERHEAD)
}

/// What one more entry of a map takes at the most, without the text of its key.
///
/// A node of a B-tree has room for eleven entries and may have only five, so an entry takes up to 2.2 times its size and a part
/// of the node; the first takes a whole node. The hash map that serde_json can use instead doubles, which is up to three times.
pub(crate) fn entry<T>(is_first: bool) -> usize {
    (size_of::<String>() + size_of::<T>()) * if is_first { 12 } else { 4 }
}

/// Takes one more entry of a map out of the budget, with its key.
pub(crate) fn charge_entry<T, E: Error>(is_first: bool, key: &str) -> Result<(), E> {
    charge(entry::<T>(is_first) + key.len() + OVERHEAD)
}

/// Makes room for one more element, as `Vec::push` does, and takes it out of the budget. While a list grows, its old and its new
/// memory are there at once.
#[inline]
pub(crate) fn grow<T, E: Error>(list: &mut Vec<T>) -> Result<(), E> {
    if list.len() < list.capacity() {
        return Ok(());
    }
    let (size, old) = (size_of::<T>().max(1), list.capacity());
    // Four to begin with, and of what is large only as many as fill 1 KiB.
    let more = old.max((1024 / size).clamp(1, 4));
    charge((old + more).saturating_mul(size).saturating_add(OVERHEAD))?;
    list.reserve_exact(more);
    give_back((old * size) as u64);
    Ok(())
}

/// What is left, to come back to once what was made since is gone.
pub(crate) fn mark() -> u64 {
    SLICE_LEFT.get().saturating_add(REST.get())
}

/// Gives back what was charged since the mark.
pub(crate) fn back_to(mark: u64) {
    give_back(mark.saturating_sub(SLICE_LEFT.get().saturating_add(REST.get())));
}

/// Not to the slice, which would put off the next look at the flag.
fn give_back(bytes: u64) {
    REST.set(REST.get().saturating_add(bytes));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use serde::de::value::Error;

    use super::{End, charge, grow, within};

    fn charged(bytes: usize) -> bool {
        charge::<Error>(bytes).is_ok()
    }

    #[test]
    fn budget_is_spent_to_the_byte_and_ends_with_its_scope() {
        let ((), end) = within(200_000, None, || {
            assert!(charged(50_000) && charged(100_000) && charged(50_000));
            assert!(!charged(1));
        });
        assert_eq!(end, Some(End::OverBudget));
        assert!(charged(1 << 30), "outside of a scope nothing is limited");
    }

    #[test]
    fn inner_budget_leaves_the_outer_one_alone() {
        let ((), end) = within(100, None, || {
            let ((), inner) = within(10, None, || assert!(!charged(11)));
            assert_eq!(inner, Some(End::OverBudget));
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
        assert_eq!(end, Some(End::Abandoned));
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
