//! What a probe refuses, and what it never shows.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use paradex_api::operations;
use paradex_api_ext::assumptions::{Asking, Assumptions};
use paradex_api_ext::paradex_api::reqwest::StatusCode;
use paradex_api_ext::paradex_api::reqwest::header::{CONTENT_TYPE, HeaderValue};
use paradex_api_ext::probe::{Probe, ProbeError, ProbeOutcome, ProbePlan};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{Client, Credentials, Environment};

use super::support::{bearer, environment, main_key};
use super::{Folder, assert_nothing_left, main_client, probe, simulator};

/// The plan at another environment, with the account's own key.
fn plan_at(environment: Environment) -> ProbePlan {
    let key = paradex_api_ext::signing::StarknetPrivateKey::from_hex("0x1234").unwrap();
    let credentials = Credentials::starknet_derived(environment.clone(), key);
    let client = Client::builder(environment)
        .credentials(credentials)
        .build()
        .unwrap();
    Probe::new(client, "unused").with_orders().plan()
}

#[test]
fn nothing_is_changed_in_production() {
    for environment in [
        Environment::Production,
        Environment::production_proxy("http://127.0.0.1:1").unwrap(),
        Environment::custom("https://api.staging.paradex.trade").unwrap(),
    ] {
        let plan = plan_at(environment);
        assert!(!plan.topics.is_empty());
        for question in plan.topics.iter().flat_map(|planned| &planned.questions) {
            assert!(
                matches!(question.asking, Asking::Calls { changes: false, .. }),
                "{}",
                question.name
            );
        }
        assert!(plan.topics.iter().all(|planned| !planned.changes));
        let refused = plan
            .skipped
            .iter()
            .filter(|skipped| skipped.because.starts_with("it changes something"));
        assert!(refused.count() > 20);
    }
    let testnet = plan_at(Environment::Testnet);
    assert!(
        testnet
            .topics
            .iter()
            .any(|planned| planned.topic.as_str() == "orders")
    );
}

#[tokio::test]
async fn token_alone_asks_what_it_can() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = Client::builder(environment(&simulator))
        .credentials(bearer(&simulator, &simulator.main_session()))
        .build()
        .unwrap();
    let report = probe(&simulator, client, &folder).run(|_| true).await.unwrap();
    assert_eq!(report.answered(), 16);
    for (question, outcome) in &report.outcomes {
        match outcome {
            ProbeOutcome::Unanswered { because, .. } => {
                let is_named =
                    because.contains("the account's own key") || because.contains("cannot be asked");
                assert!(is_named, "{}: {because}", question.name);
            }
            _ => assert!(matches!(question.topic.as_str(), "requests" | "streams")),
        }
    }
    assert!(!folder.journal().exists());
}

#[tokio::test]
async fn orders_are_placed_only_if_they_are_allowed() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let report = Probe::new(client, folder.journal()).run(|_| true).await.unwrap();
    assert!(simulator.orders(&simulator.main_account()).is_empty());
    let skipped = report.outcomes.iter().filter(|(question, outcome)| {
        question.topic.as_str() == "orders" && matches!(outcome, ProbeOutcome::Unanswered { .. })
    });
    assert_eq!(skipped.count(), 13);
}

#[tokio::test]
async fn orders_are_small_post_only_and_far_from_the_market() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let bbo = client
        .api()
        .get_bbo()
        .market("BTC-USD-PERP")
        .send()
        .await
        .unwrap();
    let limit = bbo.bid.unwrap() * paradex_api_ext::paradex_api::Decimal::new(85, 2);
    probe(&simulator, client, &folder).run(|_| true).await.unwrap();
    let orders = simulator.orders(&simulator.main_account());
    assert_eq!(orders.len(), 10, "{orders:?}");
    for order in &orders {
        assert!(
            order.price.unwrap() < limit && order.filled.is_zero(),
            "{order:?}"
        );
        assert_eq!(order.size, orders[0].size);
    }
    let placed = simulator.requests();
    let placed = placed
        .iter()
        .filter(|request| request.operation() == Some(&operations::CREATE_ORDER));
    for request in placed {
        assert!(String::from_utf8_lossy(request.body()).contains("\"POST_ONLY\""));
    }
}

#[tokio::test]
async fn dead_server_is_reported() {
    let folder = Folder::new();
    let client = Client::builder(Environment::custom("http://127.0.0.1:1").unwrap())
        .build()
        .unwrap();
    let error = Probe::new(client, folder.journal())
        .run(|_| true)
        .await
        .unwrap_err();
    assert!(
        error.to_string().starts_with("the exchange did not respond"),
        "{error}"
    );
    assert!(matches!(error, ProbeError::NoExchange { .. }));
}

#[tokio::test]
async fn server_of_html_is_reported() {
    for status in [StatusCode::OK, StatusCode::BAD_GATEWAY] {
        let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
        simulator.inject(Injection::new(Fault::html(status)).times(1_000));
        let client = main_client(&simulator);
        let error = probe(&simulator, client, &folder)
            .run(|_| true)
            .await
            .unwrap_err();
        assert!(matches!(error, ProbeError::NoExchange { .. }), "{error}");
        assert!(!folder.journal().exists());
    }
}

/// Each response repeats the credential of its request: in its error code, its message, its networks and its headers.
#[tokio::test]
async fn server_that_repeats_the_credential_learns_nothing_from_a_report() {
    for operation in [
        &operations::GET_ACCOUNT,
        &operations::UPDATE_TOKEN_ALLOWED_CIDRS,
        &operations::CREATE_TOKEN,
        &operations::REVOKE_TOKEN,
        &operations::LIST_TOKENS,
        &operations::REGISTER_SUBKEY,
        &operations::AUTH_WITH_PUBLIC_KEY,
        &operations::CREATE_ORDER,
        &operations::CANCEL_ORDER,
    ] {
        let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
        // The first request reads the account, before anything is asked.
        let echo = Injection::new(Fault::echo(StatusCode::BAD_REQUEST))
            .on(operation)
            .skip(1)
            .times(1_000);
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, repeats) = (Arc::clone(&seen), simulator.clone());
        let edit = Fault::edit_response(move |body| {
            let requests = repeats.requests();
            let last = requests
                .iter()
                .rev()
                .find_map(|request| request.header("authorization"));
            let token = last
                .and_then(|text| text.strip_prefix("Bearer "))
                .unwrap_or_default()
                .to_owned();
            log.lock().unwrap().push(token.clone());
            if let serde_json::Value::Object(fields) = body {
                fields.insert("error".to_owned(), token.clone().into());
                fields.insert("message".to_owned(), token.clone().into());
                if fields.contains_key("allowed_cidrs") {
                    fields.insert("allowed_cidrs".to_owned(), serde_json::json!([token]));
                }
            }
        });
        simulator.inject(Injection::new(edit).on(operation).skip(1).times(1_000));
        let client = main_client(&simulator);
        check_silent(&simulator, client.clone(), &folder, &seen).await;
        simulator.clear_injections();
        simulator.inject(echo);
        check_silent(&simulator, client, &folder, &seen).await;
    }
}

async fn check_silent(simulator: &Simulator, client: Client, folder: &Folder, seen: &Mutex<Vec<String>>) {
    let outcome = probe(simulator, client, folder).run(|_| true).await;
    let shown = match &outcome {
        Ok(report) => format!("{report:?} {}", report.to_toml()),
        Err(error) => format!("{error} {error:?}"),
    };
    let journal = std::fs::read_to_string(folder.journal()).unwrap_or_default();
    let mut secrets = std::mem::take(&mut *seen.lock().unwrap());
    let requests = simulator.requests();
    let sent = requests
        .iter()
        .filter_map(|request| request.header("authorization"));
    secrets.extend(
        sent.filter_map(|text| text.strip_prefix("Bearer "))
            .map(str::to_owned),
    );
    secrets.retain(|secret| !secret.is_empty() && secret != "paradex-probe-invented-token");
    assert!(!secrets.is_empty());
    for secret in secrets {
        assert!(!shown.contains(&secret) && !journal.contains(&secret), "{shown}");
    }
}

#[tokio::test]
async fn journal_of_another_account_is_refused() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    for (line, error) in [
        (
            format!(
                "{{\"entry\":\"start\",\"base_url\":\"{}\",\"account\":\"0x1\"}}",
                simulator.url()
            ),
            "belongs to the account 0x1",
        ),
        (
            format!(
                "{{\"entry\":\"start\",\"base_url\":\"https://api.prod.paradex.trade\",\"account\":\"{}\"}}",
                simulator.main_account()
            ),
            "at https://api.prod.paradex.trade",
        ),
        ("{}".to_owned(), "could not be used"),
        (
            "{\"entry\":\"token\",\"name\":\"desk\"}".to_owned(),
            "could not be used",
        ),
    ] {
        write_journal(&folder, &format!("{line}\n"));
        let client = main_client(&simulator);
        let refused = probe(&simulator, client, &folder).clean_up().await.unwrap_err();
        assert!(refused.to_string().contains(error), "{refused}");
        assert!(folder.journal().exists());
        std::fs::remove_file(folder.journal()).unwrap();
    }
}

/// Otherwise an edited journal could make the probe revoke any token.
#[tokio::test]
async fn journal_that_names_something_else_is_refused() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let start = format!(
        "{{\"entry\":\"start\",\"base_url\":\"{}\",\"account\":\"{}\"}}\n",
        simulator.url(),
        simulator.main_account()
    );
    for entry in [
        "{\"entry\":\"token\",\"name\":\"desk\"}",
        "{\"entry\":\"token\",\"name\":\"paradex-probe-desk-1\"}",
        "{\"entry\":\"subkey\",\"name\":\"desk\",\"public_key\":\"0x1\"}",
        "{\"entry\":\"order\",\"market\":\"BTC-USD-PERP\",\"price\":\"1\",\"size\":\"1\",\"signature_timestamp\":1,\"client_id\":\"x\"}",
        "{\"entry\":\"other\"}",
    ] {
        write_journal(&folder, &format!("{start}{entry}\n"));
        let client = Client::builder(environment(&simulator))
            .credentials(main_key(&simulator))
            .build()
            .unwrap();
        let error = probe(&simulator, client, &folder).clean_up().await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            cause.starts_with("line 2 is not an entry of a journal"),
            "{cause}"
        );
        std::fs::remove_file(folder.journal()).unwrap();
    }
}

fn write_journal(folder: &Folder, text: &str) {
    let mut file = paradex_api_ext::private_file::create(&folder.journal()).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[tokio::test]
async fn call_that_is_refused_for_its_rate_is_repeated_after_the_wait() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let limited = Fault::rate_limited(std::time::Duration::ZERO);
    simulator.inject(
        Injection::new(limited)
            .on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS)
            .skip(3),
    );
    let client = main_client(&simulator);
    let waits = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&waits);
    let probe =
        Probe::new(client.clone(), folder.journal()).wait_with(move |time| seen.lock().unwrap().push(time));
    let report = probe
        .run(|planned| planned.topic.as_str() != "streams")
        .await
        .unwrap();
    // The others are for connections whose credential has ended.
    let expected = [10, 0, 10].map(std::time::Duration::from_secs);
    assert_eq!(*waits.lock().unwrap(), expected);
    assert_eq!(report.assumptions(), Assumptions::new());
    assert!(report.incomplete.is_none() && report.answered() > 25);
}

/// A message may have any text, also a token of an earlier request.
#[tokio::test]
async fn message_of_a_refused_registration_is_not_shown() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let earlier = simulator.clone();
    let echo = Fault::run_before(move |_| {
        let requests = earlier.requests();
        let sent = requests
            .iter()
            .filter_map(|request| request.header("authorization"));
        let token = sent.last().and_then(|text| text.strip_prefix("Bearer ")).unwrap();
        let body =
            serde_json::json!({ "error": "VALIDATION_ERROR", "message": format!("EXCHANGE-SAYS {token}") });
        let raw = Fault::raw(StatusCode::BAD_REQUEST, Default::default(), body.to_string());
        earlier.inject(Injection::new(raw).on(&operations::REGISTER_SUBKEY));
    });
    // The refusal is for the next registration, which has a signature.
    simulator.inject(Injection::new(echo).on(&operations::REGISTER_SUBKEY));
    let client = main_client(&simulator);
    let report = probe(&simulator, client, &folder).run(|_| true).await.unwrap();
    let shown = format!("{report:?} {}", report.to_toml());
    assert!(shown.contains("a call failed: the response was 400"), "{shown}");
    assert!(!shown.contains("EXCHANGE-SAYS"), "{shown}");
}

#[tokio::test]
async fn refused_preparation_ends_its_topic_only() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let refused = Fault::raw(
        StatusCode::BAD_REQUEST,
        Default::default(),
        "{\"error\":\"VALIDATION_ERROR\"}",
    );
    simulator.inject(Injection::new(refused).on(&operations::CREATE_TOKEN));
    let client = main_client(&simulator);
    let report = probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap();
    let because = "a call failed: no token could be created: the response was 400 VALIDATION_ERROR";
    assert_eq!(report.incomplete.as_deref(), Some(because));
    for (question, outcome) in &report.outcomes {
        match question.topic.as_str() {
            "tokens" if !matches!(question.asking, Asking::Impossible { .. }) => {
                assert!(matches!(outcome, ProbeOutcome::Unanswered { because: why, .. } if why == because));
            }
            "allowlists" | "orders" if !matches!(question.asking, Asking::Impossible { .. }) => {
                assert!(matches!(outcome, ProbeOutcome::Answered { .. }))
            }
            _ => {}
        }
    }
    assert_nothing_left(&simulator, &client, &folder).await;
}

/// A token that may narrow itself is locked out, and is then refused for its address.
#[tokio::test]
async fn token_that_may_narrow_itself_does_not_spoil_other_answers() {
    let mut assumptions = Assumptions::new();
    assumptions.set("read-only-type", "ordinary").unwrap();
    let (simulator, folder) = (simulator(&assumptions).await, Folder::new());
    let exchange = simulator.clone();
    let created = Fault::edit_response(move |body| {
        let lookup_id = body["api_token"]["lookup_id"].as_str().unwrap().to_owned();
        let list = serde_json::json!(["192.0.2.0/24"]);
        let body = serde_json::json!({ "lookup_id": lookup_id, "allowed_cidrs": list });
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let done = Fault::raw(StatusCode::OK, [json].into_iter().collect(), body.to_string());
        let narrow = Fault::run_before(move |simulator| {
            simulator.set_token_allowlist(&lookup_id, list.clone()).unwrap();
        });
        for fault in [narrow, done] {
            exchange.inject(Injection::new(fault).on(&operations::UPDATE_TOKEN_ALLOWED_CIDRS));
        }
    });
    simulator.inject(Injection::new(created).on(&operations::CREATE_TOKEN));
    let client = main_client(&simulator);
    let report = probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap();
    let found = |name: &str| {
        let (_, outcome) = report
            .outcomes
            .iter()
            .find(|(question, _)| question.name == name)
            .unwrap();
        match outcome {
            ProbeOutcome::Answered { answer, .. } => answer.to_string(),
            other => format!("{other:?}"),
        }
    };
    assert_eq!(found("read-only-type"), "ordinary");
    assert!(
        found("rights-refusal").contains("it was not refused"),
        "{}",
        found("rights-refusal")
    );
    assert_nothing_left(&simulator, &client, &folder).await;
}

#[tokio::test]
async fn error_of_a_gateway_is_no_answer() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let report = probe(&simulator, client, &folder)
        .run(|planned| {
            let is_it = planned.topic.as_str() == "requests";
            if is_it {
                let gateway = Fault::html(StatusCode::BAD_GATEWAY);
                simulator.inject(Injection::new(gateway).on(&operations::GET_SYSTEM_TIME));
            }
            is_it
        })
        .await
        .unwrap();
    let (_, outcome) = report
        .outcomes
        .iter()
        .find(|(question, _)| question.name == "rate-limit-headers")
        .unwrap();
    assert!(
        matches!(outcome, ProbeOutcome::Unanswered { because, .. } if because == "the response was 502"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn refusal_for_lack_of_funds_is_no_answer() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let poor = Fault::raw(
        StatusCode::BAD_REQUEST,
        Default::default(),
        "{\"error\":\"INSUFFICIENT_MARGIN\"}",
    );
    // The orders of the topic: of size 0, the first, with the same client id, and one twice.
    simulator.inject(
        Injection::new(poor)
            .on(&operations::CREATE_ORDER)
            .skip(2)
            .times(1),
    );
    let client = main_client(&simulator);
    let report = probe(&simulator, client, &folder).run(|_| true).await.unwrap();
    let (_, outcome) = report
        .outcomes
        .iter()
        .find(|(question, _)| question.name == "used-client-id")
        .unwrap();
    assert!(matches!(outcome, ProbeOutcome::Unanswered { .. }), "{outcome:?}");
}

#[tokio::test]
async fn second_probe_with_the_same_journal_is_refused() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let (second, clock) = (Arc::new(Mutex::new(None)), simulator.clone());
    let (seen, other, path) = (Arc::clone(&second), client.clone(), folder.journal());
    let first = Probe::new(client.clone(), folder.journal())
        .with_orders()
        .wait_with(move |time| clock.advance(time));
    let runtime = tokio::runtime::Handle::current();
    let report = first
        .run(move |planned| {
            if planned.topic.as_str() == "allowlists" {
                let probe = Probe::new(other.clone(), path.clone());
                // The lock is checked before the first call.
                let refused = std::thread::spawn({
                    let runtime = runtime.clone();
                    move || runtime.block_on(probe.clean_up())
                });
                *seen.lock().unwrap() = Some(refused.join().unwrap());
            }
            true
        })
        .await
        .unwrap();
    assert!(report.incomplete.is_none(), "{report:?}");
    let error = second.lock().unwrap().take().unwrap().unwrap_err();
    assert!(matches!(error, ProbeError::InUse { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("is in use by another probe of this process: wait for it, or name another file"),
        "{text}"
    );
    assert_nothing_left(&simulator, &client, &folder).await;

    let lock = folder.0.canonicalize().unwrap().join("journal.lock");
    std::fs::write(&lock, "1 elsewhere").unwrap();
    let refused = Probe::new(client.clone(), folder.journal())
        .run(|_| true)
        .await
        .unwrap_err();
    let text = refused.to_string();
    assert!(
        text.contains("is in use by the process 1 elsewhere") && text.contains("or remove "),
        "{text}"
    );
    std::fs::remove_file(&lock).unwrap();
}

#[tokio::test]
async fn account_without_a_name_is_reported() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let edit = Fault::edit_response(|body| {
        body.as_object_mut().unwrap().remove("account");
    });
    simulator.inject(Injection::new(edit).on(&operations::GET_ACCOUNT));
    let error = probe(&simulator, main_client(&simulator), &folder)
        .run(|_| true)
        .await
        .unwrap_err();
    assert!(matches!(error, ProbeError::NoAccount), "{error}");
}

/// The outcome of a question.
fn outcome<'a>(report: &'a paradex_api_ext::probe::ProbeReport, name: &str) -> &'a ProbeOutcome {
    let found = report.outcomes.iter().find(|(question, _)| question.name == name);
    &found.unwrap().1
}

/// Cancel on disconnect might cancel them.
#[tokio::test]
async fn orders_of_the_account_are_not_endangered() {
    use paradex_api_ext::orders::{NewOrder, OrderSide};

    let mut assumptions = Assumptions::new();
    assumptions.set("disconnect-scope", "account").unwrap();
    let (simulator, folder) = (simulator(&assumptions).await, Folder::new());
    let client = main_client(&simulator);
    let order = NewOrder::limit(
        "ETH-USD-PERP",
        OrderSide::Buy,
        "0.1".parse().unwrap(),
        "1000".parse().unwrap(),
    );
    let placed = client.orders().place(order).await.unwrap();
    let report = probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap();
    for name in ["disconnect-delay", "disconnect-scope", "disconnect-by-close"] {
        assert!(
            matches!(outcome(&report, name), ProbeOutcome::Unanswered { .. }),
            "{name}"
        );
    }
    let ProbeOutcome::Unanswered { because, .. } = outcome(&report, "disconnect-delay") else {
        panic!("{report:?}")
    };
    assert_eq!(
        because,
        "the account has 1 other open orders, which might be cancelled"
    );
    let open = client.orders().open().await.unwrap();
    assert_eq!(open.orders.len(), 1);
    client
        .orders()
        .cancel(placed.id.as_deref().unwrap())
        .await
        .unwrap();
    assert_nothing_left(&simulator, &client, &folder).await;
}

/// A failure to read an order does not show that it is open.
#[tokio::test]
async fn order_that_cannot_be_read_is_no_answer() {
    for status in [
        StatusCode::UNAUTHORIZED,
        StatusCode::NOT_FOUND,
        StatusCode::BAD_GATEWAY,
    ] {
        let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
        let client = main_client(&simulator);
        let failing = Injection::new(Fault::html(status))
            .on(&operations::GET_ORDER)
            .times(1_000);
        simulator.inject(failing);
        let report = probe(&simulator, client.clone(), &folder)
            .run(|_| true)
            .await
            .unwrap();
        for name in [
            "closed-order-by-id",
            "closed-order-refusal",
            "used-client-id",
            "disconnect-delay",
            "disconnect-scope",
            "disconnect-by-close",
        ] {
            let outcome = outcome(&report, name);
            assert!(
                matches!(outcome, ProbeOutcome::Unanswered { .. }),
                "{name}: {outcome:?}"
            );
        }
        assert_nothing_left(&simulator, &client, &folder).await;
    }
}

/// A connection can break for any reason, so that it broke does not show that the exchange has closed it.
#[tokio::test]
async fn broken_connection_is_no_answer() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    // The first request shows that the connection works.
    let broken = Injection::new(Fault::reset_before()).on(&paradex_api::stream::methods::ORDER_CANCEL);
    simulator.inject(broken.skip(1));
    let report = probe(&simulator, main_client(&simulator), &folder)
        .run(|_| true)
        .await
        .unwrap();
    let unclear = report.outcomes.iter().filter(|(_, outcome)| {
        matches!(outcome, ProbeOutcome::Unanswered { because, .. } if because.starts_with("the connection broke"))
    });
    assert_eq!(unclear.count(), 1, "{report:?}");
}
