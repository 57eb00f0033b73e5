//! Signing in and onboarding with an Ethereum account.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::StatusCode;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use serde_json::Value;
use sha3::{Digest, Keccak256};

use super::accounts::{Account, L1_CHAIN_ID};
use super::auth::{
    account_address, create, invalid_timestamp, is_near, not_onboarded, other_address, public_key_invalid,
    refused, session, unix_seconds,
};
use super::response::SimulatedResponse;
use super::state::{Call, Settings, State};
use crate::signing::{EthereumAddress, PublicKey};

/// The domain of accepted texts: that of the test exchange, never of the real one.
const DOMAIN: &str = "app.testnet.paradex.trade";

/// Creates a session for the Ethereum account that signed the text.
pub(super) fn sign_in(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let address = account_address(call)?;
    let (text, signer) = headers(call)?;
    text.check("Paradex Auth", &signer)?;
    text.check_times(settings, call.now, true)?;
    let account = state.account_at(address).ok_or_else(not_onboarded)?;
    if account.ethereum_owner() != Some(signer.address) {
        return Err(not_verified());
    }
    Ok(session(state, settings, call, address, None))
}

/// Creates the account of the Ethereum account that signed the text.
pub(super) fn onboard(
    state: &mut State,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<SimulatedResponse, SimulatedResponse> {
    let address = account_address(call)?;
    let (text, signer) = headers(call)?;
    text.check("Paradex Onboarding", &signer)?;
    text.check_times(settings, call.now, false)?;
    let key = call.text("public_key").ok().and_then(bytes::<65>);
    if key.is_none_or(|key| key != signer.point) {
        return Err(public_key_invalid());
    }
    let account = Account::from_ethereum_address(signer.address);
    if account.address != address {
        return Err(other_address());
    }
    create(state, account, "EVM_ADDRESS_ALREADY_ONBOARDED")
}

/// Verifies that the account's owner signed the registration of a subkey.
pub(super) fn check_registration(
    state: &State,
    settings: &Settings,
    call: &Call<'_>,
    public_key: &str,
) -> Result<(), SimulatedResponse> {
    let field = |name: &str| call.field(name).and_then(Value::as_str).unwrap_or_default();
    let subkey: PublicKey = public_key.parse().map_err(|_| public_key_invalid())?;
    let message = field("siwe_message");
    let text = Text::read(message).ok_or_else(malformed)?;
    let signer = Signer::recover(message, field("evm_signature"))?;
    text.check(&format!("Paradex Subkey Registration: {subkey}"), &signer)?;
    text.check_times(settings, call.now, true)?;
    let owner = state.account(call.account()).and_then(Account::ethereum_owner);
    if owner == Some(signer.address) {
        Ok(())
    } else {
        Err(not_verified())
    }
}

/// Returns the text of the headers and its signer.
fn headers(call: &Call<'_>) -> Result<(Text, Signer), SimulatedResponse> {
    let decoded = BASE64_STANDARD.decode(call.header("paradex-siwe-message"));
    let message = decoded
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(malformed)?;
    let text = Text::read(&message).ok_or_else(malformed)?;
    Ok((
        text,
        Signer::recover(&message, call.header("paradex-evm-signature"))?,
    ))
}

/// The Ethereum account that made a signature.
struct Signer {
    address: EthereumAddress,
    /// The public key with both coordinates.
    point: [u8; 65],
}

impl Signer {
    /// Recovers the signer. Every well-formed signature has one, so the caller must compare it with the expected account.
    fn recover(message: &str, signature: &str) -> Result<Self, SimulatedResponse> {
        let signature: [u8; 65] = bytes(signature).ok_or_else(malformed)?;
        let (numbers, recovery) = match &signature {
            [numbers @ .., recovery] => (numbers, *recovery),
        };
        let recovery = recovery
            .checked_sub(27)
            .filter(|recovery| *recovery < 2)
            .and_then(RecoveryId::from_byte)
            .ok_or_else(malformed)?;
        let numbers = Signature::from_slice(numbers).map_err(|_| malformed())?;
        let hash = Keccak256::new()
            .chain_update("\u{19}Ethereum Signed Message:\n")
            .chain_update(message.len().to_string())
            .chain_update(message)
            .finalize();
        let key =
            VerifyingKey::recover_from_prehash(&hash, &numbers, recovery).map_err(|_| not_verified())?;
        let point = key.to_sec1_point(false);
        let point: [u8; 65] = point.as_bytes().try_into().map_err(|_| not_verified())?;
        let [_, coordinates @ ..] = &point;
        let hash: [u8; 32] = Keccak256::digest(coordinates).into();
        let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = hash;
        Ok(Self {
            address: EthereumAddress::from_bytes(address),
            point,
        })
    }
}

/// A text that an Ethereum account signs.
#[derive(Debug)]
struct Text {
    domain: String,
    address: String,
    statement: String,
    uri: String,
    chain_id: String,
    issued_at: u64,
    expires_at: Option<u64>,
}

impl Text {
    /// Parses a text, which must have exactly the expected lines.
    fn read(message: &str) -> Option<Self> {
        let mut lines = message.split('\n');
        let mut line = |prefix: &str| lines.next()?.strip_prefix(prefix);
        let domain = line("")?.strip_suffix(" wants you to sign in with your Ethereum account:")?;
        let address = line("")?;
        line("").filter(|line| line.is_empty())?;
        let statement = line("")?;
        line("").filter(|line| line.is_empty())?;
        let uri = line("URI: ")?;
        line("Version: ").filter(|version| *version == "1")?;
        let chain_id = line("Chain ID: ")?;
        line("Nonce: ")
            .filter(|nonce| nonce.len() >= 8 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
        let issued_at = seconds(line("Issued At: ")?)?;
        let expires_at = match lines.next() {
            None => None,
            Some(last) => Some(seconds(last.strip_prefix("Expiration Time: ")?)?),
        };
        if lines.next().is_some() {
            return None;
        }
        Some(Self {
            domain: domain.to_owned(),
            address: address.to_owned(),
            statement: statement.to_owned(),
            uri: uri.to_owned(),
            chain_id: chain_id.to_owned(),
            issued_at,
            expires_at,
        })
    }

    /// Checks that the text is for the simulator and this purpose, and names its signer.
    fn check(&self, statement: &str, signer: &Signer) -> Result<(), SimulatedResponse> {
        let good = self.domain == DOMAIN
            && self.uri.strip_prefix("https://") == Some(DOMAIN)
            && self.chain_id == L1_CHAIN_ID.to_string()
            && self.statement == statement
            // EIP-4361 requires the spelling with a checksum.
            && self.address == signer.address.to_checksum();
        if good { Ok(()) } else { Err(not_verified()) }
    }

    fn check_times(&self, settings: &Settings, now: i64, must_end: bool) -> Result<(), SimulatedResponse> {
        let ended = match self.expires_at {
            None => must_end,
            Some(end) => end <= unix_seconds(now),
        };
        if is_near(self.issued_at, settings.clock_tolerance, now) && !ended {
            Ok(())
        } else {
            Err(invalid_timestamp("the signed text is not valid at this time"))
        }
    }
}

/// Parses `0x` and two hex digits for each byte.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        for digit in pair {
            let value = char::from(*digit).to_digit(16)?;
            *byte = *byte << 4 | u8::try_from(value).ok()?;
        }
    }
    Some(bytes)
}

/// Parses a UTC time such as `2026-01-02T03:04:05Z` to seconds since 1970. A fraction of a second is ignored.
fn seconds(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let time = match time.split_once('.') {
        Some((time, part)) => {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then_some(time)?
        }
        None => time,
    };
    let numbers = |text: &str, separator: char, widths: [usize; 3]| -> Option<[u64; 3]> {
        let mut numbers = [0; 3];
        let mut parts = text.split(separator);
        for (number, width) in numbers.iter_mut().zip(widths) {
            let part = parts.next()?;
            let digits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = digits.then(|| part.parse().ok())??;
        }
        parts.next().is_none().then_some(numbers)
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let known = year >= 1970
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !known {
        return None;
    }
    // Years begin in March, so that a leap day is the last of its year. A day beyond the end of its month counts into the next.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    // The days from the first of March of the year 0 to 1970.
    Some(days.checked_sub(719_468)? * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn malformed() -> SimulatedResponse {
    let message = "the signature or the signed text is malformed";
    refused("INVALID_EVM_SIGNATURE", message)
}

/// Returns the same response for every mismatch of a well-formed signature.
fn not_verified() -> SimulatedResponse {
    let message = "the text is for something else, or the account's owner did not sign it";
    SimulatedResponse::error(
        StatusCode::UNAUTHORIZED,
        "EVM_SIGNATURE_VERIFICATION_FAILED",
        message,
    )
}

#[cfg(test)]
mod tests {
    use super::{Text, bytes, seconds};

    #[test]
    fn times_are_parsed() {
        for (text, time) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:34:56Z", Some(951_827_696)),
            ("2026-01-01T00:00:00.999Z", Some(1_767_225_600)),
            ("9999-12-31T23:59:59Z", Some(253_402_300_799)),
            ("1969-12-31T23:59:59Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-01-01T24:00:00Z", None),
            ("2026-1-01T00:00:00Z", None),
            ("2026-01-01T00:00:00", None),
            ("2026-01-01T00:00:00.Z", None),
            ("+026-01-01T00:00:00Z", None),
        ] {
            assert_eq!(seconds(text), time, "{text}");
        }
    }

    #[test]
    fn text_must_have_exactly_its_lines() {
        let text = "h wants you to sign in with your Ethereum account:\n0x1\n\nS\n\nURI: u\nVersion: 1\n\
                    Chain ID: 2\nNonce: 12345678\nIssued At: 2026-01-01T00:00:00Z";
        assert!(Text::read(text).is_some_and(|text| text.expires_at.is_none()));
        let end = format!("{text}\nExpiration Time: 2026-01-01T00:00:01Z");
        assert!(Text::read(&end).is_some_and(|text| text.expires_at == Some(1_767_225_601)));
        for wrong in [
            format!("{text}\n"),
            format!("{end}\nResources:"),
            text.replace("Version: 1", "Version: 2"),
            text.replace("12345678", "1234567"),
            text.replace('\n', "\r\n"),
            String::new(),
        ] {
            assert!(Text::read(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn number_of_bytes_is_exact() {
        assert_eq!(bytes::<2>("0x01aB"), Some([1, 0xab]));
        for wrong in ["01ab", "0x1ab", "0x01abc", "0x01ag", "0x"] {
            assert_eq!(bytes::<2>(wrong), None, "{wrong}");
        }
    }
}
