//! From an order event in SBE to the update of a private connection.

#[path = "../../src/stream/private/channel.rs"]
mod channel;
#[path = "../../src/stream/private/event.rs"]
mod event;
#[path = "../../src/stream/private/secrets.rs"]
mod secrets;

use channel::PrivateChannel;
use event::PrivateEvent;
use paradex_api::sbe::Message;
use paradex_api::testing::sbe::OrderEvent;
use secrets::ConnectionSecrets;

use super::MARKET;

/// A connection with a token as long as those of the exchange.
pub(super) struct Connection(ConnectionSecrets);

impl Connection {
    pub(super) fn new() -> Self {
        let token = (0..420_u32).map(|at| char::from_digit(at * at % 31, 36).unwrap_or('x'));
        let header = format!("Bearer {}", token.collect::<String>());
        let header = header.parse().expect("it is the value of a header");
        Self(ConnectionSecrets::new(&header))
    }

    /// Does what a connection does with a frame.
    pub(super) fn update(&self, frame: &[u8]) -> PrivateEvent {
        let message = Message::decode(frame).expect("it is a frame");
        let Ok(Some(event)) = PrivateEvent::from_sbe(&message) else {
            panic!("it is an order");
        };
        assert!(!self.0.may_be_in(frame), "the frame has the token");
        event
    }
}

pub(super) fn order() -> Vec<u8> {
    let event = OrderEvent {
        price: Some("29500.12".parse().expect("it is a decimal")),
        size: "0.05".parse().expect("it is a decimal"),
        size_open: "0.04".parse().expect("it is a decimal"),
        status: 3.into(),
        side: 1.into(),
        order_type: 1.into(),
        time_in_force: 3.into(),
        order_id: "1681462103821101699438490000".to_owned(),
        client_order_id: "x1234".to_owned(),
        market: MARKET.to_owned(),
        account: paradex_api::sbe::AccountAddress::new([7; 32]),
        ..OrderEvent::default()
    };
    event.encode(2)
}
