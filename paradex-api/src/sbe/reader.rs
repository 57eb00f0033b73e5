//! Reads a frame from front to back. Each length is the frame's own, and is checked before a byte is read.

use super::group::{Entry, Group};
use super::{Error, Header};

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(frame: &'a [u8]) -> Self {
        Self {
            rest: frame,
            length: frame.len(),
        }
    }

    #[inline]
    pub(crate) fn header(&mut self) -> Result<Header, Error> {
        let [a, b, c, d, e, f, g, h] = *self.array("the header")?;
        Ok(Header {
            block_length: u16::from_le_bytes([a, b]),
            template_id: u16::from_le_bytes([c, d]),
            schema_id: u16::from_le_bytes([e, f]),
            version: u16::from_le_bytes([g, h]),
        })
    }

    /// Reads the block of a message: the part that the first version has, and what later versions added.
    #[inline]
    pub(crate) fn block<const BASE: usize>(
        &mut self,
        part: &'static str,
        header: Header,
    ) -> Result<(&'a [u8; BASE], &'a [u8]), Error> {
        let block = self.take(usize::from(header.block_length), part)?;
        block.split_first_chunk().ok_or(Error::BlockTooShort {
            part,
            length: header.block_length,
            minimum: u16::try_from(BASE).unwrap_or(u16::MAX),
        })
    }

    /// Reads a text with its length in one byte before it.
    #[inline]
    pub(crate) fn text(&mut self, part: &'static str) -> Result<&'a str, Error> {
        let [length] = *self.array(part)?;
        let bytes = self.take(usize::from(length), part)?;
        std::str::from_utf8(bytes).map_err(|_| Error::NotUtf8 { part })
    }

    /// Reads a text that a later version appended. It is absent if the frame ends before it, because the exchange added texts
    /// without a new version.
    #[inline]
    pub(crate) fn added_text(
        &mut self,
        part: &'static str,
        is_in_version: bool,
    ) -> Result<Option<&'a str>, Error> {
        if !is_in_version || self.rest.is_empty() {
            return Ok(None);
        }
        self.text(part).map(Some)
    }

    /// Reads a repeating group.
    #[inline]
    pub(crate) fn group<E: Entry>(&mut self, part: &'static str) -> Result<Group<'a, E>, Error> {
        let [a, b, c, d] = *self.array(part)?;
        let length = u16::from_le_bytes([a, b]);
        let count = u16::from_le_bytes([c, d]);
        if count > 0 && usize::from(length) < E::LENGTH {
            return Err(Error::BlockTooShort {
                part,
                length,
                minimum: u16::try_from(E::LENGTH).unwrap_or(u16::MAX),
            });
        }
        let bytes = self.take(usize::from(length).saturating_mul(usize::from(count)), part)?;
        let group: Group<'a, E> = Group::new(bytes, usize::from(length));
        for entry in group {
            entry.check()?;
        }
        Ok(group)
    }

    /// What is not read yet.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    fn array<const N: usize>(&mut self, part: &'static str) -> Result<&'a [u8; N], Error> {
        match self.rest.split_first_chunk() {
            Some((array, rest)) => {
                self.rest = rest;
                Ok(array)
            }
            None => Err(self.truncated(N, part)),
        }
    }

    #[inline]
    fn take(&mut self, count: usize, part: &'static str) -> Result<&'a [u8], Error> {
        match self.rest.split_at_checked(count) {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(bytes)
            }
            None => Err(self.truncated(count, part)),
        }
    }

    #[cold]
    fn truncated(&self, count: usize, part: &'static str) -> Error {
        Error::Truncated {
            part,
            at: self.length,
            missing: count.saturating_sub(self.rest.len()),
        }
    }
}
