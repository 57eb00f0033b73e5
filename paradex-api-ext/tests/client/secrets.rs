//! No secret is in any text that this crate makes.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use paradex_api_ext::auth::KeySigner;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::signing::{EthereumPrivateKey, Felt, SignOptions, SigningRoute, StarknetPrivateKey};
use paradex_api_ext::simulator::{Fault, Injection};
use paradex_api_ext::subkeys::{Activation, NewSubkey};
use paradex_api_ext::{Client, Credentials, Environment};

use super::{create, list, start};

const CANARY: &str = "canary";

#[track_caller]
fn silent(value: &dyn Debug) {
    let shown = format!("{value:?} {value:#?}");
    assert!(!shown.contains(CANARY), "{shown}");
}

/// An error with all its causes.
#[track_caller]
fn silent_error(error: &dyn std::error::Error, secret: &str) {
    let mut next = Some(error);
    while let Some(error) = next {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(CANARY) && !shown.contains(secret), "{shown}");
        next = error.source();
    }
}

/// Types that hold a secret or can lead to one. Each is shown by a test of this file or of those it names.
const HOLDS_SECRETS: &[&str] = &[
    "AccountStream",
    "AccountStreamBuilder",
    "Activation",
    "Allowlist",
    "ApiError",
    "ApplyPlan",
    "AuthenticationError",
    "ChangeError",
    "ChangeOutcome",
    "ChangeReport",
    "ChangeResolution",
    "Cleanup",
    "Client",
    "ClientBuilder",
    "Config",
    "ConfirmedChange",
    "CreatedToken",
    "Credentials",
    "DecodeError",
    "Error",
    "EthereumPrivateKey",
    "EthereumSignature",
    "Fault",
    "Fleet",
    "HaltReport",
    "HaltedAccount",
    "Injection",
    "Items",
    "KeySigner",
    "Liquidity",
    "ListSubkeys",
    "ListTokens",
    "LoggedRequest",
    "NewSubkey",
    "Orders",
    "TaskError",
    "TokenAllowlistMismatch",
    "Pages",
    "AllowlistPlanBuilder",
    "Resolution",
    "PreparedChange",
    "RollBackReason",
    "Profile",
    "RotationError",
    "RotationProblem",
    "Rotator",
    "SecretSource",
    "ClientGroup",
    "MarketStream",
    "SignInError",
    "SignOptions",
    "Signature",
    "SignerError",
    "Simulator",
    "SimulatorBuilder",
    "StarknetPrivateKey",
    "Subkeys",
    "Tokens",
    "TransportError",
    "UnconfirmedOrder",
    "OutcomeUnknown",
    "AllowlistError",
    "CreateTokenError",
    "PlaceOrderError",
    "Refused",
    "RegisterSubkeyError",
    "RevokeError",
    // `tests/probe/refusals.rs` shows them with credentials that the server repeats.
    "Probe",
    "ProbeError",
];

/// Types that hold none.
const HOLDS_NONE: &[&str] = &[
    "CancelOnDisconnect",
    "OrderSocket",
    "OrderSocketBuilder",
    "OrderSocketError",
    "OrderSocketEvent",
    "OrderSocketEvents",
    "WhenDown",
    "Bbo",
    "BookChange",
    "BookComparison",
    "BookDifference",
    "BookFeed",
    "BookSide",
    "BookUpdate",
    "BookView",
    "Connection",
    "Outage",
    "Feed",
    "Lag",
    "Level",
    "Live",
    "LossCause",
    "Lost",
    "Market",
    "Markets",
    "StreamError",
    "StreamOptions",
    "Trade",
    "Update",
    "AccountAddress",
    "AccountCursor",
    "AccountUpdate",
    "AlgoOrder",
    "AllowlistDiff",
    "AllowlistPlan",
    "AllowlistPolicy",
    "AllowlistWarning",
    "ApiToken",
    "ApplyError",
    "ApplyOutcome",
    "ApplyReport",
    "ApplyRow",
    "Audit",
    "AuditRow",
    "AuditEntry",
    "AuditEvent",
    "AuditLog",
    "AuthRequest",
    "BlockTrade",
    "BlockTradeOffer",
    "BlockTradeOrder",
    "Blocking",
    "BlockingIter",
    "CallOptions",
    "CancelScope",
    "ChangeWarning",
    "ConcurrentChange",
    "ResponseLimits",
    "Cidr",
    "CidrError",
    "CidrErrorKind",
    "CidrSet",
    "ClockOffset",
    "Collected",
    "ConfigError",
    "ConfigurationError",
    "CustomUrl",
    "EditError",
    "EmptyCidrSet",
    "Environment",
    "ErrorClass",
    "EthereumAddress",
    "EthereumSignRequest",
    "Expiry",
    "Family",
    "Felt",
    "Finding",
    "FleetMember",
    "FleetPlan",
    "FleetSnapshot",
    "FolderSink",
    "Force",
    "ChainIdMismatch",
    "InvalidEntries",
    "InvalidEntry",
    "InvalidInput",
    "InvalidLog",
    "InvalidMarkets",
    "InvalidPriceScript",
    "IpAllowlist",
    "LimitKind",
    "MarketSpec",
    "KnownEgress",
    "WouldLockOut",
    "MessageHash",
    "MessagePrefix",
    "Modification",
    "ModificationOutcome",
    "ModifyOrder",
    "NewAlgoOrder",
    "NewOrder",
    "NewToken",
    "NotFound",
    "Onboarding",
    "OpenOrders",
    "OpenTo",
    "Order",
    "OrderBookSnapshot",
    "OrderSnapshot",
    "OrderWindow",
    "AccountMismatch",
    "Page",
    "Phase",
    "PlanRow",
    "PlanState",
    "PolicyError",
    "ProfileKind",
    "PublicKey",
    "Purpose",
    "RateLimit",
    "RateLimits",
    "Reconciliation",
    "Redundancy",
    "RetryPolicy",
    "RotationSpec",
    "RotationState",
    "RotationStep",
    "Scaled",
    "SelfReference",
    "Observed",
    "SessionKind",
    "SessionSnapshot",
    "Side",
    "SiweMessage",
    "SiwePurpose",
    "SignRequest",
    "SigningError",
    "SigningErrorKind",
    "SigningRoute",
    "SkipReason",
    "AllowlistSnapshot",
    "SubkeyStatus",
    "StarknetAccountClasses",
    "StartError",
    "Status",
    "StoredAllowlist",
    "AllowlistMismatch",
    "Subkey",
    "SubkeyActivation",
    "SubkeyRegistration",
    "SubkeySnapshot",
    "Target",
    "TimeUnit",
    "TokenInfo",
    "TokenSnapshot",
    "TooManyEntries",
    "Trade",
    "UnknownAllowlist",
    "UnreadableAllowlist",
    "UnreadableEntry",
    "Unresolved",
    "Withheld",
    "WithheldReason",
    "Answer",
    "AnswerKind",
    "Asking",
    "Assumptions",
    "Choice",
    "Claim",
    "InvalidAssumptions",
    "Leftovers",
    "Listing",
    "LockError",
    "Needs",
    "PlannedTopic",
    "ProbeOutcome",
    "ProbePlan",
    "ProbeReport",
    "ProbeStop",
    "ProcessLock",
    "Question",
    "Refusal",
    "SkippedQuestion",
    "Topic",
    "EventFate",
    "EventKind",
    "EventOrder",
    "FirstMessage",
    "PlainConnections",
    "PrivateEncoding",
    "SecondAuth",
    "SharedBbo",
    "SocketEnd",
    "SocketEvent",
    "SocketSnapshot",
    "StreamOptions",
    "UnmatchedTick",
    "VersionTwoLayout",
    "AuthOfNarrowedToken",
    "BatchParameters",
    "CleanClose",
    "DisconnectScope",
    "InjectionHits",
    "InjectionTarget",
    "OrderRefusalCode",
    "SocketOfNarrowedToken",
    "SocketOfRevokedSubkey",
    "SocketOfRevokedToken",
];

#[test]
fn public_types_are_listed_as_holding_a_secret_or_none() {
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let rest = ["pub struct ", "pub enum "]
                    .iter()
                    .find_map(|start| line.strip_prefix(start));
                // The answers of a question, in a macro.
                let answers = line.trim_start().strip_prefix("pub ");
                let rest = rest.or(answers.filter(|rest| rest.contains(" in \"")));
                let name = rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap());
                found.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
            }
        }
    }
    found.sort();
    let mut known: Vec<&str> = HOLDS_SECRETS.iter().chain(HOLDS_NONE).copied().collect();
    known.sort_unstable();
    assert_eq!(
        found, known,
        "a new type belongs into one of the lists above, and one that holds secrets into a test"
    );
}

#[test]
fn keys_show_nothing_wherever_they_are() {
    // In hexadecimal, in decimal, and as bytes.
    const KEY: &str = "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
    let digits = &KEY[2..];
    let number = Felt::from_hex(KEY).unwrap().to_decimal();
    let bytes = format!("{:?}", Felt::from_hex(KEY).unwrap().to_bytes());
    let silent = |value: &dyn Debug| {
        let shown = format!("{value:?} {value:#?}").to_lowercase();
        for form in [digits, &number, bytes.trim_matches(['[', ']'])] {
            assert!(!shown.contains(form), "{shown}");
        }
    };
    let starknet = || StarknetPrivateKey::from_hex(KEY).unwrap();
    let ethereum = || EthereumPrivateKey::from_hex(KEY).unwrap();
    silent(&starknet());
    silent(&ethereum());
    silent(&KeySigner::with_route(starknet(), SigningRoute::Library));
    silent(&SignOptions::new().entropy(Felt::from_hex(KEY).unwrap().to_bytes()));
    let account = "0x1234".parse().unwrap();
    for credentials in [
        Credentials::starknet(Environment::Testnet, starknet(), account),
        Credentials::starknet_derived(Environment::Testnet, starknet()),
        Credentials::subkey(Environment::Testnet, starknet(), account),
        Credentials::ethereum(Environment::Testnet, ethereum()),
    ] {
        silent(&credentials);
        let builder = Client::builder(Environment::Testnet).credentials(credentials);
        silent(&builder);
        let client = builder.build().unwrap();
        silent(&client);
        silent(&client.group());
        silent(&client.tokens());
        silent(&client.tokens().list());
        silent(&client.tokens().allowlist("x"));
        silent(&client.tokens().plan_allowlist("x", IpAllowlist::Unrestricted));
        silent(&client.subkeys());
        silent(&client.subkeys().list());
        silent(&client.orders());
        silent(&client.account_stream());
        silent(&client.account_stream().start());
        silent(&client.api().list_fills().pages());
        silent(&client.api().list_fills().items());
    }
    // What cannot be a key is not shown either: it is nearly one.
    for wrong in [
        format!("{KEY}zz"),
        KEY[2..].to_owned(),
        format!("0x{}", "f".repeat(64)),
        format!("{KEY}{digits}"),
    ] {
        for error in [
            StarknetPrivateKey::from_hex(wrong.clone()).err().unwrap(),
            EthereumPrivateKey::from_hex(wrong.clone()).err().unwrap(),
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(&digits[..8]), "{shown}");
        }
    }
    // A panic prints what is formatted, and no more.
    let panic =
        std::panic::catch_unwind(|| panic!("{:?}", StarknetPrivateKey::from_hex(KEY).unwrap())).unwrap_err();
    silent(&panic.downcast_ref::<String>().unwrap());
}

#[tokio::test]
async fn signatures_are_sent_and_never_shown() {
    let (exchange, _) = start().await;
    let account = exchange.main_account().parse().unwrap();
    let client = super::client_with(&exchange, |environment| {
        Credentials::starknet(environment, exchange.main_key(), account)
    });
    let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, 1.into());
    client.orders().place(order.clone()).await.unwrap();
    let sent: Vec<String> = exchange
        .requests()
        .iter()
        .filter_map(|request| serde_json::from_slice::<serde_json::Value>(request.body()).ok())
        .filter_map(|body| Some(body.get("signature")?.as_str()?.to_owned()))
        .collect();
    assert_eq!(sent.len(), 1);
    let part = sent[0].split('"').nth(1).unwrap().to_owned();
    exchange.inject(Injection::new(Fault::reset_after()).on(&paradex_api::operations::CREATE_ORDER));
    let error = client.orders().place(order).await.unwrap_err();
    silent_error(&error, &part);
    let log = format!("{:?} {exchange:?}", exchange.requests());
    assert!(!log.contains(&part), "{log}");
}

#[test]
fn values_that_hold_a_secret_do_not_show_it() {
    let now = SystemTime::now();
    silent(&Credentials::bearer(Environment::Testnet, CANARY).unwrap());
    let subkey = NewSubkey::new("bot", "0x1", IpAllowlist::Unrestricted).unwrap();
    let starknet = subkey
        .clone()
        .starknet_signature(CANARY, CANARY, now, now + Duration::from_secs(60))
        .unwrap();
    silent(&starknet);
    silent(&subkey.clone().ethereum_signature(CANARY, CANARY));
    silent(&subkey.pending(CANARY, "0x1").unwrap());
    silent(&Activation::new("0x1", "0x2", CANARY, CANARY, now).unwrap());
}

#[tokio::test]
async fn text_of_a_new_token_is_exposed_and_never_shown() {
    let (exchange, client) = start().await;
    let created = create(&client, "desk", list(&["203.0.113.0/24"])).await;
    let text = created.secret().expose().to_owned();
    for shown in [
        format!("{created:?}"),
        format!("{:?}", created.info()),
        format!("{}", created.info().unwrap()),
        format!("{:?}", client.tokens().list().send().await.unwrap()),
        format!("{exchange:?}"),
        format!("{:?}", exchange.requests()),
    ] {
        assert!(!shown.contains(&text), "{shown}");
    }
    // It refuses to be written by accident.
    assert!(serde_json::to_string(created.secret()).is_err());
}

#[tokio::test]
async fn errors_of_calls_that_send_or_return_secrets_show_none() {
    let (exchange, client) = start().await;
    let session = client.clone();
    let text = exchange.main_session().expose().to_owned();
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(paradex_api::reqwest::StatusCode::BAD_GATEWAY),
        Fault::edit_response(|answer| *answer = serde_json::json!({"token": ["canary"], "canary": "canary"})),
        Fault::raw(
            paradex_api::reqwest::StatusCode::OK,
            Default::default(),
            "canary canary",
        ),
        Fault::raw(
            paradex_api::reqwest::StatusCode::BAD_REQUEST,
            Default::default(),
            "canary canary",
        ),
    ] {
        exchange.inject(Injection::new(fault).on(&paradex_api::operations::CREATE_TOKEN));
        let new =
            paradex_api_ext::tokens::NewToken::new("desk", "api_key", super::HOUR, IpAllowlist::Unrestricted);
        let error = session.tokens().create(new.unwrap()).await.unwrap_err();
        silent_error(&error, &text);
    }
}
