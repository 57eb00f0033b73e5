//! Lists that come in pages.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::{Stream, StreamExt, TryStreamExt};
use paradex_api::operations::{self, LIST_FILLS};
use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::types::Fill;
use paradex_api::{Operation, Paging};
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::{Items, Page, Paged};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{Client, Credentials, Environment, Error};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::{client_with, start};

/// Answers the next fills, one request after the other, with these bodies.
fn answer(exchange: &Simulator, bodies: impl IntoIterator<Item = Value>) {
    for (index, body) in bodies.into_iter().enumerate() {
        let fault = Fault::raw(StatusCode::OK, HeaderMap::new(), body.to_string());
        exchange.inject(Injection::new(fault).on(&LIST_FILLS).skip(index));
    }
}

/// A page with fills of these ids.
fn page(ids: &[&str], next: impl Into<Value>) -> Value {
    let results: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({ "results": results, "next": next.into() })
}

/// The cursors that were asked for.
fn asked(exchange: &Simulator) -> Vec<String> {
    let requests = exchange.requests();
    let fills = requests
        .iter()
        .filter(|request| request.operation() == Some(&LIST_FILLS));
    fills.map(|request| query(request.query(), "cursor")).collect()
}

/// The value of a parameter; empty if it is not there.
fn query(query: &str, name: &str) -> String {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| *key == name);
    found.map_or(String::new(), |(_, value)| value.to_owned())
}

fn id(fill: Fill) -> String {
    fill.id.unwrap()
}

/// What comes, and how it ends.
async fn read(items: &mut Items<'_, Fill>) -> (Vec<String>, Option<Error>) {
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(fill) => ids.push(id(fill)),
            Err(error) => return (ids, Some(error)),
        }
    }
    (ids, None)
}

#[track_caller]
fn not_understood(error: Option<Error>, expected: &str) {
    let Some(Error::Decode(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.operation(), &LIST_FILLS);
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn every_operation_with_a_cursor_can_be_walked_and_no_other() {
    async fn walk<'a, C: Paged<'a>>(exchange: &Simulator, call: C) -> &'static Operation {
        let before = exchange.requests().len();
        let mut pages = call.pages().page_size(7).unwrap();
        let mut items = 0;
        let name = C::OPERATION;
        // Trades and funding data have a page for every few minutes since the markets opened.
        let endless = [&operations::LIST_FUNDING_DATA, &operations::LIST_TRADES].contains(&name);
        while let Some(page) = pages.next().await {
            items += page.unwrap().items().len();
            if endless && items == 14 {
                break;
            }
        }
        let requests = exchange.requests().split_off(before);
        // A made-up list has two pages; the history of orders has none, and the announcements fill one.
        let single = [&operations::LIST_ANNOUNCEMENTS, &operations::LIST_ORDERS_HISTORY].contains(&name);
        let empty = name == &operations::LIST_ORDERS_HISTORY;
        let expected = if single { 1 } else { 2 };
        assert_eq!((requests.len(), items == 0), (expected, empty), "{name}");
        for (index, request) in requests.iter().enumerate() {
            assert_eq!((request.operation(), request.status()), (Some(name), Some(200)));
            assert_eq!(query(request.query(), "page_size"), "7", "{name}");
            assert_eq!(query(request.query(), "cursor").is_empty(), index == 0, "{name}");
        }
        assert_eq!(pages.is_complete(), !endless, "{name}");
        name
    }
    let (exchange, client) = start().await;
    let api = client.api();
    let mut walked = [
        walk(&exchange, api.list_algo_orders_history()).await,
        walk(&exchange, api.list_announcements()).await,
        walk(&exchange, api.list_fills()).await,
        walk(&exchange, api.list_funding_data().market("BTC-USD-PERP")).await,
        walk(&exchange, api.list_funding_payments().market("BTC-USD-PERP")).await,
        walk(&exchange, api.list_orders_history()).await,
        walk(&exchange, api.list_public_xp_transfers()).await,
        walk(&exchange, api.list_rfqs()).await,
        walk(&exchange, api.list_tradebusts()).await,
        walk(&exchange, api.list_trades().market("BTC-USD-PERP")).await,
        walk(&exchange, api.list_transactions()).await,
        walk(&exchange, api.list_transfers()).await,
        walk(&exchange, api.list_xp_transfers()).await,
    ]
    .map(|operation| operation.id);
    walked.sort_unstable();
    let mut expected: Vec<_> = operations::ALL
        .iter()
        .filter(|operation| matches!(operation.paging, Paging::Cursor { .. }))
        .map(|operation| operation.id)
        .collect();
    expected.sort_unstable();
    assert_eq!(
        walked[..],
        expected[..],
        "add what is missing to `paged!` in page.rs, and here"
    );
}

#[tokio::test]
async fn pages_follow_each_other_with_the_same_filters() {
    let (exchange, client) = start().await;
    answer(
        &exchange,
        [page(&["1", "2"], "a b&c"), page(&[], "d"), page(&["3"], "")],
    );
    let mut pages = client.api().list_fills().market("BTC-USD-PERP").pages();
    assert_eq!((pages.cursor(), pages.is_complete()), (None, false));
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let own = |cursor: Option<&str>| cursor.map(str::to_owned);
        assert_eq!(pages.cursor(), page.next_cursor().or(Some("d")));
        seen.push((
            page.items().len(),
            own(page.cursor()),
            own(page.next_cursor()),
            pages.is_complete(),
        ));
    }
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            (2, None, text("a b&c"), false),
            (0, text("a b&c"), text("d"), false),
            (1, text("d"), None, true),
        ]
    );
    assert_eq!(asked(&exchange), ["", "a%20b%26c", "d"]);
    for request in exchange.requests() {
        assert_eq!(query(request.query(), "market"), "BTC-USD-PERP");
    }
    // It stays at its end.
    assert!(pages.next().await.is_none());
    assert_eq!(exchange.requests().len(), 3);
}

#[tokio::test]
async fn stream_yields_what_next_returns() {
    fn is_sent<T: Send + Unpin>(value: T) -> T {
        value
    }
    let (exchange, client) = start().await;
    let bodies = || [page(&["1", "2"], "a"), page(&[], "b"), page(&["3"], Value::Null)];
    answer(&exchange, bodies());
    let items = is_sent(client.api().list_fills().items());
    let ids: Vec<_> = items.map_ok(id).try_collect().await.unwrap();
    assert_eq!(ids, ["1", "2", "3"]);

    answer(&exchange, bodies());
    let pages = is_sent(client.api().list_fills().pages());
    let sizes: Vec<_> = pages.map(|page| page.unwrap().into_items().len()).collect().await;
    assert_eq!(sizes, [2, 0, 1]);

    answer(&exchange, bodies());
    let task = tokio::spawn(async move { client.api().list_fills().all(10).await });
    assert_eq!(task.await.unwrap().unwrap().items().len(), 3);
}

#[tokio::test]
async fn nothing_is_fetched_before_it_is_wanted() {
    let (exchange, client) = start().await;
    answer(&exchange, [page(&["1", "2"], "a"), page(&["3"], "b")]);
    let mut items = client.api().list_fills().items();
    tokio::task::yield_now().await;
    assert!(exchange.requests().is_empty());
    items.next().await.unwrap().unwrap();
    assert_eq!(items.cursor(), None);
    items.next().await.unwrap().unwrap();
    assert_eq!(items.cursor(), Some("a"));
    assert_eq!(asked(&exchange), [""]);
    items.next().await.unwrap().unwrap();
    assert_eq!(asked(&exchange), ["", "a"]);
    drop(items);
    drop(client.api().list_fills().all(5));
    assert!(client.api().list_fills().all(0).await.unwrap().items().is_empty());
    assert_eq!(exchange.requests().len(), 2);
}

#[tokio::test]
async fn giving_up_on_a_page_loses_nothing() {
    let (exchange, client) = start().await;
    answer(&exchange, [page(&["1"], "a"), page(&["2"], Value::Null)]);
    exchange.inject(Injection::new(Fault::delay_after(Duration::from_secs(1))).on(&LIST_FILLS));
    let mut items = client.api().list_fills().items();
    while asked(&exchange).is_empty() {
        let waited = tokio::time::timeout(Duration::from_millis(5), items.next()).await;
        assert!(waited.is_err());
    }
    assert_eq!(read(&mut items).await.0, ["1", "2"]);
    assert_eq!(asked(&exchange), ["", "a"]);
}

#[tokio::test]
async fn dropping_the_walk_ends_the_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(Environment::custom(&url).unwrap())
        .build()
        .unwrap();
    let mut items = client.api().list_trades().market("BTC-USD-PERP").items();
    let mut buffer = [0; 4_096];
    let mut connection = tokio::select! {
        item = items.next() => panic!("{item:?}"),
        connection = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            assert!(connection.read(&mut buffer).await.unwrap() > 0);
            connection
        } => connection,
    };
    drop(items);
    let left = tokio::time::timeout(Duration::from_secs(10), connection.read(&mut buffer)).await;
    assert_eq!(left.expect("the connection is still open").unwrap_or(0), 0);
}

#[tokio::test]
async fn repeated_cursor_ends_the_walk() {
    let (exchange, client) = start().await;
    // The one that was just used; one from before; the one that was started from.
    for (start, bodies, ids, at) in [
        (
            "",
            vec![page(&["1"], "a"), page(&["2"], "a")],
            vec!["1", "2"],
            "a",
        ),
        (
            "",
            vec![page(&["1"], "a"), page(&[], "b"), page(&["2"], "a")],
            vec!["1", "2"],
            "b",
        ),
        (
            "x",
            vec![page(&["1"], "a"), page(&["2"], "x")],
            vec!["1", "2"],
            "a",
        ),
    ] {
        answer(&exchange, bodies);
        let mut items = client.api().list_fills().items().from_cursor(start);
        let (read, error) = read(&mut items).await;
        assert_eq!(read, ids);
        not_understood(
            error,
            "its `next` is a cursor that was used before, so the list would never end",
        );
        assert_eq!((items.cursor(), items.is_complete()), (Some(at), false));
        let requests = exchange.requests().len();
        assert!(items.next().await.is_none());
        assert_eq!(exchange.requests().len(), requests);
    }
}

#[tokio::test]
async fn empty_pages_are_followed_a_hundred_times_in_a_row() {
    let (exchange, client) = start().await;
    let empty = |from: usize, to: usize| (from..to).map(|index| page(&[], index.to_string()));
    // 99, and one with something on it, and 100.
    let bodies = empty(0, 99).chain([page(&["1"], "one")]).chain(empty(100, 200));
    answer(&exchange, bodies);
    let mut items = client.api().list_fills().items();
    let (ids, error) = read(&mut items).await;
    assert_eq!(ids, ["1"]);
    not_understood(error, "it is the 100th empty page in a row");
    assert_eq!(exchange.requests().len(), 200);
    // Whoever believes that something follows can go on.
    answer(&exchange, [page(&["2"], Value::Null)]);
    let mut more = client.api().list_fills().items().from_cursor("199");
    assert_eq!(items.cursor(), Some("199"));
    assert_eq!(read(&mut more).await.0, ["2"]);
    // The hundredth may be the last.
    answer(&exchange, empty(0, 99).chain([page(&[], Value::Null)]));
    assert!(client.api().list_fills().all(1).await.unwrap().is_complete());
}

#[tokio::test]
async fn error_is_yielded_once_and_the_walk_resumes_at_its_page() {
    let (exchange, client) = start().await;
    answer(&exchange, [page(&["1", "2"], "a")]);
    let refused = Fault::html(StatusCode::BAD_GATEWAY);
    exchange.inject(Injection::new(refused).on(&LIST_FILLS).skip(1));
    let mut items = client.api().list_fills().items();
    let (ids, error) = read(&mut items).await;
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(error.unwrap().status(), Some(StatusCode::BAD_GATEWAY));
    assert!(items.next().await.is_none() && !items.is_complete());
    assert_eq!(asked(&exchange), ["", "a"]);

    answer(&exchange, [page(&["3"], Value::Null)]);
    let cursor = items.cursor().unwrap().to_owned();
    let mut items = items.from_cursor(cursor);
    assert_eq!(read(&mut items).await.0, ["3"]);
    assert_eq!(asked(&exchange), ["", "a", "a"]);
    assert!(items.is_complete());
    assert_eq!(items.cursor(), Some("a"));
}

#[tokio::test]
async fn response_without_results_is_an_error_and_not_the_end() {
    let (exchange, client) = start().await;
    for (body, expected) in [
        (json!({}), "it holds no list"),
        (json!({ "next": null }), "it holds no list"),
        (json!({ "next": "b", "results": null }), "it holds no list"),
        (
            json!({ "next": null, "results": { "id": "1" } }),
            "it holds no list",
        ),
        (
            json!({ "next": { "id": "b" }, "results": [] }),
            "its `next` is not a cursor",
        ),
        (
            json!({ "next": ["b"], "results": [{ "id": "1" }] }),
            "its `next` is not a cursor",
        ),
    ] {
        answer(&exchange, [page(&["1"], "a"), body.clone()]);
        let mut items = client.api().list_fills().items();
        let (ids, error) = read(&mut items).await;
        assert_eq!((ids, items.cursor()), (vec!["1".to_owned()], Some("a")), "{body}");
        not_understood(error, expected);
    }
    // One odd element takes nothing from the others.
    answer(
        &exchange,
        [json!({ "results": [{ "id": "1" }, 7, { "id": "2" }] })],
    );
    let fills = client.api().list_fills().all(9).await.unwrap().into_items();
    let ids: Vec<_> = fills.iter().map(|fill| fill.id.as_deref()).collect();
    assert_eq!(ids, [Some("1"), None, Some("2")]);
}

#[tokio::test]
async fn all_has_a_limit_and_says_what_it_cut() {
    let (exchange, client) = start().await;
    let bodies = || [page(&["1", "2"], "a"), page(&["3", "4"], Value::Null)];
    for (limit, expected, complete, requests) in [
        (1, 1, false, 1),
        (2, 2, false, 1),
        (3, 3, false, 2),
        (4, 4, true, 2),
        (usize::MAX, 4, true, 2),
    ] {
        let before = exchange.requests().len();
        answer(&exchange, bodies());
        let fills = client.api().list_fills().all(limit).await.unwrap();
        assert_eq!(
            (fills.items().len(), fills.is_complete()),
            (expected, complete),
            "{limit}"
        );
        assert_eq!(exchange.requests().len() - before, requests, "{limit}");
        // What was not asked for is still there, so use it up.
        for _ in requests..2 {
            client.api().list_fills().send().await.unwrap();
        }
    }
    answer(&exchange, [page(&["1"], "a"), json!({})]);
    not_understood(client.api().list_fills().all(9).await.err(), "it holds no list");
}

#[tokio::test]
async fn page_size_beyond_the_maximum_is_refused_before_sending() {
    let (exchange, client) = start().await;
    let api = client.api();
    for (size, taken) in [
        (0, false),
        (1, true),
        (1_000, true),
        (1_001, false),
        (u32::MAX, false),
    ] {
        let refused = api
            .list_trades()
            .market("BTC-USD-PERP")
            .items()
            .page_size(size)
            .err();
        assert_eq!(refused.is_none(), taken, "{size}");
        if let Some(error) = refused {
            assert_eq!(error.field(), "page_size");
            assert!(error.to_string().contains("has 1 to 1000 items"), "{error}");
            assert!(matches!(Error::from(error), Error::InvalidInput(_)));
        }
    }
    // No document names a maximum for these.
    assert!(api.list_rfqs().pages().page_size(u32::MAX).is_ok());
    let error = api.list_rfqs().pages().page_size(0).unwrap_err();
    assert!(error.to_string().contains("has at least 1 item;"), "{error}");
    assert!(exchange.requests().is_empty());
}

#[tokio::test]
async fn stream_polled_by_hand_waits_for_one_call() {
    let (exchange, client) = start().await;
    answer(&exchange, [page(&["1"], Value::Null)]);
    let mut pages = client.api().list_fills().pages();
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..3 {
        let polled: Poll<Option<Result<Page<Fill>, Error>>> = Pin::new(&mut pages).poll_next(&mut context);
        assert!(polled.is_pending());
    }
    assert_eq!(pages.next().await.unwrap().unwrap().items().len(), 1);
    assert_eq!(asked(&exchange), [""]);
    let shown = format!("{pages:?}");
    assert!(
        shown.contains("list_fills") && shown.contains("Complete"),
        "{shown}"
    );
}

#[tokio::test]
async fn orders_are_all_there_whatever_the_size_of_a_page() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account = exchange.main_account().parse().unwrap();
    let key = exchange.main_key();
    let client = client_with(&exchange, |environment| {
        Credentials::starknet(environment, key, account)
    });
    for name in ["1", "2", "3", "4", "5"] {
        let (size, price) = ("0.1".parse().unwrap(), "29500".parse().unwrap());
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, size, price).client_id(name);
        client.orders().place(order).await.unwrap();
    }
    for size in 1..=6 {
        let history = client.api().list_orders_history().pages();
        let orders = history.page_size(size).unwrap().all(100).await.unwrap();
        assert!(orders.is_complete());
        let names: Vec<_> = orders
            .items()
            .iter()
            .flat_map(|order| order.client_id.as_deref())
            .collect();
        assert_eq!(names, ["5", "4", "3", "2", "1"], "{size}");
    }
}
