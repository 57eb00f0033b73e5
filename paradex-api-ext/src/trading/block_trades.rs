//! Signatures for block trades and offers.

use std::time::{Duration, SystemTime};

use paradex_api::types::{BlockTradeSignature, BlockTradeSignatureType};

use crate::auth::{AccountSigner, Purpose};
use crate::client::Client;
use crate::error::{AuthenticationError, Error, InvalidInput};
use crate::signing::{BlockTrade, BlockTradeOffer, MessageHash, SigningError, Trade};

impl Client {
    /// Signs a block trade for the account of this client.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::signing::{BlockTrade, Felt, Scaled, Trade};
    ///
    /// # async fn example(client: Client, in_a_minute_ms: u64) -> Result<(), Box<dyn std::error::Error>> {
    /// let block = BlockTrade {
    ///     nonce: Felt::from(1_u64),
    ///     expiration_ms: in_a_minute_ms,
    ///     trades: vec![Trade {
    ///         price: Scaled::from_decimal("29500".parse()?)?,
    ///         size: Scaled::from_decimal("10".parse()?)?,
    ///         ..Trade::new("BTC-USD-PERP")
    ///     }],
    /// };
    /// let signature = client.sign_block_trade(&block).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The signature goes into the request that creates or executes the trade, through [`Client::api`].
    ///
    /// # Errors
    ///
    /// The client has no Starknet key, there is no session, the trade cannot be signed, or the signer refused.
    #[doc(alias("otc", "rfq"))]
    pub async fn sign_block_trade(&self, block: &BlockTrade) -> Result<BlockTradeSignature, Error> {
        let signer = self.account_signer_in_time().await?;
        let hash = signer.prefix().block_trade(block).map_err(unsignable)?;
        let nonce = block.nonce.to_decimal();
        let mut fields = vec![("nonce", nonce.clone())];
        fields.extend(described(&block.trades));
        sign(&signer, nonce, block.expiration_ms, fields, hash).await
    }

    /// Signs an offer for a block trade for the account of this client.
    ///
    /// # Errors
    ///
    /// As for [`sign_block_trade`](Self::sign_block_trade).
    pub async fn sign_block_trade_offer(
        &self,
        offer: &BlockTradeOffer,
    ) -> Result<BlockTradeSignature, Error> {
        let signer = self.account_signer_in_time().await?;
        let hash = signer.prefix().block_trade_offer(offer).map_err(unsignable)?;
        let nonce = offer.nonce.to_decimal();
        let mut fields = vec![
            ("nonce", nonce.clone()),
            ("block_trade_id", offer.block_trade_id.to_string()),
        ];
        fields.extend(described(&offer.trades));
        sign(&signer, nonce, offer.expiration_ms, fields, hash).await
    }
}

fn unsignable(error: SigningError) -> Error {
    let remedy = "correct the trade";
    InvalidInput::new("block_trade", error.field(), error.to_string(), remedy).into()
}

/// The trades as a signer is shown them.
fn described(trades: &[Trade]) -> impl Iterator<Item = (&'static str, String)> {
    trades.iter().map(|trade| {
        let (size, price) = (trade.size.to_integer(), trade.price.to_integer());
        (
            "trade",
            format!("{} size {size}e-8 price {price}e-8", trade.market),
        )
    })
}

async fn sign(
    signer: &AccountSigner,
    nonce: String,
    expiration_ms: u64,
    fields: Vec<(&'static str, String)>,
    hash: MessageHash,
) -> Result<BlockTradeSignature, Error> {
    let expires = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(expiration_ms));
    let signature = signer
        .sign(Purpose::BlockTrade, expires, fields, hash)
        .await
        .map_err(AuthenticationError::Signer)?;
    let now = crate::time::unix_milliseconds(signer.now());
    let signed = BlockTradeSignature::new(
        nonce,
        signature.to_wire(),
        crate::time::integer(expiration_ms),
        crate::time::integer(now),
        BlockTradeSignatureType::Starknet,
        signer.account().to_string(),
    );
    Ok(match signer.subkey() {
        Some(key) => signed.signer_public_key(key.to_string()),
        None => signed,
    })
}
