//! The cryptography provider that a program installs is kept. It is a binary of its own, because a process has one provider.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::TcpListener;

use paradex_api::{BaseUrl, Client, tls};
use rustls::CipherSuite;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::Acceptor;

#[tokio::test]
async fn client_offers_only_the_suite_of_the_installed_provider() {
    let one_suite = CryptoProvider {
        cipher_suites: vec![ring::cipher_suite::TLS13_AES_256_GCM_SHA384],
        ..ring::default_provider()
    };
    one_suite.install_default().unwrap();
    tls::install_default_provider().unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    // It reads the first message of the client and hangs up.
    let server = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut acceptor = Acceptor::default();
        loop {
            assert_ne!(acceptor.read_tls(&mut connection).unwrap(), 0);
            if let Some(accepted) = acceptor.accept().unwrap() {
                return accepted.client_hello().cipher_suites().to_vec();
            }
        }
    });
    let client = Client::new(BaseUrl::parse(&url).unwrap()).unwrap();
    client.get_system_time().send().await.unwrap_err();

    let mut offered = server.join().unwrap();
    // A signal, and no suite.
    offered.retain(|suite| *suite != CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    assert_eq!(offered, [CipherSuite::TLS13_AES_256_GCM_SHA384]);
}
