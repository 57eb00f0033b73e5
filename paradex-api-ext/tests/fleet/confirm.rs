//! A change that locks this machine out is rolled back, unless that would undo a concurrent change.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use paradex_api::operations::{
    GET_ACCOUNT, LIST_TOKENS, UPDATE_SUBKEY_ALLOWED_CIDRS, UPDATE_TOKEN_ALLOWED_CIDRS,
};
use paradex_api::reqwest::StatusCode;
use paradex_api::{Operation, Secret};
use paradex_api_ext::allowlist::Target;
use paradex_api_ext::error::{AllowlistError, Phase};
use paradex_api_ext::fleet::{
    ChangeError, ChangeOutcome, ChangeReport, ChangeWarning, ConfirmedChange, Fleet, KnownEgress,
    RollBackReason,
};
use paradex_api_ext::net::StoredAllowlist;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Error, RetryPolicy};
use serde_json::json;

use super::{HOUR, bearer, count, environment, list};

/// The simulator is called from here.
const HERE: &str = "127.0.0.0/8";
const ELSEWHERE: &str = "203.0.113.0/24";

/// An exchange with a token that works from here.
struct Desk {
    exchange: Simulator,
    main: Client,
    id: String,
    secret: Secret,
}

fn client(exchange: &Simulator, credentials: Credentials) -> Client {
    Client::builder(environment(exchange))
        .credentials(credentials)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

/// Prepares a change and commits it.
async fn commit(change: ConfirmedChange) -> Result<ChangeReport, ChangeError> {
    change.prepare().await.unwrap().commit().await
}

impl Desk {
    async fn new() -> Self {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let main = client(&exchange, bearer(&exchange, &exchange.main_session()));
        let new = NewToken::new("desk", "api_key", HOUR, list(&[HERE])).unwrap();
        let created = main.tokens().create(new).await.unwrap();
        Self {
            exchange,
            main,
            id: created.lookup_id().to_owned(),
            secret: created.into_secret(),
        }
    }

    fn change_by(&self, main: &Client, entries: &[&str]) -> ConfirmedChange {
        let target = Target::Token(self.id.clone());
        let probe = bearer(&self.exchange, &self.secret);
        ConfirmedChange::new(main, target, list(entries), probe)
            .settle_time(Duration::ZERO)
            .probe_timeout(Duration::from_secs(20))
    }

    fn change(&self, entries: &[&str]) -> ConfirmedChange {
        self.change_by(&self.main, entries)
    }

    async fn commit(&self, entries: &[&str]) -> ChangeReport {
        commit(self.change(entries)).await.unwrap()
    }

    fn current_list(&self) -> Vec<String> {
        self.exchange.token(&self.id).unwrap().allowed_cidrs.unwrap()
    }

    /// How often a list was sent.
    fn writes(&self) -> usize {
        count(&self.exchange, &UPDATE_TOKEN_ALLOWED_CIDRS)
    }

    /// Lets something go wrong with the probe that comes after the change; the one before it passes.
    fn inject_at_the_probe(&self, fault: Fault) {
        self.inject(&GET_ACCOUNT, 1, fault);
    }

    fn inject(&self, operation: &'static Operation, after: usize, fault: Fault) {
        let injection = Injection::new(fault).on(operation).skip(after);
        self.exchange.inject(injection);
    }

    /// Changes the list concurrently when the probe arrives.
    fn change_concurrently_at_the_probe(&self, entries: &[&str]) {
        let (id, entries) = (self.id.clone(), json!(entries));
        self.inject_at_the_probe(Fault::run_before(move |exchange| {
            exchange.set_token_allowlist(&id, entries.clone()).unwrap();
        }));
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn change_that_works_is_confirmed() {
    let desk = Desk::new().await;
    let change = desk.change(&[HERE, ELSEWHERE]);
    let shown = format!("{change:?}");
    let prepared = change.prepare().await.unwrap();
    let shown = format!("{shown} {prepared:?} {prepared}");
    assert!(!shown.contains(desk.secret.expose()), "{shown}");
    assert_eq!(desk.writes(), 0, "preparing sends nothing");
    assert_eq!(prepared.before(), &list(&[HERE]));
    let report = prepared.commit().await.unwrap();
    assert!(matches!(report.outcome(), ChangeOutcome::Confirmed), "{report}");
    assert!(
        report
            .to_string()
            .contains("confirmed: 127.0.0.0/8, 203.0.113.0/24"),
        "{report}"
    );
    assert_eq!(desk.current_list(), [HERE, ELSEWHERE]);
    assert_eq!(desk.writes(), 1);
    // Once more changes nothing.
    let report = desk.commit(&[ELSEWHERE, HERE]).await;
    assert!(matches!(report.outcome(), ChangeOutcome::Unchanged), "{report}");
    assert_eq!(desk.writes(), 1);
}

#[tokio::test]
async fn lock_out_is_rolled_back() {
    let desk = Desk::new().await;
    let report = desk.commit(&[ELSEWHERE]).await;
    let ChangeOutcome::RolledBack(RollBackReason::Refused(error)) = report.outcome() else {
        panic!("{report}")
    };
    assert_eq!(error.code().unwrap().as_str(), "IP_NOT_ALLOWED");
    assert!(
        report.to_string().contains("rolled back to 127.0.0.0/8"),
        "{report}"
    );
    assert_eq!(desk.current_list(), [HERE]);
    assert_eq!(desk.writes(), 2);
    assert_eq!(
        (report.before(), report.after()),
        (&list(&[HERE]), &list(&[ELSEWHERE]))
    );
}

#[tokio::test]
async fn failed_probe_rolls_back() {
    let dead = r#"{"message":"missing or malformed jwt"}"#;
    for (fault, is_refusal) in [
        (
            Fault::raw(StatusCode::UNAUTHORIZED, Default::default(), dead),
            true,
        ),
        (Fault::raw(StatusCode::FORBIDDEN, Default::default(), "{}"), true),
        (Fault::html(StatusCode::BAD_GATEWAY), false),
        (Fault::html(StatusCode::OK), false),
        (Fault::rate_limited(None), false),
        (Fault::reset_before(), false),
        (Fault::truncated(), false),
    ] {
        let desk = Desk::new().await;
        desk.inject_at_the_probe(fault.clone());
        let report = desk.commit(&[HERE, ELSEWHERE]).await;
        let ChangeOutcome::RolledBack(why) = report.outcome() else {
            panic!("{fault:?}: {report}")
        };
        assert_eq!(
            matches!(why, RollBackReason::Refused(_)),
            is_refusal,
            "{fault:?}: {why:?}"
        );
        assert_eq!(desk.current_list(), [HERE], "{fault:?}");
    }
}

#[tokio::test]
async fn probe_that_times_out_rolls_back() {
    let desk = Desk::new().await;
    desk.inject_at_the_probe(Fault::delay_after(HOUR));
    let change = desk
        .change(&[HERE, ELSEWHERE])
        .probe_timeout(Duration::from_secs(1));
    let report = commit(change).await.unwrap();
    let ChangeOutcome::RolledBack(RollBackReason::ProbeFailed(Error::Transport(error))) = report.outcome()
    else {
        panic!("{report}")
    };
    assert!(error.is_timeout());
    assert_eq!(desk.current_list(), [HERE]);
}

#[tokio::test]
async fn concurrent_change_is_not_overwritten() {
    // Another list, and the same one: the time of change tells.
    for theirs in [&["198.51.100.0/24"][..], &[ELSEWHERE], &[]] {
        let desk = Desk::new().await;
        desk.change_concurrently_at_the_probe(theirs);
        if theirs.is_empty() {
            // The concurrent list allows the probe, and the probe's response is lost.
            desk.inject_at_the_probe(Fault::reset_after());
        }
        let report = desk.commit(&[ELSEWHERE]).await;
        let ChangeOutcome::NotRolledBack { error, current, .. } = report.outcome() else {
            panic!("{report}")
        };
        assert!(
            matches!(error.as_deref(), Some(AllowlistError::ConcurrentChange(_))),
            "{error:?}"
        );
        assert_eq!(current.as_ref().unwrap(), &StoredAllowlist::from_entries(theirs));
        assert!(report.to_string().contains("NOT ROLLED BACK"), "{report}");
        assert_eq!(desk.current_list(), theirs);
        assert_eq!(desk.writes(), 1);
    }
}

#[tokio::test]
async fn concurrent_change_is_kept_even_if_ours_was_never_read() {
    let desk = Desk::new().await;
    // The read after the change, which would have had its time.
    desk.inject(&LIST_TOKENS, 2, Fault::html(StatusCode::BAD_GATEWAY));
    desk.change_concurrently_at_the_probe(&["198.51.100.0/24"]);
    let report = desk.commit(&[ELSEWHERE]).await;
    assert!(
        matches!(report.outcome(), ChangeOutcome::NotRolledBack { .. }),
        "{report}"
    );
    assert_eq!(
        (desk.current_list(), desk.writes()),
        (vec!["198.51.100.0/24".to_owned()], 1)
    );
}

#[tokio::test]
async fn concurrent_change_during_roll_back_is_noticed() {
    let desk = Desk::new().await;
    let id = desk.id.clone();
    // Read: for the plan, before the change, after it, before the roll-back; and directly before the write.
    desk.inject(
        &LIST_TOKENS,
        4,
        Fault::run_before(move |exchange| {
            exchange
                .set_token_allowlist(&id, json!(["198.51.100.0/24"]))
                .unwrap();
        }),
    );
    let report = desk.commit(&[ELSEWHERE]).await;
    let ChangeOutcome::NotRolledBack { error, current, .. } = report.outcome() else {
        panic!("{report}")
    };
    assert!(
        matches!(error.as_deref(), Some(AllowlistError::ConcurrentChange(_))),
        "{error:?}"
    );
    assert_eq!(
        current.as_ref().unwrap().known(),
        Some(&list(&["198.51.100.0/24"]))
    );
    assert_eq!(desk.current_list(), ["198.51.100.0/24"]);
    assert_eq!(desk.writes(), 1);
}

#[tokio::test]
async fn roll_back_survives_transient_failures_and_reports_others() {
    // The second write is the one that takes the first one back.
    for (fault, writes) in [
        (Fault::reset_after(), 2),
        (Fault::reset_before(), 3),
        (Fault::html(StatusCode::BAD_GATEWAY), 3),
    ] {
        let desk = Desk::new().await;
        desk.inject(&UPDATE_TOKEN_ALLOWED_CIDRS, 1, fault.clone());
        let report = desk.commit(&[ELSEWHERE]).await;
        assert!(
            matches!(report.outcome(), ChangeOutcome::RolledBack(_)),
            "{fault:?}: {report}"
        );
        assert_eq!(
            (desk.current_list(), desk.writes()),
            (vec![HERE.to_owned()], writes),
            "{fault:?}"
        );
    }
    // Reading fails once.
    let desk = Desk::new().await;
    desk.inject(&LIST_TOKENS, 3, Fault::html(StatusCode::BAD_GATEWAY));
    let report = desk.commit(&[ELSEWHERE]).await;
    assert!(
        matches!(report.outcome(), ChangeOutcome::RolledBack(_)),
        "{report}"
    );

    let desk = Desk::new().await;
    let away = Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&UPDATE_TOKEN_ALLOWED_CIDRS);
    desk.exchange.inject(away.skip(1).times(usize::MAX));
    let report = desk.commit(&[ELSEWHERE]).await;
    let ChangeOutcome::NotRolledBack { error, current, .. } = report.outcome() else {
        panic!("{report}")
    };
    assert!(
        matches!(error.as_deref(), Some(AllowlistError::OutcomeUnknown(_))),
        "{error:?}"
    );
    assert_eq!(current.as_ref().unwrap().known(), Some(&list(&[ELSEWHERE])));
    assert_eq!(desk.writes(), 4, "one change, and three attempts to take it back");

    // The exchange is gone altogether.
    let desk = Desk::new().await;
    for operation in [&UPDATE_TOKEN_ALLOWED_CIDRS, &LIST_TOKENS] {
        let after = if operation == &LIST_TOKENS { 2 } else { 1 };
        let gone = Injection::new(Fault::reset_before()).on(operation).skip(after);
        desk.exchange.inject(gone.times(usize::MAX));
    }
    let report = desk.commit(&[ELSEWHERE]).await;
    let ChangeOutcome::NotRolledBack { current: None, .. } = report.outcome() else {
        panic!("{report}")
    };
    assert!(
        report.to_string().ends_with("the current list is not known"),
        "{report}"
    );
}

#[tokio::test]
async fn list_that_was_stored_differently_is_rolled_back() {
    let desk = Desk::new().await;
    let id = desk.id.clone();
    // The exchange makes something else of it.
    desk.inject(
        &UPDATE_TOKEN_ALLOWED_CIDRS,
        0,
        Fault::edit_response(|response| response["allowed_cidrs"] = json!(["0.0.0.0/0"])),
    );
    desk.inject(
        &LIST_TOKENS,
        2,
        Fault::run_before(move |exchange| exchange.set_token_allowlist(&id, json!(["0.0.0.0/0"])).unwrap()),
    );
    let report = desk.commit(&[HERE, ELSEWHERE]).await;
    let ChangeOutcome::RolledBack(RollBackReason::AllowlistMismatch(_)) = report.outcome() else {
        panic!("{report}")
    };
    assert_eq!(desk.current_list(), [HERE]);
}

#[tokio::test]
async fn change_that_was_not_made_is_an_error() {
    let desk = Desk::new().await;
    let prepared = desk.change(&[ELSEWHERE]).prepare().await.unwrap();
    // The list has changed since the plan was made.
    desk.exchange
        .set_token_allowlist(&desk.id, json!([HERE, "192.0.2.0/24"]))
        .unwrap();
    let error = prepared.commit().await.unwrap_err();
    assert!(
        matches!(error, ChangeError::Allowlist(AllowlistError::ConcurrentChange(_))),
        "{error:?}"
    );
    assert_eq!(desk.writes(), 0);

    let refused = r#"{"error":"REQUEST_NOT_ALLOWED","message":"m"}"#;
    let refused = Fault::raw(StatusCode::FORBIDDEN, Default::default(), refused);
    desk.inject(&UPDATE_TOKEN_ALLOWED_CIDRS, 0, refused);
    let error = commit(desk.change(&[ELSEWHERE])).await.unwrap_err();
    assert!(
        matches!(error, ChangeError::Allowlist(AllowlistError::Forbidden(_))),
        "{error:?}"
    );
    assert_eq!(desk.writes(), 1);

    // It did not arrive, as far as can be seen.
    desk.inject(&UPDATE_TOKEN_ALLOWED_CIDRS, 0, Fault::reset_before());
    let error = commit(desk.change(&[ELSEWHERE])).await.unwrap_err();
    assert!(
        matches!(error, ChangeError::Allowlist(AllowlistError::OutcomeUnknown(_))),
        "{error:?}"
    );
    assert_eq!(desk.writes(), 2);
}

#[tokio::test]
async fn change_of_unknown_outcome_is_rolled_back_if_it_was_made() {
    let desk = Desk::new().await;
    desk.inject(&UPDATE_TOKEN_ALLOWED_CIDRS, 0, Fault::reset_after());
    // Two reads before it, and the one that would show it.
    desk.inject(&LIST_TOKENS, 2, Fault::html(StatusCode::BAD_GATEWAY));
    let report = desk.commit(&[HERE, ELSEWHERE]).await;
    let ChangeOutcome::RolledBack(RollBackReason::OutcomeUnknown(_)) = report.outcome() else {
        panic!("{report}")
    };
    assert_eq!(desk.current_list(), [HERE]);
}

#[tokio::test]
async fn list_that_allows_an_excluded_machine_is_confirmed() {
    let desk = Desk::new().await;
    desk.exchange
        .set_token_allowlist(&desk.id, json!([ELSEWHERE]))
        .unwrap();
    let report = desk.commit(&[HERE]).await;
    assert!(matches!(report.outcome(), ChangeOutcome::Confirmed), "{report}");
}

#[tokio::test]
async fn known_lock_out_is_refused() {
    let desk = Desk::new().await;
    let outside = KnownEgress::new([address("127.0.0.1")]);
    for change in [
        desk.change(&[ELSEWHERE]).egress(outside),
        desk.change(&[ELSEWHERE]).keep([address("127.0.0.1")]),
    ] {
        let error = change.prepare().await.unwrap_err();
        let ChangeError::Allowlist(AllowlistError::WouldLockOut(locked_out)) = error else {
            panic!("{error:?}")
        };
        assert_eq!(locked_out.addresses(), [address("127.0.0.1")]);
    }
    // One that is known to be inside is tried, and another one beside it is warned about.
    let both = KnownEgress::new(["127.0.0.1", "198.51.100.7", "2001:db8::7"].map(address));
    let prepared = desk
        .change(&[HERE, ELSEWHERE])
        .egress(both)
        .prepare()
        .await
        .unwrap();
    let outside = ChangeWarning::EgressOutside(address("198.51.100.7"));
    assert!(prepared.warnings().contains(&outside), "{prepared}");
    assert!(
        prepared
            .to_string()
            .contains("warning: this machine also calls from 198.51.100.7"),
        "{prepared}"
    );
    // What is not known is said, and not taken to be inside.
    let prepared = desk.change(&[HERE, ELSEWHERE]).prepare().await.unwrap();
    assert!(
        prepared.to_string().contains("egress address is not known"),
        "{prepared}"
    );
    assert_eq!(desk.writes(), 0);
}

#[tokio::test]
async fn change_that_could_not_be_rolled_back_is_refused() {
    let desk = Desk::new().await;
    let error_of = async |change: ConfirmedChange| change.prepare().await.unwrap_err();
    let invalid = async |change: ConfirmedChange| match error_of(change).await {
        ChangeError::Invalid(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    // The credential that is being restricted would have to restore itself.
    let own = client(&desk.exchange, bearer(&desk.exchange, &desk.secret));
    let text = invalid(desk.change_by(&own, &[ELSEWHERE])).await;
    assert!(text.contains("locked out too"), "{text}");
    // A subkey may not.
    let account = desk.exchange.main_account().parse().unwrap();
    let key = || StarknetPrivateKey::from_hex("0x77").unwrap();
    let new = NewSubkey::new("bot", key().public_key().to_string(), list(&[HERE])).unwrap();
    desk.main.subkeys().register(new).await.unwrap();
    let subkey = client(
        &desk.exchange,
        Credentials::subkey(environment(&desk.exchange), key(), account),
    );
    let text = invalid(desk.change_by(&subkey, &[ELSEWHERE])).await;
    assert!(text.contains("cannot change allowlists"), "{text}");
    // A session that ends too soon, and cannot be renewed.
    let text = invalid(desk.change(&[ELSEWHERE]).settle_time(HOUR)).await;
    assert!(text.contains("its session expires in"), "{text}");
    // No session.
    let anonymous = Client::builder(environment(&desk.exchange)).build().unwrap();
    let error = error_of(desk.change_by(&anonymous, &[ELSEWHERE])).await;
    assert!(matches!(error, ChangeError::Session(_)), "{error:?}");
    let wrong = Credentials::starknet(environment(&desk.exchange), key(), account);
    let error = error_of(desk.change_by(&client(&desk.exchange, wrong), &[ELSEWHERE])).await;
    assert!(matches!(error, ChangeError::Session(_)), "{error:?}");
    // The current list is not known.
    desk.exchange.set_token_allowlist(&desk.id, json!("?")).unwrap();
    let error = error_of(desk.change(&[ELSEWHERE])).await;
    assert!(
        matches!(error, ChangeError::Allowlist(AllowlistError::Unknown(_))),
        "{error:?}"
    );
    assert_eq!(desk.writes(), 0);
}

#[tokio::test]
async fn unsuitable_probe_is_refused() {
    let desk = Desk::new().await;
    let target = || Target::Token(desk.id.clone());
    let change = |target, probe| {
        ConfirmedChange::new(&desk.main, target, list(&[ELSEWHERE]), probe).settle_time(Duration::ZERO)
    };
    let dead = bearer(&desk.exchange, &Secret::new("nobody"));
    let error = change(target(), dead).prepare().await.unwrap_err();
    assert!(matches!(error, ChangeError::Probe(_)), "{error:?}");
    let account = desk.exchange.main_account().parse().unwrap();
    let key = |hex: &str| StarknetPrivateKey::from_hex(hex).unwrap();
    let subkey = || Credentials::subkey(environment(&desk.exchange), key("0x77"), account);
    let other = Target::Subkey(key("0x78").public_key().to_string());
    for error in [
        change(target(), subkey()).prepare().await.unwrap_err(),
        change(other, subkey()).prepare().await.unwrap_err(),
    ] {
        assert!(matches!(error, ChangeError::Invalid(_)), "{error:?}");
    }
    assert_eq!(desk.writes(), 0);
}

#[tokio::test]
async fn dropped_commit_is_still_rolled_back() {
    let desk = Desk::new().await;
    desk.inject_at_the_probe(Fault::delay_after(Duration::from_millis(50)));
    let prepared = desk.change(&[ELSEWHERE]).prepare().await.unwrap();
    let probes = count(&desk.exchange, &GET_ACCOUNT);
    let probing = async {
        while count(&desk.exchange, &GET_ACCOUNT) == probes {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        outcome = prepared.commit() => panic!("{outcome:?}"),
        () = probing => assert_eq!(desk.current_list(), [ELSEWHERE]),
    }
    while desk.current_list() != [HERE] {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn subkey_is_probed_with_its_own_key() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account = exchange.main_account().parse().unwrap();
    let main = client(
        &exchange,
        Credentials::starknet(environment(&exchange), exchange.main_key(), account),
    );
    let key = || StarknetPrivateKey::from_hex("0x77").unwrap();
    let public = key().public_key().to_string();
    let new = NewSubkey::new("bot", &public, list(&[HERE])).unwrap();
    main.subkeys().register(new).await.unwrap();
    let change_to = |entries: &[&str]| {
        let probe = Credentials::subkey(environment(&exchange), key(), account);
        ConfirmedChange::new(&main, Target::Subkey(public.clone()), list(entries), probe)
            .settle_time(Duration::ZERO)
    };
    let report = commit(change_to(&[HERE, ELSEWHERE])).await.unwrap();
    assert!(matches!(report.outcome(), ChangeOutcome::Confirmed), "{report}");
    let report = commit(change_to(&[ELSEWHERE])).await.unwrap();
    assert!(
        matches!(
            report.outcome(),
            ChangeOutcome::RolledBack(RollBackReason::Refused(_))
        ),
        "{report}"
    );
    let stored = exchange.subkey(&public).unwrap().allowed_cidrs.unwrap();
    assert_eq!(stored, [HERE, ELSEWHERE]);
    assert_eq!(count(&exchange, &UPDATE_SUBKEY_ALLOWED_CIDRS), 3);
}

#[tokio::test]
async fn probe_can_use_another_group_than_the_change() {
    let desk = Desk::new().await;
    let from = |text: &str| {
        Client::builder(environment(&desk.exchange))
            .http_client_builder(desk.exchange.http_from(address(text)))
            .build_group()
            .unwrap()
    };
    let change = desk.change(&[ELSEWHERE]).probe_with(from("203.0.113.7"));
    let report = commit(change).await.unwrap();
    assert!(matches!(report.outcome(), ChangeOutcome::Confirmed), "{report}");
}

#[tokio::test]
async fn bound_address_decides_the_family_or_the_warning() {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let pinned = |address: IpAddr| {
        let builder = Client::builder(environment(&exchange)).local_address(address);
        builder.retry(RetryPolicy::none()).build().unwrap()
    };
    pinned(Ipv4Addr::UNSPECIFIED.into())
        .api()
        .get_system_time()
        .send()
        .await
        .unwrap();
    // The simulator has an IPv4 address alone.
    let call = pinned(Ipv6Addr::UNSPECIFIED.into())
        .api()
        .get_system_time()
        .send()
        .await;
    let Err(Error::Transport(error)) = call.map_err(Error::from) else {
        panic!("it was called over IPv4")
    };
    assert_eq!(error.phase(), Phase::Connect);
    // Elsewhere the loopback interface has one address unless it is given more.
    #[cfg(target_os = "linux")]
    {
        pinned(address("127.0.0.2"))
            .api()
            .get_system_time()
            .send()
            .await
            .unwrap();
        let requests = exchange.requests();
        assert_eq!(requests.last().unwrap().address(), address("127.0.0.2"));
    }
}

#[test]
fn change_outside_of_a_runtime_is_an_error_and_writes_nothing() {
    let world = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let desk = world.block_on(Desk::new());
    // What needs a runtime fails at the first poll, so no executor is needed.
    fn first_poll<T>(work: impl Future<Output = T>) -> T {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(work).poll(&mut context) {
            std::task::Poll::Ready(outcome) => outcome,
            std::task::Poll::Pending => panic!("it waits for something"),
        }
    }
    let chain = |error: &dyn std::error::Error| {
        let causes = std::iter::successors(Some(error), |error| error.source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    };
    let error = first_poll(desk.change(&[HERE]).prepare()).unwrap_err();
    assert!(chain(&error).contains("no tokio runtime"), "{error:?}");
    let prepared = world.block_on(desk.change(&[HERE, "198.51.100.0/24"]).prepare());
    let error = first_poll(prepared.unwrap().commit()).unwrap_err();
    assert!(chain(&error).contains("no tokio runtime"), "{error:?}");
    assert_eq!(desk.writes(), 0);

    let fleet = Fleet::new().with("desk", desk.main.clone()).unwrap();
    let snapshot = first_poll(fleet.read());
    let (account, why) = snapshot.failures().next().unwrap();
    assert!(account == "desk" && why.contains("no tokio runtime"), "{why}");
}
