//! Ids as texts. The engine counts from 1, and an id should not show how many there are.

/// Numbers that are mapped to others, one to one.
#[derive(Debug, Clone, Copy)]
pub(super) struct IdSpace {
    offset: u64,
}

/// An odd number, so that multiplying by it can be undone.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number that undoes a multiplication by [`STEP`].
const INVERSE: u64 = inverse(STEP);

/// Returns the inverse of an odd number modulo 2⁶⁴. Each step of Newton's method doubles the number of bits that are right.
const fn inverse(odd: u64) -> u64 {
    let (mut inverse, mut step) = (odd, 0);
    while step < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

impl IdSpace {
    pub(super) fn new(offset: u64) -> Self {
        Self { offset }
    }

    /// Returns the text of a number.
    pub(super) fn text(self, number: u64) -> String {
        number.wrapping_mul(STEP).wrapping_add(self.offset).to_string()
    }

    /// Returns the number of a text.
    pub(super) fn number(self, text: &str) -> Option<u64> {
        let id: u64 = text.parse().ok()?;
        // Another spelling of the number, as `+1`, is another id.
        let number = id.wrapping_sub(self.offset).wrapping_mul(INVERSE);
        Some(number).filter(|_| id.to_string() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::IdSpace;

    #[test]
    fn id_is_read_back() {
        let ids = IdSpace::new(7);
        for number in [0, 1, 2, 1_000_000, u64::MAX] {
            assert_eq!(ids.number(&ids.text(number)), Some(number));
        }
        assert_ne!(ids.text(1), IdSpace::new(8).text(1));
        assert_eq!(ids.number(&format!("0{}", ids.text(1))), None);
        assert_eq!(ids.number("x"), None);
    }
}
