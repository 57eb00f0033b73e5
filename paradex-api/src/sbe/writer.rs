//! Writes frames, for tests and simulators.

use rust_decimal::Decimal;

use super::SCHEMA_ID;
use super::number::NULL;

/// Collects the parts of a frame.
pub(crate) struct Writer {
    version: u16,
    block: Vec<u8>,
    /// The part of the block that is sent. What follows is absent.
    kept_block: usize,
    rest: Vec<u8>,
    /// The part of the groups and texts that is sent.
    kept_rest: usize,
}

impl Writer {
    pub(crate) fn new(version: u16) -> Self {
        Self {
            version,
            block: Vec::new(),
            kept_block: 0,
            rest: Vec::new(),
            kept_rest: 0,
        }
    }

    /// A field of the first version.
    pub(crate) fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.block.extend(bytes);
        self.kept_block = self.block.len();
    }

    /// A field that a later version added. `None` is absent if nothing follows it, and `null` otherwise.
    pub(crate) fn add<const N: usize>(&mut self, since: u16, bytes: Option<[u8; N]>, null: [u8; N]) {
        if self.version < since {
            return;
        }
        self.block.extend(bytes.unwrap_or(null));
        if bytes.is_some() {
            self.kept_block = self.block.len();
        }
    }

    /// A repeating group; its entries follow. At most 65,535 entries are written.
    pub(crate) fn group<const N: usize>(&mut self, entries: impl ExactSizeIterator<Item = [u8; N]>) {
        let count = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        self.rest
            .extend(u16::try_from(N).unwrap_or(u16::MAX).to_le_bytes());
        self.rest.extend(count.to_le_bytes());
        for entry in entries.take(usize::from(count)) {
            self.rest.extend(entry);
        }
        self.kept_rest = self.rest.len();
    }

    /// A text of the first version. At most 255 bytes are written.
    pub(crate) fn text(&mut self, text: &str) {
        self.push_text(text);
        self.kept_rest = self.rest.len();
    }

    /// A text that a later version added. `None` is absent if nothing follows it, and empty otherwise.
    pub(crate) fn add_text(&mut self, since: u16, text: Option<&str>) {
        if self.version < since {
            return;
        }
        self.push_text(text.unwrap_or_default());
        if text.is_some() {
            self.kept_rest = self.rest.len();
        }
    }

    pub(crate) fn frame(mut self, template: u16) -> Vec<u8> {
        self.block.truncate(self.kept_block);
        self.rest.truncate(self.kept_rest);
        let length = u16::try_from(self.block.len()).unwrap_or(u16::MAX);
        let header = [length, template, SCHEMA_ID, self.version].map(u16::to_le_bytes);
        [header.as_flattened(), &self.block, &self.rest].concat()
    }

    fn push_text(&mut self, text: &str) {
        let most = usize::from(u8::MAX);
        let end = (0..=text.len().min(most))
            .rev()
            .find(|end| text.is_char_boundary(*end));
        let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
        self.rest.push(u8::try_from(text.len()).unwrap_or(0));
        self.rest.extend(text.bytes());
    }
}

/// The mantissa of a decimal. Further digits are cut off, and what is too large becomes the largest mantissa, as the exchange
/// does it.
pub(crate) fn mantissa(number: Decimal, digits: u32) -> i64 {
    let (mantissa, scale) = (number.mantissa(), number.scale());
    let exact = match digits.checked_sub(scale) {
        Some(more) => mantissa.saturating_mul(10_i128.pow(more)),
        None => mantissa / 10_i128.pow(scale - digits),
    };
    i64::try_from(exact.clamp(i128::from(i64::MIN) + 1, i128::from(i64::MAX))).unwrap_or(NULL)
}

/// The mantissa of a decimal or of null.
pub(crate) fn nullable(number: Option<Decimal>, digits: u32) -> i64 {
    number.map_or(NULL, |number| mantissa(number, digits))
}
