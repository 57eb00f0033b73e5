//! Scripts of prices: files that say which index price a market has when.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Markets, prices};

/// A script of prices that a simulator cannot follow, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPriceScript {
    path: PathBuf,
    line: Option<usize>,
    message: String,
}

impl InvalidPriceScript {
    /// Returns the line of the file, counted from 1, if the error is at one.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for InvalidPriceScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "price script {:?}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for InvalidPriceScript {}

/// The index prices of a pair of currencies, and when each begins, in milliseconds since the Unix epoch. Never empty.
#[derive(Debug, Clone)]
pub(super) struct Script(Arc<[(i64, f64)]>);

impl Script {
    /// Returns the price at a time. Before the first row, it is that of the first row.
    pub(super) fn at(&self, time: i64) -> f64 {
        let begun = self.0.partition_point(|(begin, _)| *begin <= time);
        let row = self.0.get(begun.saturating_sub(1));
        row.map_or(0.0, |(_, price)| *price)
    }

    /// Returns when prices of a time range begin.
    pub(super) fn changes(&self, from: i64, to: i64) -> impl Iterator<Item = i64> + '_ {
        let begins = self.0.iter().map(|(begin, _)| *begin);
        begins.filter(move |begin| (from..=to).contains(begin))
    }
}

/// Base and quote currency.
type Pair = (String, String);

/// A row of the file.
struct Row<'a> {
    /// Milliseconds since the start of the simulator.
    after: i64,
    market: &'a str,
    price: Decimal,
}

impl Markets {
    /// Makes index prices follow a file from a start, in milliseconds since the Unix epoch.
    pub(in crate::simulator) fn follow_script(
        &mut self,
        path: &Path,
        start: i64,
    ) -> Result<(), InvalidPriceScript> {
        let invalid = |line, message| InvalidPriceScript {
            path: path.to_owned(),
            line,
            message,
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| invalid(None, format!("it cannot be read: {error}; check the path")))?;
        self.follow_text(&text, start)
            .map_err(|(line, message)| invalid(line, message))
    }

    fn follow_text(&mut self, text: &str, start: i64) -> Result<(), (Option<usize>, String)> {
        let mut pairs: Vec<(Pair, Vec<(i64, f64)>)> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || (pairs.is_empty() && line == "time,market,price") {
                continue;
            }
            let failed = |message| (Some(number), message);
            let row = parse(line).map_err(failed)?;
            let pair = self.scripted_pair(&row).map_err(failed)?;
            let position = pairs.iter().position(|(other, _)| *other == pair);
            let begin = start.saturating_add(row.after);
            let entry = (begin, prices::float(row.price));
            match position.and_then(|position| pairs.get_mut(position)) {
                None => pairs.push((pair, vec![entry])),
                Some((_, rows)) => {
                    if rows.last().is_some_and(|(last, _)| *last >= begin) {
                        let message = "the time is not after that of the row before, of this market or one with the same index; \
                                       sort the rows by time";
                        return Err(failed(message.to_owned()));
                    }
                    rows.push(entry);
                }
            }
        }
        if pairs.is_empty() {
            let message = "it has no row; add one, for example 0,BTC-USD-PERP,30000";
            return Err((None, message.to_owned()));
        }
        for ((base, quote), rows) in pairs {
            let script = Script(rows.into());
            let shares =
                |spec: &super::MarketSpec| spec.base_currency == base && spec.quote_currency == quote;
            for market in self.0.iter_mut().filter(|market| shares(&market.spec)) {
                market.index.follow(script.clone());
            }
        }
        Ok(())
    }

    /// Returns the currencies of a row's market, if it can have the price.
    fn scripted_pair(&self, row: &Row<'_>) -> Result<Pair, String> {
        let Row { market, price, .. } = row;
        let Some(found) = self.get(market) else {
            return Err(format!(
                "there is no market {market:?}; use one of the simulator's markets, such as {:?}",
                self.0.first().map_or("", |market| &market.spec.symbol)
            ));
        };
        let spec = &found.spec;
        let least = spec.price_tick_size.saturating_mul(Decimal::ONE_HUNDRED);
        if *price < least || *price > Decimal::from(10_000_000) || price.scale() > 8 {
            return Err(format!(
                "price \"{price}\" is invalid; use {} to 10000000, with at most 8 decimal places",
                least.normalize()
            ));
        }
        Ok((spec.base_currency.clone(), spec.quote_currency.clone()))
    }
}

fn parse(line: &str) -> Result<Row<'_>, String> {
    let columns: Vec<&str> = line.split(',').map(str::trim).collect();
    let [time, market, price] = columns[..] else {
        return Err("it is not a row; write time,market,price, for example 60,BTC-USD-PERP,29900".to_owned());
    };
    let decimal = |text: &str| Decimal::from_str_exact(text).ok();
    let after = decimal(time)
        .filter(|time| (Decimal::ZERO..=Decimal::from(10_000_000_000_u64)).contains(time))
        .map(|time| time.saturating_mul(Decimal::ONE_THOUSAND))
        .filter(Decimal::is_integer)
        .and_then(|time| time.to_i64())
        .ok_or_else(|| {
            format!("time {time:?} is invalid; use seconds since the start of the simulator, for example 60 or 0.5")
        })?;
    let price = decimal(price)
        .ok_or_else(|| format!("price {price:?} is invalid; use a decimal number, for example 29900.5"))?;
    Ok(Row { after, market, price })
}

#[cfg(test)]
mod tests {
    use super::super::{MarketSource, MarketSpec};
    use super::*;

    const START: i64 = 1_800_000_000_000;

    fn markets() -> Markets {
        Markets::load(&MarketSource::Specs(MarketSpec::defaults()), 0, 1.0).unwrap()
    }

    fn follow(text: &str) -> Result<Markets, (Option<usize>, String)> {
        let mut markets = markets();
        markets.follow_text(text, START)?;
        Ok(markets)
    }

    #[test]
    fn index_price_is_that_of_the_last_row() {
        let text = "time,market,price\n# A crash.\n\n 1, BTC-USD-PERP, 30000.5\n2.5,BTC-USD-PERP,29000\n";
        let markets = follow(text).unwrap();
        let bitcoin = markets.get("BTC-USD-PERP").unwrap();
        for (after, price) in [
            (-1_000, "30000.5"),
            (0, "30000.5"),
            (2_000, "30000.5"),
            (2_500, "29000"),
            (9_000, "29000"),
        ] {
            assert_eq!(bitcoin.index_price(START + after).to_string(), price, "{after}");
        }
        let (seeded, other) = (self::markets(), "ETH-USD-PERP");
        let price = |markets: &Markets| markets.get(other).unwrap().index_price(START);
        assert_eq!(price(&markets), price(&seeded));
    }

    #[test]
    fn mistake_is_named_with_its_line() {
        let row = "0,BTC-USD-PERP,30000\n";
        for (text, line, part) in [
            ("", None, "add one"),
            ("# nothing\ntime,market,price\n", None, "add one"),
            ("0,BTC-USD-PERP\n", Some(1), "write time,market,price"),
            ("0,BTC-USD-PERP,30000,1\n", Some(1), "write time,market,price"),
            ("-1,BTC-USD-PERP,30000\n", Some(1), "use seconds"),
            ("0.0001,BTC-USD-PERP,30000\n", Some(1), "use seconds"),
            ("noon,BTC-USD-PERP,30000\n", Some(1), "time \"noon\""),
            ("0,DOGE-USD-PERP,1\n", Some(1), "no market \"DOGE-USD-PERP\""),
            ("0,BTC-USD-PERP,much\n", Some(1), "price \"much\""),
            ("0,BTC-USD-PERP,0\n", Some(1), "to 10000000"),
            ("0,BTC-USD-PERP,10000001\n", Some(1), "to 10000000"),
            ("0,BTC-USD-PERP,30000.123456789\n", Some(1), "8 decimal places"),
            (&format!("{row}\n{row}"), Some(3), "sort the rows"),
            (&format!("{row}time,market,price\n"), Some(2), "time \"time\""),
        ] {
            let (found, message) = follow(text).unwrap_err();
            assert_eq!(found, line, "{text}: {message}");
            assert!(message.contains(part), "{text}: {message}");
        }
        let error = markets().follow_script(Path::new("/nowhere.csv"), 0).unwrap_err();
        assert!(
            error.to_string().contains("\"/nowhere.csv\": it cannot be read"),
            "{error}"
        );
    }
}
