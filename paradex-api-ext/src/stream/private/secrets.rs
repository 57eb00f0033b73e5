//! Keeps the token of a connection out of everything that is made from what the server sends.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use paradex_api::RequestSecrets;
use paradex_api::reqwest::header::HeaderValue;
use paradex_api::serde_json::Value;

/// Bytes of a token that are compared at once.
const STEP: usize = 8;
/// The shortest run of a long token that is redacted, in bytes.
const RUN: usize = 12;
/// Every run of [`RUN`] bytes has [`STEP`] bytes that begin at a multiple of this.
const STRIDE: usize = RUN - STEP + 1;
/// The number of bits, as a power of two.
const BITS: u32 = 14;

/// The secrets of one connection, and a quick test for texts without them.
pub(super) struct ConnectionSecrets {
    secrets: RequestSecrets,
    /// A bit for each run of eight bytes of the token, with a random key.
    bits: Vec<u64>,
    key: u64,
    /// Hashes of the same runs, for the few texts that have one of the bits by chance.
    runs: HashSet<u64>,
    hasher: RandomState,
    stride: usize,
}

impl ConnectionSecrets {
    /// `header` is the `Authorization` header of the token.
    pub(super) fn new(header: &HeaderValue) -> Self {
        let mut secrets = RequestSecrets::default();
        secrets.add(header.clone());
        let token = header.as_bytes();
        let token = token.strip_prefix(b"Bearer ").unwrap_or(token);
        let hasher = RandomState::new();
        let mut new = Self {
            secrets,
            bits: vec![0; 1 << (BITS - 6)],
            key: hasher.hash_one(0) | 1,
            runs: HashSet::new(),
            hasher,
            stride: if token.len() < RUN { 1 } else { STRIDE },
        };
        for run in token.windows(STEP).filter_map(|run| run.first_chunk()) {
            let run = folded(*run);
            let (word, bit) = new.place(run);
            if let Some(word) = new.bits.get_mut(word) {
                *word |= bit;
            }
            new.runs.insert(new.hasher.hash_one(run));
        }
        new
    }

    fn place(&self, run: u64) -> (usize, u64) {
        let at = run.wrapping_mul(self.key) >> (64 - BITS);
        ((at / 64) as usize, 1 << (at % 64))
    }

    /// Whether the bytes have eight bytes of the token, as every text with a run of 12 bytes of it does.
    pub(super) fn may_be_in(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while let Some(run) = rest.first_chunk() {
            let run = folded(*run);
            let (word, bit) = self.place(run);
            if self.bits.get(word).is_some_and(|word| word & bit != 0)
                && self.runs.contains(&self.hasher.hash_one(run))
            {
                return true;
            }
            rest = rest.get(self.stride..).unwrap_or_default();
        }
        false
    }

    /// Whether a text of JSON needs [`redact_value`](Self::redact_value).
    pub(super) fn may_be_in_json(&self, text: &str) -> bool {
        text.contains('\\') || self.may_be_in(text.as_bytes())
    }

    pub(super) fn redact_value(&self, value: &mut Value) {
        self.secrets.redact_value(value);
    }
}

/// Makes upper and lower case the same.
fn folded(run: [u8; STEP]) -> u64 {
    u64::from_le_bytes(run) | 0x2020_2020_2020_2020
}

#[cfg(test)]
mod tests {
    use super::{ConnectionSecrets, HeaderValue};

    const TOKEN: &str = "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiIweDEyMyJ9.MGQCMDc4YWJjZGVmMDEyMzQ1Njc4OQ";

    fn secrets(token: &str) -> ConnectionSecrets {
        ConnectionSecrets::new(&HeaderValue::from_str(&format!("Bearer {token}")).unwrap())
    }

    /// A token of the usual length.
    fn long_token() -> String {
        let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        let mut state = 1_u64;
        let letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(letters[(state >> 58) as usize])
        };
        std::iter::repeat_with(letter).take(400).collect()
    }

    #[test]
    fn every_run_of_12_bytes_is_noticed_wherever_it_is() {
        for token in [TOKEN, "a-short-one", &long_token()] {
            let secrets = secrets(token);
            let length = token.len().min(12);
            for start in 0..=token.len() - length {
                for before in 0..8 {
                    let run = &token[start..start + length];
                    for run in [run.to_owned(), run.to_ascii_uppercase()] {
                        let text = format!("{}{run}", "/".repeat(before));
                        assert!(secrets.may_be_in(text.as_bytes()), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_without_the_token_is_never_redacted() {
        let order = r#"{"id":"1700000000000000001","market":"BTC-USD-PERP","price":"100.5","status":"OPEN"}"#;
        // Each has another key.
        for _ in 0..100 {
            let secrets = secrets(&long_token());
            assert!(!secrets.may_be_in_json(order));
            assert!(secrets.may_be_in_json(r#"{"a":"\u0065"}"#));
        }
    }
}
