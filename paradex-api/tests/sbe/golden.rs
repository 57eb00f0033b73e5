//! Golden frames, read field by field. The numbers here stand in the comments of the frames, too.

use paradex_api::Decimal;
use paradex_api::sbe::{
    AccountStatus, AssetKind, BookEvent, FillFlags, FillType, FundingRateSource, Header, LiquiditySide,
    Message, OrderFlags, OrderStatus, OrderType, PkgType, PositionStatus, RequestStatus, RequestType,
    SCHEMA_ID, SCHEMA_VERSION, Side, StpMode, TimeInForce,
};

use crate::support::{decoded, frame, frames, shown};

const TS: i64 = 1_790_000_000_123_456;
const TRADE: &str = "1681462103821101699438490000";
const ORDER_SEQ: i64 = 1_681_471_234_972_000_000;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn some(text: &str) -> Option<Decimal> {
    Some(number(text))
}

fn of_version(name: &str, version: u16) -> Vec<u8> {
    let mut found = frames().filter(|(own, of, _)| *own == name && *of == version);
    found.next().unwrap().2
}

#[test]
fn every_template_and_version_is_covered() {
    assert_eq!((SCHEMA_ID, SCHEMA_VERSION), (1, 2));
    for version in [0, 1, 2] {
        let of_version = frames().filter(|(_, of, _)| *of == version);
        let mut templates: Vec<u16> = of_version
            .map(|(_, _, frame)| Header::decode(&frame).unwrap().template_id)
            .collect();
        templates.dedup();
        let mut expected = vec![1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 40, 41];
        if version == 0 {
            expected.retain(|id| *id != 6);
        }
        assert_eq!(templates, expected, "version {version}");
    }
}

#[test]
fn layout_that_did_not_change_reads_the_same_in_every_version() {
    for (name, _, found) in frames() {
        assert_eq!(shown(&found), shown(&frame(name)), "{name}");
    }
}

#[test]
fn trade_has_its_id_in_the_newer_layout_only() {
    for version in [0, 1, 2] {
        let bytes = of_version("trade", version);
        let trade = decoded!(Trade, bytes);
        assert_eq!(trade.header().version, version);
        assert_eq!((trade.ts(), trade.seq(), trade.created_at()), (TS, 77, TS - 456));
        assert_eq!((trade.side(), trade.trade_type()), (Side::Sell, FillType::Rpi));
        assert_eq!(
            (trade.price(), trade.size()),
            (number("42000.5"), number("0.001"))
        );
        assert_eq!(
            (trade.price_mantissa(), trade.size_mantissa()),
            (4_200_050_000_000, 100_000)
        );
        assert_eq!((trade.market(), trade.trade_id_str()), ("BTC-USD-PERP", None));
    }
    let bytes = frame("trade-2");
    let trade = decoded!(Trade, bytes);
    assert_eq!(
        (trade.market(), trade.trade_id_str()),
        ("BTC-USD-PERP", Some(TRADE))
    );
    #[allow(deprecated, reason = "it is shown to be no id")]
    let low = trade.trade_id();
    let id: u128 = TRADE.parse().unwrap();
    assert_eq!(low, id as u64 as i64);
}

#[test]
fn bbo_without_bid_has_null_there() {
    let bytes = frame("bbo");
    let bbo = decoded!(Bbo, bytes);
    assert_eq!((bbo.ts(), bbo.seq(), bbo.market()), (TS, 4660, "ETH-USD-PERP"));
    assert_eq!(
        (bbo.bid_price(), bbo.bid_size(), bbo.bid_price_mantissa()),
        (None, None, None)
    );
    assert_eq!(
        (bbo.ask_price(), bbo.ask_size()),
        (some("-0.00000001"), some("92233720368.54775807"))
    );
    assert_eq!(
        (bbo.ask_price_mantissa(), bbo.ask_size_mantissa()),
        (Some(-1), Some(i64::MAX))
    );
}

fn levels(book: BookEvent<'_>) -> [Vec<(Decimal, Decimal)>; 2] {
    [book.bids(), book.asks()].map(|group| group.iter().map(|level| (level.price(), level.size())).collect())
}

#[test]
fn book_has_levels_in_the_order_of_the_frame() {
    let bytes = frame("book");
    let book = decoded!(Book, bytes);
    assert_eq!(
        (book.ts(), book.seq(), book.pkg_type(), book.market()),
        (TS, 9, PkgType::Snapshot, "BTC-USD-PERP")
    );
    assert_eq!(
        [
            book.best_bid_price(),
            book.best_bid_size(),
            book.best_ask_price(),
            book.best_ask_size(),
            book.relative_spread()
        ],
        [None; 5]
    );
    assert_eq!(
        [
            book.best_bid_api_price(),
            book.best_bid_api_size(),
            book.best_ask_api_price(),
            book.best_ask_api_size()
        ],
        ["100", "2", "101", "3"].map(some)
    );
    let pair = |price, size| (number(price), number(size));
    assert_eq!(
        levels(book),
        [vec![pair("100", "2"), pair("99.5", "0")], vec![pair("101", "3")]]
    );
    assert_eq!(
        (book.bids().len(), book.asks().len(), book.asks().is_empty()),
        (2, 1, false)
    );
    let last = book.bids().iter().next_back().unwrap();
    assert_eq!((last.price_mantissa(), last.size_mantissa()), (9_950_000_000, 0));
}

#[test]
fn market_summary_prefers_no_rate_by_itself() {
    for (name, precise, forward) in [
        ("summary", None, None),
        ("summary-1", some("0.000100000012"), some("0.21")),
    ] {
        let bytes = frame(name);
        let summary = decoded!(MarketSummary, bytes);
        assert_eq!(
            (summary.ts(), summary.seq(), summary.market()),
            (TS, 5, "BTC-USD-PERP")
        );
        assert_eq!(
            [
                summary.mark_price(),
                summary.index_price(),
                summary.last_price(),
                summary.volume_usd24h(),
                summary.open_interest()
            ],
            ["1", "2", "3", "4", "5"].map(number)
        );
        assert_eq!(
            (summary.funding_rate(), summary.funding_rate_precise()),
            (number("0.0001"), precise)
        );
        assert_eq!(
            (
                summary.bid(),
                summary.ask(),
                summary.bid_size(),
                summary.ask_size()
            ),
            (some("6"), None, some("19"), some("20"))
        );
        assert_eq!(
            (summary.total_volume(), summary.price_change_rate24h()),
            (number("92233720368.54775807"), number("-0.05"))
        );
        assert_eq!(
            [
                summary.mark_iv(),
                summary.bid_iv(),
                summary.ask_iv(),
                summary.last_iv()
            ],
            ["7", "8", "9", "10"].map(some)
        );
        assert_eq!(
            [
                summary.delta(),
                summary.gamma(),
                summary.vega(),
                summary.theta(),
                summary.rho(),
                summary.volga()
            ],
            ["0.11", "0.12", "0.13", "0.14", "0.15", "0.16"].map(some)
        );
        assert_eq!(
            (
                summary.vanna(),
                summary.future_funding_rate(),
                summary.external_fair_price()
            ),
            (None, some("0.17"), some("18"))
        );
        assert_eq!(
            (summary.forward_rate(), summary.risk_free_rate()),
            (forward, None)
        );
    }
}

#[test]
fn funding_has_the_impact_premium_since_version_1() {
    for (name, premium) in [("funding", None), ("funding-1", some("0.25"))] {
        let bytes = frame(name);
        let funding = decoded!(FundingData, bytes);
        assert_eq!(
            (
                funding.ts(),
                funding.seq(),
                funding.created_at(),
                funding.market()
            ),
            (TS, 6, TS - 1, "BTC-USD-PERP")
        );
        assert_eq!(
            (funding.funding_rate(), funding.funding_index()),
            (number("0.0001"), number("12345.6"))
        );
        assert_eq!(
            (funding.funding_premium(), funding.funding_rate8h()),
            (number("-0.5"), number("0.0008"))
        );
        assert_eq!(
            (funding.funding_period_hours(), funding.impact_premium_rate()),
            (8, premium)
        );
    }
    let bytes = frame("comparison");
    let rate = decoded!(FundingRateComparison, bytes);
    assert_eq!(
        (rate.ts(), rate.last_updated_at(), rate.market()),
        (TS, TS - 1000, "BTC-USD-PERP")
    );
    assert_eq!(
        (rate.hourly_funding_rate(), rate.asset_kind(), rate.source()),
        (
            number("0.000000000001"),
            AssetKind::PerpetualFuture,
            FundingRateSource::Binance
        )
    );
}

#[test]
fn order_has_a_request_in_the_newer_layout_only() {
    let short = (None, None, None, None);
    let long = (
        Some(RequestStatus::Success),
        Some(RequestType::ModifyOrder),
        Some("m7"),
        Some(""),
    );
    for (name, version, request) in [
        ("order", 0, short),
        ("order", 1, short),
        ("order", 2, short),
        ("order-2", 2, long),
    ] {
        let bytes = of_version(name, version);
        let order = decoded!(Order, bytes);
        assert_eq!((order.ts(), order.seq()), (TS, ORDER_SEQ));
        assert_eq!(
            (
                order.status(),
                order.side(),
                order.order_type(),
                order.time_in_force()
            ),
            (
                OrderStatus::Open,
                Side::Buy,
                OrderType::Limit,
                TimeInForce::PostOnly
            )
        );
        assert_eq!(
            (order.price(), order.trigger_price(), order.avg_fill_price()),
            (some("29500.12"), None, some("29500"))
        );
        assert_eq!(
            (order.size(), order.size_open()),
            (number("0.05"), number("0.04"))
        );
        assert_eq!(
            [
                order.created_at(),
                order.updated_at(),
                order.received_at(),
                order.published_at()
            ],
            [3, 2, 4, 1].map(|less| TS - less * 1000)
        );
        assert_eq!(
            (order.account().to_string().as_str(), order.stp()),
            ("0x49d", StpMode::None)
        );
        assert_eq!(order.flags(), OrderFlags::REDUCE_ONLY | OrderFlags::INTERACTIVE);
        assert_eq!(
            (
                order.order_id(),
                order.client_order_id(),
                order.market(),
                order.cancel_reason()
            ),
            ("123456", "x1234", "BTC-USD-PERP", "")
        );
        assert_eq!(
            (
                order.request_status(),
                order.request_type(),
                order.request_id(),
                order.request_message()
            ),
            request
        );
    }
}

#[test]
fn fill_has_flags_and_fee_currency_since_version_2() {
    let new = (
        Some(FillFlags::INTERACTIVE | FillFlags::UNKNOWN),
        Some(79),
        Some("USDC"),
    );
    for (name, added) in [("fill", (None, None, None)), ("fill-2", new)] {
        let bytes = frame(name);
        let fill = decoded!(Fill, bytes);
        assert_eq!(
            (fill.ts(), fill.seq(), fill.created_at()),
            (TS, Some(78), TS - 10)
        );
        assert_eq!(
            (fill.fill_type(), fill.side(), fill.liquidity()),
            (FillType::Fill, Side::Sell, LiquiditySide::Taker)
        );
        assert_eq!(
            (fill.price(), fill.size(), fill.fee()),
            (number("30000.12"), number("0.1"), number("7.7"))
        );
        assert_eq!(
            (
                fill.realized_pnl(),
                fill.underlying_price(),
                fill.realized_funding()
            ),
            (some("-3.5"), number("29999"), number("0.01"))
        );
        assert_eq!(fill.account().to_string(), "0x49d");
        assert_eq!(
            (fill.fill_id(), fill.order_id(), fill.client_order_id()),
            ("8615262148007718462", TRADE, "")
        );
        assert_eq!(
            (fill.trade_id(), fill.market()),
            ("1681462103821101699438490001", "BTC-USD-PERP")
        );
        assert_eq!(
            (fill.flags(), fill.orderbook_seq_no(), fill.fee_currency()),
            added
        );
    }
}

#[test]
fn position_and_account_are_read() {
    let bytes = frame("position");
    let position = decoded!(Position, bytes);
    assert_eq!(
        (position.ts(), position.seq(), position.updated_at()),
        (TS, 80, TS - 7)
    );
    assert_eq!(
        (position.side(), position.size(), position.status()),
        (Side::Sell, number("0.5"), PositionStatus::Open)
    );
    assert_eq!(
        (position.mark_price(), position.liquidation_price()),
        (None, None)
    );
    assert_eq!(
        [
            position.avg_entry_price(),
            position.unrealized_pnl(),
            position.realized_pnl(),
            position.leverage(),
            position.avg_entry_price_usd()
        ],
        ["29500", "-5", "6", "2", "29501"].map(number)
    );
    assert_eq!(
        [
            position.cost(),
            position.cost_usd(),
            position.cached_funding_index(),
            position.unrealized_funding_pnl()
        ],
        ["-14750", "-14750.5", "1234.5", "0.125"].map(number)
    );
    assert_eq!(
        (
            position.account().to_string().as_str(),
            position.market(),
            position.last_fill_id()
        ),
        ("0x49d", "BTC-USD-PERP", "1234234")
    );

    for (name, version, seen) in [
        ("account", 0, None),
        ("account", 1, None),
        ("account", 2, None),
        ("account-2", 2, Some(TS - 9000)),
    ] {
        let bytes = of_version(name, version);
        let account = decoded!(Account, bytes);
        assert_eq!(
            (account.ts(), account.seq(), account.updated_at()),
            (TS, 81, TS - 8)
        );
        assert_eq!(
            [
                account.total_collateral(),
                account.free_collateral(),
                account.initial_margin_req(),
                account.maintenance_margin_req(),
                account.account_value(),
                account.margin_cushion()
            ],
            ["1000", "900", "50", "25", "1001", "976"].map(number)
        );
        assert_eq!(
            (account.unrealized_pnl(), account.status()),
            (None, AccountStatus::Active)
        );
        assert_eq!(
            (
                account.account().to_string().as_str(),
                account.settlement_asset(),
                account.last_seen_notification()
            ),
            ("0x49d", "USDC", seen)
        );
    }
}

#[test]
fn system_messages_are_read() {
    let bytes = frame("heartbeat");
    let heartbeat = decoded!(Heartbeat, bytes);
    assert_eq!((heartbeat.ts(), heartbeat.seq()), (TS, 82));
    let bytes = frame("subscribed");
    let subscribed = decoded!(Subscribed, bytes);
    assert_eq!(
        (
            subscribed.ts(),
            subscribed.seq(),
            subscribed.status(),
            subscribed.channel()
        ),
        (TS, 83, 0, "bbo.BTC-USD-PERP")
    );
}

#[test]
fn message_names_its_template_and_market() {
    for (name, _, bytes) in frames() {
        let message = Message::decode(&bytes).unwrap();
        let has_market = !["account", "account-2", "heartbeat", "subscribed"].contains(&name);
        assert_eq!(
            message
                .market()
                .is_some_and(|market| market.ends_with("-USD-PERP")),
            has_market,
            "{name}"
        );
        assert!(message.name().unwrap().ends_with("Event"), "{name}");
        assert_eq!(message.header(), Header::decode(&bytes).unwrap());
    }
}
