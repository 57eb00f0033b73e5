//! A fleet of 3 accounts, 40 tokens and 20 subkeys, from the first policy to the end of a move.

use std::sync::Arc;

use paradex_api::operations::LIST_TOKENS;
use paradex_api_ext::fleet::{
    AllowlistPolicy, ApplyOutcome, ApplyRow, FleetLock, FleetPlan, LockFuture, PlanState, SkipReason,
};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::{Fault, Injection};
use serde_json::json;
use tokio::sync::Mutex;

use super::{COLO, OFFICE, World, list, toml};

const ACCOUNTS: [&str; 3] = ["desk", "research", "treasury"];
const NEW: &str = "192.0.2.0/24";

/// The policy of the fleet, with the range that its bots work from.
fn fleet_policy(colo: &str) -> AllowlistPolicy {
    let mut text = format!("[ranges]\noffice = ['{OFFICE}']\ncolo = ['{colo}']\n");
    for account in ACCOUNTS {
        text.push_str(&format!(
            "[[rules]]\naccount = '{account}'\nkind = 'token'\nallow = ['colo']\n\
             [[rules]]\naccount = '{account}'\nkind = 'subkey'\nallow = ['office', 'colo']\n"
        ));
    }
    toml(&text)
}

/// 40 tokens and 20 subkeys as the policy has them, dealt out to the accounts.
async fn fleet() -> (World, Vec<String>) {
    let world = World::new(&ACCOUNTS).await;
    let mut tokens = Vec::new();
    for index in 0..40 {
        let account = ACCOUNTS[index % 3];
        tokens.push(
            world
                .token(account, &format!("bot-{index:02}"), list(&[COLO]))
                .await,
        );
    }
    for index in 0..20 {
        let key = format!("0x{:x}", 0xa00 + index);
        let account = ACCOUNTS[index % 3];
        world
            .subkey(
                account,
                &format!("signer-{index:02}"),
                &key,
                list(&[OFFICE, COLO]),
            )
            .await;
    }
    (world, tokens)
}

/// Whether each token lets in who calls from here.
fn all_allow(world: &World, tokens: &[String], address: &str) -> bool {
    let address = address.parse().unwrap();
    tokens.iter().all(|id| {
        let entries = world.stored(id);
        !entries.is_empty() && IpAllowlist::parse_entries(entries).unwrap().allows(address)
    })
}

#[tokio::test]
async fn drift_is_found_and_fixed() {
    let (world, tokens) = fleet().await;
    let policy = fleet_policy(COLO);
    let plan = world.plan(&policy).await;
    assert_eq!((plan.rows().len(), plan.count(PlanState::InSync)), (60, 60));
    assert!(plan.is_in_sync());

    world.exchange.set_token_allowlist(&tokens[7], json!([])).unwrap();
    world
        .exchange
        .set_token_allowlist(&tokens[22], json!([OFFICE]))
        .unwrap();
    world
        .exchange
        .set_subkey_allowlist("0xa05", json!([COLO]))
        .unwrap();
    let plan = world.plan(&policy).await;
    let drifted: Vec<_> = plan
        .rows()
        .iter()
        .filter(|row| row.state() == PlanState::Drifted)
        .map(|row| (row.account(), row.name()))
        .collect();
    assert_eq!(
        drifted,
        [
            ("research", "bot-07"),
            ("research", "bot-22"),
            ("treasury", "signer-05")
        ]
    );
    let report = plan.apply(&world.fleet).await.unwrap();
    assert_eq!((report.is_complete(), world.changes()), (true, 3));
    assert!(world.plan(&policy).await.is_in_sync());
}

#[tokio::test]
async fn move_that_crashes_twice_excludes_no_address() {
    let (world, tokens) = fleet().await;
    let policy = fleet_policy(NEW);
    for (half, reachable) in [("widen", COLO), ("narrow", NEW)] {
        let inside = reachable.replace("0/24", "7");
        let plan = world.plan(&policy).await;
        let plan = match half {
            "widen" => plan.widening().unwrap(),
            _ => plan,
        };
        assert_eq!(plan.count(PlanState::Drifted), 60);
        // The plan is stored before anything is sent.
        let stored = serde_json::to_string(&plan).unwrap();
        let before = world.changes();

        // The process dies in the middle: the work is dropped after some rows.
        let (count, reached) = after(17);
        let mut work = plan.apply(&world.fleet).on_row(count).into_future();
        part(&mut work, reached).await;
        drop(work);
        let written = world.changes() - before;
        assert!((17..60).contains(&written), "{written}");
        assert!(
            all_allow(&world, &tokens, &inside),
            "no address is excluded in the middle"
        );

        // Another process takes the stored plan up.
        let resumed: FleetPlan = serde_json::from_str(&stored).unwrap();
        let report = resumed.apply(&world.fleet).await.unwrap();
        assert!(report.is_complete(), "{report}");
        assert_eq!(world.changes() - before, 60, "nothing is written twice");
        assert!(all_allow(&world, &tokens, &inside));
    }
    assert!(world.plan(&policy).await.is_in_sync());
    assert!(tokens.iter().all(|id| world.stored(id) == [NEW]));
}

/// Lets the work go on until this many rows are done. What it does then is its own; it is not dropped.
async fn part<F: Future + Unpin>(work: &mut F, reached: tokio::sync::oneshot::Receiver<()>)
where
    F::Output: std::fmt::Debug,
{
    tokio::select! {
        biased;
        _ = reached => {}
        report = work => panic!("it ended: {report:?}"),
    }
}

/// Something to call with each row, which tells when so many were done.
fn after(rows: usize) -> (impl FnMut(&ApplyRow) + Send, tokio::sync::oneshot::Receiver<()>) {
    let (reached, reaches) = tokio::sync::oneshot::channel();
    let (mut reached, mut done) = (Some(reached), 0);
    let count = move |_: &ApplyRow| {
        done += 1;
        if done == rows {
            reached.take().unwrap().send(()).unwrap();
        }
    };
    (count, reaches)
}

#[tokio::test]
async fn two_operators_with_one_goal_succeed_together() {
    let (world, tokens) = fleet().await;
    let plan = world.plan(&fleet_policy(NEW)).await;
    let (one, other) = tokio::join!(plan.apply(&world.fleet), plan.apply(&world.fleet));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(one.is_complete(), "{one}");
    assert!(other.is_complete(), "{other}");
    assert!(tokens.iter().all(|id| world.stored(id) == [NEW]));
}

#[tokio::test]
async fn two_operators_with_different_goals_do_not_overwrite_each_other() {
    let (world, _) = fleet().await;
    let ours = world.plan(&fleet_policy(NEW)).await;
    let theirs = world.plan(&fleet_policy("10.9.0.0/16")).await;
    let (count, reached) = after(20);
    let mut work = ours.apply(&world.fleet).on_row(count).into_future();
    part(&mut work, reached).await;
    let other = theirs.apply(&world.fleet).await.unwrap();
    let one = work.await.unwrap();

    let applied = |row: &ApplyRow| row.outcome() == ApplyOutcome::Applied;
    let changed = |row: &ApplyRow| row.outcome() == ApplyOutcome::Skipped(SkipReason::Changed);
    let mut both = 0;
    for (one, other) in one.rows().iter().zip(other.rows()) {
        assert!(
            (applied(one) || changed(one)) && (applied(other) || changed(other)),
            "{one} {other}"
        );
        assert!(applied(one) || applied(other), "{one} {other}");
        both += usize::from(applied(one) && applied(other));
    }
    // The one row that was between its read and its write when the other came: that window is not closed.
    assert!(both <= 1, "{both}");
    assert!(one.rows()[..20].iter().all(applied) && other.rows()[..20].iter().all(changed));
}

#[tokio::test]
async fn operators_with_a_lock_are_serialised() {
    let (world, tokens) = fleet().await;
    let ours = world.plan(&fleet_policy(NEW)).await;
    let theirs = world.plan(&fleet_policy("10.9.0.0/16")).await;
    let turn = Turn(Arc::default());
    let (one, other) = tokio::join!(
        ours.apply(&world.fleet).lock(&turn),
        theirs.apply(&world.fleet).lock(&turn)
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(one.is_complete(), "{one}");
    let changed = ApplyOutcome::Skipped(SkipReason::Changed);
    assert_eq!(other.count(|outcome| outcome == changed), 60, "{other}");
    assert_eq!(world.changes(), 60);
    assert!(tokens.iter().all(|id| world.stored(id) == [NEW]));
}

/// A lock in the process, as two operators would have one in a database.
struct Turn(Arc<Mutex<()>>);

impl FleetLock for Turn {
    fn lock(&self) -> LockFuture<'_> {
        Box::pin(async { Ok(Box::new(Arc::clone(&self.0).lock_owned().await) as Box<_>) })
    }
}

#[tokio::test]
async fn tables_stay_readable_with_hostile_texts() {
    const LONG: usize = 70_000;
    let world = World::new(&["desk"]).await;
    let id = world.token("desk", "quoter", list(&[COLO])).await;
    let entries: Vec<String> = (0..6_000_u32)
        .map(|index| format!("10.{}.{}.0/24", index / 256, index % 256))
        .collect();
    world.exchange.set_token_allowlist(&id, json!(entries)).unwrap();
    let stretch = |response: &mut serde_json::Value| {
        for token in response["results"].as_array_mut().unwrap() {
            for field in ["name", "kind", "token_type"] {
                token[field] = json!("\u{1b}[2J\u{202e}ä".repeat(LONG / 4));
            }
        }
    };
    let fault = Injection::new(Fault::edit_response(stretch))
        .on(&LIST_TOKENS)
        .times(9);
    world.exchange.inject(fault);
    let snapshot = world.fleet.read().await;
    let name = snapshot.members().next().unwrap().name().to_owned();
    assert!(name.chars().count() >= LONG, "the fault was not in the response");
    let policy = AllowlistPolicy::from_toml(&format!(
        "[ranges]\noffice = ['{OFFICE}']\n[[rules]]\naccount = 'desk'\nname = {}\nallow = ['office']\n",
        json!(name)
    ))
    .unwrap();
    let plan = policy.plan(&snapshot).unwrap();
    let report = plan.apply(&world.fleet).await.unwrap();
    let audit = snapshot.audit(Some(&policy), std::time::Duration::ZERO).unwrap();
    for table in [
        snapshot.to_string(),
        plan.to_string(),
        report.to_string(),
        audit.to_string(),
    ] {
        for row in table.lines().take(2) {
            assert!(row.chars().count() < 6_000, "{} characters", row.chars().count());
            assert!(!row.contains(char::is_control));
        }
    }
}
