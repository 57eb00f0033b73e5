//! Block trades and offers: SNIP-12 typed data of revision 1, hashed with Poseidon.

use starknet_rust_crypto::{poseidon_hash, poseidon_hash_many};
use starknet_types_core::felt::Felt as Inner;

use super::address::AccountAddress;
use super::error::{SigningError, SigningErrorKind};
use super::felt::{Felt, Scaled};
use super::message::{MessageHash, MessagePrefix, Side};

/// The SNIP-12 type hash of `"BlockTrade"("version":"shortstring","nonce":"felt","expiration":"felt","trades":"merkletree")`.
const BLOCK_TRADE: Inner =
    Inner::from_hex_unchecked("0x38bfaa052c35468d27b9c4ab624d07de67d3a616e611460c0fc9651352cb3fa");
/// The type hash of `"BlockTradeOffer"`: the same fields, and `"block_trade_id":"felt"` before the trades.
const BLOCK_TRADE_OFFER: Inner =
    Inner::from_hex_unchecked("0x23f0974e984334a5b05d7c89a93261fe7711c804fa0009f29a1da75c52690b5");
/// The type hash of `"Trade"(…)`, with the fields of [`Trade`] in the order of [`Trade::hash`], followed by the type of its
/// orders.
const TRADE: Inner =
    Inner::from_hex_unchecked("0x9af6f218307be8dbb196b4d898bcc7aea6866111b877636d583fe41e3a728");
/// The type hash of
/// `"BlockTradeOrder"("account":"felt","side":"shortstring","type":"shortstring","size":"felt","price":"felt")`.
const ORDER: Inner =
    Inner::from_hex_unchecked("0x35f27baffbf2c8da75c16ba73777e8ed4cd024a54dc5763aeb4f1038550b39a");
/// The field `version` of both messages.
const VERSION: Inner = Inner::TWO;

/// A block trade, as each party to it signs it.
///
/// ```
/// use paradex_api_ext::signing::{BlockTrade, Felt, MessagePrefix, Scaled, Trade};
///
/// let prefix = MessagePrefix::new("PRIVATE_SN_PARACLEAR_MAINNET", "0x1234".parse()?)?;
/// let trade = Trade {
///     min_size: Scaled::from_integer(100_000_000),
///     max_size: Scaled::from_integer(1_000_000_000),
///     ..Trade::new("SOL-USD-PERP")
/// };
/// let block = BlockTrade { nonce: Felt::from_text("67890")?, expiration_ms: 1_767_225_900_000, trades: vec![trade] };
/// let hash = prefix.block_trade(&block)?;
/// # let _ = hash;
/// # Ok::<(), paradex_api_ext::signing::SigningError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias("otc", "rfq"))]
pub struct BlockTrade {
    /// The nonce, encoded by [`Felt::from_text`].
    pub nonce: Felt,
    /// When the signature expires, in milliseconds since 1970.
    pub expiration_ms: u64,
    /// The trades, in any order.
    pub trades: Vec<Trade>,
}

/// An offer for a block trade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockTradeOffer {
    /// The nonce, encoded by [`Felt::from_text`].
    pub nonce: Felt,
    /// When the signature expires, in milliseconds since 1970.
    pub expiration_ms: u64,
    /// The id of the block trade, encoded by [`Felt::from_text`].
    pub block_trade_id: Felt,
    /// The trades, in any order.
    pub trades: Vec<Trade>,
}

/// One trade of a block trade. A field that is 0 or `None` is signed as 0.
///
/// Create one with [`Trade::new`] and set the fields that apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// The market, such as `BTC-USD-PERP`.
    pub market: String,
    /// The price.
    pub price: Scaled,
    /// The size.
    pub size: Scaled,
    /// The maker's order.
    pub maker_order: Option<BlockTradeOrder>,
    /// The taker's order.
    pub taker_order: Option<BlockTradeOrder>,
    /// The smallest size.
    pub min_size: Scaled,
    /// The largest size.
    pub max_size: Scaled,
    /// The lowest price.
    pub min_price: Scaled,
    /// The highest price.
    pub max_price: Scaled,
    /// How far the price may be from the oracle price.
    pub oracle_tolerance: Scaled,
}

/// One order of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockTradeOrder {
    /// The account that places the order.
    pub account: AccountAddress,
    /// The side.
    pub side: Side,
    /// The type as a short string, such as `LIMIT`.
    pub order_type: Felt,
    /// The size.
    pub size: Scaled,
    /// The price.
    pub price: Scaled,
}

impl MessagePrefix {
    /// Computes the hash of a block trade.
    ///
    /// # Errors
    ///
    /// There are no trades, or a market is not a short string.
    pub fn block_trade(&self, block: &BlockTrade) -> Result<MessageHash, SigningError> {
        Ok(self.finish_poseidon(poseidon_hash_many(&[
            BLOCK_TRADE,
            VERSION,
            block.nonce.inner(),
            block.expiration_ms.into(),
            merkle_root(&block.trades)?,
        ])))
    }

    /// Computes the hash of an offer for a block trade.
    ///
    /// # Errors
    ///
    /// As [`block_trade`](Self::block_trade).
    pub fn block_trade_offer(&self, offer: &BlockTradeOffer) -> Result<MessageHash, SigningError> {
        Ok(self.finish_poseidon(poseidon_hash_many(&[
            BLOCK_TRADE_OFFER,
            VERSION,
            offer.nonce.inner(),
            offer.expiration_ms.into(),
            offer.block_trade_id.inner(),
            merkle_root(&offer.trades)?,
        ])))
    }
}

impl Trade {
    /// Creates a trade in this market. All other fields are 0 or `None`.
    pub fn new(market: impl Into<String>) -> Self {
        Self {
            market: market.into(),
            price: Scaled::ZERO,
            size: Scaled::ZERO,
            maker_order: None,
            taker_order: None,
            min_size: Scaled::ZERO,
            max_size: Scaled::ZERO,
            min_price: Scaled::ZERO,
            max_price: Scaled::ZERO,
            oracle_tolerance: Scaled::ZERO,
        }
    }

    fn hash(&self) -> Result<Inner, SigningError> {
        if self.market.is_empty() {
            return Err(SigningError::new("market", SigningErrorKind::Empty));
        }
        let market = Felt::from_short_string(&self.market).map_err(|error| error.with_field("market"))?;
        Ok(poseidon_hash_many(&[
            TRADE,
            market.inner(),
            self.price.inner(),
            self.size.inner(),
            BlockTradeOrder::hash(self.maker_order.as_ref()),
            BlockTradeOrder::hash(self.taker_order.as_ref()),
            self.min_size.inner(),
            self.max_size.inner(),
            self.min_price.inner(),
            self.max_price.inner(),
            self.oracle_tolerance.inner(),
        ]))
    }
}

impl BlockTradeOrder {
    fn hash(order: Option<&Self>) -> Inner {
        let fields = order.map_or([Inner::ZERO; 5], |order| {
            [
                order.account.felt().inner(),
                order.side.inner(),
                order.order_type.inner(),
                order.size.inner(),
                order.price.inner(),
            ]
        });
        let [account, side, order_type, size, price] = fields;
        poseidon_hash_many(&[ORDER, account, side, order_type, size, price])
    }
}

/// The root of the SNIP-12 Merkle tree over the trades, sorted by market.
fn merkle_root(trades: &[Trade]) -> Result<Inner, SigningError> {
    let mut sorted: Vec<_> = trades.iter().collect();
    sorted.sort_by(|a, b| a.market.cmp(&b.market));
    let mut nodes = sorted
        .into_iter()
        .map(Trade::hash)
        .collect::<Result<Vec<_>, _>>()?;
    while nodes.len() > 1 {
        nodes = nodes
            .chunks(2)
            .map(|pair| match *pair {
                [a, b] => poseidon_hash(a.min(b), a.max(b)),
                // A node without a sibling is paired with 0, the smaller of the two.
                _ => poseidon_hash(Inner::ZERO, pair.iter().copied().sum()),
            })
            .collect();
    }
    nodes
        .pop()
        .ok_or(SigningError::new("trades", SigningErrorKind::NoTrades))
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::starknet_keccak;

    #[test]
    fn type_hashes_match_their_types() {
        let order = concat!(
            r#""BlockTradeOrder"("account":"felt","side":"shortstring","type":"shortstring","#,
            r#""size":"felt","price":"felt")"#
        );
        let trade = concat!(
            r#""Trade"("market":"shortstring","price":"felt","size":"felt","#,
            r#""maker_order":"BlockTradeOrder","taker_order":"BlockTradeOrder","#,
            r#""min_size":"felt","max_size":"felt","min_price":"felt","max_price":"felt","#,
            r#""oracle_tolerance":"felt")"#
        );
        let block = r#""BlockTrade"("version":"shortstring","nonce":"felt","expiration":"felt","trades":"merkletree")"#;
        let offer = concat!(
            r#""BlockTradeOffer"("version":"shortstring","nonce":"felt","expiration":"felt","#,
            r#""block_trade_id":"felt","trades":"merkletree")"#
        );
        assert_eq!(super::ORDER, starknet_keccak(order));
        assert_eq!(super::TRADE, starknet_keccak(&format!("{trade}{order}")));
        assert_eq!(super::BLOCK_TRADE, starknet_keccak(block));
        assert_eq!(super::BLOCK_TRADE_OFFER, starknet_keccak(offer));
    }
}
