//! Random choices, counts, and futures that are given up.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use crate::random::Random;

impl Random {
    /// Whether something happens that happens so often in a hundred times.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let length = u64::try_from(list.len()).unwrap();
        (length > 0).then(|| &list[usize::try_from(self.below(length)).unwrap()])
    }

    /// After how many polls a future is given up, for one in twelve.
    pub(crate) fn patience(&mut self) -> Option<u64> {
        (self.below(12) == 0).then(|| 1 + self.below(12))
    }
}

/// How often each thing happened, by its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<String, usize>>>);

impl Counts {
    pub(crate) fn add(&self, name: impl Into<String>) {
        self.add_many(name, 1);
    }

    pub(crate) fn add_many(&self, name: impl Into<String>, count: usize) {
        *self.0.lock().unwrap().entry(name.into()).or_default() += count;
    }

    pub(crate) fn all(&self) -> BTreeMap<String, usize> {
        self.0.lock().unwrap().clone()
    }
}

/// Polls a future this often at most, and drops it if it is not ready by then.
pub(crate) async fn give_up<T>(future: impl Future<Output = T>, polls: Option<u64>) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        match &mut left {
            None => Poll::Pending,
            Some(left) => {
                *left -= 1;
                match *left {
                    0 => Poll::Ready(None),
                    _ => Poll::Pending,
                }
            }
        }
    })
    .await
}
