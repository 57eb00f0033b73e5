//! Accounts and their keys.

use paradex_api::Secret;

use crate::signing::{
    AccountAddress, EthereumAddress, Felt, MessageHash, MessagePrefix, PublicKey, Signature,
    StarknetAccountClasses, StarknetPrivateKey,
};

use super::response::SimulatedResponse;
use super::state::{Settings, State, mixed, seed_of};
use super::subkeys::SubkeyStatus;

/// The Ethereum chain id of the simulator: that of the test exchange, never 1.
pub(super) const L1_CHAIN_ID: u64 = 11_155_111;

/// Returns the invented class hashes of accounts with a Starknet key. They are too small to be real.
pub(super) fn classes() -> StarknetAccountClasses {
    StarknetAccountClasses {
        proxy: Felt::from(0x51a0_0000_70a0_0000_0000_0000_0000_0001_u128),
        account: Felt::from(0x51a0_0000_acc0_0000_0000_0000_0000_0002_u128),
    }
}

/// Returns the invented class hash of accounts with an Ethereum key.
pub(super) fn ethereum_class() -> Felt {
    Felt::from(0x51a0_0000_e700_0000_0000_0000_0000_0003_u128)
}

/// An account.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) address: AccountAddress,
    owner: Owner,
}

/// Who signs for an account.
#[derive(Debug, Clone)]
enum Owner {
    /// A key that the simulator derives from its seed and this number.
    Derived { number: u64, key: PublicKey },
    /// A key that the simulator does not have.
    Starknet(PublicKey),
    /// An Ethereum account.
    Ethereum(EthereumAddress),
}

impl Account {
    /// Returns the account of a Starknet key that the simulator does not have.
    pub(super) fn from_key(key: PublicKey) -> Self {
        Self {
            address: AccountAddress::from_starknet_key(&key, classes()),
            owner: Owner::Starknet(key),
        }
    }

    /// Returns the account of an Ethereum address.
    pub(super) fn from_ethereum_address(owner: EthereumAddress) -> Self {
        Self {
            address: AccountAddress::from_ethereum_address(&owner, ethereum_class()),
            owner: Owner::Ethereum(owner),
        }
    }

    /// Returns the account of the key with this number.
    fn from_seed(seed: u64, number: u64) -> Self {
        let key = derive_key(seed, number).public_key();
        Self {
            address: AccountAddress::from_starknet_key(&key, classes()),
            owner: Owner::Derived { number, key },
        }
    }

    /// Returns the account's own Starknet key; an Ethereum account has none.
    pub(super) fn main_key(&self) -> Option<PublicKey> {
        match self.owner {
            Owner::Derived { key, .. } | Owner::Starknet(key) => Some(key),
            Owner::Ethereum(_) => None,
        }
    }

    /// Returns the Ethereum address that it belongs to.
    pub(super) fn ethereum_owner(&self) -> Option<EthereumAddress> {
        match self.owner {
            Owner::Ethereum(owner) => Some(owner),
            Owner::Derived { .. } | Owner::Starknet(_) => None,
        }
    }

    /// Returns the account's private key, if the simulator has it.
    pub(super) fn private_key(&self, seed: u64) -> Option<StarknetPrivateKey> {
        match self.owner {
            Owner::Derived { number, .. } => Some(derive_key(seed, number)),
            Owner::Starknet(_) | Owner::Ethereum(_) => None,
        }
    }

    /// Returns the account's private key as a text, if the simulator has it.
    pub(super) fn private_key_text(&self, seed: u64) -> Option<Secret> {
        let Owner::Derived { number, .. } = self.owner else {
            return None;
        };
        let (_, bytes) = derive_key_and_bytes(seed, number);
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Secret::new(format!("0x{}", digits.trim_start_matches('0'))))
    }
}

/// Derives the key with this number from the seed.
pub(super) fn derive_key(seed: u64, number: u64) -> StarknetPrivateKey {
    derive_key_and_bytes(seed, number).0
}

fn derive_key_and_bytes(seed: u64, number: u64) -> (StarknetPrivateKey, [u8; 32]) {
    let mut next = seed_of(seed_of(seed, "key"), &number.to_string());
    loop {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            next = next.wrapping_add(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&mixed(next).to_be_bytes());
        }
        // A number of 251 bits is below the order of the curve, so only 0 is refused.
        let [first, ..] = &mut bytes;
        *first &= 7;
        if let Ok(key) = StarknetPrivateKey::from_bytes(&bytes) {
            return (key, bytes);
        }
    }
}

/// Returns the prefix of the account's messages on this chain.
pub(super) fn messages(
    settings: &Settings,
    account: AccountAddress,
) -> Result<MessagePrefix, SimulatedResponse> {
    // This cannot fail, because the chain id was checked at the start.
    MessagePrefix::new(&settings.chain_id, account)
        .map_err(|error| SimulatedResponse::internal(&error.to_string()))
}

impl State {
    /// Creates an account with a new key.
    pub(super) fn add_account(&mut self) -> String {
        let account = Account::from_seed(self.seed, self.derived_keys);
        self.derived_keys = self.derived_keys.saturating_add(1);
        self.add(account)
    }

    /// Adds an account, unless its address exists, and returns the address.
    pub(super) fn add(&mut self, account: Account) -> String {
        let address = account.address;
        if self.account_at(address).is_none() {
            self.accounts.push(account);
            self.trading.add_account(&address.to_string());
        }
        address.to_string()
    }

    /// Returns the account with this address, in any spelling of the number.
    pub(super) fn account(&self, address: &str) -> Option<&Account> {
        self.account_at(address.parse().ok()?)
    }

    pub(super) fn account_at(&self, address: AccountAddress) -> Option<&Account> {
        self.accounts.iter().find(|account| account.address == address)
    }

    /// Returns whether the account's own key or an active subkey signed this.
    pub(super) fn signed_for(&self, account: &Account, hash: &MessageHash, signature: &Signature) -> bool {
        let text = account.address.to_string();
        let subkeys = self
            .subkeys
            .iter()
            .filter(|subkey| subkey.status == SubkeyStatus::Active && subkey.account() == text)
            // A key that is not a point of the curve signs nothing.
            .filter_map(|subkey| subkey.canonical.parse().ok());
        account
            .main_key()
            .into_iter()
            .chain(subkeys)
            .any(|key| key.verify(hash, signature))
    }
}

#[cfg(test)]
mod tests {
    use super::derive_key;

    #[test]
    fn keys_depend_on_seed_and_number_alone() {
        let public = |seed, number| derive_key(seed, number).public_key();
        assert_eq!(public(7, 1), public(7, 1));
        assert_ne!(public(7, 1), public(7, 2));
        assert_ne!(public(7, 1), public(8, 1));
    }
}
