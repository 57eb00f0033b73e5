//! Calls outside of a tokio runtime, and across the end of one.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use paradex_api::operations;
use paradex_api_ext::audit::{AuditEntry, AuditFuture, AuditSink};
use paradex_api_ext::auth::{CredentialFuture, CredentialProvider, Onboarding};
use paradex_api_ext::error::PlaceOrderError;
use paradex_api_ext::orders::{CancelScope, NewAlgoOrder, NewOrder, OrderSide, OrderWindow, Resolution};
use paradex_api_ext::pagination::Paged;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Credentials, Error};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::{environment, list, with_causes};

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, which has no runtime.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut work = pin!(work);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(outcome) => return outcome,
            Poll::Pending => std::thread::park(),
        }
    }
}

fn start(world: &Runtime) -> (Simulator, Client) {
    world.block_on(super::start_trading())
}

fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into()).client_id("mine")
}

struct Vault(Credentials);

impl CredentialProvider for Vault {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// The error says that there is no runtime and how to get one.
#[track_caller]
fn names_the_remedy<T: std::fmt::Debug, E: std::error::Error + 'static>(outcome: Result<T, E>) {
    let error = outcome.unwrap_err();
    let text = with_causes(&error);
    assert!(text.contains("no tokio runtime"), "{text}");
    assert!(text.contains("enable_all"), "{text}");
}

#[test]
fn call_outside_of_a_runtime_is_an_error_with_a_remedy() {
    let world = runtime();
    let (exchange, client) = start(&world);
    let group = client.group().clone();
    let orders = client.orders();

    let error = block_on(client.api().list_positions().send()).unwrap_err();
    assert!(matches!(Error::from(error), Error::Configuration(_)));
    names_the_remedy(block_on(client.api().list_positions().send()).map_err(Error::from));
    names_the_remedy(block_on(client.api().get_system_time().send()).map_err(Error::from));
    names_the_remedy(block_on(client.sign_in()));
    names_the_remedy(block_on(client.reload_credentials()));
    let provided = group.client_with_provider(Vault(client.credentials().unwrap()));
    names_the_remedy(block_on(provided.reload_credentials()));
    names_the_remedy(block_on(provided.api().list_positions().send()).map_err(Error::from));
    names_the_remedy(block_on(group.system_config()));
    names_the_remedy(block_on(group.measure_clock()));
    names_the_remedy(block_on(client.onboard(Onboarding::new())));

    let error = block_on(orders.place(order())).unwrap_err();
    assert!(error.is_not_placed(), "{error:?}");
    names_the_remedy(Err::<(), PlaceOrderError>(error));
    names_the_remedy(block_on(orders.place_batch(vec![order()])));
    names_the_remedy(block_on(orders.modify(
        "1",
        NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into()),
    )));
    let algo = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, 1.into(), Duration::from_secs(60));
    names_the_remedy(block_on(orders.place_algo(algo)));
    names_the_remedy(block_on(orders.cancel("1")));
    names_the_remedy(block_on(orders.cancel_all(CancelScope::AllMarkets)));
    names_the_remedy(block_on(orders.cancel_batch(vec!["1".to_owned()])));
    names_the_remedy(block_on(orders.cancel_by_client_id("mine")));
    let window = OrderWindow::new(SystemTime::now(), Duration::from_secs(5));
    match block_on(orders.resolve("mine", window)) {
        Resolution::StillUnknown(error) => names_the_remedy(Err::<(), _>(error)),
        other => panic!("{other:?}"),
    }

    let office = || list(&["203.0.113.0/24"]);
    let token = NewToken::new("bot", "api_key", Duration::from_secs(60), office()).unwrap();
    names_the_remedy(block_on(client.tokens().create(token)));
    names_the_remedy(block_on(client.tokens().list().send()));
    names_the_remedy(block_on(client.tokens().revoke("id")));
    names_the_remedy(block_on(client.subkeys().list().send()));
    let allowlist = client.tokens().allowlist("id");
    names_the_remedy(block_on(allowlist.read()));
    names_the_remedy(block_on(async { allowlist.plan(office()).await }));
    names_the_remedy(block_on(client.api().list_transfers().pages().all(1)));

    for report in [block_on(client.halt()), block_on(group.halt())] {
        assert!(!report.is_clear());
        assert!(report.to_string().contains("no tokio runtime"), "{report}");
    }
    assert!(client.is_halted(), "the refusal needs no runtime");
    assert!(exchange.requests().is_empty(), "nothing was sent");
    // And the client works inside of one.
    client.resume();
    group.resume();
    world.block_on(orders.place(order())).unwrap();
}

/// Polls a future once inside a runtime. Its only worker is held meanwhile, so nothing that the future starts there can end
/// before the poll does.
#[track_caller]
fn begin<T>(world: &Runtime, work: std::pin::Pin<&mut impl Future<Output = T>>) {
    let (held, is_held) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    world.spawn(async move {
        held.send(()).unwrap();
        let _ = released.recv();
    });
    is_held.recv().unwrap();
    let _inside = world.enter();
    let mut context = Context::from_waker(Waker::noop());
    assert!(work.poll(&mut context).is_pending());
    drop(release);
}

#[test]
fn call_that_began_inside_a_runtime_ends_outside_of_it() {
    let world = runtime();
    let (exchange, client) = start(&world);
    // It signs in, connects and sends from here.
    let mut reading = pin!(client.api().list_positions().send());
    begin(&world, reading.as_mut());
    block_on(reading).unwrap();
    // A large response is decoded after the transport has returned.
    let many = |body: &mut serde_json::Value| {
        let market = format!("M{}", "x".repeat(1_000));
        let position = serde_json::json!({ "market": market });
        *body = serde_json::json!({ "results": vec![position; 64] });
    };
    exchange.inject(Injection::new(Fault::edit_response(many)).on(&operations::LIST_POSITIONS));
    let mut reading = pin!(client.api().list_positions().send());
    begin(&world, reading.as_mut());
    assert_eq!(block_on(reading).unwrap().results.len(), 64);
    let mut halting = pin!(client.halt());
    begin(&world, halting.as_mut());
    let report = block_on(halting);
    assert!(report.is_clear(), "{report}");
}

/// Passes on what the audit is told, as words.
struct Told(mpsc::UnboundedSender<&'static str>);

impl AuditSink for Told {
    fn record(&self, entry: AuditEntry) -> AuditFuture<'_> {
        let _ = self.0.send(entry.event.as_str());
        Box::pin(std::future::ready(Ok(())))
    }
}

#[test]
fn audit_records_a_change_that_is_dropped_outside_of_a_runtime() {
    let world = runtime();
    let (exchange, client) = start(&world);
    let (to, mut told) = mpsc::unbounded_channel();
    let client = Client::builder(environment(&exchange))
        .credentials(client.credentials().unwrap())
        .audit(Told(to))
        .build()
        .unwrap();
    exchange
        .inject(Injection::new(Fault::delay_after(Duration::from_secs(600))).on(&operations::CREATE_ORDER));
    let mut placing = Box::pin(async move { client.orders().place(order()).await });
    world.block_on(async {
        tokio::select! {
            outcome = &mut placing => panic!("{outcome:?}"),
            told = told.recv() => assert_eq!(told, Some("intent")),
        }
    });
    // Nothing is left of the client then, so the channel ends if nobody is told.
    drop(placing);
    assert_eq!(world.block_on(told.recv()), Some("unknown"));
}

#[test]
fn client_of_a_runtime_that_has_ended_works_in_another() {
    let world = runtime();
    let (_exchange, client) = start(&world);
    let first = runtime();
    first
        .block_on(client.orders().place(order().client_id("first")))
        .unwrap();
    drop(first);
    names_the_remedy(block_on(client.orders().place(order())));
    let second = runtime();
    second.block_on(client.orders().place(order())).unwrap();
    let report = second.block_on(client.halt());
    assert!(report.is_clear(), "{report}");
}
