//! Tests of trading that need a clock of their own, or a file that breaks.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "everything here is a test, also the functions between the tests"
)]

use std::error::Error as _;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use super::*;
use crate::simulator::builder::default_settings;
use crate::simulator::clock::SECOND;
use crate::simulator::engine::{Fill, NewTwap, Price, Side, Size};
use crate::simulator::market::{MarketSource, MarketSpec};

const START: i64 = 1_700_000_000 * SECOND;
const BTC: &str = "BTC-USD-PERP";
const ETH: &str = "ETH-USD-PERP";

fn markets() -> Markets {
    Markets::load(&MarketSource::Specs(MarketSpec::defaults()), 0, 1.0).unwrap()
}

/// Settings with a log in a file of its own, which does not exist.
fn logged(name: &str) -> (Settings, PathBuf) {
    let path = std::env::temp_dir().join(format!("paradex-{name}-{}.log", std::process::id()));
    drop(std::fs::remove_file(&path));
    let settings = Settings {
        trading_log: Some(path.clone()),
        ..default_settings()
    };
    (settings, path)
}

/// Returns the text of an error and of its sources.
fn chain(error: &InvalidLog) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Runs an algo order in each market for 100 seconds, in one step of the clock. Returns its fills.
fn fills_of(symbols: &[&str]) -> Vec<Fill> {
    let (settings, markets) = (
        Settings {
            liquidity: Liquidity::Simulated,
            ..default_settings()
        },
        markets(),
    );
    let mut trading = Trading::open(&settings, &markets).unwrap();
    trading.add_account("0x1");
    let account = trading.account("0x1").unwrap();
    for symbol in symbols {
        let market = trading.market(&markets, symbol, START).unwrap();
        trading.follow(&markets, market, START);
        let twap = NewTwap {
            account,
            market,
            side: Side::Buy,
            size: Size(300_000_000),
            duration: 90,
            frequency: 30,
            interactive: false,
        };
        trading.apply(START, &Command::StartTwap(twap)).unwrap();
    }
    trading.advance(&markets, START + 100 * SECOND);
    trading
        .engine()
        .account(account)
        .unwrap()
        .fills
        .iter()
        .copied()
        .collect()
}

/// Returns time, price and size of the fills in a market.
fn in_market(fills: &[Fill], market: u32) -> Vec<(i64, Price, Size)> {
    let fills = fills.iter().filter(|fill| fill.market == MarketId(market));
    fills.map(|fill| (fill.at, fill.price, fill.size)).collect()
}

#[test]
fn market_trades_beside_another_as_it_does_alone() {
    let both = fills_of(&[BTC, ETH]);
    assert_eq!(in_market(&both, 0), in_market(&fills_of(&[BTC]), 0));
    assert_eq!(in_market(&both, 1), in_market(&fills_of(&[ETH]), 0));
    let times: Vec<i64> = in_market(&both, 1).iter().map(|(at, ..)| *at).collect();
    assert!(times.contains(&(START + 60 * SECOND)), "{times:?}");
    assert_eq!(fills_of(&[BTC, ETH]), both);
}

#[test]
fn incomplete_last_line_of_a_log_is_cut_off() {
    let (settings, path) = logged("incomplete");
    let markets = markets();
    drop(Trading::open(&settings, &markets).unwrap());
    let complete = std::fs::read_to_string(&path).unwrap();
    for rest in [r#"{"at":0,"comma"#, "?"] {
        std::fs::write(&path, format!("{complete}{rest}")).unwrap();
        drop(Trading::open(&settings, &markets).unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), complete);
    }
    // Also the first line, if it is that of a log.
    std::fs::write(&path, &complete[..20]).unwrap();
    drop(Trading::open(&settings, &markets).unwrap());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), complete);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn broken_line_of_a_log_is_refused_and_the_file_stays() {
    let (settings, path) = logged("broken");
    let markets = markets();
    drop(Trading::open(&settings, &markets).unwrap());
    let complete = std::fs::read_to_string(&path).unwrap();
    for (text, expected) in [
        (format!("{complete}?\n{{"), "line 3 of the log is not a command: "),
        ("no log".to_owned(), "line 1 does not have the options"),
        ("no log\n".to_owned(), "line 1 does not have the options"),
    ] {
        std::fs::write(&path, &text).unwrap();
        let error = chain(&Trading::open(&settings, &markets).err().unwrap());
        assert!(error.contains(expected), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn log_of_other_options_is_refused() {
    let (settings, path) = logged("options");
    drop(Trading::open(&settings, &markets()).unwrap());
    let recorded = std::fs::read(&path).unwrap();
    let other_tick = || {
        let mut specs = MarketSpec::defaults();
        specs[0].price_tick_size = Decimal::ONE;
        Markets::load(&MarketSource::Specs(specs), 0, 1.0).unwrap()
    };
    let fewer = || {
        let specs = MarketSpec::defaults()[..1].to_vec();
        Markets::load(&MarketSource::Specs(specs), 0, 1.0).unwrap()
    };
    let changed = |edit: fn(&mut Settings)| {
        let mut settings = settings.clone();
        edit(&mut settings);
        settings
    };
    for (settings, markets, difference) in [
        (
            settings.clone(),
            other_tick(),
            "(BTC-USD-PERP: price_tick_size 0.1, now 1)",
        ),
        (
            settings.clone(),
            fewer(),
            "(market 1 BODEN-USD-PERP, now BTC-USD-PERP)",
        ),
        (
            changed(|settings| settings.seed = 7),
            markets(),
            "(seed 0, now 7)",
        ),
        (
            changed(|settings| settings.speed = 2.0),
            markets(),
            "(speed 1, now 2)",
        ),
        (
            changed(|settings| settings.liquidity = Liquidity::Simulated),
            markets(),
            "(liquidity none, now simulated)",
        ),
    ] {
        let error = Trading::open(&settings, &markets).err().unwrap().to_string();
        assert!(error.contains(difference), "{error}");
        assert!(
            error.ends_with("pass the same options, or another file"),
            "{error}"
        );
    }
    assert_eq!(std::fs::read(&path).unwrap(), recorded);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn command_that_cannot_be_recorded_is_not_applied() {
    let (settings, path) = logged("unwritable");
    let markets = markets();
    let mut trading = Trading::open(&settings, &markets).unwrap();
    let recorded = std::fs::read(&path).unwrap();
    // A file that is open only to be read.
    let unwritable = || File::open(&path).unwrap();
    let cause = unwritable().write(b"?").unwrap_err().to_string();
    for path_to_cut in [path.clone(), path.with_extension("missing")] {
        trading.log = Some(Log::new(unwritable(), &path_to_cut, recorded.len() as u64));
        for _ in 0..2 {
            let refusal = trading.market(&markets, BTC, START).unwrap_err();
            assert!(refusal.to_string().contains(&cause), "{refusal}");
            assert_eq!(trading.known_market(BTC), None);
        }
        trading.add_account("0x1");
        assert_eq!(trading.account("0x1"), None);
    }
    assert_eq!(std::fs::read(&path).unwrap(), recorded);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn refused_command_of_a_log_is_refused_again() {
    let (settings, path) = logged("refused");
    let markets = markets();
    let mut trading = Trading::open(&settings, &markets).unwrap();
    let before = std::fs::metadata(&path).unwrap().len();
    let cancel = Command::CancelAlgo {
        account: AccountId(7),
        algo: AlgoId(7),
    };
    trading.apply(START, &cancel).unwrap_err();
    trading.apply(START + SECOND, &Command::Advance).unwrap();
    trading.market(&markets, ETH, START + SECOND).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let added = &text[usize::try_from(before).unwrap()..];
    assert_eq!(added.lines().count(), 2, "idle time is not recorded: {added}");
    let before = trading.engine().state_hash();
    drop(trading);
    let again = Trading::open(&settings, &markets).unwrap();
    assert_eq!(again.engine().state_hash(), before);
    drop(again);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn unknown_market_is_refused_without_liquidity() {
    let mut trading = Trading::open(&default_settings(), &markets()).unwrap();
    let refusal = trading.market(&markets(), "NO-SUCH-PERP", START);
    assert_eq!(refusal, Err(Refusal::MarketNotFound));
    assert_eq!(trading.known_market("NO-SUCH-PERP"), None);
}

#[test]
fn changes_of_books_are_published_while_somebody_listens() {
    let markets = markets();
    let mut trading = Trading::open(&default_settings(), &markets).unwrap();
    let level = |price| [(Decimal::from(price), Decimal::ONE)];
    let quote = |trading: &mut Trading, price: i64| {
        trading
            .set_quotes(&markets, BTC, &level(price), &[], START)
            .unwrap();
    };
    quote(&mut trading, 10);
    assert!(!trading.has_published());

    trading.set_published(true);
    quote(&mut trading, 11);
    quote(&mut trading, 12);
    assert!(trading.has_published());
    let published = trading.take_published();
    let levels = published.iter().map(|(at, event)| match event {
        Event::Level { seq, price, size, .. } => (*at, *seq, price.decimal(), size.decimal()),
        other => panic!("{other:?}"),
    });
    let [ten, eleven, twelve] = [10, 11, 12].map(Decimal::from);
    let (zero, one) = (Decimal::ZERO, Decimal::ONE);
    let expected = [
        (2, ten, zero),
        (2, eleven, one),
        (3, eleven, zero),
        (3, twelve, one),
    ];
    let expected = expected.map(|(seq, price, size)| (START, seq, price, size));
    assert_eq!(levels.collect::<Vec<_>>(), expected);
    assert!(!trading.has_published());

    trading.set_published(false);
    quote(&mut trading, 13);
    assert!(!trading.has_published());
}

#[test]
fn book_that_a_test_has_quoted_is_shown_after_a_restart() {
    let (settings, path) = logged("quoted");
    let markets = markets();
    let mut trading = Trading::open(&settings, &markets).unwrap();
    let bid = [(Decimal::from(29_000), Decimal::ONE)];
    trading.set_quotes(&markets, BTC, &bid, &[], START).unwrap();
    trading.market(&markets, ETH, START).unwrap();
    drop(trading);
    let trading = Trading::open(&settings, &markets).unwrap();
    assert!(trading.shows_orders(BTC) && !trading.shows_orders(ETH));
    drop(trading);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn log_in_use_is_refused_with_the_remedy() {
    let (settings, path) = logged("locked");
    let markets = markets();
    let mut trading = Trading::open(&settings, &markets).unwrap();
    let recorded = std::fs::read(&path).unwrap();
    let refused = || Trading::open(&settings, &markets).err().unwrap().to_string();
    let own = refused();
    assert!(
        own.contains("in use by another simulator of this process"),
        "{own}"
    );
    assert!(own.contains(path.to_str().unwrap()), "{own}");
    // Another simulator can continue as soon as this one has stopped, and this one writes nothing more.
    trading.close_log();
    let second = Trading::open(&settings, &markets).unwrap();
    let refusal = trading.market(&markets, BTC, START).unwrap_err();
    assert!(
        refusal.to_string().contains("the simulator has stopped"),
        "{refusal}"
    );
    drop((trading, second));
    assert_eq!(std::fs::read(&path).unwrap(), recorded);

    let lock = PathBuf::from(format!(
        "{}.lock",
        std::fs::canonicalize(&path).unwrap().display()
    ));
    assert!(!lock.exists());
    // The process of this test, which does not hold the lock, and one that cannot exist.
    let trading = Trading::open(&settings, &markets).unwrap();
    let own = std::fs::read_to_string(&lock).unwrap();
    drop(trading);
    let id = std::process::id().to_string();
    assert!(own.starts_with(&id), "{own}");
    let gone = own.replacen(&id, &u32::MAX.to_string(), 1);
    for ended in [&own, &gone] {
        std::fs::write(&lock, ended).unwrap();
        if ended == &own || cfg!(target_os = "linux") {
            drop(Trading::open(&settings, &markets).unwrap());
            assert!(!lock.exists(), "{ended}");
        }
    }
    // The first process always runs, an id of another machine says nothing, and a lock without an id can be that of any process.
    let first = own.replacen(&id, "1", 1);
    for owner in [first, format!("{} elsewhere", u32::MAX), String::new()] {
        std::fs::write(&lock, &owner).unwrap();
        let elsewhere = refused();
        let expected = format!("in use by the process {owner}; stop it, pass another file, or remove ");
        assert!(elsewhere.contains(&expected), "{elsewhere}");
        assert!(elsewhere.contains(lock.to_str().unwrap()), "{elsewhere}");
        assert_eq!(std::fs::read_to_string(&lock).unwrap(), owner);
    }
    std::fs::remove_file(&lock).unwrap();
    std::fs::remove_file(&path).unwrap();
}
