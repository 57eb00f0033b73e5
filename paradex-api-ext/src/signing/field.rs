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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Felt, Inner, felt};

    /// Compares every conversion with the library's.
    fn check(value: Inner) {
        let ours = felt(&value);
        assert_eq!(ours.inner(), value);
        assert_eq!(ours.to_string(), value.to_hex_string());
        assert_eq!(ours.to_decimal(), value.to_string());
        assert_eq!(Felt::from_decimal(&value.to_string()).unwrap(), ours);
        assert_eq!(Felt::from_hex(&value.to_hex_string()).unwrap(), ours);
    }

    #[test]
    fn conversions_at_the_limits_are_those_of_the_library() {
        for value in [Inner::ZERO, Inner::ONE, Inner::from(u64::MAX), Inner::MAX] {
            check(value);
        }
        let mut prime = Inner::MAX.to_bytes_be();
        prime[31] += 1;
        Felt::from_bytes(&prime).unwrap_err();
        let decimal = "3618502788666131213697322783095070105623107215331596699973092056135872020481";
        Felt::from_decimal(decimal).unwrap_err();
        Felt::from_decimal(&"9".repeat(100)).unwrap_err();
        assert_eq!(felt(&Inner::from(u128::MAX)), Felt::from(u128::MAX));
    }

    proptest! {
        #[test]
        fn conversions_are_those_of_the_library(bytes in any::<[u8; 32]>(), short in any::<u64>()) {
            check(Inner::from_bytes_be(&bytes));
            check(Inner::from(short));
            prop_assert_eq!(felt(&Inner::from(short)), Felt::from(short));
        }
    }
}
