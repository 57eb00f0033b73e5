//! Addresses of accounts, and how they are derived.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use starknet_types_core::felt::{Felt as Inner, NonZeroFelt};

use super::error::{SigningError, SigningErrorKind};
use super::felt::{Felt, read_hex, write_hex};
use super::key::PublicKey;
use super::message::pedersen_array;

/// The address of an account. It displays as hexadecimal text in lower case without leading zeros.
///
/// ```
/// use paradex_api_ext::signing::AccountAddress;
///
/// let address: AccountAddress = "0x00ABC".parse()?;
/// assert_eq!(address.to_string(), "0xabc");
/// assert!("0x0".parse::<AccountAddress>().is_err());
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountAddress(Felt);

/// The exclusive upper bound of addresses: 2^251 - 256.
const BOUND: Inner =
    Inner::from_hex_unchecked("0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00");
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
            classes.account.0,
            INITIALIZE,
            Inner::TWO,
            key.felt().0,
            Inner::ZERO,
        ];
        Self::deployed(key.felt().0, classes.proxy.0, &calldata)
    }

    /// Derives the address of the account of an Ethereum address. `class` is the `paraclear_evm_account_hash` of
    /// `GET /system/config`.
    #[doc(alias("derive"))]
    pub fn from_ethereum_address(address: &EthereumAddress, class: Felt) -> Self {
        let owner = Inner::from_bytes_be_slice(&address.0);
        Self::deployed(owner, class.0, &[Inner::THREE, owner, Inner::ONE])
    }

    /// The address of a contract without a deployer.
    fn deployed(salt: Inner, class: Inner, calldata: &[Inner]) -> Self {
        let hash = pedersen_array(&[PREFIX, Inner::ZERO, salt, class, pedersen_array(calldata)]);
        Self(Felt(hash.mod_floor(&NonZeroFelt::from_felt_unchecked(BOUND))))
    }

    /// Returns the address as a field element.
    pub const fn felt(&self) -> Felt {
        self.0
    }
}

impl FromStr for AccountAddress {
    type Err = SigningError;

    fn from_str(text: &str) -> Result<Self, SigningError> {
        Felt::from_hex_within(text, &(BOUND - Inner::ONE), "account").map(Self)
    }
}

impl TryFrom<String> for AccountAddress {
    type Error = SigningError;

    fn try_from(text: String) -> Result<Self, SigningError> {
        text.parse()
    }
}

impl From<AccountAddress> for String {
    fn from(address: AccountAddress) -> Self {
        address.to_string()
    }
}

impl fmt::Display for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountAddress({self})")
    }
}

/// An Ethereum address. It displays in lower case; the feature `evm` adds the checksummed form.
///
/// ```
/// use paradex_api_ext::signing::EthereumAddress;
///
/// let address: EthereumAddress = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".parse()?;
/// assert_eq!(address.to_string(), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EthereumAddress(pub(super) [u8; 20]);

impl EthereumAddress {
    /// Creates an address from its 20 bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// Returns the 20 bytes.
    pub const fn to_bytes(&self) -> [u8; 20] {
        self.0
    }
}

/// Parses `0x` and exactly 40 digits. Capital letters are allowed; the checksum is not verified.
impl FromStr for EthereumAddress {
    type Err = SigningError;

    fn from_str(text: &str) -> Result<Self, SigningError> {
        let refuse = |kind| SigningError::new("Ethereum address", kind);
        let mut bytes = [0; 20];
        read_hex(text, &mut bytes).map_err(refuse)?;
        if text.len() != 42 {
            return Err(refuse(SigningErrorKind::WrongLength));
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for EthereumAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&write_hex(&self.0))
    }
}

impl fmt::Debug for EthereumAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EthereumAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::starknet_keccak;

    #[test]
    fn constants_match_their_texts() {
        let prefix = super::Felt::from_short_string("STARKNET_CONTRACT_ADDRESS").unwrap();
        assert_eq!(super::PREFIX, prefix.0);
        assert_eq!(super::INITIALIZE, starknet_keccak("initialize"));
        let bound = super::Inner::TWO.pow(251u32) - super::Inner::from(256u32);
        assert_eq!(super::BOUND, bound);
    }
}
