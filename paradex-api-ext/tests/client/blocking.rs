//! The client in programs that are not asynchronous.

use paradex_api_ext::blocking::Blocking;
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::{Fault, Simulator};
use paradex_api_ext::{Client, Error};

fn start() -> (Blocking, Simulator, Client) {
    let blocking = Blocking::new().unwrap();
    let exchange = blocking
        .run(Simulator::builder().strict().start())
        .unwrap()
        .unwrap();
    let client = super::trader(&exchange).build().unwrap();
    (blocking, exchange, client)
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 2.into())
}

#[test]
fn calls_are_made_one_after_the_other() {
    let (blocking, exchange, client) = start();
    for _ in 0..3 {
        let order = blocking.run(client.orders().place(order())).unwrap().unwrap();
        blocking
            .run(client.orders().cancel(&order.id.unwrap()))
            .unwrap()
            .unwrap();
    }
    assert_eq!(exchange.orders(&exchange.main_account()).len(), 3);
    // One sign-in, and one connection for all of them.
    let sign_ins = exchange.requests();
    let sign_ins = sign_ins.iter().filter(|request| request.path() == "/v1/auth");
    assert_eq!(sign_ins.count(), 1);
    // The error of a call is the call's.
    exchange.inject(Fault::reset_before());
    let error = blocking.run(client.orders().place(order())).unwrap().unwrap_err();
    assert!(!error.is_not_placed());
}

#[test]
fn listing_is_read_page_by_page() {
    let (blocking, exchange, client) = start();
    for _ in 0..5 {
        blocking.run(client.orders().place(order())).unwrap().unwrap();
    }
    let pages = |exchange: &Simulator| {
        let requests = exchange.requests();
        let pages = requests
            .iter()
            .filter(|request| request.path() == "/v1/orders-history");
        pages.count()
    };
    let listing = client.api().list_orders_history().items().page_size(2).unwrap();
    let mut items = blocking.iter(listing);
    items.next().unwrap().unwrap();
    items.next().unwrap().unwrap();
    assert_eq!(pages(&exchange), 1, "none is asked for before it is needed");
    assert_eq!(items.by_ref().map(Result::unwrap).count(), 3);
    assert!(items.get_ref().is_complete());
    assert_eq!(pages(&exchange), 3);

    let by_page = blocking.iter(client.api().list_orders_history().pages().page_size(2).unwrap());
    let sizes: Vec<usize> = by_page.map(|page| page.unwrap().items().len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[test]
fn inside_an_async_program_it_refuses_and_does_no_harm() {
    let (blocking, exchange, client) = start();
    let before = exchange.requests().len();
    for flavor in [
        tokio::runtime::Builder::new_current_thread().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().build().unwrap(),
    ] {
        flavor.block_on(async {
            let error = blocking.run(client.orders().place(order())).unwrap_err();
            assert!(error.to_string().contains("await the call"), "{error}");
            let mut items = blocking.iter(client.api().list_orders_history().items());
            assert!(matches!(items.next(), Some(Err(Error::Configuration(_)))));
            assert!(items.next().is_none());
            // Making and dropping one is no panic either.
            drop(Blocking::new().unwrap());
        });
    }
    assert_eq!(exchange.requests().len(), before);
    // Nor inside itself.
    blocking
        .run(async { blocking.run(async {}).unwrap_err() })
        .unwrap();
    // Elsewhere it works as before.
    blocking.run(client.orders().place(order())).unwrap().unwrap();
}

#[test]
fn client_can_move_from_one_blocking_to_another() {
    let (blocking, exchange, client) = start();
    blocking.run(client.orders().place(order())).unwrap().unwrap();
    let other = Blocking::new().unwrap();
    let account = exchange.main_account();
    let orders = || exchange.orders(&account).len();
    assert_eq!(orders(), 1);
    // Its connections end with the one that made them, and it makes new ones.
    other.run(client.orders().place(order())).unwrap().unwrap();
    drop(other);
    blocking.run(client.orders().place(order())).unwrap().unwrap();
    assert_eq!(orders(), 3);
}
