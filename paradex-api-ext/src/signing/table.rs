//! Fixed-base scalar multiplication by a precomputed table: the only curve arithmetic of our own.
//!
//! ECDSA computes the x coordinate of `k·G` for a secret nonce `k`. The library uses double-and-add over the bits of `k`. Here
//! every 5-bit window of `k` selects one precomputed point, which leaves 50 additions. Libraries do everything else that a
//! signature needs.
//!
//! # The method
//!
//! `k` or `n - k` is odd, and both have the same x coordinate, so `k` may be taken to be odd. An odd `k` is
//! `Σ dᵢ·2^(wi)` with odd digits `|dᵢ| < 2^w`: with `K = (k + 2^(wt) - 1) / 2`, the digit is
//! `2·(window i of K) - (2^w - 1)`. No digit is zero, so each window does the same work. Row `i` of the
//! table has the points `1, 3, …, 2^w - 1` times `2^(wi)·G`; a negative digit negates the y coordinate.
//!
//! The addition formula is the short one, which fails when both points are equal or opposite. That cannot
//! happen. Before row `i` the sum `S` is odd and `|S| < 2^(wi)`, and the point to add is `T = d·2^(wi)` with
//! `d` odd; so `S ± T` is no zero, and it is below `n` before the last row. In the last row, with
//! `m = w(t-1)`, `S + T = k` is between 0 and `n`, and `S - T = -n` needs `d·2^(m+1) = k + n`, where `k` is
//! within `2^(m+1)` of `n`: so `d` lies between `n/2^m - 1` and `n/2^m`, where the only integer is the even
//! `2^(251-m)`. If it happened nevertheless, the result would be 0, which no signature accepts.
//!
//! # Side channels
//!
//! A few leaked bits of the nonces of many signatures reveal the key. Countermeasures:
//!
//! * A look-up reads every point of the row and selects one by the conditional moves of `ctutils`, so neither addresses nor
//!   branches depend on the digit.
//! * Sums, products and the inverse mod `p` take the same steps for all values, and the number of additions is fixed.
//! * The arithmetic mod `n` is that of `crypto-bigint`, which is designed to be constant-time.
//!
//! Limits:
//!
//! * The compiler may turn masks in the field arithmetic into branches. It did so with masks in the look-up, which is why that
//!   has conditional moves in assembly now. In the optimised code for x86-64, inspected when this was written, the remaining
//!   branches depend on counters only.
//! * On a processor for which `ctutils` has no assembly, it falls back to masks.
//! * Before and after this module, values pass through `starknet_types_core::felt::Felt`, whose conversions end in comparisons
//!   that may branch.
//! * There is no protection against power analysis or fault injection.
//! * The library's own signing, [`SigningRoute::Library`](super::SigningRoute::Library), branches on each bit of the nonce.
//!
//! The feature `signing-vartime` adds a route that reads only the selected point, of a larger table, and inverts the nonce in
//! variable time. Its addresses are digits of the nonce: code that shares a cache with the process (another tenant of the
//! machine, a hostile thread) can observe some of them.

use std::sync::OnceLock;

use crypto_bigint::ctutils::{CtAssign, CtEq};
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{CtOption, NonZero, U256, const_monty_params};
use starknet_types_core::curve::AffinePoint;
use starknet_types_core::felt::Felt;
use zeroize::Zeroizing;

/// The table that is scanned (constant time): 51 rows of 16 points, 51 KiB.
static SCANNED: OnceLock<Table<16>> = OnceLock::new();
/// The table that is indexed (variable time): 32 rows of 128 points, 256 KiB.
#[cfg(feature = "signing-vartime")]
static INDEXED: OnceLock<Table<128>> = OnceLock::new();

const_monty_params!(
    Order,
    U256,
    "0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f",
    "The order of the curve."
);

/// The order of the curve.
pub(super) const ORDER: NonZero<U256> = *Scalar::MODULUS.as_nz_ref();

/// A number modulo the order.
type Scalar = ConstMontyForm<Order, 4>;

/// The ECDSA signature (r, s) with this nonce, which is between 0 and the order; `None` if another nonce is needed.
pub(super) fn sign(key: &Felt, hash: &Felt, nonce: &Felt) -> Option<(Felt, Felt)> {
    finish(key, hash, nonce, generator_multiple(nonce), Scalar::invert)
}

/// As [`sign`], in variable time.
#[cfg(feature = "signing-vartime")]
pub(super) fn sign_vartime(key: &Felt, hash: &Felt, nonce: &Felt) -> Option<(Felt, Felt)> {
    let r = generator_multiple_vartime(nonce);
    finish(key, hash, nonce, r, Scalar::invert_vartime)
}

fn finish(
    key: &Felt,
    hash: &Felt,
    nonce: &Felt,
    r: Felt,
    invert: impl Fn(&Scalar) -> CtOption<Scalar>,
) -> Option<(Felt, Felt)> {
    let modulo = |value: &Felt| {
        let number = Zeroizing::new(U256::from_be_slice(&value.to_bytes_be()));
        Zeroizing::new(Scalar::new(&number))
    };
    let usable = |value: Felt| (value != Felt::ZERO && value < Felt::ELEMENT_UPPER_BOUND).then_some(value);

    let r = usable(r)?;
    let inverse = Zeroizing::new(invert(&modulo(nonce)).into_option()?);
    let product = Zeroizing::new(*modulo(&r) * *modulo(key));
    let s = (*product + *modulo(hash)) * *inverse;
    let s = usable(Felt::from_bytes_be(&s.retrieve().to_be_bytes().into()))?;
    Some((r, s))
}

/// The x coordinate of `scalar·G`, reading all of each row. The scalar is between 0 and the curve's order.
pub(super) fn generator_multiple(scalar: &Felt) -> Felt {
    let table = SCANNED.get_or_init(Table::build);
    table.multiply(scalar, scan)
}

/// As [`generator_multiple`], in variable time: it reads only the selected points.
#[cfg(feature = "signing-vartime")]
fn generator_multiple_vartime(scalar: &Felt) -> Felt {
    let table = INDEXED.get_or_init(Table::build);
    table.multiply(scalar, |row, index| {
        row.get(index as usize).copied().unwrap_or([0; 8])
    })
}

/// An element of the field in Montgomery form with the radix 2^256, lowest limb first, below the prime.
///
/// It is the internal form of the library's `Felt`, so conversions compute nothing.
type Element = [u64; 4];

/// x and y of a point that is not the identity.
type Affine = [u64; 8];

/// The prime is `TOP·2^192 + 1`: its limbs are 1, 0, 0 and this.
const TOP: u64 = 0x0800_0000_0000_0011;

/// The order of the curve, lowest limb first.
const ORDER_LIMBS: Element = [
    0x1e66_a241_adc6_4d2f,
    0xb781_126d_cae7_b232,
    0xffff_ffff_ffff_ffff,
    0x0800_0000_0000_0010,
];

fn element(value: &Felt) -> Element {
    let [d, c, b, a] = value.to_raw();
    [a, b, c, d]
}

fn felt([a, b, c, d]: Element) -> Felt {
    Felt::from_raw([d, c, b, a])
}

/// One row of odd multiples for each window of the scalar.
struct Table<const POINTS: usize> {
    rows: Box<[[Affine; POINTS]]>,
}

impl<const POINTS: usize> Table<POINTS> {
    /// The bits of a window, one of which is the sign.
    const BITS: u32 = POINTS.ilog2() + 1;
    /// The number of windows in 252 bits.
    const ROWS: u32 = 252u32.div_ceil(Self::BITS);

    fn build() -> Self {
        let mut base = AffinePoint::generator();
        let rows = (0..Self::ROWS).map(|_| {
            let double = base.clone() + base.clone();
            let mut point = base.clone();
            let row = std::array::from_fn(|_| {
                let ([a, b, c, d], [e, f, g, h]) = (element(&point.x()), element(&point.y()));
                point = point.clone() + double.clone();
                [a, b, c, d, e, f, g, h]
            });
            for _ in 0..Self::BITS {
                base = base.clone() + base.clone();
            }
            row
        });
        Self { rows: rows.collect() }
    }

    fn multiply(&self, scalar: &Felt, pick: impl Fn(&[Affine; POINTS], u64) -> Affine) -> Felt {
        let mut digits = recode(scalar.to_le_digits(), Self::BITS * Self::ROWS);
        let mut next = |row| {
            let window = digits[0];
            digits = shift_right(digits, Self::BITS);
            // The highest bit of the window is 0 where the digit is negative.
            let positive = window >> (Self::BITS - 1) & 1;
            let index = window ^ positive.wrapping_sub(1);
            let [a, b, c, d, e, f, g, h] = pick(row, index & (POINTS as u64 - 1));
            let mut y = [e, f, g, h];
            y.ct_assign(&subtract([0; 4], y), positive.ct_eq(&0));
            ([a, b, c, d], y)
        };
        let mut rows = self.rows.iter();
        let Some((x, y)) = rows.next().map(&mut next) else {
            return Felt::ZERO;
        };
        let mut sum = Jacobian {
            x,
            y,
            z: element(&Felt::ONE),
        };
        for row in rows {
            sum = sum.add(next(row));
        }
        let inverse = invert(sum.z);
        felt(multiply(sum.x, multiply(inverse, inverse)))
    }
}

/// Selects the point with this index, and reads the whole row.
fn scan<const POINTS: usize>(row: &[Affine; POINTS], index: u64) -> Affine {
    let mut found = [0; 8];
    for (position, point) in (0u64..).zip(row) {
        found.ct_assign(point, position.ct_eq(&index));
    }
    found
}

/// `(k + 2^bits - 1) / 2` for the odd one of `scalar` and `order - scalar`.
fn recode(scalar: Element, bits: u32) -> Element {
    let (mut odd, _) = borrow_chain(ORDER_LIMBS, scalar);
    odd.ct_assign(&scalar, (scalar[0] & 1).ct_eq(&1));
    let [a, b, c, d] = shift_right(odd, 1);
    [a, b, c, d | 1 << (bits - 193)]
}

fn shift_right([a, b, c, d]: Element, bits: u32) -> Element {
    let up = 64 - bits;
    [
        a >> bits | b << up,
        b >> bits | c << up,
        c >> bits | d << up,
        d >> bits,
    ]
}

/// A point (x/z², y/z³).
struct Jacobian {
    x: Element,
    y: Element,
    z: Element,
}

impl Jacobian {
    /// The sum of two points that are neither equal nor opposite, neither of them the identity.
    #[inline]
    fn add(&self, (x, y): (Element, Element)) -> Self {
        let zz = square(self.z);
        let h = subtract(multiply(x, zz), self.x);
        let r = subtract(multiply(y, multiply(self.z, zz)), self.y);
        let hh = square(h);
        let hhh = multiply(h, hh);
        let v = multiply(self.x, hh);
        let x = subtract(subtract(subtract(square(r), hhh), v), v);
        Self {
            x,
            y: subtract(multiply(r, subtract(v, x)), multiply(self.y, hhh)),
            z: multiply(self.z, h),
        }
    }
}

/// `accumulator + a·b + carry`, low and high half.
#[inline(always)]
const fn mac(accumulator: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let wide = accumulator as u128 + a as u128 * b as u128 + carry as u128;
    (wide as u64, (wide >> 64) as u64)
}

/// `a - b - borrow` and the new borrow, which is 0 or 1.
#[inline(always)]
const fn sbb(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let (difference, first) = a.overflowing_sub(b);
    let (difference, second) = difference.overflowing_sub(borrow);
    (difference, (first | second) as u64)
}

#[inline(always)]
const fn borrow_chain([a, b, c, d]: Element, [e, f, g, h]: Element) -> (Element, u64) {
    let (a, borrow) = sbb(a, e, 0);
    let (b, borrow) = sbb(b, f, borrow);
    let (c, borrow) = sbb(c, g, borrow);
    let (d, borrow) = sbb(d, h, borrow);
    ([a, b, c, d], borrow)
}

#[inline(always)]
const fn subtract(a: Element, b: Element) -> Element {
    let ([a, b, c, d], borrow) = borrow_chain(a, b);
    // Adds the prime if the difference was negative.
    let mask = borrow.wrapping_neg();
    let (a, carry) = mac(a, 1, borrow, 0);
    let (b, carry) = mac(b, 0, 0, carry);
    let (c, carry) = mac(c, 0, 0, carry);
    [a, b, c, d.wrapping_add(TOP & mask).wrapping_add(carry)]
}

/// The Montgomery product.
#[inline(always)]
const fn multiply([a0, a1, a2, a3]: Element, [b0, b1, b2, b3]: Element) -> Element {
    let (t0, c) = mac(0, a0, b0, 0);
    let (t1, c) = mac(0, a0, b1, c);
    let (t2, c) = mac(0, a0, b2, c);
    let (t3, t4) = mac(0, a0, b3, c);

    let (t1, c) = mac(t1, a1, b0, 0);
    let (t2, c) = mac(t2, a1, b1, c);
    let (t3, c) = mac(t3, a1, b2, c);
    let (t4, t5) = mac(t4, a1, b3, c);

    let (t2, c) = mac(t2, a2, b0, 0);
    let (t3, c) = mac(t3, a2, b1, c);
    let (t4, c) = mac(t4, a2, b2, c);
    let (t5, t6) = mac(t5, a2, b3, c);

    let (t3, c) = mac(t3, a3, b0, 0);
    let (t4, c) = mac(t4, a3, b1, c);
    let (t5, c) = mac(t5, a3, b2, c);
    let (t6, t7) = mac(t6, a3, b3, c);

    reduce([t0, t1, t2, t3], [t4, t5, t6, t7])
}

#[inline(always)]
const fn square([a0, a1, a2, a3]: Element) -> Element {
    multiply([a0, a1, a2, a3], [a0, a1, a2, a3])
}

/// `(low + high·2^256) / 2^256` in the field, for less than the square of the prime.
///
/// The prime `p` is 1 in its lower limbs, so `m`, for which `low - m·p` vanishes mod 2^256, has the three
/// lower limbs of `low` as they are. The quotient lies between `-p` and `p`.
#[inline(always)]
const fn reduce([t0, t1, t2, t3]: Element, high: Element) -> Element {
    let (u0, c) = mac(0, t0, TOP, 0);
    let (m3, borrow) = sbb(t3, u0, 0);
    let (u1, c) = mac(borrow, t1, TOP, c);
    let (u2, c) = mac(0, t2, TOP, c);
    let (u3, u4) = mac(0, m3, TOP, c);
    subtract(high, [u1, u2, u3, u4])
}

/// The inverse as the power `p - 2 = 2^251 + 2^196 + (2^192 - 1)`; 0 for 0.
fn invert(a: Element) -> Element {
    let repeat = |mut value: Element, times: u32| {
        for _ in 0..times {
            value = square(value);
        }
        value
    };
    let append = |value: Element, bits: u32, ones: Element| multiply(repeat(value, bits), ones);
    // `onesN` is `a` to the power of N binary ones.
    let ones2 = append(a, 1, a);
    let ones3 = append(ones2, 1, a);
    let ones6 = append(ones3, 3, ones3);
    let ones12 = append(ones6, 6, ones6);
    let ones24 = append(ones12, 12, ones12);
    let mut power = repeat(append(a, 55, a), 4);
    for _ in 0..8 {
        power = append(power, 24, ones24);
    }
    power
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use starknet_rust_crypto::get_public_key;

    use super::*;

    /// Elements with limbs at the edges of carrying and borrowing.
    fn any_element() -> impl Strategy<Value = Element> {
        let limb = || prop_oneof![Just(0), Just(1), Just(u64::MAX), Just(u64::MAX - 1), any::<u64>()];
        let top = prop_oneof![Just(0), Just(1), Just(TOP - 1), Just(TOP), 0..TOP];
        (limb(), limb(), limb(), top).prop_map(|(a, b, c, d)| match d {
            // Up to the prime less one.
            TOP => [0, 0, 0, TOP],
            _ => [a, b, c, d],
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn field_arithmetic_matches_the_library(a in any_element(), b in any_element()) {
            prop_assert_eq!(felt(multiply(a, b)), felt(a) * felt(b));
            prop_assert_eq!(felt(square(a)), felt(a).square());
            prop_assert_eq!(felt(subtract(a, b)), felt(a) - felt(b));
            prop_assert_eq!(felt(subtract([0; 4], a)), -felt(a));
            // Each element has exactly one internal form.
            prop_assert_eq!(multiply(a, b), element(&(felt(a) * felt(b))));
            prop_assert_eq!(subtract(a, b), element(&(felt(a) - felt(b))));
        }
    }

    proptest! {
        #[test]
        fn inverse_matches_the_library(a in any_element()) {
            prop_assert_eq!(felt(invert(a)), felt(a).inverse().unwrap_or(Felt::ZERO));
        }

        #[test]
        fn scan_selects_the_indexed_point(index in 0u64..16) {
            let row: [Affine; 16] = std::array::from_fn(|i| std::array::from_fn(|j| (i * 8 + j) as u64 + 1));
            prop_assert_eq!(scan(&row, index), row[index as usize]);
        }
    }

    fn check(scalar: &Felt) {
        let expected = get_public_key(scalar);
        assert_eq!(generator_multiple(scalar), expected, "{scalar:?}");
        #[cfg(feature = "signing-vartime")]
        assert_eq!(generator_multiple_vartime(scalar), expected, "{scalar:?}");
    }

    #[test]
    fn scalars_at_the_edges_are_multiplied_correctly() {
        let order = felt_of(ORDER_LIMBS);
        for small in 1u64..=130 {
            check(&Felt::from(small));
            check(&(order - Felt::from(small)));
        }
        // Where windows are full, empty, or just over.
        for bit in (1..=250u32).filter(|bit| bit % 5 == 0 || bit % 8 == 0) {
            let power = Felt::TWO.pow(bit);
            for scalar in [power - Felt::ONE, power, power + Felt::ONE] {
                check(&scalar);
                check(&(order - scalar));
            }
        }
        let half = felt_of(shift_right(ORDER_LIMBS, 1));
        check(&half);
        check(&(half + Felt::ONE));
    }

    fn felt_of([a, b, c, d]: Element) -> Felt {
        let bytes: Vec<u8> = [d, c, b, a].iter().flat_map(|limb| limb.to_be_bytes()).collect();
        Felt::from_bytes_be(&bytes.try_into().unwrap())
    }

    #[test]
    fn unusable_nonce_gives_no_signature() {
        let one = Felt::ONE;
        let sign = |key: &Felt, hash: &Felt, nonce: &Felt, r| finish(key, hash, nonce, r, Scalar::invert);
        assert!(sign(&one, &one, &one, Felt::ONE).is_some());
        assert_eq!(sign(&one, &one, &one, Felt::ZERO), None);
        assert_eq!(sign(&one, &one, &one, Felt::ELEMENT_UPPER_BOUND), None);
        // s is (r·key + hash) / nonce, here 0.
        let r = Felt::from(5u8);
        let hash = felt_of(ORDER_LIMBS) - r;
        assert_eq!(sign(&one, &hash, &one, r), None);
        assert_eq!(sign(&one, &one, &Felt::ZERO, r), None);
    }
}
