//! Repeating groups, such as the levels of a book.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::slice::ChunksExact;

use super::Error;

/// An entry of a group. It is not exported, so only the generated code implements it.
pub trait Entry: Copy {
    /// How many bytes the first version of the schema has.
    const LENGTH: usize;

    /// Reads an entry, which has at least [`Self::LENGTH`] bytes.
    fn new(bytes: &[u8]) -> Option<Self>;

    /// Refuses null where the schema requires a value.
    fn check(self) -> Result<(), Error>;
}

/// The entries of a repeating group.
///
/// ```
/// # fn levels(book: paradex_api::sbe::BookEvent<'_>) -> Option<paradex_api::Decimal> {
/// assert_eq!(book.bids().len(), book.bids().iter().count());
/// for level in book.asks() {
///     println!("{} at {}", level.size(), level.price());
/// }
/// # book.bids().iter().next().map(|level| level.price())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Group<'a, E> {
    bytes: &'a [u8],
    /// How many bytes an entry has; never 0.
    length: usize,
    kind: PhantomData<E>,
}

impl<'a, E: Entry> Group<'a, E> {
    pub(crate) fn new(bytes: &'a [u8], length: usize) -> Self {
        Self {
            bytes,
            // A group without entries may give any length.
            length: length.max(1),
            kind: PhantomData,
        }
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.length
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns an iterator over the entries, in the order of the frame.
    #[inline]
    pub fn iter(&self) -> Entries<'a, E> {
        Entries {
            chunks: self.bytes.chunks_exact(self.length),
            kind: PhantomData,
        }
    }
}

impl<'a, E: Entry> IntoIterator for Group<'a, E> {
    type Item = E;
    type IntoIter = Entries<'a, E>;

    #[inline]
    fn into_iter(self) -> Entries<'a, E> {
        self.iter()
    }
}

impl<'a, E: Entry + fmt::Debug> fmt::Debug for Group<'a, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// An iterator over the entries of a [`Group`].
#[derive(Debug, Clone)]
pub struct Entries<'a, E> {
    chunks: ChunksExact<'a, u8>,
    kind: PhantomData<E>,
}

impl<'a, E: Entry> Iterator for Entries<'a, E> {
    type Item = E;

    #[inline]
    fn next(&mut self) -> Option<E> {
        E::new(self.chunks.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl<'a, E: Entry> DoubleEndedIterator for Entries<'a, E> {
    fn next_back(&mut self) -> Option<E> {
        E::new(self.chunks.next_back()?)
    }
}

impl<'a, E: Entry> ExactSizeIterator for Entries<'a, E> {}

impl<'a, E: Entry> FusedIterator for Entries<'a, E> {}
