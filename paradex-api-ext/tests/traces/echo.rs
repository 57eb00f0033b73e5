//! A server or proxy that repeats our request shows no secret of it in errors, traces or the audit.

#[path = "../../../paradex-api/tests/wire/arguments.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod arguments;
#[path = "../../../paradex-api/tests/wire/calls.rs"]
#[rustfmt::skip]
mod calls;
#[path = "../../../paradex-api/tests/wire/echoing.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod echoing;
#[path = "../../../paradex-api/tests/wire/server.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the raw crate")]
mod server;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use paradex_api::Security;
use paradex_api_ext::allowlist::Force;
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
use paradex_api_ext::fleet::{AllowlistPolicy, Fleet};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::orders::{CancelScope, ChangeResolution, NewOrder, OrderSide, OrderWindow, Resolution};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Environment, Error, RetryPolicy};
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

use arguments::Arguments;
use calls::call;
use echoing::{ANSWERS, SPELLINGS, TOKEN, cases, leak, start, texts_of};
use server::{Answer, Received, Server, respond};

use crate::support::{Log, list};

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
    let _guard = traces.collect_traces(LevelFilter::DEBUG);
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
    let _guard = traces.collect_traces(LevelFilter::DEBUG);
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

/// What a server of the typed layer repeats, and how.
#[derive(Clone, Copy)]
struct Mode {
    status: u16,
    /// Whether elements have the ids that are asked for; otherwise the ids are the secrets.
    named: bool,
    /// The field `allowed_cidrs`, of the secrets that the request carried.
    allowlist: fn(&[String]) -> Value,
}

const ALLOWLISTS: &[fn(&[String]) -> Value] = &[
    |secrets| json!(secrets),
    |secrets| json!(secrets.join(" ")),
    |secrets| json!([format!("[{}", secrets.join(" "))]),
    |secrets| json!([json!(secrets).to_string()]),
    |secrets| json!([{ secrets.first().map_or("none", String::as_str): secrets }]),
    |_| json!(["198.51.100.0/24"]),
];

const ACCOUNT: &str = "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7";
const SUBKEY: &str = "0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43";

/// Responds in the declared shape, with what the request carried in every text.
fn in_shape(request: &Received, mode: Mode, secrets: &[String]) -> Answer {
    let secret = secrets.join(" ");
    let id = |asked: &str| {
        if mode.named {
            asked.to_owned()
        } else {
            secret.clone()
        }
    };
    let mut item = json!({
        "lookup_id": id("id"), "id": id("id"), "public_key": id(SUBKEY), "client_id": id("mine"),
        "allowed_cidrs": (mode.allowlist)(secrets), "expiry_at": 0, "revoked_at": 0,
    });
    for name in [
        "name",
        "kind",
        "state",
        "status",
        "market",
        "type",
        "side",
        "cancel_reason",
        "account",
    ] {
        item[name] = json!(secret);
    }
    let mut body = item.clone();
    body["results"] = json!([item]);
    body["orders"] = json!([item]);
    body["errors"] = json!([{ "error": secret, "message": secret }]);
    body["api_token"] = item;
    for name in ["next", "prev", "message", "error", "token", "jwt_token"] {
        body[name] = json!(secret);
    }
    if mode.named {
        // With an error in it, a success would not be believed.
        body.as_object_mut().unwrap().remove("error");
    }
    if request.path.ends_with("/system/config") {
        body = json!({ "starknet_chain_id": "PRIVATE_SN_POTC_SEPOLIA" });
    } else if request.path.ends_with("/auth") {
        body = json!({ "jwt_token": TOKEN });
    } else if mode.status != 200 {
        body = json!({ "error": secret, "message": secret, "data": body });
    }
    let status = match request.path.ends_with("/auth") || request.path.ends_with("/system/config") {
        true => 200,
        false => mode.status,
    };
    let mut answer = respond(status, Some("application/json"), body.to_string());
    if let Ok(id) = secret.parse() {
        answer.headers_mut().insert("x-request-id", id);
    }
    answer
}

/// The secrets of a request: its bearer, and the signature in its body.
fn carried(request: &Received) -> Vec<String> {
    let bearer = request.headers.iter().find(|(name, _)| name == "authorization");
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let order = if body.is_array() { &body[0] } else { &body };
    bearer
        .map(|(_, value)| value.trim_start_matches("Bearer ").to_owned())
        .into_iter()
        .chain(order["signature"].as_str().map(str::to_owned))
        .collect()
}

/// The texts of errors, and the kinds of errors that there were.
#[derive(Default)]
struct Errors {
    texts: Vec<String>,
    kinds: BTreeSet<String>,
}

impl Errors {
    /// Keeps the texts of an error; a value has none.
    fn of<T, E: std::error::Error + 'static>(&mut self, outcome: Result<T, E>) {
        let Err(error) = outcome else { return };
        let name = format!("{error:?}");
        let name = name.split(['(', ' ', '{']).next().unwrap_or_default();
        let kind = std::any::type_name::<E>().rsplit("::").next().unwrap_or_default();
        self.kinds.insert(format!("{kind}::{name}"));
        let mut next: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = next {
            self.texts.push(format!("{error} {error:?} {error:#?}"));
            if let Some(error) = error.downcast_ref::<Error>() {
                self.texts.extend(shown(error));
            }
            next = error.source();
        }
    }
}

/// Every call of the typed layer.
async fn errors_of_the_typed_layer(client: &Client, mode: &Mutex<Mode>) -> Errors {
    let mut errors = Errors::default();
    let list = || list(&["203.0.113.0/24"]);
    let network = || ["192.0.2.0/24".parse().unwrap()];
    let tokens = client.tokens();
    errors.of(tokens.list().with_revoked_and_expired().send().await);
    let token = NewToken::new("desk", "api_key", Duration::from_secs(60), list()).unwrap();
    errors.of(tokens.create(token).await);
    errors.of(tokens.revoke("id").await);
    let subkeys = client.subkeys();
    errors.of(subkeys.list().send().await);
    errors.of(subkeys.get(SUBKEY).await);
    errors.of(subkeys.rename(SUBKEY, "bot").await);
    errors.of(subkeys
        .register(NewSubkey::new("bot", SUBKEY, list()).unwrap())
        .await);
    errors.of(subkeys.revoke(SUBKEY).await);
    for allowlist in [tokens.allowlist("id"), subkeys.allowlist(SUBKEY)] {
        errors.of(allowlist
            .read()
            .await
            .and_then(|read| Ok(read.stored().require_known().cloned()?)));
        errors.of(allowlist.set(list()).await);
        errors.of(allowlist.add(network()).await);
        errors.of(allowlist.remove(network()).await);
        errors.of(allowlist.plan(list()).await);
        // What was planned from a list that is known meets one that is not.
        let now = *mode.lock().unwrap();
        *mode.lock().unwrap() = Mode {
            status: 200,
            named: true,
            allowlist: ALLOWLISTS[5],
        };
        let plan = allowlist.plan(list()).await.unwrap();
        *mode.lock().unwrap() = now;
        errors.of(allowlist.apply(&plan).await);
        errors.of(allowlist.apply_with(&plan, Force::none().despite_change()).await);
    }
    let order = || {
        let price = "29500".parse().unwrap();
        NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse().unwrap(), price).client_id("mine")
    };
    let orders = client.orders();
    let window = OrderWindow::new(SystemTime::now(), Duration::from_secs(5));
    errors.of(orders.place(order()).await);
    errors.of(orders.place_batch(vec![order()]).await);
    let change = NewOrder::limit(
        "BTC-USD-PERP",
        OrderSide::Buy,
        "0.1".parse().unwrap(),
        "29500".parse().unwrap(),
    );
    errors.of(orders.modify("id", change.clone()).await);
    errors.of(orders.cancel("id").await);
    errors.of(orders.cancel_all(CancelScope::AllMarkets).await);
    errors.of(orders.cancel_batch(vec!["id".to_owned()]).await);
    errors.of(orders.cancel_by_client_id("mine").await);
    if let Resolution::StillUnknown(error) = orders.resolve("mine", window).await {
        errors.of(Err::<(), _>(error));
    }
    if let ChangeResolution::StillUnknown(error) = orders.resolve_change("id", &change, window).await {
        errors.of(Err::<(), _>(error));
    }
    errors.of(client.api().list_fills().all(10).await);
    errors.of(client.api().list_fills().items().all(10).await);

    let fleet = Fleet::new().with("desk", client.clone()).unwrap();
    let snapshot = fleet.read().await;
    errors
        .texts
        .extend(snapshot.failures().map(|(_, failure)| failure.to_owned()));
    let unknown = snapshot
        .members()
        .filter(|member| member.stored().known().is_none());
    errors
        .texts
        .extend(unknown.map(|member| format!("{} {:?}", member.stored(), member.stored())));
    let policy = "[ranges]\noffice = ['203.0.113.0/24']\n[[rules]]\naccount = 'desk'\nkind = 'token'\nallow = ['office']\n";
    let plan = AllowlistPolicy::from_toml(policy).unwrap().plan(&snapshot);
    if let Ok(plan) = &plan {
        let notes = plan.rows().iter().filter_map(|row| row.note());
        errors.texts.extend(notes.map(str::to_owned));
        let report = plan.apply(&fleet).await;
        if let Ok(report) = &report {
            errors.texts.extend(
                report
                    .rows()
                    .iter()
                    .filter_map(|row| row.detail())
                    .map(str::to_owned),
            );
        }
        errors.of(report);
        if mode.lock().unwrap().status != 200 {
            errors
                .texts
                .push(format!("{plan} {}", serde_json::to_string(plan).unwrap()));
        }
    }
    errors.of(plan);
    errors
}

#[tokio::test]
async fn repeated_secrets_in_valid_responses_are_in_no_error_of_the_typed_layer() {
    let mode = Arc::new(Mutex::new(Mode {
        status: 200,
        named: true,
        allowlist: ALLOWLISTS[0],
    }));
    let repeated = Arc::new(Mutex::new(BTreeSet::from([TOKEN.to_owned()])));
    let (now, all) = (Arc::clone(&mode), Arc::clone(&repeated));
    let server = Server::start(move |request| {
        let secrets = carried(&request);
        all.lock().unwrap().extend(secrets.iter().cloned());
        let answer = in_shape(&request, *now.lock().unwrap(), &secrets);
        async move { answer }
    })
    .await;
    let environment = Environment::custom(&server.url).unwrap();
    let key = StarknetPrivateKey::from_hex("0x57b2f8431c772e647712ae93cc616638").unwrap();
    let client = Client::builder(environment.clone())
        .credentials(Credentials::starknet(environment, key, ACCOUNT.parse().unwrap()))
        .rate_limits(RateLimits::none())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let mut kinds = BTreeSet::new();
    let modes = ALLOWLISTS.iter().flat_map(|allowlist| {
        [(200, true), (200, false), (400, true), (500, true)].map(|(status, named)| Mode {
            status,
            named,
            allowlist: *allowlist,
        })
    });
    let mut leaks = BTreeSet::new();
    let mut signatures = 0;
    for shape in modes {
        *mode.lock().unwrap() = shape;
        *repeated.lock().unwrap() = BTreeSet::from([TOKEN.to_owned()]);
        let errors = errors_of_the_typed_layer(&client, &mode).await;
        kinds.extend(errors.kinds);
        let secrets: Vec<String> = repeated.lock().unwrap().iter().cloned().collect();
        signatures += secrets.len() - 1;
        for text in BTreeSet::from_iter(errors.texts) {
            if leak(&text, &secrets).is_some() {
                leaks.insert(text.chars().take(600).collect::<String>());
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    // Otherwise the calls went another way, and the test shows nothing.
    for kind in [
        "AllowlistError::Unknown",
        "AllowlistError::ConcurrentChange",
        "AllowlistError::AllowlistMismatch",
        "AllowlistError::OutcomeUnknown",
        "CreateTokenError::AllowlistMismatch",
        "RevokeError::NotUnderstood",
        "PlaceOrderError::NotUnderstood",
        "PlaceOrderError::OutcomeUnknown",
    ] {
        assert!(kinds.contains(kind), "{kind} is not in {kinds:?}");
    }
    assert!(signatures > 10, "{signatures} signatures were repeated");
}
