//! Certificates are checked, whatever the settings that a caller brings along say.

use std::sync::Arc;

use paradex_api::reqwest;
use paradex_api_ext::error::Phase;
use paradex_api_ext::{Client, ClientBuilder, Environment, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig};

/// A server with a certificate of its own making, for a name; its address and the certificate.
async fn server(name: &str, versions: &[&'static rustls::SupportedProtocolVersion]) -> (String, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (address, certificate.to_vec())
}

fn builder(address: &str) -> ClientBuilder {
    Client::builder(Environment::custom(address).unwrap())
}

async fn call(builder: ClientBuilder) -> Result<(), Error> {
    builder.build()?.api().list_markets().send().await?;
    Ok(())
}

#[tokio::test]
async fn untrusted_certificate_is_refused_and_no_option_accepts_it() {
    let (address, certificate) = server("localhost", rustls::ALL_VERSIONS).await;
    let careless = || {
        reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .tls_danger_accept_invalid_hostnames(true)
    };
    for builder in [
        builder(&address),
        builder(&address).http_client_builder(careless()),
    ] {
        let error = call(builder).await.unwrap_err();
        let Error::Transport(transport) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(transport.phase(), Phase::Connect);
    }
    // The same settings left to themselves take it, so it is ours that refuse.
    careless()
        .build()
        .unwrap()
        .get(format!("{address}/v1/markets"))
        .send()
        .await
        .unwrap();

    let own = reqwest::Certificate::from_der(&certificate).unwrap();
    call(builder(&address).root_certificate(own)).await.unwrap();
}

#[tokio::test]
async fn certificate_for_another_name_is_refused() {
    let (address, certificate) = server("example.com", rustls::ALL_VERSIONS).await;
    let own = reqwest::Certificate::from_der(&certificate).unwrap();
    let error = call(builder(&address).root_certificate(own)).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[tokio::test]
async fn tls_1_2_is_enough() {
    let (address, certificate) = server("localhost", &[&rustls::version::TLS12]).await;
    let own = reqwest::Certificate::from_der(&certificate).unwrap();
    call(builder(&address).root_certificate(own)).await.unwrap();
}
