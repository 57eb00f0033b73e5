//! Golden frames with random changes, for compilers without a fuzzer.

use std::time::{Duration, Instant};

use crate::check::check;
use crate::support::frames;

/// A small generator of random numbers (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Numbers at the ends of ranges.
const INTERESTING: [i64; 8] = [i64::MIN, i64::MIN + 1, i64::MAX, -1, 0, 1, 0xff, 0xffff];

fn change(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(bytes.len());
    match random.below(9) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.next() as u8),
        2 if !bytes.is_empty() => drop(bytes.remove(at)),
        // Two bytes of the header: length of the block, template, schema, version.
        3 if bytes.len() > 8 => bytes[random.below(4) * 2] = random.next() as u8,
        4 => {
            let number = INTERESTING[random.below(INTERESTING.len())].to_le_bytes();
            let length = [1, 2, 4, 8][random.below(4)];
            for (to, from) in bytes.iter_mut().skip(at).zip(&number[..length]) {
                *to = *from;
            }
        }
        5 => {
            let from = random.below(other.len());
            bytes.splice(at.., other[from..].iter().copied());
        }
        6 => {
            let part = bytes[at..].to_vec();
            bytes.extend(part);
        }
        _ if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        _ => {}
    }
}

fn run(seed: u64, goes_on: impl Fn(u64) -> bool) -> u64 {
    let golden: Vec<Vec<u8>> = frames().map(|(.., bytes)| bytes).collect();
    let mut random = Random(seed | 1);
    let mut count = 0;
    while goes_on(count) {
        let mut bytes = golden[random.below(golden.len())].clone();
        let other = &golden[random.below(golden.len())];
        for _ in 0..=random.below(6) {
            change(&mut random, &mut bytes, other);
        }
        bytes.truncate(1 << 16);
        let found = std::panic::catch_unwind(|| check(&bytes));
        assert!(found.is_ok(), "seed {seed}, frame {count}: {bytes:02x?}");
        count += 1;
    }
    count
}

#[test]
fn changed_frames_are_messages_or_errors() {
    assert_eq!(run(0x5be, |count| count < 20_000), 20_000);
}

/// `SBE_FUZZ_SECONDS=3600 cargo test -p paradex-api --release --test sbe -- --ignored --nocapture`
#[test]
#[ignore = "runs for SBE_FUZZ_SECONDS"]
fn changed_frames_are_messages_or_errors_for_long() {
    let seconds = std::env::var("SBE_FUZZ_SECONDS").map_or(60, |text| text.parse().unwrap());
    let begin = Instant::now();
    let seed = std::time::UNIX_EPOCH
        .elapsed()
        .map_or(1, |since| since.as_nanos() as u64);
    let count = run(seed, |count| {
        if count % 10_000_000 == 0 {
            println!("seed {seed}: {count} frames after {:?}", begin.elapsed());
        }
        count % 1_000 != 0 || begin.elapsed() < Duration::from_secs(seconds)
    });
    println!("seed {seed}: {count} frames without a finding");
}
