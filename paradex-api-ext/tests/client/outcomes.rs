//! What is known after every kind of response to a change: by the errors, the audit and the halt gate.

use std::collections::BTreeSet;
use std::time::Duration;

use paradex_api::operations::{
    CANCEL_ALL_ORDERS, CANCEL_ORDER, CREATE_ALGO_ORDER, CREATE_ORDER, CREATE_ORDERS_BATCH, CREATE_TOKEN,
    CREATE_XP_TRANSFER, MODIFY_ORDER, REGISTER_SUBKEY, REVOKE_TOKEN, UPDATE_TOKEN_ALLOWED_CIDRS,
};
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use paradex_api::types::{CreateXpTransferRequest, UpdateAllowedCidrsRequest};
use paradex_api::{Operation, operations};
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
use paradex_api_ext::error::{CreateTokenError, PlaceOrderError, RegisterSubkeyError, RevokeError};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{NewAlgoOrder, NewOrder, OrderSide};
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Error, RetryPolicy};
use tokio::sync::mpsc;

use super::{HOUR, count, trader};

/// What the audit is told, as words.
struct Told(mpsc::UnboundedSender<&'static str>);

impl AuditSink for Told {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let _ = self.0.send(entry.event.as_str());
        Box::pin(std::future::ready(Ok(())))
    }
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into())
}

fn client(exchange: &Simulator, audit: mpsc::UnboundedSender<&'static str>) -> Client {
    trader(exchange)
        .retry(RetryPolicy::none())
        .audit(Told(audit))
        .build()
        .unwrap()
}

/// What a caller learns of a change.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Learned {
    Done,
    Refused,
    Unknown,
}

impl From<Result<(), Error>> for Learned {
    fn from(outcome: Result<(), Error>) -> Self {
        match outcome {
            Ok(()) => Self::Done,
            Err(error) if error.is_outcome_unknown() => {
                assert!(!error.is_retryable(), "{error:?}");
                Self::Unknown
            }
            Err(_) => Self::Refused,
        }
    }
}

fn placed<T>(outcome: Result<T, PlaceOrderError>) -> Learned {
    match outcome {
        Ok(_) => Learned::Done,
        Err(error) => {
            let unknown = matches!(
                error,
                PlaceOrderError::OutcomeUnknown(_) | PlaceOrderError::NotUnderstood(_)
            );
            assert_eq!(error.is_not_placed(), !unknown);
            assert_eq!(error.window().is_some(), unknown);
            match unknown {
                true => Learned::Unknown,
                false => Learned::Refused,
            }
        }
    }
}

/// Makes one change.
async fn change(client: &Client, operation: &'static Operation, order_id: &str) -> Learned {
    let api = client.api();
    let raw = |outcome: Result<(), paradex_api::Error>| Learned::from(outcome.map_err(Error::from));
    let is = |other: &'static Operation| std::ptr::eq(operation, other);
    match operation {
        _ if is(&CREATE_ORDER) => placed(client.orders().place(order()).await),
        _ if is(&CREATE_ORDERS_BATCH) => placed(client.orders().place_batch(vec![order()]).await),
        _ if is(&CREATE_ALGO_ORDER) => {
            let twap = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 1.into(), Duration::from_secs(60));
            placed(client.orders().place_algo(twap).await)
        }
        _ if is(&MODIFY_ORDER) => placed(client.orders().modify(order_id, order()).await),
        _ if is(&CANCEL_ORDER) => raw(api.cancel_order().order_id(order_id).send().await.map(drop)),
        _ if is(&CANCEL_ALL_ORDERS) => raw(api.cancel_all_orders().send().await.map(drop)),
        _ if is(&CREATE_TOKEN) => {
            let token = NewToken::new("desk", "api_key", HOUR, IpAllowlist::Unrestricted).unwrap();
            match client.tokens().create(token).await {
                Ok(_) => Learned::Done,
                Err(CreateTokenError::OutcomeUnknown(_) | CreateTokenError::NotUnderstood(_)) => {
                    Learned::Unknown
                }
                Err(_) => Learned::Refused,
            }
        }
        _ if is(&REGISTER_SUBKEY) => {
            let key = StarknetPrivateKey::from_hex("0x1234567").unwrap().public_key();
            let subkey = NewSubkey::new("bot", key.to_string(), IpAllowlist::Unrestricted).unwrap();
            match client.subkeys().register(subkey).await {
                Ok(()) => Learned::Done,
                Err(RegisterSubkeyError::OutcomeUnknown(_)) => Learned::Unknown,
                Err(_) => Learned::Refused,
            }
        }
        _ if is(&REVOKE_TOKEN) => match client.tokens().revoke("nobody").await {
            Ok(()) => Learned::Done,
            Err(RevokeError::OutcomeUnknown(_) | RevokeError::NotUnderstood(_)) => Learned::Unknown,
            Err(_) => Learned::Refused,
        },
        _ if is(&UPDATE_TOKEN_ALLOWED_CIDRS) => {
            let call = api.update_token_allowed_cidrs().lookup_id("nobody");
            let request = UpdateAllowedCidrsRequest::new(Vec::new());
            raw(call.body(request).send().await.map(drop))
        }
        _ if is(&CREATE_XP_TRANSFER) => {
            let request = CreateXpTransferRequest::new(1, "0x1");
            raw(api.create_xp_transfer().body(request).send().await.map(drop))
        }
        _ => panic!("{operation} is not in this table"),
    }
}

/// A success that names what each of the operations makes.
const NAMED: &str =
    r#"{"id":"1","orders":[{"id":"1"}],"token":"t","lookup_id":"nobody","transfer":{"id":"1"}}"#;

const BODIES: [&str; 10] = [
    "",
    "<html>",
    "garbage",
    "{}",
    "[]",
    r#"{"message":"missing or malformed jwt"}"#,
    r#"{"error":"Not Found","message":"no route"}"#,
    r#"{"error":"SOME_CODE","message":"m"}"#,
    NAMED,
    r#"{"id":"1","token":"t""#,
];

const STATUSES: [u16; 17] = [
    101, 200, 201, 204, 301, 302, 304, 307, 400, 401, 403, 404, 408, 409, 429, 500, 599,
];

/// The rule, written once more: what settles a change.
fn expected(operation: &'static Operation, status: u16, body: &str) -> Learned {
    // These have no body, but keep the type of content, and a page of HTML does not come from the exchange.
    let body = match status {
        204 if body == "<html>" => body,
        101 | 204 | 304 => "",
        _ => body,
    };
    let declares_no_body = [&CANCEL_ORDER, &CANCEL_ALL_ORDERS, &REGISTER_SUBKEY].contains(&operation);
    match status {
        200..=299 if declares_no_body => match body {
            "" | "{}" | "[]" | NAMED | r#"{"message":"missing or malformed jwt"}"# => Learned::Done,
            _ => Learned::Unknown,
        },
        200..=299 if body == NAMED => Learned::Done,
        429 => Learned::Refused,
        400..=499 if status != 408 && body.contains("SOME_CODE") => Learned::Refused,
        _ => Learned::Unknown,
    }
}

async fn every_response_to(operation: &'static Operation) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let (audit, mut told) = mpsc::unbounded_channel();
    let mut trader = client(&exchange, audit.clone());
    let id = trader.orders().place(order()).await.unwrap().id.unwrap();
    let mut wrong = BTreeSet::new();
    for status in STATUSES {
        for body in BODIES {
            // A token that is refused is not used again, and a 429 closes a bucket.
            if matches!(status, 401 | 429) {
                trader = client(&exchange, audit.clone());
            }
            trader.sign_in().await.unwrap();
            while told.try_recv().is_ok() {}
            let before = count(&exchange, operation);
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, "/elsewhere".parse().unwrap());
            let kind = if body == "<html>" {
                "text/html"
            } else {
                "application/json"
            };
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            let fault = Fault::raw_after(StatusCode::from_u16(status).unwrap(), headers, body);
            exchange.inject(Injection::new(fault).on(operation));
            let learned = change(&trader, operation, &id).await;
            let case = format!("{operation}: {status} {body}");
            assert_eq!(told.recv().await, Some("intent"), "{case}");
            let audited = told.recv().await.unwrap();
            let expected = expected(operation, status, body);
            let word = match expected {
                Learned::Done => "done",
                Learned::Refused => "refused",
                Learned::Unknown => "unknown",
            };
            let sent = count(&exchange, operation) - before;
            if (learned, audited, sent) != (expected, word, 1) {
                wrong.insert(format!(
                    "{case}: {learned:?}, audit {audited}, sent {sent}; expected {expected:?}"
                ));
            }
            exchange.clear_injections();
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{wrong:#?}", wrong.len());
}

macro_rules! every_response {
    ($($name:ident($operation:expr))*) => {$(
        #[tokio::test]
        async fn $name() {
            every_response_to(&$operation).await;
        }
    )*};
}

every_response! {
    order_is_settled_by_conclusive_responses_only(CREATE_ORDER)
    batch_is_settled_by_conclusive_responses_only(CREATE_ORDERS_BATCH)
    algo_order_is_settled_by_conclusive_responses_only(CREATE_ALGO_ORDER)
    modification_is_settled_by_conclusive_responses_only(MODIFY_ORDER)
    cancel_is_settled_by_conclusive_responses_only(CANCEL_ORDER)
    mass_cancel_is_settled_by_conclusive_responses_only(CANCEL_ALL_ORDERS)
    token_creation_is_settled_by_conclusive_responses_only(CREATE_TOKEN)
    revocation_is_settled_by_conclusive_responses_only(REVOKE_TOKEN)
    subkey_registration_is_settled_by_conclusive_responses_only(REGISTER_SUBKEY)
    allowlist_write_is_settled_by_conclusive_responses_only(UPDATE_TOKEN_ALLOWED_CIDRS)
    transfer_is_settled_by_conclusive_responses_only(CREATE_XP_TRANSFER)
}

#[tokio::test]
async fn halt_is_not_clear_after_an_order_without_a_conclusive_response() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    for (status, body, unanswered) in [
        (101, "", 1),
        (302, "", 1),
        (307, r#"{"error":"SOME_CODE"}"#, 1),
        (200, "{}", 1),
        (201, "garbage", 1),
        (404, r#"{"message":"m"}"#, 1),
        (400, r#"{"error":"SOME_CODE"}"#, 0),
        (429, "", 0),
        (201, r#"{"id":"1"}"#, 0),
    ] {
        let client = trader(&exchange)
            .timeout(Duration::from_millis(400))
            .build()
            .unwrap();
        client.sign_in().await.unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        let fault = Fault::raw_after(status, HeaderMap::new(), body);
        exchange.inject(Injection::new(fault).on(&CREATE_ORDER));
        let _ = client.orders().place(order()).await;
        let report = client.halt().await;
        let [account] = report.accounts() else {
            panic!("{report}")
        };
        assert_eq!(account.unresolved_calls, unanswered, "{status} {body}: {report}");
        assert_eq!(report.is_clear(), unanswered == 0, "{status} {body}: {report}");
        exchange.clear_injections();
    }
}

#[tokio::test]
async fn allowlist_is_read_back_after_a_response_that_does_not_settle_the_write() {
    let (exchange, client) = super::start().await;
    let created = super::create(&client, "desk", IpAllowlist::Unrestricted).await;
    for (index, (status, body)) in [
        (302, ""),
        (101, ""),
        (200, "{}"),
        (200, "garbage"),
        (200, r#"{"lookup_id":"other"}"#),
        (404, r#"{"message":"m"}"#),
        (500, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let status = StatusCode::from_u16(status).unwrap();
        let fault = Fault::raw_after(status, HeaderMap::new(), body);
        exchange.inject(Injection::new(fault).on(&UPDATE_TOKEN_ALLOWED_CIDRS));
        let wanted = super::list(&[&format!("203.0.113.{index}/32")]);
        let reads = count(&exchange, &operations::LIST_TOKENS);
        let set = client
            .tokens()
            .allowlist(created.lookup_id())
            .set(wanted.clone())
            .await;
        let set = set.unwrap_or_else(|error| panic!("{status} {body}: {error:?}"));
        assert!(set.same_networks(&wanted), "{status} {body}");
        assert_eq!(
            count(&exchange, &operations::LIST_TOKENS),
            reads + 1,
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn order_after_a_dead_token_is_repeated_only_if_a_code_says_so() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let (audit, _told) = mpsc::unbounded_channel();
    let client = client(&exchange, audit);
    client.orders().place(order()).await.unwrap();
    let unauthorized = |body| Fault::raw(StatusCode::UNAUTHORIZED, HeaderMap::new(), body);
    // The token is refused by code: the order was not looked at, and is placed with a new one.
    exchange.inject(Injection::new(unauthorized(r#"{"error":"INVALID_TOKEN"}"#)).on(&CREATE_ORDER));
    client.orders().place(order()).await.unwrap();
    assert_eq!(count(&exchange, &CREATE_ORDER), 3);
    // By a message alone: it is not repeated, and the next order gets a new token.
    let sign_ins = count(&exchange, &operations::AUTH);
    exchange.revoke_sessions();
    let error = client.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(count(&exchange, &CREATE_ORDER), 4);
    client.orders().place(order()).await.unwrap();
    assert_eq!(count(&exchange, &operations::AUTH), sign_ins + 1);
    assert_eq!(exchange.orders(&exchange.main_account()).len(), 3);
}
