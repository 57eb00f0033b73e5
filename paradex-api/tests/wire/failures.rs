//! Failed calls, and what their errors keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use paradex_api::{BaseUrl, BodyLimits, BodyTooLarge, Client, Error, HttpTransport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Server, respond};

fn client(url: &str) -> Client {
    Client::new(BaseUrl::parse(url).unwrap()).unwrap()
}

#[tokio::test]
async fn body_beyond_its_bound_is_not_read_to_its_end() {
    let server = Server::start(|_| async { respond(200, None, "[]".repeat(500)) }).await;
    for (bound, fits) in [(1_000, true), (999, false)] {
        let transport = HttpTransport::new()
            .unwrap()
            .limits(BodyLimits::new().body_bytes(bound));
        let base = BaseUrl::parse(&server.url).unwrap();
        let client = Client::with_transport(base, Arc::new(transport));
        let error = client.list_markets().send().await.unwrap_err();
        match error {
            Error::Decode(_) => assert!(fits),
            Error::Transport { source, .. } => {
                assert!(!fits && source.is::<BodyTooLarge>(), "{source}");
                assert!(source.to_string().contains("999"), "{source}");
            }
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn whatever_the_body_status_and_body_are_kept() {
    for (status, content_type, body, code, message) in [
        (
            400,
            "application/json",
            r#"{"error":"NOT_ONBOARDED","message":"m","data":null}"#,
            Some("NOT_ONBOARDED"),
            Some("m"),
        ),
        (
            401,
            "application/json",
            r#"{"message":"token is expired"}"#,
            None,
            Some("token is expired"),
        ),
        (
            429,
            "application/json",
            r#"{"error":"SOME_NEW_CODE"}"#,
            Some("SOME_NEW_CODE"),
            None,
        ),
        (429, "text/plain", "", None, None),
        (502, "text/html", "<html>Bad gateway</html>", None, None),
        (503, "application/json", "{\"error\":", None, None),
        (403, "application/json", "[]", None, None),
        (500, "application/json", "\"text\"", None, None),
    ] {
        let server = Server::start(move |_| async move { respond(status, Some(content_type), body) }).await;
        let error = client(&server.url).list_markets().send().await.unwrap_err();
        let Error::Response(response) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(response.raw().body, body);
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(error.code().map(|code| code.as_str()), code);
        assert_eq!(response.message(), message);
        assert!(error.to_string().contains(&status.to_string()), "{error}");
        assert!(!error.to_string().contains("html"), "{error}");
    }
}

#[tokio::test]
async fn long_message_is_cut_in_texts() {
    let body = format!(
        r#"{{"error":"VALIDATION_ERROR","message":"a\nb{}"}}"#,
        "x".repeat(100_000)
    );
    let server = Server::start(move |_| {
        let body = body.clone();
        async move { respond(400, None, body) }
    })
    .await;
    let error = client(&server.url).list_markets().send().await.unwrap_err();
    assert!(error.to_string().len() < 600, "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    assert!(format!("{error:?}").len() < 2_000);
}

#[tokio::test]
async fn long_error_code_is_cut_in_texts() {
    let body = format!(r#"{{"error":"{}"}}"#, "X".repeat(100_000));
    let server = Server::start(move |_| {
        let body = body.clone();
        async move { respond(400, None, body) }
    })
    .await;
    let error = client(&server.url).list_markets().send().await.unwrap_err();
    assert!(error.to_string().len() < 600, "{error}");
    assert!(format!("{error:?}").len() < 2_000);
}

#[tokio::test]
async fn success_that_does_not_decode_keeps_its_body() {
    for body in ["<html>hello</html>", "", "[]", "{\"results\": [", "null"] {
        let server =
            Server::start(move |_| async move { respond(200, Some("application/json"), body) }).await;
        let error = client(&server.url).list_markets().send().await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.response().unwrap().body, body);
    }
}

#[tokio::test]
async fn body_with_a_secret_is_shown_in_no_text() {
    for (status, body) in [
        (200, r#"["canary-token"]"#),
        (200, r#"{"jwt_token":"canary-token"#),
        (500, "canary-token"),
    ] {
        let server = Server::start(move |_| async move { respond(status, None, body) }).await;
        let error = client(&server.url)
            .create_terminal_token()
            .send()
            .await
            .unwrap_err();
        let mut text = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text.push_str(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
        match &error {
            Error::Response(response) => assert_eq!(response.excerpt(), None),
            Error::Decode(decode) => assert_eq!(decode.excerpt(), None),
            other => panic!("{other:?}"),
        }
        assert!(!text.contains("canary"), "{text}");
        assert!(error.response().unwrap().body.starts_with(&body.as_bytes()[..2]));
    }
}

#[tokio::test]
async fn redirects_are_responses_and_not_followed() {
    let visits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&visits);
    let elsewhere = Server::start(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { respond(200, None, "{}") }
    })
    .await;
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.url.clone();
        let server = Server::start(move |_| {
            let mut response = respond(status, None, "");
            response
                .headers_mut()
                .insert("location", location.parse().unwrap());
            async move { response }
        })
        .await;
        let error = client(&server.url).list_markets().send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(
            error.response().unwrap().headers["location"],
            elsewhere.url.as_str()
        );
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

/// A server that reads a request and then does this with the connection.
async fn rude(response: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(response).await;
        }
    });
    url
}

#[tokio::test]
async fn incomplete_response_is_a_transport_error() {
    for response in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"results\":",
        b"HTTP/1.1 200 OK\r\nno header at all\r\n\r\n",
        b"garbage\r\n\r\n",
    ] {
        let error = client(&rude(response).await)
            .list_markets()
            .send()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
        assert!(error.status().is_none());
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn dead_server_is_a_transport_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url).get_system_time().send().await.unwrap_err();
    let Error::Transport {
        operation, source, ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(operation.id, "get_system_time");
    assert!(
        source
            .downcast_ref::<paradex_api::reqwest::Error>()
            .unwrap()
            .is_connect()
    );
}

#[test]
fn call_outside_of_a_tokio_runtime_is_an_error() {
    let client = client("http://127.0.0.1:9");
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let outcome = std::pin::pin!(client.get_system_time().send()).poll(&mut context);
    let std::task::Poll::Ready(Err(Error::Transport { source, .. })) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(source.is::<paradex_api::runtime::NoRuntime>());
    assert!(source.to_string().contains("enable_all"), "{source}");
}

/// What a request of the raw crate does in a process that has a proxy set up. It is a child process, because variables are
/// read once for all tests of one.
#[test]
fn proxy_of_the_environment_is_ignored() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "failures::request_in_a_process_with_a_proxy",
        "--ignored",
        "--nocapture",
    ]);
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        child.env(name, &proxy);
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert!(listener.accept().is_err(), "the request went to the proxy");
}

#[tokio::test]
#[ignore = "it is run by another test, in a process of its own"]
async fn request_in_a_process_with_a_proxy() {
    use paradex_api::{HttpTransport, Secret, reqwest};
    let server = Server::start(|_| async { respond(200, None, "{}") }).await;
    let base = BaseUrl::parse(&server.url).unwrap();
    let transports = [
        HttpTransport::new().unwrap(),
        HttpTransport::from_builder(reqwest::Client::builder()).unwrap(),
    ];
    for transport in transports {
        let transport = transport.bearer(&Secret::new("token")).unwrap();
        let client = Client::with_transport(base.clone(), Arc::new(transport));
        // A proxy that does not respond must not hold the failing test up.
        let response =
            tokio::time::timeout(std::time::Duration::from_secs(20), client.list_positions().send());
        response.await.expect("the request went to the proxy").unwrap();
    }
    // A proxy that the caller names is used.
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let proxy = Server::start(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { respond(200, None, "{}") }
    })
    .await;
    let builder = reqwest::Client::builder().proxy(reqwest::Proxy::all(&proxy.url).unwrap());
    let client = Client::with_transport(base, Arc::new(HttpTransport::from_builder(builder).unwrap()));
    client.list_positions().send().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}
