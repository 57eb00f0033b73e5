//! What is taken down of a change, and what happens when it cannot be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::operations::{CANCEL_ALL_ORDERS, CREATE_ORDER, CREATE_TOKEN, UPDATE_TOKEN_ALLOWED_CIDRS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditLog, AuditSink};
use paradex_api_ext::error::{AllowlistError, PlaceOrderError, WithheldReason};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::orders::{CancelScope, NewOrder, OrderSide};
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{CallOptions, Client, Error};
use serde_json::{Value, json};

use super::{HOUR, list, trader, with_causes};

/// Keeps entries as they would be written, and takes this time for each.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Value>>>, Duration);

impl AuditSink for Kept {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.1).await;
            self.0.lock().unwrap().push(serde_json::to_value(&entry).unwrap());
            Ok(())
        })
    }
}

impl Kept {
    /// What came since the last look: so many entries, which may be on their way.
    async fn take(&self, count: usize) -> Vec<Value> {
        let count_now = || self.0.lock().unwrap().len();
        let arrived = async {
            while count_now() < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), arrived).await;
        let entries = std::mem::take(&mut *self.0.lock().unwrap());
        assert!(waited.is_ok() && entries.len() == count, "{entries:#?}");
        entries
    }
}

async fn start() -> (Simulator, Client, Kept) {
    let exchange = Simulator::builder().strict().start().await.unwrap();
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
async fn allowlist_change_records_the_former_and_the_requested_list() {
    let (exchange, client, kept) = start().await;
    let created = super::create(&client, "bot", list(&["192.0.2.0/24"])).await;
    let entries = kept.take(2).await;
    assert_eq!(events(&entries), ["intent", "done"]);
    assert!(
        entries[1].get("response").is_none(),
        "it holds the text of the token"
    );
    assert_eq!(entries[0]["request"]["name"], "bot");
    let allowlist = client.tokens().allowlist(created.lookup_id());
    allowlist.add([super::cidr("198.51.100.0/24")]).await.unwrap();
    let entries = kept.take(2).await;
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
    assert_eq!(
        entries[1]["response"]["allowed_cidrs"].as_array().unwrap().len(),
        2
    );
    client.tokens().revoke(created.lookup_id()).await.unwrap();
    assert_ne!(kept.take(2).await[0]["change"], entries[0]["change"]);
}

#[tokio::test]
async fn outcomes_are_recorded_as_different_events() {
    let (exchange, client, kept) = start().await;
    client.orders().place(order()).await.unwrap();
    let entries = kept.take(2).await;
    assert_eq!(events(&entries), ["intent", "done"]);
    assert_eq!(entries[0]["request"]["client_id"], "mine");
    assert_eq!(entries[0]["request"]["signature"], "(not shown)");
    assert!(entries[1]["response"]["id"].is_string());

    client.orders().place(order()).await.unwrap_err();
    let entries = kept.take(2).await;
    assert_eq!(events(&entries), ["intent", "refused"]);
    assert_eq!(entries[1]["response"]["error"], "DUPLICATED_CLIENT_ID");

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
        let entries = kept.take(2).await;
        assert_eq!(events(&entries), ["intent", "unknown"]);
        assert!(!entries[1]["why"].as_str().unwrap().is_empty());
    }

    // Given up halfway.
    exchange.inject(Injection::new(Fault::delay_after(HOUR)).on(&CREATE_ORDER));
    let placing = tokio::spawn({
        let client = client.clone();
        async move { client.orders().place(order()).await }
    });
    while kept.0.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    placing.abort();
    assert_eq!(events(&kept.take(2).await), ["intent", "unknown"]);

    // Withheld is no intent, and reading is no change.
    drop(client.halt());
    client.orders().place(order()).await.unwrap_err();
    client.resume();
    client.api().list_positions().send().await.unwrap();
    kept.take(0).await;

    // Nobody was there to send it to.
    let gone = Simulator::builder().strict().start().await.unwrap();
    let nobody = super::builder(&gone, gone.main_session())
        .audit(kept.clone())
        .build()
        .unwrap();
    drop(gone);
    nobody.api().cancel_all_orders().send().await.unwrap_err();
    assert_eq!(events(&kept.take(2).await), ["intent", "not_sent"]);
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
async fn failing_required_sink_stops_administration_and_no_cancel() {
    for hangs in [false, true] {
        let exchange = Simulator::builder().strict().start().await.unwrap();
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
async fn failing_optional_sink_stops_nothing() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
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
async fn log_has_a_line_for_each_entry_and_no_secret() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let path = std::env::temp_dir().join(format!("paradex-audit-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let client = trader(&exchange)
        .audit(AuditLog::append(&path).unwrap())
        .build()
        .unwrap();
    let created = client.tokens().create(token()).await.unwrap();
    client.orders().place(order()).await.unwrap();
    let mut text = String::new();
    for _ in 0..2_000 {
        text = std::fs::read_to_string(&path).unwrap();
        if text.lines().count() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
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

#[tokio::test]
async fn hanging_sink_does_not_delay_a_cancel() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let client = trader(&exchange).audit(Broken(true)).build().unwrap();
    client.sign_in().await.unwrap();
    let hasty = client.with_options(CallOptions::new().deadline(Duration::from_millis(800)));
    hasty.orders().cancel_all(CancelScope::AllMarkets).await.unwrap();
    let short = order().good_for(Duration::from_millis(800));
    hasty.orders().place(short).await.unwrap();
}

#[tokio::test]
async fn slow_sink_gets_the_outcome_of_every_change() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let kept = Kept(Arc::default(), Duration::from_millis(1_200));
    let client = trader(&exchange).audit_required(kept.clone()).build().unwrap();
    super::create(&client, "bot", IpAllowlist::Unrestricted).await;
    assert_eq!(events(&kept.take(2).await), ["intent", "done"]);
    // Also when the caller gives up while the outcome is on its way to the sink.
    let kept = Kept(Arc::default(), Duration::from_millis(400));
    let client = trader(&exchange).audit(kept.clone()).build().unwrap();
    client.sign_in().await.unwrap();
    let cancel = client.orders();
    let cancel = cancel.cancel_all(CancelScope::AllMarkets);
    let _ = tokio::time::timeout(Duration::from_millis(600), cancel).await;
    assert_eq!(events(&kept.take(2).await), ["intent", "done"]);
}

#[tokio::test]
async fn html_page_is_recorded_as_unknown_and_not_as_refused() {
    let (exchange, client, kept) = start().await;
    let created = super::create(&client, "bot", IpAllowlist::Unrestricted).await;
    kept.take(2).await;
    exchange.inject(Injection::new(Fault::html(StatusCode::FORBIDDEN)).on(&CREATE_ORDER));
    let error = client.orders().place(order()).await.unwrap_err();
    assert!(matches!(error, PlaceOrderError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(events(&kept.take(2).await), ["intent", "unknown"]);
    let page = Fault::html(StatusCode::FORBIDDEN);
    exchange.inject(Injection::new(page).on(&UPDATE_TOKEN_ALLOWED_CIDRS));
    let allowlist = client.tokens().allowlist(created.lookup_id());
    let error = allowlist.set(list(&["192.0.2.0/24"])).await.unwrap_err();
    assert!(matches!(error, AllowlistError::OutcomeUnknown(_)), "{error:?}");
}

#[tokio::test]
async fn token_in_a_response_labelled_as_html_is_not_shown() {
    let (exchange, client, kept) = start().await;
    let mut headers = paradex_api::reqwest::header::HeaderMap::new();
    headers.insert("content-type", "text/html".parse().unwrap());
    let body = r#"{"token":"canary-secret"}"#;
    exchange.inject(Injection::new(Fault::raw(StatusCode::CREATED, headers, body)).on(&CREATE_TOKEN));
    let error = client.tokens().create(token()).await.unwrap_err();
    let shown = format!("{error:?} {:?} {}", kept.take(2).await, with_causes(&error));
    assert!(!shown.contains("canary"), "{shown}");
}

#[cfg(unix)]
#[test]
fn log_is_kept_in_no_file_that_others_reach_and_follows_no_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = super::support::Folder::new();
    let path = folder.0.join("audit");
    AuditLog::append(&path).unwrap();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for (open, rule) in [(0o644, "everybody"), (0o602, "everybody"), (0o660, "group")] {
        mode(open);
        let error = AuditLog::append(&path).unwrap_err().to_string();
        assert!(
            error.contains(rule) && error.contains("chmod 600") && error.contains("audit"),
            "{error}"
        );
    }
    mode(0o600);
    AuditLog::append(&path).unwrap();
    let link = folder.0.join("link");
    for target in [path.as_path(), std::path::Path::new("nowhere")] {
        symlink(target, &link).unwrap();
        let error = AuditLog::append(&link).unwrap_err().to_string();
        assert!(error.contains("symbolic link"), "{error}");
        std::fs::remove_file(&link).unwrap();
    }
    assert!(!folder.0.join("nowhere").exists());
    match std::os::unix::fs::chown(&path, Some(12_345), None) {
        Ok(()) => {
            let error = AuditLog::append(&path).unwrap_err().to_string();
            assert!(error.contains("user 12345"), "{error}");
        }
        Err(error) => eprintln!("skipped: a file cannot be given away here: {error}"),
    }
}
