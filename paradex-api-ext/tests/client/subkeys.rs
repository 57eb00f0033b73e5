//! Subkeys have the same words as tokens.

use std::time::{Duration, SystemTime};

use paradex_api_ext::Error;
use paradex_api_ext::error::{AllowlistError, ErrorClass, InvalidInput, RegisterSubkeyError, RevokeError};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::signing::{StarknetPrivateKey, SubkeyActivation, SubkeyRegistration};
use paradex_api_ext::simulator::{Fault, Injection};
use paradex_api_ext::subkeys::{Activation, NewSubkey, SubkeyState};
use serde_json::json;

use super::{bodies, cidr, client_from, list, start};

const KEY: &str = "0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43";

fn new(allowlist: IpAllowlist) -> NewSubkey {
    NewSubkey::new("bot", KEY, allowlist).unwrap()
}

#[tokio::test]
async fn subkey_is_registered_read_renamed_and_revoked() {
    let (exchange, client) = start().await;
    let subkeys = client.subkeys();
    subkeys.register(new(list(&["203.0.113.0/24"]))).await.unwrap();
    let sent: serde_json::Value = serde_json::from_str(&bodies(&exchange, "register_subkey")[0]).unwrap();
    assert_eq!(
        sent,
        json!({"name": "bot", "public_key": KEY, "allowed_cidrs": ["203.0.113.0/24"]})
    );

    let subkey = subkeys.get(KEY).await.unwrap();
    assert_eq!((subkey.name(), subkey.public_key()), ("bot", KEY));
    assert_eq!(subkey.state(), Some(&SubkeyState::Active));
    assert_eq!(subkey.allowlist().known(), Some(&list(&["203.0.113.0/24"])));
    assert!(subkey.created_at().unwrap() <= SystemTime::now());

    let session = exchange.subkey_session(KEY).unwrap();
    client_from(&exchange, &session, "203.0.113.1")
        .api()
        .list_positions()
        .send()
        .await
        .unwrap();
    let outside = client_from(&exchange, &session, "192.0.2.1");
    let error = Error::from(outside.api().list_positions().send().await.unwrap_err());
    assert_eq!(error.class(), Some(ErrorClass::Address), "{error:?}");

    assert_eq!(subkeys.rename(KEY, "bot 2").await.unwrap().name(), "bot 2");
    let error = subkeys.rename(KEY, " ").await.unwrap_err();
    assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");

    subkeys.revoke(KEY).await.unwrap();
    assert!(subkeys.list().send().await.unwrap().is_empty());
    let all = subkeys.list().with_revoked().send().await.unwrap();
    assert!(!all[0].is_live() && all[0].revoked_at().is_some());
    let error = subkeys.revoke("0x1").await.unwrap_err();
    assert!(matches!(error, RevokeError::NotFound(_)), "{error:?}");
}

#[tokio::test]
async fn its_allowlist_has_the_same_shape() {
    let (exchange, client) = start().await;
    client
        .subkeys()
        .register(new(list(&["203.0.113.0/24"])))
        .await
        .unwrap();
    let allowlist = client.subkeys().allowlist(KEY);
    allowlist.add([cidr("192.0.2.0/24")]).await.unwrap();
    allowlist.remove([cidr("203.0.113.0/24")]).await.unwrap();
    let plan = allowlist
        .plan(list(&["198.51.100.0/24"]))
        .keep(["192.0.2.1".parse().unwrap()])
        .await
        .unwrap();
    assert!(plan.to_string().starts_with(&format!("subkey {KEY}: ")), "{plan}");
    let error = allowlist.apply(&plan).await.unwrap_err();
    assert!(matches!(error, AllowlistError::WouldLockOut(_)), "{error:?}");
    allowlist.set(IpAllowlist::Unrestricted).await.unwrap();
    assert_eq!(
        bodies(&exchange, "update_subkey_allowed_cidrs").last().unwrap(),
        r#"{"allowed_cidrs":[]}"#
    );
    let error = client.subkeys().allowlist("0x1").read().await.unwrap_err();
    assert!(matches!(error, AllowlistError::NotFound(_)), "{error:?}");

    let session = exchange.subkey_session(KEY).unwrap();
    let itself = client_from(&exchange, &session, "192.0.2.1");
    let error = itself
        .subkeys()
        .allowlist(KEY)
        .set(list(&["192.0.2.0/24"]))
        .await
        .unwrap_err();
    assert!(matches!(error, AllowlistError::Forbidden(_)), "{error:?}");
}

#[tokio::test]
async fn failed_registration_says_why() {
    let (exchange, client) = start().await;
    client
        .subkeys()
        .register(new(IpAllowlist::Unrestricted))
        .await
        .unwrap();
    let error = client
        .subkeys()
        .register(new(IpAllowlist::Unrestricted))
        .await
        .unwrap_err();
    assert!(matches!(error, RegisterSubkeyError::NotUnique(_)), "{error:?}");

    let session = exchange.subkey_session(KEY).unwrap();
    let itself = client_from(&exchange, &session, "192.0.2.1");
    let error = itself
        .subkeys()
        .register(new(IpAllowlist::Unrestricted))
        .await
        .unwrap_err();
    assert!(matches!(error, RegisterSubkeyError::Forbidden(_)), "{error:?}");

    let fault = Injection::new(Fault::reset_after()).on(&paradex_api::operations::REGISTER_SUBKEY);
    exchange.inject(fault);
    let error = client
        .subkeys()
        .register(new(IpAllowlist::Unrestricted))
        .await
        .unwrap_err();
    assert!(
        matches!(error, RegisterSubkeyError::OutcomeUnknown(_)),
        "{error:?}"
    );

    let body = r#"{"error":"STARKNET_SIGNATURE_VERIFICATION_FAILED","message":"no","data":null}"#;
    let refused = Fault::raw(
        paradex_api::reqwest::StatusCode::UNAUTHORIZED,
        Default::default(),
        body,
    );
    exchange.inject(Injection::new(refused).on(&paradex_api::operations::REGISTER_SUBKEY));
    let error = client
        .subkeys()
        .register(new(IpAllowlist::Unrestricted))
        .await
        .unwrap_err();
    assert!(
        matches!(error, RegisterSubkeyError::SignatureRefused(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn pending_subkey_is_activated_with_a_signature_of_the_caller() {
    let (exchange, client) = start().await;
    let now = SystemTime::now();
    let timestamp = now.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let ephemeral = StarknetPrivateKey::from_hex("0xe0").unwrap();
    let registration = SubkeyRegistration {
        account: exchange.main_account().parse().unwrap(),
        subkey: KEY.parse().unwrap(),
        timestamp,
        expiry: timestamp + 600,
    };
    let signature = exchange.main_key().sign(&registration.hash().unwrap()).unwrap();
    let [r, s] = signature.to_hex_pair();
    let parts = [r.expose().to_owned(), s.expose().to_owned()];
    let pending = new(list(&["203.0.113.0/24"]))
        .pending("encrypted", ephemeral.public_key().to_string())
        .unwrap()
        .starknet_signature(r, s, now, now + Duration::from_secs(600))
        .unwrap();
    client.subkeys().register(pending).await.unwrap();
    assert_eq!(
        client.subkeys().get(KEY).await.unwrap().state(),
        Some(&SubkeyState::Pending)
    );
    let sent: serde_json::Value = serde_json::from_str(&bodies(&exchange, "register_subkey")[0]).unwrap();
    assert_eq!(sent["state"], "pending");
    assert_eq!(sent["signature"], json!(parts));
    let window = sent["signature_expiry"].as_i64().unwrap() - sent["signature_timestamp"].as_i64().unwrap();
    assert_eq!(window, 600);

    let message = SubkeyActivation {
        timestamp,
        ephemeral_key: ephemeral.public_key(),
    };
    let [r, s] = ephemeral.sign(&message.hash()).unwrap().to_hex_pair();
    let activation = Activation::new(exchange.main_account(), KEY, r, s, now)
        .unwrap()
        .name("bot");
    let encrypted = client.subkeys().activate(activation).await.unwrap().unwrap();
    assert_eq!(encrypted.expose(), "encrypted");
    assert_eq!(
        client.subkeys().get(KEY).await.unwrap().state(),
        Some(&SubkeyState::Active)
    );
}

#[test]
fn invalid_subkey_is_refused_when_it_is_built() {
    let subkey = |name: &str, key: &str| NewSubkey::new(name, key, IpAllowlist::Unrestricted);
    let field = |built: Result<NewSubkey, InvalidInput>| built.unwrap_err().field().to_owned();
    assert_eq!(field(subkey("", KEY)), "name");
    for key in [
        "",
        "0x",
        "77a3",
        "0xg",
        "0X1",
        &format!("0x{}", "1".repeat(65)),
        "0x1\n",
    ] {
        assert_eq!(field(subkey("bot", key)), "public_key", "{key}");
    }
    // A leading zero that somebody dropped is no reason to refuse a key.
    subkey("bot", &format!("0x{}", "1".repeat(63))).unwrap();

    let now = SystemTime::now();
    let signed = |from, to| new(IpAllowlist::Unrestricted).starknet_signature("0x1", "0x2", from, to);
    signed(now, now + Duration::from_secs(1)).unwrap();
    assert_eq!(field(signed(now, now)), "valid_until");
    assert_eq!(field(signed(now, now - Duration::from_secs(60))), "valid_until");
    assert_eq!(field(signed(now, now + Duration::from_secs(602))), "valid_until");
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(field(signed(before, now)), "signed_at");
    assert_eq!(
        field(new(IpAllowlist::Unrestricted).pending("x", "y")),
        "ephemeral_public_key"
    );
}
