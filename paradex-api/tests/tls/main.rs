//! The cryptography provider that a program installs is kept. It is a binary of its own, because a process has one provider.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use paradex_api::{HttpTransport, tls};
use rustls::crypto::{CryptoProvider, ring};

#[test]
fn provider_of_the_program_is_kept() {
    let one_suite = CryptoProvider {
        cipher_suites: vec![ring::cipher_suite::TLS13_AES_256_GCM_SHA384],
        ..ring::default_provider()
    };
    one_suite.install_default().unwrap();
    let installed = || std::ptr::from_ref(CryptoProvider::get_default().unwrap().as_ref());
    let before = installed();

    HttpTransport::new().unwrap();
    tls::install_default_provider().unwrap();

    assert_eq!(installed(), before);
}
