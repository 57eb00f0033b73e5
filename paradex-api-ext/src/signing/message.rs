//! What is signed with Pedersen hashes: requests, orders, and subkeys.

use starknet_rust_crypto::{pedersen_hash, poseidon_hash_many};
use starknet_types_core::felt::Felt as Inner;

use super::address::AccountAddress;
use super::error::{SigningError, SigningErrorKind};
use super::felt::{Felt, Scaled};
use super::key::PublicKey;

/// The hash of a message: what a key signs.
///
/// The messages of this module make it. One that comes from elsewhere is taken as it is, and a hash that says
/// what its maker likes can move money; so sign none that you have not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageHash(Felt);

impl MessageHash {
    /// The hash as a number.
    pub const fn felt(&self) -> Felt {
        self.0
    }
}

impl From<Felt> for MessageHash {
    fn from(hash: Felt) -> Self {
        Self(hash)
    }
}

impl std::fmt::Display for MessageHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

/// What all messages of one account on one chain begin with, hashed once.
///
/// Make it once and keep it: without it each order would cost four hashes more. It is the account's own
/// address also where a subkey signs.
///
/// ```
/// use paradex_api_ext::signing::{Felt, MessagePrefix, Order, Scaled, Side};
///
/// let prefix = MessagePrefix::new("PRIVATE_SN_PARACLEAR_MAINNET", "0x1234".parse()?)?;
/// let hash = prefix.order(&Order {
///     timestamp_ms: 1_767_225_600_123,
///     market: Felt::from_short_string("BTC-USD-PERP")?,
///     side: Side::Buy,
///     order_type: Felt::from_short_string("LIMIT")?,
///     size: Scaled::from_integer(10_000_000),
///     price: Scaled::from_integer(2_950_012_000_000),
/// });
/// # let _ = hash;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessagePrefix {
    account: AccountAddress,
    /// The hash of the chain for Poseidon messages.
    domain: Inner,
    /// The Pedersen chain over everything before the message itself.
    pedersen: Inner,
}

/// `StarkNet Message` as a short string.
const STARKNET_MESSAGE: Inner = Inner::from_hex_unchecked("0x537461726b4e6574204d657373616765");
/// `Paradex` as a short string.
const PARADEX: Inner = Inner::from_hex_unchecked("0x50617261646578");
/// `POST`, `/v1/auth`, `Onboarding` and `MARKET` as short strings.
const POST: Inner = Inner::from_hex_unchecked("0x504f5354");
const AUTH_PATH: Inner = Inner::from_hex_unchecked("0x2f76312f61757468");
const ONBOARDING: Inner = Inner::from_hex_unchecked("0x4f6e626f617264696e67");
const MARKET: Inner = Inner::from_hex_unchecked("0x4d41524b4554");

// Each chain begins with the Pedersen hash of 0 and the hash of its type. The tests compute these from the
// types, which stand above them.

/// `StarkNetDomain(name:felt,chainId:felt,version:felt)`: in this order, which is not the usual one.
const DOMAIN_START: Inner =
    Inner::from_hex_unchecked("0x4624e85c564eced2c90cf6791271c21563d9e1d00a62f4f4d021dff95033b");
/// `Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)`
const REQUEST_START: Inner =
    Inner::from_hex_unchecked("0x6e4c185db10f9a1b113fbcb6cc59ef478588785d079c83f37aab7ac12f41ad7");
/// `Constant(action:felt)`
const CONSTANT_START: Inner =
    Inner::from_hex_unchecked("0x665c834a435a2436ba9b166d4119fa881587ad65d03c0a7f6e0e44fda41d9ce");
/// `Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)`
const ORDER_START: Inner =
    Inner::from_hex_unchecked("0x748f5d690d26afa29f384537c0276f4781c8fa41150a6c6976f73d019a846cd");
/// `ModifyOrder(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt,id:felt)`
const MODIFY_ORDER_START: Inner =
    Inner::from_hex_unchecked("0x71fc8b421338f4f1c293a4d317b19b099323894912ed47ad9e688730f7e9b7e");

/// The hash of
/// `"StarknetDomain"("name":"shortstring","version":"shortstring","chainId":"shortstring","revision":"shortstring")`.
const DOMAIN_TYPE: Inner =
    Inner::from_hex_unchecked("0x1ff2f602e42168014d405a94f75e8a93d640751d71d16311266e140d8b0a210");

impl MessagePrefix {
    /// The prefix of this account on this chain, whose name `GET /system/config` has as `starknet_chain_id`.
    ///
    /// # Errors
    ///
    /// The chain's name is empty or no short string.
    pub fn new(chain_id: &str, account: AccountAddress) -> Result<Self, SigningError> {
        if chain_id.is_empty() {
            return Err(SigningError::new("chain id", SigningErrorKind::Empty));
        }
        let chain = Felt::from_short_string(chain_id)
            .map_err(|error| error.with_field("chain id"))?
            .0;
        let pedersen_domain = close(DOMAIN_START, &[PARADEX, chain, Inner::ONE]);
        let start = pedersen_hash(&Inner::ZERO, &STARKNET_MESSAGE);
        Ok(Self {
            account,
            // Version and revision are both 1.
            domain: poseidon_hash_many(&[DOMAIN_TYPE, PARADEX, Inner::ONE, chain, Inner::ONE]),
            pedersen: chain_of(start, &[pedersen_domain, account.felt().0]),
        })
    }

    /// The account.
    pub const fn account(&self) -> AccountAddress {
        self.account
    }

    /// The hash that `POST /v1/auth` wants signed.
    pub fn auth_request(&self, request: &AuthRequest) -> MessageHash {
        let (begin, end) = (request.timestamp.into(), request.expiration.into());
        // The body is empty.
        self.finish(close(REQUEST_START, &[POST, AUTH_PATH, Inner::ZERO, begin, end]))
    }

    /// The hash that `POST /v1/onboarding` wants signed.
    pub fn onboarding(&self) -> MessageHash {
        self.finish(close(CONSTANT_START, &[ONBOARDING]))
    }

    /// The hash of a new order.
    pub fn order(&self, order: &Order) -> MessageHash {
        self.finish(close(ORDER_START, &order.fields()))
    }

    /// The hash of an order that replaces another.
    pub fn modify_order(&self, modification: &ModifyOrder) -> MessageHash {
        let [timestamp, market, side, order_type, size, price] = modification.order.fields();
        let id = modification.id.0;
        let fields = [timestamp, market, side, order_type, size, price, id];
        self.finish(close(MODIFY_ORDER_START, &fields))
    }

    /// The hash of an algo order (TWAP).
    pub fn algo_order(&self, order: &AlgoOrder) -> MessageHash {
        self.order(&Order {
            timestamp_ms: order.timestamp_ms,
            market: order.market,
            side: order.side,
            order_type: Felt(MARKET),
            size: order.size,
            price: Scaled::ZERO,
        })
    }

    /// The hash of a Pedersen message, of which this is the part after the account.
    fn finish(&self, structure: Inner) -> MessageHash {
        let chain = chain_of(self.pedersen, &[structure]);
        MessageHash(Felt(pedersen_hash(&chain, &Inner::from(4u8))))
    }

    /// The hash of a Poseidon message, of which this is the part after the account.
    pub(super) fn finish_poseidon(&self, structure: Inner) -> MessageHash {
        let parts = [STARKNET_MESSAGE, self.domain, self.account.felt().0, structure];
        MessageHash(Felt(poseidon_hash_many(&parts)))
    }
}

/// The Pedersen hash of each value with that of all before it.
fn chain_of(start: Inner, values: &[Inner]) -> Inner {
    values
        .iter()
        .fold(start, |hash, value| pedersen_hash(&hash, value))
}

/// A structure of a type and these fields; their number comes last, and the type counts.
fn close(start: Inner, fields: &[Inner]) -> Inner {
    pedersen_hash(&chain_of(start, fields), &Inner::from(fields.len() + 1))
}

/// The Pedersen hash of an array: its length comes last.
pub(super) fn pedersen_array(values: &[Inner]) -> Inner {
    pedersen_hash(&chain_of(Inner::ZERO, values), &Inner::from(values.len()))
}

/// A request for a session, to be sent to `POST /v1/auth` or, for a subkey, `POST /v1/auth/{public_key}`.
///
/// The path that is signed is `/v1/auth` for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthRequest {
    /// When it begins, in seconds since 1970.
    pub timestamp: u64,
    /// When it ends, in seconds since 1970.
    pub expiration: u64,
}

/// The side of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Signed as 1.
    Buy,
    /// Signed as 2.
    Sell,
}

impl Side {
    pub(super) fn felt(self) -> Inner {
        match self {
            Self::Buy => Inner::ONE,
            Self::Sell => Inner::TWO,
        }
    }
}

/// The part of an order that is signed. Nothing else of it is: no trigger price, client id, instruction or flag.
///
/// The values are hashed as they are. Who fills them in makes sure that they are those of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The `signature_timestamp` of the request, in milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The market as a short string.
    pub market: Felt,
    /// The side.
    pub side: Side,
    /// The type as a short string, such as `LIMIT`.
    pub order_type: Felt,
    /// The size.
    pub size: Scaled,
    /// The price: 0 for the type `MARKET`, whatever the request says, and where there is none.
    pub price: Scaled,
}

impl Order {
    fn fields(&self) -> [Inner; 6] {
        [
            self.timestamp_ms.into(),
            self.market.0,
            self.side.felt(),
            self.order_type.0,
            self.size.felt(),
            self.price.felt(),
        ]
    }
}

/// An order that takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModifyOrder {
    /// The order as it shall be.
    pub order: Order,
    /// The identifier of the order that it replaces, read by [`Felt::from_text`].
    pub id: Felt,
}

/// The part of an algo order that is signed: it counts as a market order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlgoOrder {
    /// The `signature_timestamp` of the request, in milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The market as a short string.
    pub market: Felt,
    /// The side.
    pub side: Side,
    /// The whole size.
    pub size: Scaled,
}

/// The registration of a subkey, signed by the account's own key.
///
/// ```
/// use paradex_api_ext::signing::{StarknetPrivateKey, SubkeyRegistration};
///
/// let (main, subkey) = (StarknetPrivateKey::from_hex("0x12")?, StarknetPrivateKey::from_hex("0x34")?);
/// let registration = SubkeyRegistration {
///     account: "0x1234".parse()?,
///     subkey: subkey.public_key(),
///     timestamp: 1_767_225_600,
///     expiry: 1_767_225_900,
/// };
/// let [r, s] = main.sign(&registration.hash()?)?.to_hex_pair();
/// assert!(r.expose().starts_with("0x") && s.expose().starts_with("0x"));
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubkeyRegistration {
    /// The account.
    pub account: AccountAddress,
    /// The subkey.
    pub subkey: PublicKey,
    /// The `signature_timestamp` of the request, in seconds since 1970.
    pub timestamp: u64,
    /// The `signature_expiry` of the request, in seconds since 1970.
    pub expiry: u64,
}

impl SubkeyRegistration {
    /// How long after its beginning the signature may end, in seconds.
    pub const LONGEST: u64 = 600;

    /// The hash, which has no prefix: it is the same on every chain.
    ///
    /// # Errors
    ///
    /// The end is not after the beginning, or more than 10 minutes after it.
    pub fn hash(&self) -> Result<MessageHash, SigningError> {
        match self.expiry.checked_sub(self.timestamp) {
            Some(1..=Self::LONGEST) => {}
            _ => {
                return Err(SigningError::new(
                    "signature expiry",
                    SigningErrorKind::InvalidExpiry,
                ));
            }
        }
        let parts = [
            self.account.felt().0,
            self.subkey.felt().0,
            self.timestamp.into(),
            self.expiry.into(),
        ];
        Ok(MessageHash(Felt(pedersen_array(&parts))))
    }
}

/// The activation of a subkey, signed by its ephemeral key.
///
/// The exchange's document describes this in words only, and no client of its own signs it. So this is a
/// reading of those words that nobody has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubkeyActivation {
    /// The timestamp of the request, in seconds since 1970.
    pub timestamp: u64,
    /// The ephemeral public key.
    pub ephemeral_key: PublicKey,
}

impl SubkeyActivation {
    /// The hash of the pair, without a prefix or a length.
    pub fn hash(&self) -> MessageHash {
        let key = self.ephemeral_key.felt().0;
        MessageHash(Felt(pedersen_hash(&self.timestamp.into(), &key)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use sha3::{Digest, Keccak256};
    use starknet_rust_crypto::pedersen_hash;

    use super::Inner;

    /// The Keccak hash of which Starknet uses 250 bits.
    pub(in crate::signing) fn starknet_keccak(text: &str) -> Inner {
        let mut hash: [u8; 32] = Keccak256::digest(text).into();
        hash[0] &= 3;
        Inner::from_bytes_be(&hash)
    }

    fn start(text: &str) -> Inner {
        pedersen_hash(&Inner::ZERO, &starknet_keccak(text))
    }

    #[test]
    fn constants_come_from_their_texts() {
        let short = |text| super::Felt::from_short_string(text).unwrap().0;
        for (constant, text) in [
            (super::STARKNET_MESSAGE, "StarkNet Message"),
            (super::PARADEX, "Paradex"),
            (super::POST, "POST"),
            (super::AUTH_PATH, "/v1/auth"),
            (super::ONBOARDING, "Onboarding"),
            (super::MARKET, "MARKET"),
        ] {
            assert_eq!(constant, short(text), "{text}");
        }
        for (constant, text) in [
            (
                super::DOMAIN_START,
                "StarkNetDomain(name:felt,chainId:felt,version:felt)",
            ),
            (
                super::REQUEST_START,
                "Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)",
            ),
            (super::CONSTANT_START, "Constant(action:felt)"),
            (
                super::ORDER_START,
                "Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)",
            ),
            (
                super::MODIFY_ORDER_START,
                "ModifyOrder(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt,id:felt)",
            ),
        ] {
            assert_eq!(constant, start(text), "{text}");
        }
        let domain = concat!(
            r#""StarknetDomain"("name":"shortstring","version":"shortstring","#,
            r#""chainId":"shortstring","revision":"shortstring")"#
        );
        assert_eq!(super::DOMAIN_TYPE, starknet_keccak(domain));
    }
}
