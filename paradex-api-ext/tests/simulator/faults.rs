//! Injected faults, and the log of requests.

use super::*;

#[tokio::test]
async fn fault_responds_instead_of_the_simulator() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    simulator.inject(Fault::rate_limited(Duration::from_millis(1_500)));
    let error = client.list_positions().send().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(
        (
            response.status.as_u16(),
            response.headers["retry-after"].to_str().unwrap()
        ),
        (429, "2")
    );
    simulator.inject(Fault::rate_limited(None));
    let error = client.list_positions().send().await.unwrap_err();
    assert!(error.response().unwrap().headers.get("retry-after").is_none());

    simulator.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(&operations::LIST_FILLS)
            .skip(1),
    );
    client.list_positions().send().await.unwrap();
    client.list_fills().send().await.unwrap();
    let error = client.list_fills().send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert!(error.response().unwrap().body.starts_with(b"<html>"));
    client.list_fills().send().await.unwrap();

    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-mine", "1".parse().unwrap());
    headers.insert("content-length", "2".parse().unwrap());
    simulator.inject(Fault::raw(StatusCode::IM_A_TEAPOT, headers, "{}and more"));
    let error = client.list_positions().send().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.status.as_u16(), &response.body[..]), (418, &b"{}"[..]));
    assert_eq!(response.headers["x-mine"], "1");
    for status in [
        StatusCode::SWITCHING_PROTOCOLS,
        StatusCode::CONTINUE,
        StatusCode::NO_CONTENT,
    ] {
        simulator.inject(Fault::raw(status, Default::default(), "body"));
        let _ = client.list_positions().send().await;
    }
    client.list_positions().send().await.unwrap();
}

#[tokio::test]
async fn connections_break_before_after_and_during_the_response() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let tokens = async || client.list_tokens().send().await.unwrap().results.len();
    let create = &operations::CREATE_TOKEN;
    simulator.inject(Injection::new(Fault::reset_before()).on(create));
    let error = token(&client, "trading", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.status().is_none());
    assert_eq!(tokens().await, 0);
    simulator.inject(Injection::new(Fault::reset_after()).on(create));
    let error = token(&client, "trading", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.status().is_none());
    assert_eq!(tokens().await, 1);
    for operation in [&operations::LIST_MARKETS, &operations::GET_SYSTEM_TIME] {
        simulator.inject(Injection::new(Fault::truncated()).on(operation));
    }
    assert!(matches!(
        client.list_markets().send().await.unwrap_err(),
        Error::Transport { .. }
    ));
    assert!(matches!(
        client.get_system_time().send().await.unwrap_err(),
        Error::Transport { .. }
    ));

    // Status and headers did arrive before the body broke off.
    simulator.inject(Fault::truncated());
    let response = reqwest::get(format!("{}/v1/markets", simulator.url()))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    let statuses: Vec<_> = simulator
        .requests()
        .iter()
        .map(|request| request.status())
        .collect();
    assert_eq!(
        statuses,
        [None, Some(200), None, Some(200), Some(200), Some(200), Some(200)]
    );
}

#[tokio::test]
async fn request_with_a_delayed_response_is_handled_at_once() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let http = reqwest::Client::builder().timeout(Duration::from_millis(200));
    let impatient = with(&simulator, http, &simulator.main_session());
    simulator.inject(Fault::delay_after(Duration::from_secs(600)));
    assert!(matches!(
        token(&impatient, "trading", &[]).await.unwrap_err(),
        Error::Transport { .. }
    ));
    assert_eq!(impatient.list_tokens().send().await.unwrap().results.len(), 1);
    simulator.inject(Fault::delay_after(Duration::from_millis(20)));
    let before = std::time::Instant::now();
    impatient.list_tokens().send().await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(20));
}

#[tokio::test]
async fn responses_can_be_edited() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    simulator.inject(Fault::unknown_enum_values());
    let markets = client.list_markets().send().await.unwrap();
    let kind = markets.results[0].asset_kind.clone().unwrap();
    assert_eq!(kind.as_str(), "SIMULATED_UNKNOWN_VALUE");
    token(&client, "trading", &[]).await.unwrap();
    simulator.inject(Fault::unknown_enum_values());
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(
        listed.results[0].kind.clone().unwrap().as_str(),
        "SIMULATED_UNKNOWN_VALUE"
    );

    for (depth, expected) in [(0, Value::Null), (1, json!([{"allowed_cidrs": null}]))] {
        simulator.inject(Injection::new(Fault::nulls(depth)).on(&operations::LIST_TOKENS));
        let response = client.list_tokens().send().await.unwrap();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["results"][0]["allowed_cidrs"], expected[0]["allowed_cidrs"]);
        assert_eq!(body["results"].is_null(), depth == 0);
    }
    simulator.inject(Fault::edit_response(|body| {
        body["results"][0]["name"] = json!("edited")
    }));
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(listed.results[0].name.as_deref(), Some("edited"));
    // All of them at once, on a failure too.
    simulator.inject(Fault::edit_response(|body| body["message"] = json!("one")));
    simulator.inject(Fault::edit_response(|body| {
        body["extra"] = body["message"].clone()
    }));
    let anonymous = Client::new(simulator.base_url()).unwrap();
    let error = anonymous.list_positions().send().await.unwrap_err();
    assert_eq!(
        &error.response().unwrap().body[..],
        br#"{"extra":"one","message":"one"}"#
    );
}

#[tokio::test]
async fn closure_runs_before_handling() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let client = main_client(&simulator);
    let created = token(&client, "trading", &["10.0.0.0/8"]).await.unwrap();
    let lookup_id = id(&created);
    let other = lookup_id.clone();
    let fault = Fault::run_before(move |simulator| {
        simulator
            .set_token_allowlist(&other, vec!["192.0.2.0/24"])
            .unwrap();
    });
    simulator.inject(Injection::new(fault).on(&operations::LIST_TOKENS));
    let listed = client.list_tokens().send().await.unwrap();
    assert_eq!(listed.results[0].allowed_cidrs, Some(cidrs(&["192.0.2.0/24"])));
    // A closure that panics breaks its own connection and nothing else.
    simulator.inject(Fault::run_before(|_| panic!("on purpose")));
    assert!(client.list_tokens().send().await.is_err());
    assert_eq!(
        simulator.token(&lookup_id).unwrap().allowed_cidrs,
        Some(cidrs(&["192.0.2.0/24"]))
    );
    client.list_tokens().send().await.unwrap();
}

#[tokio::test]
async fn requests_are_recorded() {
    let simulator = Simulator::builder().strict().start().await.unwrap();
    let session = simulator.main_session();
    let client = from(&simulator, "192.0.2.7", &session);
    client.list_tokens().kind(TokenKind::ApiKey).send().await.unwrap();
    token(&client, "trading", &[]).await.unwrap();
    raw(&simulator, "GET", "/elsewhere", "").await;
    let requests = simulator.requests();
    let [list, create, elsewhere] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(
        (list.method(), list.path(), list.query()),
        ("GET", "/v1/account/tokens", "kind=api_key")
    );
    assert_eq!(list.operation(), Some(&operations::LIST_TOKENS));
    assert_eq!(
        (list.status(), list.address()),
        (Some(200), "192.0.2.7".parse().unwrap())
    );
    assert_eq!(
        list.header("Authorization"),
        Some(format!("Bearer {}", session.expose()).as_str())
    );
    assert!(list.headers().any(|(name, _)| name == ADDRESS_HEADER));
    let body: Value = serde_json::from_slice(create.body()).unwrap();
    assert_eq!(body["name"], "test");
    assert_eq!((elsewhere.operation(), elsewhere.status()), (None, Some(404)));
    assert!(elsewhere.address().is_loopback());
    let shown = format!("{requests:?}");
    assert!(!shown.contains(session.expose()) && shown.contains("list_tokens"));
}
