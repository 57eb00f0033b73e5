//! A server or proxy that repeats our request shows no secret of it in errors, traces or the audit. It is a program of its
//! own, because what listens to traces is decided once for all threads of one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../../paradex-api/tests/wire/arguments.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod arguments;
#[path = "../../paradex-api/tests/wire/calls.rs"]
#[rustfmt::skip]
mod calls;
#[path = "../../paradex-api/tests/wire/echoing.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod echoing;
#[path = "../../paradex-api/tests/wire/server.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod server;

use std::io::Write;
use std::sync::{Arc, Mutex};

use paradex_api::Security;
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::{Client, Credentials, Environment, Error, RetryPolicy};
use tracing_subscriber::fmt::format::FmtSpan;

use arguments::Arguments;
use calls::call;
use echoing::{ANSWERS, SPELLINGS, TOKEN, cases, leak, start, texts_of};
use server::{Server, respond};

/// A response as `Debug` shows it.
struct Answered(String);

impl Answered {
    #[allow(clippy::new_ret_no_self, reason = "a call has a response or an error")]
    fn new<T: std::fmt::Debug>(
        answer: Result<paradex_api::Response<T>, paradex_api::Error>,
    ) -> Result<Self, paradex_api::Error> {
        answer.map(|answer| Self(format!("{answer:?}")))
    }
}

/// What was written somewhere.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

/// Writes entries as they are shown and as they are serialised.
impl AuditSink for Log {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let text = format!("{entry:?} {}\n", serde_json::to_string(&entry).unwrap());
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
        Box::pin(std::future::ready(Ok(())))
    }
}

fn traced(log: &Log) -> tracing::subscriber::DefaultGuard {
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

/// The texts of an error of this crate, with what can be asked of it.
fn shown(error: &Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        texts.push(format!("{error} {error:?} {error:#?}"));
        next = error.source();
    }
    texts.push(format!("{:?} {:?}", error.request_id(), error.code()));
    if let Some(api) = error.api() {
        texts.push(format!(
            "{:?} {:?} {:?}",
            api.message(),
            api.excerpt(),
            api.headers()
        ));
    }
    if let Error::Decode(error) = error {
        texts.push(format!("{:?} {:?}", error.excerpt(), error.headers()));
    }
    texts
}

#[tokio::test]
async fn repeated_request_shows_no_secret_in_errors_traces_and_audit() {
    let (traces, audit) = (Log::default(), Log::default());
    let _guard = traced(&traces);
    let mut echoed = 0;
    for (turn, answer) in ANSWERS.iter().copied().enumerate() {
        let spelled = Arc::new(Mutex::new(SPELLINGS[0]));
        let server = start(answer, &spelled).await;
        let environment = Environment::custom(&server.url).unwrap();
        let client = Client::builder(environment.clone())
            .credentials(Credentials::bearer(environment, TOKEN).unwrap())
            .rate_limits(RateLimits::none())
            .retry(RetryPolicy::none())
            .audit_required(audit.clone())
            .build()
            .unwrap();
        for (operation, spelling) in cases(turn) {
            *spelled.lock().unwrap() = spelling;
            let (arguments, mut secrets) = echoing::arguments(operation);
            if operation.security != Security::Public {
                secrets.push(TOKEN.to_owned());
            }
            let mut texts = match call(client.api(), operation.id, &arguments).await.unwrap() {
                Ok(answered) => vec![answered.0],
                Err(error) => {
                    let body = error.response().map(|raw| raw.body.clone()).unwrap_or_default();
                    echoed += usize::from(leak(&String::from_utf8_lossy(&body), &secrets).is_some());
                    let mut texts = texts_of(&error);
                    texts.extend(shown(&Error::from(error)));
                    texts
                }
            };
            texts.extend([traces.take(), audit.take()]);
            for text in texts {
                let leak = leak(&text, &secrets);
                assert!(
                    leak.is_none(),
                    "{operation}, answer {turn}: {leak:?} is in {text}"
                );
            }
        }
    }
    // Otherwise nothing was repeated, and the test shows nothing.
    assert!(echoed > 300, "{echoed}");
}

/// Gives one token after the other.
struct Tokens(Mutex<Vec<&'static str>>, Environment);

impl CredentialProvider for Tokens {
    fn credentials(&self) -> CredentialFuture<'_> {
        let token = self.0.lock().unwrap().remove(0);
        Box::pin(async move { Ok(Credentials::bearer(self.1.clone(), token)?) })
    }
}

#[tokio::test]
async fn token_of_an_earlier_attempt_is_hidden_in_the_response_to_a_later_one() {
    const OLD: &str = "old-token-that-the-exchange-does-not-take-any-more";
    let (traces, audit) = (Log::default(), Log::default());
    let _guard = traced(&traces);
    let server = Server::start(|request| async move {
        let old = request.headers.iter().any(|(_, value)| value.ends_with(OLD));
        match old {
            true => respond(
                401,
                Some("application/json"),
                r#"{"error": "INVALID_TOKEN", "message": "m"}"#,
            ),
            false => {
                let body = format!("{{\"error\": \"ORDER_REJECTED\", \"message\": \"{OLD} {TOKEN}\"}}");
                let mut answer = respond(400, Some("application/json"), body);
                answer.headers_mut().insert("x-request-id", OLD.parse().unwrap());
                answer
            }
        }
    })
    .await;
    let environment = Environment::custom(&server.url).unwrap();
    let client = Client::builder(environment.clone())
        .credential_provider(Tokens(Mutex::new(vec![OLD, TOKEN]), environment))
        .audit_required(audit.clone())
        .build()
        .unwrap();
    let error = client.api().cancel_all_orders().send().await.unwrap_err();
    let secrets = [OLD.to_owned(), TOKEN.to_owned()];
    let body = String::from_utf8_lossy(&error.response().unwrap().body).into_owned();
    assert!(leak(&body, &secrets[..1]).is_some() && leak(&body, &secrets[1..]).is_some());
    let mut texts = texts_of(&error);
    texts.extend(shown(&Error::from(error)));
    texts.extend([traces.take(), audit.take()]);
    for text in texts {
        let leak = leak(&text, &secrets);
        assert!(leak.is_none(), "{leak:?} is in {text}");
    }
}
