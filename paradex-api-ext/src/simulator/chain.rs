//! Signatures for the wrong chain, so that the refusal can name it.

use super::state::Settings;
use crate::signing::{AccountAddress, MessagePrefix};

/// Chain ids of the real exchange. A signature for one of them could be used there.
const REAL: [&str; 3] = [
    "PRIVATE_SN_PARACLEAR_MAINNET",
    "PRIVATE_SN_PARACLEAR_TESTNET",
    "PRIVATE_SN_POTC_SEPOLIA",
];

/// The default chain id.
pub(super) const DEFAULT: &str = "SIMULATED_SN_PARADEX";

/// A chain id that paradex-py knows, and that is neither production's nor testnet's. paradex-py refuses those that it does not know.
const MOCK: &str = "PRIVATE_SN_POTC_MOCK_SEPOLIA";

/// Returns whether a chain id is one of the real exchange.
pub(super) fn is_real(chain_id: &str) -> bool {
    REAL.iter().any(|real| real.eq_ignore_ascii_case(chain_id.trim()))
}

/// Returns what is wrong with a signature that was made for another chain; `None` if it was made for none that is known.
pub(super) fn mismatch(
    settings: &Settings,
    account: AccountAddress,
    verifies: impl Fn(&MessagePrefix) -> bool,
) -> Option<String> {
    let own = settings.chain_id.as_str();
    let signed = REAL.into_iter().chain([DEFAULT, MOCK]).find(|chain_id| {
        let prefix = MessagePrefix::new(chain_id, account);
        *chain_id != own && prefix.is_ok_and(|prefix| verifies(&prefix))
    })?;
    Some(format!(
        "the signature is for the chain id {signed}, and the simulator's is {own}; let the client read it from \
         /v1/system/config, or start the simulator with another one"
    ))
}
