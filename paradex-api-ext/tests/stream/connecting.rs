//! Handshakes: addresses, credentials, redirects, certificates, schema versions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use paradex_api_ext::stream::{Outage, StreamError, Update};
use paradex_api_ext::{Client, Credentials, Environment};
use tokio::io::AsyncWriteExt as _;

use super::server::{Server, bbo, header, status};
use super::{client, next, text};

#[tokio::test]
async fn quote_has_its_market_levels_and_time() {
    let mut server = Server::start().await;
    let mut feed = client(&server).stream().bbo("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "bbo.X").await;
    peer.send(bbo("X", 7)).await;
    let Update::Live(live) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!(
        (live.schema_version(), live.connection(), live.after()),
        (2, 1, None)
    );
    let Update::Item(quote) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!((quote.market.as_str(), quote.seq, quote.ask), ("X", 7, None));
    let bid = quote.bid.unwrap();
    assert_eq!(
        (bid.price.to_string(), bid.size.to_string()),
        ("100.5".into(), "2".into())
    );
    let at = quote.at.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(at.as_secs(), 1_800_000_000);
}

#[tokio::test]
async fn no_credential_is_sent() {
    let mut server = Server::start().await;
    let environment = Environment::custom(&server.url).unwrap();
    let client = Client::builder(environment.clone())
        .credentials(Credentials::bearer(environment, "secret-of-the-account").unwrap())
        .build()
        .unwrap();
    let _feed = client.stream().bbo("X");
    let peer = server.accept().await;
    assert!(
        peer.head
            .starts_with("GET /v1?sbeSchemaId=1&sbeSchemaVersion=2 HTTP/1.1\r\n"),
        "{}",
        peer.head
    );
    assert_eq!(header(&peer.head, "authorization"), None);
    assert!(!peer.head.contains("secret-of-the-account"));
}

#[tokio::test]
async fn redirect_ends_the_feed_and_is_not_followed() {
    let mut other = Server::start().await;
    let location = format!("location: {}/v1\r\n", other.url);
    let server = Server::deciding(move |_| Some(status("302 Found", &location))).await;
    let mut feed = client(&server).stream().bbo("X");
    assert!(feed.next().await.is_none());
    assert!(
        matches!(feed.error(), Some(StreamError::Redirected { status: 302, .. })),
        "{feed:?}"
    );
    assert!(other.has_no_peer());
}

#[tokio::test]
async fn address_without_websockets_ends_the_feed() {
    let server = Server::deciding(|_| Some(status("404 Not Found", ""))).await;
    let mut feed = client(&server).stream().bbo("X");
    assert!(feed.next().await.is_none());
    let address = server.url.replace("http", "ws") + "/v1";
    assert_eq!(
        feed.error(),
        Some(&StreamError::Handshake { address, status: 404 })
    );
}

#[tokio::test]
async fn outage_has_its_cause_and_ends_with_the_connection() {
    let attempts = AtomicUsize::new(0);
    let mut server = Server::deciding(move |_| {
        let is_refused = attempts.fetch_add(1, Ordering::Relaxed) < 2;
        is_refused.then(|| status("503 Service Unavailable", ""))
    })
    .await;
    let stream = client(&server).stream();
    let mut feed = stream.bbo("X");
    assert_eq!(feed.outage(), None, "nothing has failed");
    let outage = loop {
        match feed.outage() {
            Some(outage) if outage.failures == 2 => break outage,
            _ => tokio::task::yield_now().await,
        }
    };
    let address = server.url.replace("http", "ws") + "/v1";
    assert_eq!(
        (&outage.address, &outage.channels[..]),
        (&address, &["bbo.X".to_owned()][..])
    );
    assert!(outage.cause.contains("status 503"), "{outage}");
    assert!(
        outage.next_attempt.is_some_and(|at| at > outage.since),
        "{outage:?}"
    );
    assert_eq!(stream.outages().len(), 1);
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "bbo.X").await;
    assert_eq!(text(&mut feed).await, "live");
    assert_eq!((feed.outage(), stream.outages().len()), (None, 0));
}

/// The outage of a book at a server that cannot be connected to.
async fn outage_at(url: &str) -> Outage {
    let client = Client::builder(Environment::custom(url).unwrap())
        .build()
        .unwrap();
    let book = client.stream().book("X");
    loop {
        match book.outage() {
            Some(outage) => return outage,
            None => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn outage_of_a_dead_server_names_the_cause() {
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let outage = outage_at(&url).await;
    let address = url.replace("http", "ws") + "/v1";
    assert!(
        outage
            .to_string()
            .starts_with(&format!("cannot connect to {address}: "))
            && outage.cause.contains("refused"),
        "{outage}"
    );
}

#[tokio::test]
async fn outage_of_a_plain_server_at_an_https_address_names_the_cause() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let outage = outage_at(&url).await;
    let address = url.replace("https", "wss") + "/v1";
    assert_eq!(
        format!("{outage:#}"),
        format!("cannot connect to {address}: the server did not respond with TLS (is it plain http?)")
    );
    assert!(!outage.was_connected);
}

#[tokio::test]
async fn older_schema_version_is_agreed_and_shown() {
    let mut server = Server::deciding(|head| {
        let is_new = head.contains("sbeSchemaVersion=2");
        is_new.then(|| status("400 Bad Request", ""))
    })
    .await;
    let client = client(&server);
    let mut feed = client.stream().trades("X");
    let mut peer = server.accept().await;
    assert!(peer.head.contains("sbeSchemaVersion=1"), "{}", peer.head);
    peer.acknowledge("subscribe", "trades.X").await;
    let Update::Live(live) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!(live.schema_version(), 1);
    let [connection] = &client.stream().connections()[..] else {
        panic!()
    };
    assert_eq!((connection.schema_version, connection.number), (1, 1));
}

#[tokio::test]
async fn refusal_of_all_schema_versions_ends_the_feed() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&attempts);
    let server = Server::deciding(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Some(status("400 Bad Request", ""))
    })
    .await;
    let mut feed = client(&server).stream().bbo("X");
    assert!(feed.next().await.is_none());
    let versions = vec![2, 1, 0];
    assert_eq!(feed.error(), Some(&StreamError::Schema { schema: 1, versions }));
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn server_that_does_not_prove_to_be_a_websocket_server_is_not_used() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&attempts);
    let mut server = Server::deciding(move |_| {
        let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
        let wrong = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: wrong\r\n";
        first.then(|| format!("HTTP/1.1 101 Switching Protocols\r\n{wrong}\r\n"))
    })
    .await;
    let mut feed = client(&server).stream().bbo("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "bbo.X").await;
    assert_eq!(text(&mut feed).await, "live");
    assert_eq!(attempts.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn connection_uses_the_limits_of_connections() {
    let mut server = Server::start().await;
    let client = client(&server);
    let remaining = || {
        let limits = client.rate_limits();
        let connections = limits
            .iter()
            .filter(|limit| limit.kind == paradex_api_ext::limits::LimitKind::Connections);
        connections
            .map(|limit| (limit.limit, limit.window.as_secs(), limit.remaining))
            .next_back()
    };
    assert_eq!(remaining(), Some((300, 60, 300)));
    let _feed = client.stream().bbo("X");
    server.accept().await;
    assert_eq!(remaining(), Some((300, 60, 299)));
}

#[cfg(feature = "rustls")]
mod tls {
    use std::sync::Arc;

    use paradex_api::reqwest;
    use paradex_api_ext::{Client, Environment};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::{self, ServerConfig};

    use super::super::server::{Io, Server};
    use super::text;

    /// A server with a certificate of its own making.
    async fn server() -> (Server, reqwest::Certificate) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let wrap = move |socket| {
            let acceptor = acceptor.clone();
            async move { Some(Box::new(acceptor.accept(socket).await.ok()?) as Box<dyn Io>) }
        };
        let server = Server::over("https://localhost", Arc::new(|_: &str| None), wrap).await;
        (server, reqwest::Certificate::from_der(&certificate).unwrap())
    }

    #[tokio::test]
    async fn private_certificate_authority_is_trusted_as_for_calls() {
        let (mut server, certificate) = server().await;
        let environment = Environment::custom(&server.url).unwrap();
        assert!(environment.stream_url().starts_with("wss://localhost:"));
        let strict = Client::builder(environment.clone()).build().unwrap();
        let _refused = strict.stream().bbo("X");
        let client = Client::builder(environment)
            .root_certificate(certificate)
            .build()
            .unwrap();
        let mut feed = client.stream().bbo("Y");
        // Only the client that trusts the certificate gets this far.
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.Y").await;
        assert_eq!(text(&mut feed).await, "live");
    }

    #[tokio::test]
    async fn proxy_is_used_as_for_calls() {
        let (mut server, certificate) = server().await;
        let port: u16 = server.url.rsplit(':').next().unwrap().parse().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let seen = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.unwrap());
            }
            let mut to = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut socket, &mut to).await });
            String::from_utf8(head).unwrap()
        });
        let client = Client::builder(Environment::custom(&server.url).unwrap())
            .root_certificate(certificate)
            .proxy(reqwest::Proxy::all(proxy).unwrap())
            .build()
            .unwrap();
        let mut feed = client.stream().bbo("X");
        let mut peer = server.accept().await;
        peer.acknowledge("subscribe", "bbo.X").await;
        assert_eq!(text(&mut feed).await, "live");
        let head = seen.await.unwrap();
        assert!(head.starts_with(&format!("CONNECT localhost:{port} ")), "{head}");
    }
}
