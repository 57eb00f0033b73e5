//! Addresses of accounts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::{SigningError, SigningErrorKind};
use super::felt::{Felt, read_hex, write_hex};

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
pub struct AccountAddress(pub(super) Felt);

/// The largest address, 2^251 - 257, in big-endian order.
const LARGEST: [u8; 32] = {
    let mut bytes = [u8::MAX; 32];
    [bytes[0], bytes[30], bytes[31]] = [7, 0xfe, 0xff];
    bytes
};

impl AccountAddress {
    /// Returns the address as a field element.
    pub const fn felt(&self) -> Felt {
        self.0
    }
}

impl FromStr for AccountAddress {
    type Err = SigningError;

    fn from_str(text: &str) -> Result<Self, SigningError> {
        Felt::from_hex_within(text, &LARGEST, "account").map(Self)
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
