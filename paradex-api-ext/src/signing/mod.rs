//! Keys, messages and signatures: what an account signs, and how.
//!
//! All of it is pure. There is no clock, no randomness and no network in here: times, nonces and entropy are
//! given by the caller.
//!
//! ```
//! use paradex_api_ext::paradex_api::Decimal;
//! use paradex_api_ext::signing::{Felt, MessagePrefix, Order, Scaled, Side, StarknetPrivateKey};
//!
//! # fn from_your_vault() -> &'static str { "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc" }
//! // Once.
//! let key = StarknetPrivateKey::from_hex(from_your_vault())?;
//! let account = "0x10956208935bc19c48f89bd2467f89d5c88406daaf4dbc43fdb3d2364590146".parse()?;
//! let prefix = MessagePrefix::new("PRIVATE_SN_PARACLEAR_MAINNET", account)?;
//! let (market, limit) = (Felt::short_string("BTC-USD-PERP")?, Felt::short_string("LIMIT")?);
//!
//! // For each order.
//! let hash = prefix.order(&Order {
//!     timestamp_ms: 1_767_225_600_123,
//!     market,
//!     side: Side::Buy,
//!     order_type: limit,
//!     size: Scaled::from_decimal(Decimal::new(1, 1))?,
//!     price: Scaled::from_decimal(Decimal::new(2_950_012, 2))?,
//! });
//! let signature = key.sign(&hash)?;
//! assert!(signature.to_wire().expose().starts_with("[\"801"));
//! # Ok::<(), paradex_api_ext::signing::SigningError>(())
//! ```
//!
//! # What is where
//!
//! * Numbers and texts: [`Felt`], [`Scaled`].
//! * Keys: [`StarknetPrivateKey`], [`PublicKey`], [`Signature`]; how to sign: [`SignOptions`].
//! * Accounts: [`AccountAddress`], [`EthereumAddress`].
//! * Messages of a chain: [`MessagePrefix`], with [`AuthRequest`], [`Order`], [`ModifyOrder`], [`AlgoOrder`],
//!   [`BlockTrade`] and [`BlockTradeOffer`]. Without a chain: [`SubkeyRegistration`], [`SubkeyActivation`].
//! * Ethereum accounts: [`EthereumSignature`]; with the feature `evm` also their private keys and the texts
//!   by which they sign in.
//!
//! The fields of a message are public and none is optional: another field would be another message.
//!
//! # Where the messages come from
//!
//! From what the exchange's Python SDK 0.8.2 signs, as run, and its documentation. The test vectors were
//! computed with that SDK and agree with other implementations; what only the documentation says
//! ([`SubkeyActivation`]) says so. Nothing here was tried on the live exchange.
//!
//! # Speed
//!
//! An order takes 13 Pedersen hashes; four of them are the same for all orders of an account and are made
//! once. The signature takes one multiplication of the curve's generator, for which there is a table. On one
//! thread an order is hashed and signed about 2.15 times as fast as with the library used plainly, and about
//! 2.2 times on the route of the feature `signing-vartime`; the signature alone 7.5 and 9 times
//! (`cargo bench --bench signing`). What is left is the library's Pedersen hash.

mod address;
mod block_trade;
mod error;
mod ethereum;
#[cfg(feature = "evm")]
mod evm;
mod felt;
mod key;
mod message;
mod table;

pub use address::{AccountAddress, EthereumAddress, StarknetAccountClasses};
pub use block_trade::{BlockTrade, BlockTradeOffer, BlockTradeOrder, Trade};
pub use error::{SigningError, SigningErrorKind};
pub use ethereum::EthereumSignature;
#[cfg(feature = "evm")]
#[cfg_attr(docsrs, doc(cfg(feature = "evm")))]
pub use evm::{EthereumPrivateKey, SignIn, SignInPurpose, derivation_hash};
pub use felt::{Felt, Scaled};
pub use key::{PublicKey, SignOptions, Signature, SigningRoute, StarknetPrivateKey};
pub use message::{
    AlgoOrder, AuthRequest, MessageHash, MessagePrefix, ModifyOrder, Order, Side, SubkeyActivation,
    SubkeyRegistration,
};
