//! The events of private channels, from JSON and from SBE.

use paradex_api::serde_json::{self, Value};
use paradex_api::{sbe, types};
use serde::de::DeserializeOwned;

use super::PrivateChannel;

/// An event of the account. Fields that its encoding lacks are `None`, and so are empty texts.
#[derive(Debug, Clone)]
pub(crate) enum PrivateEvent {
    /// It has an id.
    Order(Box<types::Order>),
    /// It has an id.
    Fill(Box<types::Fill>),
    /// It has a market.
    Position(Box<types::Position>),
    Account(Box<types::AccountSummary>),
    Balance(Box<types::BalanceEvent>),
    Funding(Box<types::FundingPayment>),
    Transfer(Box<types::Transfer>),
    Bust(Box<types::Tradebust>),
    Transaction(Box<types::Transaction>),
    Rfq(Box<types::RfqEvent>),
    /// No document describes it.
    Mmp(Value),
    /// No document describes it.
    BlockTrade(Value),
}

/// An event that cannot be read, or without what names its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable;

impl PrivateEvent {
    pub(super) fn from_json(channel: PrivateChannel, data: Value) -> Result<Self, Unreadable> {
        let event = match channel {
            PrivateChannel::Orders => Self::Order(read(data)?),
            PrivateChannel::Fills => Self::Fill(read(data)?),
            PrivateChannel::Positions => Self::Position(read(data)?),
            PrivateChannel::Account => Self::Account(read(data)?),
            PrivateChannel::BalanceEvents => Self::Balance(read(data)?),
            PrivateChannel::FundingPayments => Self::Funding(read(data)?),
            PrivateChannel::Transfers => Self::Transfer(read(data)?),
            PrivateChannel::TradeBusts => Self::Bust(read(data)?),
            PrivateChannel::Transactions => Self::Transaction(read(data)?),
            PrivateChannel::Rfq => Self::Rfq(read(data)?),
            PrivateChannel::Mmp if data.is_object() => Self::Mmp(data),
            PrivateChannel::BlockTrades if data.is_object() => Self::BlockTrade(data),
            PrivateChannel::Mmp | PrivateChannel::BlockTrades => return Err(Unreadable),
        };
        event.normalized().checked()
    }

    /// The event of a message, if it is one of a private channel.
    pub(super) fn from_sbe(message: &sbe::Message<'_>) -> Result<Option<Self>, Unreadable> {
        let event = match *message {
            sbe::Message::Order(event) => Self::Order(Box::new(event.into())),
            sbe::Message::Fill(event) => Self::Fill(Box::new(event.into())),
            sbe::Message::Position(event) => Self::Position(Box::new(event.into())),
            sbe::Message::Account(event) => Self::Account(Box::new(event.into())),
            _ => return Ok(None),
        };
        event.checked().map(Some)
    }

    pub(super) fn channel(&self) -> PrivateChannel {
        match self {
            Self::Order(_) => PrivateChannel::Orders,
            Self::Fill(_) => PrivateChannel::Fills,
            Self::Position(_) => PrivateChannel::Positions,
            Self::Account(_) => PrivateChannel::Account,
            Self::Balance(_) => PrivateChannel::BalanceEvents,
            Self::Funding(_) => PrivateChannel::FundingPayments,
            Self::Transfer(_) => PrivateChannel::Transfers,
            Self::Bust(_) => PrivateChannel::TradeBusts,
            Self::Transaction(_) => PrivateChannel::Transactions,
            Self::Rfq(_) => PrivateChannel::Rfq,
            Self::Mmp(_) => PrivateChannel::Mmp,
            Self::BlockTrade(_) => PrivateChannel::BlockTrades,
        }
    }

    /// Without what names its subject, an event cannot be merged.
    fn checked(self) -> Result<Self, Unreadable> {
        let name = match &self {
            Self::Order(order) => &order.id,
            Self::Fill(fill) => &fill.id,
            Self::Position(position) => &position.market,
            _ => return Ok(self),
        };
        match name {
            Some(name) if !name.is_empty() => Ok(self),
            _ => Err(Unreadable),
        }
    }

    /// Writes the values of JSON as those of SBE are: no empty texts, and addresses in one spelling.
    fn normalized(mut self) -> Self {
        match &mut self {
            Self::Order(order) => {
                address(&mut order.account);
                for text in [&mut order.client_id, &mut order.cancel_reason, &mut order.market] {
                    not_empty(text);
                }
                if order
                    .instruction
                    .as_ref()
                    .is_some_and(|value| value.as_str().is_empty())
                {
                    order.instruction = None;
                }
                if let Some(info) = &mut order.request_info {
                    let texts = [
                        &mut info.id,
                        &mut info.message,
                        &mut info.request_type,
                        &mut info.status,
                    ];
                    let mut is_empty = true;
                    for text in texts {
                        not_empty(text);
                        is_empty &= text.is_none();
                    }
                    if is_empty {
                        order.request_info = None;
                    }
                }
            }
            Self::Fill(fill) => {
                address(&mut fill.account);
                let texts = [
                    &mut fill.client_id,
                    &mut fill.order_id,
                    &mut fill.market,
                    &mut fill.fee_currency,
                ];
                texts.into_iter().for_each(not_empty);
            }
            Self::Position(position) => {
                address(&mut position.account);
                not_empty(&mut position.last_fill_id);
            }
            Self::Account(account) => {
                address(&mut account.account);
                not_empty(&mut account.settlement_asset);
            }
            _ => {}
        }
        self
    }
}

fn read<T: DeserializeOwned>(data: Value) -> Result<Box<T>, Unreadable> {
    serde_json::from_value(data).map(Box::new).map_err(|_| Unreadable)
}

fn not_empty(text: &mut Option<String>) {
    if text.as_ref().is_some_and(String::is_empty) {
        *text = None;
    }
}

fn address(text: &mut Option<String>) {
    not_empty(text);
    let address = text.as_deref().and_then(sbe::AccountAddress::from_hex);
    if let Some(address) = address {
        *text = Some(address.to_string());
    }
}
