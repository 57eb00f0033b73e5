//! Ethereum keys and sign-in texts against vectors that other implementations computed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use paradex_api_ext::signing::{
    EthereumPrivateKey, SigningErrorKind, SiweMessage, SiwePurpose, StarknetPrivateKey, derivation_hash,
};
use proptest::prelude::*;
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../data/signing-vectors.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn key(vector: &Value) -> EthereumPrivateKey {
    EthereumPrivateKey::from_hex(text(vector, "eth_private_key")).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn signature_of_the_derivation_message_matches_its_vector() {
    let vectors = vectors();
    for vector in vectors["derived_keys"].as_array().unwrap() {
        let (key, chain) = (key(vector), text(vector, "l1_chain_id").parse().unwrap());
        assert_eq!(key.address().to_checksum(), text(vector, "eth_address"));
        assert_eq!(
            format!("0x{}", hex(&derivation_hash(chain))),
            text(vector, "eip712_digest")
        );
        let signature = key.sign_derivation(chain).unwrap();
        assert_eq!(signature.to_hex().expose(), text(vector, "eth_signature"));
        let starknet = StarknetPrivateKey::from_ethereum_signature(&signature).unwrap();
        assert_eq!(
            starknet.public_key().to_string(),
            text(vector, "l2_public_key_starkware_js")
        );
    }
    let vector = &vectors["ethereum"];
    assert_eq!(
        key(vector).uncompressed_public_key(),
        text(vector, "uncompressed_public_key")
    );
}

/// 2026-01-01T00:00:00Z.
fn new_year() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

fn sign_in(vector: &Value) -> SiweMessage {
    let expires_at = new_year() + Duration::from_secs(300);
    let subkey = "0xfe2914ecb93cdb2644085077757b09838d2d8a9f006b297f0d0a5167dc1b37"
        .parse()
        .unwrap();
    let name = text(vector, "name");
    let (domain, l1_chain_id) = match name.ends_with("testnet") {
        true => ("app.testnet.paradex.trade", 11_155_111),
        false => ("app.paradex.trade", 1),
    };
    SiweMessage {
        domain: domain.to_owned(),
        address: key(vector).address(),
        l1_chain_id,
        nonce: 0xa1b2_c3d4_e5f6_a1b2_c3d4_e5f6_a1b2_c3d4u128.to_be_bytes(),
        issued_at: new_year() + Duration::from_millis(999),
        purpose: match name {
            "siwe_auth_prod" => SiwePurpose::Auth { expires_at },
            "siwe_subkey_registration_prod" => SiwePurpose::SubkeyRegistration { subkey, expires_at },
            _ => SiwePurpose::Onboarding,
        },
    }
}

#[test]
fn sign_in_texts_and_signatures_match_their_vectors() {
    for vector in vectors()["sign_in"].as_array().unwrap() {
        let sign_in = sign_in(vector);
        let written = sign_in.text().unwrap();
        assert_eq!(written, text(vector, "message"));
        let signature = key(vector).sign_personal(&written).unwrap();
        assert_eq!(signature.to_hex().expose(), text(vector, "signature"));
        let parsed: siwe::Message = written.parse().unwrap();
        assert_eq!(parsed.address, sign_in.address.to_bytes());
        assert_eq!(parsed.chain_id, sign_in.l1_chain_id);
        let bytes: Vec<u8> = (2..132)
            .step_by(2)
            .map(|at| u8::from_str_radix(&signature.to_hex().expose()[at..at + 2], 16).unwrap())
            .collect();
        // It compares the address of whoever signed with the one in the text.
        parsed.verify_eip191(&bytes.try_into().unwrap()).unwrap();
    }
}

#[test]
fn invalid_sign_in_fields_are_refused() {
    let vector = &vectors()["sign_in"][1];
    let refused = |change: &dyn Fn(&mut SiweMessage)| {
        let mut sign_in = sign_in(vector);
        change(&mut sign_in);
        let error = sign_in.text().unwrap_err();
        (error.field(), error.kind())
    };
    for domain in ["a b", "a\nb", "a/b", "https://a", "é", "a\u{7f}"] {
        let kind = refused(&|sign_in| sign_in.domain = domain.to_owned());
        assert_eq!(kind, ("domain", SigningErrorKind::InvalidHost), "{domain}");
    }
    assert_eq!(
        refused(&|sign_in| sign_in.domain = String::new()),
        ("domain", SigningErrorKind::Empty)
    );
    let early = UNIX_EPOCH - Duration::from_secs(1);
    let late = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    for time in [early, late] {
        let kind = refused(&|sign_in| sign_in.issued_at = time);
        assert_eq!(kind, ("issued at", SigningErrorKind::TimeOutOfRange));
    }
    for expires_at in [new_year(), new_year() + Duration::from_millis(999), UNIX_EPOCH] {
        let kind = refused(&|sign_in| sign_in.purpose = SiwePurpose::Auth { expires_at });
        assert_eq!(kind, ("expiration time", SigningErrorKind::InvalidExpiry));
    }
}

#[test]
fn malformed_ethereum_keys_are_refused() {
    let kind = |text: &str| {
        EthereumPrivateKey::from_hex(text)
            .map_err(|error| error.kind())
            .err()
    };
    let order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (text, expected) in [
        ("", Some(SigningErrorKind::Empty)),
        ("1", Some(SigningErrorKind::MissingPrefix)),
        ("0x", Some(SigningErrorKind::NotHex)),
        ("0x0", Some(SigningErrorKind::Zero)),
        (order, Some(SigningErrorKind::TooLarge)),
        ("0x1", None),
    ] {
        assert_eq!(kind(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn times_are_written_as_the_siwe_library_reads_them(seconds in 0u64..253_402_300_800) {
        let time = UNIX_EPOCH + Duration::from_secs(seconds);
        let sign_in = SiweMessage { issued_at: time, ..sign_in(&vectors()["sign_in"][0]) };
        let parsed: siwe::Message = sign_in.text().unwrap().parse().unwrap();
        prop_assert_eq!(parsed.issued_at.as_ref().unix_timestamp(), i64::try_from(seconds).unwrap());
    }
}
