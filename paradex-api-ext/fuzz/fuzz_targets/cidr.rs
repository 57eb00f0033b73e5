//! Any text is a network that prints as itself, or an error; no entry opens an allowlist.
//!
//! Run with `cargo +nightly fuzz run cidr` in `paradex-api-ext`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use paradex_api_ext::net::{Cidr, IpAllowlist, StoredAllowlist};

fuzz_target!(|text: &str| {
    for read in [str::parse::<Cidr>, Cidr::parse_network_or_host] {
        match read(text) {
            Ok(network) => assert_eq!(network.to_string().parse::<Cidr>(), Ok(network)),
            Err(error) => assert!(error.to_string().len() < 400),
        }
    }
    let lines: Vec<&str> = text.split('\n').collect();
    for entries in [&[text], lines.as_slice()] {
        let stored = StoredAllowlist::from_entries(entries);
        assert_ne!(stored.known(), Some(&IpAllowlist::Unrestricted));
    }
});
