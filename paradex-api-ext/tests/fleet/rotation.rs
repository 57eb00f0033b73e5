//! Tokens and subkeys are exchanged while they are in use, whatever goes wrong in between.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use paradex_api::operations::{
    CREATE_TOKEN, GET_ACCOUNT, LIST_SUBKEYS, LIST_TOKENS, REGISTER_SUBKEY, REVOKE_SUBKEY, REVOKE_TOKEN,
};
use paradex_api::reqwest::StatusCode;
use paradex_api::{Operation, Secret};
use paradex_api_ext::allowlist::{Force, Target};
use paradex_api_ext::auth::SessionKind;
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider};
use paradex_api_ext::fleet::{
    Cleanup, FolderSink, RotationError, RotationProblem, RotationSink, RotationSpec, RotationState,
    RotationStep, Rotator, SinkFuture, base_name,
};
use paradex_api_ext::limits::RateLimits;
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::simulator::{Fault, Injection, Simulator, SubkeyStatus, TimeUnit, TokenSnapshot};
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::{ApiToken, NewToken};
use paradex_api_ext::{Client, Credentials, Environment, RetryPolicy};
use serde_json::{Value, json};

use super::support::Folder;
use super::{HOUR, bearer, environment, list, main_key};

/// The simulator is called from here.
const HERE: &str = "127.0.0.0/8";

/// A store in memory that can fail, panic or hang at a call of one's choice.
#[derive(Default)]
struct Store {
    journal: Mutex<HashMap<String, String>>,
    /// The steps in the order in which they were written.
    steps: Mutex<Vec<String>>,
    secrets: Mutex<HashMap<String, Secret>>,
    calls: AtomicUsize,
    break_at: Mutex<Option<(usize, Break)>>,
    /// Stores secrets and never gives them back.
    write_only: AtomicBool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Break {
    /// Fails before it has done anything.
    Fail,
    /// Does its work, and then panics, as if the process died.
    PanicAfter,
    /// Dies before it has done anything.
    PanicBefore,
}

impl Store {
    fn break_at(&self, call: usize, how: Break) {
        self.calls.store(0, Ordering::SeqCst);
        *self.break_at.lock().unwrap() = Some((call, how));
    }

    fn mend(&self) {
        *self.break_at.lock().unwrap() = None;
    }

    /// Does something, unless this is the call that breaks.
    async fn guarded<T>(&self, work: impl FnOnce() -> T) -> Result<T, paradex_api::BoxError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let due = *self.break_at.lock().unwrap();
        match due.filter(|(at, _)| *at == call).map(|(_, how)| how) {
            Some(Break::Fail) => Err("the store is broken".into()),
            Some(Break::PanicBefore) => panic!("the process died"),
            Some(Break::PanicAfter) => {
                work();
                panic!("the process died");
            }
            None => Ok(work()),
        }
    }

    /// What was written of the only rotation that there is.
    fn state(&self) -> Option<RotationState> {
        let journal = self.journal.lock().unwrap();
        assert!(journal.len() <= 1);
        journal
            .values()
            .next()
            .map(|text| serde_json::from_str(text).unwrap())
    }

    fn secret(&self, id: &str) -> Option<Secret> {
        self.secrets.lock().unwrap().get(id).cloned()
    }

    fn steps(&self) -> Vec<String> {
        self.steps.lock().unwrap().clone()
    }
}

fn id(target: &Target) -> String {
    match target {
        Target::Token(id) | Target::Subkey(id) => id.clone(),
        other => panic!("{other}"),
    }
}

fn new_id(state: &RotationState) -> String {
    id(&state.new_target().unwrap())
}

impl RotationSink for Store {
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
        Box::pin(self.guarded(move || {
            let text = serde_json::to_string(state).unwrap();
            let step = serde_json::to_value(state).unwrap()["step"]["at"]
                .as_str()
                .unwrap()
                .to_owned();
            self.steps.lock().unwrap().push(step);
            self.journal.lock().unwrap().insert(state.id().to_owned(), text);
        }))
    }

    fn store<'a>(&'a self, state: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
        Box::pin(self.guarded(move || {
            self.secrets.lock().unwrap().insert(new_id(state), secret.clone());
        }))
    }

    fn load<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
        Box::pin(async move {
            match self.write_only.load(Ordering::SeqCst) {
                true => Ok(None),
                false => Ok(self.secret(&new_id(state))),
            }
        })
    }
}

/// The main account's client, by its key.
fn main_client(exchange: &Simulator) -> Client {
    client_with(exchange, main_key(exchange))
}

fn client_with(exchange: &Simulator, credentials: Credentials) -> Client {
    Client::builder(environment(exchange))
        .credentials(credentials)
        .retry(RetryPolicy::none())
        .rate_limits(RateLimits::none())
        .build()
        .unwrap()
}

/// An exchange with one token called `desk`, that lives an hour and works from here.
struct Desk {
    exchange: Simulator,
    client: Client,
    store: Arc<Store>,
    rotator: Rotator,
    old: String,
    secret: Secret,
}

impl Desk {
    async fn new() -> Self {
        Self::of_type("api_key").await
    }

    async fn of_type(kind: &str) -> Self {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let client = client_with(&exchange, bearer(&exchange, &exchange.main_session()));
        let new = NewToken::new("desk", kind, HOUR, list(&[HERE])).unwrap();
        let created = client.tokens().create(new).await.unwrap();
        let store = Arc::new(Store::default());
        Self {
            rotator: Rotator::new(client.clone(), Arc::clone(&store) as Arc<dyn RotationSink>),
            old: created.lookup_id().to_owned(),
            secret: created.into_secret(),
            exchange,
            client,
            store,
        }
    }

    fn target(&self) -> Target {
        Target::Token(self.old.clone())
    }

    async fn rotate(&self) -> Result<RotationState, RotationError> {
        self.rotator.rotate(self.target(), RotationSpec::new()).await
    }

    /// All tokens of the account, by the exchange's list.
    async fn tokens(&self) -> Vec<ApiToken> {
        let list = self.client.tokens().list().with_revoked_and_expired();
        list.send().await.unwrap()
    }

    /// The ids of the live ones.
    async fn live(&self) -> Vec<String> {
        let now = SystemTime::now();
        let tokens = self.tokens().await;
        let live = tokens.iter().filter(|token| token.is_live(now));
        live.map(|token| token.lookup_id().to_owned()).collect()
    }

    fn token(&self, id: &str) -> TokenSnapshot {
        self.exchange.token(id).unwrap()
    }

    /// Whether a token's text opens the account.
    async fn works(&self, secret: &Secret) -> bool {
        let client = self
            .client
            .group()
            .client(bearer(&self.exchange, secret))
            .unwrap();
        client.api().get_account().send().await.is_ok()
    }

    fn inject(&self, operation: &'static Operation, fault: Fault) {
        self.exchange.inject(Injection::new(fault).on(operation));
    }
}

/// No text of an error shows a token of the simulator's.
fn assert_silent(error: &RotationError) {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("simulated-token-"), "{shown}");
        next = error.source();
    }
}

#[tokio::test]
async fn token_is_replaced_while_both_work() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let new = new_id(&proven);
    assert_eq!(
        desk.store.steps(),
        ["creating", "storing", "proving", "proven"],
        "each was written down before it was taken"
    );
    let secret = desk.store.secret(&new).unwrap();
    assert!(desk.works(&secret).await && desk.works(&desk.secret).await);
    assert!(matches!(proven.step(), RotationStep::Proven { .. }));
    assert!(proven.to_string().ends_with("both work"), "{proven}");

    // What the old one had, the new one has.
    let (old, token) = (desk.token(&desk.old), desk.token(&new));
    assert_eq!(token.allowed_cidrs, old.allowed_cidrs);
    assert_eq!(base_name(&token.name), "desk");
    assert_ne!(token.name, "desk");
    let listed = desk.tokens().await;
    let lives = |id: &str| {
        let token = listed.iter().find(|token| token.lookup_id() == id).unwrap();
        let raw = token.raw();
        (raw.expiry_at.unwrap() - raw.created_at.unwrap(), raw.kind.clone())
    };
    assert_eq!(lives(&new), lives(&desk.old));

    // The grace period is the caller's to observe, and nothing waits for it.
    let error = desk.rotator.finish(proven.clone(), HOUR).await.unwrap_err();
    let RotationProblem::TooEarly { left, .. } = error.problem() else {
        panic!("{error:?}")
    };
    assert!(
        *left > HOUR - Duration::from_secs(60) && *left <= HOUR,
        "{left:?}"
    );
    assert!(desk.works(&desk.secret).await);
    let proven = error.into_state();
    let at = proven.proven_at().unwrap();
    assert_eq!(proven.grace_left(HOUR, at + HOUR), Some(Duration::ZERO));

    // What was written down is all that another process needs.
    let read = desk.store.state().unwrap();
    assert_eq!(read, proven);
    let finished = desk.rotator.finish(read, Duration::ZERO).await.unwrap();
    assert!(finished.is_over());
    assert!(desk.works(&secret).await && !desk.works(&desk.secret).await);
    assert_eq!(desk.live().await, [new]);
    // Once more does no harm.
    let again = desk.rotator.finish(finished.clone(), HOUR).await.unwrap();
    assert_eq!(again, finished);
    assert_eq!(desk.rotator.resume(finished.clone()).await.unwrap(), finished);
}

#[tokio::test]
async fn state_holds_no_secret_and_is_read_strictly() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let secret = desk.store.secret(&new_id(&proven)).unwrap();
    let text = serde_json::to_string_pretty(&proven).unwrap();
    for shown in [text.clone(), format!("{proven:?} {proven} {:?}", desk.rotator)] {
        assert!(!shown.contains(secret.expose()) && !shown.contains(desk.secret.expose()));
    }
    let mut value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        serde_json::from_value::<RotationState>(value.clone()).unwrap(),
        proven
    );
    value["newer"] = json!(1);
    let error = serde_json::from_value::<RotationState>(value).unwrap_err();
    assert!(error.to_string().contains("unknown field `newer`"), "{error}");
}

#[tokio::test]
async fn state_that_would_revoke_something_else_is_refused() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let written = serde_json::to_value(&proven).unwrap();
    let (old, new) = (desk.old.as_str(), new_id(&proven));
    for (field, claim) in [
        ("old", json!({"token": ""})),
        // The new one is the old one: revoking either revokes what works.
        ("old", json!({ "token": new })),
        ("step", json!({"at": "proven", "new": old, "since": 0})),
        ("step", json!({"at": "finishing", "new": old})),
        ("step", json!({"at": "discarding", "new": old, "for_good": true})),
        ("step", json!({"at": "storing", "new": " "})),
        ("step", json!({"at": "creating", "name": "desk", "new": null})),
        (
            "step",
            json!({"at": "creating", "name": "desk-r0123456789ab", "new": old}),
        ),
        ("missing", json!(["desk"])),
        ("started_at", json!(u64::MAX)),
    ] {
        let mut edited = written.clone();
        edited[field] = claim.clone();
        let Err(error) = serde_json::from_value::<RotationState>(edited) else {
            panic!("{field} {claim} was believed");
        };
        let error = error.to_string();
        assert!(
            error.contains("is refused: ") && error.contains(proven.id()),
            "{error}"
        );
    }
    assert_eq!(desk.live().await.len(), 2);
}

/// What is done with a state that was read.
#[derive(Clone, Copy, Debug)]
enum Then {
    Resume,
    Abandon,
    Finish,
}

/// Edits a state that was written and goes on with it: nothing may be revoked, and the error says why.
async fn assert_edit_refused(
    rotator: &Rotator,
    written: &RotationState,
    edits: &[(&str, Value)],
    then: Then,
) {
    let mut edited = serde_json::to_value(written).unwrap();
    for (field, value) in edits {
        edited[*field] = value.clone();
    }
    let state: RotationState = serde_json::from_value(edited).unwrap();
    let outcome = match then {
        Then::Resume => rotator.resume(state).await,
        Then::Abandon => rotator.abandon(state).await,
        Then::Finish => rotator.finish(state, Duration::ZERO).await,
    };
    let Err(error) = outcome else {
        panic!("{then:?} {edits:?} was carried out");
    };
    let problem = error.problem().to_string();
    assert!(
        problem.contains("this rotation did not create it")
            || problem.contains("the old credential is not listed"),
        "{then:?} {edits:?}: {problem}"
    );
}

#[tokio::test]
async fn token_that_no_rotation_created_is_not_revoked() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let mut others = Vec::new();
    for name in ["treasury", "treasury-r0123456789ab"] {
        let other = NewToken::new(name, "api_key", HOUR, list(&[HERE])).unwrap();
        let other = desk.client.tokens().create(other).await.unwrap();
        others.push(other.lookup_id().to_owned());
    }
    let live = desk.live().await;
    assert_eq!(live.len(), 4);
    let mut table = Vec::new();
    for other in &others {
        let proven = json!({"at": "proven", "new": other, "since": SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()});
        let discarding = |for_good| json!({"at": "discarding", "new": other, "for_good": for_good});
        for (step, then) in [
            (json!({"at": "storing", "new": other}), Then::Resume),
            (json!({"at": "storing", "new": other}), Then::Abandon),
            (json!({"at": "proving", "new": other}), Then::Abandon),
            (proven.clone(), Then::Abandon),
            (proven, Then::Finish),
            (json!({"at": "finishing", "new": other}), Then::Resume),
            (json!({"at": "finishing", "new": other}), Then::Finish),
            (discarding(true), Then::Resume),
            (discarding(false), Then::Resume),
            (discarding(true), Then::Abandon),
        ] {
            table.push((vec![("step", step)], then));
        }
        // Without the old one there is no name to compare with.
        let forgotten = vec![("old", json!({"token": "forgotten"})), ("step", discarding(true))];
        table.push((forgotten, Then::Resume));
    }
    let name = "treasury-r0123456789ab";
    for then in [Then::Resume, Then::Abandon] {
        let creating = json!({"at": "creating", "name": name, "new": null});
        table.push((vec![("step", creating)], then));
        let ready = vec![("step", json!({"at": "ready"})), ("missing", json!([name]))];
        table.push((ready, then));
    }
    for then in [Then::Abandon, Then::Finish] {
        table.push((vec![("missing", json!([name]))], then));
    }
    for (edits, then) in table {
        assert_edit_refused(&desk.rotator, &proven, &edits, then).await;
        assert_eq!(desk.live().await, live, "{then:?} {edits:?}");
    }
}

#[tokio::test]
async fn old_token_is_not_revoked_as_its_own_successor() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let finished = desk.rotator.finish(proven, Duration::ZERO).await.unwrap();
    let old = new_id(&finished);
    let rotate = desk
        .rotator
        .rotate(Target::Token(old.clone()), RotationSpec::new());
    let proven = rotate.await.unwrap();
    let name = desk.token(&old).name;
    for then in [Then::Resume, Then::Abandon] {
        let creating = json!({"at": "creating", "name": name, "new": null});
        assert_edit_refused(&desk.rotator, &proven, &[("step", creating)], then).await;
    }
    for then in [Then::Abandon, Then::Finish] {
        assert_edit_refused(&desk.rotator, &proven, &[("missing", json!([name]))], then).await;
    }
    assert_eq!(desk.live().await.len(), 2);
}

#[tokio::test]
async fn resumed_finish_keeps_the_last_token_that_works() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let tokens = desk.client.tokens();
    tokens.revoke(&new_id(&proven)).await.unwrap();
    let mut state = serde_json::to_value(&proven).unwrap();
    state["step"] = json!({"at": "finishing", "new": new_id(&proven)});
    let state: RotationState = serde_json::from_value(state).unwrap();
    for outcome in [
        desk.rotator.resume(state.clone()).await,
        desk.rotator.finish(state.clone(), Duration::ZERO).await,
    ] {
        let error = outcome.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::NewNotLive),
            "{error:?}"
        );
    }
    assert_eq!(desk.live().await, [desk.old.as_str()]);
    // Where the old one is revoked already, there is nothing to keep.
    tokens.revoke(&desk.old).await.unwrap();
    assert!(desk.rotator.resume(state).await.unwrap().is_over());
}

#[tokio::test]
async fn state_of_a_rotation_without_a_name_can_be_read_again() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let mut state = serde_json::to_value(&proven).unwrap();
    state["step"] = json!({"at": "creating", "name": "-r0123456789ab", "new": null});
    state["missing"] = json!([" -r0123456789ab"]);
    let state: RotationState = serde_json::from_value(state).unwrap();
    assert_eq!(state.missing().len(), 1);
}

#[tokio::test]
async fn grace_period_does_not_begin_before_the_new_token_was_created() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let mut edited = serde_json::to_value(&proven).unwrap();
    edited["started_at"] = json!(0);
    edited["step"]["since"] = json!(0);
    let edited: RotationState = serde_json::from_value(edited).unwrap();
    let error = desk.rotator.finish(edited, HOUR).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::TooEarly { .. }),
        "{error}"
    );
    assert_eq!(desk.live().await.len(), 2);
}

#[tokio::test]
async fn names_do_not_grow_and_are_unique() {
    let desk = Desk::new().await;
    let mut names = vec![];
    let mut old = desk.target();
    for _ in 0..3 {
        let state = desk.rotator.rotate(old, RotationSpec::new()).await.unwrap();
        names.push(desk.token(&new_id(&state)).name);
        old = state.new_target().unwrap();
        desk.rotator.finish(state, Duration::ZERO).await.unwrap();
    }
    assert!(
        names
            .iter()
            .all(|name| base_name(name) == "desk" && name.len() == "desk-r".len() + 12)
    );
    names.dedup();
    assert_eq!(names.len(), 3);
    let long = RotationSpec::new().name("ü".repeat(300));
    let state = desk.rotator.rotate(old, long).await.unwrap();
    assert_eq!(desk.token(&new_id(&state)).name.chars().count(), 64);
    for plain in [
        "",
        "-r0123456789ab",
        "x-r0123456789aB",
        "x-r0123456789abc",
        "x-r",
        "desk",
    ] {
        assert_eq!(base_name(plain), plain);
    }
}

#[tokio::test]
async fn spec_changes_the_successor() {
    let desk = Desk::new().await;
    let spec = RotationSpec::new()
        .name("moved")
        .allowlist(list(&[HERE, "203.0.113.0/24"]))
        .lifetime(2 * HOUR)
        .token_type("read_only");
    let state = desk.rotator.rotate(desk.target(), spec).await.unwrap();
    let new = new_id(&state);
    let token = desk.token(&new);
    assert_eq!(base_name(&token.name), "moved");
    assert_eq!(token.allowed_cidrs.unwrap(), [HERE, "203.0.113.0/24"]);
    let tokens = desk.tokens().await;
    let listed = tokens.iter().find(|token| token.lookup_id() == new).unwrap();
    let lived = listed.expiry().left(listed.created_at().unwrap()).unwrap();
    assert_eq!(lived, 2 * HOUR);
    assert_eq!(listed.kind().unwrap().as_str(), "read_only");
}

#[tokio::test]
async fn read_only_token_has_a_read_only_successor() {
    let desk = Desk::of_type("read_only").await;
    let state = desk.rotate().await.unwrap();
    let secret = desk.store.secret(&new_id(&state)).unwrap();
    let bot = client_with(&desk.exchange, bearer(&desk.exchange, &secret));
    let error = bot.api().cancel_all_orders().send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));

    // An exchange that makes another kind than it lists is not believed.
    desk.inject(
        &CREATE_TOKEN,
        Fault::edit_response(|response| response["api_token"]["kind"] = json!("api_key")),
    );
    let before = desk.live().await;
    let error = desk.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Mismatch { .. }),
        "{error:?}"
    );
    assert!(matches!(error.cleanup(), Cleanup::Revoked(_)), "{error}");
    assert_eq!(desk.live().await, before);
}

#[tokio::test]
async fn unknown_allowlist_is_never_carried_over() {
    let desk = Desk::new().await;
    for odd in [json!(null), json!("?"), json!(["010.0.0.0/8"]), json!([7])] {
        desk.exchange.set_token_allowlist(&desk.old, odd.clone()).unwrap();
        let error = desk.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::AllowlistUnknown(_)),
            "{odd}: {error:?}"
        );
        assert!(matches!(error.cleanup(), Cleanup::Nothing), "{odd}: {error}");
    }
    assert_eq!(desk.tokens().await.len(), 1, "nothing was created");
    // Naming one is the way out, and an open one stays open.
    let named = RotationSpec::new().allowlist(list(&[HERE]));
    desk.rotator.rotate(desk.target(), named).await.unwrap();
    desk.exchange.set_token_allowlist(&desk.old, json!([])).unwrap();
    let state = desk.rotate().await.unwrap();
    assert_eq!(
        desk.token(&new_id(&state)).allowed_cidrs.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn impossible_rotation_is_refused_before_anything_is_created() {
    let desk = Desk::new().await;
    let refused = async |edit: fn(&mut Value), spec: RotationSpec| {
        desk.inject(&LIST_TOKENS, Fault::edit_response(edit));
        let error = desk.rotator.rotate(desk.target(), spec).await.unwrap_err();
        let RotationProblem::Invalid(problem) = error.problem() else {
            panic!("{error:?}")
        };
        problem.to_string()
    };
    let plain = RotationSpec::new;
    let text = refused(|list| list["results"][0]["kind"] = json!(null), plain()).await;
    assert!(text.contains("set the new token's type"), "{text}");
    for unknown in [
        |list: &mut Value| list["results"][0]["expiry_at"] = json!(0),
        |list: &mut Value| list["results"][0]["expiry_at"] = json!(null),
        |list: &mut Value| list["results"][0]["created_at"] = json!(null),
    ] {
        let text = refused(unknown, plain()).await;
        assert!(text.contains("set the new token's lifetime"), "{text}");
    }
    let text = refused(|list| list["results"] = json!([]), plain()).await;
    assert!(text.contains("no token with this id"), "{text}");
    let text = refused(|_| {}, plain().lifetime(Duration::from_secs(1))).await;
    assert!(text.contains("60 s"), "{text}");
    desk.client.tokens().revoke(&desk.old).await.unwrap();
    let text = refused(|_| {}, plain()).await;
    assert!(text.contains("revoked"), "{text}");
    assert_eq!(desk.tokens().await.len(), 1);
    assert!(desk.store.steps().is_empty(), "nothing was begun");
}

#[tokio::test]
async fn lifetime_is_carried_over_in_each_time_unit() {
    for unit in [TimeUnit::Seconds, TimeUnit::Nanoseconds] {
        let exchange = Simulator::builder()
            .strict()
            .time_unit(unit)
            .start()
            .await
            .unwrap();
        let client = main_client(&exchange);
        let new = NewToken::new("desk", "api_key", NewToken::LONGEST, list(&[HERE])).unwrap();
        let created = client.tokens().create(new).await.unwrap();
        let rotator = Rotator::new(client, Arc::new(Store::default()));
        let old = Target::Token(created.lookup_id().to_owned());
        rotator.rotate(old, RotationSpec::new()).await.unwrap();
        let bodies: Vec<Value> = exchange
            .requests()
            .iter()
            .filter(|request| request.operation() == Some(&CREATE_TOKEN))
            .map(|request| serde_json::from_slice(request.body()).unwrap())
            .collect();
        assert_eq!(
            bodies[0]["expiry_duration"], bodies[1]["expiry_duration"],
            "{unit:?}"
        );
    }
}

#[tokio::test]
async fn failing_sink_leaves_no_token_behind() {
    let desk = Desk::new().await;
    // Writing down, writing down, storing.
    desk.store.break_at(2, Break::Fail);
    let error = desk.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotStored(_)),
        "{error:?}"
    );
    let Cleanup::Revoked(new) = error.cleanup() else {
        panic!("{error:?}")
    };
    assert!(desk.token(&id(new)).revoked);
    assert_eq!(desk.live().await, [desk.old.as_str()]);
    assert!(error.to_string().contains("was revoked"), "{error}");
    assert_silent(&error);
    // It begins again where it is told to.
    let state = desk.rotator.resume(error.into_state()).await.unwrap();
    assert!(matches!(state.step(), RotationStep::Proven { .. }));
    assert_eq!(desk.live().await.len(), 2);
}

#[tokio::test]
async fn new_token_of_unknown_revocation_is_named_in_the_error() {
    for fault in [
        Fault::reset_before(),
        Fault::html(StatusCode::BAD_GATEWAY),
        Fault::reset_after(),
    ] {
        let desk = Desk::new().await;
        desk.store.break_at(2, Break::Fail);
        desk.inject(&REVOKE_TOKEN, fault.clone());
        let error = desk.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::NotStored(_)),
            "{error:?}"
        );
        let Cleanup::MayBeLive(new, _) = error.cleanup() else {
            panic!("{fault:?}: {error:?}")
        };
        let text = error.to_string();
        assert!(text.contains("MAY BE LIVE") && text.contains(&id(new)), "{text}");
        let new = id(new);
        // What was written down leads to it.
        let written = desk.store.state().unwrap();
        assert_eq!(written, *error.state());
        desk.rotator.resume(written).await.unwrap();
        assert!(desk.token(&new).revoked, "{fault:?}");
        assert_eq!(desk.live().await.len(), 2);
    }
}

#[tokio::test]
async fn failing_journal_stops_before_the_step() {
    // Creating, storing, (the store), proving, proven.
    for call in [0, 1, 3, 4] {
        let desk = Desk::new().await;
        desk.store.break_at(call, Break::Fail);
        let error = desk.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::NotRecorded(_)),
            "{error:?}"
        );
        match (call, error.cleanup()) {
            (0, Cleanup::Nothing) => assert_eq!(desk.tokens().await.len(), 1),
            // Its text was here alone.
            (1, Cleanup::Revoked(new)) => assert!(desk.token(&id(new)).revoked),
            (3 | 4, Cleanup::Kept(new)) => assert!(!desk.token(&id(new)).revoked),
            (_, cleanup) => panic!("{call}: {cleanup:?}"),
        }
        let made = desk.tokens().await.len();
        let state = desk.rotator.resume(error.into_state()).await.unwrap();
        assert!(
            state.missing().is_empty(),
            "{call}: nothing is looked for that was not sent"
        );
        assert_eq!(desk.live().await, [desk.old.clone(), new_id(&state)]);
        if call > 1 {
            assert_eq!(desk.tokens().await.len(), made, "what was stored is used");
        }
    }
    // The old one is not revoked before that is written down.
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    desk.store.break_at(0, Break::Fail);
    let error = desk.rotator.finish(proven, Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotRecorded(_)),
        "{error:?}"
    );
    assert!(!desk.token(&desk.old).revoked);
    desk.store.mend();
    desk.rotator
        .finish(error.into_state(), Duration::ZERO)
        .await
        .unwrap();
    assert!(desk.token(&desk.old).revoked);
}

#[tokio::test]
async fn token_whose_text_is_lost_is_found_by_name_and_revoked() {
    for fault in [
        Fault::reset_after(),
        Fault::truncated(),
        Fault::edit_response(|response| *response = json!("what is this")),
        Fault::edit_response(|response| response["token"] = json!("")),
    ] {
        let desk = Desk::new().await;
        desk.inject(&CREATE_TOKEN, fault.clone());
        let error = desk.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::NotCreated(_)),
            "{error:?}"
        );
        let Cleanup::Revoked(orphan) = error.cleanup() else {
            panic!("{fault:?}: {error:?}")
        };
        assert!(desk.token(&id(orphan)).revoked);
        assert_eq!(desk.live().await, [desk.old.as_str()], "{fault:?}");
        assert!(error.state().missing().is_empty());
        assert_silent(&error);
        desk.rotator.resume(error.into_state()).await.unwrap();
        assert_eq!(desk.live().await.len(), 2);
    }
}

#[tokio::test]
async fn token_of_a_late_request_is_looked_for_again() {
    let desk = Desk::new().await;
    desk.inject(&CREATE_TOKEN, Fault::reset_before());
    let error = desk.rotate().await.unwrap_err();
    let Cleanup::NotListed(name) = error.cleanup() else {
        panic!("{error:?}")
    };
    let name = name.clone();
    assert_eq!(error.state().missing(), [name.as_str()]);
    let proven = desk.rotator.resume(error.into_state()).await.unwrap();
    // It was under way all the time.
    let late = NewToken::new(name, "api_key", HOUR, list(&[HERE])).unwrap();
    let late = desk.client.tokens().create(late).await.unwrap();
    assert_eq!(desk.live().await.len(), 3);
    let finished = desk.rotator.finish(proven, Duration::ZERO).await.unwrap();
    assert!(desk.token(late.lookup_id()).revoked);
    assert_eq!(desk.live().await, [new_id(&finished)]);
    assert!(finished.missing().is_empty());
}

#[tokio::test]
async fn orphan_is_remembered_while_the_list_cannot_be_read() {
    let desk = Desk::new().await;
    desk.inject(&CREATE_TOKEN, Fault::reset_after());
    // Two lists before it, and the one that looks for it.
    desk.exchange.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(&LIST_TOKENS)
            .skip(2),
    );
    let error = desk.rotate().await.unwrap_err();
    let Cleanup::NotSearched(name, _) = error.cleanup() else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains(name.as_str()), "{error}");
    assert_eq!(desk.live().await.len(), 2, "the orphan lives");
    let state = desk.rotator.resume(desk.store.state().unwrap()).await.unwrap();
    assert_eq!(desk.live().await, [desk.old.clone(), new_id(&state)]);
}

#[tokio::test]
async fn unsent_request_is_not_looked_for() {
    let desk = Desk::new().await;
    desk.exchange.inject(
        Injection::new(Fault::html(StatusCode::BAD_GATEWAY))
            .on(&LIST_TOKENS)
            .skip(1),
    );
    let error = desk.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotRead(_)),
        "{error:?}"
    );
    assert!(matches!(error.state().step(), RotationStep::Ready));
    assert_eq!(desk.store.state().as_ref(), Some(error.state()));
    // One that is refused was not made either.
    desk.inject(
        &CREATE_TOKEN,
        Fault::raw(
            StatusCode::BAD_REQUEST,
            Default::default(),
            r#"{"error":"TOKEN_LIMIT_REACHED"}"#,
        ),
    );
    let error = desk.rotator.resume(error.into_state()).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotCreated(_)),
        "{error:?}"
    );
    assert!(matches!(error.cleanup(), Cleanup::Nothing), "{error:?}");
    assert!(matches!(error.state().step(), RotationStep::Ready));
    assert_eq!(desk.tokens().await.len(), 1);
}

#[tokio::test]
async fn token_with_another_allowlist_than_requested_is_revoked_before_it_is_stored() {
    let wide = |response: &mut Value| response["api_token"]["allowed_cidrs"] = json!(["0.0.0.0/0"]);
    let silent = |response: &mut Value| response["api_token"]["allowed_cidrs"] = json!(null);
    let nameless = |response: &mut Value| response["api_token"] = json!(null);
    for (edit, shown) in [(wide as fn(&mut Value), true), (silent, false), (nameless, false)] {
        let desk = Desk::new().await;
        desk.inject(&CREATE_TOKEN, Fault::edit_response(edit));
        if !shown {
            // The list shows the new token, which is wide as well; the old token is listed first.
            let wide = |list: &mut Value| list["results"][1]["allowed_cidrs"] = json!([]);
            desk.exchange.inject(
                Injection::new(Fault::edit_response(wide))
                    .on(&LIST_TOKENS)
                    .skip(2),
            );
        }
        let error = desk.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::Mismatch { .. }),
            "{error:?}"
        );
        assert!(matches!(error.cleanup(), Cleanup::Revoked(_)), "{error:?}");
        assert_eq!(desk.live().await, [desk.old.as_str()]);
        assert!(desk.store.secrets.lock().unwrap().is_empty());
    }
    // A response that does not show the token is accepted if the list shows it.
    for edit in [silent, nameless] {
        let desk = Desk::new().await;
        desk.inject(&CREATE_TOKEN, Fault::edit_response(edit));
        desk.rotate().await.unwrap();
    }
}

#[tokio::test]
async fn token_that_does_not_work_from_here_can_be_marked_proven() {
    let desk = Desk::new().await;
    let spec = || RotationSpec::new().allowlist(list(&["203.0.113.0/24"]));
    let error = desk.rotator.rotate(desk.target(), spec()).await.unwrap_err();
    let RotationProblem::NotProven(cause) = error.problem() else {
        panic!("{error:?}")
    };
    assert_eq!(cause.code().unwrap().as_str(), "IP_NOT_ALLOWED");
    assert!(matches!(error.cleanup(), Cleanup::Kept(_)), "{error:?}");
    let state = error.into_state();
    // Not before it is marked as proven.
    let error = desk
        .rotator
        .finish(state.clone(), Duration::ZERO)
        .await
        .unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Invalid(_)),
        "{error:?}"
    );
    assert!(!desk.token(&desk.old).revoked);
    // Mark it as proven, or prove it with another group.
    let vouched = desk.rotator.mark_proven(state.clone()).await.unwrap();
    assert!(vouched.proven_at().is_some());
    let inside: IpAddr = "203.0.113.7".parse().unwrap();
    let group = Client::builder(environment(&desk.exchange))
        .http_client_builder(desk.exchange.http_from(inside))
        .build_group()
        .unwrap();
    let pinned = desk.rotator.clone().prove_with(group);
    let proven = pinned.resume(state).await.unwrap();
    desk.rotator.finish(proven.clone(), Duration::ZERO).await.unwrap();
    assert_eq!(desk.live().await, [new_id(&proven)]);
    // One that is proven is not proven again.
    let error = desk.rotator.mark_proven(proven).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Invalid(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn secret_that_the_sink_does_not_return_is_not_proven() {
    let desk = Desk::new().await;
    desk.inject(&GET_ACCOUNT, Fault::html(StatusCode::BAD_GATEWAY));
    let error = desk.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotProven(_)),
        "{error:?}"
    );
    desk.store.write_only.store(true, Ordering::SeqCst);
    let error = desk.rotator.resume(error.into_state()).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::SecretUnavailable),
        "{error:?}"
    );
    assert!(
        !desk.token(&new_id(error.state())).revoked,
        "bots may use it already"
    );
    let abandoned = desk.rotator.abandon(error.into_state()).await.unwrap();
    assert!(abandoned.is_over());
    assert_eq!(desk.live().await, [desk.old.as_str()]);
}

#[tokio::test]
async fn wrong_secret_from_the_sink_is_refused() {
    let desk = Desk::new().await;
    desk.inject(&GET_ACCOUNT, Fault::html(StatusCode::BAD_GATEWAY));
    let state = desk.rotate().await.unwrap_err().into_state();
    let other = Secret::new("another token");
    desk.store.secrets.lock().unwrap().insert(new_id(&state), other);
    let error = desk.rotator.resume(state).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::SecretMismatch),
        "{error:?}"
    );
}

/// Runs one half of a rotation in a process that dies at a call of the store. Returns whether it died.
async fn dies(
    desk: &Desk,
    work: impl Future<Output = Result<RotationState, RotationError>> + Send + 'static,
) -> bool {
    match tokio::spawn(work).await {
        Ok(outcome) => {
            outcome.unwrap();
            false
        }
        Err(error) => {
            assert!(error.is_panic());
            desk.store.mend();
            true
        }
    }
}

#[tokio::test]
async fn crash_at_any_step_leaves_two_working_tokens_or_one() {
    for how in [Break::PanicBefore, Break::PanicAfter] {
        let mut died = 0;
        for call in 0.. {
            let desk = Desk::new().await;
            desk.store.break_at(call, how);
            let (rotator, target) = (desk.rotator.clone(), desk.target());
            let work = async move { rotator.rotate(target, RotationSpec::new()).await };
            if !dies(&desk, work).await {
                break;
            }
            died += 1;
            assert!(
                desk.works(&desk.secret).await,
                "the old one works whatever happens"
            );
            let state = match desk.store.state() {
                Some(state) => desk.rotator.resume(state).await.unwrap(),
                // Nothing was written, so nothing was done.
                None => {
                    assert_eq!(desk.tokens().await.len(), 1);
                    continue;
                }
            };
            let new = new_id(&state);
            assert!(
                matches!(state.step(), RotationStep::Proven { .. }),
                "{how:?} {call}"
            );
            assert_eq!(
                desk.live().await,
                [desk.old.clone(), new.clone()],
                "{how:?} {call}"
            );
            assert!(desk.works(&desk.store.secret(&new).unwrap()).await);
            assert_eq!(desk.store.state().unwrap(), state);
        }
        assert_eq!(died, 5, "four steps and the store");
        let mut died = 0;
        for call in 0.. {
            let desk = Desk::new().await;
            let proven = desk.rotate().await.unwrap();
            let new = new_id(&proven);
            desk.store.break_at(call, how);
            let rotator = desk.rotator.clone();
            let work = async move { rotator.finish(proven, Duration::ZERO).await };
            if !dies(&desk, work).await {
                break;
            }
            died += 1;
            assert!(desk.works(&desk.store.secret(&new).unwrap()).await);
            let state = desk.store.state().unwrap();
            let state = match state.step() {
                RotationStep::Proven { .. } => {
                    assert!(desk.works(&desk.secret).await);
                    desk.rotator.finish(state, Duration::ZERO).await.unwrap()
                }
                _ => desk.rotator.resume(state).await.unwrap(),
            };
            assert!(
                matches!(state.step(), RotationStep::Finished { .. }),
                "{how:?} {call}"
            );
            assert_eq!(desk.live().await, [new]);
        }
        assert_eq!(died, 2);
    }
}

#[tokio::test]
async fn crash_while_discarding_is_resumed() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let new = new_id(&proven);
    desk.store.break_at(0, Break::PanicAfter);
    let rotator = desk.rotator.clone();
    assert!(dies(&desk, async move { rotator.abandon(proven).await }).await);
    assert!(!desk.token(&new).revoked);
    let state = desk.rotator.resume(desk.store.state().unwrap()).await.unwrap();
    assert!(matches!(state.step(), RotationStep::Abandoned));
    assert_eq!(desk.live().await, [desk.old.as_str()]);
    assert_eq!(desk.rotator.abandon(state.clone()).await.unwrap(), state);
    // What is finished is not given up.
    let proven = desk.rotate().await.unwrap();
    let finished = desk.rotator.finish(proven, Duration::ZERO).await.unwrap();
    let error = desk.rotator.abandon(finished).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Invalid(_)),
        "{error:?}"
    );
    assert_eq!(desk.live().await.len(), 1);
}

/// Drops a rotation in the middle of each call that it makes to the exchange.
#[tokio::test]
async fn rotation_dropped_in_any_call_can_be_resumed() {
    for (operation, after) in [
        (&LIST_TOKENS, 0),
        (&LIST_TOKENS, 1),
        (&CREATE_TOKEN, 0),
        (&GET_ACCOUNT, 0),
    ] {
        let desk = Desk::new().await;
        desk.exchange.inject(
            Injection::new(Fault::delay_after(Duration::from_secs(3_600)))
                .on(operation)
                .skip(after),
        );
        let arrived = async {
            let count = || {
                let requests = desk.exchange.requests();
                requests
                    .iter()
                    .filter(|request| request.operation() == Some(operation))
                    .count()
            };
            // The token of the desk was made before.
            let wanted = count() + after + 1;
            while count() < wanted {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            outcome = desk.rotate() => panic!("{operation}: {outcome:?}"),
            () = arrived => {}
        }
        match desk.store.state() {
            Some(state) => {
                let state = desk.rotator.resume(state).await.unwrap();
                assert_eq!(
                    desk.live().await,
                    [desk.old.clone(), new_id(&state)],
                    "{operation}"
                );
            }
            None => assert_eq!(desk.live().await, [desk.old.as_str()], "{operation}"),
        }
    }
}

#[tokio::test]
async fn old_token_is_kept_while_it_is_the_last_that_works() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    desk.client.tokens().revoke(&new_id(&proven)).await.unwrap();
    let error = desk.rotator.finish(proven, Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NewNotLive),
        "{error:?}"
    );
    assert_eq!(desk.live().await, [desk.old.as_str()]);
}

#[tokio::test]
async fn revocation_of_unknown_outcome_can_be_finished_again() {
    for fault in [
        Fault::reset_after(),
        Fault::reset_before(),
        Fault::html(StatusCode::BAD_GATEWAY),
    ] {
        let desk = Desk::new().await;
        let proven = desk.rotate().await.unwrap();
        desk.inject(&REVOKE_TOKEN, fault);
        let error = desk.rotator.finish(proven, Duration::ZERO).await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::OldNotRevoked(_)),
            "{error:?}"
        );
        let finished = desk.rotator.finish(error.into_state(), HOUR).await.unwrap();
        assert_eq!(desk.live().await, [new_id(&finished)]);
    }
}

#[tokio::test]
async fn old_token_that_the_exchange_does_not_know_counts_as_revoked() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let gone = r#"{"error":"NOT_FOUND","message":"m"}"#;
    let gone = Fault::raw(StatusCode::NOT_FOUND, Default::default(), gone);
    desk.inject(&REVOKE_TOKEN, gone);
    let finished = desk.rotator.finish(proven, Duration::ZERO).await.unwrap();
    assert!(finished.is_over());
}

#[tokio::test]
async fn client_does_not_resume_revoking_its_own_token() {
    let desk = Desk::of_type("main").await;
    let proven = desk.rotate().await.unwrap();
    desk.inject(&REVOKE_TOKEN, Fault::reset_before());
    let finishing = desk.rotator.finish(proven, Duration::ZERO).await.unwrap_err();
    assert!(matches!(finishing.state().step(), RotationStep::Finishing { .. }));
    let own = client_with(&desk.exchange, bearer(&desk.exchange, &desk.secret));
    let rotator = Rotator::new(own, Arc::clone(&desk.store) as Arc<dyn RotationSink>);
    let error = rotator.resume(finishing.into_state()).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::OwnCredential(_)),
        "{error:?}"
    );
    assert!(!desk.token(&desk.old).revoked);
}

#[tokio::test]
async fn token_in_use_is_never_revoked_unless_forced() {
    let desk = Desk::of_type("main").await;
    let own = client_with(&desk.exchange, bearer(&desk.exchange, &desk.secret));
    let rotator = Rotator::new(own.clone(), Arc::clone(&desk.store) as Arc<dyn RotationSink>);
    let rotate = async || rotator.rotate(desk.target(), RotationSpec::new()).await.unwrap();
    let proven = rotate().await;
    let error = rotator.finish(proven.clone(), Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::OwnCredential(_)),
        "{error:?}"
    );
    assert!(!desk.token(&desk.old).revoked);
    assert!(matches!(error.state().step(), RotationStep::Proven { .. }));
    // Another token by text cannot be told from it either.
    let other = NewToken::new("other", "main", HOUR, IpAllowlist::Unrestricted).unwrap();
    let other = desk.client.tokens().create(other).await.unwrap();
    own.replace_credentials(bearer(&desk.exchange, other.secret()))
        .unwrap();
    let error = rotator.finish(proven.clone(), Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::OwnCredential(_)),
        "{error:?}"
    );
    // Once it uses the new one, it is certain that it is not the old one.
    let secret = desk.store.secret(&new_id(&proven)).unwrap();
    own.replace_credentials(bearer(&desk.exchange, &secret)).unwrap();
    let error = rotator.abandon(proven.clone()).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::OwnCredential(_)),
        "{error:?}"
    );
    rotator.finish(proven, Duration::ZERO).await.unwrap();
    assert!(desk.token(&desk.old).revoked);

    // By name it is.
    let desk = Desk::of_type("main").await;
    let own = client_with(&desk.exchange, bearer(&desk.exchange, &desk.secret));
    let rotator = Rotator::new(own, Arc::clone(&desk.store) as Arc<dyn RotationSink>);
    let proven = rotator.rotate(desk.target(), RotationSpec::new()).await.unwrap();
    let force = Force::none().despite_own_credential();
    rotator.finish_with(proven, Duration::ZERO, force).await.unwrap();
    assert!(desk.token(&desk.old).revoked);
}

#[tokio::test]
async fn session_opened_with_a_key_is_not_an_api_token() {
    let desk = Desk::new().await;
    let rotator = Rotator::new(
        main_client(&desk.exchange),
        Arc::clone(&desk.store) as Arc<dyn RotationSink>,
    );
    let proven = rotator.rotate(desk.target(), RotationSpec::new()).await.unwrap();
    rotator.finish(proven, Duration::ZERO).await.unwrap();
    // And one that was given as text is none that ends at another time, which is what the other tests use.
    assert_eq!(desk.client.session_kind(), Some(SessionKind::Token));
}

#[tokio::test]
async fn rotation_is_bound_to_its_environment() {
    let desk = Desk::new().await;
    let proven = desk.rotate().await.unwrap();
    let elsewhere = Desk::new().await;
    for error in [
        elsewhere.rotator.resume(proven.clone()).await.unwrap_err(),
        elsewhere
            .rotator
            .finish(proven.clone(), Duration::ZERO)
            .await
            .unwrap_err(),
        elsewhere.rotator.abandon(proven.clone()).await.unwrap_err(),
    ] {
        assert!(
            matches!(error.problem(), RotationProblem::Invalid(_)),
            "{error:?}"
        );
    }
}

/// What a bot of the fleet reads its token from: the place where the store's newest proven one is named.
#[derive(Clone)]
struct Current(Arc<Mutex<Secret>>, Environment);

impl CredentialProvider for Current {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(async move {
            Ok(Credentials::bearer(
                self.1.clone(),
                self.0.lock().unwrap().clone(),
            )?)
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_rotations_under_load_fail_no_call() {
    let exchange = Simulator::builder()
        .strict()
        .token_limit(100)
        .start()
        .await
        .unwrap();
    // Every call is under way for a moment, so that some are whenever something changes.
    let slow = Fault::delay_after(Duration::from_millis(5));
    exchange.inject(Injection::new(slow).on(&GET_ACCOUNT).times(usize::MAX));
    let main = client_with(&exchange, bearer(&exchange, &exchange.main_session()));
    let store = Arc::new(Store::default());
    let rotator = Rotator::new(main.clone(), Arc::clone(&store) as Arc<dyn RotationSink>);
    let (mut bots, mut rotations) = (vec![], vec![]);
    for number in 0..40 {
        let new = NewToken::new(format!("bot {number}"), "api_key", HOUR, list(&[HERE])).unwrap();
        let created = main.tokens().create(new).await.unwrap();
        let old = Target::Token(created.lookup_id().to_owned());
        let current = Current(
            Arc::new(Mutex::new(created.into_secret())),
            environment(&exchange),
        );
        let bot = main.group().client_with_provider(current.clone());
        let over = Arc::new(AtomicBool::new(false));
        bot.api().get_account().send().await.unwrap();
        let first = bot.credentials().unwrap().id();
        bots.push(tokio::spawn(calls(bot.clone(), first, Arc::clone(&over))));
        let (rotator, store) = (rotator.clone(), Arc::clone(&store));
        rotations.push(tokio::spawn(async move {
            let proven = rotator.rotate(old, RotationSpec::new()).await.unwrap();
            *current.0.lock().unwrap() = store.secret(&new_id(&proven)).unwrap();
            match number % 3 {
                0 => bot.reload_credentials().await.unwrap(),
                1 => bot
                    .replace_credentials(current.credentials().await.unwrap())
                    .unwrap(),
                // This program is not notified; it learns from a 401.
                _ => {}
            }
            let finished = rotator.finish(proven, Duration::ZERO).await.unwrap();
            over.store(true, Ordering::SeqCst);
            new_id(&finished)
        }));
    }
    let mut finished = vec![];
    for rotation in rotations {
        finished.push(rotation.await.unwrap());
    }
    for bot in bots {
        let credentials = bot.await.unwrap().expect("no call fails");
        assert_eq!(credentials.len(), 2, "{credentials:?}");
    }
    let tokens = main.tokens().list().send().await.unwrap();
    let mut live: Vec<String> = tokens.iter().map(|token| token.lookup_id().to_owned()).collect();
    live.sort();
    finished.sort();
    assert_eq!(live, finished, "the forty new ones are all there is");
}

/// Makes calls until the old token is revoked, and one more. Returns the credentials that were used.
async fn calls(bot: Client, first: String, over: Arc<AtomicBool>) -> Result<Vec<String>, String> {
    let mut credentials = vec![first];
    loop {
        let last = over.load(Ordering::SeqCst);
        let call = bot.api().get_account().send();
        call.await.map_err(|error| error.to_string())?;
        credentials.extend(bot.credentials().map(|credentials| credentials.id()));
        credentials.dedup();
        if last {
            return Ok(credentials);
        }
    }
}

/// An exchange with one subkey called `bot` that works from here.
struct Bot {
    exchange: Simulator,
    client: Client,
    store: Arc<Store>,
    rotator: Rotator,
    old: String,
}

const KEY: &str = "0x123456789abcdef";

impl Bot {
    async fn new() -> Self {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let client = client_with(&exchange, bearer(&exchange, &exchange.main_session()));
        Self::with(exchange, client).await
    }

    async fn with(exchange: Simulator, client: Client) -> Self {
        let old = StarknetPrivateKey::from_hex(KEY)
            .unwrap()
            .public_key()
            .to_string();
        let new = NewSubkey::new("bot", &old, list(&[HERE])).unwrap();
        client.subkeys().register(new).await.unwrap();
        let store = Arc::new(Store::default());
        Self {
            rotator: Rotator::new(client.clone(), Arc::clone(&store) as Arc<dyn RotationSink>),
            exchange,
            client,
            store,
            old,
        }
    }

    async fn rotate(&self) -> Result<RotationState, RotationError> {
        let target = Target::Subkey(self.old.clone());
        self.rotator.rotate(target, RotationSpec::new()).await
    }

    async fn works(&self, key: &str) -> bool {
        let key = StarknetPrivateKey::from_hex(key).unwrap();
        let account = self.exchange.main_account().parse().unwrap();
        let credentials = Credentials::subkey(environment(&self.exchange), key, account);
        let client = self.client.group().client(credentials).unwrap();
        client.api().get_account().send().await.is_ok()
    }

    async fn live(&self) -> Vec<String> {
        let subkeys = self.client.subkeys().list().send().await.unwrap();
        subkeys
            .iter()
            .map(|subkey| subkey.public_key().to_owned())
            .collect()
    }

    fn inject(&self, operation: &'static Operation, fault: Fault) {
        self.exchange.inject(Injection::new(fault).on(operation));
    }
}

#[tokio::test]
async fn subkey_is_replaced_and_its_key_stored_before_registration() {
    let exchange = Simulator::builder()
        .strict()
        .require_subkey_signature()
        .start()
        .await
        .unwrap();
    let client = main_client(&exchange);
    let bot = Bot::with(exchange, client).await;
    let proven = bot.rotate().await.unwrap();
    assert_eq!(bot.store.steps(), ["storing", "creating", "proving", "proven"]);
    let new = new_id(&proven);
    let secret = bot.store.secret(&new).unwrap();
    assert_eq!(
        StarknetPrivateKey::from_hex(secret.expose())
            .unwrap()
            .public_key()
            .to_string(),
        new
    );
    assert_eq!(secret.expose().len(), 66);
    assert!(bot.works(secret.expose()).await && bot.works(KEY).await);
    let registered = bot.exchange.subkey(&new).unwrap();
    assert_eq!(registered.allowed_cidrs.unwrap(), [HERE]);
    assert_eq!(base_name(&registered.name), "bot");
    let text = serde_json::to_string(&proven).unwrap();
    assert!(!text.contains(&secret.expose()[2..]));

    let finished = bot
        .rotator
        .finish(bot.store.state().unwrap(), Duration::ZERO)
        .await
        .unwrap();
    assert!(finished.is_over());
    assert!(bot.works(secret.expose()).await && !bot.works(KEY).await);
    assert_eq!(bot.live().await, [new]);
}

#[tokio::test]
async fn crash_at_any_step_leaves_two_working_subkeys_or_one() {
    for how in [Break::PanicBefore, Break::PanicAfter] {
        let mut died = 0;
        for call in 0.. {
            let bot = Bot::new().await;
            bot.store.break_at(call, how);
            let (rotator, old) = (bot.rotator.clone(), bot.old.clone());
            let work =
                tokio::spawn(async move { rotator.rotate(Target::Subkey(old), RotationSpec::new()).await });
            if work.await.is_ok() {
                break;
            }
            bot.store.mend();
            died += 1;
            let Some(state) = bot.store.state() else {
                assert_eq!(bot.live().await, [bot.old.as_str()]);
                continue;
            };
            let state = bot.rotator.resume(state).await.unwrap();
            let new = new_id(&state);
            assert!(
                matches!(state.step(), RotationStep::Proven { .. }),
                "{how:?} {call}"
            );
            let mut live = bot.live().await;
            live.sort();
            let mut wanted = [bot.old.clone(), new.clone()];
            wanted.sort();
            assert_eq!(live, wanted, "{how:?} {call}");
            assert!(bot.works(bot.store.secret(&new).unwrap().expose()).await);
            let finished = bot.rotator.finish(state, Duration::ZERO).await.unwrap();
            assert_eq!(bot.live().await, [new_id(&finished)]);
        }
        assert_eq!(died, 5);
    }
}

#[tokio::test]
async fn registration_whose_response_is_lost_is_looked_up_and_made_once() {
    let bot = Bot::new().await;
    bot.inject(&REGISTER_SUBKEY, Fault::reset_after());
    let proven = bot.rotate().await.unwrap();
    assert_eq!(bot.live().await.len(), 2);
    bot.rotator.abandon(proven).await.unwrap();
    assert_eq!(bot.live().await, [bot.old.as_str()]);

    // One that did not arrive is made again, with the key that is stored.
    bot.inject(&REGISTER_SUBKEY, Fault::reset_before());
    let error = bot.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotRegistered(_)),
        "{error:?}"
    );
    assert!(matches!(error.cleanup(), Cleanup::NotListed(_)), "{error:?}");
    let key = new_id(error.state());
    let proven = bot.rotator.resume(error.into_state()).await.unwrap();
    assert_eq!(new_id(&proven), key);
    bot.rotator.abandon(proven).await.unwrap();

    // One whose key was lost since is not.
    bot.inject(&REGISTER_SUBKEY, Fault::reset_before());
    let error = bot.rotate().await.unwrap_err();
    let key = new_id(error.state());
    bot.store.secrets.lock().unwrap().clear();
    let proven = bot.rotator.resume(error.into_state()).await.unwrap();
    assert_ne!(new_id(&proven), key);
    assert!(
        bot.exchange.subkey(&key).is_none(),
        "a key that the sink does not have is not registered"
    );
    bot.rotator.abandon(proven).await.unwrap();

    // One that arrived late is found.
    bot.inject(&REGISTER_SUBKEY, Fault::reset_after());
    bot.inject(&LIST_SUBKEYS, Fault::html(StatusCode::BAD_GATEWAY));
    let error = bot.rotate().await.unwrap_err();
    assert_eq!(bot.live().await.len(), 2);
    let key = new_id(error.state());
    let proven = bot.rotator.resume(error.into_state()).await.unwrap();
    assert_eq!(new_id(&proven), key);
    assert_eq!(bot.live().await.len(), 2);
}

#[tokio::test]
async fn subkey_that_no_rotation_created_is_not_revoked() {
    let bot = Bot::new().await;
    let proven = bot.rotate().await.unwrap();
    let mut others = Vec::new();
    for (secret, name) in [("0x77", "treasury"), ("0x78", "treasury-r0123456789ab")] {
        let key = StarknetPrivateKey::from_hex(secret)
            .unwrap()
            .public_key()
            .to_string();
        // With another list than that of the old one.
        let other = NewSubkey::new(name, &key, list(&["203.0.113.0/24"])).unwrap();
        bot.client.subkeys().register(other).await.unwrap();
        others.push(key);
    }
    let live = bot.live().await;
    assert_eq!(live.len(), 4);
    for other in &others {
        for (step, then) in [
            (json!({"at": "storing", "new": other}), Then::Resume),
            (
                json!({"at": "creating", "name": "bot-r0123456789ab", "new": other}),
                Then::Resume,
            ),
            (
                json!({"at": "creating", "name": "bot-r0123456789ab", "new": other}),
                Then::Abandon,
            ),
            (json!({"at": "proving", "new": other}), Then::Abandon),
            (json!({"at": "finishing", "new": other}), Then::Resume),
            (
                json!({"at": "discarding", "new": other, "for_good": false}),
                Then::Resume,
            ),
        ] {
            assert_edit_refused(&bot.rotator, &proven, &[("step", step.clone())], then).await;
            assert_eq!(bot.live().await, live, "{then:?} {step}");
        }
    }
    // A stored state that is finishing keeps the last subkey that works.
    let new = new_id(&proven);
    bot.client.subkeys().revoke(&new).await.unwrap();
    let mut state = serde_json::to_value(&proven).unwrap();
    state["step"] = json!({"at": "finishing", "new": new});
    let state: RotationState = serde_json::from_value(state).unwrap();
    let error = bot.rotator.resume(state).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NewNotLive),
        "{error:?}"
    );
    assert!(bot.live().await.contains(&bot.old));
}

#[tokio::test]
async fn subkey_with_another_allowlist_than_requested_is_revoked() {
    let bot = Bot::new().await;
    let wide = |list: &mut Value| {
        for subkey in list["results"].as_array_mut().unwrap() {
            subkey["allowed_cidrs"] = json!([]);
        }
    };
    bot.inject(&LIST_SUBKEYS, Fault::edit_response(wide));
    let error = bot.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Mismatch { .. }),
        "{error:?}"
    );
    let Cleanup::Revoked(new) = error.cleanup() else {
        panic!("{error:?}")
    };
    assert_eq!(
        bot.exchange.subkey(&id(new)).unwrap().status,
        SubkeyStatus::Revoked
    );
    assert_eq!(bot.live().await, [bot.old.as_str()]);
}

#[tokio::test]
async fn failing_sink_registers_no_subkey() {
    let bot = Bot::new().await;
    bot.store.break_at(1, Break::Fail);
    let error = bot.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotStored(_)),
        "{error:?}"
    );
    assert!(matches!(error.cleanup(), Cleanup::Nothing), "{error:?}");
    assert_eq!(bot.live().await, [bot.old.as_str()]);
}

#[tokio::test]
async fn token_only_options_are_refused_for_a_subkey() {
    let bot = Bot::new().await;
    let target = || Target::Subkey(bot.old.clone());
    for spec in [
        RotationSpec::new().lifetime(HOUR),
        RotationSpec::new().token_type("api_key"),
    ] {
        let error = bot.rotator.rotate(target(), spec).await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::Invalid(_)),
            "{error:?}"
        );
    }
    for odd in [json!(null), json!("?")] {
        bot.exchange.set_subkey_allowlist(&bot.old, odd).unwrap();
        let error = bot.rotate().await.unwrap_err();
        assert!(
            matches!(error.problem(), RotationProblem::AllowlistUnknown(_)),
            "{error:?}"
        );
    }
    bot.client.subkeys().revoke(&bot.old).await.unwrap();
    let error = bot.rotate().await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::Invalid(_)),
        "{error:?}"
    );
    let later = StarknetPrivateKey::from_hex("0x99")
        .unwrap()
        .public_key()
        .to_string();
    let pending = NewSubkey::new("later", &later, list(&[HERE])).unwrap();
    let pending = pending.pending("sealed", "0x5678").unwrap();
    bot.client.subkeys().register(pending).await.unwrap();
    let target = Target::Subkey(later);
    let error = bot.rotator.rotate(target, RotationSpec::new()).await.unwrap_err();
    assert!(error.problem().to_string().contains("activation"), "{error:?}");
    assert!(bot.store.steps().is_empty());
}

#[tokio::test]
async fn subkey_in_use_is_never_revoked() {
    let bot = Bot::new().await;
    let proven = bot.rotate().await.unwrap();
    let account = bot.exchange.main_account().parse().unwrap();
    let own = Credentials::subkey(
        environment(&bot.exchange),
        StarknetPrivateKey::from_hex(KEY).unwrap(),
        account,
    );
    let rotator = Rotator::new(
        client_with(&bot.exchange, own),
        Arc::clone(&bot.store) as Arc<dyn RotationSink>,
    );
    let error = rotator.finish(proven, Duration::ZERO).await.unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::OwnCredential(_)),
        "{error:?}"
    );
    let revocations = bot.exchange.requests();
    assert!(
        revocations
            .iter()
            .all(|request| request.operation() != Some(&REVOKE_SUBKEY))
    );
}

impl Folder {
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn folder_keeps_secrets_and_journal_for_another_process() {
    let desk = Desk::new().await;
    let folder = Folder::missing();
    let sink = FolderSink::open(&folder.0).unwrap();
    let rotator = Rotator::new(desk.client.clone(), Arc::new(sink.clone()));
    desk.inject(&GET_ACCOUNT, Fault::reset_before());
    let error = rotator
        .rotate(desk.target(), RotationSpec::new())
        .await
        .unwrap_err();
    assert!(
        matches!(error.problem(), RotationProblem::NotProven(_)),
        "{error:?}"
    );

    // Another process, with nothing but the folder.
    let sink = FolderSink::open(&folder.0).unwrap();
    let rotator = Rotator::new(desk.client.clone(), Arc::new(sink.clone()));
    let states = sink.rotations().unwrap();
    assert_eq!(states, [error.state().clone()]);
    // A crash left half a file behind.
    let partial = folder.0.join(format!("rotation-{}.partial", states[0].id()));
    std::fs::write(&partial, "half").unwrap();
    let proven = rotator.resume(states[0].clone()).await.unwrap();
    let file = sink.secret_file(&proven.new_target().unwrap());
    let secret = std::fs::read_to_string(&file).unwrap();
    assert!(desk.works(&Secret::new(secret.clone())).await);
    let finished = rotator.finish(proven, Duration::ZERO).await.unwrap();
    assert_eq!(sink.rotations().unwrap(), std::slice::from_ref(&finished));
    let names = folder.names();
    assert_eq!(names.len(), 2, "{names:?}");
    let journal = std::fs::read_to_string(folder.0.join(&names[0])).unwrap();
    assert!(
        names[0].starts_with("rotation-") && !journal.contains(&secret),
        "{names:?}"
    );
    #[cfg(unix)]
    for name in names {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.0.join(&name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn folder_paths_stay_inside_and_errors_name_the_problem() {
    let folder = Folder::missing();
    let sink = FolderSink::open(&folder.0).unwrap();
    for id in ["../../etc/passwd", "/etc/passwd", "..", "a\\b", "ü\0"] {
        let file = sink.secret_file(&Target::Token(id.to_owned()));
        let parent = folder.0.canonicalize().unwrap();
        assert_eq!(file.parent(), Some(parent.as_path()), "{id:?}");
        assert!(
            !file
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .contains(['.', '/', '\\']),
            "{id:?}"
        );
    }
    std::fs::write(folder.0.join("rotation-x.json"), "{}").unwrap();
    let error = sink.rotations().unwrap_err();
    assert!(error.to_string().contains("rotation-x.json"), "{error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&folder.0, std::fs::Permissions::from_mode(0o750)).unwrap();
        let error = FolderSink::open(&folder.0).unwrap_err();
        assert!(error.to_string().contains("chmod 700"), "{error}");
    }
    let file = folder.0.join("file");
    std::fs::write(&file, "").unwrap();
    let error = FolderSink::open(file.join("below")).unwrap_err();
    assert!(error.to_string().contains("cannot be used"), "{error}");
}

#[test]
fn folder_outside_of_a_runtime_is_an_error() {
    let world = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let folder = Folder::missing();
    let sink = FolderSink::open(&folder.0).unwrap();
    let state = world.block_on(async {
        let desk = Desk::new().await;
        let rotator = Rotator::new(desk.client.clone(), Arc::new(sink.clone()));
        rotator.rotate(desk.target(), RotationSpec::new()).await.unwrap()
    });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match sink.record(&state).as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => {
            assert!(error.to_string().contains("no tokio runtime"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[cfg(unix)]
#[test]
fn folder_is_the_one_that_was_checked_when_its_link_is_changed() {
    let (outer, other) = (Folder::missing(), Folder::missing());
    FolderSink::open(&outer.0).unwrap();
    FolderSink::open(&other.0).unwrap();
    let (own, link) = (outer.0.join("own"), outer.0.join("link"));
    FolderSink::open(&own).unwrap();
    std::os::unix::fs::symlink(&own, &link).unwrap();
    let sink = FolderSink::open(&link).unwrap();
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&other.0, &link).unwrap();
    std::fs::write(other.0.join("rotation-x.json"), "{}").unwrap();
    assert_eq!(sink.rotations().unwrap(), []);
    let file = sink.secret_file(&Target::Token("id".to_owned()));
    assert_eq!(file.parent(), Some(own.canonicalize().unwrap().as_path()));
}

#[cfg(unix)]
#[test]
fn rotation_file_that_is_too_large_is_refused() {
    let folder = Folder::missing();
    let sink = FolderSink::open(&folder.0).unwrap();
    let path = folder.0.join("rotation-x.json");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len((16 << 20) + 1).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let error = sink.rotations().unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("more than 16 MiB"), "{source}");
}

#[cfg(unix)]
#[test]
fn folder_and_files_of_others_are_not_believed() {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    let folder = Folder::missing();
    let sink = FolderSink::open(&folder.0).unwrap();
    let file = folder.0.join("rotation-x.json");
    std::fs::write(&file, "{}").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let text = |error: &dyn std::error::Error| format!("{error}: {}", error.source().unwrap());
    let error = text(&sink.rotations().unwrap_err());
    assert!(
        error.contains("open to everybody") && error.contains("chmod 600"),
        "{error}"
    );
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    if let Err(error) = chown(&file, Some(12_345), None) {
        eprintln!("skipped: a file cannot be given away here: {error}");
        return;
    }
    let error = text(&sink.rotations().unwrap_err());
    assert!(error.contains("user 12345"), "{error}");
    chown(&folder.0, Some(12_345), None).unwrap();
    let error = FolderSink::open(&folder.0).unwrap_err().to_string();
    assert!(error.contains("user 12345") && error.contains("chown"), "{error}");
}
