//! Sign-ins, orders and subkeys: SNIP-12 typed data of revision 0, hashed with Pedersen.

use starknet_rust_crypto::{pedersen_hash, poseidon_hash_many};
use starknet_types_core::felt::Felt as Inner;

use super::address::AccountAddress;
use super::error::{SigningError, SigningErrorKind};
use super::felt::{Felt, Scaled};
use super::field::felt;
use super::key::PublicKey;

/// The SNIP-12 hash of a message, which a key signs.
///
/// The messages of this module compute it. A hash from elsewhere can stand for any message, and signing it can move money: sign
/// only hashes that you have computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageHash(Felt);

impl MessageHash {
    /// Returns the hash as a field element.
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

/// The hashed start of all messages of one account on one chain: the SNIP-12 prefix, domain and account.
///
/// Create it once and keep it: it saves four hashes for each order. The account is the main account, also if a subkey signs.
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
    /// The domain hash of Poseidon messages (revision 1).
    domain: Inner,
    /// The Pedersen hash chain over everything before the struct hash.
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

// The start of each struct hash: the Pedersen hash of 0 and the type hash. The tests compute these from the types in the
// comments.

/// `StarkNetDomain(name:felt,chainId:felt,version:felt)`: in this unusual order.
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

/// The type hash of
/// `"StarknetDomain"("name":"shortstring","version":"shortstring","chainId":"shortstring","revision":"shortstring")`.
const DOMAIN_TYPE: Inner =
    Inner::from_hex_unchecked("0x1ff2f602e42168014d405a94f75e8a93d640751d71d16311266e140d8b0a210");

impl MessagePrefix {
    /// Creates the prefix of this account on this chain. `chain_id` is the `starknet_chain_id` of `GET /system/config`.
    ///
    /// # Errors
    ///
    /// The chain id is empty or not a short string.
    pub fn new(chain_id: &str, account: AccountAddress) -> Result<Self, SigningError> {
        if chain_id.is_empty() {
            return Err(SigningError::new("chain id", SigningErrorKind::Empty));
        }
        let chain = Felt::from_short_string(chain_id)
            .map_err(|error| error.with_field("chain id"))?
            .inner();
        let pedersen_domain = struct_hash(DOMAIN_START, &[PARADEX, chain, Inner::ONE]);
        let start = pedersen_hash(&Inner::ZERO, &STARKNET_MESSAGE);
        Ok(Self {
            account,
            // Version and revision are both 1.
            domain: poseidon_hash_many(&[DOMAIN_TYPE, PARADEX, Inner::ONE, chain, Inner::ONE]),
            pedersen: pedersen_chain(start, &[pedersen_domain, account.felt().inner()]),
        })
    }

    /// Returns the account.
    pub const fn account(&self) -> AccountAddress {
        self.account
    }

    /// Computes the hash of a sign-in, for `POST /v1/auth`.
    pub fn auth_request(&self, request: &AuthRequest) -> MessageHash {
        let (begin, end) = (request.timestamp.into(), request.expiration.into());
        // The body is empty.
        self.finish(struct_hash(
            REQUEST_START,
            &[POST, AUTH_PATH, Inner::ZERO, begin, end],
        ))
    }

    /// Computes the hash of the creation of an account, for `POST /v1/onboarding`.
    pub fn onboarding(&self) -> MessageHash {
        self.finish(struct_hash(CONSTANT_START, &[ONBOARDING]))
    }

    /// Computes the hash of a new order.
    pub fn order(&self, order: &Order) -> MessageHash {
        self.finish(struct_hash(ORDER_START, &order.fields()))
    }

    /// Computes the hash of a change to an order.
    pub fn modify_order(&self, modification: &ModifyOrder) -> MessageHash {
        let [timestamp, market, side, order_type, size, price] = modification.order.fields();
        let id = modification.id.inner();
        let fields = [timestamp, market, side, order_type, size, price, id];
        self.finish(struct_hash(MODIFY_ORDER_START, &fields))
    }

    /// Computes the hash of an algo order (TWAP).
    pub fn algo_order(&self, order: &AlgoOrder) -> MessageHash {
        self.order(&Order {
            timestamp_ms: order.timestamp_ms,
            market: order.market,
            side: order.side,
            order_type: felt(&MARKET),
            size: order.size,
            price: Scaled::ZERO,
        })
    }

    /// The hash of a Pedersen message with this struct hash.
    fn finish(&self, structure: Inner) -> MessageHash {
        let chain = pedersen_chain(self.pedersen, &[structure]);
        MessageHash(felt(&pedersen_hash(&chain, &Inner::from(4u8))))
    }

    /// The hash of a Poseidon message with this struct hash.
    pub(super) fn finish_poseidon(&self, structure: Inner) -> MessageHash {
        let parts = [
            STARKNET_MESSAGE,
            self.domain,
            self.account.felt().inner(),
            structure,
        ];
        MessageHash(felt(&poseidon_hash_many(&parts)))
    }
}

/// Hashes each value with the hash of all before it.
fn pedersen_chain(start: Inner, values: &[Inner]) -> Inner {
    values
        .iter()
        .fold(start, |hash, value| pedersen_hash(&hash, value))
}

/// The SNIP-12 hash of a struct. Last comes the number of its fields plus one for the type.
fn struct_hash(start: Inner, fields: &[Inner]) -> Inner {
    pedersen_hash(&pedersen_chain(start, fields), &Inner::from(fields.len() + 1))
}

/// The Pedersen hash of an array. Last comes its length.
pub(super) fn pedersen_array(values: &[Inner]) -> Inner {
    pedersen_hash(&pedersen_chain(Inner::ZERO, values), &Inner::from(values.len()))
}

/// A sign-in, sent to `POST /v1/auth` or, for a subkey, `POST /v1/auth/{public_key}`.
///
/// The signed path is `/v1/auth` in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthRequest {
    /// When the signature becomes valid, in seconds since 1970.
    pub timestamp: u64,
    /// When the signature expires, in seconds since 1970.
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
    pub(super) fn inner(self) -> Inner {
        match self {
            Self::Buy => Inner::ONE,
            Self::Sell => Inner::TWO,
        }
    }
}

/// The signed part of an order. Trigger price, client id, instruction and flags are not signed.
///
/// The caller must make sure that the values are those of the request.
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
    /// The price; 0 for the type `MARKET`, whatever the request says, and for an order without a price.
    pub price: Scaled,
}

impl Order {
    fn fields(&self) -> [Inner; 6] {
        [
            self.timestamp_ms.into(),
            self.market.inner(),
            self.side.inner(),
            self.order_type.inner(),
            self.size.inner(),
            self.price.inner(),
        ]
    }
}

/// A change to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModifyOrder {
    /// The order as it is to be.
    pub order: Order,
    /// The id of the order that is changed, encoded by [`Felt::from_text`].
    pub id: Felt,
}

/// The signed part of an algo order, which is signed as a market order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlgoOrder {
    /// The `signature_timestamp` of the request, in milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The market as a short string.
    pub market: Felt,
    /// The side.
    pub side: Side,
    /// The total size.
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
    /// The longest lifetime of the signature, in seconds.
    pub const LONGEST: u64 = 600;

    /// Computes the hash. It has no prefix, so it is the same on every chain.
    ///
    /// # Errors
    ///
    /// The expiry is not after the timestamp, or more than 10 minutes after it.
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
            self.account.felt().inner(),
            self.subkey.felt().inner(),
            self.timestamp.into(),
            self.expiry.into(),
        ];
        Ok(MessageHash(felt(&pedersen_array(&parts))))
    }
}

/// The activation of a subkey, signed by its ephemeral key.
///
/// The exchange's API document describes this in words only, and none of its clients signs it. So this is an interpretation that
/// has not been confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubkeyActivation {
    /// The timestamp of the request, in seconds since 1970.
    pub timestamp: u64,
    /// The ephemeral public key.
    pub ephemeral_key: PublicKey,
}

impl SubkeyActivation {
    /// Computes the hash of the pair, without a prefix or a length.
    pub fn hash(&self) -> MessageHash {
        let key = self.ephemeral_key.felt().inner();
        MessageHash(felt(&pedersen_hash(&self.timestamp.into(), &key)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use sha3::{Digest, Keccak256};
    use starknet_rust_crypto::pedersen_hash;

    use super::Inner;

    /// The lower 250 bits of the Keccak hash.
    pub(in crate::signing) fn starknet_keccak(text: &str) -> Inner {
        let mut hash: [u8; 32] = Keccak256::digest(text).into();
        hash[0] &= 3;
        Inner::from_bytes_be(&hash)
    }

    fn start(text: &str) -> Inner {
        pedersen_hash(&Inner::ZERO, &starknet_keccak(text))
    }

    #[test]
    fn constants_match_their_texts() {
        let short = |text| super::Felt::from_short_string(text).unwrap().inner();
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
