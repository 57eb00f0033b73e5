//! Checks that a success response shows the change: valid JSON that names what was made. Otherwise the change does not count as
//! made.
//!
//! The raw client decodes a response after the pipeline has returned it. The pipeline checks the body of each change before, so
//! that the audit and the halt gate record the outcome that the caller gets.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use paradex_api::reqwest::{Body as RequestBody, Request, Url};
use paradex_api::{Bytes, Operation, operations};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::pipeline::operation_class::signs_in;
use crate::signing::key_text::same_key;

/// What the success response of an operation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Nothing: the document declares no body. If a body arrives, it is JSON.
    Nothing,
    /// An object, whose fields may all be absent.
    Object,
    /// A text in this field, which is not empty.
    Text(&'static str),
    /// An object in this field.
    Inner(&'static str),
    /// Lists that together have an entry for each order of the request.
    Lists(&'static [List]),
    /// The id in the path of the request, in a field of the same name.
    Named(&'static str),
}

/// A list of a response. It may be absent or null, and all its elements are objects: the raw client drops the whole list if one
/// element is something else.
#[derive(Debug, PartialEq, Eq)]
struct List {
    field: &'static str,
    /// Whether each element has an `id`.
    ids: bool,
}

/// What the response of each change shows. A change that is not listed shows an object. Sign-ins are not listed: signing in twice
/// does no harm, and a missing token has an error of its own.
const TABLE: &[(&Operation, Shows)] = &[
    (&operations::CANCEL_ALGO_ORDER, Shows::Nothing),
    (&operations::CANCEL_ALL_ORDERS, Shows::Nothing),
    (&operations::CANCEL_ORDER, Shows::Nothing),
    (&operations::CANCEL_ORDER_BY_CLIENT_ID, Shows::Nothing),
    (
        &operations::CANCEL_ORDERS_BATCH,
        Shows::Lists(&[List {
            field: "results",
            ids: false,
        }]),
    ),
    (&operations::CANCEL_RFQ, Shows::Text("request_id")),
    (&operations::CREATE_ALGO_ORDER, Shows::Text("id")),
    (&operations::CREATE_BLOCK_OFFER, Shows::Text("block_id")),
    (&operations::CREATE_BLOCK_TRADE, Shows::Text("block_id")),
    (&operations::CREATE_ORDER, Shows::Text("id")),
    (
        &operations::CREATE_ORDERS_BATCH,
        Shows::Lists(&[
            List {
                field: "orders",
                ids: true,
            },
            List {
                field: "errors",
                ids: false,
            },
        ]),
    ),
    (&operations::CREATE_RFQ, Shows::Text("request_id")),
    (&operations::CREATE_RFQ_DRAFT, Shows::Text("id")),
    (&operations::CREATE_TERMINAL_TOKEN, Shows::Text("jwt_token")),
    (&operations::CREATE_TOKEN, Shows::Text("token")),
    (&operations::CREATE_VAULT, Shows::Text("address")),
    (&operations::CREATE_XP_TRANSFER, Shows::Inner("transfer")),
    (&operations::DELETE_RFQ_DRAFT, Shows::Nothing),
    (&operations::EXECUTE_BLOCK_OFFER, Shows::Text("block_id")),
    (&operations::EXECUTE_BLOCK_TRADE, Shows::Text("block_id")),
    (&operations::EXECUTE_RFQ, Shows::Text("request_id")),
    (&operations::MODIFY_ORDER, Shows::Text("id")),
    (&operations::RECORD_COMPLIANCE_ACTION, Shows::Nothing),
    (&operations::REGISTER_SUBKEY, Shows::Nothing),
    (&operations::REVOKE_SUBKEY, Shows::Named("public_key")),
    (&operations::REVOKE_TOKEN, Shows::Named("lookup_id")),
    (&operations::UPDATE_SUBKEY, Shows::Named("public_key")),
    (
        &operations::UPDATE_SUBKEY_ALLOWED_CIDRS,
        Shows::Named("public_key"),
    ),
    (&operations::UPDATE_TOKEN_ALLOWED_CIDRS, Shows::Named("lookup_id")),
];

fn shows(operation: &'static Operation) -> Shows {
    let mut rows = TABLE.iter();
    rows.find(|(known, _)| std::ptr::eq(*known, operation))
        .map_or(Shows::Object, |(_, shows)| *shows)
}

/// The largest body that is checked, in bytes. The largest response of a change, to a batch of 50 orders, has some tens of
/// kilobytes. The check runs on the task of the caller.
const LARGEST: usize = 1 << 20;

/// Checks that the body of a success shows the change. The error says what is wrong with the body.
pub(crate) fn check(
    operation: &'static Operation,
    request: Option<&Request>,
    body: &Bytes,
) -> Result<(), &'static str> {
    if operation.is_read() || signs_in(operation) {
        return Ok(());
    }
    const NO_JSON: &str = "its body is not JSON";
    const NOT_NAMED: &str = "its body does not name what was asked for";
    let shows = shows(operation);
    if shows == Shows::Nothing && body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    if body.len() > LARGEST {
        return Err("its body is larger than 1 MiB, which no response of a change is");
    }
    let text = std::str::from_utf8(body).map_err(|_| NO_JSON)?;
    let mut from = serde_json::Deserializer::from_str(text);
    let found = from.deserialize_any(Body { shows }).map_err(|_| NO_JSON)?;
    from.end().map_err(|_| NO_JSON)?;
    if found.has_error {
        return Err("its body is an error");
    }
    if shows == Shows::Nothing {
        return Ok(());
    }
    if !found.is_object {
        return Err("its body is no JSON object");
    }
    let is_named = match shows {
        Shows::Nothing | Shows::Object => true,
        Shows::Text(field) => found.text(field).is_some(),
        Shows::Inner(field) => matches!(found.field(field), Some(FieldValue::Object { .. })),
        Shows::Named(field) => found
            .text(field)
            .is_some_and(|text| names(operation, request, field, text)),
        Shows::Lists(lists) => {
            let entries = found.entries(lists).ok_or(NOT_NAMED)?;
            if !accounts_for_all(operation, request, entries) {
                return Err("its body does not have an entry for each order of the request");
            }
            entries > 0
        }
    };
    if is_named { Ok(()) } else { Err(NOT_NAMED) }
}

/// Whether a text is the id in the path of the request.
fn names(operation: &Operation, request: Option<&Request>, field: &str, text: &str) -> bool {
    match request.and_then(|request| path_value(operation, request.url(), field)) {
        Some(meant) if field == "public_key" => same_key(text, &meant),
        Some(meant) => *text == meant,
        None => true,
    }
}

/// Whether there is an entry for each order of the request. A request that cannot be read is for the exchange to judge.
fn accounts_for_all(operation: &'static Operation, request: Option<&Request>, entries: usize) -> bool {
    let Some(request) = request else { return true };
    if std::ptr::eq(operation, &operations::CREATE_ORDERS_BATCH) {
        let orders = sent::<Vec<IgnoredAny>>(request);
        return orders.is_none_or(|orders| orders.len() == entries);
    }
    BatchCancel::from_request(request).is_none_or(|batch| batch.orders() <= entries)
}

/// The body of a request, if it can be read.
fn sent<'a, T: Deserialize<'a>>(request: &'a Request) -> Option<T> {
    let body = request.body().and_then(RequestBody::as_bytes)?;
    serde_json::from_slice(body).ok()
}

/// The orders that a batch of cancels names.
#[derive(Deserialize)]
pub(crate) struct BatchCancel {
    order_ids: Option<HashSet<String>>,
    client_order_ids: Option<HashSet<String>>,
}

impl BatchCancel {
    /// `None` if the request cannot be read.
    pub(crate) fn from_request(request: &Request) -> Option<Self> {
        sent(request)
    }

    /// The least number of orders that it names: an order can be named more than once, and by both ids.
    pub(crate) fn orders(&self) -> usize {
        let lists = [&self.order_ids, &self.client_order_ids];
        lists.into_iter().flatten().map(HashSet::len).max().unwrap_or(0)
    }
}

/// The value of a path parameter in a URL. The base URL can have a path of its own, so segments are counted from the end.
pub(super) fn path_value(operation: &Operation, url: &Url, name: &str) -> Option<String> {
    let is_it =
        |segment: &str| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) == Some(name);
    let place = operation.path.rsplit('/').position(is_it)?;
    decoded(url.path().rsplit('/').nth(place)?)
}

/// A path segment without its percent-encoding.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| {
                    char::from(byte)
                        .to_digit(16)
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                high * 16 + low
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Reads a body and keeps the fields that matter. It skips all others, however large, without keeping them.
struct Body {
    shows: Shows,
}

impl Body {
    /// The name of the field, if the field matters.
    fn wanted(&self, name: &str) -> Option<&'static str> {
        match self.shows {
            Shows::Nothing | Shows::Object => None,
            Shows::Text(field) | Shows::Inner(field) | Shows::Named(field) => {
                Some(field).filter(|field| *field == name)
            }
            Shows::Lists(lists) => lists.iter().map(|list| list.field).find(|field| *field == name),
        }
    }
}

#[derive(Default)]
struct Found {
    is_object: bool,
    /// The fields that matter. If a JSON key is duplicated, the last one wins, as in the raw client.
    fields: Vec<(&'static str, FieldValue)>,
    /// Whether there is an error code.
    has_error: bool,
}

impl Found {
    fn keep(&mut self, name: &'static str, value: FieldValue) {
        self.fields.retain(|(field, _)| *field != name);
        self.fields.push((name, value));
    }

    fn field(&self, name: &str) -> Option<&FieldValue> {
        let mut fields = self.fields.iter();
        fields.find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<&str> {
        match self.field(name) {
            Some(FieldValue::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The number of elements of these lists; `None` if one of the lists is invalid.
    fn entries(&self, lists: &[List]) -> Option<usize> {
        let mut entries = 0_usize;
        for list in lists {
            match self.field(list.field) {
                None | Some(FieldValue::Null) => {}
                Some(&FieldValue::List { len, objects, ids })
                    if objects == len && (!list.ids || ids == len) =>
                {
                    entries = entries.checked_add(len)?;
                }
                Some(_) => return None,
            }
        }
        Some(entries)
    }
}

impl<'de> Visitor<'de> for Body {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let mut found = Found {
            is_object: true,
            ..Found::default()
        };
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if let Some(field) = self.wanted(&name) {
                found.keep(field, map.next_value()?);
            } else if name == "error" {
                found.has_error = map.next_value::<FieldValue>()?.is_something();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Found::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::default())
    }
}

/// The value of a field.
enum FieldValue {
    Text(String),
    Object {
        /// Whether it has a text that is not empty in its field `id`.
        has_id: bool,
    },
    List {
        len: usize,
        objects: usize,
        /// How many of its objects have an id.
        ids: usize,
    },
    Null,
    /// A number or a boolean.
    Other,
}

impl FieldValue {
    fn is_something(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Object { .. } => true,
            Self::List { len, .. } => *len > 0,
            Self::Null | Self::Other => false,
        }
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Value;

        impl<'de> Visitor<'de> for Value {
            type Value = FieldValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_str<E>(self, text: &str) -> Result<FieldValue, E> {
                Ok(FieldValue::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldValue, A::Error> {
                let mut has_id = false;
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    if name == "id" {
                        has_id = matches!(map.next_value()?, FieldValue::Text(id) if !id.is_empty());
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(FieldValue::Object { has_id })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FieldValue, A::Error> {
                let (mut len, mut objects, mut ids) = (0, 0, 0);
                while let Some(element) = list.next_element()? {
                    len += 1;
                    if let FieldValue::Object { has_id } = element {
                        objects += 1;
                        ids += usize::from(has_id);
                    }
                }
                Ok(FieldValue::List { len, objects, ids })
            }

            fn visit_bool<E>(self, _: bool) -> Result<FieldValue, E> {
                Ok(FieldValue::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<FieldValue, E> {
                Ok(FieldValue::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<FieldValue, E> {
                Ok(FieldValue::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<FieldValue, E> {
                Ok(FieldValue::Other)
            }

            fn visit_unit<E>(self) -> Result<FieldValue, E> {
                Ok(FieldValue::Null)
            }
        }

        from.deserialize_any(Value)
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::{Method, Request, Url};
    use paradex_api::{Bytes, Operation, operations};
    use proptest::prelude::*;

    use super::{Shows, TABLE, check, shows, signs_in};

    fn passes(operation: &'static Operation, path: &str, body: &str) -> bool {
        let url = Url::parse(&format!("https://proxy.example/base{path}")).unwrap();
        let request = Request::new(Method::POST, url);
        check(
            operation,
            Some(&request),
            &Bytes::copy_from_slice(body.as_bytes()),
        )
        .is_ok()
    }

    #[test]
    fn order_response_must_name_an_order() {
        for (body, named) in [
            (r#"{"id":"1"}"#, true),
            (r#"{"status":"NEW","id":"1","more":[[[]]]}"#, true),
            ("{}", false),
            (r#"{"id":""}"#, false),
            (r#"{"id":null}"#, false),
            (r#"{"id":1}"#, false),
            (r#"{"id":{}}"#, false),
            (r#"{"id":["1"]}"#, false),
            (r#"{"id":"1","id":null}"#, false),
            (r#"{"id":"1","error":"SOME_CODE"}"#, false),
            (r#"{"id":"1","error":""}"#, true),
            (r#"{"id":"1"} x"#, false),
            (r#"{"id":"1""#, false),
            (r#"[{"id":"1"}]"#, false),
            (r#""id""#, false),
            ("", false),
            ("<html>", false),
        ] {
            assert_eq!(
                passes(&operations::CREATE_ORDER, "/v1/orders", body),
                named,
                "{body}"
            );
        }
        let batch = |body| passes(&operations::CREATE_ORDERS_BATCH, "/v1/orders/batch", body);
        assert!(batch(r#"{"orders":[{"id":"1"}],"errors":null}"#) && batch(r#"{"orders":[],"errors":[{}]}"#));
        assert!(!batch(r#"{"orders":[],"errors":[]}"#) && !batch(r#"{"orders":[null]}"#) && !batch("{}"));
    }

    #[test]
    fn change_by_id_must_name_that_id() {
        let token = |body| passes(&operations::REVOKE_TOKEN, "/v1/account/tokens/a%2Fb", body);
        assert!(token(r#"{"lookup_id":"a/b"}"#));
        assert!(!token(r#"{"lookup_id":"other"}"#) && !token("{}"));
        let list = |body| {
            let path = "/v1/account/keys/subkeys/0xAB/allowed-cidrs";
            passes(&operations::UPDATE_SUBKEY_ALLOWED_CIDRS, path, body)
        };
        assert!(list(r#"{"public_key":"0x0ab","allowed_cidrs":[]}"#));
        assert!(!list(r#"{"public_key":"0xac"}"#) && !list("[]"));
    }

    #[test]
    fn operation_without_a_declared_body_takes_none_or_json() {
        let cancel = |body| passes(&operations::CANCEL_ALL_ORDERS, "/v1/orders", body);
        assert!(cancel("") && cancel(" \n") && cancel("null") && cancel("{}") && cancel(r#"["1"]"#));
        assert!(!cancel("OK") && !cancel("<html>") && !cancel(r#"{"error":"NOT_NOW"}"#));
    }

    #[test]
    fn reads_and_sign_ins_are_not_checked() {
        assert!(passes(&operations::LIST_MARKETS, "/v1/markets", "?"));
        assert!(passes(&operations::AUTH, "/v1/auth", "?"));
    }

    /// Whether somebody has looked at an operation. Until then its description is a placeholder, with which nothing is released.
    fn is_described(operation: &Operation) -> bool {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/descriptions.yaml");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let path = operation.path.trim_start_matches("/v1");
        let key = format!("\n  {} {path}:\n", operation.method.as_str());
        let summary = text.split(&key).nth(1).and_then(|rest| rest.lines().next());
        !summary.is_some_and(|summary| summary.contains("TODO(describe)"))
    }

    /// Compares the table with the document. A new operation has to be decided.
    #[test]
    fn each_change_shows_what_the_document_declares() {
        for (operation, _) in TABLE {
            assert!(!operation.is_read(), "{operation}");
        }
        let objects: Vec<&str> = operations::ALL
            .iter()
            .filter(|operation| !operation.is_read() && !signs_in(operation))
            .filter(|operation| shows(operation) == Shows::Object && is_described(operation))
            .map(|operation| operation.id)
            .collect();
        // Settings and profiles, which name nothing; a map; a key that is present or not.
        let expected = [
            "activate_subkey",
            "set_account_margin",
            "enable_rfq",
            "update_account_profile",
            "update_account_market_max_slippage",
            "update_account_notification_preferences",
            "mark_notifications_seen",
            "update_account_profile_referral_code",
            "refresh_account_inventory",
            "update_account_size_currency_display",
            "update_account_profile_username",
            "update_account_referrer",
            "update_account_trading_value_display",
            "cancel_block_trade",
            "cancel_block_offer",
        ];
        assert_eq!(
            objects, expected,
            "a new change: decide in `TABLE` what its response shows"
        );
    }

    proptest! {
        #[test]
        fn check_never_panics(body: Vec<u8>, path in "(/[a-z%0-9]{0,5}){0,6}") {
            let url = Url::parse(&format!("https://exchange.example{path}")).unwrap();
            let request = Request::new(Method::POST, url);
            for operation in operations::ALL {
                let _ = check(operation, Some(&request), &Bytes::from(body.clone()));
            }
        }
    }
}
