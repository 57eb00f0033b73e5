//! How the addresses of accounts are derived.

use starknet_types_core::felt::{Felt as Inner, NonZeroFelt};

use super::address::{AccountAddress, EthereumAddress};
use super::felt::Felt;
use super::field::felt;
use super::key::PublicKey;
use super::message::pedersen_array;

/// The exclusive upper bound of addresses: 2^251 - 256.
const BOUND: NonZeroFelt = NonZeroFelt::from_felt_unchecked(Inner::from_hex_unchecked(
    "0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00",
));
/// `STARKNET_CONTRACT_ADDRESS` as a short string.
const PREFIX: Inner = Inner::from_hex_unchecked("0x535441524b4e45545f434f4e54524143545f41444452455353");
/// The selector of `initialize`: the lower 250 bits of its Keccak hash.
const INITIALIZE: Inner =
    Inner::from_hex_unchecked("0x79dc0da7c54b95f10aa182ad0a46400db63156920adb65eca2654c0945a463");

/// The contract class hashes from which the address of a Starknet account is derived, as `GET /system/config` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StarknetAccountClasses {
    /// `paraclear_account_proxy_hash`.
    pub proxy: Felt,
    /// `paraclear_account_hash`.
    pub account: Felt,
}

impl AccountAddress {
    /// Derives the address of the account of a Starknet key.
    ///
    /// The exchange also returns it, at `GET /onboarding`; compare the two before you move money.
    #[doc(alias("derive", "stark_key"))]
    pub fn from_starknet_key(key: &PublicKey, classes: StarknetAccountClasses) -> Self {
        let calldata = [
            classes.account.inner(),
            INITIALIZE,
            Inner::TWO,
            key.felt().inner(),
            Inner::ZERO,
        ];
        Self::deployed(key.felt().inner(), classes.proxy.inner(), &calldata)
    }

    /// Derives the address of the account of an Ethereum address. `class` is the `paraclear_evm_account_hash` of
    /// `GET /system/config`.
    #[doc(alias("derive"))]
    pub fn from_ethereum_address(address: &EthereumAddress, class: Felt) -> Self {
        let owner = Inner::from_bytes_be_slice(&address.to_bytes());
        Self::deployed(owner, class.inner(), &[Inner::THREE, owner, Inner::ONE])
    }

    /// The address of a contract without a deployer.
    fn deployed(salt: Inner, class: Inner, calldata: &[Inner]) -> Self {
        let hash = pedersen_array(&[PREFIX, Inner::ZERO, salt, class, pedersen_array(calldata)]);
        Self(felt(&hash.mod_floor(&BOUND)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::starknet_keccak;

    #[test]
    fn constants_match_their_texts() {
        let prefix = super::Felt::from_short_string("STARKNET_CONTRACT_ADDRESS").unwrap();
        assert_eq!(super::PREFIX, prefix.inner());
        assert_eq!(super::INITIALIZE, starknet_keccak("initialize"));
        let bound = super::Inner::TWO.pow(251u32) - super::Inner::from(256u32);
        assert_eq!(super::Inner::from(super::BOUND), bound);
        let largest: super::AccountAddress = (bound - super::Inner::ONE).to_hex_string().parse().unwrap();
        assert_eq!(largest.felt().inner(), bound - super::Inner::ONE);
        bound
            .to_hex_string()
            .parse::<super::AccountAddress>()
            .unwrap_err();
    }
}
