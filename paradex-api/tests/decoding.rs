//! JSON that the exchange has been observed to send and that strict types refuse.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use paradex_api::types::{
    ApiError, ApiToken, BlockTradeDetailFull, BlockTradeOrder, CreateTokenResponse, ErrorCode, FundingData,
    KlineList, Market, MarketList, Order, OrderRequest, OrderSide, OrderType, Position,
};
use paradex_api::{Decimal, Secret};
use serde_json::{Value, json};

/// Reads a value and writes it again.
fn round<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value) -> (T, Value) {
    let read: T = serde_json::from_value(value.clone()).unwrap();
    let written = serde_json::to_value(&read).unwrap();
    (read, written)
}

#[test]
fn empty_texts_where_decimals_belong_fail_nothing_and_come_back() {
    let sent = json!({"avg_fill_price": "", "client_id": "", "instruction": "", "price": "29518.50"});
    let (order, written) = round::<Order>(&sent);
    assert_eq!(order.avg_fill_price, None);
    assert_eq!(order.price.unwrap().to_string(), "29518.50");
    assert_eq!(order.undecoded().get("avg_fill_price"), Some(&json!("")));
    assert_eq!(written, sent);

    round::<FundingData>(&json!({"funding_rate_8h": ""}));
    round::<Position>(&json!({"liquidation_price": ""}));
}

#[test]
fn decimal_that_does_not_fit_is_kept_undecoded() {
    let sent = json!({"results": [
        {"symbol": "A", "price_tick_size": "0.0000000000000000000000000000001"},
        {"symbol": "B", "price_tick_size": "0.10"}]});
    let (markets, written) = round::<MarketList>(&sent);
    let [first, second] = markets.results.as_slice() else {
        panic!("two markets were sent")
    };
    assert_eq!(first.price_tick_size, None);
    assert!(first.undecoded().get("price_tick_size").is_some());
    assert_eq!(second.price_tick_size, Some(Decimal::new(10, 2)));
    assert!(second.undecoded().is_empty());
    assert_eq!(written, sent);
}

#[test]
fn numbers_and_texts_stand_in_for_each_other() {
    for sent in [
        json!({"open_at": 1_717_065_600_000_i64}),
        json!({"open_at": "1717065600000"}),
    ] {
        let market: Market = serde_json::from_value(sent).unwrap();
        assert_eq!(market.open_at, Some(1_717_065_600_000));
    }
    for sent in [json!({"max_open_orders": 50}), json!({"max_open_orders": "50"})] {
        let market: Market = serde_json::from_value(sent).unwrap();
        assert_eq!(market.max_open_orders, Some(50));
    }
    let order: Order = serde_json::from_value(json!({"size": 1.5, "price": 2})).unwrap();
    assert_eq!(order.size, Some(Decimal::new(15, 1)));
    assert_eq!(order.price, Some(Decimal::from(2)));
}

#[test]
fn unknown_enum_value_survives_a_round_trip() {
    let sent = json!({"side": "SIDEWAYS", "status": "OPEN"});
    let (order, written) = round::<Order>(&sent);
    let side = order.side.unwrap();
    assert!(!side.is_known());
    assert_eq!(side.as_str(), "SIDEWAYS");
    assert_eq!(written, sent);
    // The other ways to read one agree.
    assert_eq!("SIDEWAYS".parse::<OrderSide>().unwrap(), side);
    assert_eq!(
        serde_json::from_value::<OrderSide>(json!("SIDEWAYS")).unwrap(),
        side
    );
    assert_eq!("BUY".parse::<OrderSide>().unwrap(), OrderSide::Buy);
    for known in OrderSide::KNOWN {
        assert_eq!(&OrderSide::from(known.as_str()), known);
    }
}

#[test]
fn absent_null_and_empty_allowlists_are_three_things() {
    let absent: ApiToken = serde_json::from_value(json!({})).unwrap();
    let null: ApiToken = serde_json::from_value(json!({"allowed_cidrs": null})).unwrap();
    let empty: ApiToken = serde_json::from_value(json!({"allowed_cidrs": []})).unwrap();
    assert_eq!(absent.allowed_cidrs, None);
    assert!(absent.undecoded().is_empty());
    assert_eq!(null.allowed_cidrs, None);
    assert_eq!(null.undecoded().get("allowed_cidrs"), Some(&Value::Null));
    assert_eq!(empty.allowed_cidrs, Some(Vec::new()));
}

#[test]
fn lists_and_records_of_another_type_fail_nothing() {
    for odd in [
        json!(null),
        json!("none"),
        json!(7),
        json!({"a": [1]}),
        json!([1, {"b": null}]),
        json!([null]),
    ] {
        let sent = json!({"results": odd});
        let (markets, written) = round::<MarketList>(&sent);
        assert!(markets.results.is_empty());
        assert_eq!(written, sent);
    }
    let sent = json!({"results": []});
    assert_eq!(round::<MarketList>(&sent).1, sent);
    assert_eq!(round::<MarketList>(&json!({})).1, json!({}));
}

#[test]
fn mismatched_element_loses_no_other_element() {
    let sent = json!({"results": [{"symbol": "A"}, "odd", {"symbol": "B"}]});
    let (markets, written) = round::<MarketList>(&sent);
    assert!(markets.results.is_empty());
    assert_eq!(markets.undecoded().get("results"), Some(&sent["results"]));
    assert_eq!(written, sent);
}

#[test]
fn error_bodies_are_read_as_far_as_they_go() {
    let (error, _) = round::<ApiError>(&json!({"error": "NOT_ONBOARDED", "message": "m", "data": null}));
    assert_eq!(error.error, Some(ErrorCode::NotOnboarded));
    let (error, _) = round::<ApiError>(&json!({"message": "rate limit exceeded"}));
    assert_eq!(error.error, None);
    let (error, _) = round::<ApiError>(&json!({"error": "MMP_NOT_ENABLED"}));
    assert_eq!(error.error.unwrap().as_str(), "MMP_NOT_ENABLED");
    let (error, written) = round::<ApiError>(&json!({"error": 17, "message": {"a": 1}}));
    assert_eq!(error.error, None);
    assert_eq!(written, json!({"error": 17, "message": {"a": 1}}));
}

#[test]
fn rows_have_named_columns() {
    let sent = json!({"asks": [["29518.5", "0.250"]], "bids": [], "market": "BTC-USD-PERP"});
    let (book, written) = round::<paradex_api::types::AskBidArray>(&sent);
    assert_eq!(book.asks[0].size.to_string(), "0.250");
    assert_eq!(written, sent);
    let mismatch = json!({"asks": [["29518.5"]]});
    assert_eq!(round::<paradex_api::types::AskBidArray>(&mismatch).1, mismatch);

    let sent = json!({"results": [[1_700_000_000_000_i64, 1.5, 2, 0.5, 1.25, 10.75]]});
    let (klines, written) = round::<KlineList>(&sent);
    assert_eq!(klines.results[0].close, Decimal::new(125, 2));
    assert_eq!(written, sent);
}

#[test]
fn request_is_read_strictly() {
    let sent = json!({"instruction": "GTC", "market": "BTC-USD-PERP", "side": "BUY", "signature": "s",
                      "signature_timestamp": 1, "size": "1", "type": "LIMIT"});
    let order: OrderRequest = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(serde_json::to_value(&order).unwrap(), sent);
    for (field, value) in [
        ("price", json!("")),
        ("client_id", json!({})),
        ("size", json!(null)),
    ] {
        let mut wrong = sent.clone();
        wrong[field] = value;
        let error = serde_json::from_value::<OrderRequest>(wrong)
            .unwrap_err()
            .to_string();
        assert!(error.contains(field), "{error}");
    }
    let mut wrong = sent;
    wrong.as_object_mut().unwrap().remove("side");
    let error = serde_json::from_value::<OrderRequest>(wrong)
        .unwrap_err()
        .to_string();
    assert!(error.contains("`side`") && error.contains("missing"), "{error}");
}

#[test]
fn only_an_object_is_a_record() {
    for wrong in ["[]", "null", "3", "\"x\"", "{", "{\"a\":}"] {
        assert!(serde_json::from_str::<MarketList>(wrong).is_err(), "{wrong}");
    }
    // Deep nesting is refused and not a stack overflow.
    let deep = format!("{}{}", "{\"results\":".repeat(5_000), "1");
    assert!(serde_json::from_str::<MarketList>(&deep).is_err());
    let deep = "[".repeat(100_000);
    assert!(serde_json::from_str::<MarketList>(&format!("{{\"results\":{deep}")).is_err());
}

#[test]
fn secret_of_a_response_is_not_serialised_and_one_of_a_request_is() {
    let response: paradex_api::types::Auth =
        serde_json::from_value(json!({"jwt_token": "canary-token"})).unwrap();
    assert!(!format!("{response:?}").contains("canary"));
    assert!(serde_json::to_string(&response).is_err());
    let token = response.jwt_token.unwrap();
    assert_eq!(token.expose(), "canary-token");
    assert!(serde_json::to_string(&token).is_err());
    assert_eq!(
        serde_json::to_value(Secret::new(token.expose())).unwrap(),
        "canary-token"
    );
    // Where a secret is expected, something else is kept and shown by name only.
    let mismatch: paradex_api::types::Auth =
        serde_json::from_value(json!({"jwt_token": ["canary-token"]})).unwrap();
    assert!(!format!("{mismatch:?}").contains("canary"));
}

#[test]
fn numbers_are_exact_or_odd_and_never_rounded() {
    for (sent, kept) in [
        (r#"{"size": 0.1234567890123456789}"#, "size"),
        (r#"{"size": 18446744073709551616}"#, "size"),
        (r#"{"size": "00.50"}"#, "size"),
        (r#"{"client_id": 12345678901234567890123}"#, "client_id"),
        (r#"{"created_at": 9007199254740993.0}"#, "created_at"),
        (r#"{"created_at": "007"}"#, "created_at"),
    ] {
        let order: Order = serde_json::from_str(sent).unwrap();
        assert!(order.undecoded().get(kept).is_some(), "{sent}: {order:?}");
        assert_eq!(
            (order.size, order.client_id.clone(), order.created_at),
            (None, None, None)
        );
    }
    let order: Order = serde_json::from_str(r#"{"size": 123456.789012345, "client_id": 17}"#).unwrap();
    assert_eq!(order.size.unwrap().to_string(), "123456.789012345");
    assert_eq!(order.client_id.unwrap(), "17");

    let book = r#"{"asks": [[0.1234567890123456789, "1"]]}"#;
    let book: paradex_api::types::AskBidArray = serde_json::from_str(book).unwrap();
    assert!(book.asks.is_empty() && book.undecoded().get("asks").is_some());
}

#[test]
fn duplicated_key_keeps_only_its_last_value() {
    for (sent, size, kept) in [
        (r#"{"size": "1", "size": "2"}"#, Some("2"), None),
        (r#"{"size": "", "size": "2"}"#, Some("2"), None),
        (r#"{"size": "1", "size": null}"#, None, None),
        (r#"{"size": "", "size": null}"#, None, None),
        (r#"{"size": "1", "size": ""}"#, None, Some(json!(""))),
        (r#"{"size": "", "size": []}"#, None, Some(json!([]))),
    ] {
        let order: Order = serde_json::from_str(sent).unwrap();
        assert_eq!(order.size.map(|size| size.to_string()).as_deref(), size, "{sent}");
        assert_eq!(order.undecoded().get("size"), kept.as_ref(), "{sent}");
        assert_eq!(order.undecoded().is_empty(), kept.is_none(), "{sent}");
    }
    for (sent, count, kept) in [
        (r#"{"results": [{}], "results": null}"#, 0, Some(json!(null))),
        (r#"{"results": [{}], "results": []}"#, 0, Some(json!([]))),
        (r#"{"results": [], "results": [{}]}"#, 1, None),
        (r#"{"results": "x", "results": [{}, {}]}"#, 2, None),
        (r#"{"results": [{}], "results": "x"}"#, 0, Some(json!("x"))),
    ] {
        let markets: MarketList = serde_json::from_str(sent).unwrap();
        assert_eq!(markets.results.len(), count, "{sent}");
        assert_eq!(markets.undecoded().get("results"), kept.as_ref(), "{sent}");
    }
    // One object after another in the same field is the second, not both.
    let sent = r#"{"token": "a", "token": "b", "api_token": {"name": "x"}, "api_token": {"kind": "jwt"}}"#;
    let created: CreateTokenResponse = serde_json::from_str(sent).unwrap();
    assert_eq!(created.token.expose(), "b");
    assert_eq!(created.api_token.unwrap().name, None);
}

#[test]
fn record_of_a_response_is_read_without_its_required_fields() {
    for (field, mismatch) in [
        ("nonce", json!(null)),
        ("signature_data", json!(null)),
        ("signature_expiration", json!("soon")),
        ("signature_timestamp", json!({})),
        ("signer_account", json!([])),
    ] {
        let mut signature = json!({"nonce": "1", "signature_expiration": 1, "signature_timestamp": 2,
                                   "signature_type": "STARKNET", "signer_account": "0x1"});
        signature[field] = mismatch;
        let trade = json!({"signatures": {"a": signature}});
        let trade: BlockTradeDetailFull = serde_json::from_value(trade).unwrap();
        assert_eq!(trade.signatures.len(), 1, "{field}");
    }
    let order: BlockTradeOrder = serde_json::from_value(json!({"side": null, "type": 7})).unwrap();
    assert_eq!((order.side, order.type_), (None, None));
    // What is sent is complete all the same.
    let order = BlockTradeOrder::new(OrderSide::Buy, OrderType::Limit);
    assert_eq!(
        serde_json::to_value(&order).unwrap(),
        json!({"side": "BUY", "type": "LIMIT"})
    );
    // The text of a new token is the response; without it there is none.
    for body in [json!({}), json!({"token": null}), json!({"token": 7})] {
        assert!(serde_json::from_value::<CreateTokenResponse>(body).is_err());
    }
}
