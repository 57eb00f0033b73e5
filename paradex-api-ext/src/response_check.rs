//! What a response of success must show, so that a change counts as made: valid JSON that names what was made.
//!
//! The raw client decodes after the transport has returned. The transport looks at the body of each change first, so that
//! the audit and the halt gate know what the caller will be told.

use std::borrow::Cow;
use std::fmt;

use paradex_api::reqwest::Url;
use paradex_api::{Bytes, Operation, operations};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::kind::signs_in;
use crate::subkeys::same_key;

/// What the response of an operation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Nothing: the document declares no body. One that arrives is JSON.
    Nothing,
    /// An object, whose fields may all be absent.
    Object,
    /// One of these fields: a text that is not empty, an object, or a list with an element.
    Field(&'static [&'static str]),
    /// What the path of the request names, in a field of the same name.
    Named(&'static str),
}

/// What each change shows. A change that is not here shows an object. Sessions are not here: signing in twice does no harm,
/// and a missing token has an error of its own.
const TABLE: &[(&Operation, Shows)] = &[
    (&operations::CANCEL_ALGO_ORDER, Shows::Nothing),
    (&operations::CANCEL_ALL_ORDERS, Shows::Nothing),
    (&operations::CANCEL_ORDER, Shows::Nothing),
    (&operations::CANCEL_ORDER_BY_CLIENT_ID, Shows::Nothing),
    (&operations::CANCEL_ORDERS_BATCH, Shows::Field(&["results"])),
    (&operations::CANCEL_RFQ, Shows::Field(&["request_id"])),
    (&operations::CREATE_ALGO_ORDER, Shows::Field(&["id"])),
    (&operations::CREATE_BLOCK_OFFER, Shows::Field(&["block_id"])),
    (&operations::CREATE_BLOCK_TRADE, Shows::Field(&["block_id"])),
    (&operations::CREATE_ORDER, Shows::Field(&["id"])),
    (
        &operations::CREATE_ORDERS_BATCH,
        Shows::Field(&["orders", "errors"]),
    ),
    (&operations::CREATE_RFQ, Shows::Field(&["request_id"])),
    (&operations::CREATE_RFQ_DRAFT, Shows::Field(&["id"])),
    (&operations::CREATE_TERMINAL_TOKEN, Shows::Field(&["jwt_token"])),
    (&operations::CREATE_TOKEN, Shows::Field(&["token"])),
    (&operations::CREATE_VAULT, Shows::Field(&["address"])),
    (&operations::CREATE_XP_TRANSFER, Shows::Field(&["transfer"])),
    (&operations::DELETE_RFQ_DRAFT, Shows::Nothing),
    (&operations::EXECUTE_BLOCK_OFFER, Shows::Field(&["block_id"])),
    (&operations::EXECUTE_BLOCK_TRADE, Shows::Field(&["block_id"])),
    (&operations::EXECUTE_RFQ, Shows::Field(&["request_id"])),
    (&operations::MODIFY_ORDER, Shows::Field(&["id"])),
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

/// The largest body that is looked at. The largest response of a change is that of a batch of 50 orders, which takes some
/// tens of kilobytes; the check runs on the task of the caller.
const LARGEST: usize = 1 << 20;

/// Whether the body of a success shows the change; if not, what is wrong with it.
pub(crate) fn check(
    operation: &'static Operation,
    url: Option<&Url>,
    body: &Bytes,
) -> Result<(), &'static str> {
    if operation.is_read() || signs_in(operation) {
        return Ok(());
    }
    const NO_JSON: &str = "its body is not JSON";
    let shows = shows(operation);
    if shows == Shows::Nothing && body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    if body.len() > LARGEST {
        return Err("its body is larger than 1 MiB, which no response of a change is");
    }
    let text = std::str::from_utf8(body).map_err(|_| NO_JSON)?;
    let (fields, named) = match shows {
        Shows::Field(fields) => (fields, None),
        Shows::Named(ref field) => (std::slice::from_ref(field), Some(*field)),
        Shows::Nothing | Shows::Object => (&[][..], None),
    };
    let mut from = serde_json::Deserializer::from_str(text);
    let found = from.deserialize_any(Body { fields }).map_err(|_| NO_JSON)?;
    from.end().map_err(|_| NO_JSON)?;
    if found.has_error {
        return Err("its body is an error");
    }
    let is_named = || match (named, &found.text) {
        (None, _) => found.is_shown,
        (Some(_), None) => false,
        (Some(field), Some(text)) => match url.and_then(|url| path_value(operation, url, field)) {
            Some(meant) if field == "public_key" => same_key(text, &meant),
            Some(meant) => *text == meant,
            None => true,
        },
    };
    match shows {
        Shows::Nothing => Ok(()),
        _ if !found.is_object => Err("its body is no JSON object"),
        Shows::Object => Ok(()),
        Shows::Field(_) | Shows::Named(_) => match is_named() {
            true => Ok(()),
            false => Err("its body does not name what was asked for"),
        },
    }
}

/// The value of a path parameter in an address. A base address can have a path of its own, so places count from the end.
fn path_value(operation: &Operation, url: &Url, name: &str) -> Option<String> {
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

/// Reads a body and keeps what matters. Everything else is passed over without being kept, however large it is.
struct Body<'a> {
    fields: &'a [&'static str],
}

#[derive(Default)]
struct Found {
    is_object: bool,
    /// Whether one of the fields is there.
    is_shown: bool,
    /// The last text among the fields.
    text: Option<String>,
    /// Whether there is an error code.
    has_error: bool,
}

impl<'de> Visitor<'de> for Body<'_> {
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
            if self.fields.contains(&&*name) {
                let held = map.next_value::<Held>()?;
                found.is_shown |= held.is_something();
                found.text = match held {
                    Held::Text(text) if !text.is_empty() => Some(text),
                    _ => None,
                };
            } else if name == "error" {
                found.has_error = map.next_value::<Held>()?.is_something();
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

/// What a field holds.
enum Held {
    Text(String),
    /// A list with an element, or an object.
    Something,
    Nothing,
}

impl Held {
    fn is_something(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Something => true,
            Self::Nothing => false,
        }
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Value;

        impl<'de> Visitor<'de> for Value {
            type Value = Held;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_str<E>(self, text: &str) -> Result<Held, E> {
                Ok(Held::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Held::Something)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Held, A::Error> {
                let mut held = Held::Nothing;
                while let Some(element) = list.next_element::<Option<IgnoredAny>>()? {
                    if element.is_some() {
                        held = Held::Something;
                    }
                }
                Ok(held)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Held, E> {
                Ok(Held::Nothing)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Held, E> {
                Ok(Held::Nothing)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Held, E> {
                Ok(Held::Nothing)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Held, E> {
                Ok(Held::Nothing)
            }

            fn visit_unit<E>(self) -> Result<Held, E> {
                Ok(Held::Nothing)
            }
        }

        from.deserialize_any(Value)
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::Url;
    use paradex_api::{Bytes, Operation, operations};
    use proptest::prelude::*;

    use super::{Shows, TABLE, check, shows, signs_in};

    fn passes(operation: &'static Operation, path: &str, body: &str) -> bool {
        let url = Url::parse(&format!("https://proxy.example/base{path}")).unwrap();
        check(operation, Some(&url), &Bytes::copy_from_slice(body.as_bytes())).is_ok()
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
    fn change_of_a_named_thing_must_name_that_thing() {
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

    /// The table, held against the document: whatever is new has to be decided.
    #[test]
    fn each_change_shows_what_the_document_declares() {
        for (operation, _) in TABLE {
            assert!(!operation.is_read(), "{operation}");
        }
        let objects: Vec<&str> = operations::ALL
            .iter()
            .filter(|operation| !operation.is_read() && !signs_in(operation))
            .filter(|operation| shows(operation) == Shows::Object)
            .map(|operation| operation.id)
            .collect();
        // Settings and profiles, which name nothing, a map, and a key that is there or not.
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
            "a change that is new shows something: decide in `TABLE`"
        );
    }

    proptest! {
        #[test]
        fn no_body_makes_the_check_panic(body: Vec<u8>, path in "(/[a-z%0-9]{0,5}){0,6}") {
            let url = Url::parse(&format!("https://exchange.example{path}")).unwrap();
            for operation in operations::ALL {
                let _ = check(operation, Some(&url), &Bytes::from(body.clone()));
            }
        }
    }
}
