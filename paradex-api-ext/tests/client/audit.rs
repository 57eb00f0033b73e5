//! What is taken down of a change, and what happens when it cannot be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::operations::{CANCEL_ALL_ORDERS, CREATE_ORDER, CREATE_TOKEN, UPDATE_TOKEN_ALLOWED_CIDRS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditLog, AuditSink};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::{
    AllowlistError, CancelScope, Client, ClientBuilder, Credentials, Error, NewOrder, NewToken, OrderSide,
    WithheldReason,
};
use serde_json::{Value, json};

use super::{HOUR, environment, list};

/// Keeps entries as they would be written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Value>>>);

impl AuditSink for Kept {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        self.0.lock().unwrap().push(serde_json::to_value(&entry).unwrap());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Kept {
    /// What came since the last look.
    fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn trader(exchange: &Simulator) -> ClientBuilder {
    let account = exchange.main_account().parse().unwrap();
    let credentials = Credentials::starknet(environment(exchange), exchange.main_key(), account);
    Client::builder(environment(exchange)).credentials(credentials)
}

async fn start() -> (Simulator, Client, Kept) {
    let exchange = Simulator::start().await.unwrap();
    let kept = Kept::default();
    let client = trader(&exchange)
        .operator("desk-3")
        .audit(kept.clone())
        .build()
        .unwrap();
    (exchange, client, kept)
}

fn token() -> NewToken {
    NewToken::new("t", "api_key", HOUR, IpAllowlist::Unrestricted).unwrap()
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into()).client_id("mine")
}

fn events(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_change_of_an_allowlist_says_what_stood_and_what_was_asked_for() {
    let (exchange, client, kept) = start().await;
    let created = super::create(&client, "bot", list(&["192.0.2.0/24"])).await;
    let entries = kept.take();
    assert_eq!(events(&entries), ["intent", "done"]);
    assert!(
        entries[1].get("answer").is_none(),
        "it holds the text of the token"
    );
    assert_eq!(entries[0]["request"]["name"], "bot");
    let allowlist = client.tokens().allowlist(created.lookup_id());
    allowlist.add([super::cidr("198.51.100.0/24")]).await.unwrap();
    let entries = kept.take();
    assert_eq!(events(&entries), ["intent", "done"]);
    for entry in &entries {
        assert_eq!(entry["operator"], "desk-3");
        assert_eq!(entry["account"], exchange.main_account());
        assert_eq!(entry["credential"], client.credentials().unwrap().id());
        assert_eq!(entry["operation"], UPDATE_TOKEN_ALLOWED_CIDRS.id);
        assert_eq!(entry["before"], json!({"allowed_cidrs": ["192.0.2.0/24"]}));
        assert_eq!(
            entry["request"],
            json!({"allowed_cidrs": ["192.0.2.0/24", "198.51.100.0/24"]})
        );
        assert!(entry["target"].as_str().unwrap().contains(created.lookup_id()));
        assert_eq!(entry["change"], entries[0]["change"]);
    }
    assert_eq!(entries[1]["status"], 200);
    assert_eq!(entries[1]["answer"]["allowed_cidrs"].as_array().unwrap().len(), 2);
    client.tokens().revoke(created.lookup_id()).await.unwrap();
    assert_ne!(kept.take()[0]["change"], entries[0]["change"]);
}

#[tokio::test]
async fn every_outcome_is_told_apart() {
    let (exchange, client, kept) = start().await;
    client.orders().place(order()).await.unwrap();
    let entries = kept.take();
    assert_eq!(events(&entries), ["intent", "done"]);
    assert_eq!(entries[0]["request"]["client_id"], "mine");
    assert_eq!(entries[0]["request"]["signature"], "(not shown)");
    assert!(entries[1]["answer"]["id"].is_string());

    client.orders().place(order()).await.unwrap_err();
    let entries = kept.take();
    assert_eq!(events(&entries), ["intent", "refused"]);
    assert_eq!(entries[1]["answer"]["error"], "DUPLICATED_CLIENT_ID");

    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::html(StatusCode::BAD_GATEWAY),
        Fault::html(StatusCode::OK),
    ] {
        exchange.inject(Injection::new(fault).on(&CANCEL_ALL_ORDERS));
        client
            .orders()
            .cancel_all(CancelScope::AllMarkets)
            .await
            .unwrap_err();
        let entries = kept.take();
        assert_eq!(events(&entries), ["intent", "unknown"]);
        assert!(!entries[1]["why"].as_str().unwrap().is_empty());
    }

    // Given up halfway.
    exchange.inject(Injection::new(Fault::latency(HOUR)).on(&CREATE_ORDER));
    let placing = tokio::spawn({
        let client = client.clone();
        async move { client.orders().place(order()).await }
    });
    while kept.0.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    placing.abort();
    while kept.0.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(events(&kept.take()), ["intent", "unknown"]);

    // Withheld is no intent, and reading is no change.
    drop(client.halt());
    client.orders().place(order()).await.unwrap_err();
    client.resume();
    client.api().list_positions().send().await.unwrap();
    assert!(kept.take().is_empty());

    // Nobody was there to send it to.
    let gone = Simulator::start().await.unwrap();
    let nobody = super::builder(&gone, gone.main_session())
        .audit(kept.clone())
        .build()
        .unwrap();
    drop(gone);
    nobody.api().cancel_all_orders().send().await.unwrap_err();
    assert_eq!(events(&kept.take()), ["intent", "not_sent"]);
}

/// Fails, or never answers.
struct Broken(bool);

impl AuditSink for Broken {
    fn record(&self, _: AuditEntry) -> AuditFuture<'_> {
        match self.0 {
            true => Box::pin(std::future::pending()),
            false => Box::pin(std::future::ready(Err("the disk is full".into()))),
        }
    }
}

#[tokio::test]
async fn a_required_sink_that_fails_stops_administration_and_no_cancel() {
    for hangs in [false, true] {
        let exchange = Simulator::start().await.unwrap();
        let plain = super::main_client(&exchange);
        let created = super::create(&plain, "bot", IpAllowlist::Unrestricted).await;
        let client = trader(&exchange)
            .timeout(Duration::from_secs(3))
            .audit_required(Broken(hangs))
            .build()
            .unwrap();
        client.sign_in().await.unwrap();
        let before = exchange.requests().len();
        let allowlist = client.tokens().allowlist(created.lookup_id());
        let error = allowlist.set(list(&["192.0.2.0/24"])).await.unwrap_err();
        let AllowlistError::Other(Error::Withheld(error)) = error else {
            panic!("{error:?}")
        };
        assert!(matches!(error.reason(), WithheldReason::Audit(_)), "{error:?}");
        client.tokens().create(token()).await.unwrap_err();
        assert_eq!(exchange.requests().len(), before);
        client.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
        client.orders().place(order()).await.unwrap();
    }
}

#[tokio::test]
async fn a_sink_that_is_not_required_stops_nothing() {
    let exchange = Simulator::start().await.unwrap();
    let client = trader(&exchange).audit(Broken(false)).build().unwrap();
    client.tokens().create(token()).await.unwrap();
    let created = exchange.requests();
    assert!(
        created
            .iter()
            .any(|request| request.operation() == Some(&CREATE_TOKEN))
    );
}

#[tokio::test]
async fn a_log_has_a_line_for_each_entry_and_no_secret() {
    let exchange = Simulator::start().await.unwrap();
    let path = std::env::temp_dir().join(format!("paradex-audit-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let client = trader(&exchange)
        .audit(AuditLog::append(&path).unwrap())
        .build()
        .unwrap();
    let created = client.tokens().create(token()).await.unwrap();
    client.orders().place(order()).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events(&lines), ["intent", "done", "intent", "done"]);
    assert!(!text.contains(created.secret().expose()));
    for request in exchange.requests() {
        let Ok(Value::Object(body)) = serde_json::from_slice(request.body()) else {
            continue;
        };
        if let Some(signature) = body.get("signature").and_then(Value::as_str) {
            let first = signature.trim_matches(['[', ']', '"']).split('"').next().unwrap();
            assert!(!text.contains(first), "{first}");
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
    std::fs::remove_file(&path).unwrap();
}
