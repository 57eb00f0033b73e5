//! Signing in, and making accounts.

use std::time::Duration;

use hyper::StatusCode;
use paradex_api::{Operation, operations};
use serde_json::json;

use super::accounts::{self, Account};
use super::answer::Answer;
use super::clock::{SECOND, nanoseconds};
use super::session::Session;
use super::state::{Call, Settings, State};
use super::subkeys::Standing;
use crate::signing::{AccountAddress, AuthRequest, EthereumAddress, PublicKey, Signature};

/// How long a signature is good that does not say it, and how long it may be, in seconds.
const USUAL_LIFETIME: u64 = 30 * 60;
const LONGEST_LIFETIME: u64 = 7 * 24 * 60 * 60;

/// Whether an operation signs in or makes an account, and so counts against the limit of sign-ins.
pub(super) fn is_one(operation: &Operation) -> bool {
    [
        &operations::AUTH,
        &operations::AUTH_WITH_PUBLIC_KEY,
        &operations::AUTH_EVM,
        &operations::ONBOARD,
        &operations::ONBOARD_EVM,
    ]
    .contains(&operation)
}

/// Opens a session for a signature by a Starknet key: the account's own or, if the path names one, a subkey.
pub(super) fn sign_in(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let address = account_address(call)?;
    let signature = starknet_signature(call)?;
    let request = times(settings, call)?;
    let account = state.account_at(address).ok_or_else(not_onboarded)?;
    let hash = accounts::messages(settings, address)?.auth_request(&request);
    let (key, subkey) = match call.path("public_key") {
        "" => (account.main_key(), None),
        text => {
            let key: PublicKey = text.parse().map_err(|_| public_key_invalid())?;
            if account.main_key() == Some(key) {
                (Some(key), None)
            } else {
                let (account, canonical) = (address.to_string(), key.to_string());
                let active = state.subkeys.iter().any(|subkey| {
                    subkey.canonical == canonical
                        && subkey.standing == Standing::Active
                        && subkey.account() == account
                });
                (active.then_some(key), Some(canonical))
            }
        }
    };
    if !key.is_some_and(|key| key.verify(&hash, &signature)) {
        return Err(not_verified());
    }
    Ok(session(state, settings, call, address, subkey))
}

/// Makes an account for whoever signs with the key in the body.
pub(super) fn onboard(state: &mut State, settings: &Settings, call: &Call<'_>) -> Result<Answer, Answer> {
    let address = account_address(call)?;
    let signature = starknet_signature(call)?;
    let ethereum = call.header("paradex-ethereum-account");
    if ethereum.parse::<EthereumAddress>().is_err() {
        let message = "PARADEX-ETHEREUM-ACCOUNT: must be 0x and 40 hex digits";
        return Err(refused("INVALID_ETHEREUM_ADDRESS", message));
    }
    let key: PublicKey = call
        .text("public_key")
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(public_key_invalid)?;
    let account = Account::of_key(key);
    if account.address != address {
        return Err(other_address());
    }
    let hash = accounts::messages(settings, address)?.onboarding();
    if !key.verify(&hash, &signature) {
        return Err(not_verified());
    }
    create(state, account, "ETHEREUM_ADDRESS_ALREADY_ONBOARDED")
}

/// Says which account belongs to a key, and whether it is there.
pub(super) fn onboarding_status(state: &State, call: &Call<'_>) -> Result<Answer, Answer> {
    let signer = call.query("account_signer_type").unwrap_or_default();
    let (account, class, proxy) = if signer == "eip191" {
        let owner = call.query("eth_address").unwrap_or_default();
        let owner = owner.parse().map_err(|_| {
            let message = "eth_address: must be 0x and 40 hex digits";
            refused("INVALID_ETHEREUM_ADDRESS", message)
        })?;
        (Account::of_ethereum(owner), accounts::ethereum_class(), None)
    } else {
        let key = call.query("public_key").unwrap_or_default();
        let key = key.parse().map_err(|_| public_key_invalid())?;
        let classes = accounts::classes();
        (Account::of_key(key), classes.account, Some(classes.proxy))
    };
    Ok(Answer::ok(&json!({
        "account_signer_type": signer,
        "address": account.address.to_string(),
        "derivation_info": {
            "class_hash": class.to_string(),
            "proxy_class_hash": proxy.map(|proxy| proxy.to_string()).unwrap_or_default(),
        },
        "exists": state.account_at(account.address).is_some(),
    })))
}

/// The answer with a fresh session.
pub(super) fn session(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
    account: AccountAddress,
    subkey: Option<String>,
) -> Answer {
    let session = Session {
        account: account.to_string(),
        subkey,
        interactive: call.query("token_usage") == Some("interactive"),
        isolated_markets: call.header("paradex-authorize-isolated-markets") == "true",
    };
    Answer::ok(&json!({ "jwt_token": state.mint(session, settings, call.now) }))
}

/// Keeps a new account.
pub(super) fn create(state: &mut State, account: Account, taken: &str) -> Result<Answer, Answer> {
    if state.account_at(account.address).is_some() {
        return Err(refused(taken, "the account is there already"));
    }
    state.keep(account);
    Ok(Answer::new(StatusCode::OK, None, ""))
}

/// The account that the headers name.
pub(super) fn account_address(call: &Call<'_>) -> Result<AccountAddress, Answer> {
    call.header("paradex-starknet-account").parse().map_err(|_| {
        let message = "PARADEX-STARKNET-ACCOUNT: must be 0x and the hex digits of an address";
        refused("INVALID_STARKNET_ADDRESS", message)
    })
}

fn starknet_signature(call: &Call<'_>) -> Result<Signature, Answer> {
    Signature::from_wire(call.header("paradex-starknet-signature")).map_err(|error| {
        let message = format!("PARADEX-STARKNET-SIGNATURE: {error}");
        refused("INVALID_STARKNET_SIGNATURE", &message)
    })
}

/// The times that the headers name, if they are good now.
fn times(settings: &Settings, call: &Call<'_>) -> Result<AuthRequest, Answer> {
    let number = |name: &str| call.header(name).parse::<u64>().ok();
    let timestamp = number("paradex-timestamp")
        .filter(|timestamp| is_near(*timestamp, settings.clock_tolerance, call.now))
        .ok_or_else(|| invalid_timestamp("PARADEX-TIMESTAMP: is too far from the exchange's clock"))?;
    let expiration = match call.header("paradex-signature-expiration") {
        "" => timestamp.checked_add(USUAL_LIFETIME),
        text => text.parse().ok(),
    };
    let lasts = |expiration: &u64| {
        let lifetime = expiration.checked_sub(timestamp);
        *expiration > unix_seconds(call.now) && lifetime.is_some_and(|lifetime| lifetime <= LONGEST_LIFETIME)
    };
    match expiration.filter(lasts) {
        Some(expiration) => Ok(AuthRequest {
            timestamp,
            expiration,
        }),
        None => {
            let message =
                "PARADEX-SIGNATURE-EXPIRATION: must be in the future, a week after the timestamp at most";
            Err(invalid_timestamp(message))
        }
    }
}

/// Whether a time in seconds is about now.
pub(super) fn is_near(seconds: u64, tolerance: Duration, now: i64) -> bool {
    let time = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND);
    // A time is cut to seconds, so a whole second says nothing.
    let tolerance = nanoseconds(tolerance).saturating_add(SECOND);
    time.saturating_sub(now).saturating_abs() <= tolerance
}

/// Nanoseconds as seconds; 0 before 1970.
pub(super) fn unix_seconds(now: i64) -> u64 {
    u64::try_from(now / SECOND).unwrap_or(0)
}

pub(super) fn refused(code: &str, message: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, code, message)
}

pub(super) fn invalid_timestamp(message: &str) -> Answer {
    refused("INVALID_TIMESTAMP", message)
}

pub(super) fn public_key_invalid() -> Answer {
    let message = "public_key: must be 0x and the hex digits of a point of the curve";
    refused("PUBLIC_KEY_INVALID", message)
}

pub(super) fn other_address() -> Answer {
    let message = "PARADEX-STARKNET-ACCOUNT: is not the address that belongs to the key";
    refused("INVALID_STARKNET_ADDRESS", message)
}

pub(super) fn not_onboarded() -> Answer {
    let message = "there is no account at this address; onboard it first";
    Answer::error(StatusCode::NOT_FOUND, "NOT_ONBOARDED", message)
}

/// One answer for every key that did not sign, so that it says nothing of which keys there are.
pub(super) fn not_verified() -> Answer {
    let message = "no key that may sign for the account made this signature of this message";
    Answer::error(
        StatusCode::UNAUTHORIZED,
        "STARKNET_SIGNATURE_VERIFICATION_FAILED",
        message,
    )
}
