//! An account as a table: its open orders, its positions, its newest fills, or its balance and the newest other events.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Display};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use paradex_api_ext::paradex_api::types::{
    AccountSummary, Fill, Order, OrderStatus, Position, PositionStatus,
};
use paradex_api_ext::paradex_api::visible;
use paradex_api_ext::stream::{AccountUpdate, Outage};

use super::{AccountKind, value};
use crate::console::line;
use crate::watch::cells::{CELL, time_of_day};
use crate::watch::grid::write_grid;
use crate::watch::{Seen, View};

/// How many fills or other events are shown.
const TAPE: usize = 20;

/// The state of a table. Its text has no colours.
#[derive(Debug)]
pub(crate) struct AccountTable {
    title: String,
    kind: AccountKind,
    state: &'static str,
    /// By market and id, so that they keep their order.
    rows: BTreeMap<(String, String), Vec<String>>,
    tape: VecDeque<Vec<String>>,
    /// What the last reconciliation found.
    reconciled: Option<String>,
    losses: u64,
    last_loss: Option<String>,
    outage: Option<String>,
}

/// A heading, and whether it is above numbers.
type Column = (&'static str, bool);

const ORDERS: &[Column] = &[
    ("MARKET", false),
    ("SIDE", false),
    ("TYPE", false),
    ("SIZE", true),
    ("REMAINING", true),
    ("PRICE", true),
    ("STATUS", false),
    ("CLIENT ID", false),
    ("TIME", false),
];
const FILLS: &[Column] = &[
    ("MARKET", false),
    ("SIDE", false),
    ("SIZE", true),
    ("PRICE", true),
    ("FEE", true),
    ("LIQUIDITY", false),
    ("CLIENT ID", false),
    ("TIME", false),
];
const POSITIONS: &[Column] = &[
    ("MARKET", false),
    ("SIDE", false),
    ("SIZE", true),
    ("ENTRY", true),
    ("UNREALIZED", true),
    ("FUNDING", true),
    ("LIQUIDATION", true),
];
const SUMMARY: &[Column] = &[
    ("ACCOUNT VALUE", true),
    ("COLLATERAL", true),
    ("FREE", true),
    ("INITIAL", true),
    ("MAINTENANCE", true),
    ("STATUS", false),
];

impl AccountTable {
    pub(crate) fn new(kind: AccountKind, account: &str, environment: &str) -> Self {
        let (account, environment) = (visible(account, CELL), visible(environment, CELL));
        Self {
            title: format!("{} of {account} at {environment}", kind.name()),
            kind,
            state: "connecting",
            rows: BTreeMap::new(),
            tape: VecDeque::new(),
            reconciled: None,
            losses: 0,
            last_loss: None,
            outage: None,
        }
    }

    fn update(&mut self, update: &AccountUpdate) {
        match update {
            AccountUpdate::Order(order) => self.order(order),
            AccountUpdate::Position(position) => self.position(position),
            AccountUpdate::Summary(summary) => self.summary(summary),
            AccountUpdate::Fill(fill) => self.record(fill_cells(fill)),
            AccountUpdate::Reconciled(found) => {
                self.state = "live";
                self.rows.clear();
                match self.kind {
                    AccountKind::Orders => found.orders.iter().for_each(|order| self.order(order)),
                    AccountKind::Positions => {
                        found
                            .positions
                            .iter()
                            .for_each(|position| self.position(position));
                    }
                    AccountKind::Fills => {}
                    AccountKind::Account => {
                        found.summary.iter().for_each(|summary| self.summary(summary));
                    }
                }
                let now = time_of_day(SystemTime::now());
                self.reconciled = Some(line(&format!("{now} {found}")));
            }
            AccountUpdate::Modification(_) => {}
            other => self.record(event_cells(other)),
        }
    }

    fn order(&mut self, order: &Order) {
        let key = (text(&order.market), text(&order.id));
        match order.status == Some(OrderStatus::Closed) {
            true => drop(self.rows.remove(&key)),
            false => drop(self.rows.insert(key, order_cells(order))),
        }
    }

    fn position(&mut self, position: &Position) {
        let key = (text(&position.market), String::new());
        match position.status == Some(PositionStatus::Closed) {
            true => drop(self.rows.remove(&key)),
            false => drop(self.rows.insert(key, position_cells(position))),
        }
    }

    fn summary(&mut self, summary: &AccountSummary) {
        self.rows
            .insert((String::new(), String::new()), summary_cells(summary));
    }

    fn record(&mut self, cells: Vec<String>) {
        if self.tape.len() == TAPE {
            self.tape.pop_front();
        }
        self.tape.push_back(cells);
    }
}

impl View for AccountTable {
    fn set_outage(&mut self, outage: Option<&Outage>) {
        self.outage = outage.map(|outage| line(&outage.to_string()));
    }

    fn apply(&mut self, seen: &Seen) {
        match seen {
            Seen::Account(update) => self.update(update),
            Seen::Lost(lost) => {
                // What was shown is not known to hold any more.
                self.rows.clear();
                self.state = "unknown";
                self.losses += 1;
                let now = time_of_day(SystemTime::now());
                self.last_loss = Some(line(&format!("{now} {lost}")));
            }
            _ => {}
        }
    }
}

impl Display for AccountTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {}; Ctrl-C ends\n", self.title, self.state)?;
        let grid = |f: &mut fmt::Formatter<'_>, columns: &[Column], rows: Vec<Vec<String>>| {
            let heading = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
            let lines = std::iter::once(heading).chain(rows).collect();
            let is_number = |column: usize| columns.get(column).is_some_and(|(_, is_number)| *is_number);
            write_grid(f, lines, is_number)
        };
        let rows = || self.rows.values().cloned().collect();
        let tape = || self.tape.iter().cloned().collect();
        match self.kind {
            AccountKind::Orders => grid(f, ORDERS, rows())?,
            AccountKind::Fills => grid(f, FILLS, tape())?,
            AccountKind::Positions => grid(f, POSITIONS, rows())?,
            AccountKind::Account => {
                grid(f, SUMMARY, rows())?;
                for cells in &self.tape {
                    write!(f, "\n{}", cells.join("  "))?;
                }
                if !self.tape.is_empty() {
                    writeln!(f)?;
                }
            }
        }
        match &self.reconciled {
            Some(found) => write!(f, "\nreconciled: {found}")?,
            None => write!(f, "\nreconciled: not yet")?,
        }
        match &self.last_loss {
            Some(last) => write!(f, "\nlosses: {}, the last at {last}", self.losses)?,
            None => write!(f, "\nlosses: 0")?,
        }
        match &self.outage {
            Some(outage) => write!(f, "\nwarning: {outage}"),
            None => Ok(()),
        }
    }
}

fn order_cells(order: &Order) -> Vec<String> {
    vec![
        text(&order.market),
        text(&order.side),
        text(&order.type_),
        text(&order.size),
        text(&order.remaining_size),
        text(&order.price),
        text(&order.status),
        text(&order.client_id),
        time(order.last_updated_at),
    ]
}

fn fill_cells(fill: &Fill) -> Vec<String> {
    vec![
        text(&fill.market),
        text(&fill.side),
        text(&fill.size),
        text(&fill.price),
        text(&fill.fee),
        text(&fill.liquidity),
        text(&fill.client_id),
        time(fill.created_at),
    ]
}

fn position_cells(position: &Position) -> Vec<String> {
    vec![
        text(&position.market),
        text(&position.side),
        text(&position.size),
        text(&position.average_entry_price),
        text(&position.unrealized_pnl),
        text(&position.unrealized_funding_pnl),
        text(&position.liquidation_price),
    ]
}

fn summary_cells(summary: &AccountSummary) -> Vec<String> {
    vec![
        text(&summary.account_value),
        text(&summary.total_collateral),
        text(&summary.free_collateral),
        text(&summary.initial_margin_requirement),
        text(&summary.maintenance_margin_requirement),
        text(&summary.status),
    ]
}

/// An event of another kind, as it is in JSON.
fn event_cells(update: &AccountUpdate) -> Vec<String> {
    let shown = value(update).map_or_else(|error| error.to_string(), |value| value.to_string());
    vec![time_of_day(SystemTime::now()), visible(&shown, 2 * CELL)]
}

fn text(value: &Option<impl Display>) -> String {
    value
        .as_ref()
        .map_or_else(|| "-".to_owned(), |value| visible(&value.to_string(), CELL))
}

/// Milliseconds since the Unix epoch as a time of the day.
fn time(millis: Option<i64>) -> String {
    let time = millis
        .and_then(|millis| u64::try_from(millis).ok())
        .and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
    time.map_or_else(|| "-".to_owned(), time_of_day)
}
