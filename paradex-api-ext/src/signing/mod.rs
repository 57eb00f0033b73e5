//! Keys, messages (SNIP-12 typed data) and signatures (ECDSA on the Starknet curve).
//!
//! Most programs do not need this module: [`Client::orders`](crate::Client::orders) signs orders, and
//! [`Credentials`](crate::Credentials) sign in. It is for signers outside of this process, block trades, and programs that send
//! requests themselves.
//!
//! ```
//! use paradex_api_ext::paradex_api::Decimal;
//! use paradex_api_ext::signing::{Felt, MessagePrefix, Order, Scaled, Side, StarknetPrivateKey};
//!
//! # fn from_your_vault() -> &'static str { "0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc" }
//! // Once for each account.
//! let key = StarknetPrivateKey::from_hex(from_your_vault())?;
//! let account = "0x10956208935bc19c48f89bd2467f89d5c88406daaf4dbc43fdb3d2364590146".parse()?;
//! let prefix = MessagePrefix::new("PRIVATE_SN_PARACLEAR_MAINNET", account)?;
//! let (market, limit) = (Felt::from_short_string("BTC-USD-PERP")?, Felt::from_short_string("LIMIT")?);
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
//! Without the feature `signing`, which is on by default, this module has texts, numbers and addresses alone: [`Felt`], [`Scaled`],
//! [`AccountAddress`], [`EthereumAddress`] and their errors.
//!
//! Everything here is pure: no clock, no randomness, no network. The caller passes times and nonces.
//!
//! # Overview
//!
//! | to do | use |
//! |---|---|
//! | encode texts and numbers | [`Felt`], [`Scaled`] |
//! | sign and verify | [`StarknetPrivateKey`], [`PublicKey`], [`Signature`] |
//! | name accounts | [`AccountAddress`], [`EthereumAddress`] |
//! | hash messages of a chain | [`MessagePrefix`] with [`AuthRequest`], [`Order`], [`ModifyOrder`], [`AlgoOrder`], [`BlockTrade`], [`BlockTradeOffer`] |
//! | hash messages without a chain | [`SubkeyRegistration`], [`SubkeyActivation`] |
//! | use Ethereum accounts | [`EthereumSignature`]; with the feature `evm` also private keys and sign-in texts (SIWE) |
//!
//! The fields of a message are public and none is optional: another field would be another message.
//!
//! # Sources
//!
//! The messages are what the exchange's Python SDK 0.8.2 signs when it is run, and what the exchange documents. The test
//! vectors were computed with that SDK and agree with other implementations. [`SubkeyActivation`] is known from the
//! documentation only. Nothing here was tried on the live exchange.
//!
//! # Performance
//!
//! An order takes 13 Pedersen hashes. Four of them are the same for all orders of an account and are computed once. The ECDSA
//! signature takes one multiplication of the curve's generator, by a precomputed table. On one thread, hashing and signing an
//! order is about 2.15 times as fast as with the curve library alone, and about 2.2 times with the feature `signing-vartime`;
//! the signature alone is 7.5 and 9 times as fast (`cargo bench -p paradex-benches --bench signing`). Most of the remaining
//! time is the library's Pedersen hash.

mod address;
#[cfg(feature = "signing")]
mod block_trade;
#[cfg(feature = "signing")]
mod derived_address;
mod error;
#[cfg(feature = "signing")]
mod ethereum;
#[cfg(feature = "evm")]
mod evm;
mod felt;
#[cfg(feature = "signing")]
mod field;
#[cfg(feature = "signing")]
mod key;
pub(crate) mod key_text;
#[cfg(feature = "signing")]
mod message;
#[cfg(feature = "signing")]
mod table;

pub use address::{AccountAddress, EthereumAddress};
pub use error::{SigningError, SigningErrorKind};
pub use felt::{Felt, Scaled};

#[cfg(feature = "signing")]
#[cfg_attr(docsrs, doc(cfg(feature = "signing")))]
pub use {
    block_trade::{BlockTrade, BlockTradeOffer, BlockTradeOrder, Trade},
    derived_address::StarknetAccountClasses,
    ethereum::EthereumSignature,
    key::{PublicKey, SignOptions, Signature, SigningRoute, StarknetPrivateKey},
    message::{
        AlgoOrder, AuthRequest, MessageHash, MessagePrefix, ModifyOrder, Order, Side, SubkeyActivation,
        SubkeyRegistration,
    },
};

#[cfg(feature = "evm")]
#[cfg_attr(docsrs, doc(cfg(feature = "evm")))]
pub use evm::{EthereumPrivateKey, SiweMessage, SiwePurpose, derivation_hash};
