//! What is watched as a table: a row for each market, or the newest trades.

use std::collections::VecDeque;
use std::fmt;
use std::time::SystemTime;

use paradex_api_ext::paradex_api::visible;
use paradex_api_ext::stream::{Market, Outage};

use super::cells::{CELL, bbo_cells, book_lines, summary_cells, time_of_day, trade_cells};
use super::grid::write_grid;
use super::source::Seen;
use super::{View, Watch};
use crate::console::line;

/// How many trades are shown.
const TAPE: usize = 20;

/// The state of a table. Its text has no colours.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    schema_version: Option<u16>,
    columns: &'static [Column],
    rows: Vec<Row>,
    /// `None` if there is a row for each market.
    tape: Option<VecDeque<Vec<String>>>,
    losses: u64,
    last_loss: Option<String>,
    outage: Option<String>,
    /// Shown until the first trade.
    note: Option<String>,
}

/// A heading, and whether it is above numbers.
type Column = (&'static str, bool);

#[derive(Debug)]
struct Row {
    market: String,
    /// One or more lines of the columns between market and state.
    lines: Vec<Vec<String>>,
    state: &'static str,
    losses: u64,
}

impl Row {
    fn new(market: &str) -> Self {
        Self {
            market: visible(market, CELL),
            lines: Vec::new(),
            state: "pending",
            losses: 0,
        }
    }
}

impl Table {
    pub(crate) fn new(watch: &Watch, environment: &str) -> Self {
        let columns: &[Column] = match watch {
            Watch::Bbo(_) => &[
                ("BID", true),
                ("SIZE", true),
                ("ASK", true),
                ("SIZE", true),
                ("SPREAD bps", true),
                ("TIME", false),
            ],
            Watch::Book { .. } => &[("SIZE", true), ("BID", true), ("ASK", true), ("SIZE", true)],
            Watch::Trades(_) => &[
                ("SIDE", false),
                ("PRICE", true),
                ("SIZE", true),
                ("TYPE", false),
                ("TIME", false),
            ],
            _ => &[
                ("LAST", true),
                ("MARK", true),
                ("INDEX", true),
                ("FUNDING", true),
                ("24H %", true),
                ("VOLUME", true),
                ("OPEN INT", true),
            ],
        };
        let is_tape = matches!(watch, Watch::Trades(_));
        let mut table = Self {
            title: format!("{} at {}", watch.name(), visible(environment, CELL)),
            schema_version: None,
            columns,
            rows: Vec::new(),
            tape: is_tape.then(VecDeque::new),
            losses: 0,
            last_loss: None,
            outage: None,
            note: None,
        };
        if !is_tape {
            for market in watch.markets().iter().filter(|market| *market != "ALL") {
                table.row(market);
            }
        }
        table
    }

    fn row(&mut self, market: &str) -> Option<&mut Row> {
        let place = match self.rows.iter().position(|row| row.market == market) {
            Some(place) => place,
            None => {
                self.rows.push(Row::new(market));
                self.rows.len() - 1
            }
        };
        self.rows.get_mut(place)
    }

    fn set(&mut self, market: &str, lines: Vec<Vec<String>>) {
        if let Some(row) = self.row(market) {
            row.lines = lines;
            row.state = "live";
        }
    }

    fn record(&mut self, cells: Vec<String>) {
        if let Some(tape) = &mut self.tape {
            if tape.len() == TAPE {
                tape.pop_front();
            }
            tape.push_back(cells);
        }
    }

    fn each(&mut self, market: Option<&str>, change: impl FnMut(&mut Row)) {
        let rows = self.rows.iter_mut();
        rows.filter(|row| market.is_none_or(|market| row.market == market))
            .for_each(change);
    }

    /// The heading and the lines below it.
    fn lines(&self) -> Vec<Vec<String>> {
        let mut heading = vec!["MARKET"];
        heading.extend(self.columns.iter().map(|(name, _)| *name));
        let mut lines = Vec::new();
        if let Some(tape) = &self.tape {
            lines.extend(tape.iter().cloned());
        } else {
            heading.extend(["STATE", "LOSSES"]);
            for row in &self.rows {
                let absent = vec!["-".to_owned(); self.columns.len()];
                let (first, more) = row.lines.split_first().unwrap_or((&absent, &[]));
                let mut line = vec![row.market.clone()];
                line.extend(first.iter().cloned());
                line.extend([row.state.to_owned(), row.losses.to_string()]);
                lines.push(line);
                for cells in more {
                    let mut line = vec![String::new()];
                    line.extend(cells.iter().cloned());
                    lines.push(line);
                }
            }
        }
        lines.insert(0, heading.into_iter().map(str::to_owned).collect());
        lines
    }
}

impl View for Table {
    fn set_outage(&mut self, outage: Option<&Outage>) {
        self.outage = outage.map(|outage| line(&outage.to_string()));
    }

    fn set_note(&mut self, text: &str) {
        self.note = Some(text.to_owned());
    }

    fn apply(&mut self, seen: &Seen) {
        if seen.is_item() {
            self.note = None;
        }
        match seen {
            Seen::Bbo(bbo) => self.set(bbo.market.as_str(), vec![bbo_cells(bbo)]),
            Seen::Book(book) => self.set(book.market.as_str(), book_lines(book)),
            Seen::Summary(summary) => {
                let market = summary.symbol.as_deref().unwrap_or("-");
                self.set(market, vec![summary_cells(summary)]);
            }
            Seen::Trade(trade) => self.record(trade_cells(trade)),
            // Another table shows accounts.
            Seen::Account(_) => {}
            Seen::Lost(lost) => {
                let affected = lost.market().map(Market::as_str);
                self.losses += 1;
                let text = match affected {
                    Some(market) => format!("{market}  {}", lost.cause()),
                    None => format!("all markets  {}", lost.cause()),
                };
                let dropped = match lost.dropped() {
                    0 => String::new(),
                    dropped => format!(", {dropped} items dropped"),
                };
                self.last_loss = Some(format!("{} {text}{dropped}", time_of_day(SystemTime::now())));
                self.record(vec![
                    affected.unwrap_or("all").to_owned(),
                    format!("lost; {}{dropped}", lost.cause()),
                ]);
                self.each(affected, |row| {
                    // What was shown is not known to hold any more.
                    row.lines.clear();
                    row.state = "unknown";
                    row.losses += 1;
                });
            }
            Seen::Live(live) => {
                self.schema_version = Some(live.schema_version());
                self.each(live.market().map(Market::as_str), |row| row.state = "live");
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title)?;
        match self.schema_version {
            Some(version) => writeln!(f, ", schema version {version}; Ctrl-C ends\n")?,
            None => writeln!(f, ", connecting; Ctrl-C ends\n")?,
        }
        let columns = self.columns;
        let is_number = |place: usize| {
            let column = place.checked_sub(1).and_then(|place| columns.get(place));
            column.is_some_and(|(_, is_number)| *is_number)
        };
        write_grid(f, self.lines(), is_number)?;
        match &self.last_loss {
            Some(last) => write!(f, "\nlosses: {}, the last at {last}", self.losses)?,
            None => write!(f, "\nlosses: 0")?,
        }
        if let Some(note) = &self.note {
            write!(f, "\n{note}")?;
        }
        match &self.outage {
            Some(outage) => write!(f, "\nwarning: {outage}"),
            None => Ok(()),
        }
    }
}
