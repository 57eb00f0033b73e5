//! From an order to a signed request. Both come from the same fields, so they agree.

use paradex_api::types::{self, AlgoOrderRequest, ModifyOrderRequest, OrderRequest, OrderSide, OrderType};

use super::algo_order::NewAlgoOrder;
use super::new_order::NewOrder;
use super::placement::SigningTime;
use crate::auth::{AccountSigner, Purpose, SignerError};
use crate::signing::{self, Felt, Scaled, Side, SigningError};
use crate::time::{integer, unix_milliseconds};

impl NewOrder {
    /// The part that is signed.
    fn message(&self, timestamp_ms: u64) -> Result<signing::Order, SigningError> {
        Ok(signing::Order {
            timestamp_ms,
            market: Felt::from_short_string(&self.market)?,
            side: signed_side(&self.side),
            order_type: Felt::from_short_string(self.order_type.as_str())?,
            size: Scaled::from_decimal(self.size)?,
            price: self.price.map_or(Ok(Scaled::ZERO), Scaled::from_decimal)?,
        })
    }

    /// The fields that a signer is shown.
    fn fields(&self, timestamp_ms: u64) -> Vec<(&'static str, String)> {
        vec![
            ("timestamp", timestamp_ms.to_string()),
            ("market", self.market.clone()),
            ("side", self.side.to_string()),
            ("orderType", self.order_type.to_string()),
            ("size", self.size.normalize().to_string()),
            ("price", self.price.unwrap_or_default().normalize().to_string()),
        ]
    }

    pub(super) async fn sign(
        &self,
        signer: &AccountSigner,
        time: SigningTime,
    ) -> Result<OrderRequest, SignerError> {
        let timestamp = unix_milliseconds(time.signed_at);
        let hash = signer.prefix().order(&self.message(timestamp)?);
        let signature = signer
            .sign(Purpose::Order, time.expires_at(), self.fields(timestamp), hash)
            .await?;
        let mut request = OrderRequest::new(
            self.instruction.clone(),
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            self.order_type.clone(),
        )
        .recv_window(time.recv_window());
        if let Some(price) = self.price {
            request = request.price(price.normalize());
        }
        if let Some(price) = self.trigger_price {
            request = request.trigger_price(price.normalize());
        }
        if let Some(id) = &self.client_id {
            request = request.client_id(id);
        }
        if !self.flags.is_empty() {
            request = request.flags(self.flags.clone());
        }
        if let Some(mode) = &self.stp {
            request = request.stp(mode.as_str());
        }
        if let Some(account) = &self.on_behalf_of {
            request = request.on_behalf_of_account(account);
        }
        Ok(request)
    }

    /// Signs the order as a change of the open order with this id, given as text and as it is signed.
    pub(super) async fn sign_change(
        &self,
        id: &str,
        signed_id: Felt,
        signer: &AccountSigner,
        time: SigningTime,
    ) -> Result<ModifyOrderRequest, SignerError> {
        let timestamp = unix_milliseconds(time.signed_at);
        let hash = signer.prefix().modify_order(&signing::ModifyOrder {
            order: self.message(timestamp)?,
            id: signed_id,
        });
        let mut fields = self.fields(timestamp);
        fields.push(("id", id.to_owned()));
        let signature = signer
            .sign(Purpose::ModifyOrder, time.expires_at(), fields, hash)
            .await?;
        let mut request = ModifyOrderRequest::new(
            id,
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            self.order_type.as_str(),
        );
        if let Some(price) = self.price {
            request = request.price(price.normalize());
        }
        if let Some(price) = self.trigger_price {
            request = request.trigger_price(price.normalize());
        }
        if let Some(account) = &self.on_behalf_of {
            request = request.on_behalf_of_account(account);
        }
        Ok(request)
    }
}

impl NewAlgoOrder {
    pub(super) async fn sign(
        &self,
        signer: &AccountSigner,
        time: SigningTime,
    ) -> Result<AlgoOrderRequest, SignerError> {
        let timestamp = unix_milliseconds(time.signed_at);
        let hash = signer.prefix().algo_order(&signing::AlgoOrder {
            timestamp_ms: timestamp,
            market: Felt::from_short_string(&self.market)?,
            side: signed_side(&self.side),
            size: Scaled::from_decimal(self.size)?,
        });
        let fields = vec![
            ("timestamp", timestamp.to_string()),
            ("market", self.market.clone()),
            ("side", self.side.to_string()),
            ("orderType", "MARKET".to_owned()),
            ("size", self.size.normalize().to_string()),
            ("price", "0".to_owned()),
        ];
        let signature = signer
            .sign(Purpose::AlgoOrder, time.expires_at(), fields, hash)
            .await?;
        let mut request = AlgoOrderRequest::new(
            types::AlgoType::Twap.as_str(),
            integer(self.duration.as_secs()),
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            OrderType::Market,
        )
        .recv_window(time.recv_window());
        if let Some(frequency) = self.frequency {
            request = request.frequency(integer(frequency.as_secs()));
        }
        Ok(request)
    }
}

/// The side as it is signed, after [`known_side`](super::order_rules::known_side).
fn signed_side(side: &OrderSide) -> Side {
    match side {
        OrderSide::Sell => Side::Sell,
        _ => Side::Buy,
    }
}

#[cfg(test)]
mod tests {
    use super::super::new_order::NewOrder;
    use crate::signing::Scaled;
    use paradex_api::types::OrderSide;

    #[test]
    fn signed_numbers_are_the_decimals_of_the_order() {
        let number = |text: &str| text.parse().unwrap();
        let limit = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, number("0.1"), number("29500.12"));
        let message = limit.message(1).unwrap();
        assert_eq!(message.size, Scaled::from_integer(10_000_000));
        assert_eq!(message.price, Scaled::from_integer(2_950_012_000_000));
        let market = NewOrder::market("M", OrderSide::Sell, number("1"))
            .message(1)
            .unwrap();
        assert_eq!(market.price, Scaled::ZERO);
    }
}
