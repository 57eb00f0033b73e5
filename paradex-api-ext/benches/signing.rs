//! An order's hash and signature: the library used plainly, against a kept prefix and a table.
//!
//! `cargo bench -p paradex-benches --bench signing --features signing-vartime`
//!
//! Before Criterion's own figures come the ratios of the best times of rounds that take turns, which a busy
//! machine disturbs least.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the inputs are made here"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use paradex_api_ext::signing::{
    Felt, MessageHash, MessagePrefix, Order, Scaled, Side, SignOptions, SigningRoute, StarknetPrivateKey,
};
use starknet_rust_crypto::{Signature, pedersen_hash, rfc6979_generate_k, sign};
use starknet_types_core::felt::Felt as Inner;

const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
const ACCOUNT: &str = "0x10956208935bc19c48f89bd2467f89d5c88406daaf4dbc43fdb3d2364590146";
const CHAIN: &str = "PRIVATE_SN_PARACLEAR_MAINNET";
/// The hash of the domain of this chain.
const DOMAIN: &str = "0x6f74f207280b65cf663fb8d7763fac1e7398cd6d7da5d7681dc300ee4278a0a";
/// The hash of the type of an order.
const TYPE: &str = "0xa56d5225b97b257c15ae2cb1cc0ea605381a886cd75463db45fd2ef9fbc255";
/// `StarkNet Message`
const MESSAGE: &str = "0x537461726b4e6574204d657373616765";
const START: u64 = 1_767_225_600_123;

fn array(values: &[Inner]) -> Inner {
    let chain = values
        .iter()
        .fold(Inner::ZERO, |hash, value| pedersen_hash(&hash, value));
    pedersen_hash(&chain, &Inner::from(values.len()))
}

/// What somebody writes who has the library and the specification: 13 Pedersen hashes.
struct Plain {
    key: Inner,
    message: Inner,
    domain: Inner,
    account: Inner,
    order_type: Inner,
    market: Inner,
    limit: Inner,
}

impl Plain {
    fn new() -> Self {
        let text = |text| Inner::from_bytes_be(&Felt::from_short_string(text).unwrap().to_bytes());
        Self {
            key: Inner::from_hex_unchecked(KEY),
            message: Inner::from_hex_unchecked(MESSAGE),
            domain: Inner::from_hex_unchecked(DOMAIN),
            account: Inner::from_hex_unchecked(ACCOUNT),
            order_type: Inner::from_hex_unchecked(TYPE),
            market: text("BTC-USD-PERP"),
            limit: text("LIMIT"),
        }
    }

    fn hash(&self, timestamp_ms: u64) -> Inner {
        let order = array(&[
            self.order_type,
            Inner::from(timestamp_ms),
            self.market,
            Inner::ONE,
            self.limit,
            Inner::from(10_000_000u64),
            Inner::from(2_950_012_000_000u64),
        ]);
        array(&[self.message, self.domain, self.account, order])
    }

    fn sign(&self, hash: &Inner) -> Signature {
        let nonce = rfc6979_generate_k(hash, &self.key, None);
        sign(&self.key, hash, &nonce).unwrap().into()
    }
}

fn routes() -> Vec<(&'static str, SignOptions)> {
    vec![
        ("table", SignOptions::new()),
        #[cfg(feature = "signing-vartime")]
        ("vartime", SignOptions::new().route(SigningRoute::VariableTime)),
        ("library_route", SignOptions::new().route(SigningRoute::Library)),
    ]
}

fn benchmarks(criterion: &mut Criterion) {
    let plain = Plain::new();
    let key = StarknetPrivateKey::from_hex(KEY).unwrap();
    let prefix = MessagePrefix::new(CHAIN, ACCOUNT.parse().unwrap()).unwrap();
    let (market, limit) = (
        Felt::from_short_string("BTC-USD-PERP").unwrap(),
        Felt::from_short_string("LIMIT").unwrap(),
    );
    let order = |timestamp_ms| Order {
        timestamp_ms,
        market,
        side: Side::Buy,
        order_type: limit,
        size: Scaled::from_integer(10_000_000),
        price: Scaled::from_integer(2_950_012_000_000),
    };

    // All of them sign the same.
    let (hash, ours) = (plain.hash(START), prefix.order(&order(START)));
    assert_eq!(hash.to_bytes_be(), ours.felt().to_bytes());
    for (name, options) in routes() {
        let signature = key.sign_with(&ours, &options).unwrap();
        assert_eq!(
            signature.r().to_bytes(),
            plain.sign(&hash).r.to_bytes_be(),
            "{name}"
        );
        assert_eq!(
            signature.s().to_bytes(),
            plain.sign(&hash).s.to_bytes_be(),
            "{name}"
        );
    }

    let mut total = vec![Duration::MAX; 1 + routes().len()];
    let (mut hashing, mut signing) = (total.clone(), total.clone());
    for round in 0..1_000 {
        // The same sixteen orders for all, and others in each round.
        let times = || (0..16).map(|turn| START + 16 * round + turn);
        let best = |best: &mut Duration, start: Instant| *best = start.elapsed().min(*best);
        let start = Instant::now();
        let hashes: Vec<Inner> = times().map(|time| plain.hash(black_box(time))).collect();
        best(&mut hashing[0], start);
        let middle = Instant::now();
        for hash in &hashes {
            black_box(plain.sign(hash));
        }
        best(&mut signing[0], middle);
        best(&mut total[0], start);
        for (index, (_, options)) in (1..).zip(routes()) {
            let start = Instant::now();
            let hashes: Vec<_> = times()
                .map(|time| prefix.order(&order(black_box(time))))
                .collect();
            best(&mut hashing[index], start);
            let middle = Instant::now();
            for hash in &hashes {
                black_box(key.sign_with(hash, &options).unwrap());
            }
            best(&mut signing[index], middle);
            best(&mut total[index], start);
        }
    }
    for (index, name) in ["plain"]
        .into_iter()
        .chain(routes().into_iter().map(|(name, _)| name))
        .enumerate()
    {
        let show = |best: &[Duration]| {
            let ratio = best[0].as_secs_f64() / best[index].as_secs_f64();
            format!("{:.1?} ({ratio:.2})", best[index] / 16)
        };
        let (hash, sign, both) = (show(&hashing), show(&signing), show(&total));
        println!("{name:14} hash {hash:16} sign {sign:16} both {both}");
    }

    // Every turn has another timestamp, and so another nonce: no branch is learnt by heart.
    let mut clock = START;
    let mut now = || {
        clock += 1;
        clock
    };

    let mut group = criterion.benchmark_group("hash");
    group.bench_function("plain", |bencher| bencher.iter(|| plain.hash(black_box(now()))));
    group.bench_function("prefix", |bencher| {
        bencher.iter(|| prefix.order(&order(black_box(now()))));
    });
    group.finish();

    let hashes: Vec<Inner> = (0..256).map(|turn| plain.hash(START + turn)).collect();
    let mut group = criterion.benchmark_group("sign");
    let mut turn = hashes.iter().cycle();
    group.bench_function("plain", |bencher| {
        bencher.iter(|| plain.sign(black_box(turn.next().unwrap())));
    });
    let hashes: Vec<MessageHash> = (0..256).map(|turn| prefix.order(&order(START + turn))).collect();
    for (name, options) in routes() {
        let mut turn = hashes.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| key.sign_with(black_box(turn.next().unwrap()), &options).unwrap());
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("order");
    group.bench_function("plain", |bencher| {
        bencher.iter(|| plain.sign(&plain.hash(black_box(now()))));
    });
    for (name, options) in routes() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                key.sign_with(&prefix.order(&order(black_box(now()))), &options)
                    .unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
