//! What the stream of an account yields.

use std::fmt;

use paradex_api::serde_json::Value;
use paradex_api::types;

use super::fills::Verified;
use crate::stream::update::Lost;

/// What an [`AccountStream`](super::AccountStream) yields.
///
/// Records have the fields of the REST API, so their times are in milliseconds since the Unix epoch. What the encoding of the
/// connection lacks is `None`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AccountUpdate {
    /// An order is new, has changed or has closed. A state that is older than what was yielded before is left out.
    Order(Box<types::Order>),
    /// The exchange decided on the modification of an order. It comes once for each request.
    Modification(Modification),
    /// A fill, once for each id.
    Fill(Box<types::Fill>),
    /// A position has changed.
    Position(Box<types::Position>),
    /// The margin summary of the account has changed.
    Summary(Box<types::AccountSummary>),
    /// A balance has changed.
    Balance(Box<types::BalanceEvent>),
    /// A fill was undone, because its settlement on chain failed.
    #[doc(alias = "tradebust")]
    Bust(Box<types::Tradebust>),
    /// Funding was paid or received.
    Funding(Box<types::FundingPayment>),
    /// A deposit, withdrawal or other transfer has changed.
    #[doc(alias = "deposit")]
    #[doc(alias = "withdrawal")]
    Transfer(Box<types::Transfer>),
    /// A transaction on chain has changed.
    Transaction(Box<types::Transaction>),
    /// A request for quote, a quote or its result.
    Rfq(Box<types::RfqEvent>),
    /// An event of the market maker protection, which no document describes.
    #[doc(alias = "market maker protection")]
    Mmp(Value),
    /// An event of a block trade, which no document describes.
    BlockTrade(Value),
    /// Something was missed, or may have been. Until [`Reconciled`](Self::Reconciled), nothing is claimed.
    Lost(Lost),
    /// The account was read from the REST API. From here on the stream is complete again.
    Reconciled(Box<Reconciliation>),
}

/// The result of reading the account from the REST API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reconciliation {
    /// The number of the connection, which grows with each new connection of the group.
    pub connection: u64,
    /// All open orders.
    pub orders: Vec<types::Order>,
    /// Orders that were open before and have closed meanwhile, in their final state, and others that closed while the account was
    /// read.
    pub closed_meanwhile: Vec<types::Order>,
    /// Fills that were not yielded before, oldest first.
    #[doc(alias = "missed fills")]
    pub fills_found: Vec<types::Fill>,
    /// All open positions.
    pub positions: Vec<types::Position>,
    /// The margin summary.
    pub summary: Option<Box<types::AccountSummary>>,
    /// What could not be read.
    pub unresolved: Unresolved,
    /// Which fills are known by that, for the cursor.
    pub(super) verified: Verified,
}

/// What a reconciliation could not find out.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Unresolved {
    /// Orders that were open, each in its last known state: the exchange lists none of them as open, and shows no end of them. They
    /// are asked for again at each comparison, and an event resolves them too.
    pub orders: Vec<types::Order>,
    /// How many orders and fills the exchange returned without an id, so that nothing could be concluded from them.
    pub unreadable: usize,
    /// The channels that the exchange refused or did not acknowledge within 10 s. The stream has none of their events, and subscribes
    /// to them again with the next connection.
    pub refused_channels: Vec<String>,
}

impl Unresolved {
    /// Returns whether everything is known.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.unreadable == 0 && self.refused_channels.is_empty()
    }
}

impl fmt::Display for Reconciliation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} open orders, {} closed meanwhile, {} fills found, {} positions",
            self.orders.len(),
            self.closed_meanwhile.len(),
            self.fills_found.len(),
            self.positions.len()
        )?;
        if !self.unresolved.orders.is_empty() {
            write!(f, "; {} orders unresolved", self.unresolved.orders.len())?;
        }
        if self.unresolved.unreadable > 0 {
            write!(f, "; {} entries unreadable", self.unresolved.unreadable)?;
        }
        if !self.unresolved.refused_channels.is_empty() {
            write!(f, "; without {}", self.unresolved.refused_channels.join(", "))?;
        }
        Ok(())
    }
}

/// What became of the modification of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Modification {
    /// The id of the order.
    pub order_id: String,
    /// The id that the exchange gave the request.
    pub request_id: String,
    /// The outcome.
    pub outcome: ModificationOutcome,
}

/// The final outcome of a modification.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModificationOutcome {
    /// The order was modified.
    Success,
    /// The order is as it was.
    #[non_exhaustive]
    Rejected {
        /// The reason, in the words of the exchange.
        message: Option<String>,
    },
}
