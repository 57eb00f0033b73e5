//! Messages that this version of the crate does not know.

use super::Header;

/// A message with a template that this version of the crate does not know.
///
/// The exchange adds templates, and asks decoders to skip those that they do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownMessage<'a> {
    header: Header,
    body: &'a [u8],
}

impl<'a> UnknownMessage<'a> {
    pub(crate) fn new(header: Header, body: &'a [u8]) -> Self {
        Self { header, body }
    }

    /// Returns the header, which names the template.
    pub fn header(&self) -> Header {
        self.header
    }

    /// Returns what follows the header.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }
}
