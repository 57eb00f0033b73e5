//! What every frame begins with.

use super::Error;
use super::reader::Reader;

/// The header of a frame.
///
/// [`Header::decode`] reads it from a frame of any schema and of any template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// How many bytes the fixed fields take.
    pub block_length: u16,
    /// Which message it is.
    pub template_id: u16,
    /// Which schema the message belongs to.
    pub schema_id: u16,
    /// The version of the schema that the frame was written with.
    pub version: u16,
}

impl Header {
    /// How many bytes a header takes.
    pub const LENGTH: usize = 8;

    /// Reads the header of a frame.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] if the frame has fewer than 8 bytes.
    pub fn decode(frame: &[u8]) -> Result<Self, Error> {
        Reader::new(frame).header()
    }
}
