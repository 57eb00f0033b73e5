//! Numbers at fixed places of a block.

use rust_decimal::Decimal;

use super::{Error, Header};

/// The mantissa that means null.
pub(crate) const NULL: i64 = i64::MIN;

/// The bytes at a place of a block. The generator places every field inside its block, whose length the reader has checked.
#[inline(always)]
pub(crate) fn bytes<const N: usize>(block: &[u8], at: usize) -> [u8; N] {
    added(block, at).unwrap_or([0; N])
}

/// The bytes at a place of what later versions added; `None` if this frame does not have them.
#[inline(always)]
pub(crate) fn added<const N: usize>(block: &[u8], at: usize) -> Option<[u8; N]> {
    block.get(at..)?.first_chunk().copied()
}

/// What later versions added, if the frame is not older than the version that added a field.
#[inline(always)]
pub(crate) fn since(version: u16, header: Header, added: &[u8]) -> &[u8] {
    if header.version >= version { added } else { &[] }
}

/// Refuses null.
#[inline]
pub(crate) fn not_null(mantissa: i64, part: &'static str) -> Result<(), Error> {
    match mantissa {
        NULL => Err(Error::NullRequired { part }),
        _ => Ok(()),
    }
}

/// The value of a mantissa, or `None` for null.
#[inline]
pub(crate) fn nullable(mantissa: i64) -> Option<i64> {
    (mantissa != NULL).then_some(mantissa)
}

/// A decimal with this many digits after the point; 18 at most.
#[inline]
pub(crate) fn decimal(mantissa: i64, digits: u32) -> Decimal {
    let bits = mantissa.unsigned_abs();
    Decimal::from_parts(low(bits), low(bits >> 32), 0, mantissa < 0, digits)
}

/// The lower 32 bits.
#[inline]
fn low(bits: u64) -> u32 {
    (bits & u64::from(u32::MAX)) as u32
}
