//! Conversions to and from the field elements of the curve library.

use starknet_types_core::felt::Felt as Inner;

use super::felt::{Felt, Scaled};

impl Felt {
    pub(super) fn inner(&self) -> Inner {
        Inner::from_bytes_be(&self.to_bytes())
    }
}

/// The library's numbers are always below the prime.
pub(super) fn felt(inner: &Inner) -> Felt {
    Felt(inner.to_bytes_be())
}

impl Scaled {
    pub(super) fn inner(self) -> Inner {
        self.to_integer().into()
    }
}
