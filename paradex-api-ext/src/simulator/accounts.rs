//! Accounts, and the keys that open them.

use crate::signing::{
    AccountAddress, EthereumAddress, Felt, MessageHash, MessagePrefix, PublicKey, Signature,
    StarknetAccountClasses, StarknetPrivateKey,
};

use super::answer::Answer;
use super::state::{Settings, State, mixed, seed_of};
use super::subkeys::Standing;

/// The Ethereum chain that the exchange names. It is the one of the test exchange, never 1.
pub(super) const L1_CHAIN_ID: u64 = 11_155_111;

/// The contracts of accounts that a Starknet key opens. The numbers are made up, and too small for real ones.
pub(super) fn classes() -> StarknetAccountClasses {
    StarknetAccountClasses {
        proxy: Felt::from(0x51a0_0000_70a0_0000_0000_0000_0000_0001_u128),
        account: Felt::from(0x51a0_0000_acc0_0000_0000_0000_0000_0002_u128),
    }
}

/// The contract of accounts that an Ethereum key opens, made up likewise.
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
    /// A key that the simulator drew, and can draw again by its number.
    Drawn { number: u64, key: PublicKey },
    /// A key that somebody else has.
    Starknet(PublicKey),
    /// An Ethereum account.
    Ethereum(EthereumAddress),
}

impl Account {
    /// The account of a Starknet key that somebody else has.
    pub(super) fn of_key(key: PublicKey) -> Self {
        Self {
            address: AccountAddress::from_starknet_key(&key, classes()),
            owner: Owner::Starknet(key),
        }
    }

    /// The account of an Ethereum account.
    pub(super) fn of_ethereum(owner: EthereumAddress) -> Self {
        Self {
            address: AccountAddress::from_ethereum_address(&owner, ethereum_class()),
            owner: Owner::Ethereum(owner),
        }
    }

    /// The account of the key of this number.
    fn drawn(seed: u64, number: u64) -> Self {
        let key = draw(seed, number).public_key();
        Self {
            address: AccountAddress::from_starknet_key(&key, classes()),
            owner: Owner::Drawn { number, key },
        }
    }

    /// The account's own Starknet key; an Ethereum account has none.
    pub(super) fn main_key(&self) -> Option<PublicKey> {
        match self.owner {
            Owner::Drawn { key, .. } | Owner::Starknet(key) => Some(key),
            Owner::Ethereum(_) => None,
        }
    }

    /// The Ethereum account that it belongs to.
    pub(super) fn ethereum_owner(&self) -> Option<EthereumAddress> {
        match self.owner {
            Owner::Ethereum(owner) => Some(owner),
            Owner::Drawn { .. } | Owner::Starknet(_) => None,
        }
    }

    /// The account's private key, if the simulator drew it.
    pub(super) fn private_key(&self, seed: u64) -> Option<StarknetPrivateKey> {
        match self.owner {
            Owner::Drawn { number, .. } => Some(draw(seed, number)),
            Owner::Starknet(_) | Owner::Ethereum(_) => None,
        }
    }
}

/// The key of a number: always the same for one seed.
pub(super) fn draw(seed: u64, number: u64) -> StarknetPrivateKey {
    let mut next = seed_of(seed_of(seed, "key"), &number.to_string());
    loop {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            next = next.wrapping_add(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&mixed(next).to_be_bytes());
        }
        // A number of 251 bits is below the order of the curve, so only 0 would have to be drawn again.
        let [first, ..] = &mut bytes;
        *first &= 7;
        if let Ok(key) = StarknetPrivateKey::from_bytes(&bytes) {
            return key;
        }
    }
}

/// What the messages of an account begin with on this chain.
pub(super) fn messages(settings: &Settings, account: AccountAddress) -> Result<MessagePrefix, Answer> {
    // The chain id was checked at the start, so this does not happen.
    MessagePrefix::new(&settings.chain_id, account).map_err(|error| Answer::internal(&error.to_string()))
}

impl State {
    /// Makes an account with a key of its own.
    pub(super) fn add_account(&mut self) -> String {
        let account = Account::drawn(self.seed, self.drawn);
        self.drawn = self.drawn.saturating_add(1);
        self.keep(account)
    }

    /// Keeps an account, unless there is one at its address.
    pub(super) fn keep(&mut self, account: Account) -> String {
        let address = account.address;
        if self.account_at(address).is_none() {
            self.accounts.push(account);
        }
        address.to_string()
    }

    /// The account of an address, in any spelling of the number.
    pub(super) fn account(&self, address: &str) -> Option<&Account> {
        self.account_at(address.parse().ok()?)
    }

    pub(super) fn account_at(&self, address: AccountAddress) -> Option<&Account> {
        self.accounts.iter().find(|account| account.address == address)
    }

    /// Whether a key that may act for the account signed this: its own, or an active subkey.
    pub(super) fn signed_for(&self, account: &Account, hash: &MessageHash, signature: &Signature) -> bool {
        let text = account.address.to_string();
        let subkeys = self
            .subkeys
            .iter()
            .filter(|subkey| subkey.standing == Standing::Active && subkey.account() == text)
            // A key that is no point of the curve has signed nothing.
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
    use super::draw;

    #[test]
    fn keys_depend_on_seed_and_number_alone() {
        let public = |seed, number| draw(seed, number).public_key();
        assert_eq!(public(7, 1), public(7, 1));
        assert_ne!(public(7, 1), public(7, 2));
        assert_ne!(public(7, 1), public(8, 1));
    }
}
