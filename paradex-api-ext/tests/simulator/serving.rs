//! The server: routes, samples, rate limit and lifetime.

use super::*;

#[tokio::test]
async fn requests_are_checked_against_the_document() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let (status, body) = raw(&simulator, "GET", "/v1/nothing", "").await;
    assert_eq!(
        (status, &body["error"], body.get("data")),
        (404, &json!("NOT_FOUND"), Some(&Value::Null))
    );
    let path = "/v1/account/tokens/abc/allowed-cidrs";
    let (status, body) = raw(&simulator, "PUT", path, r#"{"allowed_cidrs": "everybody"}"#).await;
    assert_eq!((status, &body["error"]), (400, &json!("VALIDATION_ERROR")));
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .contains("body/allowed_cidrs must be a list")
    );
    let (status, body) = raw(&simulator, "POST", "/v1/orders", &"x".repeat((1 << 20) + 1)).await;
    assert_eq!((status, &body["error"]), (413, &json!("VALIDATION_ERROR")));
    let (status, _) = raw(&simulator, "POST", "/v1/orders", &"x".repeat(1 << 20)).await;
    assert_eq!(status, 400);
    // A body that does not say beforehand how long it is.
    let mut stream = TcpStream::connect(simulator.url().trim_start_matches("http://"))
        .await
        .unwrap();
    let head = "POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = "x".repeat((1 << 20) + 1);
    let request = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = [0; 512];
    let length = stream.read(&mut response).await.unwrap();
    let response = String::from_utf8_lossy(&response[..length]);
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
    assert!(response.contains("connection: close\r\n"), "{response}");
}

#[tokio::test]
async fn response_of_every_operation_decodes() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let document = Document::parse(paradex_api::DOCUMENT).unwrap();
    register(&client, CreateSubkeyRequest::new("one", KEY))
        .await
        .unwrap();
    let ephemeral = key("0xe0");
    let pending = CreateSubkeyRequest::new("two", "0xb")
        .state(SubkeyState::Pending)
        .encrypted_key("simulated-key".into())
        .eph_public_key(ephemeral.public_key().to_string());
    register(&client, pending).await.unwrap();
    let lookup_id = id(&token(&client, "trading", &[]).await.unwrap());
    let (account, main) = (simulator.main_account(), simulator.main_key());
    let limit = |client_id: &str| {
        let order = order(&main, &account, OrderType::Limit, Some("10"), milliseconds());
        order.client_id(client_id)
    };
    let placed = place(&client, limit("one")).await.unwrap();
    place(&client, limit("two")).await.unwrap();
    let at_work = client
        .create_algo_order()
        .body(algo(&main, &account))
        .send()
        .await;
    let algo_id = at_work.unwrap().id.clone().unwrap();
    let newcomer = key("0x5eed");
    let mut responded = 0;
    // Revoking comes last, because nothing can be changed afterwards.
    let mut all = operations::ALL.to_vec();
    all.sort_by_key(|operation| {
        let last = operation.id == "cancel_all_orders";
        (operation.method == paradex_api::Method::Delete, last)
    });
    for operation in all {
        let described = document.operation(&operation.id.replace('_', "-")).unwrap();
        let sample = document.sample_arguments(described, 5);
        let mut values: Vec<_> = [sample.path, sample.query, sample.headers].concat();
        let begin = seconds();
        let onboards = operation.id == "onboard";
        let signed = if onboards {
            sign(&newcomer, &prefix(&address_of(&newcomer)).onboarding())
        } else {
            sign_in_signature(&main, &prefix(&account), begin, begin + 60)
        };
        for (name, value) in &mut values {
            match name.as_str() {
                "public_key" if operation.id.contains("subkey") => *value = KEY.to_owned(),
                "public_key" => *value = main.public_key().to_string(),
                "lookup_id" => value.clone_from(&lookup_id),
                "order_id" => value.clone_from(&placed),
                "algo_id" => value.clone_from(&algo_id),
                "client_id" => *value = "two".to_owned(),
                "market" | "symbol" => *value = MARKET.to_owned(),
                "base_asset" => *value = "BTC".to_owned(),
                "depth" | "size" | "start" | "start_at" => *value = "1".to_owned(),
                "end" | "end_at" => *value = milliseconds().to_string(),
                "price_tick" => *value = "10".to_owned(),
                "account_signer_type" => *value = "starknet".to_owned(),
                "cursor" => *value = "UGFyYWRleF9jdXJzb3JfMA".to_owned(),
                "subaccount_address" => value.clone_from(&account),
                "PARADEX-STARKNET-ACCOUNT" if onboards => *value = address_of(&newcomer),
                "PARADEX-STARKNET-ACCOUNT" => value.clone_from(&account),
                "PARADEX-ETHEREUM-ACCOUNT" => *value = format!("0x{}", "ab".repeat(20)),
                "PARADEX-STARKNET-SIGNATURE" => *value = signed.expose().to_owned(),
                "PARADEX-TIMESTAMP" => *value = begin.to_string(),
                "PARADEX-SIGNATURE-EXPIRATION" => *value = (begin + 60).to_string(),
                _ => {}
            }
        }
        // It excludes `market`.
        values.retain(|(name, _)| name != "baseAsset");
        let mut arguments = Arguments {
            values,
            body: sample.body,
        };
        arguments.body = match operation.id {
            "create_token" => Some(json!({"expiry_duration": 60, "name": "n", "token_type": "jwt"})),
            "register_subkey" => Some(json!({"name": "n", "public_key": "0xd"})),
            "activate_subkey" => Some(json!({"account_id": account, "public_key": "0xb",
                "signature": activation(&ephemeral, begin), "timestamp": begin})),
            "onboard" => Some(json!({"public_key": newcomer.public_key().to_string()})),
            "create_order" => Some(json!(limit("three"))),
            "create_orders_batch" => Some(json!([limit("four"), limit("five")])),
            "modify_order" => Some(json!(modification(&main, &account, &placed, "11"))),
            "create_algo_order" => Some(json!(algo(&main, &account))),
            "cancel_orders_batch" => Some(json!({"order_ids": ["1"]})),
            id if id.ends_with("allowed_cidrs") => Some(json!({"allowed_cidrs": ["192.0.2.0/24"]})),
            _ => arguments.body,
        };
        let result = calls::call(&client, operation.id, &arguments).await.unwrap();
        if operation.path.starts_with("/v2/") {
            // What signs here is another kind of key, which has a test of its own.
            assert_eq!(refused(result).0, 400, "{operation}");
        } else if operation == &operations::GET_MARKET_SETTLEMENT_PRICE {
            // No market of the simulator expires.
            assert_eq!(refused(result).1, "MARKET_NOT_SETTLED");
        } else if let Err(error) = result {
            panic!("{operation}: {error}");
        }
        responded += 1;
    }
    assert_eq!(responded, operations::ALL.len());
}

#[tokio::test]
async fn same_seed_gives_same_values() {
    async fn world(seed: u64, sessions: usize) -> (String, CreateTokenResponse, Vec<u8>, Vec<u8>) {
        let simulator = Simulator::builder().strict().seed(seed).start().await.unwrap();
        // How many sessions a test takes changes nothing else.
        (0..sessions).for_each(|_| drop(simulator.main_session()));
        let client = main_client(&simulator);
        let created = token(&client, "trading", &[]).await.unwrap();
        let markets = client.list_markets().send().await.unwrap().body().to_vec();
        let fills = client.list_fills().send().await.unwrap().body().to_vec();
        (simulator.add_account(), created, markets, fills)
    }
    let (one, same, other) = (world(7, 0).await, world(7, 3).await, world(8, 0).await);
    assert_eq!((&one.0, &one.2, &one.3), (&same.0, &same.2, &same.3));
    assert_eq!(id(&one.1), id(&same.1));
    assert_eq!(text(&one.1).expose(), text(&same.1).expose());
    assert_ne!((&one.0, &one.2), (&other.0, &other.2));
    assert_ne!(id(&one.1), id(&other.1));
    assert_ne!(text(&one.1).expose(), text(&other.1).expose());
}

#[tokio::test]
async fn paged_list_ends() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let first = client.list_fills().send().await.unwrap();
    let second = client
        .list_fills()
        .cursor(first.next.clone().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(second.next, None);
    assert_ne!(first.body(), second.body());
}

#[tokio::test]
async fn port_is_closed_after_the_last_handle() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let address: SocketAddr = simulator.url().strip_prefix("http://").unwrap().parse().unwrap();
    assert!(address.ip().is_loopback());
    let client = main_client(&simulator);
    let clone = simulator.clone();
    drop(simulator);
    client.list_positions().send().await.unwrap();
    let mut open = TcpStream::connect(address).await.unwrap();
    drop(clone);
    // It is closed at once, and not only when the runtime comes round to it.
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(client.list_positions().send().await.is_err());
    let mut byte = [0];
    let ended = tokio::time::timeout(Duration::from_secs(5), open.read(&mut byte));
    assert!(matches!(ended.await.unwrap(), Ok(0) | Err(_)));
}

#[tokio::test]
async fn simulator_cannot_be_mistaken_for_the_exchange() {
    for real in [
        "PRIVATE_SN_PARACLEAR_MAINNET",
        "private_sn_potc_sepolia",
        " PRIVATE_SN_PARACLEAR_TESTNET ",
    ] {
        let error = Simulator::builder()
            .strict()
            .chain_id(real)
            .start()
            .await
            .unwrap_err();
        assert!(matches!(error, StartError::RealChain { .. }), "{real}");
    }
    for none in ["", "with space", "much_longer_than_a_short_string_is"] {
        let error = Simulator::builder()
            .strict()
            .chain_id(none)
            .start()
            .await
            .unwrap_err();
        assert!(matches!(error, StartError::ChainId { .. }), "{none}");
    }
    let simulator = Simulator::builder()
        .strict()
        .chain_id("MINE")
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let config = client.get_system_config().send().await.unwrap();
    assert_eq!(config.starknet_chain_id.as_deref(), Some("MINE"));

    let created = token(&client, "trading", &[]).await.unwrap();
    assert!(text(&created).expose().starts_with("simulated-token-"));
    let session = simulator.main_session();
    let terminal = client
        .create_terminal_token()
        .send()
        .await
        .unwrap()
        .into_inner()
        .jwt_token
        .unwrap();
    for jwt in [&session, &terminal] {
        let parts: Vec<&str> = jwt.expose().split('.').collect();
        assert_eq!(
            (parts.len(), parts[0]),
            (3, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0")
        );
        // Libraries refuse a text whose signature is not in base64, even if they do not verify it.
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(parts[2]).unwrap(), b"simulated");
    }
    let foreign = self::client(&simulator, &terminal);
    assert_eq!(
        refusal(foreign.list_positions().send().await).2,
        "missing or malformed jwt"
    );
    assert!(!format!("{simulator:?} {:?}", simulator.requests()).contains(session.expose()));
}

#[test]
fn start_without_a_runtime_is_an_error() {
    let mut start = Box::pin(Simulator::builder().strict().start());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match start.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(StartError::NoRuntime)) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rate_limit_counts_and_recovers() {
    let simulator = Simulator::builder()
        .strict()
        .requests_per_minute(2)
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    let header = |headers: &reqwest::header::HeaderMap, name: &str| -> i64 {
        headers[name].to_str().unwrap().parse().unwrap()
    };
    for remaining in [1, 0] {
        let response = client.list_positions().send().await.unwrap();
        assert_eq!(header(response.headers(), "X-RateLimit-Remaining"), remaining);
    }
    let error = client.list_positions().send().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(response.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(&response.body[..], br#"{"message":"rate limit exceeded"}"#);
    assert_eq!(header(&response.headers, "X-RateLimit-Limit"), 2);
    assert_eq!(header(&response.headers, "X-Ratelimit-Window"), 60);
    let wait = header(&response.headers, "Retry-After");
    assert!((1..=30).contains(&wait), "{wait}");
    assert!(header(&response.headers, "X-RateLimit-Reset") > 1_700_000_000);
    let elsewhere = from(&simulator, "192.0.2.7", &simulator.main_session());
    elsewhere.list_positions().send().await.unwrap();
    simulator.advance(Duration::from_secs(wait.unsigned_abs()));
    client.list_positions().send().await.unwrap();

    let closed = Simulator::builder()
        .strict()
        .requests_per_minute(0)
        .start()
        .await
        .unwrap();
    assert_eq!(refused(main_client(&closed).list_positions().send().await).0, 429);
}

/// Returns the next pseudo-random number (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_does_not_stop_the_simulator() {
    // A panic in a connection's task would end that connection alone, so it has to be listened for. What other tests
    // of this file find is theirs.
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let elsewhere = info.location().is_none_or(|location| location.file() != file!());
        PANICS.fetch_add(usize::from(elsewhere), Ordering::SeqCst);
        usual(info);
    }));
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let session = simulator.main_session();
    let address = simulator.url().strip_prefix("http://").unwrap().to_owned();
    let mut random = 11;
    let mut handled = 0;
    for round in 0..1_000_usize {
        let operation = operations::ALL[round % operations::ALL.len()];
        let garbage: Vec<u8> = (0..next(&mut random) % 200)
            .map(|_| next(&mut random) as u8)
            .collect();
        let printable: String = garbage
            .iter()
            .map(|byte| char::from(0x21 + byte % 0x5e))
            .collect();
        let deep = "[".repeat(50_000);
        let body = match round % 4 {
            0 => garbage.clone(),
            1 => deep.into_bytes(),
            2 => br#"{"allowed_cidrs": [null, {}, "\u0000/\ud800", 1e999], "name": [], "x": -0}"#.to_vec(),
            _ => br#"{"expiry_duration": 9223372036854775808, "name": "\u0000", "token_type": ""}"#.to_vec(),
        };
        let mut request = match round % 3 {
            0 => Vec::new(),
            1 => format!(
                "{} {printable} HTTP/1.1\r\nhost: x\r\n",
                operation.method.as_str()
            )
            .into_bytes(),
            _ => {
                let path = operation
                    .path
                    .replace('{', "%ff%00..")
                    .replace('}', &printable.replace(['#', '?'], "%"));
                let head = format!(
                    "{} {path}?{printable} HTTP/1.1\r\nhost: x\r\n",
                    operation.method.as_str()
                );
                head.into_bytes()
            }
        };
        if request.is_empty() {
            request.extend(&garbage);
        } else {
            let head = format!(
                "authorization: Bearer {}\r\n{ADDRESS_HEADER}: 10.0.0.{}\r\ncontent-type: application/json\r\n\
                 connection: close\r\ncontent-length: {}\r\n\r\n",
                session.expose(),
                round % 300,
                body.len() + round % 2
            );
            request.extend(head.as_bytes());
            request.extend(&body);
        }
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // The other side may have hung up already.
        let _ = stream.write_all(&request).await;
        let _ = stream.shutdown().await;
        let mut response = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut response))
            .await
            .unwrap();
        handled += usize::from(response.starts_with(b"HTTP/1.1 "));
    }
    assert!(handled > 800, "{handled}");
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    main_client(&simulator).list_positions().send().await.unwrap();
}

#[tokio::test]
async fn simulator_listens_where_it_is_told() {
    let local = Simulator::start().await.unwrap();
    let taken: SocketAddr = local.url().strip_prefix("http://").unwrap().parse().unwrap();
    let error = Simulator::builder().listen_on(taken).start().await.unwrap_err();
    assert!(
        matches!(&error, StartError::Listen { address, .. } if *address == taken),
        "{error:?}"
    );
    let foreign: SocketAddr = "192.0.2.1:0".parse().unwrap();
    let error = Simulator::builder().listen_on(foreign).start().await.unwrap_err();
    assert!(matches!(error, StartError::Address { address, .. } if address == foreign));

    // A client connects to this machine.
    let everywhere = Simulator::builder()
        .listen_on(([0, 0, 0, 0], 0))
        .start()
        .await
        .unwrap();
    assert!(everywhere.url().starts_with("http://127.0.0.1:"));
    main_client(&everywhere).list_positions().send().await.unwrap();
}

#[tokio::test]
async fn observer_sees_each_response() {
    let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let simulator = Simulator::builder()
        .on_response(move |request| {
            let refusal = request.refusal().map(str::to_owned);
            sender
                .send((request.path().to_owned(), request.status(), refusal))
                .unwrap();
        })
        .start()
        .await
        .unwrap();
    let client = main_client(&simulator);
    client.get_system_time().send().await.unwrap();
    client.get_order().order_id("1").send().await.unwrap_err();
    assert_eq!(
        seen.recv().await.unwrap(),
        ("/v1/system/time".to_owned(), Some(200), None)
    );
    let refusal = "ORDER_ID_NOT_FOUND: the account has no such order".to_owned();
    assert_eq!(
        seen.recv().await.unwrap(),
        ("/v1/orders/1".to_owned(), Some(404), Some(refusal))
    );
}

#[tokio::test]
async fn text_of_a_key_is_the_key() {
    let simulator = Simulator::builder().seed(3).start().await.unwrap();
    let other = simulator.add_account();
    for account in [simulator.main_account(), other] {
        let text = simulator.account_key_text(&account).unwrap();
        let public_key = simulator.account_key(&account).unwrap().public_key();
        assert_eq!(key(text.expose()).public_key(), public_key);
    }
    let owner = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266".parse().unwrap();
    let ethereum = simulator.add_ethereum_account(owner);
    assert!(simulator.account_key_text(&ethereum).is_err());
    assert!(simulator.account_key_text("0x1").is_err());
}
