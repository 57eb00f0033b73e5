//! Plans compare policies with the current lists.

use std::time::Duration;

use paradex_api::operations::LIST_TOKENS;
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::allowlist::Target;
use paradex_api_ext::fleet::{AllowlistPolicy, FleetPlan, PlanState};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::{Fault, Injection};
use paradex_api_ext::tokens::NewToken;
use serde_json::json as value;

use super::{COLO, OFFICE, World, json, list, policy, states, toml};

#[tokio::test]
async fn each_row_has_one_of_five_states() {
    let world = World::new(&["desk"]).await;
    let client = world.client("desk");
    for (name, allow) in [("right", OFFICE), ("wrong", COLO), ("other", COLO), ("odd", COLO)] {
        world.token("desk", name, list(&[allow])).await;
    }
    let gone = world.token("desk", "gone", list(&[OFFICE])).await;
    client.tokens().revoke(&gone).await.unwrap();
    world.subkey("desk", "signer", "0x07A", list(&[COLO])).await;
    let odd = client.tokens().list().send().await.unwrap()[3]
        .lookup_id()
        .to_owned();
    world
        .exchange
        .set_token_allowlist(&odd, value!(["here"]))
        .unwrap();

    let policy = policy(&[
        ("name = 'right'", "['office']"),
        ("name = 'wrong'", "['office']"),
        ("name = 'odd'", "['office']"),
        ("name = 'gone'", "['office']"),
        ("id = '0x7a'", "['office', 'colo']"),
    ]);
    let plan = world.plan(&policy).await;
    use PlanState::{Drifted, InSync, Missing, Unmanaged, Unreadable};
    assert_eq!(
        states(&plan),
        [
            ("right", InSync),
            ("wrong", Drifted),
            ("other", Unmanaged),
            ("odd", Unreadable),
            ("signer", Drifted),
            ("gone", Missing),
        ]
    );
    assert!(!plan.is_in_sync());
    assert_eq!(plan.rows()[4].target(), Some(&Target::Subkey("0x07A".to_owned())));
    assert_eq!(world.changes(), 0, "a plan changes nothing");

    let shown = plan.to_string();
    for line in [
        "ACCOUNT  TARGET                  NAME    STATE       RULE",
        "203.0.113.0/24",
        "desk, token",
        "  - 198.51.100.0/24\n  + 203.0.113.0/24\n",
        "1 in_sync, 2 drifted, 1 unmanaged, 1 missing, 1 unreadable",
        "revoked",
        "unreadable: entry [0] is not a network",
    ] {
        assert!(shown.contains(line), "{shown}\nlacks {line}");
    }
}

#[tokio::test]
async fn kind_selects_all_live_ones_and_name_prefers_live_to_dead() {
    let world = World::new(&["desk"]).await;
    let old = world.token("desk", "quoter", list(&[OFFICE])).await;
    world.client("desk").tokens().revoke(&old).await.unwrap();
    let new = world.token("desk", "quoter", list(&[OFFICE])).await;
    world.subkey("desk", "signer", "0x7", list(&[COLO])).await;

    let by_name = policy(&[("name = 'quoter'", "['office']")]);
    let plan = world.plan(&by_name).await;
    assert_eq!(plan.rows()[0].target(), Some(&Target::Token(new)));
    assert!(plan.is_in_sync());

    for kind in ["token", "api_key"] {
        let rule = format!("kind = '{kind}'");
        let plan = world
            .plan(&policy(&[(&rule, "['colo']"), ("kind = 'subkey'", "['colo']")]))
            .await;
        assert_eq!(
            states(&plan),
            [("quoter", PlanState::Drifted), ("signer", PlanState::InSync)]
        );
    }
}

#[tokio::test]
async fn name_follows_a_rotation() {
    let world = World::new(&["desk"]).await;
    let old = world.token("desk", "quoter", list(&[COLO])).await;
    let new = world.token("desk", "quoter-r0123456789ab", list(&[COLO])).await;
    world.token("desk", "quoter-rest", list(&[COLO])).await;
    let by_name = policy(&[("name = 'quoter'", "['office']")]);
    let plan = world.plan(&by_name).await;
    let ids: Vec<_> = plan.rows().iter().filter(|row| row.rule().is_some()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0].target(), Some(&Target::Token(old.clone())));
    assert_eq!(ids[1].target(), Some(&Target::Token(new.clone())));
    assert!(plan.apply(&world.fleet).await.unwrap().is_complete());

    world.client("desk").tokens().revoke(&old).await.unwrap();
    let plan = world.plan(&by_name).await;
    assert!(plan.is_in_sync(), "{plan}");
    // A token's successor and a subkey of the same name are ambiguous.
    world.subkey("desk", "quoter", "0x7", list(&[COLO])).await;
    refused(by_name.plan(&world.fleet.read().await), "select by `id`");
}

#[tokio::test]
async fn token_expired_by_the_exchanges_clock_is_missing() {
    let world = World::new(&["desk"]).await;
    let minute = Duration::from_secs(60);
    let brief = NewToken::new("brief", "api_key", minute, list(&[OFFICE])).unwrap();
    world.client("desk").tokens().create(brief).await.unwrap();
    let policy = policy(&[("kind = 'token'", "['office']")]);
    assert!(world.plan(&policy).await.is_in_sync());

    // This machine does not notice until it asks for the time.
    world.exchange.advance(2 * minute);
    world.client("desk").group().measure_clock().await.unwrap();
    let plan = world.plan(&policy).await;
    assert_eq!(states(&plan), [("brief", PlanState::Missing)]);
    assert_eq!(plan.rows()[0].note(), Some("expired"));
    assert!(!plan.is_in_sync());
}

#[track_caller]
fn refused(outcome: Result<FleetPlan, paradex_api_ext::fleet::PolicyError>, said: &str) {
    let shown = outcome.unwrap_err().to_string();
    assert!(shown.contains(said), "{shown}\nlacks {said}");
}

#[tokio::test]
async fn unmatched_and_ambiguous_rules_are_errors() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "quoter", list(&[OFFICE])).await;
    let id = world.token("desk", "twin", list(&[OFFICE])).await;
    world.subkey("desk", "twin", "0x7", list(&[OFFICE])).await;
    let snapshot = world.fleet.read().await;
    let plan = |rules: &[(&str, &str)]| policy(rules).plan(&snapshot);
    refused(
        plan(&[("name = 'Quoter'", "['office']")]),
        "line 6: rules[0].name: `Quoter` is refused: `desk` has no such token or subkey; check the list",
    );
    refused(
        plan(&[("kind = 'jwt'", "['office']")]),
        "rules[0].kind: `jwt` is refused: `desk` has no such token",
    );
    // An id without `0x` is not compared with keys.
    refused(
        plan(&[("id = '7'", "['office']")]),
        "`desk` has no such token or subkey",
    );
    refused(
        plan(&[("name = 'twin'", "['office']")]),
        &format!("rules[0].name: `twin` is refused: it matches token {id} and subkey 0x7; select by `id`"),
    );
    refused(
        plan(&[("name = 'quoter'", "['office']"), ("kind = 'token'", "['colo']")]),
        "line 10: rules[1].kind: `token` is refused: rules[0] (name `quoter`) also applies to token",
    );
    // Two names of one account lead to two rules for one token.
    let client = world.client("desk").clone();
    let twice = world.fleet.clone().with("desk-again", client).unwrap();
    let both = "[[rules]]\naccount = 'desk'\nname = 'quoter'\nallow = 'unrestricted'\n\
                [[rules]]\naccount = 'desk-again'\nname = 'quoter'\nallow = 'unrestricted'\n";
    refused(
        toml(both).plan(&twice.read().await),
        "rules[0] (name `quoter`) also applies to token",
    );
    let elsewhere = "rules = [{account = 'dekc', kind = 'token', allow = 'unrestricted'}]";
    refused(
        toml(elsewhere).plan(&snapshot),
        "rules[0].account: `dekc` is refused: there is no account with this name; the accounts are `desk`",
    );
}

#[tokio::test]
async fn unreadable_account_hides_no_other() {
    let world = World::new(&["desk", "research"]).await;
    world.token("research", "quant", list(&[OFFICE])).await;
    // The reads of both accounts are under way at once, so the fault is the account's own.
    let dead = paradex_api::Secret::new("simulated-session-of-nobody");
    let environment = world.client("desk").environment().clone();
    let credentials = paradex_api_ext::Credentials::bearer(environment, dead).unwrap();
    world.client("desk").replace_credentials(credentials).unwrap();

    let snapshot = world.fleet.read().await;
    let failures: Vec<_> = snapshot.failures().collect();
    assert_eq!((failures.len(), failures[0].0), (1, "desk"));
    assert!(failures[0].1.contains("401"), "{failures:?}");
    let plan = policy(&[("name = 'quoter'", "['office']")])
        .plan(&snapshot)
        .unwrap();
    assert_eq!(
        states(&plan),
        [("", PlanState::Unreadable), ("quant", PlanState::Unmanaged)]
    );
    assert!(!plan.is_in_sync());
    let shown = plan.to_string();
    assert!(shown.contains("the account could not be read: "), "{shown}");
    let report = plan.apply(&world.fleet).await.unwrap();
    assert!(!report.is_complete());
    assert!(
        snapshot
            .to_string()
            .contains("account `desk` could not be read: "),
        "{snapshot}"
    );

    // Half of an account is no account.
    let world = World::new(&["desk"]).await;
    let away = Fault::html(StatusCode::BAD_GATEWAY);
    world.exchange.inject(Injection::new(away).on(&LIST_TOKENS));
    assert_eq!(world.fleet.read().await.failures().count(), 1);
}

#[tokio::test]
async fn plan_is_read_completely_or_refused() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "quoter", list(&[COLO])).await;
    world.token("desk", "other", IpAllowlist::Unrestricted).await;
    let plan = world.plan(&policy(&[("name = 'quoter'", "['office']")])).await;
    let written = json(&plan);
    assert_eq!(written["version"], 1);
    assert_eq!(written["rows"][0]["observed"]["allowlist"], value!([COLO]));
    assert_eq!(written["rows"][0]["desired"], value!([OFFICE]));
    assert_eq!(
        written["rows"][1]["observed"]["allowlist"],
        value!("unrestricted")
    );
    assert_eq!(
        serde_json::from_value::<FleetPlan>(written.clone()).unwrap(),
        plan
    );

    for (pointer, odd, said) in [
        ("/version", value!(2), "a plan of version 2 cannot be read"),
        ("/rows/0/state", value!("fine"), "unknown variant"),
        ("/rows/0/desired", value!([]), "unrestricted"),
        ("/rows/0/target", value!({"user": "x"}), "unknown variant"),
    ] {
        let mut edited = written.clone();
        *edited.pointer_mut(pointer).unwrap() = odd;
        let error = serde_json::from_value::<FleetPlan>(edited)
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
    let mut more = written.clone();
    more["rows"][0]["force"] = value!(true);
    let error = serde_json::from_value::<FleetPlan>(more).unwrap_err();
    assert!(error.to_string().contains("unknown field `force`"), "{error}");
}

/// A stored plan with one row of each state, and the row of each by its index.
async fn stored_plan() -> (World, serde_json::Value) {
    let world = World::new(&["desk"]).await;
    world.token("desk", "right", list(&[OFFICE])).await;
    world.token("desk", "wrong", list(&[COLO])).await;
    world.token("desk", "other", list(&[COLO])).await;
    let odd = world.token("desk", "odd", list(&[COLO])).await;
    world
        .exchange
        .set_token_allowlist(&odd, value!(["here"]))
        .unwrap();
    let gone = world.token("desk", "gone", list(&[COLO])).await;
    world.client("desk").tokens().revoke(&gone).await.unwrap();
    let plan = world
        .plan(&policy(&[
            ("name = 'right'", "['office']"),
            ("name = 'wrong'", "['office']"),
            ("name = 'odd'", "['office']"),
            ("name = 'gone'", "['office']"),
        ]))
        .await;
    use PlanState::{Drifted, InSync, Missing, Unmanaged, Unreadable};
    let states: Vec<_> = plan.rows().iter().map(|row| row.state()).collect();
    assert_eq!(states, [InSync, Drifted, Unmanaged, Unreadable, Missing]);
    (world, json(&plan))
}

#[tokio::test]
async fn stored_row_that_contradicts_itself_is_refused() {
    let (_world, written) = stored_plan().await;
    assert!(serde_json::from_value::<FleetPlan>(written.clone()).is_ok());
    let twin = written["rows"][1]["target"].clone();
    for (pointer, edited, said) in [
        ("/rows/0/state", value!("drifted"), "rows[0].state"),
        ("/rows/0/state", value!("unmanaged"), "rows[0].desired"),
        ("/rows/0/desired", value!("unrestricted"), "rows[0].state"),
        ("/rows/0/desired", value!(["0.0.0.0/0"]), "rows[0].state"),
        ("/rows/0/desired", value!(null), "rows[0].desired"),
        ("/rows/0/observed", value!(null), "rows[0].observed"),
        ("/rows/0/target", value!(null), "rows[0].target"),
        ("/rows/0/target", value!({"token": " "}), "rows[0].target"),
        ("/rows/0/target", twin, "rows[1].target"),
        ("/rows/1/state", value!("in_sync"), "rows[1].state"),
        ("/rows/1/observed/allowlist", value!([OFFICE]), "rows[1].state"),
        ("/rows/1/rule", value!(null), "rows[1].rule"),
        ("/rows/2/state", value!("in_sync"), "rows[2].desired"),
        ("/rows/2/target", value!(null), "rows[2].target"),
    ] {
        let mut plan = written.clone();
        *plan.pointer_mut(pointer).unwrap() = edited;
        let Err(error) = serde_json::from_value::<FleetPlan>(plan) else {
            panic!("{pointer} was believed");
        };
        let error = error.to_string();
        for part in [said, "account `desk`", "plan again"] {
            assert!(error.contains(part), "{pointer}: {error}\nlacks {part}");
        }
    }
    // Fields that such a row never has.
    for (row, field, claim, said) in [
        (0, "note", value!("nothing to see"), "rows[0].note"),
        (1, "note", value!("203.0.113.0/24"), "rows[1].note"),
        (1, "open_to", value!("any_ipv6"), "rows[1].open_to"),
        (2, "desired", value!("unrestricted"), "rows[2].desired"),
        (2, "rule", value!("name `other`"), "rows[2].rule"),
        (2, "note", value!("nothing to see"), "rows[2].note"),
    ] {
        let mut plan = written.clone();
        plan["rows"][row][field] = claim;
        let Err(error) = serde_json::from_value::<FleetPlan>(plan) else {
            panic!("{field} of row {row} was believed");
        };
        assert!(error.to_string().contains(said), "{error}");
    }
    // More entries than the exchange takes are refused before anything is sent.
    let mut plan = written.clone();
    let entries: Vec<String> = (0..51).map(|host| format!("192.0.2.{host}/32")).collect();
    plan["rows"][1]["desired"] = value!(entries);
    let error = serde_json::from_value::<FleetPlan>(plan).unwrap_err().to_string();
    assert!(
        error.contains("rows[1].desired") && error.contains("51 entries"),
        "{error}"
    );
}

#[tokio::test]
async fn stored_row_that_hides_an_opening_is_refused() {
    let (_world, mut written) = stored_plan().await;
    written["rows"][1]["desired"] = value!("unrestricted");
    let error = serde_json::from_value::<FleetPlan>(written.clone())
        .unwrap_err()
        .to_string();
    assert!(error.contains("rows[1].open_to"), "{error}");
    written["rows"][1]["open_to"] = value!("any_address");
    let plan: FleetPlan = serde_json::from_value(written).unwrap();
    let shown = plan.to_string();
    assert_eq!(shown.matches("OPEN TO ANY ADDRESS").count(), 2, "{shown}");
}

#[tokio::test]
async fn missing_and_unreadable_rows_are_never_applied() {
    let (world, written) = stored_plan().await;
    let live = world.token("desk", "live", list(&[COLO])).await;
    for row in [3, 4] {
        let mut plan = written.clone();
        let edited = &mut plan["rows"][row];
        edited["target"] = value!({"token": live});
        edited["name"] = value!("live");
        edited["observed"] = value!({"allowlist": [COLO], "changed_at": null});
        edited["desired"] = value!("unrestricted");
        // Two live rows are left out, so that all that could be written is the edited one.
        let rows = plan["rows"].as_array_mut().unwrap();
        rows.drain(..3);
        let plan: FleetPlan = serde_json::from_value(plan).unwrap();
        let report = plan.apply(&world.fleet).await.unwrap();
        assert!(
            report
                .rows()
                .iter()
                .all(|row| row.outcome().as_str() == "skipped"),
            "{report}"
        );
    }
    assert_eq!((world.changes(), world.stored(&live)), (0, vec![COLO.to_owned()]));
}

#[tokio::test]
async fn rows_that_will_be_open_are_marked_in_text_and_json() {
    let world = World::new(&["desk"]).await;
    for (name, before) in [
        ("opened", list(&[COLO])),
        ("open", IpAllowlist::Unrestricted),
        ("closed", IpAllowlist::Unrestricted),
        ("halves", list(&[COLO])),
        ("other", list(&["::/0"])),
    ] {
        world.token("desk", name, before).await;
    }
    let rules = [
        ("opened", "'unrestricted'"),
        ("open", "'unrestricted'"),
        ("closed", "['office']"),
        ("halves", "['halves']"),
    ]
    .map(|(name, allow)| format!("[[rules]]\naccount = 'desk'\nname = '{name}'\nallow = {allow}\n"));
    let text = format!(
        "[ranges]\noffice = ['{OFFICE}']\nhalves = ['0.0.0.0/1', '128.0.0.0/1']\n{}",
        rules.concat()
    );
    let plan = world.plan(&toml(&text)).await;
    let open_to = |plan: &FleetPlan| -> Vec<serde_json::Value> {
        let rows = json(plan)["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["open_to"].clone()).collect()
    };
    let (any, any_v4, any_v6, none) = (
        value!("any_address"),
        value!("any_ipv4"),
        value!("any_ipv6"),
        value!(null),
    );
    assert_eq!(
        open_to(&plan),
        [any.clone(), any.clone(), none, any_v4.clone(), any_v6.clone()]
    );
    let shown = plan.to_string();
    let cells: Vec<&str> = shown.lines().take(6).collect();
    for (row, said) in [
        (1, format!("OPEN TO ANY ADDRESS: {COLO} -> unrestricted")),
        (2, "OPEN TO ANY ADDRESS: unrestricted".to_owned()),
        (
            4,
            format!("OPEN TO ANY IPv4 ADDRESS: {COLO} -> 0.0.0.0/1, 128.0.0.0/1"),
        ),
        (5, "OPEN TO ANY IPv6 ADDRESS: ::/0".to_owned()),
    ] {
        assert!(cells[row].ends_with(&said), "{shown}\nlacks {said}");
    }
    assert!(!cells[3].contains("OPEN"), "{shown}");
    // A widening leaves open what was open.
    assert_eq!(
        open_to(&plan.widening().unwrap()),
        [any.clone(), any.clone(), any, any_v4, any_v6]
    );
}

#[tokio::test]
async fn move_widens_first_and_then_narrows() {
    let world = World::new(&["desk"]).await;
    let quoter = world.token("desk", "quoter", list(&[COLO])).await;
    let open = world.token("desk", "open", IpAllowlist::Unrestricted).await;
    let policy = policy(&[("name = 'quoter'", "['office']"), ("name = 'open'", "['office']")]);

    let widening = world.plan(&policy).await.widening().unwrap();
    assert_eq!(
        states(&widening),
        [("quoter", PlanState::Drifted), ("open", PlanState::InSync)]
    );
    assert!(widening.apply(&world.fleet).await.unwrap().is_complete());
    assert_eq!(world.stored(&quoter), [COLO, OFFICE]);
    assert!(world.stored(&open).is_empty());

    // Verified: planned again, the widening is in sync, and the policy is not.
    let plan = world.plan(&policy).await;
    assert!(plan.widening().unwrap().is_in_sync());
    assert_eq!(plan.count(PlanState::Drifted), 2);
    for row in plan.rows() {
        let diff = row.observed().unwrap().allowlist().diff(row.desired().unwrap());
        assert!(!diff.widens(), "{diff}");
    }
    assert!(plan.apply(&world.fleet).await.unwrap().is_complete());
    assert_eq!(world.stored(&quoter), [OFFICE]);
    assert_eq!(world.stored(&open), [OFFICE]);
    assert!(world.plan(&policy).await.is_in_sync());
}

#[tokio::test]
async fn widening_beyond_the_limit_is_refused() {
    let world = World::new(&["desk"]).await;
    let entries = |third: u8| (0..30).map(move |last| format!("10.0.{third}.{last}/32"));
    let before = IpAllowlist::parse_entries(entries(0)).unwrap();
    let id = world.token("desk", "quoter", before).await;
    let range: Vec<String> = entries(1).map(|entry| format!("'{entry}'")).collect();
    let text = format!(
        "[ranges]\nnew = [{}]\n[[rules]]\naccount = 'desk'\nname = 'quoter'\nallow = ['new']",
        range.join(",")
    );
    let plan = world.plan(&AllowlistPolicy::from_toml(&text).unwrap()).await;
    let error = plan.widening().unwrap_err().to_string();
    assert!(
        error.contains(&format!("token {id}")) && error.contains("60 entries"),
        "{error}"
    );
}
