//! Messages, keys and signatures against vectors that other implementations computed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod evm;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use paradex_api_ext::signing::{
    AccountAddress, AlgoOrder, AuthRequest, BlockTrade, BlockTradeOffer, BlockTradeOrder, EthereumAddress,
    EthereumSignature, Felt, MessageHash, MessagePrefix, ModifyOrder, Order, PublicKey, Scaled, Side,
    SignOptions, Signature, SigningErrorKind, SigningRoute, StarknetAccountClasses, StarknetPrivateKey,
    SubkeyActivation, SubkeyRegistration, Trade,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

fn vectors(group: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../data/signing-vectors.json")).unwrap();
    let group = all[group].as_array().unwrap().clone();
    assert!(!group.is_empty());
    group
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// A number that the vectors have as a number or as text.
fn number(value: &Value, name: &str) -> u128 {
    match &value[name] {
        Value::String(text) => text.parse().unwrap(),
        number => number.as_u64().unwrap().into(),
    }
}

fn seconds(value: &Value, name: &str) -> u64 {
    number(value, name).try_into().unwrap()
}

fn scaled(value: &Value, name: &str) -> Scaled {
    Scaled::from_integer(number(value, name))
}

fn side(value: &Value) -> Side {
    match text(value, "side") {
        "1" => Side::Buy,
        "2" => Side::Sell,
        other => panic!("{other}"),
    }
}

fn order(message: &Value) -> Order {
    Order {
        timestamp_ms: seconds(message, "timestamp"),
        market: Felt::from_text(text(message, "market")).unwrap(),
        side: side(message),
        order_type: Felt::from_text(text(message, "orderType")).unwrap(),
        size: scaled(message, "size"),
        price: scaled(message, "price"),
    }
}

fn block_order(order: &Value) -> Option<BlockTradeOrder> {
    (text(order, "account") != "0").then(|| BlockTradeOrder {
        account: text(order, "account").parse().unwrap(),
        side: side(order),
        order_type: Felt::from_text(text(order, "type")).unwrap(),
        size: scaled(order, "size"),
        price: scaled(order, "price"),
    })
}

fn trades(message: &Value) -> Vec<Trade> {
    let trades = message["trades"].as_array().unwrap().iter();
    trades
        .map(|trade| Trade {
            market: text(trade, "market").to_owned(),
            price: scaled(trade, "price"),
            size: scaled(trade, "size"),
            maker_order: block_order(&trade["maker_order"]),
            taker_order: block_order(&trade["taker_order"]),
            min_size: scaled(trade, "min_size"),
            max_size: scaled(trade, "max_size"),
            min_price: scaled(trade, "min_price"),
            max_price: scaled(trade, "max_price"),
            oracle_tolerance: scaled(trade, "oracle_tolerance"),
        })
        .collect()
}

fn block_trade(message: &Value) -> BlockTrade {
    assert_eq!(text(message, "version"), "2");
    BlockTrade {
        nonce: Felt::from_text(text(message, "nonce")).unwrap(),
        expiration_ms: seconds(message, "expiration"),
        trades: trades(message),
    }
}

fn offer(message: &Value) -> BlockTradeOffer {
    assert_eq!(text(message, "version"), "2");
    BlockTradeOffer {
        nonce: Felt::from_text(text(message, "nonce")).unwrap(),
        expiration_ms: seconds(message, "expiration"),
        block_trade_id: Felt::from_text(text(message, "block_trade_id")).unwrap(),
        trades: trades(message),
    }
}

fn prefix(vector: &Value) -> MessagePrefix {
    MessagePrefix::new(text(vector, "chain_id"), text(vector, "account").parse().unwrap()).unwrap()
}

fn vector(name: &str) -> Value {
    vectors("messages")
        .into_iter()
        .find(|vector| text(vector, "name") == name)
        .unwrap()
}

fn signature(vector: &Value, name: &str) -> Signature {
    let part = |index: usize| Felt::from_hex(vector[name][index].as_str().unwrap()).unwrap();
    Signature::new(part(0), part(1)).unwrap()
}

fn routes() -> Vec<SigningRoute> {
    vec![
        SigningRoute::Table,
        SigningRoute::Library,
        #[cfg(feature = "signing-vartime")]
        SigningRoute::VariableTime,
    ]
}

fn with_last_byte(byte: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = byte;
    bytes
}

/// Signs by all routes, and compares with both signatures of the vector.
fn check_signatures(vector: &Value, hash: &MessageHash) {
    let name = text(vector, "name");
    assert_eq!(hash.to_string(), text(vector, "hash"), "{name}");
    let key = StarknetPrivateKey::from_hex(text(vector, "private_key")).unwrap();
    let (deterministic, hedged) = (
        signature(vector, "deterministic"),
        signature(vector, "entropy_32"),
    );
    for route in routes() {
        let options = SignOptions::new().route(route);
        assert!(
            key.sign_with(hash, &options).unwrap() == deterministic,
            "{name} {route:?}"
        );
        let options = options.entropy(with_last_byte(32));
        assert!(
            key.sign_with(hash, &options).unwrap() == hedged,
            "{name} {route:?}"
        );
    }
    assert!(key.sign(hash).unwrap() == deterministic, "{name}");
    for signature in [deterministic, hedged] {
        assert!(key.public_key().verify(hash, &signature), "{name}");
        let swapped = Signature::new(signature.s(), signature.r()).unwrap();
        assert!(!key.public_key().verify(hash, &swapped), "{name}");
    }
}

#[test]
fn message_hashes_and_signatures_match_their_vectors() {
    let mut kinds = BTreeSet::new();
    for vector in vectors("messages") {
        let (prefix, message) = (prefix(&vector), &vector["message"]);
        let hash = match text(&vector, "kind") {
            "auth" => {
                assert_eq!(
                    (text(message, "method"), text(message, "path")),
                    ("POST", "/v1/auth")
                );
                assert_eq!(text(message, "body"), "");
                prefix.auth_request(&AuthRequest {
                    timestamp: seconds(message, "timestamp"),
                    expiration: seconds(message, "expiration"),
                })
            }
            "onboarding" => {
                assert_eq!(text(message, "action"), "Onboarding");
                prefix.onboarding()
            }
            "order" => prefix.order(&order(message)),
            "modify_order" => prefix.modify_order(&ModifyOrder {
                order: order(message),
                id: Felt::from_text(text(message, "id")).unwrap(),
            }),
            "block_trade" => prefix.block_trade(&block_trade(message)).unwrap(),
            "block_trade_offer" => prefix.block_trade_offer(&offer(message)).unwrap(),
            other => panic!("{other}"),
        };
        check_signatures(&vector, &hash);
        assert_eq!(
            signature(&vector, "entropy_32").to_wire().expose(),
            text(&vector, "wire_entropy_32")
        );
        let key = StarknetPrivateKey::from_hex(text(&vector, "private_key")).unwrap();
        assert_eq!(key.public_key().to_string(), text(&vector, "public_key"));
        assert_eq!(prefix.account().to_string(), text(&vector, "account"));
        kinds.insert(text(&vector, "kind").to_owned());
    }
    assert_eq!(kinds.len(), 6);
}

#[test]
fn vector_decimals_scale_to_the_signed_integers() {
    let mut compared = 0;
    for vector in vectors("messages") {
        for (field, decimal) in vector["decimals"].as_object().unwrap() {
            let decimal = decimal.as_str().unwrap();
            let parsed = decimal
                .parse()
                .or_else(|_| Decimal::from_scientific(decimal))
                .unwrap();
            let signed = scaled(&vector["message"], field);
            match text(&vector, "name") {
                // The price of a market order is not signed.
                "order_market_sell_price_ignored" if field == "price" => assert_eq!(signed, Scaled::ZERO),
                // The Python SDK truncates these; we refuse.
                "order_fractional_truncated_9dp" => {
                    let error = Scaled::from_decimal(parsed).unwrap_err();
                    assert_eq!(error.kind(), SigningErrorKind::TooManyDecimals);
                }
                "order_exponent_form_inputs" if field == "price" => {
                    assert!(Scaled::from_decimal(parsed).is_err());
                }
                _ => assert_eq!(Scaled::from_decimal(parsed), Ok(signed), "{vector}"),
            }
            compared += 1;
        }
    }
    assert!(compared > 20);
}

#[test]
fn algo_order_is_signed_as_a_market_order() {
    let vector = vector("order_twap_algo");
    let order = order(&vector["message"]);
    let algo = AlgoOrder {
        timestamp_ms: order.timestamp_ms,
        market: order.market,
        side: order.side,
        size: order.size,
    };
    check_signatures(&vector, &prefix(&vector).algo_order(&algo));
}

#[test]
fn subkey_registration_and_activation_match_their_vectors() {
    let vectors = vectors("subkeys");
    let [registration, activation] = vectors.as_slice() else {
        panic!("{vectors:?}");
    };
    let part = |vector: &Value, index: usize| vector["parts"][index].as_str().unwrap().to_owned();
    let message = SubkeyRegistration {
        account: part(registration, 0).parse().unwrap(),
        subkey: part(registration, 1).parse().unwrap(),
        timestamp: part(registration, 2).parse().unwrap(),
        expiry: part(registration, 3).parse().unwrap(),
    };
    check_signatures(registration, &message.hash().unwrap());
    let wire = signature(registration, "entropy_32").to_hex_pair();
    assert_eq!(wire[0].expose(), registration["wire_entropy_32"][0]);
    assert_eq!(wire[1].expose(), registration["wire_entropy_32"][1]);

    let window = |expiry| {
        SubkeyRegistration { expiry, ..message }
            .hash()
            .map_err(|error| error.kind())
    };
    assert!(window(message.timestamp + 1).is_ok() && window(message.timestamp + 600).is_ok());
    for expiry in [
        message.timestamp,
        message.timestamp + 601,
        message.timestamp - 1,
        0,
        u64::MAX,
    ] {
        assert_eq!(window(expiry), Err(SigningErrorKind::InvalidExpiry));
    }

    let message = SubkeyActivation {
        timestamp: part(activation, 0).parse().unwrap(),
        ephemeral_key: part(activation, 1).parse().unwrap(),
    };
    check_signatures(activation, &message.hash());
}

#[test]
fn message_hash_depends_on_every_field() {
    let vector = vector("order_limit_buy");
    let (prefix, order) = (prefix(&vector), order(&vector["message"]));
    let one = Scaled::from_integer(1);
    let felt = Felt::from(1u64);
    let orders = [
        order,
        Order {
            timestamp_ms: 1,
            ..order
        },
        Order {
            market: felt,
            ..order
        },
        Order {
            side: Side::Sell,
            ..order
        },
        Order {
            order_type: felt,
            ..order
        },
        Order { size: one, ..order },
        Order { price: one, ..order },
    ];
    let modified = |id: u64| {
        prefix.modify_order(&ModifyOrder {
            order,
            id: Felt::from(id),
        })
    };
    let request = |timestamp, expiration| {
        prefix.auth_request(&AuthRequest {
            timestamp,
            expiration,
        })
    };
    let other_account = MessagePrefix::new(text(&vector, "chain_id"), "0x1".parse().unwrap()).unwrap();
    let other_chain = MessagePrefix::new("OTHER", prefix.account()).unwrap();
    let trade = Trade::new("A");
    let block = |nonce: u64, expiration_ms, trade: &Trade| {
        let nonce = Felt::from(nonce);
        let trades = vec![trade.clone(), Trade::new("B")];
        prefix
            .block_trade(&BlockTrade {
                nonce,
                expiration_ms,
                trades,
            })
            .unwrap()
    };
    let leg = BlockTradeOrder {
        account: prefix.account(),
        side: Side::Buy,
        order_type: felt,
        size: one,
        price: one,
    };
    let legs = [
        leg,
        BlockTradeOrder {
            account: other_account.account(),
            ..leg
        },
        BlockTradeOrder {
            side: Side::Sell,
            ..leg
        },
        BlockTradeOrder {
            order_type: Felt::ZERO,
            ..leg
        },
        BlockTradeOrder {
            size: Scaled::ZERO,
            ..leg
        },
        BlockTradeOrder {
            price: Scaled::ZERO,
            ..leg
        },
    ];
    let mut hashes: Vec<_> = orders.iter().map(|order| prefix.order(order)).collect();
    hashes.extend([
        modified(1),
        modified(2),
        request(1, 2),
        request(1, 3),
        request(2, 2),
    ]);
    hashes.extend([&prefix, &other_account, &other_chain].map(|prefix| prefix.onboarding()));
    hashes.extend([other_account.order(&order), other_chain.order(&order)]);
    hashes.extend([block(1, 1, &trade), block(2, 1, &trade), block(1, 2, &trade)]);
    for change in [
        |trade: &mut Trade, value| trade.price = value,
        |trade: &mut Trade, value| trade.size = value,
        |trade: &mut Trade, value| trade.min_size = value,
        |trade: &mut Trade, value| trade.max_size = value,
        |trade: &mut Trade, value| trade.min_price = value,
        |trade: &mut Trade, value| trade.max_price = value,
        |trade: &mut Trade, value| trade.oracle_tolerance = value,
    ] {
        let mut changed = trade.clone();
        change(&mut changed, one);
        hashes.push(block(1, 1, &changed));
    }
    for leg in legs {
        let maker_order = Some(leg);
        hashes.push(block(
            1,
            1,
            &Trade {
                maker_order,
                ..trade.clone()
            },
        ));
        let taker_order = Some(leg);
        hashes.push(block(
            1,
            1,
            &Trade {
                taker_order,
                ..trade.clone()
            },
        ));
    }
    let different: BTreeSet<_> = hashes.iter().map(ToString::to_string).collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn trades_are_hashed_sorted_by_market() {
    let vector = vector("block_trade_3_leaves_with_constraint");
    let mut block = block_trade(&vector["message"]);
    block.trades.reverse();
    let hash = prefix(&vector).block_trade(&block).unwrap();
    assert_eq!(hash.to_string(), text(&vector, "hash"));

    block.trades[0].market = "é".to_owned();
    let error = prefix(&vector).block_trade(&block).unwrap_err();
    assert_eq!(
        (error.field(), error.kind()),
        ("market", SigningErrorKind::NotAscii)
    );
    block.trades[0].market = String::new();
    let error = prefix(&vector).block_trade(&block).unwrap_err();
    assert_eq!((error.field(), error.kind()), ("market", SigningErrorKind::Empty));
    block.trades.clear();
    let error = prefix(&vector).block_trade(&block).unwrap_err();
    assert_eq!(
        (error.field(), error.kind()),
        ("trades", SigningErrorKind::NoTrades)
    );
}

#[test]
fn keys_and_addresses_are_derived_from_ethereum_signatures() {
    for vector in vectors("derived_keys") {
        let name = text(&vector, "name");
        let classes = StarknetAccountClasses {
            proxy: Felt::from_hex(text(&vector, "proxy_class_hash")).unwrap(),
            account: Felt::from_hex(text(&vector, "class_hash")).unwrap(),
        };
        let signature = EthereumSignature::from_hex(text(&vector, "eth_signature")).unwrap();
        assert_eq!(signature.to_hex().expose(), text(&vector, "eth_signature"));
        let stripped = StarknetPrivateKey::from_ethereum_signature_stripped(&signature).unwrap();
        let padded = StarknetPrivateKey::from_ethereum_signature(&signature).unwrap();
        for (key, suffix) in [(stripped, ""), (padded, "_starkware_js")] {
            let expected = |field: &str| text(&vector, &format!("{field}{suffix}")).to_owned();
            let public = key.public_key();
            assert_eq!(public.to_string(), expected("l2_public_key"), "{name}");
            let direct = StarknetPrivateKey::from_hex(expected("l2_private_key")).unwrap();
            assert_eq!(direct.public_key(), public, "{name}");
            let address = AccountAddress::from_starknet_key(&public, classes);
            assert_eq!(address.to_string(), expected("l2_address"), "{name}");
        }
    }
}

#[test]
fn key_grinding_goes_on_until_a_number_fits() {
    for vector in vectors("ground_keys") {
        let signature = format!("{}{}1b", text(&vector, "r"), "00".repeat(32));
        let signature = EthereumSignature::from_hex(signature).unwrap();
        let key = StarknetPrivateKey::from_ethereum_signature(&signature).unwrap();
        let expected = StarknetPrivateKey::from_hex(text(&vector, "key")).unwrap();
        assert_eq!(key.public_key(), expected.public_key(), "{vector}");
    }
    // The SHA-256 of this r and a zero byte is in the last multiple of the order below the limit.
    let signature = EthereumSignature::from_hex(format!("0x{:064x}{}1b", 27, "00".repeat(32))).unwrap();
    let key = StarknetPrivateKey::from_ethereum_signature(&signature).unwrap();
    let expected =
        StarknetPrivateKey::from_hex("0x39bb575d7715b7bd71536cefbe4f6244665a5781b0b1e56967739f4636a0bb")
            .unwrap();
    assert_eq!(key.public_key(), expected.public_key());
}

#[test]
fn account_address_is_derived_from_an_ethereum_address() {
    let all: Value = serde_json::from_str(include_str!("../data/signing-vectors.json")).unwrap();
    let vector = &all["ethereum"];
    let address: EthereumAddress = text(vector, "eth_address").parse().unwrap();
    let class = Felt::from_hex(text(vector, "class_hash")).unwrap();
    let account = AccountAddress::from_ethereum_address(&address, class);
    assert_eq!(account.to_string(), text(vector, "l2_address"));
}

const ORDER: &str = "0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f";
const PRIME: &str = "0x800000000000011000000000000000000000000000000000000000000000001";

#[test]
fn malformed_private_keys_are_refused() {
    let kind = |text: &str| {
        StarknetPrivateKey::from_hex(text)
            .map_err(|error| error.kind())
            .err()
    };
    for (text, expected) in [
        ("", SigningErrorKind::Empty),
        ("12", SigningErrorKind::MissingPrefix),
        ("0X12", SigningErrorKind::MissingPrefix),
        (" 0x12", SigningErrorKind::MissingPrefix),
        ("0x", SigningErrorKind::NotHex),
        ("0x12 ", SigningErrorKind::NotHex),
        ("0x+1", SigningErrorKind::NotHex),
        ("0xé", SigningErrorKind::NotHex),
        ("0x0", SigningErrorKind::Zero),
        (
            "0x0000000000000000000000000000000000000000000000000000000000000",
            SigningErrorKind::Zero,
        ),
        (ORDER, SigningErrorKind::TooLarge),
        (&format!("0x{}", "f".repeat(64)), SigningErrorKind::TooLarge),
        (&format!("0x{}", "0".repeat(65)), SigningErrorKind::WrongLength),
    ] {
        assert_eq!(kind(text), Some(expected), "{text}");
    }
    let last = format!("{}e", &ORDER[..ORDER.len() - 1]);
    assert_eq!(kind(&last), None);
    assert_eq!(
        StarknetPrivateKey::from_bytes(&[0; 32]).unwrap_err().kind(),
        SigningErrorKind::Zero
    );
    assert_eq!(
        StarknetPrivateKey::from_bytes(&[255; 32]).unwrap_err().kind(),
        SigningErrorKind::TooLarge
    );

    // One number, however many zeros are before it.
    let key = |text: String| StarknetPrivateKey::from_hex(text).unwrap().public_key();
    for width in 2..=64 {
        assert_eq!(key(format!("0x{:0>width$}", "aB")), key("0xab".to_owned()));
    }
}

#[test]
fn malformed_felts_and_decimals_are_refused() {
    let kind = |result: Result<Felt, _>| {
        result.map_err(|error: paradex_api_ext::signing::SigningError| error.kind())
    };
    let prime = "3618502788666131213697322783095070105623107215331596699973092056135872020481";
    let last = "3618502788666131213697322783095070105623107215331596699973092056135872020480";
    assert_eq!(kind(Felt::from_hex(PRIME)), Err(SigningErrorKind::TooLarge));
    assert_eq!(kind(Felt::from_decimal(prime)), Err(SigningErrorKind::TooLarge));
    assert_eq!(
        kind(Felt::from_decimal(&"9".repeat(76))),
        Err(SigningErrorKind::TooLarge)
    );
    assert_eq!(
        kind(Felt::from_decimal(&"1".repeat(77))),
        Err(SigningErrorKind::TooLarge)
    );
    assert_eq!(
        Felt::from_decimal(last).unwrap().to_string(),
        format!("{}0", &PRIME[..64])
    );
    assert_eq!(Felt::from_decimal(last).unwrap().to_decimal(), last);
    assert_eq!(Felt::from_decimal(&"0".repeat(100)).unwrap().to_string(), "0x0");
    assert_eq!(kind(Felt::from_decimal("")), Err(SigningErrorKind::Empty));
    for text in ["-1", "+1", "1 ", "0x1", "1e5", "１"] {
        assert_eq!(
            kind(Felt::from_decimal(text)),
            Err(SigningErrorKind::NotDecimal),
            "{text}"
        );
    }
    assert_eq!(
        kind(Felt::from_short_string(&"a".repeat(32))),
        Err(SigningErrorKind::TooLong)
    );
    assert_eq!(
        kind(Felt::from_short_string(&"a".repeat(300))),
        Err(SigningErrorKind::TooLong)
    );
    assert_eq!(
        kind(Felt::from_short_string("é")),
        Err(SigningErrorKind::NotAscii)
    );
    assert_eq!(
        Felt::from_short_string(&"a".repeat(31)).unwrap().to_bytes()[1..],
        [b'a'; 31]
    );
    assert_eq!(Felt::from_short_string(""), Ok(Felt::ZERO));
    assert_eq!(Felt::from_text(""), Ok(Felt::ZERO));
    assert_eq!(Felt::from_text("0x1f"), Ok(Felt::from(31u64)));
    assert_eq!(kind(Felt::from_text("0x1g")), Err(SigningErrorKind::NotHex));
    assert_eq!(Felt::from_text("31"), Ok(Felt::from(31u64)));
    assert_eq!(Felt::from_text("31a"), Felt::from_short_string("31a"));

    let scale = |text: &str| Scaled::from_decimal(text.parse().unwrap()).map_err(|error| error.kind());
    assert_eq!(scale("0.00000001"), Ok(Scaled::from_integer(1)));
    assert_eq!(scale("0.10000000000000"), Ok(Scaled::from_integer(10_000_000)));
    assert_eq!(scale("0.000000001"), Err(SigningErrorKind::TooManyDecimals));
    assert_eq!(scale("-0.1"), Err(SigningErrorKind::Negative));
    assert_eq!(scale("-0"), Ok(Scaled::ZERO));
    let largest = Decimal::MAX.to_string();
    assert_eq!(
        scale(&largest).unwrap().to_integer().to_string(),
        format!("{largest}00000000")
    );
}

#[test]
fn malformed_addresses_and_public_keys_are_refused() {
    let account = |text: &str| {
        text.parse::<AccountAddress>()
            .map_err(|error| (error.field(), error.kind()))
    };
    let bound = format!("0x7{}00", "f".repeat(60));
    assert_eq!(account(&bound), Err(("account", SigningErrorKind::TooLarge)));
    assert_eq!(account("0x0"), Err(("account", SigningErrorKind::Zero)));
    assert_eq!(account("1"), Err(("account", SigningErrorKind::MissingPrefix)));
    assert!(account(&format!("0x7{}eff", "f".repeat(59))).is_ok());
    assert_eq!(account("0x000AbC").unwrap().to_string(), "0xabc");
    assert_eq!(
        serde_json::to_string(&account("0x0abc").unwrap()).unwrap(),
        "\"0xabc\""
    );
    assert_eq!(
        serde_json::from_str::<AccountAddress>("\"0x00abc\"").unwrap(),
        account("0xabc").unwrap()
    );
    assert!(serde_json::from_str::<AccountAddress>("\"abc\"").is_err());

    let key = |text: &str| text.parse::<PublicKey>().map_err(|error| error.kind());
    assert_eq!(key("0x0"), Err(SigningErrorKind::Zero));
    assert_eq!(key(PRIME), Err(SigningErrorKind::TooLarge));
    // From the library's own tests: no point has this x.
    let off = "0x03ee9bffffffffff26ffffffff60ffffffffffffffffffffffffffff004accff";
    assert_eq!(key(off), Err(SigningErrorKind::NotOnCurve));

    let ethereum = |text: &str| text.parse::<EthereumAddress>().map_err(|error| error.kind());
    assert_eq!(ethereum("0x12"), Err(SigningErrorKind::WrongLength));
    assert_eq!(
        ethereum(&format!("0x{}", "1".repeat(41))),
        Err(SigningErrorKind::WrongLength)
    );
    assert_eq!(ethereum(&"1".repeat(40)), Err(SigningErrorKind::MissingPrefix));
    let ethereum = |text: String| {
        EthereumSignature::from_hex(text)
            .map_err(|error| error.kind())
            .err()
    };
    assert_eq!(
        ethereum(format!("0x{}1d", "1".repeat(128))),
        Some(SigningErrorKind::RecoveryId)
    );
    assert_eq!(
        ethereum(format!("0x{}01", "1".repeat(128))),
        Some(SigningErrorKind::RecoveryId)
    );
    assert_eq!(
        ethereum(format!("0x{}1b", "1".repeat(126))),
        Some(SigningErrorKind::WrongLength)
    );
    assert_eq!(
        ethereum(format!("0x{}1b", "1".repeat(130))),
        Some(SigningErrorKind::WrongLength)
    );

    let chain = |id: &str| MessagePrefix::new(id, account("0x1").unwrap()).map_err(|error| error.kind());
    assert_eq!(chain(""), Err(SigningErrorKind::Empty));
    assert_eq!(chain(&"A".repeat(32)), Err(SigningErrorKind::TooLong));
}

#[test]
fn malformed_signatures_are_refused() {
    let two_251 = Felt::from_hex(&format!("0x8{}", "0".repeat(62)))
        .unwrap()
        .to_decimal();
    for (text, expected) in [
        ("", SigningErrorKind::Malformed),
        (r#"["1", "2"]"#, SigningErrorKind::Malformed),
        (r#"["1"]"#, SigningErrorKind::Malformed),
        (r#"["1","2","3"]"#, SigningErrorKind::NotDecimal),
        (r#"[1,2]"#, SigningErrorKind::Malformed),
        (r#"["","2"]"#, SigningErrorKind::Empty),
        (r#"["0x1","2"]"#, SigningErrorKind::NotDecimal),
        (r#"["0","2"]"#, SigningErrorKind::Zero),
        (&format!(r#"["{two_251}","2"]"#), SigningErrorKind::TooLarge),
        (&format!(r#"["2","{two_251}"]"#), SigningErrorKind::TooLarge),
    ] {
        let kind = Signature::from_wire(text).unwrap_err().kind();
        assert_eq!(kind, expected, "{text}");
    }
}

#[test]
fn hash_that_is_too_large_is_not_signed() {
    let key = StarknetPrivateKey::from_hex("0x12").unwrap();
    let hash = |text: &str| MessageHash::from(Felt::from_hex(text).unwrap());
    let (too_large, largest) = (
        hash(&format!("0x8{}", "0".repeat(62))),
        hash(&format!("0x7{}", "f".repeat(62))),
    );
    for route in routes() {
        let options = SignOptions::new().route(route);
        let error = key.sign_with(&too_large, &options).unwrap_err();
        assert_eq!(
            (error.field(), error.kind()),
            ("message hash", SigningErrorKind::TooLarge)
        );
        let signature = key.sign_with(&largest, &options).unwrap();
        assert!(key.public_key().verify(&largest, &signature));
        assert!(!key.public_key().verify(&too_large, &signature));
        assert!(!key.public_key().verify(&hash("0x1"), &signature));
        let other = StarknetPrivateKey::from_hex("0x13").unwrap();
        assert!(!other.public_key().verify(&largest, &signature));
    }
}

/// Digits that are in no other text.
const CANARY: &str = "3c0ffee5ca1ab1e0ddba11deadbea7";

#[test]
fn private_key_is_never_shown() {
    let mut shown = Vec::new();
    let key = StarknetPrivateKey::from_hex(format!("0x{CANARY}")).unwrap();
    shown.push(format!("{key:?} {key:#?}"));
    for text in [
        CANARY.to_owned(),
        format!(" 0x{CANARY}"),
        format!("0x{CANARY}\n"),
        format!("0x{CANARY}zz"),
        format!("0x{}{CANARY}", "f".repeat(34)),
        format!("0x{CANARY}{CANARY}{CANARY}"),
    ] {
        let error = StarknetPrivateKey::from_hex(text.clone()).unwrap_err();
        shown.push(format!("{error} {error:?}"));
        let error = EthereumSignature::from_hex(text.clone()).unwrap_err();
        shown.push(format!("{error} {error:?}"));
        let error = Felt::from_hex(&format!("{text}-")).unwrap_err();
        shown.push(format!("{error} {error:?}"));
        #[cfg(feature = "evm")]
        if let Err(error) = paradex_api_ext::signing::EthereumPrivateKey::from_hex(text) {
            shown.push(format!("{error} {error:?}"));
        }
    }
    let signature = EthereumSignature::from_hex(format!("0x{CANARY}{}1b", "7".repeat(98))).unwrap();
    shown.push(format!("{signature:?} {signature:#?}"));
    let entropy = Felt::from_hex(&format!("0x{CANARY}")).unwrap();
    shown.push(format!("{:?}", SignOptions::new().entropy(entropy.to_bytes())));
    shown.push(format!("{:?}", Signature::new(entropy, entropy).unwrap()));
    #[cfg(feature = "evm")]
    {
        let key = paradex_api_ext::signing::EthereumPrivateKey::from_hex(format!("0x{CANARY}")).unwrap();
        shown.push(format!("{key:?} {key:#?}"));
    }
    // What a failed assertion about a key would print.
    let panic = catch_unwind(AssertUnwindSafe(|| {
        StarknetPrivateKey::from_hex(format!("0x{CANARY}")).expect_err("it is a key");
    }));
    let message = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("StarknetPrivateKey"), "{message}");
    shown.push(message);

    let decimal = entropy.to_decimal();
    for text in shown {
        let lower = text.to_lowercase();
        assert!(
            !lower.contains(&CANARY[..8]) && !lower.contains(&decimal[..8]),
            "{text}"
        );
    }
}

fn any_key() -> impl Strategy<Value = StarknetPrivateKey> {
    any::<[u8; 32]>().prop_filter_map("a key", |mut bytes| {
        bytes[0] &= 7;
        StarknetPrivateKey::from_bytes(&bytes).ok()
    })
}

fn any_hash() -> impl Strategy<Value = MessageHash> {
    any::<[u8; 32]>().prop_map(|mut bytes| {
        bytes[0] &= 7;
        MessageHash::from(Felt::from_bytes(&bytes).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_routes_sign_the_same(key in any_key(), hash in any_hash(), entropy in any::<Option<[u8; 32]>>()) {
        let sign = |route| {
            let options = SignOptions::new().route(route);
            key.sign_with(&hash, &match entropy {
                Some(bytes) => options.entropy(bytes),
                None => options,
            })
        };
        let expected = sign(SigningRoute::Library).unwrap();
        prop_assert!(key.public_key().verify(&hash, &expected));
        for route in routes() {
            prop_assert!(sign(route).unwrap() == expected, "{:?}", route);
        }
    }
}

proptest! {
    #[test]
    fn felts_survive_conversion_to_text_and_back(bytes in any::<[u8; 32]>()) {
        if let Ok(felt) = Felt::from_bytes(&bytes) {
            prop_assert_eq!(felt.to_bytes(), bytes);
            prop_assert_eq!(Felt::from_hex(&felt.to_string()), Ok(felt));
            prop_assert_eq!(Felt::from_decimal(&felt.to_decimal()), Ok(felt));
        }
    }

    #[test]
    fn parsers_never_panic(text in "\\PC*", hex in "0x[0-9a-fA-F]{0,140}", digits in "[0-9]{0,90}") {
        for text in [&text, &hex, &digits] {
            let _ = Felt::from_text(text);
            let _ = Felt::from_decimal(text);
            let _ = StarknetPrivateKey::from_hex(text.as_str());
            let _ = EthereumSignature::from_hex(text.as_str());
            let _ = text.parse::<PublicKey>();
            let _ = text.parse::<AccountAddress>();
            let _ = text.parse::<EthereumAddress>();
            let _ = Signature::from_wire(&format!("[\"{text}\",\"{digits}\"]"));
        }
    }

    #[test]
    fn scaling_is_exact_or_refused(mantissa in any::<i64>(), scale in 0u32..=28) {
        let decimal = Decimal::from_i128_with_scale(mantissa.into(), scale);
        let mut expected = i128::from(mantissa) * 100_000_000;
        let mut exact = true;
        for _ in 0..scale {
            exact &= expected % 10 == 0;
            expected /= 10;
        }
        match Scaled::from_decimal(decimal) {
            Ok(scaled) => prop_assert_eq!(Some(scaled.to_integer()), u128::try_from(expected).ok()),
            Err(error) if mantissa < 0 => prop_assert_eq!(error.kind(), SigningErrorKind::Negative),
            Err(error) => {
                prop_assert!(!exact);
                prop_assert_eq!(error.kind(), SigningErrorKind::TooManyDecimals);
            }
        }
        prop_assert_eq!(Scaled::from_decimal(decimal).is_ok(), exact && mantissa >= 0);
    }
}
