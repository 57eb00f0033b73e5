//! Why a frame cannot be decoded.

/// Why a frame cannot be decoded.
///
/// None of these is fatal for a connection: frames are independent of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The frame ends too early.
    #[error("the SBE frame ends in {part}: {missing} bytes are missing after byte {at}")]
    Truncated {
        /// What is incomplete, for example `BboEvent.market`.
        part: &'static str,
        /// How many bytes the frame has.
        at: usize,
        /// How many bytes are missing at least.
        missing: usize,
    },
    /// The frame belongs to another schema, so nothing is known about its form.
    #[error(
        "the SBE frame has schema id {found}, and this crate decodes schema id {}",
        super::SCHEMA_ID
    )]
    SchemaId {
        /// The id in the frame.
        found: u16,
    },
    /// A block is shorter than the first version of the schema has it.
    #[error("the SBE block of {part} has {length} bytes, and its first version has {minimum}")]
    BlockTooShort {
        /// The message or the group, for example `BookEvent.bids`.
        part: &'static str,
        /// The length that the frame gives.
        length: u16,
        /// The length that the first version has.
        minimum: u16,
    },
    /// A text is not UTF-8.
    #[error("the text {part} of the SBE frame is not UTF-8")]
    NotUtf8 {
        /// The field, for example `BboEvent.market`.
        part: &'static str,
    },
    /// A number that must have a value is null.
    #[error("the number {part} of the SBE frame is null, and the schema requires a value")]
    NullRequired {
        /// The field, for example `TradeEvent.price`.
        part: &'static str,
    },
}
