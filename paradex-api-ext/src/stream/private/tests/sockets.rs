//! Private connections over real sockets, against a scripted server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use paradex_api::serde_json::{self, Value, json};
use tokio::sync::mpsc;

use super::server::{Peer, Server, header, status};
use super::support::subject;
use crate::auth::{CredentialFuture, CredentialProvider};
use crate::stream::private::PrivateChannel::Orders;
use crate::stream::private::{
    NotSentReason, PrivateOptions, PrivateSink, PrivateSocket, PrivateUpdate, RequestOutcome, Wanted,
};
use crate::stream::update::{LossCause, StreamError};
use crate::{Client, Credentials, Environment};

/// The longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Passes updates on as texts.
struct Updates(mpsc::UnboundedSender<String>);

impl PrivateSink for Updates {
    fn update(&self, update: PrivateUpdate) {
        let text = match update {
            PrivateUpdate::Ready(ready) => format!("ready {}", ready.connection),
            PrivateUpdate::Event(event) => subject(&event),
            PrivateUpdate::Lost(cause, _) => format!("lost {}", cause.as_str()),
            PrivateUpdate::End(StreamError::CredentialRefused { code, .. }) => format!("end refused {code}"),
            PrivateUpdate::End(StreamError::Redirected { .. }) => "end redirected".to_owned(),
            PrivateUpdate::End(StreamError::NoCredentials) => "end no credentials".to_owned(),
            PrivateUpdate::End(StreamError::NoRuntime) => "end no runtime".to_owned(),
            PrivateUpdate::End(StreamError::SignIn(why)) => format!("end {why}"),
            PrivateUpdate::End(other) => panic!("{other}"),
        };
        let _ = self.0.send(text);
    }
}

struct Heard(mpsc::UnboundedReceiver<String>);

impl Heard {
    async fn next(&mut self) -> String {
        let next = tokio::time::timeout(PATIENCE, self.0.recv()).await;
        next.expect("nothing is reported").unwrap()
    }
}

fn client(url: &str, token: &str) -> Client {
    let environment = Environment::custom(url).unwrap();
    let credentials = Credentials::bearer(environment.clone(), token).unwrap();
    Client::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap()
}

fn open(client: &Client, cancel_on_disconnect: bool) -> (PrivateSocket, Heard) {
    let (sender, heard) = mpsc::unbounded_channel();
    let options = PrivateOptions {
        channels: vec![Orders],
        cancel_on_disconnect,
    };
    let socket = PrivateSocket::open(client, options, Arc::new(Updates(sender)));
    (socket, Heard(heard))
}

/// Accepts a connection, and the token that it sends.
async fn authenticated(server: &mut Server, token: &str) -> Peer {
    let mut peer = server.accept().await;
    // The credential is in no header.
    assert_eq!(header(&peer.head, "authorization"), None);
    assert!(!peer.head.contains(token));
    let request = peer.request().await;
    assert_eq!(
        (request["method"].as_str(), request["params"]["bearer"].as_str()),
        (Some("auth"), Some(token))
    );
    peer.respond(&request, json!({"node_id": "n"})).await;
    peer
}

/// Makes a connection ready.
async fn ready(server: &mut Server, token: &str) -> Peer {
    let mut peer = authenticated(server, token).await;
    peer.acknowledge("subscribe", "orders.ALL").await;
    peer
}

fn soon() -> Instant {
    Instant::now() + PATIENCE
}

fn response(outcome: RequestOutcome) -> Value {
    match outcome {
        RequestOutcome::Response(Ok(raw)) => serde_json::from_str(raw.get()).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn requests_get_their_own_responses_in_any_order() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), true);
    assert_eq!(socket.ready(), None);
    let mut peer = authenticated(&mut server, "token").await;
    let arm = peer.request().await;
    assert_eq!(arm["method"], "order.cancel_on_disconnect");
    assert_eq!(arm["params"], json!({"enabled": true}));
    peer.respond(&arm, json!({"enabled": true})).await;
    peer.acknowledge("subscribe", "orders.ALL").await;
    assert_eq!(heard.next().await, "ready 1");
    assert!(socket.ready().unwrap().cancel_on_disconnect);
    let serving = async {
        let one = peer.request().await;
        let two = peer.request().await;
        assert_eq!(
            (&one["method"], &one["params"]),
            (&json!("order.cancel"), &json!({"id": "1"}))
        );
        peer.text(r#"{"id":999999,"result":{"id":"of nobody"}}"#.to_owned())
            .await;
        peer.text(r#"{"error":{"code":1,"message":"of nobody"}}"#.to_owned())
            .await;
        peer.respond(&two, json!({"of": two["params"]["id"]})).await;
        peer.respond(&one, json!({"of": one["params"]["id"]})).await;
        peer.respond(&one, json!({"of": "again"})).await;
        let three = peer.request().await;
        peer.respond(&three, json!({"of": three["params"]["id"]})).await;
    };
    let ask = |id: &'static str| {
        socket.request(
            1,
            "order.cancel",
            json!({"id": id}).to_string().into_bytes(),
            soon(),
        )
    };
    let asking = async {
        let (one, two) = tokio::join!(ask("1"), ask("2"));
        assert_eq!(
            (response(one), response(two)),
            (json!({"of": "1"}), json!({"of": "2"}))
        );
        assert_eq!(response(ask("3").await), json!({"of": "3"}));
    };
    tokio::join!(serving, asking);
    for connection in [2, 0] {
        let outcome = socket.request(connection, "m", b"{}".to_vec(), soon()).await;
        assert!(
            matches!(outcome, RequestOutcome::NotSent(NotSentReason::OtherConnection)),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn requests_of_a_connection_that_dies_are_unanswered_and_never_sent_again() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), false);
    let mut peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 1");
    let asking = socket.request(1, "order.create", b"{}".to_vec(), soon());
    let serving = async {
        assert_eq!(peer.request().await["method"], "order.create");
        drop(peer);
    };
    let (outcome, ()) = tokio::join!(asking, serving);
    assert!(matches!(outcome, RequestOutcome::Unanswered), "{outcome:?}");
    assert_eq!(heard.next().await, "lost disconnected");
    let mut peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 2");
    // The request of the old connection is not sent on the new one, so the next frame is another.
    let outcome = socket.request(1, "order.create", b"{}".to_vec(), soon()).await;
    assert!(matches!(
        outcome,
        RequestOutcome::NotSent(NotSentReason::OtherConnection)
    ));
    let request = tokio::select! {
        request = peer.request() => request,
        outcome = socket.request(2, "order.cancel_all", b"{}".to_vec(), soon()) => panic!("{outcome:?}"),
    };
    assert_eq!(request["method"], "order.cancel_all");
    // An orderly end leaves nothing open either.
    let asking = socket.request(2, "order.create", b"{}".to_vec(), soon());
    let closing = async {
        peer.request().await;
        socket.close();
        peer.closed().await;
    };
    let (outcome, ()) = tokio::join!(asking, closing);
    assert!(matches!(outcome, RequestOutcome::Unanswered), "{outcome:?}");
    assert_eq!(socket.ready(), None);
    let outcome = socket.request(2, "order.create", b"{}".to_vec(), soon()).await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Closed)),
        "{outcome:?}"
    );
    drop(socket);
    assert_eq!(heard.0.recv().await, None);
}

#[tokio::test]
async fn last_handle_that_is_dropped_closes_the_connection() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), false);
    let peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 1");
    drop(socket.clone());
    assert!(socket.ready().is_some());
    drop(socket);
    peer.closed().await;
    // The task has ended, and its sink with it.
    assert_eq!(heard.0.recv().await, None);
}

#[tokio::test]
async fn replaced_credential_closes_the_connection_and_the_next_one_has_the_new_token() {
    let mut server = Server::start().await;
    let client = client(&server.url, "token-one");
    let (socket, mut heard) = open(&client, false);
    let mut peer = ready(&mut server, "token-one").await;
    assert_eq!(heard.next().await, "ready 1");
    // The same credential is no other one: the connection goes on.
    let environment = Environment::custom(&server.url).unwrap();
    let credentials = |token: &str| Credentials::bearer(environment.clone(), token).unwrap();
    client.replace_credentials(credentials("token-one")).unwrap();
    let asking = socket.request(1, "order.cancel_all", b"{}".to_vec(), soon());
    let serving = async {
        let request = peer.request().await;
        peer.respond(&request, json!({"status": "ok"})).await;
    };
    let (outcome, ()) = tokio::join!(asking, serving);
    assert_eq!(response(outcome), json!({"status": "ok"}));
    let one = client.source().current().unwrap();
    client.replace_credentials(credentials("token-two")).unwrap();
    let two = client.source().current().unwrap();
    // The task does not know it yet, and the connection is that of the old credential all the same.
    let connection = |session| socket.read_ready(Some(session), |ready| ready.connection);
    assert_eq!((connection(&one), connection(&two)), (Some(1), None));
    assert_eq!(heard.next().await, "lost credential_replaced");
    assert_eq!((connection(&one), connection(&two)), (None, None));
    peer.closed().await;
    let _peer = ready(&mut server, "token-two").await;
    assert_eq!(heard.next().await, "ready 2");
    assert_eq!((connection(&one), connection(&two)), (None, Some(2)));
    assert!(server.has_no_peer());
}

#[tokio::test]
async fn revoked_credential_closes_the_connection_until_another_one_replaces_it() {
    let mut server = Server::deciding(|head| {
        head.starts_with("DELETE")
            .then(|| super::server::json(r#"{"lookup_id":"lookup-1"}"#))
    })
    .await;
    // The claims name it.
    let jwt = "e30.eyJsb29rdXBfaWQiOiJsb29rdXAtMSJ9.x";
    let client = client(&server.url, jwt);
    let (_socket, mut heard) = open(&client, false);
    let peer = ready(&mut server, jwt).await;
    assert_eq!(heard.next().await, "ready 1");
    client.tokens().revoke("lookup-1").await.unwrap();
    assert_eq!(heard.next().await, "lost credential_replaced");
    peer.closed().await;
    let environment = Environment::custom(&server.url).unwrap();
    let credentials = Credentials::bearer(environment, "token-two").unwrap();
    client.replace_credentials(credentials).unwrap();
    let _peer = ready(&mut server, "token-two").await;
    assert_eq!(heard.next().await, "ready 2");
    assert!(server.has_no_peer());
}

/// Responds to the calls of a sign-in, each time with another token.
fn sign_ins() -> impl Fn(&str) -> Option<String> + Send + Sync + 'static {
    let tokens = AtomicU64::new(0);
    move |head| {
        let body = if head.starts_with("GET /v1/system/config") {
            json!({"starknet_chain_id": "PRIVATE_SN_POTC_SEPOLIA"})
        } else if head.starts_with("POST") {
            json!({"jwt_token": format!("token-{}", tokens.fetch_add(1, Ordering::SeqCst))})
        } else {
            return None;
        };
        Some(super::server::json(&body.to_string()))
    }
}

#[tokio::test]
async fn key_signs_in_again_after_its_token_was_rejected() {
    let mut server = Server::deciding(sign_ins()).await;
    let environment = Environment::custom(&server.url).unwrap();
    let key = crate::signing::StarknetPrivateKey::from_hex("0x1234567").unwrap();
    let credentials = Credentials::starknet(environment.clone(), key, "0x49d".parse().unwrap());
    let client = Client::builder(environment)
        .credentials(credentials)
        .timeout(Duration::MAX)
        .build()
        .unwrap();
    let (socket, mut heard) = open(&client, false);
    let peer = ready(&mut server, "token-0").await;
    assert_eq!(heard.next().await, "ready 1");
    // The token is still good.
    drop(peer);
    assert_eq!(heard.next().await, "lost disconnected");
    let mut peer = server.accept().await;
    let request = peer.request().await;
    assert_eq!(request["params"]["bearer"], "token-0");
    peer.refuse(&request, 40_111).await;
    let _peer = ready(&mut server, "token-1").await;
    assert_eq!(heard.next().await, "ready 3");
    drop(socket);
}

/// Has another token each time.
struct Tokens(Environment, AtomicU64);

impl CredentialProvider for Tokens {
    fn credentials(&self) -> CredentialFuture<'_> {
        let number = self.1.fetch_add(1, Ordering::SeqCst);
        let credentials = Credentials::bearer(self.0.clone(), format!("token-{number}"));
        Box::pin(async move { Ok(credentials?) })
    }
}

#[tokio::test]
async fn rejected_token_is_replaced_by_that_of_the_provider() {
    let mut server = Server::start().await;
    let environment = Environment::custom(&server.url).unwrap();
    let client = Client::builder(environment.clone())
        .credential_provider(Tokens(environment, AtomicU64::new(0)))
        .build()
        .unwrap();
    let (_socket, mut heard) = open(&client, false);
    for number in 0..3 {
        let mut peer = server.accept().await;
        let request = peer.request().await;
        assert_eq!(request["params"]["bearer"], format!("token-{number}"));
        peer.refuse(&request, 40_111).await;
    }
    let _peer = ready(&mut server, "token-3").await;
    assert_eq!(heard.next().await, "ready 1".replace('1', "4"));
}

#[tokio::test]
async fn static_token_that_is_rejected_twice_ends_the_connection() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), false);
    for _ in 0..2 {
        let mut peer = server.accept().await;
        let request = peer.request().await;
        peer.refuse(&request, 40_111).await;
    }
    assert_eq!(heard.next().await, "end refused 40111");
    assert!(socket.has_ended() && socket.ready().is_none());
    let outcome = socket.request(1, "m", b"{}".to_vec(), soon()).await;
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Closed)),
        "{outcome:?}"
    );
    assert!(server.has_no_peer());
}

#[tokio::test]
async fn redirect_gets_no_token() {
    let mut other = Server::start().await;
    let location = format!("location: {}/v1\r\n", other.url);
    let server = Server::deciding(move |_| Some(status("302 Found", &location))).await;
    let (_socket, mut heard) = open(&client(&server.url, "token"), false);
    assert_eq!(heard.next().await, "end redirected");
    assert!(other.has_no_peer());
}

#[tokio::test]
async fn client_without_a_credential_does_not_connect() {
    let mut server = Server::start().await;
    let client = Client::builder(Environment::custom(&server.url).unwrap())
        .build()
        .unwrap();
    let (_socket, mut heard) = open(&client, false);
    assert_eq!(heard.next().await, "end no credentials");
    assert!(server.has_no_peer());
}

#[test]
fn runtime_that_is_missing_or_ends_is_reported() {
    let (socket, mut heard) = open(&client("http://127.0.0.1:1", "token"), false);
    assert_eq!(heard.0.try_recv().unwrap(), "end no runtime");
    assert!(socket.has_ended());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcome = runtime.block_on(socket.request(1, "m", b"{}".to_vec(), soon()));
    assert!(
        matches!(outcome, RequestOutcome::NotSent(NotSentReason::Closed)),
        "{outcome:?}"
    );
    let (socket, mut heard) = runtime.block_on(async {
        let mut server = Server::start().await;
        let (socket, mut heard) = open(&client(&server.url, "token"), false);
        let _peer = ready(&mut server, "token").await;
        assert_eq!(heard.next().await, "ready 1");
        (socket, heard)
    });
    drop(runtime);
    assert_eq!(socket.ready(), None);
    let mut last = None;
    while let Ok(text) = heard.0.try_recv() {
        last = Some(text);
    }
    assert_eq!(last.as_deref(), Some("end no runtime"));
}

#[tokio::test]
async fn caller_can_give_up_a_connection() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), false);
    let peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 1");
    socket.give_up(1, LossCause::Lagged);
    assert_eq!(heard.next().await, "lost lagged");
    assert_eq!(socket.ready(), None);
    peer.closed().await;
    let mut peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 2");
    // Of a connection that is gone, nothing is given up.
    socket.give_up(1, LossCause::TokenRejected);
    // Events reach the sink in order, also when they come at once.
    for id in 0..300 {
        let event = json!({"method": "subscription", "params": {"channel": "orders.ALL", "data": {"id": id.to_string()}}});
        peer.text(event.to_string()).await;
    }
    for id in 0..300 {
        assert_eq!(heard.next().await, format!("order {id}"));
    }
    socket.give_up(2, LossCause::TokenRejected);
    assert_eq!(heard.next().await, "lost token_rejected");
}

/// An event that cannot be read is lost, and the connection can be used all the time.
#[tokio::test]
async fn connection_carries_requests_after_an_unreadable_frame() {
    struct Watch(mpsc::UnboundedSender<bool>, std::sync::OnceLock<PrivateSocket>);
    impl PrivateSink for Watch {
        fn update(&self, _: PrivateUpdate) {
            let is_usable = self.1.get().is_some_and(|socket| socket.ready().is_some());
            let _ = self.0.send(is_usable);
        }
    }
    let mut server = Server::start().await;
    let (sender, mut usable) = mpsc::unbounded_channel();
    let watch = Arc::new(Watch(sender, std::sync::OnceLock::new()));
    let options = PrivateOptions {
        channels: vec![Orders],
        cancel_on_disconnect: false,
    };
    let socket = PrivateSocket::open(&client(&server.url, "token"), options, Arc::clone(&watch) as _);
    let _ = watch.1.set(socket);
    let mut peer = ready(&mut server, "token").await;
    peer.text("{".to_owned()).await;
    // Ready, lost, ready.
    for _ in 0..3 {
        assert_eq!(usable.recv().await, Some(true));
    }
}

/// Hands out a token at the second call, and nothing at the first.
struct Hanging(Environment, AtomicU64);

impl CredentialProvider for Hanging {
    fn credentials(&self) -> CredentialFuture<'_> {
        let is_first = self.1.fetch_add(1, Ordering::SeqCst) == 0;
        let credentials = Credentials::bearer(self.0.clone(), "token");
        Box::pin(async move {
            if is_first {
                std::future::pending::<()>().await;
            }
            Ok(credentials?)
        })
    }
}

#[tokio::test]
async fn provider_that_hangs_is_asked_again_after_the_timeout() {
    let mut server = Server::start().await;
    let environment = Environment::custom(&server.url).unwrap();
    let client = Client::builder(environment.clone())
        .credential_provider(Hanging(environment, AtomicU64::new(0)))
        .timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    let (_socket, mut heard) = open(&client, false);
    let _peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 1");
}

#[tokio::test]
async fn token_with_characters_that_no_token_has_ends_the_connection() {
    for token in ["to\"ken", "to\\ken"] {
        let mut server = Server::start().await;
        let (socket, mut heard) = open(&client(&server.url, token), false);
        let end = heard.next().await;
        assert!(
            end.starts_with("end ") && end.contains("characters") && !end.contains(token),
            "{end}"
        );
        assert!(socket.has_ended() && server.has_no_peer());
    }
}

/// A receiver of updates that panics is reported to itself, and nothing waits for ever.
#[tokio::test]
async fn panic_ends_the_connection() {
    struct Panics(mpsc::UnboundedSender<StreamError>);
    impl PrivateSink for Panics {
        fn update(&self, update: PrivateUpdate) {
            match update {
                PrivateUpdate::End(error) => drop(self.0.send(error)),
                _ => panic!("a test panics here"),
            }
        }
    }
    let mut server = Server::start().await;
    let (sender, mut ended) = mpsc::unbounded_channel();
    let options = PrivateOptions {
        channels: vec![Orders],
        cancel_on_disconnect: false,
    };
    let socket = PrivateSocket::open(&client(&server.url, "token"), options, Arc::new(Panics(sender)));
    let _peer = ready(&mut server, "token").await;
    assert_eq!(ended.recv().await, Some(StreamError::Panicked));
    assert!(socket.has_ended() && socket.ready().is_none());
}

/// A request that waits for earlier frames can still be withdrawn, for example by a halt.
#[tokio::test]
async fn request_is_taken_only_when_earlier_frames_are_written() {
    let mut server = Server::start().await;
    let (socket, mut heard) = open(&client(&server.url, "token"), false);
    let _peer = ready(&mut server, "token").await;
    assert_eq!(heard.next().await, "ready 1");
    // The other end reads nothing more, and the system takes less than this.
    let large = json!({"large": "a".repeat(24 << 20)}).to_string().into_bytes();
    let is_taken = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let noted = Arc::clone(&is_taken);
    let wanted: Wanted = Arc::new(move || {
        noted.store(true, Ordering::SeqCst);
        true
    });
    // The time in which a frame has to be written passes at once.
    tokio::time::pause();
    let (first, second) = tokio::join!(
        socket.request(1, "order.create", large, soon()),
        socket.request_if(1, "order.create", b"{}".to_vec(), soon(), wanted)
    );
    assert!(matches!(first, RequestOutcome::Unanswered), "{first:?}");
    assert!(
        matches!(second, RequestOutcome::NotSent(NotSentReason::OtherConnection)),
        "{second:?}"
    );
    assert!(!is_taken.load(Ordering::SeqCst));
}
