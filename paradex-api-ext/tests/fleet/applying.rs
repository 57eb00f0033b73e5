//! What becomes of a plan.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use paradex_api::operations::{LIST_TOKENS, UPDATE_SUBKEY_ALLOWED_CIDRS, UPDATE_TOKEN_ALLOWED_CIDRS};
use paradex_api::reqwest::StatusCode;
use paradex_api_ext::fleet::{ApplyError, ApplyOutcome, Fleet, FleetLock, FleetPlan, LockFuture, SkipReason};
use paradex_api_ext::simulator::{Fault, Injection};
use serde_json::json as value;

use super::{COLO, OFFICE, World, json, list, policy};

fn outcomes(report: &paradex_api_ext::fleet::ApplyReport) -> Vec<ApplyOutcome> {
    report.rows().iter().map(|row| row.outcome()).collect()
}

const ALREADY: ApplyOutcome = ApplyOutcome::Skipped(SkipReason::InSync);
const CHANGED: ApplyOutcome = ApplyOutcome::Skipped(SkipReason::Changed);

#[tokio::test]
async fn only_drifted_lists_are_written_and_only_once() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "right", list(&[OFFICE])).await;
    let wrong = world.token("desk", "wrong", list(&[COLO])).await;
    let other = world.token("desk", "other", list(&[COLO])).await;
    world.subkey("desk", "signer", "0x7", list(&[COLO])).await;
    let policy = policy(&[
        ("name = 'right'", "['office']"),
        ("name = 'wrong'", "['office']"),
        ("name = 'signer'", "['office']"),
    ]);
    let plan = world.plan(&policy).await;
    let report = plan.apply(&world.fleet).await.unwrap();
    assert_eq!(
        outcomes(&report),
        [ALREADY, ApplyOutcome::Applied, ApplyOutcome::Applied]
    );
    assert!(report.is_complete());
    assert_eq!(world.changes(), 2);
    assert_eq!(world.stored(&wrong), [OFFICE]);
    assert_eq!(world.stored(&other), [COLO], "what no rule names is not touched");
    assert_eq!(
        world.exchange.subkey("0x7").unwrap().allowed_cidrs.unwrap(),
        [OFFICE]
    );
    assert!(world.plan(&policy).await.is_in_sync());

    let again = plan.apply(&world.fleet).await.unwrap();
    assert_eq!(outcomes(&again), [ALREADY; 3]);
    assert!(again.is_complete());
    assert_eq!(world.changes(), 2);

    let shown = report.to_string();
    assert!(shown.contains("skipped, in sync"), "{shown}");
    assert!(
        shown.ends_with("\n2 applied, 1 skipped, 0 failed, 0 unknown\n"),
        "{shown}"
    );
    let written = json(&report);
    assert_eq!(written["rows"][0]["outcome"], "skipped");
    assert_eq!(written["rows"][0]["reason"], "in_sync");
    assert_eq!(written["rows"][1]["reason"], value!(null));
    assert_eq!(written["rows"][2]["target"], value!({"subkey": "0x7"}));
}

#[tokio::test]
async fn concurrent_change_is_left_alone_until_the_last_read() {
    let world = World::new(&["desk"]).await;
    let early = world.token("desk", "early", list(&[COLO])).await;
    let late = world.token("desk", "late", list(&[COLO])).await;
    let sync = world.token("desk", "sync", list(&[OFFICE])).await;
    let gone = world.token("desk", "gone", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("kind = 'token'", "['office']")])).await;

    let theirs = value!(["192.0.2.0/24"]);
    world
        .exchange
        .set_token_allowlist(&early, theirs.clone())
        .unwrap();
    world.exchange.set_token_allowlist(&sync, theirs.clone()).unwrap();
    world.client("desk").tokens().revoke(&gone).await.unwrap();
    // The first look is for all; this is before the second look at `late` alone.
    let id = late.clone();
    let meanwhile = Fault::run_before(move |exchange| {
        exchange.set_token_allowlist(&id, theirs.clone()).unwrap();
    });
    world
        .exchange
        .inject(Injection::new(meanwhile).on(&LIST_TOKENS).skip(1));

    let report = plan.apply(&world.fleet).await.unwrap();
    assert_eq!(
        outcomes(&report),
        [
            CHANGED,
            CHANGED,
            CHANGED,
            ApplyOutcome::Skipped(SkipReason::Missing)
        ]
    );
    assert!(!report.is_complete());
    assert_eq!(world.changes(), 0);
    assert_eq!(world.stored(&late), ["192.0.2.0/24"]);
}

#[tokio::test]
async fn failed_and_unknown_rows_do_not_stop_others() {
    let world = World::new(&["desk"]).await;
    for name in ["a", "b", "c"] {
        world.token("desk", name, list(&[COLO])).await;
    }
    world.subkey("desk", "d", "0x7", list(&[COLO])).await;
    let plan = world
        .plan(&policy(&[
            ("kind = 'token'", "['office']"),
            ("kind = 'subkey'", "['office']"),
        ]))
        .await;
    let on = |fault, times| Injection::new(fault).on(&UPDATE_TOKEN_ALLOWED_CIDRS).times(times);
    // Refused, lost, and fine.
    let refusal = value!({"error": "VALIDATION_ERROR", "message": "no"}).to_string();
    world.exchange.inject(on(
        Fault::raw(StatusCode::BAD_REQUEST, Default::default(), refusal),
        1,
    ));
    world.exchange.inject(on(Fault::reset_before(), 1).skip(1));
    let lost = Injection::new(Fault::reset_after()).on(&UPDATE_SUBKEY_ALLOWED_CIDRS);
    world.exchange.inject(lost);
    let mut seen = Vec::new();
    let report = plan
        .apply(&world.fleet)
        .on_row(|row| seen.push(row.to_string()))
        .await
        .unwrap();
    assert_eq!(
        outcomes(&report),
        [
            ApplyOutcome::Failed,
            ApplyOutcome::Unknown,
            ApplyOutcome::Applied,
            // The response was lost, and the list shows that the change was made.
            ApplyOutcome::Applied
        ]
    );
    assert!(!report.is_complete());
    assert_eq!(seen.len(), 4);
    assert!(
        seen[1].starts_with("desk token ") && seen[1].ends_with(" `b`: unknown"),
        "{seen:?}"
    );
    assert!(
        report.rows()[1].detail().unwrap().contains("read the list again"),
        "{report}"
    );
    // Applied again, it does what is left.
    let again = plan.apply(&world.fleet).await.unwrap();
    assert_eq!(
        outcomes(&again),
        [ApplyOutcome::Applied, ApplyOutcome::Applied, ALREADY, ALREADY]
    );
}

#[tokio::test]
async fn list_that_was_stored_differently_has_an_unknown_outcome() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "a", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'a'", "['office']")])).await;
    let other = Fault::edit_response(|response| response["allowed_cidrs"] = value!([]));
    world
        .exchange
        .inject(Injection::new(other).on(&UPDATE_TOKEN_ALLOWED_CIDRS));
    let report = plan.apply(&world.fleet).await.unwrap();
    assert_eq!(outcomes(&report), [ApplyOutcome::Unknown]);
    assert!(report.to_string().contains("unrestricted is stored"), "{report}");
}

#[tokio::test]
async fn kept_address_is_not_excluded() {
    let world = World::new(&["desk"]).await;
    let id = world.token("desk", "a", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'a'", "['office']")])).await;
    let report = plan
        .apply(&world.fleet)
        .keep(["198.51.100.7".parse().unwrap()])
        .await
        .unwrap();
    assert_eq!(outcomes(&report), [ApplyOutcome::Failed]);
    assert!(
        report.rows()[0].detail().unwrap().contains("198.51.100.7"),
        "{report}"
    );
    assert_eq!((world.changes(), world.stored(&id)), (0, vec![COLO.to_owned()]));
}

#[tokio::test]
async fn plan_for_other_accounts_or_another_environment_is_refused() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "a", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'a'", "['office']")])).await;
    let error = plan.apply(&Fleet::new()).await.unwrap_err();
    assert!(matches!(error, ApplyError::UnknownAccount(_)), "{error:?}");

    let other = World::new(&["desk"]).await;
    let error = plan.apply(&other.fleet).await.unwrap_err();
    assert!(
        matches!(error, ApplyError::EnvironmentMismatch { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("plan again there"), "{error}");

    assert_eq!(world.changes() + other.changes(), 0);
}

#[tokio::test]
async fn row_that_names_another_token_than_the_exchange_is_left_alone() {
    let world = World::new(&["desk"]).await;
    let treasury = world.token("desk", "treasury", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'treasury'", "['office']")])).await;
    let mut edited = json(&plan);
    edited["rows"][0]["name"] = value!("reporter");
    let edited: FleetPlan = serde_json::from_value(edited).unwrap();
    let report = edited.apply(&world.fleet).await.unwrap();
    assert_eq!(outcomes(&report), [CHANGED]);
    let detail = report.rows()[0].detail().unwrap();
    assert!(
        detail.contains("`treasury`") && detail.contains("`reporter`"),
        "{detail}"
    );
    assert_eq!(
        (world.changes(), world.stored(&treasury)),
        (0, vec![COLO.to_owned()])
    );
}

/// A lock that is free or not, and notes whether it is held.
struct Lock {
    free: bool,
    held: Arc<AtomicBool>,
}

struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl FleetLock for Lock {
    fn lock(&self) -> LockFuture<'_> {
        Box::pin(async {
            if !self.free {
                return Err("the lock is held elsewhere".into());
            }
            self.held.store(true, Ordering::SeqCst);
            Ok(Box::new(Held(Arc::clone(&self.held))) as Box<_>)
        })
    }
}

#[tokio::test]
async fn lock_is_held_from_the_first_read_to_the_last_change() {
    let world = World::new(&["desk"]).await;
    world.token("desk", "a", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'a'", "['office']")])).await;
    let held = Arc::new(AtomicBool::new(false));
    let taken = Lock {
        free: false,
        held: Arc::clone(&held),
    };
    let error = plan.apply(&world.fleet).lock(&taken).await.unwrap_err();
    assert!(matches!(error, ApplyError::Lock(_)), "{error:?}");
    assert_eq!(world.changes(), 0);

    let lock = Lock { free: true, ..taken };
    let seen = Arc::clone(&held);
    let meanwhile = Fault::run_before(move |_| assert!(seen.load(Ordering::SeqCst)));
    world.exchange.inject(Injection::new(meanwhile).times(9));
    let report = plan
        .apply(&world.fleet)
        .lock(&lock)
        .on_row(|_| assert!(held.load(Ordering::SeqCst)))
        .await
        .unwrap();
    assert!(report.is_complete(), "{report}");
    assert!(!held.load(Ordering::SeqCst));
}

#[tokio::test]
async fn fleet_shows_no_credential() {
    let world = World::new(&["desk"]).await;
    let session = world.exchange.main_session();
    let environment = world.client("desk").environment().clone();
    let credentials = paradex_api_ext::Credentials::bearer(environment, session.clone()).unwrap();
    world.client("desk").replace_credentials(credentials).unwrap();
    world.token("desk", "a", list(&[COLO])).await;
    let plan = world.plan(&policy(&[("name = 'a'", "['office']")])).await;
    let snapshot = world.fleet.read().await;
    let shown = format!("{:?} {:?} {snapshot:?}", world.fleet, plan.apply(&world.fleet));
    assert!(
        shown.contains("ApplyPlan") && !shown.contains(session.expose()),
        "{shown}"
    );
}
