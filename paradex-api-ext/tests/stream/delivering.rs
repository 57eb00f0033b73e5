//! What feeds yield: items, losses, and what slow readers get.

use futures_util::FutureExt;
use paradex_api::sbe::PkgType::{Delta, Snapshot};
use paradex_api_ext::stream::{BookUpdate, Lag, LossCause, Markets, StreamError, StreamOptions, Update};

use super::frames::{book, trade};
use super::server::{Server, bbo};
use super::{client, next, text};

#[tokio::test]
async fn loss_of_the_connection_is_told_before_the_next_item() {
    let mut server = Server::start().await;
    let mut feed = client(&server).stream().trades("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "trades.X").await;
    peer.send(trade("X", 1)).await;
    assert_eq!([text(&mut feed).await, text(&mut feed).await], ["live", "1"]);
    drop(peer);
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "trades.X").await;
    peer.send(trade("X", 2)).await;
    let Update::Lost(lost) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!(
        (lost.cause(), lost.market().unwrap().as_str()),
        (LossCause::Disconnected, "X")
    );
    assert!(lost.since() <= std::time::SystemTime::now());
    let Update::Live(live) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!(
        (live.connection(), live.after()),
        (2, Some(LossCause::Disconnected))
    );
    assert_eq!(text(&mut feed).await, "2");
}

#[tokio::test]
async fn clients_of_a_group_share_one_subscription() {
    let mut server = Server::start().await;
    let one = client(&server);
    let other = one.group().anonymous();
    let mut first = one.stream().bbo("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "bbo.X").await;
    assert_eq!(text(&mut first).await, "live");
    // A feed that comes later is told at once that the channel is live.
    let mut second = other.stream().bbo("X");
    assert_eq!(text(&mut second).await, "live");
    peer.send(bbo("X", 1)).await;
    assert_eq!(
        (text(&mut first).await, text(&mut second).await),
        ("1".into(), "1".into())
    );
    drop(first);
    peer.send(bbo("X", 2)).await;
    assert_eq!(text(&mut second).await, "2");
    assert!(server.has_no_peer());
    assert_eq!(one.stream().connections()[0].channels, ["bbo.X"]);
}

#[tokio::test]
async fn dropped_feed_is_unsubscribed_and_the_last_one_closes_the_connection() {
    let mut server = Server::start().await;
    let stream = client(&server).stream();
    let one = stream.bbo("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "bbo.X").await;
    let mut other = stream.trades(Markets::All);
    peer.acknowledge("subscribe", "trades.ALL").await;
    drop(one);
    peer.acknowledge("unsubscribe", "bbo.X").await;
    assert_eq!(text(&mut other).await, "live");
    drop(other);
    peer.closed().await;
    // The next feed has a new connection.
    let _feed = stream.bbo("X");
    server.accept().await.acknowledge("subscribe", "bbo.X").await;
}

#[tokio::test]
async fn channels_whose_frames_look_alike_have_a_connection_each() {
    let mut server = Server::start().await;
    let stream = client(&server).stream();
    let mut plain = stream.book("X");
    let mut first = server.accept().await;
    first.acknowledge("subscribe", "order_book.X.deltas").await;
    let mut interactive = stream.interactive_book("X");
    let mut second = server.accept().await;
    second
        .acknowledge("subscribe", "order_book.X.interactive_deltas")
        .await;
    // Another market fits on the first one.
    let _other = stream.book("Y");
    first.acknowledge("subscribe", "order_book.Y.deltas").await;
    first.send(book("X", 1, Snapshot, &[10], &[11])).await;
    second.send(book("X", 1, Snapshot, &[12], &[11])).await;
    assert!(matches!(next(&mut plain).await, BookUpdate::Live(_)));
    assert!(matches!(next(&mut interactive).await, BookUpdate::Live(_)));
    assert_eq!(plain.view().unwrap().best().0.unwrap().price, 10.into());
    assert_eq!(interactive.view().unwrap().best().0.unwrap().price, 12.into());
}

#[tokio::test]
async fn book_is_shown_while_it_is_right_and_changes_are_counted() {
    let mut server = Server::start().await;
    let mut feed = client(&server).stream().book("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "order_book.X.deltas").await;
    assert!(feed.view().is_none());
    peer.send(book("X", 1, Snapshot, &[10], &[20])).await;
    assert!(matches!(next(&mut feed).await, BookUpdate::Live(_)));
    peer.send_all((2..=100).map(|seq| book("X", seq, Delta, &[seq % 9 + 1], &[])))
        .await;
    let mut changes = 0;
    while changes < 99 {
        let BookUpdate::Changed(change) = next(&mut feed).await else {
            panic!()
        };
        changes += change.changes;
        assert_eq!(feed.view().unwrap().seq(), change.seq);
        assert_eq!(change.seq, 1 + i64::try_from(changes).unwrap());
    }
    let prices: Vec<_> = feed
        .view()
        .unwrap()
        .bids()
        .map(|level| level.price.to_string())
        .collect();
    assert_eq!(prices, ["10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    // The gap hides the book before the feed is read.
    peer.send(book("X", 102, Delta, &[5], &[])).await;
    peer.acknowledge("unsubscribe", "order_book.X.deltas").await;
    peer.acknowledge("subscribe", "order_book.X.deltas").await;
    assert!(feed.view().is_none());
    let BookUpdate::Lost(lost) = next(&mut feed).await else {
        panic!()
    };
    assert_eq!(
        lost.cause(),
        LossCause::Sequence {
            expected: 101,
            got: 102
        }
    );
    peer.send(book("X", 200, Snapshot, &[1], &[2])).await;
    assert!(matches!(next(&mut feed).await, BookUpdate::Live(_)));
    assert_eq!(feed.view().unwrap().depth(9).0.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feed_that_is_never_read_holds_nobody_up_and_counts_what_it_dropped() {
    const ITEMS: u64 = 50_000;
    let mut server = Server::start().await;
    let stream = client(&server).stream();
    let queue = |lag, size| stream.with_options(StreamOptions::new().lag(lag).queue(size));
    let mut idle = queue(Lag::Drop, 100).trades("X");
    let mut newest = queue(Lag::Latest, 100).trades("X");
    let mut ended = queue(Lag::End, 100).trades("X");
    let mut reader = queue(Lag::Drop, usize::try_from(ITEMS).unwrap() + 10).trades("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "trades.X").await;
    let sender = tokio::spawn(async move {
        peer.send_all((1..=ITEMS).map(|id| trade("X", id))).await;
        peer
    });
    assert_eq!(text(&mut reader).await, "live");
    for id in 1..=ITEMS {
        assert_eq!(text(&mut reader).await, id.to_string());
    }
    let _peer = sender.await.unwrap();
    for feed in [&mut idle, &mut newest] {
        let (mut items, mut dropped, mut last) = (0, 0, 0);
        while let Some(update) = feed.next().now_or_never().flatten() {
            match update {
                Update::Item(item) => {
                    items += 1;
                    last = item.id.unwrap().parse().unwrap();
                }
                Update::Lost(lost) => {
                    assert_eq!((lost.cause(), items), (LossCause::Lagged, 0));
                    dropped += lost.dropped();
                }
                Update::Live(_) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((items + dropped, last), (ITEMS, ITEMS));
        assert!((1..=100).contains(&items), "{items}");
    }
    let mut items = 0;
    while let Some(update) = ended.next().await {
        items += u64::from(update.into_item().is_some());
    }
    assert_eq!(
        (items, ended.error()),
        (99, Some(&StreamError::Lagged { capacity: 100 }))
    );
}

#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let mut server = Server::start().await;
    let mut feed = client(&server).stream().trades("X");
    let mut peer = server.accept().await;
    peer.acknowledge("subscribe", "trades.X").await;
    assert_eq!(text(&mut feed).await, "live");
    let sender = tokio::spawn(async move {
        for id in 1..=2_000 {
            peer.send(trade("X", id)).await;
            if id % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
        peer
    });
    let mut expected = 1;
    while expected <= 2_000 {
        // Each future is dropped after one poll.
        match feed.next().now_or_never() {
            Some(Some(Update::Item(item))) => {
                assert_eq!(item.id.unwrap(), expected.to_string());
                expected += 1;
            }
            Some(other) => panic!("{other:?}"),
            None => tokio::task::yield_now().await,
        }
    }
    sender.await.unwrap();
}

#[tokio::test]
async fn refused_subscription_ends_the_feed_with_the_words_of_the_exchange() {
    let mut server = Server::start().await;
    let mut feed = client(&server).stream().bbo("NO-SUCH-MARKET");
    let mut peer = server.accept().await;
    let id = peer.request().await["id"].clone();
    let error = r#"{"code":-32600,"message":"invalid subscribe request","data":"invalid channel"}"#;
    peer.text(format!(r#"{{"jsonrpc":"2.0","error":{error},"id":{id}}}"#))
        .await;
    assert!(feed.next().await.is_none());
    let error = feed.error().unwrap().to_string();
    assert!(
        error.contains("`bbo.NO-SUCH-MARKET`")
            && error.contains("-32600")
            && error.contains("invalid channel"),
        "{error}"
    );
    peer.closed().await;
}

#[tokio::test]
async fn bad_market_is_refused_before_anything_is_sent() {
    let mut server = Server::start().await;
    let stream = client(&server).stream();
    for market in ["", "A B", "bbo.X", "a\n", "\u{e9}"] {
        let mut feed = stream.bbo(market);
        assert!(feed.next().await.is_none());
        assert!(
            matches!(feed.error(), Some(StreamError::InvalidMarket(_))),
            "{market}"
        );
        let mut feed = stream.book(market);
        assert!(feed.next().await.is_none() && feed.view().is_none());
        assert!(
            matches!(feed.error(), Some(StreamError::InvalidMarket(_))),
            "{market}"
        );
    }
    let mut feed = stream.trades(Vec::<String>::new());
    assert!(feed.next().await.is_none());
    assert_eq!(feed.error(), Some(&StreamError::NoMarket));
    let mut feed = stream.book("ALL");
    assert!(feed.next().await.is_none() && feed.error().is_some());
    assert!(server.has_no_peer());
}
