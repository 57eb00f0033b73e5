//! The public endpoints agree with each other, at any seed, time and market.

use std::collections::BTreeMap;

use paradex_api::testing::{Document, Request};
use paradex_api::types::OptionType;
use paradex_api::{Bytes, Operation, operations};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::endpoints::body;
use super::funding::FUNDING_STEP;
use super::model::{DAY, HOUR, MINUTE, OPEN_AT, step};
use super::{MarketSource, MarketSpec, Markets};
use crate::simulator::builder::document;
use crate::simulator::log::LoggedRequest;
use crate::simulator::state::Call;

/// Status and code of a refusal.
type Refusal = (u16, String);

/// Markets, which are asked as by a client.
struct Site {
    markets: Markets,
    document: &'static Document,
}

impl Site {
    fn new(seed: u64, speed: f64) -> Self {
        Self::with(MarketSpec::defaults(), seed, speed)
    }

    fn with(specs: Vec<MarketSpec>, seed: u64, speed: f64) -> Self {
        Self {
            markets: Markets::load(&MarketSource::Specs(specs), seed, speed).unwrap(),
            document: document().unwrap(),
        }
    }

    /// Chooses the speed by the seed.
    fn at_any_speed(seed: u64) -> Self {
        Self::new(seed, [0.0, 1.0, 250.0][(seed % 3) as usize])
    }

    fn spec(&self, number: usize) -> &MarketSpec {
        &self.markets.0[number % self.markets.0.len()].spec
    }

    /// Returns the response to a request, which must be as the document says.
    fn try_get(
        &self,
        operation: &'static Operation,
        now: i64,
        parameters: &[(&str, String)],
    ) -> Result<Value, Refusal> {
        let mut path = operation.path.to_owned();
        let mut query = Vec::new();
        for (name, value) in parameters {
            let place = format!("{{{name}}}");
            match path.contains(&place) {
                true => path = path.replace(&place, value),
                false => query.push(format!("{name}={value}")),
            }
        }
        let request = LoggedRequest {
            method: "GET".to_owned(),
            path,
            query: query.join("&"),
            headers: Vec::new(),
            body: Bytes::new(),
            address: [127, 0, 0, 1].into(),
            operation: Some(operation),
            stream_method: None,
            status: None,
            refusal: None,
        };
        let checked = self.document.check_request(&Request {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &[],
            body: &[],
        });
        let matched = checked.unwrap_or_else(|violations| panic!("{violations:?}"));
        let call = Call {
            operation,
            request: &request,
            matched: &matched,
            caller: None,
            now: now * 1_000_000,
        };
        let response = body(&self.markets, &call, now).expect("it is not an operation of the markets");
        match response {
            Ok(body) => {
                let schema =
                    &matched.operation.value()["responses"]["200"]["content"]["application/json"]["schema"];
                let mut checked = body.clone();
                // No more pages are `null`, as the exchange's documentation says and its schema does not.
                if let Value::Object(fields) = &mut checked {
                    fields.retain(|name, value| {
                        !(value.is_null() && ["next", "prev"].contains(&name.as_str()))
                    });
                }
                assert_eq!(
                    self.document.check_value(schema, &checked),
                    [],
                    "{operation} {body}"
                );
                Ok(body)
            }
            Err(response) => {
                let body: Value = serde_json::from_slice(&response.body).unwrap();
                Err((response.status.as_u16(), string(&body["error"])))
            }
        }
    }

    fn get(&self, operation: &'static Operation, now: i64, parameters: &[(&str, String)]) -> Value {
        self.try_get(operation, now, parameters)
            .unwrap_or_else(|refusal| panic!("{operation} {parameters:?}: {refusal:?}"))
    }

    fn summary(&self, symbol: &str, now: i64) -> Value {
        let mut body = self.get(
            &operations::LIST_MARKET_SUMMARIES,
            now,
            &[("market", symbol.to_owned())],
        );
        body["results"][0].take()
    }

    fn bbo(&self, symbol: &str, now: i64) -> Value {
        self.get(&operations::GET_BBO, now, &[("market", symbol.to_owned())])
    }

    /// Returns the items of all pages.
    fn all(
        &self,
        operation: &'static Operation,
        now: i64,
        size: usize,
        parameters: &[(&str, String)],
    ) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = None;
        loop {
            let mut all = parameters.to_vec();
            all.push(("page_size", size.to_string()));
            all.extend(cursor.map(|cursor| ("cursor", cursor)));
            let page = self.get(operation, now, &all);
            let results = page["results"].as_array().unwrap();
            assert!(results.len() <= size);
            items.extend(results.iter().cloned());
            match &page["next"] {
                Value::Null => return items,
                next => {
                    assert_eq!(results.len(), size);
                    cursor = Some(string(next));
                }
            }
        }
    }

    /// Returns the trades of a time range, newest first.
    fn trades(&self, symbol: &str, now: i64, from: i64, to: i64, size: usize) -> Vec<Value> {
        let parameters = [
            ("market", symbol.to_owned()),
            ("start_at", from.to_string()),
            ("end_at", to.to_string()),
        ];
        self.all(&operations::LIST_TRADES, now, size, &parameters)
    }

    /// Returns candles by their start.
    fn candles(
        &self,
        symbol: &str,
        now: i64,
        kind: &str,
        minutes: i64,
        from: i64,
        to: i64,
    ) -> BTreeMap<i64, Vec<Decimal>> {
        let parameters = [
            ("symbol", symbol.to_owned()),
            ("resolution", minutes.to_string()),
            ("price_kind", kind.to_owned()),
            ("start_at", from.to_string()),
            ("end_at", to.to_string()),
        ];
        let body = self.get(&operations::LIST_KLINES, now, &parameters);
        let rows = body["results"].as_array().unwrap();
        let numbers = |row: &Value| {
            let row = row.as_array().unwrap();
            let number =
                |value: &Value| Decimal::from_scientific(&format!("{:e}", value.as_f64().unwrap())).unwrap();
            row[1..].iter().map(number).collect()
        };
        let candles: BTreeMap<_, _> = rows
            .iter()
            .map(|row| (row[0].as_i64().unwrap(), numbers(row)))
            .collect();
        assert_eq!(candles.len(), rows.len());
        assert!(rows.iter().map(|row| row[0].as_i64()).is_sorted());
        candles
    }
}

fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

fn decimal(value: &Value) -> Decimal {
    Decimal::from_str_exact(&string(value)).unwrap()
}

fn is_multiple(value: Decimal, step: Decimal) -> bool {
    value > Decimal::ZERO && (value % step).is_zero()
}

/// Returns price and size of the rows of a book.
fn rows(side: &Value) -> Vec<(Decimal, Decimal)> {
    let rows = side.as_array().unwrap();
    rows.iter()
        .map(|row| (decimal(&row[0]), decimal(&row[1])))
        .collect()
}

/// A seed, a time up to 20 years after the opening, and the number of a market.
fn moments() -> impl Strategy<Value = (u64, i64, usize)> {
    (any::<u64>(), 2 * DAY..7_300 * DAY, 0..6_usize)
        .prop_map(|(seed, age, number)| (seed, OPEN_AT + age, number))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn book_best_prices_and_summary_agree((seed, now, number) in moments(), depth in 1..=100_usize, ticks in 1..500_i64) {
        let site = Site::new(seed, 1.0);
        let spec = site.spec(number).clone();
        let symbol = spec.symbol.clone();
        let market = ("market", symbol.clone());
        let of_depth = [market.clone(), ("depth", depth.to_string())];
        let book = site.get(&operations::GET_ORDERBOOK, now, &of_depth);
        let interactive = site.get(&operations::GET_ORDERBOOK_INTERACTIVE, now, &of_depth);
        let (bids, asks) = (rows(&book["bids"]), rows(&book["asks"]));
        prop_assert!(!bids.is_empty() && bids.len() <= depth && asks.len() == depth);
        for (price, size) in bids.iter().chain(&asks).chain(&rows(&interactive["bids"])).chain(&rows(&interactive["asks"])) {
            prop_assert!(is_multiple(*price, spec.price_tick_size) && is_multiple(*size, spec.order_size_increment));
        }
        prop_assert!(bids.is_sorted_by(|better, worse| better.0 > worse.0));
        prop_assert!(asks.is_sorted_by(|better, worse| better.0 < worse.0));
        prop_assert!(bids[0].0 < asks[0].0);
        prop_assert_eq!(&book["market"], &Value::from(symbol.clone()));

        let (bbo, summary) = (site.bbo(&symbol, now), site.summary(&symbol, now));
        for (name, best) in [("bid", bids[0]), ("ask", asks[0])] {
            for place in [&bbo, &summary] {
                let size = decimal(&place[format!("{name}_size")]);
                prop_assert_eq!((decimal(&place[name]), size), best);
            }
            prop_assert_eq!(rows(&Value::Array(vec![book[format!("best_{name}_api")].clone()])), [best]);
        }
        let updated_at = bbo["last_updated_at"].as_i64().unwrap();
        prop_assert!(updated_at <= now && now - updated_at < 1_000);
        for place in [&book, &interactive] {
            prop_assert_eq!((&place["seq_no"], &place["last_updated_at"]), (&bbo["seq_no"], &bbo["last_updated_at"]));
        }
        // A book with the same number is the same book.
        let beginning = site.get(&operations::GET_ORDERBOOK, updated_at, &of_depth);
        prop_assert_eq!(&beginning, &book);

        // Orders for retail price improvement are added to the others.
        let rpi = site.get(&operations::GET_BBO_INTERACTIVE, now, std::slice::from_ref(&market));
        prop_assert!(decimal(&rpi["bid"]) >= decimal(&bbo["bid"]) && decimal(&rpi["ask"]) <= decimal(&bbo["ask"]));
        prop_assert!(decimal(&rpi["bid"]) < decimal(&rpi["ask"]));
        for (name, side) in [("bid", "bids"), ("ask", "asks")] {
            let best = (decimal(&rpi[name]), decimal(&rpi[format!("{name}_size")]));
            prop_assert_eq!(rows(&interactive[side])[0], best);
            prop_assert_eq!(&interactive[format!("best_{name}_interactive")], &interactive[side][0]);
            prop_assert_eq!(&interactive[format!("best_{name}_api")], &book[format!("best_{name}_api")]);
        }

        // Mark price and book are near each other.
        let middle = (bids[0].0 + asks[0].0) / Decimal::TWO;
        let near = middle * Decimal::new(2, 2) + spec.price_tick_size * Decimal::from(3);
        prop_assert!((decimal(&summary["mark_price"]) - middle).abs() <= near, "{}", summary);

        // Aggregation moves sizes to coarser prices.
        let coarse = spec.price_tick_size * Decimal::from(ticks);
        let aggregated = [market, ("depth", "100".to_owned()), ("price_tick", coarse.to_string())];
        let aggregated = site.get(&operations::GET_ORDERBOOK, now, &aggregated);
        let whole = site.get(&operations::GET_ORDERBOOK, now, &[of_depth[0].clone(), ("depth", "100".to_owned())]);
        for side in ["bids", "asks"] {
            let levels = rows(&aggregated[side]);
            prop_assert!(levels.iter().all(|(price, _)| is_multiple(*price, coarse)));
            if let Some((price, size)) = levels.first() {
                let within = |other: &Decimal| if side == "bids" { other >= price } else { other <= price };
                let fine = rows(&whole[side]);
                let sum: Decimal = fine.iter().filter(|(other, _)| within(other)).map(|(_, size)| size).sum();
                let is_whole = fine.iter().any(|(other, _)| !within(other));
                let agrees = if is_whole { sum == *size } else { sum <= *size };
                prop_assert!(agrees);
            }
        }
    }

    #[test]
    fn trades_happen_at_the_best_prices((seed, now, number) in moments(), minutes in 1..20_i64, size in 1..30_usize) {
        let site = Site::at_any_speed(seed);
        let spec = site.spec(number).clone();
        let from = now - minutes * MINUTE;
        let trades = site.trades(&spec.symbol, now, from, now, size);
        prop_assert!(trades.len() >= usize::try_from(minutes - 1).unwrap());
        prop_assert!(trades.is_sorted_by(|newer, older| newer["created_at"].as_i64() > older["created_at"].as_i64()));
        for trade in &trades {
            let at = trade["created_at"].as_i64().unwrap();
            prop_assert!((from..=now).contains(&at));
            let price = decimal(&trade["price"]);
            prop_assert!(is_multiple(price, spec.price_tick_size));
            prop_assert!(is_multiple(decimal(&trade["size"]), spec.order_size_increment));
            let side = if trade["side"] == "BUY" { "ask" } else { "bid" };
            let bbo = site.bbo(&spec.symbol, at);
            prop_assert_eq!(price, decimal(&bbo[side]));
            let available = decimal(&bbo[format!("{side}_size")]);
            prop_assert!(decimal(&trade["size"]) <= available);
        }
        // All pages together have the trades of one.
        prop_assert_eq!(&site.trades(&spec.symbol, now, from, now, 1_000), &trades);
        // Later, the past is the same.
        prop_assert_eq!(&site.trades(&spec.symbol, now + 3 * DAY, from, now, 1_000), &trades);
    }

    #[test]
    fn candles_are_made_of_the_trades((seed, now, number) in moments(), resolution in 0..6_usize, count in 1..8_i64) {
        let site = Site::at_any_speed(seed);
        let spec = site.spec(number).clone();
        let minutes = [1, 3, 5, 15, 30, 60][resolution];
        let length = minutes * MINUTE;
        let from = now - count * length;
        let candles = site.candles(&spec.symbol, now, "last", minutes, from, now);
        let current = step(now, length);
        let complete = usize::try_from(count).unwrap();
        prop_assert!((complete - 1..=complete + 1).contains(&candles.len()), "{candles:?}");
        for (start, candle) in &candles {
            prop_assert!(start % length == 0 && (from..=now).contains(start));
            let mut trades = site.trades(&spec.symbol, now, *start, start + length - 1, 1_000);
            trades.reverse();
            let prices: Vec<Decimal> = trades.iter().map(|trade| decimal(&trade["price"])).collect();
            let volume: Decimal = trades.iter().map(|trade| decimal(&trade["size"])).sum();
            let (high, low) = (prices.iter().max().unwrap(), prices.iter().min().unwrap());
            let expected = [prices[0], *high, *low, prices[prices.len() - 1], volume];
            prop_assert_eq!(&candle[..], &expected[..]);
        }
        if let Some(candle) = candles.get(&current) {
            prop_assert_eq!(candle[3], decimal(&site.summary(&spec.symbol, now)["last_traded_price"]));
        }
        for (kind, name) in [("mark", "mark_price"), ("underlying", "underlying_price")] {
            let candles = site.candles(&spec.symbol, now, kind, minutes, current, now);
            let candle = &candles[&current];
            let summary = site.summary(&spec.symbol, now);
            // A candle is a binary float.
            let nearly = |one: Decimal, other: Decimal| (one - other).abs() <= other * Decimal::new(1, 14);
            prop_assert!(nearly(candle[3], decimal(&summary[name])), "{candle:?} {summary}");
            prop_assert!(candle[2] <= candle[0] && candle[0] <= candle[1]);
            prop_assert!(candle[2] <= candle[3] && candle[3] <= candle[1]);
        }
    }

    #[test]
    fn funding_follows_from_mark_and_index_price((seed, now, number) in moments(), hours in 1..10_i64, size in 1..40_usize) {
        let site = Site::at_any_speed(seed);
        let spec = site.spec(number).clone();
        let market = ("market", spec.symbol.clone());
        let range = [market, ("start_at", (now - hours * HOUR).to_string()), ("end_at", now.to_string())];
        let mut entries = site.all(&operations::LIST_FUNDING_DATA, now, size, &range);
        prop_assert_eq!(entries.len() as i64, hours * HOUR / FUNDING_STEP);
        prop_assert_eq!(&entries, &site.all(&operations::LIST_FUNDING_DATA, now + DAY, 5_000, &range));
        let summary = site.summary(&spec.symbol, now);
        prop_assert_eq!(&entries[0]["funding_rate"], &summary["funding_rate"]);
        let premium = decimal(&entries[0]["funding_premium"]);
        if !spec.is_option() {
            let basis = decimal(&summary["mark_price"]) - decimal(&summary["underlying_price"]);
            prop_assert!((basis - premium).abs() <= Decimal::new(1, 8), "{summary} {premium}");
        }
        entries.reverse();
        for pair in entries.windows(2) {
            let at = |entry: &Value| entry["created_at"].as_i64().unwrap();
            prop_assert_eq!(at(&pair[1]) - at(&pair[0]), FUNDING_STEP);
            let change = decimal(&pair[1]["funding_index"]) - decimal(&pair[0]["funding_index"]);
            let periods = Decimal::from(i64::from(spec.funding_period_hours) * HOUR / FUNDING_STEP);
            prop_assert_eq!(change * periods, decimal(&pair[0]["funding_premium"]));
            let (rate, premium) = (decimal(&pair[0]["funding_rate"]), decimal(&pair[0]["funding_premium"]));
            prop_assert!(rate.abs() < Decimal::new(5, 4), "{rate}");
            let index = decimal(&site.summary(&spec.symbol, at(&pair[0]))["underlying_price"]);
            prop_assert!((rate * index - premium).abs() <= index * Decimal::new(1, 14));
            let hours = Decimal::from(spec.funding_period_hours);
            let normal = decimal(&pair[0]["funding_rate_8h"]) * hours - rate * Decimal::from(8);
            prop_assert!(normal.abs() < Decimal::new(1, 12));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn summary_sums_up_the_trades((seed, now, number) in moments(), minutes in 1..300_i64) {
        let site = Site::at_any_speed(seed);
        let spec = site.spec(number).clone();
        let value = |trades: &[Value]| -> Decimal {
            trades.iter().map(|trade| decimal(&trade["price"]) * decimal(&trade["size"])).sum()
        };
        let day = site.trades(&spec.symbol, now, now - DAY + 1, now, 1_000);
        let summary = site.summary(&spec.symbol, now);
        prop_assert_eq!(decimal(&summary["volume_24h"]), value(&day));
        let last = decimal(&summary["last_traded_price"]);
        prop_assert_eq!(decimal(&day[0]["price"]), last);
        let before = site.trades(&spec.symbol, now, now - DAY - 2 * MINUTE, now - DAY, 1_000);
        let before = decimal(&before[0]["price"]);
        let change = decimal(&summary["price_change_rate_24h"]);
        prop_assert!((change - (last - before) / before).abs() <= Decimal::new(1, 6));

        let earlier = site.summary(&spec.symbol, now - minutes * MINUTE);
        let traded = value(&site.trades(&spec.symbol, now, now - minutes * MINUTE + 1, now, 1_000));
        let growth = decimal(&summary["total_volume"]) - decimal(&earlier["total_volume"]);
        prop_assert!(growth >= Decimal::ZERO);
        // Sizes are whole increments, and those of a minute are only roughly as large as planned.
        let unit = decimal(&summary["ask"]) * spec.order_size_increment;
        let steps = Decimal::from((minutes + 2) * i64::from(spec.trades_per_minute)) * unit;
        prop_assert!((growth - traded).abs() <= steps + traded * Decimal::new(1, 2), "{growth} {traded}");
    }

    #[test]
    fn summary_of_the_past_is_the_summary_of_that_time((seed, now, number) in moments(), age in 0..3 * DAY) {
        let site = Site::new(seed, 1.0);
        let symbol = site.spec(number).symbol.clone();
        let parameters = [("market", symbol.clone()), ("end", (now - age.min(DAY)).to_string())];
        let mut body = site.get(&operations::LIST_MARKET_SUMMARIES, now, &parameters);
        prop_assert_eq!(body["results"][0].take(), site.summary(&symbol, now - age.min(DAY)));
    }
}

/// Markets that a user may write, from tiny to huge numbers.
fn specs() -> impl Strategy<Value = MarketSpec> {
    let price = (1..1_000_i64, 0..=6_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    let volume = prop_oneof![Just(0_i64), 1..1_000_000_000_i64];
    let range = (0..=50_i64).prop_map(|percent| Decimal::new(percent, 2));
    (price, 0..4_usize, range, volume, 0..=8_u32, 1..=15_u32).prop_map(
        |(price, kind, range, volume, increment, trades)| {
            let option =
                |option_type| MarketSpec::perpetual_option("X", price, price * Decimal::TWO, option_type);
            let kinds = [
                MarketSpec::perpetual("X", price),
                MarketSpec::spot("X", price),
                option(OptionType::Call),
                option(OptionType::Put),
            ];
            MarketSpec {
                index_range: range,
                daily_volume: Decimal::from(volume),
                order_size_increment: Decimal::new(1, increment),
                trades_per_minute: trades,
                ..kinds[kind].clone()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unusual_market_is_consistent(spec in specs(), seed: u64, age in 0..7_300 * DAY) {
        prop_assume!(spec.check().is_ok());
        let site = Site::with(vec![spec.clone()], seed, 1.0);
        let (symbol, now) = (&spec.symbol, OPEN_AT + age);
        let summary = site.summary(symbol, now);
        let bbo = site.bbo(symbol, now);
        prop_assert!(Decimal::ZERO < decimal(&bbo["bid"]) && decimal(&bbo["bid"]) < decimal(&bbo["ask"]));
        prop_assert_eq!((&summary["bid"], &summary["ask"]), (&bbo["bid"], &bbo["ask"]));
        prop_assert!(decimal(&summary["mark_price"]) > Decimal::ZERO);
        let trades = site.trades(symbol, now, now - 5 * MINUTE, now, 1_000);
        if let Some(trade) = trades.first() {
            prop_assert_eq!(&trade["price"], &summary["last_traded_price"]);
        }
        let volume: Decimal = trades.iter().map(|trade| decimal(&trade["price"]) * decimal(&trade["size"])).sum();
        prop_assert!(decimal(&summary["volume_24h"]) >= volume);
        prop_assert!(decimal(&summary["total_volume"]) >= Decimal::ZERO);
        for (start, candle) in site.candles(symbol, now, "last", 1, now - 5 * MINUTE, now) {
            prop_assert!(start <= now && candle[2] <= candle[0].min(candle[3]) && candle[0].max(candle[3]) <= candle[1]);
        }
        let market = [("market", symbol.clone()), ("depth", "100".to_owned())];
        for operation in [&operations::GET_ORDERBOOK, &operations::GET_ORDERBOOK_INTERACTIVE] {
            let book = site.get(operation, now, &market);
            prop_assert!(rows(&book["bids"])[0].0 < rows(&book["asks"])[0].0);
        }
        let range = [market[0].clone(), ("start_at", (now - HOUR).to_string())];
        let funding = site.all(&operations::LIST_FUNDING_DATA, now, 5, &range);
        prop_assert_eq!(funding.first().map(|entry| &entry["funding_rate"]), summary.get("funding_rate"));
    }
}

#[test]
fn impact_price_is_beyond_the_best_ask() {
    let site = Site::new(3, 1.0);
    let now = OPEN_AT + 400 * DAY;
    for (number, size) in [(0, "1.5"), (1, "20"), (2, "300"), (3, "90000")] {
        let symbol = site.spec(number).symbol.clone();
        let parameters = [("market", symbol.clone()), ("size", size.to_owned())];
        let impact = site.get(&operations::GET_IMPACT_PRICE, now, &parameters);
        let ask = decimal(&site.bbo(&symbol, now)["ask"]);
        let price = decimal(&impact["impact_price"]);
        assert!(
            ask <= price && price < ask * Decimal::new(15, 1),
            "{impact} {ask}"
        );
        assert_eq!(
            (string(&impact["size"]).as_str(), &impact["side"]),
            (size, &Value::from("BUY"))
        );
        let huge = [("market", symbol), ("size", i64::MAX.to_string())];
        let refusal = site
            .try_get(&operations::GET_IMPACT_PRICE, now, &huge)
            .unwrap_err();
        assert_eq!(refusal, (400, "INVALID_REQUEST_PARAMETER".to_owned()));
    }
}

#[test]
fn markets_are_listed_as_specified() {
    let site = Site::new(0, 1.0);
    let all = site.get(&operations::LIST_MARKETS, OPEN_AT, &[]);
    let listed = all["results"].as_array().unwrap();
    let specs = MarketSpec::defaults();
    assert_eq!(listed.len(), specs.len());
    for (listed, spec) in listed.iter().zip(&specs) {
        assert_eq!(string(&listed["symbol"]), spec.symbol);
        assert_eq!(decimal(&listed["price_tick_size"]), spec.price_tick_size);
        assert_eq!(
            decimal(&listed["order_size_increment"]),
            spec.order_size_increment
        );
        assert_eq!(decimal(&listed["min_notional"]), spec.min_notional);
        assert_eq!(listed.get("strike_price").map(decimal), spec.strike_price);
        let one = site.get(
            &operations::LIST_MARKETS,
            OPEN_AT,
            &[("market", spec.symbol.clone())],
        );
        assert_eq!(
            one["results"].as_array().unwrap().iter().collect::<Vec<_>>(),
            [listed]
        );
    }
    let summaries = site.get(
        &operations::LIST_MARKET_SUMMARIES,
        OPEN_AT + DAY,
        &[("market", "ALL".to_owned())],
    );
    let symbols: Vec<_> = summaries["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| string(&one["symbol"]))
        .collect();
    assert!(symbols.iter().eq(specs.iter().map(|spec| &spec.symbol)));
}

#[test]
fn unknown_market_is_refused() {
    let site = Site::new(0, 1.0);
    let now = OPEN_AT + 9 * DAY;
    let unknown = || "DOGE-USD-PERP".to_owned();
    let range = [
        ("start_at", "1".to_owned()),
        ("end_at", "2".to_owned()),
        ("resolution", "1".to_owned()),
    ];
    for (operation, more, status) in [
        (&operations::LIST_MARKETS, &[][..], 404),
        (&operations::LIST_MARKET_SUMMARIES, &[], 400),
        (&operations::LIST_MARKET_EVENTS, &[], 400),
        (&operations::GET_MARKET_SETTLEMENT_PRICE, &[], 404),
        (&operations::GET_BBO, &[], 400),
        (&operations::GET_BBO_INTERACTIVE, &[], 400),
        (&operations::GET_ORDERBOOK, &[], 400),
        (&operations::GET_ORDERBOOK_INTERACTIVE, &[], 400),
        (&operations::GET_IMPACT_PRICE, &[("size", "1".to_owned())], 400),
        (&operations::LIST_TRADES, &[], 400),
        (&operations::LIST_FUNDING_DATA, &[], 400),
        (&operations::LIST_KLINES, &range, 400),
    ] {
        let name = if operation == &operations::LIST_KLINES {
            "symbol"
        } else {
            "market"
        };
        let parameters = [&[(name, unknown())][..], more].concat();
        let refusal = site.try_get(operation, now, &parameters).unwrap_err();
        assert_eq!(refusal, (status, "MARKET_NOT_FOUND".to_owned()), "{operation}");
    }
    let known = [("market", "BTC-USD-PERP".to_owned())];
    let refusal = site
        .try_get(&operations::GET_MARKET_SETTLEMENT_PRICE, now, &known)
        .unwrap_err();
    assert_eq!(refusal, (404, "MARKET_NOT_SETTLED".to_owned()));
    let asset = [("base_asset", "DOGE".to_owned())];
    let refusal = site
        .try_get(&operations::LIST_PORTFOLIO_MARGIN_CONFIGS, now, &asset)
        .unwrap_err();
    assert_eq!(refusal, (404, "PORTFOLIO_MARGIN_CONFIG_NOT_FOUND".to_owned()));
}

#[test]
fn parameter_out_of_range_is_refused() {
    let site = Site::new(0, 1.0);
    let now = OPEN_AT + 9 * DAY;
    let market = || ("market", "BTC-USD-PERP".to_owned());
    let with = |name: &'static str, value: &str| (name, value.to_owned());
    let klines = |more: [(&'static str, String); 2]| {
        let rest = [with("symbol", "BTC-USD-PERP"), with("resolution", "1")];
        (&operations::LIST_KLINES, [&rest[..], &more].concat())
    };
    let option = with("baseAsset", "BTC");
    for (operation, parameters) in [
        (&operations::GET_ORDERBOOK, vec![market(), with("depth", "101")]),
        (&operations::GET_ORDERBOOK, vec![market(), with("depth", "0")]),
        (&operations::GET_ORDERBOOK, vec![market(), with("depth", "-3")]),
        (
            &operations::GET_ORDERBOOK,
            vec![market(), with("price_tick", "0.15")],
        ),
        (
            &operations::GET_ORDERBOOK,
            vec![market(), with("price_tick", "0")],
        ),
        (
            &operations::GET_ORDERBOOK,
            vec![market(), with("price_tick", "x")],
        ),
        (&operations::GET_IMPACT_PRICE, vec![market(), with("size", "0")]),
        (&operations::LIST_TRADES, vec![market(), option]),
        (&operations::LIST_TRADES, vec![market(), with("cursor", "x")]),
        (&operations::LIST_TRADES, vec![market(), with("cursor", "-1")]),
        (
            &operations::LIST_TRADES,
            vec![market(), with("start_at", "2"), with("end_at", "1")],
        ),
        (
            &operations::LIST_FUNDING_DATA,
            vec![market(), with("start_at", "2"), with("end_at", "1")],
        ),
        (
            &operations::LIST_FUNDING_DATA,
            vec![market(), with("cursor", "!")],
        ),
        (
            &operations::LIST_FUNDING_DATA,
            vec![market(), with("cursor", "-1")],
        ),
        (
            &operations::LIST_MARKET_SUMMARIES,
            vec![market(), with("start", "2"), with("end", "1")],
        ),
        klines([with("start_at", "2"), with("end_at", "1")]),
    ] {
        let refusal = site.try_get(operation, now, &parameters).unwrap_err();
        assert_eq!(
            refusal,
            (400, "INVALID_REQUEST_PARAMETER".to_owned()),
            "{operation} {parameters:?}"
        );
    }
}

#[test]
fn trades_of_several_markets_are_in_order() {
    let site = Site::new(1, 1.0);
    let now = OPEN_AT + 5 * DAY;
    let range = [
        ("start_at", (now - 10 * MINUTE).to_string()),
        ("end_at", now.to_string()),
    ];
    let all = site.all(&operations::LIST_TRADES, now, 7, &range);
    let mut sum = 0;
    for spec in MarketSpec::defaults() {
        let of_market = site.trades(&spec.symbol, now, now - 10 * MINUTE, now, 1_000);
        let expected: Vec<_> = all
            .iter()
            .filter(|trade| trade["market"] == spec.symbol.as_str())
            .cloned()
            .collect();
        assert_eq!(of_market, expected);
        sum += of_market.len();
    }
    assert_eq!(all.len(), sum);
    assert!(all.is_sorted_by(|newer, older| newer["created_at"].as_i64() >= older["created_at"].as_i64()));
    let options = [&range[..], &[("baseAsset", "BTC".to_owned())]].concat();
    let options = site.all(&operations::LIST_TRADES, now, 1_000, &options);
    assert!(!options.is_empty());
    let expected: Vec<_> = all
        .iter()
        .filter(|trade| string(&trade["market"]).starts_with("BTC-USD-3"))
        .collect();
    assert!(options.iter().eq(expected));
}

#[test]
fn time_before_the_opening_is_empty() {
    let site = Site::new(0, 1.0);
    for now in [-DAY, 0, OPEN_AT - DAY] {
        for spec in MarketSpec::defaults() {
            let symbol = &spec.symbol;
            assert!(site.trades(symbol, now, 0, now.max(0), 100).is_empty());
            let market = [("market", symbol.clone())];
            assert!(
                site.all(&operations::LIST_FUNDING_DATA, now, 100, &market)
                    .is_empty()
            );
            assert!(site.candles(symbol, now, "last", 60, 0, now.max(0)).is_empty());
            assert!(site.summary(symbol, now).get("last_traded_price").is_none());
        }
    }
    // Neither is a time so late that numbers come to their end.
    let end = i64::MAX / 1_000_000;
    for spec in MarketSpec::defaults() {
        assert!(!site.trades(&spec.symbol, end, end - MINUTE, end, 100).is_empty());
        site.summary(&spec.symbol, end);
    }
}

#[test]
fn many_candles_are_cut_to_the_newest() {
    let site = Site::new(0, 1.0);
    let now = OPEN_AT + 100 * DAY - 1;
    let candles = site.candles("SOL-USD-PERP", now, "last", 1, 0, now);
    assert_eq!(candles.len(), 1_024);
    assert!(candles.contains_key(&step(now, MINUTE)));
}

#[test]
fn speed_moves_the_index_price_faster() {
    let at = |speed: f64, time: i64| {
        let site = Site::new(9, speed);
        decimal(&site.summary("BTC-USD-PERP", time)["underlying_price"])
    };
    let time = OPEN_AT + 7 * DAY;
    assert_eq!(at(1.0, 4 * time), at(4.0, time));
    assert_eq!(at(0.0, time), at(0.0, time + 5 * DAY));
    assert_ne!(at(1.0, time), at(1.0, time + 5 * DAY));
    let source = MarketSource::Specs(MarketSpec::defaults());
    for speed in [-1.0, f64::NAN, f64::INFINITY, 1_001.0] {
        let error = Markets::load(&source, 0, speed).unwrap_err().to_string();
        assert!(error.contains("use 0 (prices do not move) to 1000"), "{error}");
    }
}

#[test]
fn seed_decides_about_the_prices() {
    let at = |seed| Site::new(seed, 1.0).summary("ETH-USD-PERP", OPEN_AT + 77 * DAY);
    assert_eq!(at(4), at(4));
    assert_ne!(at(4)["underlying_price"], at(5)["underlying_price"]);
}

#[test]
fn public_data_without_a_market_is_valid() {
    let site = Site::new(0, 1.0);
    let now = OPEN_AT + 3 * DAY;
    for operation in [
        &operations::GET_INSURANCE_FUND,
        &operations::LIST_VOLUME_TIERS,
        &operations::LIST_PORTFOLIO_MARGIN_CONFIGS,
        &operations::LIST_MARKET_EVENTS,
    ] {
        site.get(operation, now, &[]);
    }
    assert_eq!(
        site.all(&operations::LIST_ANNOUNCEMENTS, now, 4, &[]).len(),
        MarketSpec::defaults().len()
    );
    let events = site.get(&operations::LIST_MARKET_EVENTS, now + 9 * DAY, &[]);
    assert_eq!(events["results"], Value::Array(Vec::new()));
    let operation = site.document.operation("get-system-config").unwrap();
    let schema = &operation.value()["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(site.document.check_value(schema, &super::config()), []);
}
