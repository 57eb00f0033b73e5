//! The comparison of a book with the one of the REST API.

use std::sync::{Arc, Mutex};

use paradex_api::sbe::PkgType::{Delta, Snapshot};
use paradex_api_ext::Client;
use paradex_api_ext::stream::{BookComparison, BookFeed, BookSide, BookUpdate, LossCause};

use super::frames::book;
use super::server::{Peer, Server, json};
use super::{client, next};

/// A live book with bids at 10 and 9 and an ask at 12, at number 6, and a server whose REST API returns `rest`.
async fn live(rest: &str) -> (Client, BookFeed, Peer, Server, Arc<Mutex<String>>) {
    let rest = Arc::new(Mutex::new(rest.to_owned()));
    let body = Arc::clone(&rest);
    let mut server = Server::deciding(move |head| {
        let is_rest = head.contains("/v1/orderbook/");
        is_rest.then(|| json(&body.lock().unwrap()))
    })
    .await;
    let client = client(&server);
    let mut feed = client.stream().book("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "order_book.X.deltas").await;
    peer.send(book("X", 5, Snapshot, &[10], &[12])).await;
    assert!(matches!(next(&mut feed).await, BookUpdate::Live(_)));
    peer.send(book("X", 6, Delta, &[9], &[])).await;
    assert!(matches!(next(&mut feed).await, BookUpdate::Changed(_)));
    (client, feed, peer, server, rest)
}

#[tokio::test]
async fn equal_books_are_equal_at_the_number_of_the_rest_api() {
    let equal = r#"{"market":"X","seq_no":6,"bids":[["10","1"],["9","1"]],"asks":[["12","1.0"]]}"#;
    let (client, feed, mut peer, _server, rest) = live(equal).await;
    assert_eq!(
        feed.verify(&client).await.unwrap(),
        BookComparison::Equal { seq: 6, levels: 3 }
    );
    // The REST API is ahead of the feed, which catches up.
    *rest.lock().unwrap() = equal.replace(r#""seq_no":6"#, r#""seq_no":8"#);
    let (comparison, ()) = tokio::join!(feed.verify(&client), async {
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        peer.send(book("X", 7, Delta, &[8], &[])).await;
        peer.send(book("X", 8, Delta, &[-8], &[])).await;
    });
    assert_eq!(comparison.unwrap(), BookComparison::Equal { seq: 8, levels: 3 });
    assert!(feed.view().is_some());
}

#[tokio::test]
async fn different_books_are_told_and_asked_for_again() {
    let other = r#"{"market":"X","seq_no":6,"bids":[["10","1"],["9","2"]],"asks":[["12","1"]]}"#;
    let (client, mut feed, mut peer, _server, _) = live(other).await;
    let BookComparison::Differs { seq, difference } = feed.verify(&client).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (seq, difference.side, difference.price),
        (6, BookSide::Bids, 9.into())
    );
    assert_eq!(
        (difference.feed, difference.rest),
        (Some(1.into()), Some(2.into()))
    );
    let BookUpdate::Lost(lost) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!((lost.cause(), feed.view().is_none()), (LossCause::Differs, true));
    peer.acknowledge("unsubscribe", "order_book.X.deltas").await;
}

#[tokio::test]
async fn level_that_one_side_lacks_is_a_difference() {
    for (rest, price, in_feed) in [
        (r#""bids":[["10","1"]],"asks":[["12","1"]]"#, 9, true),
        (
            r#""bids":[["10","1"],["9","1"],["7","1"]],"asks":[["12","1"]]"#,
            7,
            false,
        ),
        (r#""bids":[["11","1"],["10","1"]],"asks":[]"#, 11, false),
    ] {
        let (client, feed, _peer, _server, _) = live(&format!(r#"{{"seq_no":6,{rest}}}"#)).await;
        let BookComparison::Differs { difference, .. } = feed.verify(&client).await.unwrap() else {
            panic!("{rest}")
        };
        assert_eq!(
            (difference.price, difference.feed.is_some()),
            (price.into(), in_feed),
            "{rest}"
        );
        assert_eq!(difference.rest.is_some(), !in_feed);
    }
}

#[tokio::test]
async fn older_number_is_not_compared() {
    for rest in [r#"{"seq_no":3,"bids":[],"asks":[]}"#, r#"{"bids":[],"asks":[]}"#] {
        let (client, feed, _peer, _server, _) = live(rest).await;
        assert_eq!(feed.verify(&client).await.unwrap(), BookComparison::NotCompared);
        assert!(feed.view().is_some());
    }
}
