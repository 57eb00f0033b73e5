//! A probe that ends early leaves nothing behind, wherever it ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::operations;
use paradex_api_ext::assumptions::Assumptions;
use paradex_api_ext::probe::{Probe, ProbeError, ProbeOutcome};
use paradex_api_ext::simulator::Simulator;
use tokio::task::AbortHandle;

use super::support::count;
use super::{Folder, assert_nothing_left, builder, main_client, probe, simulator};

/// Aborts a task after the response to a request, which the task does not see.
#[derive(Clone, Default)]
struct Crash {
    at: usize,
    responses: Arc<AtomicUsize>,
    task: Arc<Mutex<Option<AbortHandle>>>,
}

impl Crash {
    fn new(at: usize) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    async fn simulator(&self, assumptions: &Assumptions) -> Simulator {
        let crash = self.clone();
        let observed = builder(assumptions).on_response(move |_| {
            if crash.responses.fetch_add(1, Ordering::SeqCst) + 1 == crash.at
                && let Some(task) = crash.task.lock().unwrap().take()
            {
                task.abort();
            }
        });
        observed.start().await.unwrap()
    }

    /// Runs a probe until it crashes. Returns whether it came to its end before.
    async fn run(&self, probe: Probe) -> bool {
        let task = tokio::spawn(async move { probe.run(|_| true).await });
        *self.task.lock().unwrap() = Some(task.abort_handle());
        match task.await {
            Ok(report) => {
                let incomplete = report.unwrap().incomplete;
                assert_eq!(
                    incomplete, None,
                    "of a probe that should have crashed at {}",
                    self.at
                );
                true
            }
            Err(error) => {
                assert!(error.is_cancelled(), "{error}");
                false
            }
        }
    }
}

#[tokio::test]
async fn crash_after_any_response_is_cleaned_up_by_the_next_probe() {
    let mut assumptions = Assumptions::new();
    // More is created with these answers.
    for (question, answer) in [
        ("lifetime-below-a-minute", "accepted"),
        ("revoked-subkey-again", "accepted"),
    ] {
        assumptions.set(question, answer).unwrap();
    }
    let mut crashed = 0;
    for at in 1.. {
        let (crash, folder) = (Crash::new(at), Folder::new());
        let simulator = crash.simulator(&assumptions).await;
        let client = main_client(&simulator);
        if crash.run(probe(&simulator, client.clone(), &folder)).await {
            assert_nothing_left(&simulator, &client, &folder).await;
            break;
        }
        crashed += 1;
        let client = main_client(&simulator);
        probe(&simulator, client.clone(), &folder)
            .clean_up()
            .await
            .unwrap();
        assert_nothing_left(&simulator, &client, &folder).await;
    }
    assert!(crashed > 80, "{crashed}");
}

#[tokio::test]
async fn next_probe_goes_on_with_the_topic_that_was_not_complete() {
    let folder = Folder::new();
    let crash = Crash::new(60);
    let simulator = crash.simulator(&Assumptions::new()).await;
    assert!(
        !crash
            .run(probe(&simulator, main_client(&simulator), &folder))
            .await
    );
    let created = count(&simulator, &operations::CREATE_TOKEN);
    let client = main_client(&simulator);
    let mut asked = Vec::new();
    let run = probe(&simulator, client.clone(), &folder).run(|planned| {
        asked.push(planned.topic.to_string());
        true
    });
    let report = run.await.unwrap();
    assert_eq!(report.assumptions(), Assumptions::new());
    assert!(report.answered() > 30, "{}", report.answered());
    assert!(!asked.contains(&"tokens".to_owned()), "{asked:?}");
    assert!(asked.contains(&"orders".to_owned()), "{asked:?}");
    assert!(count(&simulator, &operations::CREATE_TOKEN) - created <= 3);
    assert_nothing_left(&simulator, &client, &folder).await;
}

#[tokio::test]
async fn stopped_probe_cleans_up_and_reports_what_it_has_found() {
    for at in [1, 2, 9, 30, 70] {
        let folder = Folder::new();
        let stopped: Arc<Mutex<Option<paradex_api_ext::probe::ProbeStop>>> = Arc::default();
        let (seen, handle) = (AtomicUsize::new(0), Arc::clone(&stopped));
        let observed = builder(&Assumptions::new()).on_response(move |_| {
            if seen.fetch_add(1, Ordering::SeqCst) + 1 == at {
                handle.lock().unwrap().as_ref().unwrap().stop();
            }
        });
        let simulator = observed.start().await.unwrap();
        let client = main_client(&simulator);
        let probe = probe(&simulator, client.clone(), &folder);
        *stopped.lock().unwrap() = Some(probe.stop_handle());
        let report = probe.run(|_| true).await.unwrap();
        let is_stopped = |outcome: &ProbeOutcome| matches!(outcome, ProbeOutcome::Unanswered { because, .. } if because == "the probe was stopped");
        assert!(
            report.outcomes.iter().any(|(_, outcome)| is_stopped(outcome)),
            "{at}"
        );
        assert_nothing_left(&simulator, &client, &folder).await;
    }
}

#[tokio::test]
async fn panic_of_a_question_is_cleaned_up() {
    let mut assumptions = Assumptions::new();
    assumptions.set("allowlist-delay", "within-10-seconds").unwrap();
    let (simulator, folder) = (simulator(&assumptions).await, Folder::new());
    let client = main_client(&simulator);
    let probe = Probe::new(client.clone(), folder.journal()).wait_with(|_| panic!("on purpose"));
    let report = probe.run(|_| true).await.unwrap();
    let panicked = report.outcomes.iter().filter(|(_, outcome)| {
        matches!(outcome, ProbeOutcome::Unanswered { because, .. } if because.contains("panicked"))
    });
    assert!(panicked.count() > 3);
    assert_nothing_left(&simulator, &client, &folder).await;
}

/// The exchange carries the request out, and the probe does not learn it.
#[tokio::test]
async fn lost_response_is_cleaned_up() {
    use paradex_api_ext::simulator::{Fault, Injection};

    for (operation, lost) in [
        (&operations::CREATE_TOKEN, 0..6),
        (&operations::REGISTER_SUBKEY, 0..3),
        (&operations::CREATE_ORDER, 0..5),
        (&operations::CANCEL_ORDER, 0..5),
        (&operations::REVOKE_TOKEN, 0..3),
    ] {
        for skipped in lost {
            let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
            let client = main_client(&simulator);
            simulator.inject(Injection::new(Fault::reset_after()).on(operation).skip(skipped));
            let report = probe(&simulator, client.clone(), &folder)
                .run(|_| true)
                .await
                .unwrap();
            assert!(
                report
                    .incomplete
                    .as_ref()
                    .is_some_and(|why| why.starts_with("a call failed")),
                "{operation} {skipped}: {report:?}"
            );
            assert_nothing_left(&simulator, &client, &folder).await;
        }
    }
}

/// A question has no answer, and the next ones are asked.
#[tokio::test]
async fn lost_response_of_a_websocket_is_cleaned_up() {
    use paradex_api_ext::paradex_api::stream::methods;
    use paradex_api_ext::simulator::{Fault, Injection};

    for (method, lost) in [
        (&methods::ORDER_CREATE, 0..2),
        (&methods::ORDER_CREATE_BATCH, 0..2),
        (&methods::ORDER_CANCEL_ON_DISCONNECT, 0..2),
    ] {
        for skipped in lost {
            let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
            let client = main_client(&simulator);
            simulator.inject(Injection::new(Fault::reset_after()).on(method).skip(skipped));
            let report = probe(&simulator, client.clone(), &folder)
                .run(|_| true)
                .await
                .unwrap();
            assert_eq!(report.incomplete, None);
            let unanswered = report.outcomes.iter().filter(|(question, outcome)| {
                question.topic.as_str() == "orders" && matches!(outcome, ProbeOutcome::Unanswered { .. })
            });
            assert!(unanswered.count() > 0, "{} {skipped}", method.name);
            assert_nothing_left(&simulator, &client, &folder).await;
        }
    }
}

#[tokio::test]
async fn nothing_is_forgotten_if_it_cannot_be_cleaned_up() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    use paradex_api_ext::simulator::{Fault, Injection};

    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let broken = Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
        .on(&operations::LIST_SUBKEYS)
        .times(1_000);
    simulator.inject(broken);
    let error = probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("subkeys could not be cleaned up") && text.contains("run the probe again"),
        "{text}"
    );
    let ProbeError::NotCleanedUp { report, .. } = error else {
        panic!("{text}")
    };
    assert!(report.unwrap().answered() > 30);
    assert!(folder.journal().exists());

    simulator.clear_injections();
    simulator.advance(Duration::from_secs(1));
    let leftovers = probe(&simulator, client.clone(), &folder)
        .clean_up()
        .await
        .unwrap();
    assert!(leftovers.subkeys > 0 && leftovers.orders == 0, "{leftovers:?}");
    assert_nothing_left(&simulator, &client, &folder).await;
}

#[tokio::test]
async fn only_what_the_journal_names_is_revoked() {
    use paradex_api_ext::net::IpAllowlist;
    use paradex_api_ext::tokens::NewToken;

    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    // It looks like a token of a probe, and is not in the journal.
    let name = "paradex-probe-0123456789abcdef-1";
    let token = NewToken::new(
        name,
        "api_key",
        Duration::from_secs(3_600),
        IpAllowlist::Unrestricted,
    )
    .unwrap();
    let created = client.tokens().create(token).await.unwrap();
    probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap();
    assert!(!simulator.token(created.lookup_id()).unwrap().revoked);
    client.tokens().revoke(created.lookup_id()).await.unwrap();
    assert_nothing_left(&simulator, &client, &folder).await;
}

/// An exchange may show an accepted order only later.
#[tokio::test]
async fn order_that_is_listed_late_is_cancelled() {
    use paradex_api_ext::simulator::{Fault, Injection};

    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    // The first order has size 0, and is refused.
    simulator.inject(
        Injection::new(Fault::reset_after())
            .on(&operations::CREATE_ORDER)
            .skip(1),
    );
    let hide = Fault::edit_response(|body| body["results"] = serde_json::json!([]));
    simulator.inject(Injection::new(hide).on(&operations::LIST_OPEN_ORDERS));
    probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap();
    assert_eq!(count(&simulator, &operations::CREATE_ORDER), 2);
    assert_nothing_left(&simulator, &client, &folder).await;
}

#[tokio::test]
async fn subkey_that_is_registered_again_and_listed_late_is_revoked() {
    use paradex_api_ext::simulator::{Fault, Injection};

    let mut assumptions = Assumptions::new();
    assumptions.set("revoked-subkey-again", "accepted").unwrap();
    let (simulator, folder) = (simulator(&assumptions).await, Folder::new());
    let client = main_client(&simulator);
    // Without a signature, a second one, and that one again.
    simulator.inject(
        Injection::new(Fault::reset_after())
            .on(&operations::REGISTER_SUBKEY)
            .skip(2),
    );
    let hide = Fault::edit_response(|body| body["results"] = serde_json::json!([]));
    simulator.inject(Injection::new(hide).on(&operations::LIST_SUBKEYS));
    let clock = simulator.clone();
    let probe = Probe::new(client.clone(), folder.journal()).wait_with(move |time| clock.advance(time));
    probe.run(|_| true).await.unwrap();
    assert_eq!(count(&simulator, &operations::REGISTER_SUBKEY), 3);
    assert_nothing_left(&simulator, &client, &folder).await;
}

#[tokio::test]
async fn failing_call_of_the_clean_up_does_not_stop_the_rest() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    use paradex_api_ext::simulator::{Fault, Injection};

    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let gateway = || Fault::html(StatusCode::BAD_GATEWAY);
    simulator.inject(
        Injection::new(gateway())
            .on(&operations::LIST_OPEN_ORDERS)
            .times(1_000),
    );
    // The probe revokes some tokens itself, and the clean-up the others.
    let error = probe(&simulator, client.clone(), &folder)
        .run(|_| true)
        .await
        .unwrap_err();
    assert!(
        error.to_string().starts_with("orders could not be cleaned up"),
        "{error}"
    );
    assert!(folder.journal().exists());
    let tokens = client.tokens().list().send().await.unwrap();
    assert!(
        tokens.iter().all(|token| token.revoked_at().is_some()),
        "{tokens:?}"
    );
    let subkeys = client.subkeys().list().send().await.unwrap();
    assert!(
        subkeys.iter().all(|subkey| subkey.revoked_at().is_some()),
        "{subkeys:?}"
    );
    assert!(error.into_report().unwrap().answered() > 30);

    simulator.clear_injections();
    probe(&simulator, client.clone(), &folder)
        .clean_up()
        .await
        .unwrap();
    assert_nothing_left(&simulator, &client, &folder).await;
}

/// The exchange is asked for its time and the account first, whose journal is not known before.
#[tokio::test]
async fn probe_that_is_stopped_before_it_begins_is_not_an_exchange_without_a_response() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let probe = probe(&simulator, client.clone(), &folder);
    probe.stop_handle().stop();
    let report = probe.run(|_| true).await.unwrap();
    assert_eq!(report.incomplete.as_deref(), Some("the probe was stopped"));
    assert_nothing_left(&simulator, &client, &folder).await;
}
