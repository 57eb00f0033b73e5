//! How fast an allowlist answers, next to a linear scan over the same networks with `ipnet` and `cidr`.

#![allow(clippy::expect_used, reason = "the inputs are made here")]

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use criterion::{Criterion, criterion_group, criterion_main};
use paradex_api_ext::net::IpAllowlist;

/// Networks that do not touch, so that merging them gives no advantage.
fn v4(n: u16) -> String {
    format!("{}.{}.0.0/24", 20 + n, (n * 37) % 256)
}

fn v6(n: u16) -> String {
    format!("2a00:{:x}::/48", (n * 101) % 1000 + 1)
}

fn address(network: &str) -> IpAddr {
    let network = ipnet::IpNet::from_str(network).expect("made above");
    match network.network() {
        IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() + 7)),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() + 7)),
    }
}

fn compare(criterion: &mut Criterion, case: &str, texts: &[String], addresses: &[IpAddr]) {
    let ours = IpAllowlist::parse_entries(texts).expect("made above");
    let ipnets: Vec<ipnet::IpNet> = texts
        .iter()
        .map(|text| text.parse().expect("made above"))
        .collect();
    let cidrs: Vec<cidr::IpCidr> = texts
        .iter()
        .map(|text| text.parse().expect("made above"))
        .collect();
    for address in addresses {
        let answer = ipnets.iter().any(|network| network.contains(address));
        assert_eq!(ours.allows(*address), answer, "{case}: {address}");
    }
    let mut group = criterion.benchmark_group(case);
    group.bench_function("ours", |bencher| {
        bencher.iter(|| {
            let list = black_box(&ours);
            addresses
                .iter()
                .filter(|address| list.allows(*black_box(*address)))
                .count()
        });
    });
    group.bench_function("ipnet", |bencher| {
        bencher.iter(|| {
            let list = black_box(&ipnets);
            let allows = |address: &IpAddr| list.iter().any(|network| network.contains(address));
            addresses
                .iter()
                .filter(|address| allows(black_box(*address)))
                .count()
        });
    });
    group.bench_function("cidr", |bencher| {
        bencher.iter(|| {
            let list = black_box(&cidrs);
            let allows = |address: &IpAddr| list.iter().any(|network| network.contains(address));
            addresses
                .iter()
                .filter(|address| allows(black_box(*address)))
                .count()
        });
    });
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    const ENTRIES: u16 = 50;
    let only_v4: Vec<String> = (0..ENTRIES).map(v4).collect();
    let only_v6: Vec<String> = (0..ENTRIES).map(v6).collect();
    let mixed: Vec<String> = (0..ENTRIES)
        .map(|n| if n % 2 == 0 { v4(n) } else { v6(n) })
        .collect();

    compare(criterion, "v4-first", &only_v4, &[address(&v4(0))]);
    compare(criterion, "v4-second", &only_v4, &[address(&v4(1))]);
    compare(criterion, "v4-twelfth", &only_v4, &[address(&v4(11))]);
    compare(criterion, "v4-thirteenth", &only_v4, &[address(&v4(12))]);
    compare(criterion, "v4-last", &only_v4, &[address(&v4(ENTRIES - 1))]);
    compare(criterion, "v4-miss", &only_v4, &[address(&v4(ENTRIES))]);
    compare(criterion, "v6-first", &only_v6, &[address(&v6(0))]);
    compare(criterion, "v6-second", &only_v6, &[address(&v6(1))]);
    compare(criterion, "v6-twelfth", &only_v6, &[address(&v6(11))]);
    compare(criterion, "v6-thirteenth", &only_v6, &[address(&v6(12))]);
    compare(criterion, "v6-last", &only_v6, &[address(&v6(ENTRIES - 1))]);
    compare(criterion, "v6-miss", &only_v6, &[address("2b00::/48")]);

    let mut addresses: Vec<IpAddr> = mixed.iter().map(|text| address(text)).collect();
    addresses.extend((0..ENTRIES).map(|n| address(&v4(n + ENTRIES))));
    compare(criterion, "mix", &mixed, &addresses);
}

criterion_group!(allowlist, benches);
criterion_main!(allowlist);
