//! `paradex halt`.

use super::*;

/// Places an order that stays open. It signs with the account's key.
pub(super) async fn place_order(local: &Local, account: &str) {
    // The environment for signatures, also if clients treat the simulator as production.
    let environment = Environment::custom(local.exchange.url()).unwrap();
    let key = local.exchange.account_key(account).unwrap();
    let credentials = Credentials::starknet(environment.clone(), key, account.parse().unwrap());
    let trader = Client::builder(environment).credentials(credentials);
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into());
    trader.build().unwrap().orders().place(order).await.unwrap();
}

/// The number of open orders of an account.
pub(super) fn open_orders(local: &Local, account: &str) -> usize {
    let orders = local.exchange.orders(account);
    orders
        .iter()
        .filter(|order| order.status.as_str() != "CLOSED")
        .count()
}

#[tokio::test]
async fn halt_cancels_all_open_orders_of_the_accounts() {
    let local = Local::start().await;
    let account = local.exchange.main_account();
    place_order(&local, &account).await;
    let open = || open_orders(&local, &account);
    assert_eq!(open(), 1);
    let ran = local
        .run("halt --dry-run --account desk --account research")
        .await
        .ends(Exit::Done);
    ran.says(&[
        "desk: 1 orders and 0 algo orders would be cancelled",
        "research: 0 orders",
    ]);
    assert_eq!(open(), 1);
    let value = local.run("halt --json").await.ends(Exit::Done).json();
    assert_eq!(value["accounts"][0]["clear"], json!(true));
    assert_eq!((&value["accounts"][0]["open_orders"], open()), (&json!(0), 0));

    let away = Fault::html(paradex_api_ext::paradex_api::reqwest::StatusCode::BAD_GATEWAY);
    local
        .exchange
        .inject(Injection::new(away).on(&operations::LIST_OPEN_ORDERS).times(9));
    local
        .run("halt")
        .await
        .ends(Exit::Partial)
        .says(&["the open orders are not known"]);
}

#[tokio::test]
async fn stuck_account_does_not_delay_the_halt_of_others() {
    let local = Local::start().await;
    let accounts = [local.exchange.main_account(), local.research.clone()];
    for account in &accounts {
        place_order(&local, account).await;
    }
    let open = || -> usize {
        let counts = accounts.iter().map(|account| open_orders(&local, account));
        counts.sum()
    };
    assert_eq!(open(), 2);
    // The first cancel is stuck, whichever account sends it.
    let stuck = Injection::new(Fault::delay_before(HOUR)).on(&operations::CANCEL_ALL_ORDERS);
    local.exchange.inject(stuck);
    let other_is_clear = async {
        while open() > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    // The limit only ends a run that would fail; it is shorter than the time-out of the stuck call.
    let guarded = tokio::time::timeout(Duration::from_secs(15), other_is_clear);
    tokio::select! {
        ran = local.run("halt --account desk --account research") => panic!("{}", ran.out),
        cleared = guarded => cleared.unwrap(),
    }
    let ran = local.run("halt --json --account research --account desk").await;
    let value = ran.ends(Exit::Done).json();
    let names = [0, 1].map(|index| value["accounts"][index]["name"].clone());
    assert_eq!(names, ["research", "desk"]);
    assert_eq!(open(), 0);
}

#[tokio::test]
async fn dry_run_of_halt_counts_undecodable_orders() {
    let local = Local::start().await;
    for (operation, says) in [
        (
            &operations::LIST_OPEN_ORDERS,
            "desk: 2 orders and 0 algo orders would",
        ),
        (
            &operations::LIST_OPEN_ALGO_ORDERS,
            "desk: 0 orders and 2 algo orders would",
        ),
    ] {
        let odd = Fault::edit_response(|response| response["results"] = json!([{"id": "1"}, "odd"]));
        local.exchange.inject(Injection::new(odd).on(operation));
        let ran = local.run("halt --dry-run").await;
        ran.ends(Exit::Done).says(&[says]);
        for no_list in [json!({}), json!({"results": null}), json!({"results": "none"})] {
            let fault = Fault::edit_response(move |response| *response = no_list.clone());
            local.exchange.inject(Injection::new(fault).on(operation));
            let ran = local.run("halt --dry-run").await;
            ran.ends(Exit::Failed)
                .warns(&["account `desk`: ", operation.id, "holds no list"]);
        }
    }
}

#[tokio::test]
async fn account_that_cannot_be_opened_does_not_keep_others_from_being_halted() {
    let local = Local::start().await;
    let desk = local.exchange.main_account();
    place_order(&local, &desk).await;
    let ran = local.run("halt --json --account nobody --account desk").await;
    assert_eq!(open_orders(&local, &desk), 0);
    let ran = ran
        .ends(Exit::Partial)
        .warns(&["the account `nobody` cannot be halted: no account"]);
    let accounts = &ran.json()["accounts"];
    assert_eq!(
        (&accounts[0]["name"], &accounts[0]["clear"]),
        (&json!("desk"), &json!(true))
    );
    assert_eq!(
        (&accounts[1]["name"], &accounts[1]["clear"]),
        (&json!("nobody"), &json!(false))
    );
    assert!(
        accounts[1]["detail"]
            .as_str()
            .unwrap()
            .starts_with("not halted: ")
    );
    local
        .run("halt --dry-run --account nobody --account desk")
        .await
        .ends(Exit::Partial);
    local
        .run("halt --account nobody")
        .await
        .ends(Exit::Usage)
        .warns(&["no account `nobody`"]);
}
