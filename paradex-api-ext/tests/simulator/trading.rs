//! Trading: orders that fill each other, and what an account sees of it.

use paradex_api::types::{Fill, FillFlag, FillType, OrderFlag, Position, TraderRole};
use paradex_api_ext::orders::{CancelScope, NewAlgoOrder, NewOrder};
use paradex_api_ext::simulator::{Liquidity, OrderSnapshot};
use paradex_api_ext::{Client as Trader, Credentials, Environment};

use super::*;

pub(super) fn trader(simulator: &Simulator, account: &str) -> Trader {
    let environment = Environment::custom(simulator.url()).unwrap();
    let key = simulator.account_key(account).unwrap();
    let credentials = Credentials::starknet_derived(environment.clone(), key);
    Trader::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap()
}

/// A simulator with two accounts.
async fn pair() -> (Simulator, [String; 2], [Trader; 2]) {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let accounts = [simulator.main_account(), simulator.add_account()];
    let traders = [trader(&simulator, &accounts[0]), trader(&simulator, &accounts[1])];
    (simulator, accounts, traders)
}

fn buy(size: &str, price: &str) -> NewOrder {
    NewOrder::limit(MARKET, OrderSide::Buy, decimal(size), decimal(price))
}

fn sell(size: &str, price: &str) -> NewOrder {
    NewOrder::limit(MARKET, OrderSide::Sell, decimal(size), decimal(price))
}

fn levels(levels: &[(&str, &str)]) -> Vec<(Decimal, Decimal)> {
    levels
        .iter()
        .map(|(price, size)| (decimal(price), decimal(size)))
        .collect()
}

fn last(simulator: &Simulator, account: &str) -> OrderSnapshot {
    simulator.orders(account).pop().unwrap()
}

async fn fills(client: &Trader) -> Vec<Fill> {
    client
        .api()
        .list_fills()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results
}

async fn positions(client: &Trader) -> Vec<Position> {
    client
        .api()
        .list_positions()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results
}

#[tokio::test]
async fn account_is_shown_to_itself_only() {
    let simulator = Simulator::builder()
        .liquidity(Liquidity::Simulated)
        .start()
        .await
        .unwrap();
    let (own, other) = (simulator.main_account(), simulator.add_account());
    let padded = format!("0x{:0>64}", own.trim_start_matches("0x").to_uppercase());
    for same in [own.clone(), padded] {
        let path = format!("/v1/account?subaccount_address={same}");
        let (status, shown) = raw(&simulator, "GET", &path, "").await;
        assert_eq!((status, shown["account"].as_str()), (200, Some(own.as_str())));
    }
    for other in [other.as_str(), "house", ""] {
        let path = format!("/v1/account?subaccount_address={other}");
        let (status, refusal) = raw(&simulator, "GET", &path, "").await;
        let code = refusal["error"].as_str();
        assert_eq!(
            (status, code),
            (400, Some("INVALID_REQUEST_PARAMETER")),
            "{other}"
        );
    }
}

#[tokio::test]
async fn orders_of_two_accounts_fill_each_other() {
    let (simulator, [alice, bob], [buyer, seller]) = pair().await;
    seller
        .orders()
        .place(sell("2", "100").client_id("ask"))
        .await
        .unwrap();
    buyer.orders().place(buy("1", "101")).await.unwrap();
    let filled = last(&simulator, &alice);
    assert_eq!(
        (filled.status, filled.filled, filled.average_price),
        (OrderStatus::Closed, decimal("1"), Some(decimal("100")))
    );
    let resting = last(&simulator, &bob);
    assert_eq!(
        (resting.status, resting.filled, resting.size),
        (OrderStatus::Open, decimal("1"), decimal("2"))
    );

    let made = fills(&seller).await;
    let [fill] = made.as_slice() else {
        panic!("{made:?}")
    };
    assert_eq!(
        (&fill.liquidity, &fill.fill_type),
        (&Some(TraderRole::Maker), &Some(FillType::Fill))
    );
    assert_eq!(
        (fill.side.clone(), fill.price, fill.size),
        (Some(OrderSide::Sell), Some(decimal("100")), Some(decimal("1")))
    );
    assert_eq!(
        (fill.client_id.as_deref(), fill.remaining_size),
        (Some("ask"), Some(decimal("1")))
    );
    assert_eq!(fill.order_id.as_ref(), Some(&resting.id));
    let fee = |fee: &str| Some(decimal(fee));
    assert_eq!(fill.fee, fee("-0.005"));
    let taken = fills(&buyer).await;
    assert_eq!(
        (taken[0].fee, &taken[0].liquidity),
        (fee("0.03"), &Some(TraderRole::Taker))
    );
    assert_eq!(
        (taken[0].orderbook_seq_no, &taken[0].flags),
        (Some(2), &Vec::<FillFlag>::new())
    );

    let held = positions(&buyer).await;
    let [position] = held.as_slice() else {
        panic!("{held:?}")
    };
    assert_eq!(
        (position.size, position.average_entry_price),
        (Some(decimal("1")), Some(decimal("100")))
    );
    simulator.set_mark_price(MARKET, decimal("110")).unwrap();
    let position = positions(&buyer).await.remove(0);
    assert_eq!(position.unrealized_pnl, Some(decimal("10")));
    let summary = buyer.api().get_account().send().await.unwrap().into_inner();
    assert_eq!(summary.account.as_ref(), Some(&alice));
    assert_eq!(
        (summary.account_value, summary.total_collateral),
        (Some(decimal("1000009.97")), Some(decimal("999999.97")))
    );
    let balances = buyer.api().list_balances().send().await.unwrap();
    assert_eq!(balances.results[0].size, Some(decimal("999999.97")));

    // The position is closed at a profit. What is left of the first order would meet the second.
    seller.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    seller.orders().place(buy("1", "105")).await.unwrap();
    buyer
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Sell, decimal("1")).flag(OrderFlag::ReduceOnly))
        .await
        .unwrap();
    let newest = buyer
        .api()
        .list_fills()
        .page_size(1)
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(newest.results[0].realized_pnl, Some(decimal("5")));
    let older = buyer
        .api()
        .list_fills()
        .cursor(newest.next.unwrap())
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!((older.results.len(), older.next), (1, None));
    assert_eq!(older.results[0].id, taken[0].id);
    let position = positions(&buyer).await.remove(0);
    assert_eq!(
        (position.size, position.realized_positional_pnl),
        (Some(Decimal::ZERO), Some(decimal("5")))
    );
    let busted = buyer.api().list_tradebusts().send().await.unwrap().into_inner();
    assert!(busted.results.is_empty());
    let elsewhere = buyer
        .api()
        .list_fills()
        .market("ETH-USD-PERP")
        .send()
        .await
        .unwrap()
        .into_inner();
    assert!(elsewhere.results.is_empty());
}

#[tokio::test]
async fn account_cannot_trade_with_itself() {
    let (simulator, [alice, _], [client, _]) = pair().await;
    client.orders().place(sell("1", "100")).await.unwrap();
    client.orders().place(buy("1", "100")).await.unwrap();
    let order = last(&simulator, &alice);
    assert_eq!(
        (order.status, order.cancel_reason),
        (OrderStatus::Closed, Some("SELF_TRADE"))
    );
}

#[tokio::test]
async fn stop_and_take_profit_follow_the_mark_price() {
    let (simulator, [alice, _], [client, _]) = pair().await;
    simulator
        .set_quotes(MARKET, &levels(&[("99", "5")]), &levels(&[("101", "5")]))
        .unwrap();
    simulator.set_mark_price(MARKET, decimal("100")).unwrap();
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Buy, decimal("2")))
        .await
        .unwrap();
    let closing =
        |kind, price| NewOrder::triggered(MARKET, OrderSide::Sell, kind, Decimal::ZERO, decimal(price));
    client
        .orders()
        .place(closing(OrderType::StopLossMarket, "90"))
        .await
        .unwrap();
    client
        .orders()
        .place(closing(OrderType::TakeProfitMarket, "120"))
        .await
        .unwrap();
    assert_eq!(last(&simulator, &alice).status, OrderStatus::Untriggered);
    simulator.set_mark_price(MARKET, decimal("120")).unwrap();
    let orders = simulator.orders(&alice);
    let outcomes: Vec<_> = orders
        .iter()
        .map(|order| (order.filled, order.cancel_reason))
        .collect();
    let (two, none) = (decimal("2"), Decimal::ZERO);
    assert_eq!(
        outcomes,
        [
            (two, None),
            (none, Some("REDUCE_ONLY_WILL_INCREASE")),
            (two, None)
        ]
    );
    assert_eq!(simulator.order_book(MARKET).bids, levels(&[("99", "3")]));
}

#[tokio::test]
async fn quotes_that_pass_an_order_fill_it() {
    let (simulator, [alice, _], [client, _]) = pair().await;
    client.orders().place(buy("1", "95")).await.unwrap();
    simulator
        .set_quotes(MARKET, &[], &levels(&[("94", "3")]))
        .unwrap();
    let order = last(&simulator, &alice);
    assert_eq!(
        (order.status, order.average_price),
        (OrderStatus::Closed, Some(decimal("95")))
    );
    assert_eq!(simulator.order_book(MARKET).asks, levels(&[("94", "2")]));
    let refused = simulator
        .set_quotes(MARKET, &levels(&[("9", "1")]), &levels(&[("8", "1")]))
        .unwrap_err();
    assert!(
        refused.to_string().contains("every bid must be below every ask"),
        "{refused}"
    );
    let refused = simulator.set_mark_price(MARKET, Decimal::ZERO).unwrap_err();
    assert!(refused.to_string().contains("above 0"), "{refused}");
}

#[tokio::test]
async fn twap_order_trades_while_time_passes() {
    let (simulator, [alice, _], _) = pair().await;
    simulator
        .set_quotes(MARKET, &levels(&[("9", "100")]), &levels(&[("10", "100")]))
        .unwrap();
    let client = main_client(&simulator);
    let request = algo(&simulator.main_key(), &alice);
    let size = decimal(json!(request)["size"].as_str().unwrap());
    let duration = json!(request)["duration_seconds"].as_u64().unwrap();
    let created = client
        .create_algo_order()
        .body(request)
        .send()
        .await
        .unwrap()
        .into_inner();
    let open = client
        .list_open_algo_orders()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results;
    assert_eq!((open.len(), &open[0].id), (1, &created.id));
    assert!(open[0].remaining_size < Some(size));
    simulator.advance(Duration::from_secs(duration));
    let client = main_client(&simulator);
    let id = created.id.unwrap();
    let done = client
        .get_algo_order()
        .algo_id(&id)
        .send()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (done.status, done.remaining_size),
        (Some(OrderStatus::Closed), Some(Decimal::ZERO))
    );
    let history = client
        .list_algo_orders_history()
        .send()
        .await
        .unwrap()
        .into_inner()
        .results;
    assert_eq!(history.len(), 1);
    assert!(
        client
            .list_open_algo_orders()
            .send()
            .await
            .unwrap()
            .results
            .is_empty()
    );
    assert_eq!(
        refused(client.cancel_algo_order().algo_id(&id).send().await),
        code(404, "ALGO_ID_NOT_FOUND")
    );
    let filled: Decimal = simulator.orders(&alice).iter().map(|order| order.filled).sum();
    assert_eq!(filled, size);
}

#[tokio::test]
async fn history_of_twap_orders_is_read_page_by_page() {
    let (simulator, [alice, _], [client, _]) = pair().await;
    let mut ids = Vec::new();
    for side in [OrderSide::Buy, OrderSide::Sell, OrderSide::Buy] {
        let order = NewAlgoOrder::twap(MARKET, side, decimal("2"), Duration::from_secs(60));
        ids.extend(client.orders().place_algo(order).await.unwrap().id);
    }
    let raw = main_client(&simulator);
    let list = || raw.list_algo_orders_history();
    let first = list().page_size(2).send().await.unwrap().into_inner();
    let second = list().cursor(first.next.clone().unwrap()).send().await.unwrap();
    let listed: Vec<_> = [&first.results, &second.results].into_iter().flatten().collect();
    let listed: Vec<String> = listed.iter().map(|algo| algo.id.clone().unwrap()).collect();
    ids.reverse();
    assert_eq!((listed, second.next.clone()), (ids.clone(), None));
    let sells = list().side(OrderSide::Sell).send().await.unwrap().into_inner();
    assert_eq!(sells.results[0].id.as_ref(), Some(&ids[1]));
    let elsewhere = list().market("ETH-USD-PERP").send().await.unwrap();
    assert!(elsewhere.results.is_empty());
    assert_eq!(last(&simulator, &alice).cancel_reason, Some("EMPTY_MARKET"));
}

#[tokio::test]
async fn account_without_margin_is_liquidated() {
    let (simulator, [alice, _], [client, _]) = pair().await;
    simulator
        .set_quotes(MARKET, &[], &levels(&[("100", "20000")]))
        .unwrap();
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Buy, decimal("20000")))
        .await
        .unwrap();
    client.orders().place(buy("1", "9")).await.unwrap();
    simulator.set_mark_price(MARKET, decimal("51")).unwrap();
    assert_eq!(positions(&client).await[0].size, Some(decimal("20000")));
    let liquidations = async || {
        client
            .api()
            .list_liquidations()
            .send()
            .await
            .unwrap()
            .into_inner()
            .results
    };
    assert!(liquidations().await.is_empty());

    simulator.set_mark_price(MARKET, decimal("50")).unwrap();
    assert_eq!(positions(&client).await[0].size, Some(Decimal::ZERO));
    assert_eq!(liquidations().await.len(), 1);
    let fill = fills(&client).await.remove(0);
    assert_eq!(
        (fill.fill_type, fill.price, fill.fee, fill.orderbook_seq_no),
        (
            Some(FillType::Liquidation),
            Some(decimal("50")),
            Some(Decimal::ZERO),
            Some(0)
        )
    );
    let orders = simulator.orders(&alice);
    assert_eq!(orders[1].cancel_reason, Some("NOT_ENOUGH_MARGIN"));
    assert_eq!(
        (&orders[2].status, orders[2].filled),
        (&OrderStatus::Closed, decimal("20000"))
    );
}

#[tokio::test]
async fn simulated_market_fills_orders_and_enforces_its_rules() {
    let builder = Simulator::builder().strict().liquidity(Liquidity::Simulated);
    let simulator = builder.start().await.unwrap();
    let account = simulator.main_account();
    let client = trader(&simulator, &account);
    assert!(positions(&client).await.is_empty());
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Buy, decimal("0.01")))
        .await
        .unwrap();
    let order = last(&simulator, &account);
    assert_eq!(
        (order.status, order.filled),
        (OrderStatus::Closed, decimal("0.01"))
    );
    let fill = fills(&client).await.remove(0);
    let underlying = fill.underlying_price.unwrap();
    let price = fill.price.unwrap();
    assert!(
        (price - underlying).abs() < underlying * decimal("0.02"),
        "{price} {underlying}"
    );

    let place = async |order: NewOrder| client.orders().place(order).await;
    for (order, code) in [
        (
            NewOrder::market("NO-SUCH-PERP", OrderSide::Buy, decimal("1")),
            "MARKET_NOT_FOUND",
        ),
        (buy("0.000001", "30000"), "INVALID_ORDER_SIZE"),
        (buy("0.1", "30000.01"), "VALIDATION_ERROR"),
        (buy("0.0001", "30000"), "INVALID_ORDER_SIZE"),
    ] {
        let error = place(order).await.unwrap_err();
        assert!(format!("{error:?}").contains(code), "{error:?}");
    }
    let fair = simulator.order_book(MARKET).bids[0].0;
    // Far above the market, and more than a position may have.
    let far = (fair * decimal("1.2")).round();
    place(NewOrder::limit(MARKET, OrderSide::Buy, decimal("0.01"), far))
        .await
        .unwrap();
    assert_eq!(
        last(&simulator, &account).cancel_reason,
        Some("PRICE_OUTSIDE_BANDS")
    );
    let near = (fair * decimal("0.97")).round();
    for _ in 0..6 {
        place(NewOrder::limit(MARKET, OrderSide::Buy, decimal("99"), near))
            .await
            .unwrap();
    }
    assert_eq!(
        last(&simulator, &account).cancel_reason,
        Some("ORDER_EXCEEDS_POSITION_LIMIT")
    );
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    // The public book includes the orders of clients.
    place(NewOrder::limit(MARKET, OrderSide::Buy, decimal("0.5"), near))
        .await
        .unwrap();
    let book = client.api().get_orderbook().market(MARKET).depth(100);
    let bids = book.send().await.unwrap().into_inner().bids;
    let own = bids.iter().find(|level| level.price == near);
    assert_eq!(own.map(|level| level.size), Some(decimal("0.5")));
    assert!(
        client
            .api()
            .get_bbo()
            .market("NO-SUCH-PERP")
            .send()
            .await
            .is_err()
    );
    client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    // The price moves, and funding accrues.
    simulator.advance(Duration::from_secs(600));
    let client = trader(&simulator, &account);
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Sell, decimal("0.01")))
        .await
        .unwrap();
    let payments = client
        .api()
        .list_funding_payments()
        .market(MARKET)
        .send()
        .await
        .unwrap()
        .into_inner()
        .results;
    assert_eq!((payments.len(), payments[0].market.as_deref()), (1, Some(MARKET)));
    let position = positions(&client).await.remove(0);
    assert_eq!(position.size, Some(Decimal::ZERO));
}

#[tokio::test]
async fn orders_trade_at_scripted_prices() {
    let path = std::env::temp_dir().join(format!("paradex-price-script-{}.csv", std::process::id()));
    let rows = format!("0,{MARKET},30000\n3600,{MARKET},20000\n3601,{MARKET},30000\n");
    std::fs::write(&path, rows).unwrap();
    let builder = Simulator::builder().strict().liquidity(Liquidity::Simulated);
    let simulator = builder.price_script(&path).start().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let account = simulator.main_account();
    let client = trader(&simulator, &account);
    client
        .orders()
        .place(NewOrder::market(MARKET, OrderSide::Buy, decimal("0.1")))
        .await
        .unwrap();
    let bought = last(&simulator, &account).average_price.unwrap();
    assert!(bought > decimal("29900") && bought < decimal("30100"), "{bought}");

    // The clock jumps over the second of the crash, and the stop order is triggered all the same.
    let (size, trigger) = (decimal("0.1"), decimal("25000"));
    let stop = NewOrder::triggered(MARKET, OrderSide::Sell, OrderType::StopMarket, size, trigger);
    client.orders().place(stop).await.unwrap();
    simulator.advance(Duration::from_secs(2 * 86_400));
    simulator.order_book(MARKET);
    let stopped = last(&simulator, &account);
    let sold = stopped.average_price.unwrap();
    assert!(sold > decimal("19900") && sold < decimal("20100"), "{stopped:?}");
}

#[tokio::test]
async fn script_moves_the_mark_price_without_liquidity() {
    let path = std::env::temp_dir().join(format!("paradex-script-alone-{}.csv", std::process::id()));
    std::fs::write(&path, format!("0,{MARKET},30000\n3600,{MARKET},20000\n")).unwrap();
    let simulator = Simulator::builder().price_script(&path).start().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let account = simulator.main_account();
    let client = trader(&simulator, &account);
    let stop = |market| {
        let (size, trigger) = (decimal("0.1"), decimal("25000"));
        NewOrder::triggered(market, OrderSide::Sell, OrderType::StopMarket, size, trigger)
    };
    client.orders().place(stop(MARKET)).await.unwrap();
    assert_eq!(last(&simulator, &account).status, OrderStatus::Untriggered);
    // This market has no script, and nobody set its mark price.
    client.orders().place(stop("ETH-USD-PERP")).await.unwrap();
    simulator.advance(Duration::from_secs(3_601));
    assert_eq!(simulator.order_book(MARKET).bids, []);
    let orders = simulator.orders(&account);
    let outcomes: Vec<_> = orders.iter().map(|order| order.cancel_reason).collect();
    assert_eq!(outcomes, [Some("EMPTY_MARKET"), None]);
    assert_eq!(orders[1].status, OrderStatus::Untriggered);
}

#[tokio::test]
async fn restart_from_a_trading_log_continues() {
    let path = std::env::temp_dir().join(format!("paradex-trading-{}.log", std::process::id()));
    drop(std::fs::remove_file(&path));
    let start = || Simulator::builder().strict().trading_log(&path).start();
    let (before, id) = {
        let simulator = start().await.unwrap();
        let account = simulator.main_account();
        simulator
            .set_quotes(MARKET, &levels(&[("99", "5")]), &levels(&[("101", "5")]))
            .unwrap();
        let client = trader(&simulator, &account);
        client.orders().place(buy("1", "101")).await.unwrap();
        client
            .orders()
            .place(buy("1", "90").client_id("rest"))
            .await
            .unwrap();
        (simulator.orders(&account), last(&simulator, &account).id)
    };
    let simulator = start().await.unwrap();
    let account = simulator.main_account();
    assert_eq!(simulator.orders(&account), before);
    assert_eq!(simulator.order_book(MARKET).asks, levels(&[("101", "4")]));
    let client = trader(&simulator, &account);
    assert_eq!(fills(&client).await.len(), 1);
    client.orders().cancel(&id).await.unwrap();
    drop(simulator);
    std::fs::write(&path, "?\n").unwrap();
    let error = start().await.unwrap_err();
    assert!(error.to_string().contains("cannot be replayed"), "{error}");
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn interactive_session_meets_rpi_orders_and_pays_nothing() {
    let (simulator, [alice, _], [_, maker]) = pair().await;
    maker
        .orders()
        .place(sell("2", "10").instruction(OrderInstruction::Rpi))
        .await
        .unwrap();
    let place = async |session: &Secret| {
        let order = order(
            &simulator.main_key(),
            &alice,
            OrderType::Limit,
            Some("10"),
            milliseconds(),
        );
        self::place(&client(&simulator, session), order).await.unwrap();
        last(&simulator, &alice)
    };
    let plain = place(&simulator.main_session()).await;
    assert_eq!((plain.status, plain.filled), (OrderStatus::Open, Decimal::ZERO));
    main_client(&simulator).cancel_all_orders().send().await.unwrap();
    let environment = Environment::custom(simulator.url()).unwrap();
    let credentials = Credentials::starknet_derived(environment.clone(), simulator.main_key()).interactive();
    let retail = Trader::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap();
    retail.orders().place(buy("1", "10")).await.unwrap();
    let fill = fills(&retail).await.remove(0);
    assert_eq!(
        (fill.fill_type, fill.fee),
        (Some(FillType::Rpi), Some(Decimal::ZERO))
    );
    assert_eq!(fill.flags, [FillFlag::Interactive, FillFlag::Rpi]);
}

#[tokio::test]
async fn failed_start_leaves_no_trading_log() {
    let path = std::env::temp_dir().join(format!("paradex-port-in-use-{}.log", std::process::id()));
    let first = Simulator::start().await.unwrap();
    let address = first.url().trim_start_matches("http://").to_owned();
    let builder = Simulator::builder().listen_on(address.parse::<std::net::SocketAddr>().unwrap());
    let error = builder.trading_log(&path).start().await.unwrap_err();
    assert!(error.to_string().contains("cannot listen on"), "{error}");
    assert!(!path.exists());
}

#[tokio::test]
async fn closed_positions_are_listed_unless_told_otherwise() {
    for lists in [true, false] {
        let builder = Simulator::builder().list_closed_positions(lists);
        let simulator = builder.start().await.unwrap();
        let client = trader(&simulator, &simulator.main_account());
        simulator
            .set_quotes(MARKET, &levels(&[("9", "1")]), &levels(&[("10", "1")]))
            .unwrap();
        client.orders().place(buy("0.5", "10")).await.unwrap();
        assert_eq!(positions(&client).await.len(), 1);
        client.orders().place(sell("0.5", "9")).await.unwrap();
        assert_eq!(positions(&client).await.len(), usize::from(lists));
    }
}
