//! Signing in, and onboarding.

use std::time::Duration;

use hyper::StatusCode;
use paradex_api::{Operation, operations};
use serde_json::json;

use super::accounts::{self, Account};
use super::allowlist;
use super::chain;
use super::clock::{SECOND, nanoseconds};
use super::response::SimulatedResponse;
use super::session::Session;
use super::state::{Call, Settings, State};
use super::subkeys::SubkeyStatus;
use crate::assumptions::{NarrowedSignIn, SignatureAgain};
use crate::signing::{AccountAddress, AuthRequest, EthereumAddress, MessagePrefix, PublicKey, Signature};

/// The default lifetime of a signature, in seconds.
const DEFAULT_LIFETIME: u64 = 30 * 60;
/// The longest lifetime of a signature, in seconds.
const MAX_LIFETIME: u64 = 7 * 24 * 60 * 60;

/// Returns whether an operation counts in the rate limit of sign-ins.
pub(super) fn is_sign_in_or_onboarding(operation: &Operation) -> bool {
    [
        &operations::AUTH,
        &operations::AUTH_WITH_PUBLIC_KEY,
        &operations::AUTH_EVM,
        &operations::ONBOARD,
        &operations::ONBOARD_EVM,
    ]
    .contains(&operation)
}

/// Creates a session for a signature by the account's Starknet key or, if the path names one, by a subkey.
pub(super) fn sign_in(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let address = account_address(call)?;
    let signature = starknet_signature(settings, call)?;
    let request = times(settings, call)?;
    let account = state.account_at(address).ok_or_else(not_onboarded)?;
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
                        && subkey.status == SubkeyStatus::Active
                        && subkey.account() == account
                });
                (active.then_some(key), Some(canonical))
            }
        }
    };
    let signed = |messages: &MessagePrefix| {
        key.is_some_and(|key| key.verify(&messages.auth_request(&request), &signature))
    };
    check_signed(settings, address, signed)?;
    if settings.switches.signature_again == SignatureAgain::Refused {
        let until = i64::try_from(request.expiration)
            .unwrap_or(i64::MAX)
            .saturating_mul(SECOND);
        if state.is_used_again(call.header("paradex-starknet-signature"), until, call.now) {
            return Err(verification_failed("the signature was used already"));
        }
    }
    if settings.switches.narrowed_sign_in == NarrowedSignIn::Refused
        && let Some(subkey) = state
            .subkeys
            .iter()
            .find(|known| Some(&known.canonical) == subkey.as_ref())
    {
        allowlist::check(
            &settings.switches,
            subkey.enforced(call.now),
            call.request.address,
        )?;
    }
    Ok(session(state, settings, call, address, subkey))
}

/// Creates the account of the key in the body, which must have signed.
pub(super) fn onboard(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let address = account_address(call)?;
    let signature = starknet_signature(settings, call)?;
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
    let account = Account::from_key(key);
    if account.address != address {
        return Err(other_address());
    }
    check_signed(settings, address, |messages| {
        key.verify(&messages.onboarding(), &signature)
    })?;
    create(state, account, "ETHEREUM_ADDRESS_ALREADY_ONBOARDED")
}

/// Returns which account belongs to a key, and whether it exists.
pub(super) fn onboarding_status(
    state: &State,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let signer = call.query("account_signer_type").unwrap_or_default();
    let (account, class, proxy) = if signer == "eip191" {
        let owner = call.query("eth_address").unwrap_or_default();
        let owner = owner.parse().map_err(|_| {
            let message = "eth_address: must be 0x and 40 hex digits";
            refused("INVALID_ETHEREUM_ADDRESS", message)
        })?;
        (
            Account::from_ethereum_address(owner),
            accounts::ethereum_class(),
            None,
        )
    } else {
        let key = call.query("public_key").unwrap_or_default();
        let key = key.parse().map_err(|_| public_key_invalid())?;
        let classes = accounts::classes();
        (Account::from_key(key), classes.account, Some(classes.proxy))
    };
    Ok(SimulatedResponse::ok(&json!({
        "account_signer_type": signer,
        "address": account.address.to_string(),
        "derivation_info": {
            "class_hash": class.to_string(),
            "proxy_class_hash": proxy.map(|proxy| proxy.to_string()).unwrap_or_default(),
        },
        "exists": state.account_at(account.address).is_some(),
    })))
}

/// Returns a response with a new session.
pub(super) fn session(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
    account: AccountAddress,
    subkey: Option<String>,
) -> SimulatedResponse {
    let session = Session {
        account: account.to_string(),
        subkey,
        interactive: call.query("token_usage") == Some("interactive"),
        isolated_markets: call.header("paradex-authorize-isolated-markets") == "true",
        ..Session::default()
    };
    SimulatedResponse::ok(&json!({ "jwt_token": state.create_session(session, settings, call.now) }))
}

/// Adds a new account.
pub(super) fn create(
    state: &mut State,
    account: Account,
    taken: &str,
) -> Result<SimulatedResponse, SimulatedResponse> {
    if state.account_at(account.address).is_some() {
        return Err(refused(taken, "the account exists already"));
    }
    state.add(account);
    Ok(SimulatedResponse::new(StatusCode::OK, None, ""))
}

/// Returns the account that the headers name.
pub(super) fn account_address(call: &Call<'_>) -> Result<AccountAddress, SimulatedResponse> {
    call.header("paradex-starknet-account").parse().map_err(|_| {
        let message = "PARADEX-STARKNET-ACCOUNT: must be 0x and the hex digits of an address";
        refused("INVALID_STARKNET_ADDRESS", message)
    })
}

fn starknet_signature(settings: &Settings, call: &Call<'_>) -> Result<Signature, SimulatedResponse> {
    let signature = settings.read_signature(call.header("paradex-starknet-signature"));
    signature.map_err(|error| {
        let message = format!("PARADEX-STARKNET-SIGNATURE: {error}");
        refused("INVALID_STARKNET_SIGNATURE", &message)
    })
}

/// Checks that a message of the account was signed for the simulator's chain.
fn check_signed(
    settings: &Settings,
    account: AccountAddress,
    signed: impl Fn(&MessagePrefix) -> bool,
) -> Result<(), SimulatedResponse> {
    if signed(&accounts::messages(settings, account)?) {
        return Ok(());
    }
    Err(chain::mismatch(settings, account, signed)
        .map_or_else(not_verified, |mismatch| verification_failed(&mismatch)))
}

/// Returns the times that the headers name, if they are valid now.
fn times(settings: &Settings, call: &Call<'_>) -> Result<AuthRequest, SimulatedResponse> {
    let number = |name: &str| call.header(name).parse::<u64>().ok();
    let timestamp = number("paradex-timestamp")
        .filter(|timestamp| is_near(*timestamp, settings.clock_tolerance, call.now))
        .ok_or_else(|| invalid_timestamp("PARADEX-TIMESTAMP: is too far from the exchange's clock"))?;
    let expiration = match call.header("paradex-signature-expiration") {
        "" => timestamp.checked_add(DEFAULT_LIFETIME),
        text => text.parse().ok(),
    };
    let lasts = |expiration: &u64| {
        let lifetime = expiration.checked_sub(timestamp);
        *expiration > unix_seconds(call.now) && lifetime.is_some_and(|lifetime| lifetime <= MAX_LIFETIME)
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

/// Returns whether a time in seconds is within the tolerance of now.
pub(super) fn is_near(seconds: u64, tolerance: Duration, now: i64) -> bool {
    let time = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND);
    // The time was truncated to seconds.
    let tolerance = nanoseconds(tolerance).saturating_add(SECOND);
    time.saturating_sub(now).saturating_abs() <= tolerance
}

/// Converts nanoseconds to seconds; 0 before 1970.
pub(super) fn unix_seconds(now: i64) -> u64 {
    u64::try_from(now / SECOND).unwrap_or(0)
}

pub(super) fn refused(code: &str, message: &str) -> SimulatedResponse {
    SimulatedResponse::error(StatusCode::BAD_REQUEST, code, message)
}

pub(super) fn invalid_timestamp(message: &str) -> SimulatedResponse {
    refused("INVALID_TIMESTAMP", message)
}

pub(super) fn public_key_invalid() -> SimulatedResponse {
    let message = "public_key: must be 0x and the hex digits of a point of the curve";
    refused("PUBLIC_KEY_INVALID", message)
}

pub(super) fn other_address() -> SimulatedResponse {
    let message = "PARADEX-STARKNET-ACCOUNT: is not the address that belongs to the key";
    refused("INVALID_STARKNET_ADDRESS", message)
}

pub(super) fn not_onboarded() -> SimulatedResponse {
    let message = "no account has this address; onboard it first";
    SimulatedResponse::error(StatusCode::NOT_FOUND, "NOT_ONBOARDED", message)
}

/// Returns the same response for every key that did not sign, so that it does not reveal which keys exist.
pub(super) fn not_verified() -> SimulatedResponse {
    verification_failed("no key that may sign for the account made this signature of this message")
}

fn verification_failed(message: &str) -> SimulatedResponse {
    SimulatedResponse::error(
        StatusCode::UNAUTHORIZED,
        "STARKNET_SIGNATURE_VERIFICATION_FAILED",
        message,
    )
}
