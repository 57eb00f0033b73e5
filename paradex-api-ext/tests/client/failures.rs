//! What comes out when something goes wrong on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use paradex_api::operations::{LIST_MARKETS, LIST_TOKENS};
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{Operation, Transport, TransportFuture, reqwest};
use paradex_api_ext::error::{AuthenticationError, ErrorClass, Phase, WithheldReason};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::limits::ResponseLimits;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{CallOptions, Client, Credentials, Environment, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{builder, environment, start};

fn on_markets(fault: Fault) -> Injection {
    Injection::new(fault).on(&LIST_MARKETS)
}

async fn markets(client: &Client) -> Error {
    client.api().list_markets().send().await.unwrap_err().into()
}

#[tokio::test]
async fn html_page_keeps_its_status_and_excerpt() {
    let (exchange, client) = start().await;
    exchange.inject(on_markets(Fault::html(StatusCode::BAD_GATEWAY)));
    let error = markets(&client).await;
    let Error::Api(api) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(
        (error.code(), error.class()),
        (None, Some(ErrorClass::Unavailable))
    );
    assert!(api.excerpt().unwrap().to_lowercase().contains("<html"), "{api}");
    assert!(error.is_retryable() && !error.is_outcome_unknown());
    assert!(!error.to_string().contains('\n'));
}

#[tokio::test]
async fn bodyless_429_is_rate_limited() {
    let (exchange, client) = start().await;
    exchange.inject(on_markets(Fault::raw(
        StatusCode::TOO_MANY_REQUESTS,
        HeaderMap::new(),
        "",
    )));
    let error = markets(&client).await;
    assert_eq!(error.class(), Some(ErrorClass::RateLimit));
    assert!(error.is_retryable());
    assert_eq!(error.retry_after(), None);

    exchange.inject(on_markets(Fault::rate_limited(Duration::from_secs(3))));
    let error = markets(&client).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));

    let mut headers = HeaderMap::new();
    let reset = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        + 30;
    headers.insert("x-ratelimit-reset", reset.to_string().parse().unwrap());
    headers.insert("x-request-id", "abc-123".parse().unwrap());
    // Another client: the first one waits until the limit is open again.
    let client = super::main_client(&exchange);
    exchange.inject(on_markets(Fault::raw(StatusCode::TOO_MANY_REQUESTS, headers, "")));
    let error = markets(&client).await;
    assert!(
        error
            .retry_after()
            .is_some_and(|wait| (28..=30).contains(&wait.as_secs())),
        "{error:?}"
    );
    assert_eq!(error.request_id(), Some("abc-123"));
}

#[tokio::test]
async fn error_without_a_code_keeps_its_message() {
    let (exchange, client) = start().await;
    for (body, code, message) in [
        (
            r#"{"message":"rate limit exceeded"}"#,
            None,
            Some("rate limit exceeded"),
        ),
        (
            r#"{"error":"BRAND_NEW","message":"m","data":null}"#,
            Some("BRAND_NEW"),
            Some("m"),
        ),
        (r#"{"error":7,"message":null}"#, None, None),
        ("[]", None, None),
        ("", None, None),
        ("\u{0}\u{1b}[31m", None, None),
    ] {
        exchange.inject(on_markets(Fault::raw(
            StatusCode::BAD_REQUEST,
            HeaderMap::new(),
            body,
        )));
        let error = markets(&client).await;
        assert_eq!(error.code().map(|code| code.as_str()), code, "{body}");
        assert_eq!(error.api().unwrap().message(), message, "{body}");
        assert_eq!(error.class(), Some(ErrorClass::Validation), "{body}");
        assert!(!error.to_string().contains(char::is_control), "{error}");
    }
}

#[tokio::test]
async fn undecodable_success_is_an_error_that_keeps_its_body() {
    let (exchange, client) = start().await;
    exchange.inject(on_markets(Fault::raw(
        StatusCode::OK,
        HeaderMap::new(),
        "<html>login</html>",
    )));
    let error = markets(&client).await;
    let Error::Decode(decode) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(decode.excerpt().as_deref(), Some("<html>login</html>"));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn odd_values_fail_nothing() {
    let (exchange, client) = start().await;
    for fault in [Fault::unknown_enum_values(), Fault::nulls(1), Fault::nulls(3)] {
        exchange.inject(on_markets(fault.clone()));
        client.api().list_markets().send().await.unwrap();
        exchange.inject(Injection::new(fault).on(&LIST_TOKENS));
        client.tokens().list().send().await.unwrap();
    }
}

#[tokio::test]
async fn broken_connection_reports_the_phase_of_the_call() {
    let (exchange, client) = start().await;
    for fault in [Fault::reset_before(), Fault::reset_after(), Fault::truncated()] {
        exchange.inject(on_markets(fault));
        let error = markets(&client).await;
        let Error::Transport(transport) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(transport.phase(), Phase::InFlight);
        // It only reads, so it can be repeated whatever happened.
        assert!(error.is_retryable() && !error.is_outcome_unknown());
        assert!(std::error::Error::source(&error).is_some());
    }
    exchange.inject(Injection::new(Fault::reset_before()).on(&paradex_api::operations::CANCEL_ALL_ORDERS));
    let error = Error::from(client.api().cancel_all_orders().send().await.unwrap_err());
    assert!(error.is_outcome_unknown() && !error.is_retryable());
    assert!(
        error
            .to_string()
            .contains("whether it was carried out is unknown"),
        "{error}"
    );
}

#[tokio::test]
async fn unreachable_server_has_received_nothing() {
    let (exchange, _) = start().await;
    let token = exchange.main_session();
    let builder = builder(&exchange, token);
    drop(exchange);
    let client = builder.build().unwrap();
    let error = Error::from(client.api().cancel_all_orders().send().await.unwrap_err());
    let Error::Transport(transport) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(transport.phase(), Phase::Connect);
    assert!(!error.is_outcome_unknown() && error.is_retryable());
}

#[tokio::test]
async fn call_ends_at_its_deadline() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = builder(&exchange, exchange.main_session())
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    exchange.inject(on_markets(Fault::delay_after(Duration::from_secs(60))));
    let start = Instant::now();
    let error = markets(&client).await;
    assert!(start.elapsed() < Duration::from_secs(30));
    let Error::Transport(transport) = &error else {
        panic!("{error:?}")
    };
    assert!(transport.is_timeout());
    assert!(
        error
            .to_string()
            .ends_with("no complete response arrived in time"),
        "{error}"
    );
}

#[tokio::test]
async fn dripping_server_is_cut_off_at_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 1024];
        let _ = stream.read(&mut buffer).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
            .await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let client = Client::builder(Environment::custom(&address).unwrap())
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = markets(&client).await;
    assert!(
        matches!(&error, Error::Transport(error) if error.is_timeout()),
        "{error:?}"
    );
}

#[tokio::test]
async fn redirect_is_returned_and_not_followed() {
    let (exchange, client) = start().await;
    let elsewhere = Simulator::builder().strict().start().await.unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(
        "location",
        format!("{}/v1/markets", elsewhere.url()).parse().unwrap(),
    );
    exchange.inject(on_markets(Fault::raw(
        StatusCode::TEMPORARY_REDIRECT,
        headers,
        "",
    )));
    let error = markets(&client).await;
    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn private_call_without_credentials_is_not_sent() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = Client::builder(environment(&exchange)).build().unwrap();
    let error = client.tokens().list().send().await.unwrap_err();
    let Error::Authentication(error) = error else {
        panic!("{error:?}")
    };
    assert!(
        matches!(*error, AuthenticationError::NoCredentials { .. }),
        "{error:?}"
    );
    assert!(exchange.requests().is_empty());
    client.api().list_markets().send().await.unwrap();
}

#[tokio::test]
async fn expired_token_is_refused_by_the_exchange_and_an_old_one_before_sending() {
    let (exchange, client) = start().await;
    exchange.advance(Duration::from_secs(600));
    let error = client.tokens().list().send().await.unwrap_err();
    let Error::Authentication(answer) = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(**answer, AuthenticationError::Refused(_)));
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert!(error.to_string().contains("expired"), "{error}");

    // This one says that it ended in 2001.
    let payload = "eyJleHAiOjEwMDAwMDAwMDB9";
    let client = builder(&exchange, format!("e30.{payload}.x").into())
        .build()
        .unwrap();
    let before = exchange.requests().len();
    let error = client.tokens().list().send().await.unwrap_err();
    assert!(error.to_string().contains("sign in again"), "{error}");
    assert_eq!(exchange.requests().len(), before);
}

#[tokio::test]
async fn calls_beyond_the_limit_wait_for_their_turn_or_are_not_sent() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = builder(&exchange, exchange.main_session())
        .rate_limits(RateLimits::none().per_address(2))
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    for _ in 0..2 {
        client.api().list_markets().send().await.unwrap();
    }
    // The next turn is 30 s away, and the call may take 5 s.
    let error = markets(&client).await;
    let Error::Withheld(withheld) = &error else {
        panic!("{error:?}")
    };
    assert!(
        matches!(withheld.reason(), WithheldReason::RateLimit { .. }),
        "{error:?}"
    );
    assert!(error.is_retryable() && !error.is_outcome_unknown());
    let wait = error.retry_after().unwrap().as_secs();
    assert!((20..=30).contains(&wait), "{wait}");
    assert_eq!(exchange.requests().len(), 2);
    // A cancel does not wait behind reads.
    client.api().cancel_all_orders().send().await.unwrap();
}

#[tokio::test]
async fn clients_of_many_accounts_share_one_rate_limit() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange))
        .rate_limits(RateLimits::none().per_address(3))
        .timeout(Duration::from_secs(10))
        .build_group()
        .unwrap();
    for _ in 0..3 {
        let session = exchange.account_session(&exchange.add_account()).unwrap();
        let credentials = Credentials::bearer(environment(&exchange), session).unwrap();
        let client = group.client(credentials).unwrap();
        client.tokens().list().send().await.unwrap();
    }
    // The next turn is 20 s away, whoever asks.
    let error = markets(&group.anonymous()).await;
    assert!(
        matches!(&error, Error::Withheld(error) if error.is_retryable()),
        "{error:?}"
    );
}

#[tokio::test]
async fn system_config_is_requested_once_and_the_clock_is_measured() {
    let (exchange, client) = start().await;
    for _ in 0..3 {
        client.group().system_config().await.unwrap();
    }
    assert_eq!(exchange.requests().len(), 1);
    assert_eq!(client.group().clock_offset(), None);
    exchange.advance(Duration::from_secs(90));
    let offset = client.group().measure_clock().await.unwrap();
    assert!(!offset.ahead);
    let measured = offset.by.abs_diff(Duration::from_secs(90));
    assert!(measured <= offset.error + Duration::from_millis(1), "{offset:?}");
    assert_eq!(client.clone().group().clock_offset(), Some(offset));
}

#[tokio::test]
async fn endless_response_is_not_read_to_its_end() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for announced in [true, false] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let head = if announced {
                "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
            } else {
                "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"
            };
            let _ = stream.write_all(head.as_bytes()).await;
            let piece = vec![b' '; 1 << 20];
            while stream.write_all(&piece).await.is_ok() {}
        }
    });
    let client = Client::builder(Environment::custom(&address).unwrap())
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = markets(&client).await;
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("limit of 8388608"), "{source}");
    }
}

#[tokio::test]
async fn invalid_call_is_not_retryable() {
    let (_exchange, client) = start().await;
    let error = client.subkeys().get(&"1".repeat(100_000)).await.unwrap_err();
    assert!(!error.is_retryable() && !error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn response_beyond_its_limit_is_not_read_to_its_end() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let deep = format!("{{\"results\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let long = format!("{{\"results\":[],\"odd\":\"{}\"}}", "x".repeat(20_000));
    let mut many = HeaderMap::new();
    for number in 0..20 {
        let name: paradex_api::reqwest::header::HeaderName = format!("x-odd-{number}").parse().unwrap();
        many.insert(name, "y".repeat(900).parse().unwrap());
    }
    for (bounds, fault, what) in [
        (
            ResponseLimits::new().body_bytes(10_000),
            Fault::raw(StatusCode::OK, HeaderMap::new(), long),
            "body",
        ),
        (
            ResponseLimits::new().header_bytes(10_000),
            Fault::raw(StatusCode::OK, many, "{\"results\":[]}"),
            "headers",
        ),
        (
            ResponseLimits::new().json_depth(32),
            Fault::raw(StatusCode::OK, HeaderMap::new(), deep),
            "depth",
        ),
    ] {
        let client = builder(&exchange, exchange.main_session())
            .response_limits(bounds)
            .build()
            .unwrap();
        exchange.inject(on_markets(fault.clone()));
        let error = markets(&client).await;
        let Error::Transport(transport) = &error else {
            panic!("{what}: {error:?}")
        };
        let source = std::error::Error::source(transport).unwrap().to_string();
        assert!(
            source.contains(what) && source.contains("response_limits"),
            "{source}"
        );
        // Within the usual ones it is an answer.
        exchange.inject(on_markets(fault));
        let usual = builder(&exchange, exchange.main_session()).build().unwrap();
        usual.api().list_markets().send().await.unwrap();
    }
}

#[tokio::test]
async fn bound_of_a_body_is_raised_and_lowered_for_single_calls() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = builder(&exchange, exchange.main_session())
        .response_limits(ResponseLimits::new().body_bytes(30_000))
        .build()
        .unwrap();
    let long = format!("{{\"results\":[],\"odd\":\"{}\"}}", "x".repeat(20_000));
    let fault = on_markets(Fault::raw(StatusCode::OK, HeaderMap::new(), long));
    for (bytes, fits) in [(None, true), (Some(10_000), false), (Some(100_000), true)] {
        let options = bytes.map_or(CallOptions::new(), |bytes| CallOptions::new().body_bytes(bytes));
        exchange.inject(fault.clone());
        let outcome = client.with_options(options).api().list_markets().send().await;
        assert_eq!(outcome.is_ok(), fits, "{bytes:?}");
    }
}

#[tokio::test]
async fn value_beyond_the_memory_of_its_bound_is_an_error_of_decoding() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = builder(&exchange, exchange.main_session())
        .response_limits(ResponseLimits::new().body_bytes(100_000))
        .build()
        .unwrap();
    // One that is decoded in the task of the caller, and one that is not.
    for elements in [5_000, 30_000] {
        let body = format!("{{\"results\":[{}{{}}]}}", "{},".repeat(elements));
        exchange.inject(on_markets(Fault::raw(StatusCode::OK, HeaderMap::new(), body)));
        let error = markets(&client).await;
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        let text = error.to_string();
        assert!(
            text.contains("400000") && text.contains("raise the limit"),
            "{text}"
        );
    }
}

/// Notes how far another task is when a response has arrived.
struct Arrived(Arc<dyn Transport>, Arc<AtomicUsize>, Arc<AtomicUsize>);

impl Transport for Arrived {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(async move {
            let response = self.0.send(request, operation).await;
            self.2.store(self.1.load(Ordering::Relaxed), Ordering::Relaxed);
            response
        })
    }
}

#[tokio::test(flavor = "current_thread")]
async fn other_tasks_go_on_while_a_large_body_is_decoded() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let (steps, arrived) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let layer = (Arc::clone(&steps), Arc::clone(&arrived));
    let client = builder(&exchange, exchange.main_session())
        .layer(move |inner| Arc::new(Arrived(inner, Arc::clone(&layer.0), Arc::clone(&layer.1))))
        .build()
        .unwrap();
    let other = Arc::clone(&steps);
    let other = tokio::spawn(async move {
        loop {
            other.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    // Escapes take long to decode, so that another task runs meanwhile on a busy machine as well.
    let body = format!("{{\"results\":[],\"odd\":\"{}\"}}", "\\n".repeat(1 << 21));
    exchange.inject(on_markets(Fault::raw(StatusCode::OK, HeaderMap::new(), body)));
    client.api().list_markets().send().await.unwrap();
    let (steps, arrived) = (steps.load(Ordering::Relaxed), arrived.load(Ordering::Relaxed));
    assert!(
        steps > arrived && arrived > 0,
        "{arrived} steps, and then {steps}"
    );
    other.abort();
}

/// 256 KiB of JSON in 300 bytes.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn compressed_body_counts_by_its_decompressed_size() {
    const START: &str =
        "1f8b0800000000000203edc1b11100101000b0559c31ace2943a95a77276d79b21c9c9b3c71e2b72a9ed26";
    const END: &str = "80cf0310dba6ca0e000400";
    let middle = "00".repeat(307 - START.len() / 2 - END.len() / 2);
    let text = format!("{START}{middle}{END}");
    let bytes: Vec<u8> = (0..text.len() / 2)
        .map(|byte| u8::from_str_radix(&text[2 * byte..2 * byte + 2], 16).unwrap())
        .collect();
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", "gzip".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    let bomb = || on_markets(Fault::raw(StatusCode::OK, headers.clone(), bytes.clone()));
    let (exchange, client) = start().await;
    exchange.inject(bomb());
    client.api().list_markets().send().await.unwrap();
    let requests = exchange.requests();
    let sent = requests.last().unwrap().header("accept-encoding").unwrap();
    assert!(sent.contains("gzip"), "{sent}");
    let small = builder(&exchange, exchange.main_session())
        .response_limits(ResponseLimits::new().body_bytes(64 << 10))
        .build()
        .unwrap();
    exchange.inject(bomb());
    assert!(matches!(markets(&small).await, Error::Transport(_)));
}
