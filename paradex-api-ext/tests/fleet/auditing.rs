//! What an audit finds.

use std::time::Duration;

use paradex_api_ext::fleet::Finding;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::tokens::NewToken;
use serde_json::json as value;

use super::{COLO, HOUR, OFFICE, World, json, list, policy};

#[tokio::test]
async fn audit_lists_all_findings() {
    let world = World::new(&["desk", "research"]).await;
    world.token("desk", "fine", list(&[OFFICE])).await;
    world.token("desk", "open", IpAllowlist::Unrestricted).await;
    world.token("desk", "broad", list(&[OFFICE, COLO])).await;
    let odd = world.token("desk", "odd", list(&[OFFICE])).await;
    world.exchange.set_token_allowlist(&odd, value!(null)).unwrap();
    let gone = world.token("desk", "gone \"\n", list(&[OFFICE])).await;
    world.client("desk").tokens().revoke(&gone).await.unwrap();
    let brief = NewToken::new("brief", "api_key", Duration::from_secs(600), list(&[OFFICE])).unwrap();
    world.client("research").tokens().create(brief).await.unwrap();
    world
        .subkey("research", "signer", "0x7", IpAllowlist::Unrestricted)
        .await;

    let policy = policy(&[
        ("name = 'fine'", "['office']"),
        ("name = 'open'", "['office']"),
        ("name = 'broad'", "['office']"),
    ]);
    let snapshot = world.fleet.read().await;
    let audit = snapshot.audit(Some(&policy), HOUR / 2).unwrap();
    let found: Vec<(&str, Vec<&str>)> = audit
        .findings()
        .map(|row| (row.name(), row.findings().iter().map(Finding::as_str).collect()))
        .collect();
    assert_eq!(
        found,
        [
            ("open", vec!["unrestricted", "broader"]),
            ("broad", vec!["broader"]),
            ("odd", vec!["unreadable"]),
            ("gone \"\n", vec!["revoked"]),
            ("brief", vec!["expiring"]),
            ("signer", vec!["unrestricted"]),
        ]
    );
    assert!(!audit.is_clean());
    let broad = &audit.rows()[2];
    assert!(matches!(&broad.findings()[0], Finding::Broader { by, .. } if by[0].to_string() == COLO));

    let shown = audit.to_string();
    for line in [
        "broader than the policy by 198.51.100.0/24",
        "not reported",
        "6 of 7 with findings",
        "subkey 0x7",
    ] {
        assert!(shown.contains(line), "{shown}\nlacks {line}");
    }
    assert!(!shown.contains("fine") && !shown.contains("gone \"\n"), "{shown}");

    let written = json(&audit);
    assert_eq!(written["rows"][0]["findings"], value!([]));
    assert_eq!(
        written["rows"][2]["findings"],
        value!([{"finding": "broader", "by": [COLO]}])
    );
    assert_eq!(written["rows"][1]["allowlist"], "unrestricted");
    assert_eq!(written["rows"][3]["allowlist"], value!(null));

    // Without a policy nothing is broader than it, and a later end is no finding.
    let audit = snapshot.audit(None, Duration::ZERO).unwrap();
    assert_eq!(audit.findings().count(), 4);
}

#[tokio::test]
async fn metrics_contain_seconds_to_expiry() {
    let world = World::new(&["desk", "research"]).await;
    let id = world.token("desk", "a \"\\\n", IpAllowlist::Unrestricted).await;
    let gone = world.token("desk", "gone", list(&[OFFICE])).await;
    world.client("desk").tokens().revoke(&gone).await.unwrap();
    world.subkey("desk", "signer", "0x7", list(&[OFFICE])).await;
    let audit = world.fleet.read().await.audit(None, HOUR).unwrap();
    let left = audit.rows()[0].seconds_to_expiry().unwrap();
    assert!((3_500..=3_600).contains(&left), "{left}");
    assert_eq!(audit.rows()[2].seconds_to_expiry(), None);

    let text = audit.to_prometheus();
    let line = format!(
        "paradex_token_time_to_expiry_seconds{{account=\"desk\",id=\"{id}\",name=\"a \\\"\\\\\\n\"}} {left}"
    );
    assert!(text.lines().any(|other| other == line), "{text}\nlacks {line}");
    for line in [
        "# TYPE paradex_token_time_to_expiry_seconds gauge",
        "paradex_audit_findings{account=\"desk\",finding=\"unrestricted\"} 1",
        "paradex_audit_findings{account=\"desk\",finding=\"revoked\"} 1",
        "paradex_audit_findings{account=\"research\",finding=\"revoked\"} 0",
        "paradex_account_readable{account=\"desk\"} 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{text}\nlacks {line}");
    }
    let expiries = text
        .lines()
        .filter(|line| line.starts_with("paradex_token_time_to_expiry_seconds{"));
    assert_eq!(expiries.count(), 1, "no subkey and nothing revoked: {text}");

    world.exchange.revoke_sessions();
    let audit = world.fleet.read().await.audit(None, HOUR).unwrap();
    assert!(
        audit
            .to_prometheus()
            .contains("paradex_account_readable{account=\"desk\"} 0\n")
    );
    assert_eq!(audit.failures().count(), 2);
    assert!(!audit.is_clean() && audit.to_string().contains("account `research` could not be read"));
}

#[tokio::test]
async fn list_that_covers_a_family_is_a_finding() {
    let world = World::new(&["desk"]).await;
    world
        .token("desk", "halves", list(&["0.0.0.0/1", "128.0.0.0/1"]))
        .await;
    world.token("desk", "half", list(&["0.0.0.0/1"])).await;
    let audit = world.fleet.read().await.audit(None, Duration::ZERO).unwrap();
    assert_eq!(
        json(&audit)["rows"][0]["findings"],
        value!([{"finding": "whole_family", "open_to": "any_ipv4"}])
    );
    assert!(!audit.is_clean() && audit.findings().count() == 1);
    assert!(audit.to_string().contains("OPEN TO ANY IPv4 ADDRESS"), "{audit}");
    let line = "paradex_audit_findings{account=\"desk\",finding=\"whole_family\"} 1\n";
    assert!(audit.to_prometheus().contains(line));
}
