//! The updates of an account, as one sequence.

use std::collections::{BTreeSet, VecDeque};
use std::time::SystemTime;

use paradex_api_ext::Client;
use paradex_api_ext::stream::{AccountStream, AccountUpdate, Outage, Reconciliation, StreamError};

use super::cursor_file::CursorFile;
use super::{AccountArgs, AccountKind, markets};
use crate::console::Failure;
use crate::watch::Seen;

pub(crate) struct AccountSource {
    stream: AccountStream,
    kind: AccountKind,
    /// Empty for all.
    markets: BTreeSet<String>,
    cursor: Option<CursorFile>,
    pending: VecDeque<Seen>,
}

impl AccountSource {
    pub(crate) fn open(
        kind: AccountKind,
        markets: &[String],
        args: &AccountArgs,
        client: &Client,
    ) -> Result<Self, Failure> {
        let markets = filter(markets);
        let mut builder = client.account_stream();
        if let Some(since) = args.since.and_then(|age| SystemTime::now().checked_sub(age)) {
            builder = builder.since(since);
        }
        let mut file = None;
        if let Some(path) = &args.cursor {
            let (opened, cursor) = CursorFile::open(path, command(kind, &markets))?;
            file = Some(opened);
            if let Some(cursor) = cursor {
                builder = builder.cursor(cursor);
            }
        }
        Ok(Self {
            stream: builder.start(),
            kind,
            markets,
            cursor: file,
            pending: VecDeque::new(),
        })
    }

    /// Checks the markets that are named, unless an earlier run did.
    pub(crate) async fn check_markets(&self, client: &Client) -> Result<(), Failure> {
        match &self.cursor {
            Some(file) if file.has_cursor() => Ok(()),
            _ => markets::check(&self.markets, client).await,
        }
    }

    /// Waits for the next; `None` when the stream has ended. A dropped future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Seen> {
        loop {
            if let Some(seen) = self.pending.pop_front() {
                return Some(seen);
            }
            let update = self.stream.next().await?;
            self.take(update);
        }
    }

    pub(crate) fn outage(&self) -> Option<Outage> {
        self.stream.outage()
    }

    pub(crate) fn error(&self) -> Option<&StreamError> {
        self.stream.error()
    }

    /// Stores how far the reader has come.
    pub(crate) fn store_cursor(&mut self) -> Result<(), Failure> {
        // The reader has not seen all of the last update.
        if !self.pending.is_empty() {
            return Ok(());
        }
        match (&mut self.cursor, self.stream.cursor()) {
            (Some(file), Some(cursor)) => file.store(cursor),
            _ => Ok(()),
        }
    }

    /// Queues what is to be shown of an update.
    fn take(&mut self, update: AccountUpdate) {
        match update {
            AccountUpdate::Lost(lost) => self.pending.push_back(Seen::Lost(lost)),
            AccountUpdate::Reconciled(mut found) => {
                self.restrict(&mut found);
                for update in changes(&found, self.kind) {
                    self.show(update);
                }
                self.show(AccountUpdate::Reconciled(found));
            }
            update => self.show(update),
        }
    }

    fn show(&mut self, update: AccountUpdate) {
        if is_of(&update, self.kind) && self.has_market(&update) {
            self.pending.push_back(Seen::Account(Box::new(update)));
        }
    }

    fn has_market(&self, update: &AccountUpdate) -> bool {
        match update {
            AccountUpdate::Order(order) => self.contains(&order.market),
            AccountUpdate::Fill(fill) => self.contains(&fill.market),
            AccountUpdate::Position(position) => self.contains(&position.market),
            _ => true,
        }
    }

    fn contains(&self, market: &Option<String>) -> bool {
        self.markets.is_empty()
            || market
                .as_ref()
                .is_some_and(|market| self.markets.contains(market))
    }

    /// Removes other markets from what was found. An unresolved order of an unknown market stays.
    fn restrict(&self, found: &mut Reconciliation) {
        found.orders.retain(|order| self.contains(&order.market));
        found
            .closed_meanwhile
            .retain(|order| self.contains(&order.market));
        found.fills_found.retain(|fill| self.contains(&fill.market));
        found.positions.retain(|position| self.contains(&position.market));
        let unresolved = &mut found.unresolved.orders;
        unresolved.retain(|order| order.market.is_none() || self.contains(&order.market));
    }
}

/// The markets that are shown; empty for all.
fn filter(markets: &[String]) -> BTreeSet<String> {
    match markets.iter().any(|market| market == "ALL") {
        true => BTreeSet::new(),
        false => markets.iter().cloned().collect(),
    }
}

/// The command without its options.
fn command(kind: AccountKind, markets: &BTreeSet<String>) -> String {
    let words = ["watch", kind.name()].into_iter();
    let words: Vec<&str> = words.chain(markets.iter().map(String::as_str)).collect();
    words.join(" ")
}

/// What a reconciliation found, as the updates that would have said it.
fn changes(found: &Reconciliation, kind: AccountKind) -> Vec<AccountUpdate> {
    match kind {
        AccountKind::Orders => {
            let orders = found.closed_meanwhile.iter().chain(&found.orders);
            orders
                .map(|order| AccountUpdate::Order(Box::new(order.clone())))
                .collect()
        }
        AccountKind::Fills => {
            let fills = found.fills_found.iter();
            fills
                .map(|fill| AccountUpdate::Fill(Box::new(fill.clone())))
                .collect()
        }
        AccountKind::Positions => {
            let positions = found.positions.iter();
            positions
                .map(|position| AccountUpdate::Position(Box::new(position.clone())))
                .collect()
        }
        AccountKind::Account => found
            .summary
            .iter()
            .map(|summary| AccountUpdate::Summary(summary.clone()))
            .collect(),
    }
}

fn is_of(update: &AccountUpdate, kind: AccountKind) -> bool {
    match update {
        AccountUpdate::Lost(_) | AccountUpdate::Reconciled(_) => true,
        AccountUpdate::Order(_) | AccountUpdate::Modification(_) => kind == AccountKind::Orders,
        AccountUpdate::Fill(_) => kind == AccountKind::Fills,
        AccountUpdate::Bust(_) => matches!(kind, AccountKind::Fills | AccountKind::Account),
        AccountUpdate::Position(_) => kind == AccountKind::Positions,
        _ => kind == AccountKind::Account,
    }
}
