//! Sessions that stay alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use paradex_api::operations::{AUTH, GET_SYSTEM_CONFIG, GET_SYSTEM_TIME, LIST_POSITIONS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::auth::SessionKind;
use paradex_api_ext::auth::{
    CredentialFuture, CredentialProvider, Onboarding, Purpose, SignFuture, SignInError, SignRequest,
    SignerError, StarknetSigner,
};
use paradex_api_ext::error::{AllowlistError, AuthenticationError, ErrorClass, PlaceOrderError};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::signing::{
    AccountAddress, EthereumPrivateKey, PublicKey, Signature, StarknetPrivateKey,
};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::{CallOptions, Client, Credentials, Environment, Error, RetryPolicy};
use serde_json::json;

use super::{environment, list, main_key};

/// How often the exchange was asked to sign in.
fn sign_ins(exchange: &Simulator) -> usize {
    let requests = exchange.requests();
    requests
        .iter()
        .filter(|request| request.path().starts_with("/v1/auth"))
        .count()
}

fn account(exchange: &Simulator) -> AccountAddress {
    exchange.main_account().parse().unwrap()
}

use super::client_with as client;

fn main_client(exchange: &Simulator) -> Client {
    client(exchange, |_| main_key(exchange))
}

async fn call(client: &Client) -> Result<(), Error> {
    client.api().list_positions().send().await?;
    Ok(())
}

/// The cause at the bottom of a failure to sign in.
fn sign_in_error(error: &Error) -> &SignInError {
    match error {
        Error::Authentication(error) => match &**error {
            AuthenticationError::SignIn(error) => error,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn key_signs_in_with_the_first_call_that_needs_it() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    assert_eq!(client.session_kind(), Some(SessionKind::MainAccount));
    client.api().list_markets().send().await.unwrap();
    assert_eq!(sign_ins(&exchange), 0, "markets are for everybody");
    for _ in 0..3 {
        call(&client).await.unwrap();
    }
    assert_eq!(sign_ins(&exchange), 1);
    // The main account's session may do everything.
    super::create(&client, "desk", list(&["203.0.113.0/24"])).await;
}

#[tokio::test]
async fn subkey_signs_in_for_the_account_and_may_do_less() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let main = main_client(&exchange);
    let subkey = StarknetPrivateKey::from_hex("0x1234567").unwrap();
    let public = subkey.public_key().to_string();
    main.subkeys()
        .register(NewSubkey::new("bot", &public, IpAllowlist::Unrestricted).unwrap())
        .await
        .unwrap();
    let bot = client(&exchange, |environment| {
        Credentials::subkey(environment, subkey, account(&exchange))
    });
    call(&bot).await.unwrap();
    assert_eq!(bot.session_kind(), Some(SessionKind::Subkey));
    let paths: Vec<String> = exchange
        .requests()
        .iter()
        .map(|request| request.path().to_owned())
        .collect();
    assert!(paths.contains(&format!("/v1/auth/{public}")), "{paths:?}");
    // What the documentation reserves is not even sent.
    let before = exchange.requests().len();
    let error = bot
        .subkeys()
        .allowlist(&public)
        .set(list(&["192.0.2.0/24"]))
        .await
        .unwrap_err();
    assert!(matches!(error, AllowlistError::NotMainAccount(_)), "{error:?}");
    assert_eq!(exchange.requests().len(), before);
}

#[tokio::test]
async fn registration_is_signed_where_the_server_asks_for_it() {
    let exchange = Simulator::builder()
        .strict()
        .require_subkey_signature()
        .start()
        .await
        .unwrap();
    let subkey = StarknetPrivateKey::from_hex("0x1234567").unwrap();
    let new = || NewSubkey::new("bot", subkey.public_key().to_string(), IpAllowlist::Unrestricted).unwrap();
    super::main_client(&exchange)
        .subkeys()
        .register(new())
        .await
        .unwrap_err();
    main_client(&exchange).subkeys().register(new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousand_calls_across_the_end_of_a_token_sign_in_once_and_none_fails() {
    for opaque in [false, true] {
        let builder = Simulator::builder().strict();
        let builder = if opaque {
            builder.opaque_sessions()
        } else {
            builder
        };
        let exchange = builder.start().await.unwrap();
        let client = Client::builder(environment(&exchange))
            .credentials(Credentials::starknet(
                environment(&exchange),
                exchange.main_key(),
                account(&exchange),
            ))
            .rate_limits(RateLimits::none())
            .build()
            .unwrap();
        call(&client).await.unwrap();
        assert_eq!(sign_ins(&exchange), 1);
        // The exchange's clock goes on; this machine's does not, so the client finds out by a 401.
        exchange.advance(Duration::from_secs(301));
        let calls: Vec<_> = (0..1_000)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { call(&client).await })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        // The jump of the clock costs one refusal of the time besides.
        let answers: Vec<Option<u16>> = exchange
            .requests()
            .iter()
            .filter(|request| request.path() == "/v1/auth")
            .map(|request| request.status())
            .collect();
        assert_eq!(answers, [Some(200), Some(400), Some(200)], "opaque: {opaque}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_is_renewed_in_the_background_without_delaying_a_call() {
    let exchange = Simulator::builder()
        .strict()
        .session_lifetime(Duration::from_secs(5))
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    call(&client).await.unwrap();
    let mut calls = 0;
    // It takes three seconds.
    let renewed = async {
        while sign_ins(&exchange) < 2 {
            call(&client).await.unwrap();
            calls += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), renewed)
        .await
        .unwrap();
    assert!(calls > 2, "every call renews it");
    // The token was replaced before it ended; a machine that stands still for long may miss that once.
    let refused = exchange
        .requests()
        .iter()
        .filter(|request| request.status() == Some(401))
        .count();
    assert!(refused <= 1, "{refused}");
}

#[tokio::test]
async fn second_401_is_returned_to_the_caller() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    call(&client).await.unwrap();
    let refuse = Fault::raw(
        StatusCode::UNAUTHORIZED,
        Default::default(),
        r#"{"message":"missing or malformed jwt"}"#,
    );
    exchange.inject(Injection::new(refuse).on(&LIST_POSITIONS).times(2));
    let before = exchange.requests().len();
    let error = call(&client).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    // Asked, signed in, asked again; and no more.
    assert_eq!(exchange.requests().len() - before, 3);
    call(&client).await.unwrap();
}

#[tokio::test]
async fn unauthorized_for_another_reason_keeps_the_token() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    call(&client).await.unwrap();
    for code in [
        "STARKNET_SIGNATURE_VERIFICATION_FAILED",
        "IP_NOT_ALLOWED",
        "GEO_IP_BLOCK",
    ] {
        let body = format!("{{\"error\":\"{code}\",\"message\":\"no\",\"data\":null}}");
        let refuse = Fault::raw(StatusCode::UNAUTHORIZED, Default::default(), body);
        exchange.inject(Injection::new(refuse).on(&LIST_POSITIONS));
        let before = exchange.requests().len();
        let error = call(&client).await.unwrap_err();
        assert_eq!(error.code().unwrap().as_str(), code);
        assert_eq!(exchange.requests().len() - before, 1, "{code}");
    }
    assert_eq!(sign_ins(&exchange), 1);
}

#[tokio::test]
async fn sessions_that_the_exchange_ends_are_replaced() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    for _ in 0..3 {
        call(&client).await.unwrap();
        exchange.revoke_sessions();
    }
    call(&client).await.unwrap();
    assert_eq!(sign_ins(&exchange), 4);
    // A token that was given as text cannot be replaced.
    let given = super::main_client(&exchange);
    exchange.revoke_sessions();
    assert_eq!(
        call(&given).await.unwrap_err().status(),
        Some(StatusCode::UNAUTHORIZED)
    );
}

#[tokio::test]
async fn clients_with_one_key_share_a_session_and_others_do_not() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange)).build_group().unwrap();
    let credentials =
        || Credentials::starknet(environment(&exchange), exchange.main_key(), account(&exchange));
    let one = group.client(credentials()).unwrap();
    let two = group.client(credentials()).unwrap();
    call(&one).await.unwrap();
    call(&two).await.unwrap();
    assert_eq!(sign_ins(&exchange), 1);
    let other = group.client(credentials().authorize_isolated_markets()).unwrap();
    call(&other).await.unwrap();
    let retail = group.client(credentials().interactive()).unwrap();
    call(&retail).await.unwrap();
    assert_eq!(sign_ins(&exchange), 3);
    let queries: Vec<String> = exchange
        .requests()
        .iter()
        .filter(|request| request.path() == "/v1/auth")
        .map(|request| request.query().to_owned())
        .collect();
    assert_eq!(queries, ["", "", "token_usage=interactive"]);
    let isolated = exchange
        .requests()
        .iter()
        .filter(|request| request.header("paradex-authorize-isolated-markets") == Some("true"))
        .count();
    assert_eq!(isolated, 1);
}

#[tokio::test]
async fn wrong_clock_is_corrected() {
    for ahead in [true, false] {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let off = Duration::from_secs(600);
        if ahead {
            exchange.rewind(off);
        } else {
            exchange.advance(off);
        }
        let client = main_client(&exchange);
        call(&client).await.unwrap();
        let offset = client.group().clock_offset().unwrap();
        assert_eq!(offset.ahead, ahead);
        assert!(offset.by.abs_diff(off) < Duration::from_secs(5), "{offset:?}");
        // The clock moves while the session lives: the exchange refuses a time, and once is enough.
        exchange.revoke_sessions();
        exchange.advance(Duration::from_secs(200));
        call(&client).await.unwrap();
    }
}

#[tokio::test]
async fn clock_wrong_by_hours_is_not_followed() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    exchange.advance(Duration::from_secs(7_200));
    let client = main_client(&exchange);
    let error = client.group().measure_clock().await.unwrap_err();
    assert!(error.to_string().contains("15 min apart"), "{error}");
    let error = call(&client).await.unwrap_err();
    let SignInError::Clock(cause) = sign_in_error(&error) else {
        panic!("{error:?}")
    };
    assert!(cause.to_string().contains("set this machine's clock"), "{cause}");
}

#[tokio::test]
async fn failing_sign_in_backs_off_and_says_why() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let stranger = StarknetPrivateKey::from_hex("0x999").unwrap();
    let client = client(&exchange, |environment| {
        Credentials::starknet(environment, stranger, account(&exchange))
    });
    for _ in 0..50 {
        let error = call(&client).await.unwrap_err();
        let SignInError::Refused(cause) = sign_in_error(&error) else {
            panic!("{error:?}")
        };
        assert_eq!(
            cause.code().unwrap().as_str(),
            "STARKNET_SIGNATURE_VERIFICATION_FAILED"
        );
        assert!(!error.is_retryable());
    }
    assert_eq!(sign_ins(&exchange), 1, "fifty calls made no stampede");
}

#[tokio::test]
async fn sign_in_is_retried_after_a_short_outage() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    let away = Fault::html(StatusCode::BAD_GATEWAY);
    exchange.inject(Injection::new(away).on(&AUTH).times(2));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        callers.spawn(async move { call(&client).await });
    }
    while let Some(ended) = callers.join_next().await {
        ended.unwrap().unwrap();
    }
    assert_eq!(sign_ins(&exchange), 3, "one attempt at a time, for all callers");
}

#[tokio::test]
async fn caller_whose_deadline_ends_before_the_next_sign_in_gets_the_last_failure_at_once() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&AUTH));
    // The shortest wait between two attempts is longer.
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_millis(400)));
    for _ in 0..20 {
        let error = call(&hasty).await.unwrap_err();
        assert!(
            matches!(sign_in_error(&error), SignInError::Refused(_)),
            "{error:?}"
        );
        assert!(error.is_retryable(), "{error:?}");
    }
    assert_eq!(sign_ins(&exchange), 1);
    call(&client).await.unwrap();
    assert_eq!(sign_ins(&exchange), 2);
}

#[tokio::test]
async fn wait_for_the_next_sign_in_ends_when_its_cause_is_gone_or_trading_is_halted() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange).with_options(CallOptions::new().deadline(Duration::from_secs(600)));
    let limited = Fault::rate_limited(Duration::from_secs(59));
    exchange.inject(Injection::new(limited).on(&AUTH));
    let reading = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    let placing = tokio::spawn({
        let client = client.clone();
        let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
        async move { client.orders().place(order).await }
    });
    while sign_ins(&exchange) == 0 {
        tokio::task::yield_now().await;
    }
    drop(client.halt());
    let error = placing.await.unwrap().unwrap_err();
    let halted = matches!(&error, PlaceOrderError::NotPlaced(Error::Withheld(_)));
    assert!(halted, "{error:?}");
    // It asks anew at once, for everybody.
    client.sign_in().await.unwrap();
    reading.await.unwrap().unwrap();
    assert_eq!(sign_ins(&exchange), 2);
}

#[tokio::test]
async fn failed_renewal_is_hidden_while_the_old_token_is_valid() {
    let exchange = Simulator::builder()
        .strict()
        .session_lifetime(Duration::from_secs(5))
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    call(&client).await.unwrap();
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&AUTH));
    // It fails after three seconds, and is tried again a second later.
    let renewed = async {
        while sign_ins(&exchange) < 3 {
            call(&client).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), renewed)
        .await
        .unwrap();
}

/// Signs what it is asked to, but for one purpose; and counts.
struct Picky {
    key: StarknetPrivateKey,
    never: Purpose,
    asked: Arc<AtomicUsize>,
}

impl StarknetSigner for Picky {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!request.fields.is_empty());
            if request.purpose == self.never {
                return Err(SignerError::refused(format!("never for: {}", request.purpose)));
            }
            Ok(self.key.sign(&request.hash)?)
        })
    }
}

#[tokio::test]
async fn external_signer_sees_what_it_signs_and_can_refuse() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let picky = |never| Picky {
        key: exchange.main_key(),
        never,
        asked: Arc::clone(&asked),
    };
    let allowed = client(&exchange, |environment| {
        Credentials::starknet(environment, picky(Purpose::Order), account(&exchange))
    });
    call(&allowed).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let refused = client(&exchange, |environment| {
        Credentials::starknet(environment, picky(Purpose::SignIn), account(&exchange))
    });
    let error = call(&refused).await.unwrap_err();
    let SignInError::Signer(cause) = sign_in_error(&error) else {
        panic!("{error:?}")
    };
    assert!(cause.is_refusal() && !error.is_retryable());
    assert_eq!(sign_ins(&exchange), 1);
}

#[tokio::test]
async fn foreign_host_gets_no_signature_for_the_production_chain() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let signer = Picky {
        key: exchange.main_key(),
        never: Purpose::Order,
        asked: Arc::clone(&asked),
    };
    let hostile =
        Fault::edit_response(|answer| answer["starknet_chain_id"] = json!("PRIVATE_SN_PARACLEAR_MAINNET"));
    exchange.inject(Injection::new(hostile).on(&GET_SYSTEM_CONFIG).times(10));
    let client = client(&exchange, |environment| {
        Credentials::starknet(environment, signer, account(&exchange))
    });
    let error = call(&client).await.unwrap_err();
    let SignInError::ChainIdMismatch(chain) = sign_in_error(&error) else {
        panic!("{error:?}")
    };
    assert_eq!(chain.chain_id, "PRIVATE_SN_PARACLEAR_MAINNET");
    assert_eq!((asked.load(Ordering::SeqCst), sign_ins(&exchange)), (0, 0));

    // And the other way round: who says production signs for its chain alone.
    let environment = Environment::production_proxy(exchange.url()).unwrap();
    let proxied = |exchange: &Simulator| {
        Client::builder(environment.clone())
            .trust_host("127.0.0.1")
            .unwrap()
            .credentials(Credentials::starknet(
                Environment::Production,
                exchange.main_key(),
                account(exchange),
            ))
            .build()
            .unwrap()
    };
    // The fault answers the chain of production, and so this one signs (and the simulator refuses).
    let error = call(&proxied(&exchange)).await.unwrap_err();
    assert!(
        matches!(sign_in_error(&error), SignInError::Refused(_)),
        "{error:?}"
    );
    let honest = Simulator::builder().strict().start().await.unwrap();
    let client = Client::builder(Environment::production_proxy(honest.url()).unwrap())
        .trust_host("127.0.0.1")
        .unwrap()
        .credentials(Credentials::starknet(
            Environment::Production,
            honest.main_key(),
            account(&honest),
        ))
        .build()
        .unwrap();
    let error = call(&client).await.unwrap_err();
    assert!(
        matches!(sign_in_error(&error), SignInError::ChainIdMismatch(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn token_of_another_account_is_not_used() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let other = exchange.account_session(&exchange.add_account()).unwrap();
    let token = other.expose().to_owned();
    let swapped = Fault::edit_response(move |answer| answer["jwt_token"] = json!(token));
    exchange.inject(Injection::new(swapped).on(&AUTH));
    let client = main_client(&exchange);
    let error = call(&client).await.unwrap_err();
    assert!(
        matches!(sign_in_error(&error), SignInError::AccountMismatch(_)),
        "{error:?}"
    );
    let used = exchange
        .requests()
        .iter()
        .any(|request| request.header("authorization").is_some());
    assert!(!used);
}

#[tokio::test]
async fn cancelled_caller_does_not_cancel_the_shared_sign_in() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    exchange.inject(Injection::new(Fault::delay_after(Duration::from_millis(300))).on(&AUTH));
    let hasty = tokio::time::timeout(Duration::from_millis(50), call(&client));
    let (hasty, patient) = tokio::join!(hasty, call(&client));
    assert!(hasty.is_err());
    patient.unwrap();
    assert_eq!(sign_ins(&exchange), 1);
}

#[tokio::test]
async fn hanging_sign_in_ends_with_the_call() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let credentials = Credentials::starknet(environment(&exchange), exchange.main_key(), account(&exchange));
    let client = Client::builder(environment(&exchange))
        .credentials(credentials)
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    exchange.inject(
        Injection::new(Fault::delay_after(Duration::from_secs(60)))
            .on(&AUTH)
            .times(100),
    );
    let error = call(&client).await.unwrap_err();
    assert!(!error.is_outcome_unknown(), "{error:?}");
    let operations = [&GET_SYSTEM_CONFIG, &GET_SYSTEM_TIME, &AUTH];
    let cases = operations.map(|operation| async move {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let slow = Fault::delay_after(Duration::from_secs(60));
        exchange.inject(Injection::new(slow).on(operation).times(100));
        let client =
            main_client(&exchange).with_options(CallOptions::new().deadline(Duration::from_millis(500)));
        let start = Instant::now();
        let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
        client.orders().place(order).await.unwrap_err();
        client.sign_in().await.unwrap_err();
        call(&client).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(30), "{operation}");
    });
    futures_util::future::join_all(cases).await;
}

/// Does not come back the first time, and signs from then on.
struct Stuck(StarknetPrivateKey, AtomicUsize);

impl StarknetSigner for Stuck {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        let first = self.1.fetch_add(1, Ordering::SeqCst) == 0;
        Box::pin(async move {
            if first {
                std::future::pending::<()>().await;
            }
            Ok(self.0.sign(&request.hash)?)
        })
    }
}

#[tokio::test]
async fn signer_that_hangs_once_is_asked_again() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let credentials = Credentials::starknet(
        environment(&exchange),
        Stuck(exchange.main_key(), AtomicUsize::new(0)),
        account(&exchange),
    );
    let client = Client::builder(environment(&exchange))
        .credentials(credentials)
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    let error = call(&client).await.unwrap_err();
    assert!(!error.is_outcome_unknown(), "{error:?}");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    call(&client).await.unwrap();
}

/// Panics, as somebody's code may.
struct Broken(StarknetPrivateKey, Arc<AtomicUsize>);

impl StarknetSigner for Broken {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn sign<'a>(&'a self, _: &'a SignRequest) -> SignFuture<'a, Signature> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { panic!("the module is not there") })
    }
}

#[tokio::test]
async fn panicking_signer_fails_the_call_and_is_not_retried_in_a_loop() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let client = client(&exchange, |environment| {
        let broken = Broken(exchange.main_key(), Arc::clone(&asked));
        Credentials::starknet(environment, broken, account(&exchange))
    });
    for _ in 0..50 {
        let error = call(&client).await.unwrap_err();
        assert!(
            matches!(sign_in_error(&error), SignInError::Interrupted),
            "{error:?}"
        );
    }
    assert!(asked.load(Ordering::SeqCst) <= 2);
    // A signer that works takes its place at once.
    let whole = Credentials::starknet(environment(&exchange), exchange.main_key(), account(&exchange));
    client.replace_credentials(whole).unwrap();
    call(&client).await.unwrap();
}

#[tokio::test]
async fn signer_is_called_by_its_own_client_only() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let group = Client::builder(environment(&exchange)).build_group().unwrap();
    let whole = Credentials::starknet(environment(&exchange), exchange.main_key(), account(&exchange));
    let whole = group.client(whole).unwrap();
    call(&whole).await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let picky = Picky {
        key: exchange.main_key(),
        never: Purpose::Order,
        asked: Arc::clone(&asked),
    };
    let picky = Credentials::starknet(environment(&exchange), picky, account(&exchange));
    let restricted = group.client(picky).unwrap();
    call(&restricted).await.unwrap();
    assert_eq!(sign_ins(&exchange), 1, "they share the token");
    let order = || NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    let error = restricted.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::NotSigned(_)), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    whole.orders().place(order()).await.unwrap();
}

#[tokio::test]
async fn rejected_fresh_token_is_not_fetched_over_and_over() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange).with_options(CallOptions::new().deadline(Duration::from_millis(400)));
    let body = r#"{"error":"UNAUTHORIZED_ERROR","message":"no","data":null}"#;
    let refuse = Fault::raw(StatusCode::UNAUTHORIZED, Default::default(), body);
    exchange.inject(Injection::new(refuse).on(&LIST_POSITIONS).times(1_000));
    for _ in 0..100 {
        call(&client).await.unwrap_err();
    }
    assert!(sign_ins(&exchange) < 10, "{}", sign_ins(&exchange));
}

#[test]
fn ended_runtime_does_not_break_calls_of_another() {
    let outer = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let exchange = outer.block_on(Simulator::builder().strict().start()).unwrap();
    for _ in 0..10 {
        let client = main_client(&exchange);
        let inner = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        for _ in 0..8 {
            let client = client.clone();
            inner.spawn(async move { client.sign_in().await });
        }
        drop(inner);
        // Whatever was interrupted, the client works on another runtime.
        outer.block_on(async {
            client.sign_in().await.unwrap();
            call(&client).await.unwrap();
        });
    }
}

#[tokio::test]
async fn retry_after_of_a_day_is_not_followed() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&exchange);
    let fault = Fault::rate_limited(Duration::from_secs(86_400));
    exchange.inject(Injection::new(fault).on(&AUTH));
    // The second one does not ask again.
    for _ in 0..2 {
        let error = call(&client).await.unwrap_err();
        let SignInError::Refused(cause) = sign_in_error(&error) else {
            panic!("{error:?}")
        };
        assert_eq!(cause.class(), Some(ErrorClass::RateLimit), "{error:?}");
        assert_eq!(sign_ins(&exchange), 1);
    }
    // Whoever asks for it is not held up.
    client.sign_in().await.unwrap();
    call(&client).await.unwrap();
}

/// Answers one token after the other.
struct Rotating(Simulator, Arc<AtomicUsize>);

impl CredentialProvider for Rotating {
    fn credentials(&self) -> CredentialFuture<'_> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(Credentials::bearer(environment(&self.0), self.0.main_session())?) })
    }
}

#[tokio::test]
async fn provider_is_called_when_a_token_is_needed() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let client = Client::builder(environment(&exchange))
        .credential_provider(Rotating(exchange.clone(), Arc::clone(&asked)))
        .build()
        .unwrap();
    assert_eq!(client.session_kind(), None);
    for _ in 0..3 {
        call(&client).await.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // A token that died is asked for anew, once.
    exchange.revoke_sessions();
    call(&client).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    client.reload_credentials().await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn credentials_can_be_replaced_while_calls_are_under_way() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let old = super::main_client(&exchange);
    let other = exchange.add_account();
    let fresh =
        Credentials::bearer(environment(&exchange), exchange.account_session(&other).unwrap()).unwrap();
    exchange.inject(Injection::new(Fault::delay_after(Duration::from_millis(200))).on(&LIST_POSITIONS));
    let replaced = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        old.replace_credentials(fresh.clone()).unwrap();
        call(&old.clone()).await.unwrap();
    };
    let (slow, ()) = tokio::join!(call(&old), replaced);
    slow.unwrap();
    assert_eq!(old.credentials().unwrap().id(), fresh.id());
    let foreign = Credentials::bearer(Environment::Testnet, "t").unwrap();
    let error = old.replace_credentials(foreign).unwrap_err();
    assert!(error.to_string().contains("is never sent to"), "{error}");
    assert_eq!(old.credentials().unwrap().id(), fresh.id());
}

#[tokio::test]
async fn ethereum_key_onboards_its_account_signs_in_and_registers_a_subkey() {
    let exchange = Simulator::builder()
        .strict()
        .require_subkey_signature()
        .start()
        .await
        .unwrap();
    let wallet = EthereumPrivateKey::from_hex("0x1234").unwrap();
    let client = client(&exchange, |environment| {
        Credentials::ethereum(environment, wallet)
    });
    let error = call(&client).await.unwrap_err();
    let SignInError::Refused(cause) = sign_in_error(&error) else {
        panic!("{error:?}")
    };
    assert_eq!(cause.code().unwrap().as_str(), "NOT_ONBOARDED");
    let account = client
        .onboard(Onboarding::new().referral_code("friend"))
        .await
        .unwrap();
    // The refusal from before is forgotten with it.
    call(&client).await.unwrap();
    assert_eq!(client.session_kind(), Some(SessionKind::MainAccount));

    let subkey = StarknetPrivateKey::from_hex("0x1234567").unwrap();
    let new = NewSubkey::new("bot", subkey.public_key().to_string(), IpAllowlist::Unrestricted).unwrap();
    client.subkeys().register(new).await.unwrap();
    let bot = super::client_with(&exchange, |environment| {
        Credentials::subkey(environment, subkey, account)
    });
    call(&bot).await.unwrap();
    // Orders are signed by the subkey; the Ethereum key signs none.
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    let error = client.orders().place(order.clone()).await.unwrap_err();
    assert!(
        matches!(&error, PlaceOrderError::Invalid(error) if error.field() == "credentials"),
        "{error:?}"
    );
    bot.orders().place(order).await.unwrap();
}

#[tokio::test]
async fn starknet_key_onboards_its_account() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let key = StarknetPrivateKey::from_hex("0x777").unwrap();
    let client = client(&exchange, |environment| {
        Credentials::starknet_derived(environment, key)
    });
    let owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".parse().unwrap();
    let error = client.onboard(Onboarding::new()).await.unwrap_err();
    assert!(
        matches!(error, Error::Configuration(_)),
        "it needs its owner: {error:?}"
    );
    let account = client
        .onboard(Onboarding::new().ethereum_account(owner))
        .await
        .unwrap();
    call(&client).await.unwrap();
    let again = client
        .onboard(Onboarding::new().ethereum_account(owner))
        .await
        .unwrap_err();
    assert!(again.code().is_some(), "{again:?}");
    assert!(!account.to_string().is_empty());
    let given = super::main_client(&exchange);
    assert!(matches!(
        given.onboard(Onboarding::new()).await.unwrap_err(),
        Error::Configuration(_)
    ));
}

#[tokio::test]
async fn chain_id_that_resembles_another_is_refused() {
    for disguise in [
        "\0PRIVATE_SN_PARACLEAR_MAINNET",
        "\0\0PRIVATE_SN_PARACLEAR_MAINNET",
        "",
        "\u{7f}",
        "PRIVATÉ",
    ] {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let hostile = Fault::edit_response(move |answer| answer["starknet_chain_id"] = json!(disguise));
        exchange.inject(Injection::new(hostile).on(&GET_SYSTEM_CONFIG).times(10));
        let asked = Arc::new(AtomicUsize::new(0));
        let signer = Picky {
            key: exchange.main_key(),
            never: Purpose::Order,
            asked: Arc::clone(&asked),
        };
        let client = client(&exchange, |environment| {
            Credentials::starknet(environment, signer, account(&exchange))
        });
        let error = call(&client).await.unwrap_err();
        assert!(
            matches!(sign_in_error(&error), SignInError::ChainIdMismatch(_)),
            "{disguise:?}: {error:?}"
        );
        assert_eq!(asked.load(Ordering::SeqCst), 0, "{disguise:?}");
    }
}

/// Has nothing, and says so slowly.
struct Empty(Arc<AtomicUsize>);

impl CredentialProvider for Empty {
    fn credentials(&self) -> CredentialFuture<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err("the vault is sealed".into())
        })
    }
}

#[tokio::test]
async fn failing_provider_is_not_called_by_each_waiter_in_turn() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let client = Client::builder(environment(&exchange))
        .credential_provider(Empty(Arc::clone(&asked)))
        .build()
        .unwrap();
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await.unwrap_err().to_string() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().contains("provider"));
    }
    assert!(
        asked.load(Ordering::SeqCst) < 10,
        "{}",
        asked.load(Ordering::SeqCst)
    );
}

#[tokio::test(start_paused = true)]
async fn sign_in_is_repeated_if_the_clock_could_not_be_measured() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    exchange.advance(Duration::from_secs(600));
    let unavailable = Injection::new(Fault::html(StatusCode::SERVICE_UNAVAILABLE));
    // Both measurements of the first sign-in fail: before it, and after the timestamp was refused.
    let unavailable = unavailable.on(&GET_SYSTEM_TIME).times(2);
    exchange.inject(unavailable);
    let client = Client::builder(environment(&exchange))
        .credentials(main_key(&exchange))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.sign_in().await.unwrap();
    assert_eq!(sign_ins(&exchange), 2);
}
