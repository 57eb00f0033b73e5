//! Pseudo-random numbers that depend on a seed and a position alone, so that the past can be computed again.

use crate::simulator::state::{mixed, seed_of};

/// A source of pseudo-random numbers for one purpose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        Self(mixed(seed_of(seed, purpose)))
    }

    /// Returns the number at a position of a stream.
    pub(super) fn bits(self, position: i64, stream: u64) -> u64 {
        let position = position.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed(mixed(self.0 ^ position).wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03)))
    }

    /// Returns a number from 0 to below `end`, and 0 if `end` is below 1.
    pub(super) fn below(self, position: i64, stream: u64, end: i64) -> i64 {
        let end = end.max(1).cast_unsigned();
        (self.bits(position, stream) % end).cast_signed()
    }

    /// Returns a number from 0 to below 1.
    pub(super) fn fraction(self, position: i64, stream: u64) -> f64 {
        (self.bits(position, stream) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a smooth curve from -1 to 1, which takes a random value at every whole position.
    pub(super) fn curve(self, position: f64, stream: u64) -> f64 {
        let whole = position.floor();
        let part = position - whole;
        let node = |at: i64| self.fraction(at, stream) * 2.0 - 1.0;
        let left = node(whole as i64);
        let right = node((whole as i64).saturating_add(1));
        left + (right - left) * part * part * (3.0 - 2.0 * part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Noise;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn curve_is_bounded_and_continuous(seed: u64, position in -1e6..1e6_f64) {
            let noise = Noise::new(seed, "test");
            let (here, near) = (noise.curve(position, 3), noise.curve(position + 1e-6, 3));
            prop_assert!((-1.0..=1.0).contains(&here));
            prop_assert!((here - near).abs() < 1e-4);
        }

        #[test]
        fn numbers_depend_on_seed_position_and_stream(seed: u64, position: i64, stream: u64) {
            let noise = Noise::new(seed, "test");
            let here = noise.bits(position, stream);
            prop_assert_eq!(here, Noise::new(seed, "test").bits(position, stream));
            prop_assert_ne!(here, Noise::new(seed, "other").bits(position, stream));
            prop_assert_ne!(here, noise.bits(position.wrapping_add(1), stream));
            prop_assert_ne!(here, noise.bits(position, stream.wrapping_add(1)));
        }
    }
}
