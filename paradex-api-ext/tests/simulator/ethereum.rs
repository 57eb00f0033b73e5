//! Ethereum accounts: signing in, onboarding and subkeys.

use base64::prelude::BASE64_STANDARD;
use paradex_api_ext::signing::{EthereumPrivateKey, SiweMessage as Text, SiwePurpose};

use super::*;

const DOMAIN: &str = "app.testnet.paradex.trade";

fn ethereum(hex: &str) -> EthereumPrivateKey {
    EthereumPrivateKey::from_hex(hex).unwrap()
}

fn text(key: &EthereumPrivateKey, purpose: SiwePurpose) -> Text {
    Text {
        domain: DOMAIN.to_owned(),
        address: key.address(),
        l1_chain_id: 11_155_111,
        nonce: [7; 16],
        issued_at: SystemTime::now(),
        purpose,
    }
}

fn auth() -> SiwePurpose {
    SiwePurpose::Auth {
        expires_at: SystemTime::now() + Duration::from_secs(50),
    }
}

async fn send(
    simulator: &Simulator,
    account: &str,
    key: &EthereumPrivateKey,
    text: &str,
) -> Result<Secret, Error> {
    let client = Client::new(simulator.base_url()).unwrap();
    let call = client.auth_evm().paradex_starknet_account(account);
    let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(text)));
    let call = call.paradex_evm_signature(key.sign_personal(text).unwrap().to_hex());
    Ok(call.send().await?.into_inner().jwt_token.unwrap())
}

#[tokio::test]
async fn ethereum_account_signs_in() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let owner = ethereum("0x12");
    let account = simulator.add_ethereum_account(owner.address());
    let good = text(&owner, auth()).text().unwrap();
    let session = send(&simulator, &account, &owner, &good).await.unwrap();
    let snapshot = simulator.session(session.expose()).unwrap();
    assert_eq!((&snapshot.account, snapshot.subkey), (&account, None));
    assert!(simulator.account_key(&account).is_err());

    let failed = code(401, "EVM_SIGNATURE_VERIFICATION_FAILED");
    // By another key, by another owner, for another account.
    let stranger = ethereum("0x34");
    assert_eq!(
        refused(send(&simulator, &account, &stranger, &good).await),
        failed
    );
    let theirs = text(&stranger, auth()).text().unwrap();
    assert_eq!(
        refused(send(&simulator, &account, &stranger, &theirs).await),
        failed
    );
    let main = simulator.main_account();
    assert_eq!(refused(send(&simulator, &main, &owner, &good).await), failed);
    // For the real exchange, for another chain, for another purpose, and with the address in small letters.
    let real = Text {
        domain: "app.paradex.trade".to_owned(),
        ..text(&owner, auth())
    };
    let chain = Text {
        l1_chain_id: 1,
        ..text(&owner, auth())
    };
    let other = text(&owner, SiwePurpose::Onboarding).text().unwrap();
    let small = good.replace(&owner.address().to_checksum(), &owner.address().to_string());
    for wrong in [real.text().unwrap(), chain.text().unwrap(), other, small] {
        assert_eq!(
            refused(send(&simulator, &account, &owner, &wrong).await),
            failed,
            "{wrong}"
        );
    }
    let unknown = send(&simulator, "0x1234", &owner, &good).await;
    assert_eq!(refused(unknown), code(404, "NOT_ONBOARDED"));
    let malformed = send(&simulator, &account, &owner, "let me in").await;
    assert_eq!(refused(malformed), code(400, "INVALID_EVM_SIGNATURE"));
    simulator.advance(Duration::from_secs(51));
    let late = send(&simulator, &account, &owner, &good).await;
    assert_eq!(refused(late), code(400, "INVALID_TIMESTAMP"));
    let client = Client::new(simulator.base_url()).unwrap();
    for signature in [
        "0x12".to_owned(),
        format!("0x{}1d", "12".repeat(64)),
        format!("0x{}1b", "00".repeat(64)),
    ] {
        let call = client.auth_evm().paradex_starknet_account(&account);
        let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(&good)));
        let result = call.paradex_evm_signature(Secret::new(signature)).send().await;
        assert_eq!(refused(result), code(400, "INVALID_EVM_SIGNATURE"));
    }
}

#[tokio::test]
async fn ethereum_account_is_onboarded_and_trades_with_a_subkey() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let anonymous = Client::new(simulator.base_url()).unwrap();
    let owner = ethereum("0x12");
    let status = async || {
        let call = anonymous.get_onboarding().account_signer_type(SignerType::Eip191);
        call.eth_address(owner.address().to_string())
            .send()
            .await
            .unwrap()
            .into_inner()
    };
    let account = status().await.address.unwrap();
    let onboard = async |account: &str, text: &str, public_key: String| {
        let call = anonymous.onboard_evm().paradex_starknet_account(account);
        let call = call.paradex_siwe_message(Secret::new(BASE64_STANDARD.encode(text)));
        let call = call.paradex_evm_signature(owner.sign_personal(text).unwrap().to_hex());
        call.body(OnboardingRequest::new().public_key(public_key))
            .send()
            .await
            .map(|_| ())
    };
    let point = || owner.uncompressed_public_key();
    let good = text(&owner, SiwePurpose::Onboarding).text().unwrap();
    let auth_text = text(&owner, auth()).text().unwrap();
    let wrong = onboard(&account, &auth_text, point()).await;
    assert_eq!(refused(wrong), code(401, "EVM_SIGNATURE_VERIFICATION_FAILED"));
    let wrong = onboard(&account, &good, ethereum("0x34").uncompressed_public_key()).await;
    assert_eq!(refused(wrong), code(400, "PUBLIC_KEY_INVALID"));
    let wrong = onboard(&simulator.main_account(), &good, point()).await;
    assert_eq!(refused(wrong), code(400, "INVALID_STARKNET_ADDRESS"));
    assert_eq!(status().await.exists, Some(false));
    onboard(&account, &good, point()).await.unwrap();
    assert_eq!(status().await.exists, Some(true));
    let again = onboard(&account, &good, point()).await;
    assert_eq!(refused(again), code(400, "EVM_ADDRESS_ALREADY_ONBOARDED"));

    let session = send(&simulator, &account, &owner, &auth_text).await.unwrap();
    let client = client(&simulator, &session);
    let subkey = key("0x5b1");
    let purpose = |subkey: PublicKey| SiwePurpose::SubkeyRegistration {
        subkey,
        expires_at: SystemTime::now() + Duration::from_secs(50),
    };
    let request = |signer: &EthereumPrivateKey, text: &str| {
        CreateSubkeyRequest::new("bot", subkey.public_key().to_string())
            .siwe_message(Secret::new(text))
            .evm_signature(signer.sign_personal(text).unwrap().to_hex())
    };
    let failed = code(401, "EVM_SIGNATURE_VERIFICATION_FAILED");
    let stranger = ethereum("0x34");
    let theirs = text(&stranger, purpose(subkey.public_key())).text().unwrap();
    assert_eq!(
        refused(register(&client, request(&stranger, &theirs)).await),
        failed
    );
    let other = text(&owner, purpose(key("0x5b2").public_key())).text().unwrap();
    assert_eq!(refused(register(&client, request(&owner, &other)).await), failed);
    let mine = text(&owner, purpose(subkey.public_key())).text().unwrap();
    register(&client, request(&owner, &mine)).await.unwrap();
    let order = order(&subkey, &account, OrderType::Limit, Some("10"), milliseconds());
    place(&client, order).await.unwrap();
    let signed_in = SignIn {
        named: Some(&subkey.public_key().to_string()),
        ..SignIn::new(&simulator, &subkey, &account)
    };
    signed_in.send().await.unwrap();
    assert_eq!(simulator.orders(&account).len(), 1);
}
